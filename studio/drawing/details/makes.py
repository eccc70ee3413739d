"""What tells one category from another beside its outline: bibs, plackets, welts and sashes."""

import numpy as np

from studio.design.families import NONE
from studio.drawing.cloth import CREAM, GOLD, INK, Panel
from studio.drawing.details.bows import draw_bow
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.closures import draw_button
from studio.drawing.details.waists import draw_band
from studio.drawing.figure import BUST, CENTRE, SHOULDER, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, at, between, joined, line, shares, through
from studio.drawing.paths import Path, box
from studio.drawing.pen import EVEN, FALLING, FIRM, Pen
from studio.drawing.pieces.trunk import lay
from studio.drawing.tones import Colour, mix
from studio.patternmaking.landmarks import pointed

_METAL: Colour = (196, 198, 204)
_BIB_TOP = 57.0
_BIB_END = WAIST - 0.5
"""The waistband begins there, and the bib is sewn to it."""
_STRAP = 11.0
_OBI = (WAIST - 8.0, WAIST + 5.5)


def draw_make(pen: Pen, garment: Garment) -> None:
    """What every garment of this category has."""
    draw_chosen("category", _MAKES, pen, garment)
    draw_chosen("leg", _LEG_MAKES, pen, garment)


# --- Waistcoats ----------------------------------------------------------------------------


def _waistcoat(pen: Pen, garment: Garment) -> None:
    with pen.inside(garment.body.path):
        for side in SIDES:
            y = np.array([62.0, 73.0, WAIST, min(garment.hem, 104.0)])
            dart = garment.on(side * np.array([0.62, 0.52, 0.5, 0.54]), y)
            pen.brush(dart, garment.cloth.visible_ink, 0.42, 0.65, FIRM)
        if garment.back:
            if pointed(garment.spec):
                _cinch(pen, garment)
        elif garment.has("pockets", NONE) and not garment.has("fabric", "faux fur"):
            _welts(pen, garment)
    if not garment.neckline:
        return
    for side in SIDES:  # the armhole stands off the shirt below
        edge = garment.neckline[-4:] if side > 0 else garment.neckline[:4]
        points = at([x for x, _ in edge], [y for _, y in edge])
        pen.brush(points, garment.cloth.ink, 1.0, 0.95, FIRM)


def _welts(pen: Pen, garment: Garment) -> None:
    """Two slanted pockets below the waist; on a long one also at the chest."""
    tone = garment.cloth.layered(0.2, dark_below=0.4)
    y = min(garment.hem - 15.0, WAIST + 10.0)
    for side in SIDES:
        outer = garment.half_width(y) * 0.92  # beside the buttons
        half = min(5.2, (outer - 7.2) / 2)
        middle = CENTRE + side * (outer - half)
        top = at([middle - side * half, middle + side * half], [y + 1.2, y - 1.2])
        pen.patch(joined(top, (top + 2.8j)[::-1]), tone, garment.cloth.visible_ink, 0.6)


def _cinch(pen: Pen, garment: Garment) -> None:
    """The strap and buckle that draw in the back."""
    y, cloth = WAIST + 1.0, garment.cloth
    half = garment.half_width(WAIST) * 0.92
    band = box(CENTRE - half, y - 1.5, CENTRE + half, y + 1.5, 0.3)
    pen.patch(band, cloth.layered(0.16, dark_below=0.4), cloth.visible_ink, 0.5)
    pen.line(box(CENTRE - 2.4, y - 2.4, CENTRE + 2.4, y + 2.4, 0.5), mix(_METAL, INK, 0.5), 1.3)
    pen.line(box(CENTRE - 2.4, y - 2.4, CENTRE + 2.4, y + 2.4, 0.5), _METAL, 0.8)
    pen.brush(at([CENTRE, CENTRE], [garment.top, garment.hem]), cloth.visible_ink, 0.45, 0.8, EVEN)


# --- Capes ---------------------------------------------------------------------------------


