"""Trims: sequins, lace, ruffles, embroidery, pearls and piping."""

import math

import numpy as np

from studio.design.families import BOTTOMS, LEGGED
from studio.drawing.cloth import CREAM, INK
from studio.drawing.details.choice import draw_chosen
from studio.drawing.details.piping import pipe_body, pipe_over_arms
from studio.drawing.details.pockets import pocket_heights
from studio.drawing.details.sequins import sequin_body, sequin_legs, sequin_sleeves
from studio.drawing.figure import BUST, CENTRE, SIDES, WAIST
from studio.drawing.garment import Garment
from studio.drawing.lines import (
    Line,
    at,
    chain,
    joined,
    line,
    many,
    normals,
    resampled,
    ribbons,
    round_through,
    shares,
    shifted,
    stamped,
)
from studio.drawing.paths import Path, Point, circle, spots
from studio.drawing.pen import EVEN, FALLING, Pen, Taper
from studio.drawing.tones import Colour, mix

_LACE: Colour = (150, 120, 104)
_PEARL: Colour = (244, 236, 226)
_PEARL_EDGE: Colour = (120, 104, 110)
_PEARL_LIGHT: Colour = (255, 255, 255)
_PEARL_STEP, _PEARL_INSET = 3.4, 2.3
_PEARLS_REACH = 16.0
"""How far from the middle line the upper edge bears pearls."""
_STAMENS: Colour = (255, 244, 214)
_FLOWERS: tuple[tuple[float, float, float, Colour], ...] = (  # dx, dy, radius, petals
    (0, 0, 4.2, (228, 60, 84)),
    (4, -8, 3.1, (250, 176, 60)),
    (-5, 8, 2.9, (96, 120, 220)),
)

_OTHER_PETALS: tuple[Colour, ...] = ((252, 240, 222), (214, 40, 72), (255, 206, 92))
_TELL_APART = 130.0
"""How far apart two colours are that are easily told apart."""


def draw_front_trim(pen: Pen, garment: Garment) -> None:
    """The part of the trim that lies on the body, below belts and sleeves."""
    if garment.has("trim", "contrast piping"):
        pipe_body(pen, garment)
        return
    if garment.has("trim", "cut-outs"):
        _cut_outs(pen, garment)
        return
    if garment.has("trim", "sequins"):
        sequin_body(pen, garment)
        sequin_legs(pen, garment)
        return
    if garment.back:
        return
    with pen.inside(garment.body.path):
        draw_chosen("trim", _FRONT_TRIMS, pen, garment)


def draw_edge_trim(pen: Pen, garment: Garment) -> None:
    """The part of the trim along the edges and on sleeves and legs."""
    draw_chosen("trim", _EDGE_TRIMS, pen, garment)


def _spots(points: Line) -> Path:
    return spots(zip(points.real.tolist(), points.imag.tolist(), strict=True))


def _cut_outs(pen: Pen, garment: Garment) -> None:
    """Bare skin above the waist on both sides; the garment is as narrow as the body there."""
    figure, cloth = garment.figure, garment.cloth
    behind = garment.back and garment.has("neckline", "open back")  # nothing is left at the sides
    y = shares(9, BUST if behind else 66.0, WAIST - 1.5)
    half = np.array([garment.half_width(float(each)) for each in y])
    depth = 8.2 * np.sin(np.pi * shares(9)) ** 0.7 if not behind else np.full(9, 7.0)
    for side in SIDES:
        outer = at(CENTRE + side * (half + 0.5), y)
        inner = at(CENTRE + side * (half - depth), y)
        hole = joined(outer, inner[::-1])
        pen.fill(hole, figure.skin)
        with pen.inside(hole):
            pen.soft_line(inner + 0.4 * side + 0.4j, figure.skin_shadow, 2.0, 0.7, EVEN)
            if side > 0:
                pen.strip(outer, outer - 4.5, figure.skin_shadow, 0.7)
        pen.brush(outer - 0.5 * side, figure.skin_ink, 0.6, 0.9, EVEN)
        if behind:
            pen.brush(np.array([outer[-1], inner[-1]]), cloth.ink, 0.9, 1.0, EVEN)
        else:
            pen.brush(inner, cloth.ink, 0.9, 1.0, EVEN)


def _feathers(pen: Pen, garment: Garment) -> None:
    """Plumes along the hem, and at the ends of sleeves."""
    _plumes(pen, garment, garment.edge.edge()[::-1], 11.5, 1j)
    page = pen.posed(None)
    for sleeve in garment.sleeves:
        _plumes(page, garment, sleeve.mouth, 6.0, sleeve.arm.along(sleeve.end))


