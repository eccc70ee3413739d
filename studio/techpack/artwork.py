"""The artwork of a print: how it repeats, in centimetres on the cloth."""

from dataclasses import dataclass

from studio.design.families import PRINTS
from studio.design.spec import DesignSpec
from studio.patternmaking.body import Body
from studio.patternmaking.landmarks import FIGURE, levels
from studio.techpack.fields import Corrections, Field
from studio.techpack.said import NOTHING, Said

PRINT_UNIT = 0.62
"""Page units of the drawing per unit of a print at its usual scale."""

_REPEATS: dict[str, tuple[float, float, Said]] = {
    "horizontal stripes": (0.0, 9.0, Said("stripe across the cloth", "横条")),
    "vertical stripes": (7.5, 0.0, Said("stripe along the cloth", "竖条")),
    "polka dots": (9.0, 18.0, Said("half drop", "二分之一跳接")),
    "gingham": (10.0, 10.0, Said("woven check, straight", "色织格，平接")),
    "windowpane": (14.0, 14.0, Said("woven check, straight", "色织格，平接")),
    "floral": (12.5, 25.0, Said("all over, spacing of the blossoms", "满地，花朵间距")),
    "leopard": (8.6, 17.2, Said("all over, spacing of the spots", "满地，斑点间距")),
    "chevron": (12.0, 9.5, Said("zigzag, straight", "人字纹，平接")),
    "argyle": (14.0, 22.0, Said("diamonds, half drop", "菱形，二分之一跳接")),
    "tartan": (19.0, 19.0, Said("woven check, straight", "色织格，平接")),
    "houndstooth": (7.2, 7.2, Said("woven check of broken corners, straight", "千鸟格，平接")),
    "herringbone": (11.2, 3.1, Said("columns of slanting strokes, straight", "鱼骨纹，平接")),
    "paisley": (13.5, 27.0, Said("all over, spacing of the drops", "满地，佩斯利纹间距")),
    "tropical": (16.5, 33.0, Said("all over, spacing of the flowers", "满地，花朵间距")),
    "ditsy": (5.4, 10.8, Said("all over, spacing of the blossoms", "满地，花朵间距")),
    "zebra": (0.0, 5.4, Said("all over, spacing of the stripes", "满地，条纹间距")),
    "camouflage": (13.0, 26.0, Said("all over, spacing of the blots", "满地，色块间距")),
    "toile": (29.0, 41.8, Said("two scenes by turns, half drop", "两幅风景交替，二分之一跳接")),
    "geometric": (8.6, 8.6, Said("squares, straight; shapes by turns", "方格，平接；图形交替")),
}
"""Print -> its repeat across and along in print units (0: none that way), and its kind."""
_PIECES = {
    "colour block": Said("pieces of two cloths, no print", "两色拼接，非印花"),
    "tie-dye": Said(
        "dyed by hand in a spiral from one point of each piece, no repeat",
        "每片由一点螺旋扎染，无循环",
    ),
    "ombre": Said("one shade into the other along the piece, no repeat", "沿裁片渐变，无循环"),
}


@dataclass(frozen=True)
class Artwork:
    """What is known of a print.

    Attributes:
        across: repeat across the cloth, in cm.
        along: repeat along the cloth, in cm.
        fields: all that the sheet says of it, with what each is.
    """

    across: Field | None
    along: Field | None
    fields: tuple[tuple[Said, Field], ...]


def cm_per_unit() -> float:
    """Centimetres of cloth per unit of the drawn figure, from shoulder to floor."""
    drawn = FIGURE["floor"] - FIGURE["high shoulder point"]
    return levels(Body())["floor"] / drawn


def artwork_of(spec: DesignSpec, name: Said, made: Corrections) -> Artwork | None:
    """What is known of a design's print; None without one.

    Args:
        spec: the design.
        name: of the print, as people call it.
        made: what people have set by hand.
    """
    pattern = spec["pattern"]
    if pattern not in PRINTS:
        return None
    asked = "pattern" in spec.asked
    motif = made.text("print.motif", name, "asked" if asked else None)
    if pattern in _PIECES:
        kind = made.text("print.kind", _PIECES[pattern])
        return Artwork(None, None, ((_MOTIF, motif), (_KIND, kind)))
    across, along, kind_said = _REPEATS[pattern]
    size = PRINT_UNIT * spec.measures.print_scale * cm_per_unit()
    wide = made.number("print.across", round(across * size, 1)) if across else None
    high = made.number("print.along", round(along * size, 1)) if along else None
    turn = round(spec.measures.print_angle)
    way = Said("clockwise", "顺时针") if turn > 0 else Said("anticlockwise", "逆时针")
    angle = Said("{angle}° {way}", "{way} {angle}°").filled(angle=abs(turn), way=way)
    fields = [(_MOTIF, motif), (_KIND, made.text("print.kind", kind_said))]
    fields += [(_ACROSS, wide)] if wide else []
    fields += [(_ALONG, high)] if high else []
    fields += [
        (_TURN, made.text("print.angle", angle if turn else Said("0°"))),
        (_FILE, made.text("print.file", NOTHING, None, _ASK_FILE)),
    ]
    return Artwork(wide, high, tuple(fields))


_MOTIF = Said("motif", "图案")
_KIND = Said("repeat", "循环方式")
_ACROSS = Said("repeat across, cm", "横向循环 cm")
_ALONG = Said("repeat along, cm", "纵向循环 cm")
_TURN = Said("turned", "旋转")
_FILE = Said("artwork file", "图稿文件")
_ASK_FILE = Said("Which artwork file is printed?", "印花使用哪个图稿文件？")