def _cape(pen: Pen, garment: Garment) -> None:
    """Lines that run over the shoulders, and slits that hands come through."""
    cloth = garment.cloth
    with pen.inside(garment.body.path):
        for side in SIDES:
            seam = at(
                CENTRE + side * np.array([7.5, garment.figure.shoulder, garment.half_width(62.0)]),
                [42.5, 46.5, 60.0],
            )
            pen.brush(seam, cloth.visible_ink, 0.5, 0.75, FIRM)


# --- Kimonos -------------------------------------------------------------------------------


def _kimono(pen: Pen, garment: Garment) -> None:
    """The broad band along the edges, left over right, and the sash."""
    cloth = garment.cloth
    tone, ink = cloth.contrast, mix(cloth.contrast, INK, 0.7)
    with pen.inside(garment.body.path):
        if garment.back:
            pen.brush(
                at([CENTRE, CENTRE], [garment.top, garment.hem]), cloth.visible_ink, 0.45, 0.7, EVEN
            )
        else:
            for edge in (_under_band(), _over_band(garment)):
                outer = edge - 4.6
                pen.fill(joined(edge, outer[::-1]), tone)
                pen.brush(edge, ink, 0.6, 0.95, EVEN)
                pen.brush(outer, ink, 0.6, 0.95, EVEN)
    if garment.back:
        band = at(CENTRE + np.array([-7.4, -4.0, 0.0, 4.0, 7.4]), [41.6, 44.0, 44.8, 44.0, 41.6])
        pen.patch(joined(band, (band - 3.4j)[::-1]), tone, ink, 0.5)
    if garment.has("belt", NONE):
        _obi(pen, garment)


def _under_band() -> Line:
    """From the wearer's right shoulder down to the middle."""
    return at(CENTRE - np.array([6.0, 1.5, -4.0]), [41.0, 55.0, 70.0])


def _over_band(garment: Garment) -> Line:
    """From the left shoulder across and down to the hem: the left side lies on top."""
    high = at(CENTRE - np.array([-10.6, -5.4, 1.6, 6.0]), [41.0, 55.0, 70.0, WAIST])
    y = shares(5, WAIST, garment.hem + 3.0)[1:]
    return np.concatenate([high, at(CENTRE - 6.0 - 0.02 * (y - WAIST), y)])


def _obi(pen: Pen, garment: Garment) -> None:
    top, low = _OBI
    tone = garment.cloth.contrast
    ink = mix(tone, INK, 0.7)
    across = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    sag = 1.2 * (1 - across**2)
    upper = at(CENTRE + (garment.half_width(top) * 1.01 + 0.2) * across, top + sag)
    lower = at(CENTRE + (garment.half_width(low) * 1.01 + 0.2) * across, low + sag)
    pen.patch(joined(upper, lower[::-1]), tone, ink, 0.6)
    for share in (0.44, 0.56):
        pen.brush(between(upper, lower, share), mix(tone, INK, 0.45), 0.6, 0.9, EVEN)
    if garment.back:  # the flat knot
        middle = (top + low) / 2
        pen.patch(box(CENTRE - 9.5, top - 5.0, CENTRE + 9.5, low + 6.0, 1.2), tone, ink, 0.6)
        pen.brush(
            at([CENTRE - 9.5, CENTRE + 9.5], [middle, middle]), mix(tone, INK, 0.5), 1.6, 0.9, EVEN
        )


# --- Polo shirts ---------------------------------------------------------------------------


