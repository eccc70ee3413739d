"""Collars, and what else is drawn at the neck."""

import numpy as np

from studio.drawing.cloth import CREAM, INK
from studio.drawing.cutting.necklines import STRAP
from studio.drawing.details.bows import draw_bow
from studio.drawing.details.choice import draw_chosen
from studio.drawing.drape import drape_of
from studio.drawing.figure import CENTRE, SIDES
from studio.drawing.garment import Garment
from studio.drawing.lines import (
    at,
    between,
    chain,
    joined,
    line,
    of_points,
    round_through,
    shares,
    through,
)
from studio.drawing.paths import circle
from studio.drawing.pen import EVEN, FIRM, Pen
from studio.drawing.tones import Colour, mix

_PALE_INK: Colour = (130, 130, 140)


def draw_hood_behind(pen: Pen, garment: Garment) -> None:
    """The part of a hood that lies round the neck, behind the head."""
    if garment.has("collar", "hood") and not garment.back:
        cloth = garment.cloth
        rim = line(
            *((47.6, 47.0), (48.4, 39.6), (52.0, 33.4), (57.6, 30.4), (64, 29.6), (70.4, 30.4)),
            *((76.0, 33.4), (79.6, 39.6), (80.4, 47.0), (64, 50)),
        )
        inside = CENTRE + 0.8 * (rim.real - CENTRE) + 1j * (rim.imag * 0.86 + 6.4)
        pen.patch(round_through(rim), cloth.colour, cloth.ink, 0.6)
        pen.fill(round_through(inside), cloth.shade)
        pen.fill(round_through(CENTRE + 40j + 0.84 * (inside - CENTRE - 40j)), INK, 0.22)
        for side in SIDES:
            fold = at(CENTRE + side * np.array([13.6, 11.0, 6.0]), [40.0, 35.0, 32.2])
            pen.brush(fold, cloth.shade, 0.9, 0.6)


def draw_neck(pen: Pen, garment: Garment) -> None:
    """The collar, and what a neckline has beside its edge."""
    if garment.back:
        draw_chosen("collar", _BEHIND, pen, garment)
        draw_chosen("neckline", _NECKS_BEHIND, pen, garment)
        return
    draw_chosen("collar", _COLLARS, pen, garment)
    draw_chosen("neckline", _NECKLINES, pen, garment)


def _edge_of(garment: Garment) -> Colour:
    return garment.cloth.ink if garment.cloth.lightness > 0.2 else _PALE_INK


def _stand(pen: Pen, garment: Garment, tone: Colour) -> None:
    """The inside of a collar's band behind the neck."""
    band = joined(
        at(CENTRE + np.array([-5.8, -3.6, 0.0, 3.6, 5.8]), [40.6, 38.0, 37.2, 38.0, 40.6]),
        at(CENTRE + np.array([5.2, 0.0, -5.2]), [44.0, 44.6, 44.0]),
    )
    pen.fill(band, mix(tone, INK, 0.45))
    pen.line(band, garment.cloth.ink, 0.4)


def draw_collar_behind(pen: Pen, garment: Garment) -> None:
    """What is seen of a collar behind the neck; drawn before the trunk of the figure."""
    standing = ("shirt collar", "notched lapels", "stand collar", "shawl collar")
    if garment.has("collar", *standing) and not garment.back:
        _stand(pen, garment, garment.cloth.colour)


def _shirt_collar(pen: Pen, garment: Garment) -> None:
    tone = garment.cloth.lighter(0.3)
    for side in SIDES:
        x = CENTRE + side * np.array([0.2, 4.2, 6.0])
        top = at(x, [46.4, 39.8, 38.0])
        low = at(CENTRE + side * np.array([9.6, 5.6]), [44.6, 52.4])
        wing = joined(top, low[:1], low[1:])
        pen.patch(wing, tone, _edge_of(garment), 0.5)
        stitch = at(CENTRE + side * np.array([8.6, 5.5, 1.2]), [44.8, 51.0, 46.4])
        pen.dashes(through(stitch), _edge_of(garment), 0.22, (0.8, 0.5), 0.7)


