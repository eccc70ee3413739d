"""The details of a garment: hems, pleats, waists, belts, cuffs, closures, trims, pockets, bows."""

import math

import skia

from training.atelier.attributes import BOTTOMS, NONE, SKIRTED
from training.atelier.cloth import CREAM, GOLD, INK, Panel, lay
from training.atelier.figure import BUST, CENTRE, CROTCH, HIP, SHOULDER, WAIST
from training.atelier.garment import Garment
from training.atelier.pen import (
    Colour,
    Pen,
    Point,
    box,
    circle,
    curve,
    lightness,
    mix,
    polygon,
)

_LEATHER: Colour = (128, 78, 40)
_WHITE: Colour = (255, 255, 255)


def _at(garment: Garment, y: float, share: float) -> Point:
    """The point `share` (-1..1) of the half width beside the middle, at a height."""
    return CENTRE + garment.half_width(y) * share, y


def _contrast(garment: Garment) -> Colour:
    """A light detail on dark cloth and a dark one on light cloth."""
    return CREAM if lightness(garment.cloth.colour) < 0.62 else mix(garment.cloth.colour, INK, 0.75)


# --- hems, pleats and the fall of the cloth -------------------------------------------------------


def draw_hem(pen: Pen, garment: Garment) -> None:
    """What hangs from or shows behind the lower edge; drawn before the body."""
    kind, line = garment.outfit["hem"], garment.hem_line
    cloth = garment.cloth
    if kind == "high-low hem":
        back = [(x, garment.hem - 1 + 5 * math.cos((x - CENTRE) / 14)) for x, _ in line]
        panel = polygon(
            [*back, _at(garment, garment.hem - 34, -0.9), _at(garment, garment.hem - 34, 0.9)]
        )
        pen.fill(panel, mix(cloth.colour, INK, 0.42))
        pen.line(panel, cloth.ink, 1.0)
    elif kind == "ruffled hem":
        for drop, spread, tone in ((12.0, 1.13, cloth.colour),):
            edge = [
                (CENTRE + (x - CENTRE) * spread, y + drop + 1.9 * math.sin(i * math.pi / 1.5))
                for i, (x, y) in enumerate(line)
            ]
            path = polygon([*[(x, y - 1) for x, y in line], *reversed(edge)])
            pen.fill(path, mix(tone, _WHITE, 0.12))
            pen.line(path, cloth.ink, 1.1)
            for (x0, y0), (x1, y1) in zip(line[1:-1:2], edge[1:-1:2], strict=True):
                pen.line(polygon([(x0, y0), (x1, y1 - 1)], closed=False), cloth.ink, 1.0, 0.8)
    elif kind == "fringed hem":
        for i in range(len(line) * 2 - 1):
            (x0, y0), (x1, y1) = line[i // 2], line[min((i + 1) // 2, len(line) - 1)]
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            thread = polygon(
                [(x, y - 1), (x + (x - CENTRE) * 0.04, y + 11 + (i % 2))], closed=False
            )
            pen.line(thread, cloth.ink if i % 2 else cloth.colour, 1.3)
    elif kind == "scalloped hem":
        width = garment.half_width(garment.hem)
        count = max(4, round(width / 4.2))
        for i in range(count):
            x = CENTRE - width + (i + 0.5) * 2 * width / count
            u = (x - CENTRE) / width
            y = garment.hem - (2.4 + 0.03 * width) * u * u
            pen.fill(circle(x, y, width / count + 0.6), cloth.colour)
            pen.line(circle(x, y, width / count + 0.6), cloth.ink, 1.2)


def draw_skirt_details(pen: Pen, garment: Garment) -> None:
    """Pleats, tiers, folds and slits on the lower half."""
    if not garment.has("category", *SKIRTED):
        return
    top, hem = max(garment.waist, WAIST), garment.hem
    with pen.inside(garment.body.path):
        if garment.has("pleats", "knife pleats"):
            for k in range(-6, 7):
                start, end = _at(garment, top + 3, k / 6.5), _at(garment, hem + 4, k / 6.5)
                pen.line(polygon([start, end], closed=False), garment.cloth.texture, 1.2)
        elif garment.has("pleats", "box pleats"):
            for k in (-0.72, -0.24, 0.24, 0.72):
                fold = polygon(
                    [
                        _at(garment, top + 3, k - 0.06),
                        _at(garment, top + 3, k + 0.06),
                        _at(garment, hem + 4, k + 0.14),
                        _at(garment, hem + 4, k - 0.14),
                    ]
                )
                pen.fill(fold, mix(garment.cloth.colour, INK, 0.5))
                pen.line(fold, garment.cloth.texture, 1.1)
        elif garment.has("silhouette", "a-line", "full", "mermaid"):
            begin = hem - 0.34 * (hem - top) if garment.has("silhouette", "mermaid") else top + 8
            for k in (-0.66, -0.25, 0.22, 0.6):
                fold = curve(
                    [
                        _at(garment, begin, k * 0.8),
                        _at(garment, (begin + hem) / 2, k * 0.95),
                        _at(garment, hem + 2, k),
                    ]
                )
                pen.line(fold, (20, 14, 30), 1.6, 0.3)
        if garment.has("silhouette", "tiered"):
            fall = hem - garment.waist
            for share in (1 / 3, 2 / 3):
                y = garment.waist + fall * share
                pen.line(
                    curve(
                        [
                            _at(garment, y - 1.5, -1.02),
                            _at(garment, y + 1, 0),
                            _at(garment, y - 1.5, 1.02),
                        ]
                    ),
                    garment.cloth.ink,
                    1.6,
                )
                _gathers(pen, garment, y + 1, 7.0, 9)
    _draw_slit_edge(pen, garment)


def _gathers(pen: Pen, garment: Garment, y: float, length: float, count: int) -> None:
    for k in range(-count, count + 1):
        u = k / (count + 0.6)
        drop = length * (1.0 if k % 2 else 0.6)
        start, end = _at(garment, y, u), _at(garment, y + drop, u * 1.02)
        pen.line(polygon([start, end], closed=False), garment.cloth.texture, 1.0, 0.95)


def _draw_slit_edge(pen: Pen, garment: Garment) -> None:
    if garment.outfit["slit"] == NONE:
        return
    left = garment.has("slit", "side slit")
    x = CENTRE + (-garment.half_width(garment.hem) * 0.74 if left else 3.5)
    top = max(garment.hem - 0.55 * (garment.hem - HIP), 122.0)
    wedge = polygon([(x - 6, garment.hem), (x + 0.5, top), (x + 6, garment.hem)], closed=False)
    pen.line(wedge, garment.cloth.ink, 1.8)


# --- waists and belts ---------------------------------------------------------------------------


def draw_waist(pen: Pen, garment: Garment) -> None:
    """Waist seams, waistbands, peplums and belts."""
    kind, y = garment.outfit["waist"], garment.waist
    seam = curve([_at(garment, y - 1, -1.0), _at(garment, y + 1, 0), _at(garment, y - 1, 1.0)])
    if kind in ("empire waist", "drop waist"):
        pen.line(seam, garment.cloth.ink, 2.2)
        with pen.inside(garment.body.path):
            _gathers(pen, garment, y + 2, 10.0, 7)
    elif kind == "gathered waist":
        with pen.inside(garment.body.path):
            for dy in (-3.5, 0.0, 3.5):
                pen.line(
                    curve(
                        [
                            _at(garment, y + dy - 1, -1.0),
                            _at(garment, y + dy + 0.6, 0),
                            _at(garment, y + dy - 1, 1.0),
                        ]
                    ),
                    garment.cloth.texture,
                    1.0,
                )
            _gathers(pen, garment, y + 4, 9.0, 6)
            _gathers(pen, garment, y - 10, 7.0, 6)
    elif kind == "peplum":
        _draw_peplum(pen, garment)
    if garment.has("category", *BOTTOMS):
        band = polygon(
            [
                _at(garment, WAIST - 2.5, -1.02),
                _at(garment, WAIST - 2.5, 1.02),
                _at(garment, WAIST + 3, 1.02),
                _at(garment, WAIST + 3, -1.02),
            ]
        )
        pen.fill(band, mix(garment.cloth.colour, INK, 0.22))
        pen.line(band, garment.cloth.ink, 1.1)
    if garment.has("category", "sweater"):
        _ribs(pen, garment)
    if garment.has("category", "jacket") and garment.outfit["waist"] == NONE:
        y = garment.hem - 5
        pen.line(
            curve(
                [_at(garment, y - 1.5, -1.0), _at(garment, y + 1, 0), _at(garment, y - 1.5, 1.0)]
            ),
            garment.cloth.ink,
            1.2,
        )
    if garment.outfit["belt"] != NONE:
        _draw_belt(pen, garment)


def _draw_peplum(pen: Pen, garment: Garment) -> None:
    end = min(WAIST + 22, garment.hem)
    flare = garment.figure.waist + 17
    edge = [
        (CENTRE + flare * (1 - i / 6), end - 3 * (1 - i / 6) ** 2 + (1.6 if i % 2 else -0.6))
        for i in range(13)
    ]
    path = polygon([_at(garment, WAIST, -1.0), _at(garment, WAIST, 1.0), *edge])
    body = garment.body
    lay(pen, garment.cloth, Panel(path, body.half * 1.3, body.length, body.place))
    for i in range(2, 11, 2):
        pen.line(
            polygon([_at(garment, WAIST + 1, 0.9 * (1 - i / 6)), edge[i]], closed=False),
            garment.cloth.texture,
            1.1,
        )
    pen.line(
        polygon([_at(garment, WAIST, -1.0), _at(garment, WAIST, 1.0)], closed=False),
        garment.cloth.ink,
        2.0,
    )


def _ribs(pen: Pen, garment: Garment) -> None:
    y = garment.hem - 9
    pen.line(
        curve([_at(garment, y - 1.5, -1.0), _at(garment, y, 0), _at(garment, y - 1.5, 1.0)]),
        garment.cloth.ink,
        1.3,
    )
    with pen.inside(garment.body.path):
        for k in range(-7, 8):
            pen.line(
                polygon(
                    [_at(garment, y, k / 7.5), _at(garment, garment.hem + 2, k / 7.5)], closed=False
                ),
                garment.cloth.ink,
                1.2,
                0.8,
            )


def _band(garment: Garment, top: float, bottom: float) -> skia.Path:
    lefts = [_at(garment, y, -1.03) for y in (top, bottom)]
    rights = [_at(garment, y, 1.03) for y in (top, bottom)]
    return polygon(
        [lefts[0], (CENTRE, top + 1.5), rights[0], rights[1], (CENTRE, bottom + 1.5), lefts[1]]
    )


def _draw_belt(pen: Pen, garment: Garment) -> None:
    y = (
        WAIST
        if not garment.has("length", "cropped") or garment.has("category", "trousers", "jumpsuit")
        else WAIST - 2
    )
    if garment.has("belt", "belt"):
        band = _band(garment, y - 2.8, y + 2.8)
        pen.fill(band, _LEATHER)
        pen.line(band, INK, 1.0)
        pen.line(box(CENTRE - 3.6, y - 2.8, CENTRE + 3.6, y + 5, 1), GOLD, 1.9)
    elif garment.has("belt", "tied sash"):
        tone = _contrast(garment)
        band = _band(garment, y - 3, y + 3)
        pen.fill(band, tone)
        pen.line(band, INK, 0.9)
        _bow(pen, (CENTRE + 6, y + 1), 8.5, tone, tail=24)
    elif garment.has("belt", "corset belt"):
        band = _band(garment, y - 10, y + 6)
        pen.fill(band, (64, 40, 36))
        pen.line(band, INK, 1.2)
        for k in range(4):
            row = y - 7.5 + k * 4
            pen.line(
                polygon([(CENTRE - 4, row), (CENTRE + 4, row + 3.4)], closed=False), CREAM, 1.1
            )
            pen.line(
                polygon([(CENTRE + 4, row), (CENTRE - 4, row + 3.4)], closed=False), CREAM, 1.1
            )
        for side in (-1, 1):
            pen.line(
                polygon(
                    [_at(garment, y - 9, 0.62 * side), _at(garment, y + 6, 0.62 * side)],
                    closed=False,
                ),
                (150, 110, 90),
                1.0,
            )


def _bow(pen: Pen, centre: Point, size: float, tone: Colour, tail: float) -> None:
    x, y = centre
    for side in (-1, 1):
        end = polygon(
            [
                (x, y),
                (x + side * 1.2, y),
                (x + side * (size * 0.62), y + tail),
                (x + side * (size * 0.2), y + tail - 2),
            ]
        )
        pen.fill(end, tone)
        pen.line(end, INK, 0.9)
    for side in (-1, 1):
        loop = curve(
            [
                (x, y),
                (x + side * size * 0.7, y - size * 0.55),
                (x + side * size, y),
                (x + side * size * 0.7, y + size * 0.5),
            ],
            closed=True,
        )
        pen.fill(loop, tone)
        pen.line(loop, INK, 1.0)
    pen.fill(circle(x, y, size * 0.24), tone)
    pen.line(circle(x, y, size * 0.24), INK, 1.0)


# --- sleeves ----------------------------------------------------------------------------------


def draw_sleeve_details(pen: Pen, garment: Garment) -> None:
    """Cuffs and the gathers of puffed and fluttering sleeves."""
    for sleeve in garment.sleeves:
        reach = sleeve.length
        if garment.has("sleeve shape", "puff sleeves"):
            for across in (-0.6, 0.0, 0.6):
                fold = curve([sleeve.place(across * 4, 1), sleeve.place(across * 8, reach * 0.2)])
                pen.line(fold, garment.cloth.ink, 1.0, 0.7)
        if garment.has("sleeve shape", "flutter sleeves", "bell sleeves"):
            for across in (-0.5, 0.0, 0.5):
                fold = [
                    sleeve.place(across * 5, reach * 0.5),
                    sleeve.place(across * sleeve.half, reach * 0.96),
                ]
                pen.line(curve(fold), garment.cloth.ink, 1.0, 0.7)
        if garment.outfit["cuffs"] != NONE:
            _draw_cuff(pen, garment, sleeve.place, reach)


def _draw_cuff(pen: Pen, garment: Garment, place, reach: float) -> None:  # type: ignore[no-untyped-def]  # Panel.place
    kind = garment.outfit["cuffs"]
    bishop = garment.has("sleeve shape", "bishop sleeves")
    half, depth = (5.6 if bishop else 6.8) + (1.6 if garment.has("fit", "oversized") else 0), 8.5
    if kind == "ruffled cuffs":
        rim = [
            place(half * 1.75 * (1 - i / 4), reach + 4.5 + (2.2 if i % 2 else 0)) for i in range(9)
        ]
        cuff = polygon([place(-half * 0.9, reach - 6), place(half * 0.9, reach - 6), *rim])
        pen.fill(cuff, _contrast(garment))
        pen.line(cuff, INK, 1.0)
        for i in range(2, 7, 2):
            pen.line(
                polygon([place(half * 0.8 * (1 - i / 4), reach - 5), rim[i]], closed=False),
                INK,
                0.8,
            )
        return
    cuff = polygon(
        [
            place(-half, reach - depth),
            place(half, reach - depth),
            place(half, reach + 1.5),
            place(-half, reach + 1.5),
        ]
    )
    pen.fill(cuff, garment.cloth.colour if kind == "ribbed cuffs" else _contrast(garment))
    if kind == "ribbed cuffs":
        for k in range(-3, 4):
            pen.line(
                polygon(
                    [place(half * k / 3.5, reach - depth + 0.5), place(half * k / 3.5, reach + 1)],
                    closed=False,
                ),
                garment.cloth.texture,
                1.2,
            )
    else:
        pen.fill(circle(*place(half * 0.45, reach - depth / 2 + 0.5), 1.4), GOLD)
    pen.line(cuff, garment.cloth.ink, 1.1)


# --- the front: closures, trims, pockets --------------------------------------------------------


def draw_bodice_details(pen: Pen, garment: Garment) -> None:
    """Trims, closures, pockets and shoulder bows."""
    with pen.inside(garment.body.path):
        _TRIMS.get(garment.outfit["trim"], _nothing)(pen, garment)
        _CLOSURES.get(garment.outfit["closure"], _nothing)(pen, garment)
    if garment.has("trim", "contrast piping"):
        for panel in garment.panels:
            pen.line(panel.path, _contrast(garment), 2.6)
            pen.line(panel.path, garment.cloth.ink, 0.7)
    if garment.has("trim", "sequins"):
        for sleeve in garment.sleeves:
            with pen.inside(sleeve.path):
                _scatter_sequins(pen, sleeve.bounds)
    _POCKETS.get(garment.outfit["pockets"], _nothing)(pen, garment)
    if garment.has("bow", "shoulder bows"):
        for side in (-1, 1):
            _bow(pen, (CENTRE + side * 12.5, SHOULDER - 2), 7.5, _contrast(garment), tail=12)


def _nothing(pen: Pen, garment: Garment) -> None:
    """A detail that this outfit does not have."""


def _front(garment: Garment) -> tuple[float, float]:
    """Where a closure starts and ends on the middle line."""
    if garment.has("category", *BOTTOMS):
        end = garment.hem - 4 if garment.has("category", "skirt") else CROTCH
        return WAIST + 2, end
    end = CROTCH if garment.has("category", "jumpsuit") else garment.hem
    if garment.has("hem", "high-low hem"):
        end -= 27
    return garment.top, end


def _buttons(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    pen.line(
        polygon([(CENTRE + 3.2, start), (CENTRE + 3.2, end + 3)], closed=False),
        garment.cloth.ink,
        1.0,
        0.85,
    )
    y = start + 4.5
    while y < end - 2:
        pen.fill(circle(CENTRE, y, 2.0), _contrast(garment))
        pen.line(circle(CENTRE, y, 2.0), INK, 0.8)
        y += 10.0


def _double_breasted(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    pen.line(
        polygon([(CENTRE + 9.5, start - 8), (CENTRE + 9.5, end + 3)], closed=False),
        garment.cloth.ink,
        1.4,
    )
    y = start + 6
    while y < min(end - 4, start + 60):
        for x in (CENTRE - 5.5, CENTRE + 5.5):
            pen.fill(circle(x, y, 2.5), GOLD)
            pen.line(circle(x, y, 2.5), INK, 0.9)
        y += 11.0


def _zip(pen: Pen, garment: Garment) -> None:
    start, end = _front(garment)
    path = polygon([(CENTRE, start), (CENTRE, end + 3)], closed=False)
    pen.line(path, (40, 40, 46), 4.2)
    pen.line(path, (226, 228, 232), 2.8, dashes=(1.7, 1.5))
    pull = box(CENTRE - 1.8, start + 3, CENTRE + 1.8, start + 10, 1)
    pen.fill(pull, (214, 216, 222))
    pen.line(pull, INK, 0.8)


def _wrap(pen: Pen, garment: Garment) -> None:
    low = _at(garment, WAIST, 0.8)
    edge = curve([(CENTRE - 7, 40), (CENTRE + 1, 62), low])
    pen.line(edge, garment.cloth.ink, 2.2)
    if garment.hem > HIP:
        pen.line(
            curve(
                [
                    low,
                    _at(garment, (WAIST + garment.hem) / 2, 0.5),
                    _at(garment, garment.hem + 3, 0.05),
                ]
            ),
            garment.cloth.ink,
            2.2,
        )
    _bow(pen, (low[0] - 1.5, WAIST), 6.0, mix(garment.cloth.colour, INK, 0.25), tail=17)


def _laces(pen: Pen, garment: Garment) -> None:
    start = garment.top + 1
    tone = _contrast(garment)
    for k in range(4):
        y = start + k * 5.6
        for side in (-1, 1):
            pen.line(
                polygon([(CENTRE - side * 4.4, y), (CENTRE + side * 4.4, y + 5)], closed=False),
                tone,
                1.5,
            )
            pen.fill(circle(CENTRE + side * 4.6, y, 1.3), GOLD)
    for side in (-1, 1):
        pen.line(
            curve(
                [
                    (CENTRE, start + 22),
                    (CENTRE + side * 4, start + 27),
                    (CENTRE + side * 3, start + 34),
                ]
            ),
            tone,
            1.5,
        )


_CLOSURES = {
    "button front": _buttons,
    "double-breasted": _double_breasted,
    "zip front": _zip,
    "wrap front": _wrap,
    "lace-up front": _laces,
}


def _scatter_sequins(pen: Pen, bounds: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = bounds
    for row in range(int((bottom - top) / 6) + 1):
        for column in range(int((right - left) / 7) + 1):
            x = left + (column + (row % 2) / 2) * 7
            y = top + row * 6 + 2
            big = (row * 2 + column * 3) % 5 == 0
            if big:
                for dx, dy in ((3.4, 0.0), (0.0, 3.4)):
                    pen.line(
                        polygon([(x - dx, y - dy), (x + dx, y + dy)], closed=False),
                        (255, 250, 226),
                        1.1,
                    )
            pen.fill(circle(x, y, 1.5 if big else 1.1), (255, 240, 190) if big else (238, 200, 120))


def _sequins(pen: Pen, garment: Garment) -> None:
    _scatter_sequins(pen, garment.body.bounds)


def _lace_yoke(pen: Pen, garment: Garment) -> None:
    edge = [(CENTRE - 30 + 6 * i, BUST + 4 + (3.4 if i % 2 else 0)) for i in range(11)]
    yoke = polygon([(CENTRE - 30, 36), (CENTRE + 30, 36), *reversed(edge)])
    pen.fill(yoke, CREAM)
    pen.line(yoke, INK, 1.1)
    for row in range(6):
        for column in range(-5, 6):
            x, y = CENTRE + (column + (row % 2) / 2) * 5.4, 42 + row * 4.4
            pen.line(circle(x, y, 1.6), (150, 120, 104), 0.9)


def _front_ruffles(pen: Pen, garment: Garment) -> None:
    top = garment.top
    tone = mix(garment.cloth.colour, _WHITE, 0.45)
    for side in (-1, 1):
        edge = [
            (CENTRE + side * (9.5 + (1.8 if i % 2 else -1.4) - i * 0.35), top + i * 3.6)
            for i in range(10)
        ]
        frill = polygon([(CENTRE, top), *edge, (CENTRE, top + 34)])
        pen.fill(frill, tone)
        pen.line(frill, INK, 1.1)
        for i in range(1, 9, 2):
            pen.line(polygon([(CENTRE + side, top + i * 3.6 - 1), edge[i]], closed=False), INK, 0.8)
    pen.line(polygon([(CENTRE, top), (CENTRE, top + 34)], closed=False), INK, 1.0)


def _embroidery(pen: Pen, garment: Garment) -> None:
    if garment.has("category", *BOTTOMS):
        places = [
            (_at(garment, garment.waist + 34, -0.5), 1.0),
            (_at(garment, garment.waist + 22, 0.55), 0.8),
        ]
    else:
        places = [
            ((CENTRE - 9.5, 68.0), 0.85),
            (_at(garment, min(garment.hem - 14, 128.0), 0.45), 1.0),
        ]
    light = lightness(garment.cloth.colour) > 0.55
    stem: Colour = (40, 112, 70) if light else (160, 216, 140)
    for (x, y), size in places:
        pen.line(
            curve([(x - 5 * size, y + 10 * size), (x - 1, y + 3), (x + 3 * size, y - 8 * size)]),
            stem,
            1.5,
        )
        for dx, dy, radius, tone in (
            (0, 0, 4.4, (228, 60, 84)),
            (4, -8, 3.2, (250, 176, 60)),
            (-5, 8, 3.0, (96, 120, 220)),
        ):
            cx, cy = x + dx * size, y + dy * size
            for k in range(5):
                angle = k * math.tau / 5
                pen.fill(
                    circle(
                        cx + radius * 0.6 * size * math.cos(angle),
                        cy + radius * 0.6 * size * math.sin(angle),
                        radius * 0.46 * size,
                    ),
                    tone,
                )
            pen.fill(circle(cx, cy, radius * 0.34 * size), (255, 244, 214))


def _pearls(pen: Pen, garment: Garment) -> None:
    points = [point for point in garment.neckline if abs(point[0] - CENTRE) < 17]
    for path, inset in ((points, 2.6), (list(garment.hem_line), -3.0)):
        if len(path) < 2:
            continue
        measure = skia.PathMeasure(curve(path), False, 1.0)
        for step in range(int(measure.getLength() / 4.4) + 1):
            place, _ = measure.getPosTan(step * 4.4)
            pearl = circle(place.x(), place.y() + inset, 1.8)
            pen.fill(pearl, (255, 252, 244))
            pen.line(pearl, (120, 104, 110), 0.7)


_TRIMS = {
    "sequins": _sequins,
    "lace yoke": _lace_yoke,
    "front ruffles": _front_ruffles,
    "embroidery": _embroidery,
    "pearls": _pearls,
}


def _pocket(
    pen: Pen, garment: Garment, left: float, top: float, width: float, height: float, flap: bool
) -> None:
    tone = mix(
        garment.cloth.colour, _WHITE if lightness(garment.cloth.colour) < 0.35 else INK, 0.14
    )
    shape = polygon(
        [
            (left, top),
            (left + width, top),
            (left + width, top + height - 2.5),
            (left + width / 2, top + height),
            (left, top + height - 2.5),
        ]
    )
    pen.fill(shape, tone)
    line = garment.cloth.ink if lightness(garment.cloth.colour) > 0.22 else (150, 150, 160)
    pen.line(shape, line, 1.5)
    if flap:
        pen.line(polygon([(left, top + 4.5), (left + width, top + 4.5)], closed=False), line, 1.5)
        pen.fill(circle(left + width / 2, top + 4.5, 1.5), GOLD)


def _patch_pockets(pen: Pen, garment: Garment) -> None:
    low = (
        96.0
        if garment.hem > 112 or garment.has("category", "trousers", "shorts")
        else garment.hem - 17.0
    )
    for side in (-1, 1):
        _pocket(pen, garment, CENTRE + side * 10.5 - 5.5, low, 11, 13, flap=False)


def _chest_pocket(pen: Pen, garment: Garment) -> None:
    _pocket(pen, garment, CENTRE + 4.5, BUST + 1, 9, 10, flap=False)


def _cargo_pockets(pen: Pen, garment: Garment) -> None:
    y = 122.0 if garment.hem < 150 else 134.0
    for side in (-1, 1):
        x = CENTRE + side * (garment.half_width(HIP) * 0.74)
        _pocket(pen, garment, x - 6.5, min(y, garment.hem - 20), 13, 15, flap=True)


_POCKETS = {
    "patch pockets": _patch_pockets,
    "chest pocket": _chest_pocket,
    "cargo pockets": _cargo_pockets,
}


# --- the neck: collars, tubes, bows -------------------------------------------------------------


def draw_hood_behind(pen: Pen, garment: Garment) -> None:
    """The hood that lies round the neck, behind the head."""
    hood = curve(
        [(49, 46), (47, 30), (54, 22), (74, 22), (81, 30), (79, 46), (64, 50)], closed=True
    )
    pen.fill(hood, mix(garment.cloth.colour, INK, 0.3))
    pen.line(hood, garment.cloth.ink, 1.2)


def draw_collar(pen: Pen, garment: Garment) -> None:
    """Collars, the tube of a turtleneck, a keyhole, and the neck bow on top."""
    _COLLARS.get(garment.outfit["collar"], _nothing)(pen, garment)
    if garment.has("neckline", "turtleneck"):
        tube = polygon(
            [(CENTRE - 6, 33.5), (CENTRE + 6, 33.5), (CENTRE + 7, 42.5), (CENTRE - 7, 42.5)]
        )
        pen.fill(tube, garment.cloth.colour)
        pen.line(tube, garment.cloth.ink, 1.1)
        pen.line(
            polygon([(CENTRE - 6.4, 37.5), (CENTRE + 6.4, 37.5)], closed=False),
            garment.cloth.texture,
            1.3,
        )
    elif garment.has("neckline", "keyhole neck"):
        hole = curve(
            [(CENTRE, 47.5), (CENTRE + 4.6, 56), (CENTRE, 60.5), (CENTRE - 4.6, 56)], closed=True
        )
        pen.fill(hole, garment.figure.skin)
        pen.line(hole, garment.cloth.ink, 1.4)
    elif (
        garment.has("neckline", "sweetheart neck", "square neck", "scoop neck")
        and not garment.sleeves
    ):
        _straps(pen, garment)
    if garment.has("bow", "neck bow"):
        _bow(
            pen,
            (CENTRE, max(garment.top - 1, 43.0) if garment.has("neckline", "crew neck") else 44.0),
            11.0,
            _contrast(garment),
            tail=24,
        )


def _straps(pen: Pen, garment: Garment) -> None:
    if not garment.has("neckline", "sweetheart neck"):
        return
    for side in (-1, 1):
        strap = polygon([(CENTRE + side * 10.8, 54), (CENTRE + side * 11.4, 42.6)], closed=False)
        pen.line(strap, garment.cloth.ink, 2.2)
        pen.line(strap, garment.cloth.colour, 1.0)


def _shirt_collar(pen: Pen, garment: Garment) -> None:
    for side in (-1, 1):
        wing = polygon(
            [
                (CENTRE, 43.5),
                (CENTRE + side * 6.4, 35.5),
                (CENTRE + side * 11.5, 45),
                (CENTRE + side * 6.5, 53.5),
            ]
        )
        pen.fill(wing, mix(garment.cloth.colour, _WHITE, 0.3))
        pen.line(wing, garment.cloth.ink, 1.2)


def _peter_pan(pen: Pen, garment: Garment) -> None:
    tone = _contrast(garment)
    for side in (-1, 1):
        wing = curve(
            [
                (CENTRE, 44),
                (CENTRE + side * 7.0, 38.2),
                (CENTRE + side * 14, 44.5),
                (CENTRE + side * 11.5, 53),
                (CENTRE + side * 4.5, 53.5),
            ],
            closed=True,
        )
        pen.fill(wing, tone)
        pen.line(wing, INK, 1.1)


def _stand_collar(pen: Pen, garment: Garment) -> None:
    band = polygon(
        [(CENTRE - 7, 34.5), (CENTRE - 0.8, 38), (CENTRE - 0.8, 44.5), (CENTRE - 8.2, 41.5)]
    )
    other = polygon(
        [
            (2 * CENTRE - x, y)
            for x, y in [
                (CENTRE - 7, 34.5),
                (CENTRE - 0.8, 38),
                (CENTRE - 0.8, 44.5),
                (CENTRE - 8.2, 41.5),
            ]
        ]
    )
    for path in (band, other):
        pen.fill(path, mix(garment.cloth.colour, INK, 0.2))
        pen.line(path, garment.cloth.ink, 1.2)


def _lapels(pen: Pen, garment: Garment) -> None:
    for side in (-1, 1):
        lapel = polygon(
            [
                (CENTRE + side * 6.6, 38),
                (CENTRE + side * 12.5, 49),
                (CENTRE + side * 15.5, 53.5),
                (CENTRE + side * 11.5, 57),
                (CENTRE + side * 0.4, 80),
            ]
        )
        pen.fill(
            lapel,
            mix(
                garment.cloth.colour, _WHITE if lightness(garment.cloth.colour) < 0.5 else INK, 0.16
            ),
        )
        pen.line(
            lapel,
            garment.cloth.ink if lightness(garment.cloth.colour) > 0.2 else (130, 130, 140),
            1.3,
        )
        pen.line(
            polygon([(CENTRE + side * 12.5, 49), (CENTRE + side * 8.6, 52)], closed=False),
            garment.cloth.ink,
            1.1,
        )


def _hood_front(pen: Pen, garment: Garment) -> None:
    for side in (-1, 1):
        fold = curve(
            [
                (CENTRE + side * 2, 49),
                (CENTRE + side * 9, 45),
                (CENTRE + side * 12.5, 36),
                (CENTRE + side * 16, 42),
                (CENTRE + side * 12, 51),
                (CENTRE + side * 5, 54),
            ],
            closed=True,
        )
        pen.fill(fold, garment.cloth.colour)
        pen.line(fold, garment.cloth.ink, 1.2)
        pen.line(
            polygon([(CENTRE + side * 4.4, 52), (CENTRE + side * 4.8, 68)], closed=False), INK, 2.2
        )
        pen.line(
            polygon([(CENTRE + side * 4.4, 52), (CENTRE + side * 4.8, 68)], closed=False),
            CREAM,
            1.2,
        )


_COLLARS = {
    "shirt collar": _shirt_collar,
    "peter pan collar": _peter_pan,
    "stand collar": _stand_collar,
    "notched lapels": _lapels,
    "hood": _hood_front,
}
