"""Sheet 2: the lettered flats, and the points of measure over the size run."""

from studio.drawing.flats.flat import draw_flat
from studio.drawing.placing import alike
from studio.patternmaking.body import STATURE_CM, Body
from studio.techpack.fields import Field
from studio.techpack.frame import Heading, Printing, draw_frame, heading
from studio.techpack.pack import Pack
from studio.techpack.page import (
    ACCENT,
    BOTTOM,
    HAIRLINE,
    LEFT,
    RIGHT,
    SMALL,
    STRONG,
    TEXT,
    Align,
    Cell,
    Sheet,
    Table,
    largest_scale,
)
from studio.techpack.points import PointRow, other_labels
from studio.techpack.said import Said
from studio.techpack.sheet_look import BACK, FRONT, SIDES
from studio.techpack.sheet_making import signed
from studio.techpack.typesetting import Style

FLATS_TOP, _LOWEST_FLATS = 37.0, (128.0, 178.0)
"""Where the frame of the flats begins, and between what it ends: as low as the table allows."""
_GAP_MM = 5.0
_PERSON = Style(TEXT.size_mm, "medium", ACCENT)

_POINTS = Said("Points of measure, cm", "测量点，cm")
_POINT, _TOLERANCE = Said("point", "测量点"), Said("±")
_BASIS = Said(
    "All values are derived from the design's drawing, a body of {base} (stature {stature:.0f}, "
    "bust {bust:.0f}, waist {waist:.0f}, hip {hip:.0f}) and tables of ease; none was measured on a "
    "garment. Half values are of the garment laid flat. US and letter sizes follow common trade.",
    "所有数值由设计图、{base} 人体（身高 {stature:.0f}，胸围 {bust:.0f}，腰围 {waist:.0f}，"
    "臀围 {hip:.0f}）和放松量表推算，并非实测成衣。半围为平铺测量。US 与字母码按通行对照。",
)


def draw_points(pack: Pack, printing: Printing) -> Sheet:
    """The sheet."""
    sheet = Sheet(printing.language)
    draw_frame(sheet, Heading.of(pack), printing, 2)
    bottom = _flats_bottom(sheet, pack)
    _flats(sheet, pack, bottom)
    top = bottom + _GAP_MM
    scale = largest_scale(lambda s: _set(None, sheet, pack, top, s), BOTTOM - 2.0)
    _set(sheet, sheet, pack, top, scale)
    return sheet


def _flats_bottom(speaker: Sheet, pack: Pack) -> float:
    """As low as a table in its usual size lets the flats reach."""
    low, high = _LOWEST_FLATS
    return min(max(BOTTOM - 3.0 - _GAP_MM - _set(None, speaker, pack, 0.0, 1.0), low), high)


def _flats(sheet: Sheet, pack: Pack, bottom: float) -> None:
    """Both sides at one scale, with the letters of the points."""
    middle = (LEFT + RIGHT) / 2
    flats = alike([draw_flat(pack.spec, side, callouts=False) for side in SIDES])
    halves = ((LEFT, middle), (middle, RIGHT))
    for side, flat, said, (start, end) in zip(SIDES, flats, (FRONT, BACK), halves, strict=True):
        frame = (start + 1.0, FLATS_TOP + 5.0, end - 1.0, bottom - 1.0)
        sheet.place(flat, frame, f"Flat {side}, lettered")
        sheet.write_in(start + 2.0, FLATS_TOP + 4.0, said, SMALL, middle - LEFT - 4.0)
    sheet.box((LEFT, FLATS_TOP, RIGHT, bottom), None, HAIRLINE)


def _set(sheet: Sheet | None, speaker: Sheet, pack: Pack, top: float, scale: float) -> float:
    """The table, where its values are from, and who set which by hand; returns where it ends."""
    y = top
    if sheet is not None:
        heading(sheet, LEFT, y + 4.0 * scale, _POINTS, RIGHT - LEFT, scale)
    y = _table(speaker, pack).set(sheet, (LEFT, y + 5.4 * scale, RIGHT), scale)
    y += 1.5 * scale
    body = Body()
    basis = _BASIS.filled(
        base=Said(pack.sizes[pack.base]),
        stature=STATURE_CM,
        bust=body["bust"],
        waist=body["waist"],
        hip=body["hip"],
    )
    notes = [(Cell(speaker.say(basis), SMALL),)]
    told = signed(_named(pack))
    notes += [(Cell(speaker.say(told), SMALL, "person"),)] if told else []
    return Table((1.0,), tuple(notes), pad=0.5).set(sheet, (LEFT, y, RIGHT), scale)


def _table(speaker: Sheet, pack: Pack) -> Table:
    sizes = tuple(f"{label}\n\n{other_labels(label)}" for label in pack.sizes)
    rows = tuple(_cells(speaker, row, pack.base) for row in pack.points)
    count = len(pack.sizes)
    end: Align = "end"
    return Table(
        (0.05, 0.37, 0.06, *(0.52 / count,) * count),
        rows,
        ("", speaker.say(_POINT), speaker.say(_TOLERANCE), *sizes),
        ("start", "start", end, *(end,) * count),
        pad=0.75,
    )


def _cells(speaker: Sheet, row: PointRow, base: int) -> tuple[Cell, ...]:
    name = Said("{name}: {how}", "{name}：{how}").filled(name=row.name, how=row.how)
    cells = [
        _number(speaker, field, STRONG if place == base else TEXT)
        for place, field in enumerate(row.cells)
    ]
    tolerance = _number(speaker, row.tolerance, TEXT)
    return (Cell(row.letter, STRONG), Cell(speaker.say(name), TEXT), tolerance, *cells)


def _number(speaker: Sheet, field: Field, style: Style) -> Cell:
    return Cell(speaker.say(field.said), _PERSON if field.status == "person" else style)


def _named(pack: Pack) -> list[tuple[Said, Field]]:
    """Every field of the table, as "C EU 38" or "C ±"."""
    return [
        (Said(f"{row.letter} {label}"), field)
        for row in pack.points
        for label, field in zip(("±", *pack.sizes), (row.tolerance, *row.cells), strict=True)
    ]