def _peter_pan_collar(pen: Pen, garment: Garment) -> None:
    tone = garment.cloth.contrast
    for side in SIDES:
        x = CENTRE + side * np.array([0.3, 2.9, 4.9, 5.8])
        inner = at(x, [46.6, 45.0, 42.4, 39.4])
        x = CENTRE + side * np.array([8.4, 11.6, 12.0, 10.0, 6.6, 3.2, 1.1])
        outer = at(x, [40.4, 43.6, 47.0, 50.0, 51.8, 51.6, 49.4])
        ink = mix(tone, INK, 0.7)
        pen.patch(joined(inner, outer), tone, ink, 0.48)
        pen.brush(between(inner, outer[[6, 4, 2, 1]], 0.24), ink, 0.5, 0.35)
        x = CENTRE + side * np.array([10.7, 9.2, 6.2, 3.5, 2.0])
        pen.dashes(through(at(x, [46.6, 49.1, 50.7, 50.4, 48.8])), ink, 0.2, (0.8, 0.5), 0.6)


def _stand_collar(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        outer = at(CENTRE + side * np.array([5.6, 6.8]), [37.0, 42.6])
        low = at(CENTRE + side * np.array([4.0, 0.7]), [44.6, 45.4])
        band = joined(outer, low, at(CENTRE + side * np.array([0.7, 3.4]), [40.4, 38.8]))
        pen.patch(band, garment.cloth.layered(0.16, dark_below=0.4), _edge_of(garment), 0.5)


def _notched_lapels(pen: Pen, garment: Garment) -> None:
    cloth = garment.cloth
    edge, tone = _edge_of(garment), cloth.layered(0.14, dark_below=0.5)
    for side in SIDES:

        def x(*across: float, side: int = side) -> np.ndarray:
            return CENTRE + side * np.array(across)

        lapel = joined(
            at(x(5.6, 9.4, 13.6), [44.0, 49.6, 53.4]),
            at(x(13.0, 7.6, 0.4), [56.8, 68.0, 80.0]),
            at(x(0.2, 2.8, 5.2), [78.6, 60.0, 44.4]),
        )
        collar = joined(
            at(x(4.6, 5.9), [38.6, 38.2]),
            at(x(10.6, 12.2), [46.0, 50.6]),
            at(x(8.8, 5.4), [51.8, 47.2]),
            at(x(4.6, 4.3), [44.0, 41.0]),
        )
        pen.patch(lapel, tone, edge, 0.5, form=0.6)
        pen.patch(collar, tone, edge, 0.5)
        stitch = at(x(11.9, 7.0, 1.3), [56.2, 66.8, 77.0])
        pen.dashes(through(stitch), edge, 0.2, (0.8, 0.5), 0.6)


def _hood(pen: Pen, garment: Garment) -> None:
    for side in SIDES:
        fold = at(
            CENTRE + side * np.array([0.6, 6.0, 10.2, 12.6, 15.0, 16.2, 14.6, 9.6, 3.4]),
            [51.6, 46.8, 41.4, 36.4, 37.8, 43.4, 48.0, 52.6, 56.2],
        )
        pen.patch(round_through(fold), garment.cloth.colour, garment.cloth.ink, 0.55)
        crease = at(CENTRE + side * np.array([3.0, 9.4, 13.6]), [53.0, 48.4, 40.0])
        pen.brush(crease, garment.cloth.shade, 1.2, 0.65)
        cord = at(CENTRE + side * np.array([3.6, 4.4, 4.0]), [52.4, 60.0, 67.0])
        pen.brush(cord, INK, 1.15, 1.0, EVEN)
        pen.brush(cord, CREAM, 0.75, 1.0, EVEN)
        pen.fill(circle(CENTRE + side * 4.0, 67.6, 0.8), CREAM)


def _shawl_collar(pen: Pen, garment: Garment) -> None:
    """One curve from the neck to where the front closes, without a notch."""
    cloth = garment.cloth
    edge, tone = _edge_of(garment), cloth.layered(0.09, dark_below=0.5)
    for side in SIDES:
        outer = [4.6, 6.2, 9.6, 11.6, 11.6, 9.6, 5.6, 0.4]
        inner = [0.2, 3.0, 5.2, 4.3]
        shape = joined(
            at(CENTRE + side * np.array(outer), [38.4, 38.2, 43.6, 50.0, 57.0, 65.6, 73.4, 79.6]),
            at(CENTRE + side * np.array(inner), [78.0, 59.6, 44.4, 40.6]),
        )
        pen.patch(shape, tone, edge, 0.55, form=0.45)
        stitch = at(
            CENTRE + side * np.array([6.6, 9.0, 10.6, 10.6, 8.8, 5.0, 1.2]),
            [40.0, 44.6, 50.4, 56.8, 64.8, 72.2, 77.4],
        )
        pen.dashes(through(stitch), edge, 0.2, (0.8, 0.5), 0.6)


def _sailor_collar(pen: Pen, garment: Garment) -> None:
    """Broad over the shoulders, narrowing to a knot on the chest; two bands along its edge."""
    tone = garment.cloth.contrast
    ink = mix(tone, INK, 0.7)
    for side in SIDES:
        outer = at(CENTRE + side * np.array([14.6, 13.0, 8.2, 0.4]), [43.6, 49.6, 56.6, 63.0])
        inner = at(CENTRE + side * np.array([0.2, 3.6, 6.2, 5.6]), [61.0, 51.0, 42.0, 39.6])
        high = at(CENTRE + side * np.array([9.6]), [41.2])
        pen.patch(joined(outer, inner, high), tone, ink, 0.5)
        for inset in (1.5, 2.9):
            band = outer - side * inset * 0.75 - 0.62j * inset
            pen.brush(band, garment.cloth.colour, 0.55, 1.0, EVEN)
    draw_bow(pen, (CENTRE, 63.4), 5.0, tone, tail=12)


_COLLARS = {
    "shawl collar": _shawl_collar,
    "sailor collar": _sailor_collar,
    "shirt collar": _shirt_collar,
    "peter pan collar": _peter_pan_collar,
    "stand collar": _stand_collar,
    "notched lapels": _notched_lapels,
    "hood": _hood,
}


def _tube(pen: Pen, garment: Garment) -> None:
    left = at(CENTRE + np.array([-4.3, -4.5, -5.6]), [36.0, 40.0, 43.6])
    right = at(CENTRE + np.array([4.3, 4.5, 5.6]), [36.0, 40.0, 43.6])
    low = at(CENTRE + np.array([0.0]), [45.4])
    top = at(CENTRE + np.array([0.0]), [37.2])
    pen.patch(joined(left, low, right[::-1], top), garment.cloth.colour, garment.cloth.ink, 0.55)
    for share in np.linspace(0.1, 0.9, 7) if garment.has("fabric", "knit", "ribbed") else ():
        rib = between(left, right, share)
        pen.brush(rib, garment.cloth.shade, 0.45, 0.6, EVEN)
    turn = at(CENTRE + np.array([-4.5, 0.0, 4.5]), [40.2, 41.6, 40.2])
    pen.brush(turn, garment.cloth.ink, 0.5, 0.8, FIRM)


def _keyhole(pen: Pen, garment: Garment) -> None:
    hole = line(
        (CENTRE, 48.2),
        (CENTRE + 3.2, 54.6),
        (CENTRE + 2.2, 59.0),
        (CENTRE, 60.2),
        (CENTRE - 2.2, 59.0),
        (CENTRE - 3.2, 54.6),
    )
    path = round_through(hole)
    pen.fill(path, garment.figure.skin)
    with pen.inside(path):
        pen.line(path, garment.figure.skin_shadow, 1.4, 0.7)
    pen.line(path, garment.cloth.visible_ink, 0.6)
    pen.fill(circle(CENTRE, 47.6, 0.9), garment.cloth.contrast)
    pen.line(circle(CENTRE, 47.6, 0.9), INK, 0.25)


def _straps(pen: Pen, garment: Garment) -> None:
    if garment.sleeves:
        return
    for side in SIDES:
        strap = at(CENTRE + side * np.array([10.2, 10.5, 10.2]), [55.2, 48.0, 43.0])
        pen.brush(strap, garment.cloth.ink, 1.5, 1.0, EVEN)
        pen.brush(strap, garment.cloth.colour, 0.9, 1.0, EVEN)


def _tied_behind(pen: Pen, garment: Garment) -> None:
    """A halter's band round the back of the neck, and its bow."""
    if garment.sleeves:
        return
    band = at(CENTRE + np.array([-3.4, 0.0, 3.4]), [39.6, 40.8, 39.6])
    pen.brush(band, garment.cloth.ink, 2.0, 1.0, EVEN)
    pen.brush(band, garment.cloth.colour, 1.4, 1.0, EVEN)
    for side in SIDES:
        end = at(CENTRE + side * np.array([0.2, 1.6, 2.4]), [41, 47, 54])
        pen.brush(end, garment.cloth.ink, 1.4, 1.0, EVEN)
        pen.brush(end, garment.cloth.colour, 0.9, 1.0, EVEN)


def _thin_straps(pen: Pen, garment: Garment) -> None:
    """From the front's points over the shoulders, thin as cords; behind they lean inwards."""
    top, lean = (STRAP, 0.6) if not garment.back else (STRAP, -2.6)
    low = 52.9 if not garment.back else _edge_behind(garment, STRAP + lean)
    for side in SIDES:
        x = CENTRE + side * np.array([top + lean * (0 if not garment.back else 1), top, top + 0.3])
        strap = at(x, [low, (low + 43.0) / 2, 42.9])
        pen.brush(strap, garment.cloth.visible_ink, 1.25, 1.0, EVEN)
        pen.brush(strap, garment.cloth.colour, 0.7, 1.0, EVEN)


def _edge_behind(garment: Garment, across: float) -> float:
    """Height of the upper edge so far beside the middle line, a little inside."""
    edge = of_points(garment.neckline)
    return float(np.interp(CENTRE + across, edge.real, edge.imag)) + 0.6


def _cowl(pen: Pen, garment: Garment) -> None:
    """Swags that hang below the edge, one under the other."""
    if not garment.sleeves:
        _thin_straps(pen, garment)
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    half, high = (11.2, 44.6) if garment.sleeves else (STRAP, 54.0)
    u = shares(13, -1.0, 1.0)
    with pen.inside(garment.body.path):
        for number, low in enumerate((66.5, 71.5, 77.0)):
            reach = half * (1.0 + 0.08 * number)
            rise = (low - high - 2.2 * number) * np.abs(u) ** (2.2 + 0.3 * number)
            swag = at(CENTRE + reach * u, low - rise)
            pen.strip(swag, swag - 3.6j * (1 - 0.6 * u * u), cloth.shade, min(drape.shade, 0.75))
            pen.soft_line(swag[2:-2] + 1.5j, cloth.light, 1.8, min(0.5 * drape.light, 0.6))
            pen.brush(swag, cloth.visible_ink, 0.75, 0.9)


def _cowl_behind(pen: Pen, garment: Garment) -> None:
    if not garment.sleeves:
        _thin_straps(pen, garment)


_NECKLINES = {
    "turtleneck": _tube,
    "keyhole neck": _keyhole,
    "sweetheart neck": _straps,
    "spaghetti straps": _thin_straps,
    "cowl neck": _cowl,
}
_NECKS_BEHIND = {
    "turtleneck": _tube,
    "sweetheart neck": _straps,
    "halter neck": _tied_behind,
    "open back": _tied_behind,
    "spaghetti straps": _thin_straps,
    "cowl neck": _cowl_behind,
}


# ------------------------------------------------------------------ from behind


def _fall(garment: Garment, width: float, low: float) -> tuple[np.ndarray, np.ndarray]:
    high = at(CENTRE + np.array([-4.8, -2.6, 0.0, 2.6, 4.8]), [39.6, 38.7, 38.4, 38.7, 39.6])
    end = at(CENTRE + np.array([width, 0.0, -width]), [low - 1.6, low, low - 1.6])
    return high, end


def _collar_behind(pen: Pen, garment: Garment) -> None:
    high, low = _fall(garment, 7.6, 46.8)
    tone = (
        garment.cloth.contrast
        if garment.has("collar", "peter pan collar")
        else garment.cloth.layered(0.14, dark_below=0.5)
    )
    pen.patch(joined(high, low), tone, _edge_of(garment), 0.5)
    pen.dashes(through(low - 0.9j), _edge_of(garment), 0.22, (0.8, 0.5), 0.7)


def _stand_behind(pen: Pen, garment: Garment) -> None:
    high = at(CENTRE + np.array([-5.0, 0.0, 5.0]), [36.8, 37.6, 36.8])
    low = at(CENTRE + np.array([6.4, 0.0, -6.4]), [43.4, 44.8, 43.4])
    pen.patch(
        joined(high, low), garment.cloth.layered(0.16, dark_below=0.4), _edge_of(garment), 0.5
    )


def _hood_behind(pen: Pen, garment: Garment) -> None:
    hood = line(
        (CENTRE - 12, 42),
        (CENTRE - 8, 37.6),
        (CENTRE, 36.4),
        (CENTRE + 8, 37.6),
        (CENTRE + 12, 42),
        (CENTRE + 9.4, 54),
        (CENTRE, 66),
        (CENTRE - 9.4, 54),
    )
    pen.patch(round_through(hood), garment.cloth.colour, garment.cloth.ink, 0.6)
    for side in SIDES:
        fold = at(CENTRE + side * np.array([9.8, 6.4, 1.2]), [41.6, 50.0, 59.0])
        pen.brush(fold, garment.cloth.shade, 1.0, 0.55)
    pen.brush(at(np.full(3, CENTRE), [38.0, 52.0, 65.0]), garment.cloth.ink, 0.45, 0.8, FIRM)


def _sailor_behind(pen: Pen, garment: Garment) -> None:
    """The square flap."""
    tone = garment.cloth.contrast
    ink = mix(tone, INK, 0.7)
    high = at(CENTRE + np.array([-5.2, -2.6, 0.0, 2.6, 5.2]), [39.4, 38.6, 38.4, 38.6, 39.4])
    right = at(CENTRE + np.array([14.2, 13.6]), [43.8, 65.6])
    low = at(CENTRE + np.array([13.6, 0.0, -13.6]), [65.6, 66.4, 65.6])
    left = at(CENTRE + np.array([-13.6, -14.2]), [65.6, 43.8])
    pen.patch(joined(high, right, low[1:2], left), tone, ink, 0.5)
    for inset in (1.8, 3.6):
        band = [(-13.8 + inset, 46.0), (-13.5 + inset, 65.8 - inset)]
        corners = [*band, *[(-x, y) for x, y in reversed(band)]]
        points = line(*[(CENTRE + x, y) for x, y in corners])
        pen.line(chain(points), garment.cloth.colour, 0.6)


_BEHIND = {
    "shawl collar": _collar_behind,
    "sailor collar": _sailor_behind,
    "shirt collar": _collar_behind,
    "peter pan collar": _collar_behind,
    "notched lapels": _collar_behind,
    "stand collar": _stand_behind,
    "hood": _hood_behind,
}