def _polo(pen: Pen, garment: Garment) -> None:
    """The short placket with its buttons, and small slits at the hem."""
    cloth = garment.cloth
    ink = cloth.visible_ink
    with pen.inside(garment.body.path):
        for side in SIDES:
            vent = garment.on(side * 0.985, np.array([garment.hem - 7.0, garment.hem]))
            pen.brush(vent - side * 1.0, ink, 0.5, 0.8, EVEN)
    if garment.back:
        return
    top, low = 45.5, 67.5
    band = box(CENTRE - 2.7, top, CENTRE + 2.7, low, 0.4)
    pen.patch(band, cloth.layered(0.14, dark_below=0.4), ink, 0.6)
    pen.brush(at([CENTRE - 2.7, CENTRE + 2.7], [low - 2.4, low - 2.4]), ink, 0.4, 0.8, EVEN)
    for y in (55.0, 61.4):
        draw_button(pen, CENTRE, y, 1.25, CREAM if cloth.lightness < 0.75 else cloth.contrast)


# --- Dungarees -----------------------------------------------------------------------------


def _dungarees(pen: Pen, garment: Garment) -> None:
    """A bib on straps; behind, the straps cross."""
    if garment.back:
        _crossed_straps(pen, garment)
        draw_band(pen, garment)
        return
    _front_straps(pen, garment)
    half_top, half_low = 9.6, garment.half_width(WAIST) * 0.86
    y = np.array([_BIB_TOP, 70.0, _BIB_END])
    right = at(CENTRE + np.array([half_top, half_top + 0.5, half_low]), y)
    left = at(CENTRE - np.array([half_top, half_top + 0.5, half_low]), y)
    _piece(pen, garment, joined(left[:1], right, left[::-1]), half_low)
    draw_band(pen, garment)  # the bib ends below it
    ink = garment.cloth.visible_ink
    hem = at([CENTRE - half_top + 0.6, CENTRE + half_top - 0.6], [_BIB_TOP + 1.8] * 2)
    pen.dashes(through(hem), ink, 0.24, (0.9, 0.6), 0.8)
    pocket = line((-5.6, 64.0), (5.6, 64.0), (5.6, 74.0), (0.0, 76.4), (-5.6, 74.0)) + CENTRE
    runs = [pocket[[i, (i + 1) % 5]] for i in range(5)]
    pen.patch(joined(*runs), garment.cloth.layered(0.1, dark_below=0.35), ink, 0.55)
    pen.dashes(through(at([CENTRE - 5, CENTRE + 5], [66.0, 66.0])), ink, 0.24, (0.9, 0.6), 0.8)
    for side in SIDES:
        x, top = CENTRE + side * (half_top - 2.0), _BIB_TOP + 1.2
        pen.line(box(x - 2.0, top - 3.0, x + 2.0, top + 1.6, 0.6), mix(GOLD, INK, 0.5), 1.2)
        pen.line(box(x - 2.0, top - 3.0, x + 2.0, top + 1.6, 0.6), GOLD, 0.75)
        draw_button(pen, x, top + 1.4, 1.1, GOLD)
        draw_button(
            pen, CENTRE + side * garment.half_width(WAIST + 6) * 0.9, WAIST + 6.5, 1.0, GOLD
        )