def _plumes(pen: Pen, garment: Garment, edge: Line, length: float, down: complex) -> None:
    """Soft ones in three rows, each of many fine barbs round a quill; `edge` from left to right."""
    cloth, rng = garment.cloth, np.random.default_rng(7)
    width = float(np.abs(np.diff(edge)).sum())
    t = shares(5)
    below = edge + down * 0.75 * length + 0.8
    pen.soft_line(below, cloth.shade, 0.9 * length, 0.6, Taper(0.8, 0.8))
    tones = (cloth.darker(0.24), cloth.darker(0.08), cloth.lighter(0.2))
    if cloth.lightness < 0.2:
        tones = (cloth.lighter(0.06), cloth.lighter(0.16), cloth.lighter(0.28))
    for row, tone in enumerate(tones):
        count = max(5, int(width / 2.2))
        roots = resampled(edge, count) - down * (1.0 + 2.2 * row)
        lean = np.linspace(0.35, -0.35, count) + rng.uniform(-0.22, 0.22, count)
        way = down * np.exp(1j * lean) * length * rng.uniform(0.8, 1.1, count)
        quills = roots[:, None] + way[:, None] * (t + 0.12j * np.sin(3 * t))[None, :]
        barbs = []
        for place in shares(12, 0.04, 0.98):
            start = quills[:, 0] + (quills[:, -1] - quills[:, 0]) * place
            reach = way * 0.34 * np.sin(np.pi * (0.2 + 0.75 * place))
            for turn in (0.75, -0.75):
                run = reach[:, None] * np.exp(1j * turn) * t[None, :]
                barbs.append(start[:, None] + run + 0.18 * way[:, None] * (t**2)[None, :])
        lines = np.concatenate(barbs)
        pen.fill(ribbons(lines, np.broadcast_to(0.85 - 0.7 * t, lines.shape)), tone)
        pen.fill(ribbons(quills, np.broadcast_to(0.42 - 0.3 * t, quills.shape)), cloth.texture, 0.7)


def _lace_yoke(pen: Pen, garment: Garment) -> None:
    left, right = CENTRE - 30, CENTRE + 30
    x = shares(31, left, right)
    low = at(x, BUST + 4 + 1.5 * np.abs(np.sin((x - CENTRE) / 4 * np.pi / 2)) * 1.4)
    path = joined(at([left, right], [36, 36]), low[::-1])
    pen.fill(path, CREAM)
    rows, columns = np.meshgrid(np.arange(8), np.arange(-7, 8))
    centres = at(CENTRE + (columns + (rows % 2) / 2) * 4.2, 41 + rows * 3.6).ravel()
    petals = [
        stamped(circle(0.95 * math.cos(a), 0.95 * math.sin(a), 0.7), centres, np.ones(len(centres)))
        for a in np.arange(5) * math.tau / 5
    ]
    for petal in petals:
        pen.line(petal, _LACE, 0.3, 0.8)
    pen.fill(stamped(circle(0, 0, 0.4), centres, np.ones(len(centres))), _LACE)
    mesh = [
        np.stack([centres - 2.1 + lean * 1.8j, centres + 2.1 - lean * 1.8j], axis=1)
        for lean in (1, -1)
    ]
    pen.line(many(np.concatenate(mesh)), _LACE, 0.16, 0.6)
    pen.line(chain(low), mix(_LACE, INK, 0.4), 0.5)


_FRILLS = 6
_RIM = line((0.0, 6.0), (0.26, 7.0), (0.5, 5.6), (0.74, 6.4), (0.98, 3.6), (0.9, 0.8))
"""The lower edge of a frill from the middle outwards: shares of its width, and how far down."""


def _front_ruffles(pen: Pen, garment: Garment) -> None:
    """Frills on both sides of the middle, each one falling over the next."""
    cloth = garment.cloth
    tone = cloth.lighter(0.3)
    ink, shade = mix(tone, INK, 0.65), mix(tone, cloth.shade, 0.75)
    for number in reversed(range(_FRILLS)):
        y, width = garment.top + 0.6 + 5.4 * number, 8.6 - 0.55 * number
        for side in SIDES:
            wide = 1.0 if (number % 2) == (side > 0) else 0.9
            root = complex(CENTRE, y)
            rim = root + side * width * wide * _RIM.real + 1j * _RIM.imag
            top = root + side * width * wide * np.array([0.55, 0.25]) - 0.5j
            path = joined(np.append(root, rim), top)
            pen.fill(shifted(path, 0.3, 0.9), shade, 0.55)
            pen.fill(path, tone)
            for end, alpha in ((1, 0.5), (3, 0.65), (4, 0.5)):  # the valleys of its edge
                fold = root + (rim[end] - root) * np.array([0.12, 0.6, 1.0])
                soft = root + (rim[end - 1] - root) * np.array([0.12, 0.55, 0.9])
                pen.fill(joined(fold, soft[::-1]), shade, alpha)
                pen.brush(fold[::-1], ink, 0.42, 0.6, FALLING)
            pen.brush(rim, ink, 0.5, 0.95, EVEN)
    band = at([CENTRE, CENTRE], [garment.top, garment.top + 5.4 * _FRILLS + 1.0])
    pen.brush(band, ink, 1.7, 0.9, EVEN)
    pen.brush(band, tone, 1.1, 1.0, EVEN)