def _front_straps(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        run = at(CENTRE + side * np.array([_STRAP, 9.2, 7.6]), [SHOULDER - 1.2, 50.0, 60.0])
        _strap(pen, garment, run)


def _crossed_straps(pen: Pen, garment: Garment) -> None:
    low = garment.half_width(WAIST) * 0.62
    right = at(CENTRE + np.array([3.6, low]), [66.0, WAIST])
    left = at(CENTRE - np.array([3.6, low]), [66.0, WAIST])
    _piece(pen, garment, joined(left[:1], right, left[::-1]), low)
    for side in SIDES:
        run = at(CENTRE + side * np.array([_STRAP, 4.0, -2.0]), [SHOULDER - 1.0, 57.0, 68.0])
        _strap(pen, garment, run)


def _strap(pen: Pen, garment: Garment, run: Line) -> None:
    cloth = garment.cloth
    pen.brush(run, cloth.ink, 4.4, 1.0, EVEN)
    pen.brush(run, cloth.colour, 3.5, 1.0, EVEN)
    for shift in (-1.1, 1.1):
        pen.dashes(through(run + shift), cloth.visible_ink, 0.22, (0.9, 0.6), 0.8)


def _piece(pen: Pen, garment: Garment, path: Path, half: float) -> None:
    """A flat piece above the waist, of the same cloth."""
    cloth = garment.cloth
    panel = Panel(
        path=path,
        half=half,
        length=WAIST - _BIB_TOP,
        place=lambda across, along: at(CENTRE + np.asarray(across), _BIB_TOP + np.asarray(along)),
    )
    lay(pen, cloth, panel)
    with pen.inside(panel.path):
        shade = at(CENTRE + half * np.array([0.9, 0.95, 0.95]), [_BIB_TOP, 70.0, WAIST])
        pen.soft_line(shade, cloth.shade, 5.0, 0.4)
    pen.line(panel.path, cloth.ink, 0.75)


# --- Swimsuits -----------------------------------------------------------------------------


def _swimsuit(pen: Pen, garment: Garment) -> None:
    """Stitched edges round the legs, and the gloss of a wet-look cloth."""
    edge = garment.edge.edge()
    with pen.inside(garment.body.path):
        pen.dashes(through(edge - 1.5j), garment.cloth.visible_ink, 0.24, (0.9, 0.6), 0.75)
        y = shares(6, BUST, garment.hem - 12.0)
        pen.soft_line(garment.on(-0.45, y), garment.cloth.light, 3.2, 0.35)
        if not garment.back:
            for side in SIDES:
                seam = garment.on(
                    side * np.array([0.55, 0.5, 0.42]), np.array([66.0, WAIST, garment.hem - 13.0])
                )
                pen.brush(seam, garment.cloth.visible_ink, 0.4, 0.6, FIRM)


_MAKES = {
    "waistcoat": _waistcoat,
    "cape": _cape,
    "kimono": _kimono,
    "polo shirt": _polo,
    "dungarees": _dungarees,
    "swimsuit": _swimsuit,
}


# --- Legs ----------------------------------------------------------------------------------


def _across(garment: Garment, y: float, sag: float = 0.9) -> Line:
    u = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    return at(CENTRE + (garment.half_width(y) * 1.01 + 0.1) * u, y + sag * (1 - u * u))


def _drawstring(pen: Pen, garment: Garment) -> None:
    """A ribbed elastic band, and the cord that is tied in it."""
    cloth = garment.cloth
    top, low = _across(garment, WAIST - 2.6), _across(garment, WAIST + 4.2)
    pen.patch(joined(top, low[::-1]), cloth.layered(0.14, dark_below=0.35), cloth.visible_ink, 0.6)
    for share in np.linspace(0.03, 0.97, 25):
        ends = [np.interp(share, shares(5), run) for run in (top, low)]
        pen.brush(np.array(ends), cloth.shade, 0.5, 0.7, EVEN)
    with pen.inside(garment.legs[0].panel.path + garment.legs[1].panel.path):
        for share in (-0.75, -0.45, -0.15, 0.2, 0.5, 0.8):
            y = np.array([WAIST + 4.6, WAIST + 9.0, WAIST + 13.0])
            pen.brush(garment.on(share, y), cloth.shade, 1.0, 0.6, FALLING)
    if not garment.back:
        tone = CREAM if cloth.lightness < 0.75 else mix(cloth.colour, INK, 0.55)
        draw_bow(pen, (CENTRE, WAIST + 2.0), 4.6, tone, tail=17)


def _yoga_band(pen: Pen, garment: Garment) -> None:
    """A broad band without button or fly, that comes to a point."""
    cloth = garment.cloth
    top = _across(garment, WAIST - 2.6)
    low = _across(garment, WAIST + 7.0, 3.4)
    pen.patch(joined(top, low[::-1]), cloth.layered(0.12, dark_below=0.35), cloth.visible_ink, 0.6)
    pen.dashes(through(low - 0.9j), cloth.visible_ink, 0.22, (0.9, 0.6), 0.75)


_LEG_MAKES = {"joggers": _drawstring, "leggings": _yoga_band}