def _embroidery(pen: Pen, garment: Garment) -> None:
    light = garment.cloth.lightness > 0.55
    stem: Colour = (40, 112, 70) if light else (160, 216, 140)
    if _apart(stem, garment.cloth.colour) < _TELL_APART:
        stem = (250, 236, 196)
    petals = [_seen_on(garment.cloth.colour, tone) for *_, tone in _FLOWERS]
    for place, size in _places_of_embroidery(garment):
        _draw_spray(pen, place, size, (stem, *petals))


def _apart(one: Colour, other: Colour) -> float:
    return math.dist(one, other)


def _seen_on(cloth: Colour, petals: Colour) -> Colour:
    """The colour of the petals, or of others where they would be lost on the cloth."""
    if _apart(petals, cloth) >= _TELL_APART:
        return petals
    return max(_OTHER_PETALS, key=lambda tone: _apart(tone, cloth))


def _places_of_embroidery(garment: Garment) -> list[tuple[Point, float]]:
    if garment.has("category", *BOTTOMS):
        return [
            (garment.at(garment.waist + 30, -0.5), 1.0),
            (garment.at(garment.waist + 20, 0.55), 0.8),
        ]
    high = (CENTRE - 7.6, 66.0), 0.85
    pockets = pocket_heights(garment)
    if pockets and not garment.has("pockets", "chest pocket"):
        room = pockets[0] - 12.0
        return [high, (garment.at(room, 0.5), 0.85)] if room > WAIST - 6.0 else [high]
    return [high, (garment.at(min(garment.hem - 14, 126.0), 0.45), 1.0)]


def _draw_spray(pen: Pen, place: Point, size: float, tones: tuple[Colour, ...]) -> None:
    """Three flowers on one stem, in satin stitch."""
    x, y = place
    stem, *petals_of = tones
    twig = line((x - 5 * size, y + 8 * size), (x - 1.5, y + 3), (x + 4 * size, y - 8 * size))
    pen.brush(twig, stem, 0.9, 1.0, Taper(0.6, 0.6))
    for t, turn in ((-0.4, 1), (0.3, -1), (0.75, 1)):
        root = complex(x + 3.4 * size * t, y - 7 * size * t + 2)
        leaf = root + size * turn * np.array([0, 1.6 - 1.2j, 3.6 - 0.6j, 1.8 + 0.5j])
        pen.fill(round_through(leaf), stem)
    for (dx, dy, radius, _), petals in zip(_FLOWERS, petals_of, strict=True):
        centre = complex(x + dx * size, y + dy * size)
        reach = radius * size
        angles = np.exp(1j * np.arange(5) * math.tau / 5)
        places = centre + 0.56 * reach * angles
        pen.fill(stamped(circle(0, 0, 0.47), places, reach * angles), petals)
        threads = centre + reach * angles[:, None] * np.array([0.35, 0.9])
        pen.line(many(threads), mix(petals, (255, 255, 255), 0.45), 0.3, 0.9)
        pen.fill(circle(centre.real, centre.imag, radius * 0.3 * size), _STAMENS)


def _pearls(pen: Pen, garment: Garment) -> None:
    """Along the opening and the hem, a little inside of them, so that each is whole."""
    reach = 11.0 if garment.has("neckline", "off-shoulder") else _PEARLS_REACH  # sleeves lie there
    for run in garment.open_edges:
        middle = run[np.abs(run.real - CENTRE) < reach]
        if len(middle) > 1:
            _string_pearls(pen, middle, _PEARL_INSET)
    if not garment.has("category", *LEGGED):
        _string_pearls(pen, garment.edge.edge()[4:-4][::-1], -_PEARL_INSET)


def _string_pearls(pen: Pen, edge: Line, inset: float) -> None:
    """Pearls beside an edge that runs from left to right; a positive `inset` is below it."""
    beside = edge + inset * normals(edge)
    run = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(beside)))])
    count = int(run[-1] / _PEARL_STEP)
    if count < 1:
        return
    margin = (float(run[-1]) - (count - 1) * _PEARL_STEP) / 2
    along = margin + _PEARL_STEP * np.arange(count)
    places = np.interp(along, run, beside)
    pen.line(_spots(places + 0.2 + 0.35j), INK, 3.1, 0.28)
    pen.line(_spots(places), _PEARL_EDGE, 3.0)
    pen.line(_spots(places), _PEARL, 2.4)
    pen.line(_spots(places - 0.35 - 0.35j), _PEARL_LIGHT, 0.9)


_FRONT_TRIMS = {
    "lace yoke": _lace_yoke,
    "front ruffles": _front_ruffles,
    "embroidery": _embroidery,
    "pearls": _pearls,
}
_EDGE_TRIMS = {
    "sequins": sequin_sleeves,
    "contrast piping": pipe_over_arms,
    "feathers": _feathers,
}
