"""The cut of a garment: where its cloth begins and ends on a given figure."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import skia

from training.atelier.attributes import BOTTOMS, LEGGED, NONE, SKIRTED, Outfit
from training.atelier.cloth import Cloth, Panel
from training.atelier.figure import (
    BUST,
    CENTRE,
    CROTCH,
    HIP,
    KNEE,
    SHOULDER,
    WAIST,
    Figure,
    leg_half_width,
)
from training.atelier.pen import Point, along, limb, outline, polygon, without

HEMS = {
    "cropped": 90.0,
    "hip-length": 110.0,
    "longline": 132.0,
    "mini": 136.0,
    "knee-length": 166.0,
    "midi": 192.0,
    "maxi": 218.0,
}
_EASE = {"slim fit": (0.8, 0.6, 1.0), "regular fit": (2.6, 3.6, 3.0), "oversized": (7.5, 11.5, 8.5)}
_SLEEVE_ENDS = {"short sleeves": 0.42, "three-quarter sleeves": 0.74, "long sleeves": 0.99}


@dataclass(frozen=True)
class Garment:
    """The cut pieces and the lines that details hang on."""

    outfit: Outfit
    cloth: Cloth
    figure: Figure
    body: Panel
    sleeves: tuple[Panel, ...]
    half_width: Callable[[float], float]
    top: float
    waist: float
    hem: float
    hem_line: tuple[Point, ...]
    neckline: tuple[Point, ...]

    def has(self, family: str, *values: str) -> bool:
        """Whether the outfit's value of this family is one of these."""
        return self.outfit[family] in values

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All pieces of the outer cloth."""
        return (self.body, *self.sleeves)


def cut(outfit: Outfit, figure: Figure) -> Garment:
    """Cut the outfit's garment for the figure."""
    cloth = Cloth.of(outfit)
    if outfit["category"] in ("trousers", "shorts"):
        return _cut_trousers(outfit, figure, cloth)
    knots = _knots(outfit, figure)
    half_width = _smooth(knots)
    hem = knots[-1][0]
    legged = outfit["category"] == "jumpsuit"
    neckline = _neckline(outfit, figure)
    upper = outfit["category"] not in BOTTOMS
    start = BUST if upper else WAIST - 2
    if legged:
        below, hem_line, hem = _leg_outline(outfit, figure)
        right_end = left_end = CROTCH - 8
    else:
        hem_line = _hem_line(outfit, half_width, hem)
        below = list(hem_line)
        right_end, left_end = hem_line[0][1], hem_line[-1][1]
    right = [(CENTRE + half_width(y), y) for y in _samples(start, right_end)]
    left = [(CENTRE - half_width(y), y) for y in reversed(_samples(start, left_end))]
    if outfit["neckline"] == "one-shoulder":
        left = [point for point in left if point[1] > 64]
    path = polygon([*neckline, *right, *below, *left])
    path = _slit(outfit, path, half_width, hem)
    top = min(y for _, y in neckline) if neckline else start
    centre_top = max((y for x, y in neckline if abs(x - CENTRE) < 1.5), default=start)
    waist_y = _seam(outfit)
    body = Panel(
        path,
        half_width(BUST if upper else HIP),
        hem - top,
        _body_place(half_width, top, hem, start),
    )
    return Garment(
        outfit,
        cloth,
        figure,
        body,
        _sleeves(outfit, figure),
        half_width,
        centre_top,
        waist_y,
        hem,
        tuple(hem_line),
        tuple(neckline),
    )


def _seam(outfit: Outfit) -> float:
    return {"empire waist": 70.0, "drop waist": 104.0}.get(outfit["waist"], WAIST)


def _samples(start: float, end: float) -> list[float]:
    count = max(2, int((end - start) / 4))
    return [start + (end - start) * i / count for i in range(count + 1)]


def _smooth(knots: list[tuple[float, float]]) -> Callable[[float], float]:
    """Half width at a height, through the knots without overshoot (cosine steps)."""

    def half_width(y: float) -> float:
        if y <= knots[0][0]:
            return knots[0][1]
        for (y0, w0), (y1, w1) in zip(knots, knots[1:], strict=False):
            if y <= y1:
                share = (y - y0) / (y1 - y0) if y1 > y0 else 1.0
                blend = share if w1 > w0 and y0 >= HIP else (1 - math.cos(math.pi * share)) / 2
                return w0 + (w1 - w0) * blend
        return knots[-1][1]

    return half_width


def _knots(outfit: Outfit, figure: Figure) -> list[tuple[float, float]]:
    bust_ease, waist_ease, hip_ease = _EASE[outfit["fit"]]
    category = outfit["category"]
    if category in ("coat", "jacket"):
        bust_ease, waist_ease, hip_ease = bust_ease + 1.5, waist_ease + 2, hip_ease + 1.5
    bust, waist, hip = figure.bust + bust_ease, figure.waist + waist_ease, figure.hip + hip_ease
    if outfit["waist"] == "gathered waist" or outfit["belt"] != NONE:
        waist = min(waist, figure.waist + 2.5 + 0.3 * waist_ease)
    if outfit["waist"] == "drop waist":
        waist = (bust + hip) / 2
    if category == "skirt":
        knots = [(WAIST - 2, min(waist, figure.waist + 3))]
    else:
        knots = [(BUST, bust), (WAIST, waist)]
    if category in SKIRTED:
        return knots + _skirt_knots(outfit, waist, hip)
    if category == "jumpsuit":
        return [*knots, (HIP, hip), (CROTCH, hip + 0.5)]
    hem = HEMS[outfit["length"]]
    if outfit["waist"] == "peplum":
        return [*knots, (WAIST + 1.5, waist + 1.5), (hem, waist + 14)]
    if hem > HIP:
        knots.append((HIP, hip))
    else:
        hip = _smooth([*knots, (HIP, hip)])(hem)
    return [*knots, (hem, hip + (1.5 if hem > HIP else 0))]


def _skirt_knots(outfit: Outfit, waist: float, hip: float) -> list[tuple[float, float]]:
    hem = HEMS[outfit["length"]]
    seam = _seam(outfit)
    fall = hem - seam
    silhouette = outfit["silhouette"]
    at_seam = [] if seam <= WAIST else [(seam, hip)]
    if outfit["waist"] == "empire waist" and silhouette in ("a-line", "full", "tiered"):
        return [(hem, min(waist + 0.26 * fall + 4, 45))]
    if outfit["waist"] == "peplum":
        at_seam = [(WAIST + 1.5, waist + 1.5), (WAIST + 20, hip + 10), (WAIST + 20.5, hip)]
    if silhouette == "a-line":
        return [*at_seam, (HIP, hip + 2), (hem, min(hip + 5 + 0.17 * fall, 46))]
    if silhouette == "full":
        return [
            *at_seam,
            (seam + 12, max(waist, hip * 0.8) + 7),
            (hem, min(hip + 11 + 0.26 * fall, 50)),
        ]
    if silhouette == "pencil":
        return [*at_seam, (HIP, hip - 0.5), (hem, hip - 5.5)]
    if silhouette == "mermaid":
        turn = seam + 0.62 * fall
        return [*at_seam, (HIP, hip - 0.5), (turn, hip - 5), (hem, hip + 17)]
    if silhouette == "tiered":
        steps = [seam + fall * share for share in (1 / 3, 2 / 3)]
        growth = min(0.07 * fall + 2.5, 9.0)
        base = max(waist + 3, hip * 0.85)
        return [
            *at_seam,
            (seam + 2, base if seam <= WAIST else hip),
            (steps[0], base + growth),
            (steps[0] + 0.5, base + growth + 3.5),
            (steps[1], base + 2 * growth + 3),
            (steps[1] + 0.5, base + 2 * growth + 6.5),
            (hem, base + 3 * growth + 6),
        ]
    return [*at_seam, (HIP, hip), (hem, hip + 1)]


def _arc(bottom: float, x: float, y: float) -> list[Point]:
    """Quarter ellipse from (0, bottom) out to (x, y)."""
    return [
        (x * math.sin(t * math.pi / 14), y + (bottom - y) * math.cos(t * math.pi / 14))
        for t in range(8)
    ]


def _neckline(outfit: Outfit, figure: Figure) -> list[Point]:
    """The upper edge of the garment from the left armpit to the right one."""
    category, kind = outfit["category"], outfit["neckline"]
    if category in BOTTOMS:
        return []
    ease = _EASE[outfit["fit"]][0]
    sleeved = outfit["sleeve length"] != "sleeveless"
    tip = figure.shoulder + (ease * 0.45 if sleeved else -2.5)
    shoulder = (tip, SHOULDER + (0.6 if sleeved else -0.4))
    armpit: list[Point] = (
        [] if sleeved else [(tip - 0.6, 52.0), (figure.bust - 1.5 + ease * 0.2, 58.0)]
    )
    half = {
        "crew neck": _arc(46.0, 7.6, 39.6),
        "keyhole neck": _arc(45.0, 7.2, 39.6),
        "v-neck": [(0.0, 66.0), (7.2, 39.6)],
        "scoop neck": _arc(60.0, 10.5, 41.0),
        "square neck": [(0.0, 57.5), (10.2, 57.5), (10.2, 41.0)],
        "boat neck": _arc(44.5, 15.0, 42.4),
        "turtleneck": _arc(42.5, 6.6, 38.6),
    }.get(kind)
    if kind == "one-shoulder":
        slope = [
            (-figure.bust - ease + 0.5, 64.0),
            (-figure.bust * 0.55, 57.0),
            (-3.0, 49.0),
            (6.2, 40.2),
        ]
        return [(CENTRE + x, y) for x, y in [*slope, shoulder, *armpit]]
    if kind == "halter neck":
        half = [(0.0, 56.0), (3.6, 37.0), (6.2, 37.6), (8.4, 48.0), (figure.bust * 0.8, 58.0)]
        shoulder, armpit = (figure.bust + ease - 1, 61.0), []
    elif kind == "sweetheart neck":
        heart = [(0.0, 60.5), (2.4, 56.6), (6.0, 53.6), (9.4, 53.4), (12.2, 55.4)]
        if sleeved:
            half = [*heart, (figure.shoulder - 5, 54.0), (figure.shoulder - 4.5, 43.2)]
        else:
            half = heart
            shoulder, armpit = (figure.bust + ease - 0.5, 58.5), []
    elif kind == "off-shoulder":
        half = _arc(55.5, figure.shoulder - 2, 52.0)
        shoulder = (figure.shoulder + 1, 52.0)
    elif half is None:
        collar = outfit["collar"]
        if collar == "notched lapels":
            half = [(0.0, 80.0), (7.2, 39.6)]
        elif collar in ("stand collar", "hood"):
            half = _arc(44.0, 7.0, 39.2)
        else:
            half = [(0.0, 50.0), (6.6, 39.2)]
    right = [*half, shoulder, *armpit]
    left = [(-x, y) for x, y in reversed(right)]
    return [(CENTRE + x, y) for x, y in [*left, *right[1:]]]


def _hem_line(outfit: Outfit, half_width: Callable[[float], float], hem: float) -> list[Point]:
    """The lower edge from right to left."""
    kind, bow = outfit["hem"], 3.0 + 0.04 * half_width(hem)
    points = []
    for step in range(25):
        u = 1 - step / 12
        y = hem - bow * u * u * 0.8
        if kind == "asymmetric hem":
            y += 13 * u - 13
        elif kind == "high-low hem":
            y -= 26 * (1 - u * u)
        points.append((CENTRE + half_width(y if abs(u) == 1 else hem) * u, y))
    return points


def _slit(
    outfit: Outfit, path: skia.Path, half_width: Callable[[float], float], hem: float
) -> skia.Path:
    if outfit["slit"] == NONE:
        return path
    x = CENTRE + (-half_width(hem) * 0.74 if outfit["slit"] == "side slit" else 3.5)
    top = max(hem - 0.55 * (hem - HIP), 122.0)
    return without(path, polygon([(x + 0.5, top), (x + 6, hem + 6), (x - 6, hem + 6)]))


def _body_place(
    half_width: Callable[[float], float], top: float, hem: float, start: float
) -> Callable[[float, float], Point]:
    reference = half_width(start)

    def place(across: float, along: float) -> Point:
        y = top + along
        width = half_width(max(y, start)) if y > HIP else half_width(max(min(y, HIP), start))
        stretch = max(width / reference, 0.75)
        u = across / reference
        sag = 4.0 * max(0.0, (y - WAIST) / max(hem - WAIST, 40.0))
        return CENTRE + across * stretch, y - sag * u * u

    return place


def _leg_half(outfit: Outfit, figure: Figure) -> Callable[[float], float]:
    extra = {"slim fit": 0.0, "regular fit": 1.2, "oversized": 3.4}[outfit["fit"]]
    thigh, knee, ankle = {
        "skinny": (8.4, 5.9, 3.8),
        "straight-leg": (9.0, 8.2, 7.8),
        "wide-leg": (9.6, 12.0, 15.5),
        "flared": (8.8, 6.8, 16.5),
    }[outfit["leg"]]
    if outfit["leg"] == "skinny":
        extra *= 0.5

    def half(place: float) -> float:
        if place < 0.5:
            share = place / 0.5
            width = thigh + (knee - thigh) * share
        else:
            share = (place - 0.5) / 0.5
            width = knee + (ankle - knee) * share**1.3
        return max(
            (width + extra) * (0.75 + 0.25 * figure.limb), leg_half_width(figure)(place) + 0.8
        )

    return half


def _leg_outline(outfit: Outfit, figure: Figure) -> tuple[list[Point], list[Point], float]:
    """Both legs from the right hip round to the left one, the hem line, and the hem's height."""
    end = 0.98 if outfit["length"] == "full-length" else 0.74
    if outfit["category"] == "shorts":
        end = 0.29
    half = _leg_half(outfit, figure)
    edges = [limb(leg, half, 0.12, end) for leg in figure.legs]
    (left_outer, left_inner), (right_outer, right_inner) = (
        ([pair[1] for pair in edges[0]], [pair[0] for pair in edges[0]]),
        ([pair[0] for pair in edges[1]], [pair[1] for pair in edges[1]]),
    )
    crotch = (CENTRE, CROTCH + 5.0)
    right_inner = [(max(x, CENTRE + 0.6), y) for x, y in right_inner if y > CROTCH + 6]
    left_inner = [(min(x, CENTRE - 0.6), y) for x, y in left_inner if y > CROTCH + 6]
    points = [
        *right_outer[1:],
        *reversed(right_inner),
        crotch,
        *left_inner,
        *reversed(left_outer[1:]),
    ]
    hem_line = [right_outer[-1], right_inner[-1], left_inner[-1], left_outer[-1]]
    return points, hem_line, max(y for _, y in hem_line)


def _cut_trousers(outfit: Outfit, figure: Figure, cloth: Cloth) -> Garment:
    ease = _EASE[outfit["fit"]]
    hip = figure.hip + ease[2] * 0.7 + 0.5
    knots = [(WAIST - 2, figure.waist + 1.5), (HIP, hip), (KNEE, hip + 2)]
    half_width = _smooth(knots)
    below, hem_line, hem = _leg_outline(outfit, figure)
    side = [(half_width(y), y) for y in _samples(WAIST - 2, HIP + 2)]
    path = polygon(
        [
            *[(CENTRE + x, y) for x, y in side],
            *below,
            *[(CENTRE - x, y) for x, y in reversed(side)],
        ]
    )
    body = Panel(
        path, hip, hem - WAIST, lambda across, along: (CENTRE + across * 1.3, WAIST + along)
    )
    return Garment(
        outfit, cloth, figure, body, (), half_width, WAIST - 2, WAIST, hem, tuple(hem_line), ()
    )


def _sleeves(outfit: Outfit, figure: Figure) -> tuple[Panel, ...]:
    if outfit["sleeve length"] not in _SLEEVE_ENDS:
        return ()
    end = _SLEEVE_ENDS[outfit["sleeve length"]]
    if outfit["sleeve shape"] == "flutter sleeves":
        end = 0.36
    if outfit["sleeve shape"] == "bell sleeves":
        end -= 0.04
    start = 0.1 if outfit["neckline"] == "off-shoulder" else -0.06
    half = _sleeve_half(outfit, figure, end)
    sides = (1,) if outfit["neckline"] == "one-shoulder" else (0, 1)
    return tuple(_sleeve(figure.arms[side], half, start, end) for side in sides)


def _sleeve(
    arm: tuple[Point, ...], half: Callable[[float], float], start: float, end: float
) -> Panel:
    pairs = limb(arm, half, start, end)
    length = math.dist(arm[0], arm[1]) + math.dist(arm[1], arm[2])

    def place(across: float, along_sleeve: float) -> Point:
        (x, y), (dx, dy) = along(arm, along_sleeve / length + start)
        return x - dy * across, y + dx * across

    widest = max(half(start + (end - start) * i / 6) for i in range(7))
    return Panel(outline(pairs), widest, length * (end - start), place, sleeve=True)


def _sleeve_half(outfit: Outfit, figure: Figure, end: float) -> Callable[[float], float]:
    ease = {"slim fit": 0.3, "regular fit": 1.3, "oversized": 3.6}[
        outfit["fit"]
    ] + 4.6 * figure.limb
    shape = outfit["sleeve shape"]

    def half(place: float) -> float:
        cap = math.sqrt(min(max((place + 0.07) / 0.17, 0.0), 1.0))  # the round top of the sleeve
        return cap * below_cap(place)

    def below_cap(place: float) -> float:
        share = min(max(place / end, 0.0), 1.0)
        if shape == "puff sleeves":
            if end < 0.5:
                return ease + 1 + 6.5 * math.sin(math.pi * min(share * 0.92 + 0.12, 1.0))
            return ease - 1.2 + 8.5 * max(0.0, math.sin(math.pi * min((share + 0.06) / 0.46, 1.0)))
        if shape == "bell sleeves":
            return ease + 0.6 + 11.5 * max(0.0, (share - 0.45) / 0.55) ** 1.4
        if shape == "bishop sleeves":
            swell = math.sin(math.pi * min(share / 0.97, 1.0) ** 1.7)
            return ease - 1.4 * share + 6.8 * max(0.0, swell)
        if shape == "flutter sleeves":
            return ease + 1 + 8.5 * share**1.2
        return ease + 2.0 - 2.6 * share

    return half


def base_layer(outfit: Outfit) -> str | None:
    """What the model wears beside the design: `trousers`, `tee` or nothing."""
    if outfit["category"] in ("top", "shirt", "sweater", "jacket"):
        return "trousers"
    if outfit["category"] in BOTTOMS:
        return "tee"
    return None


__all__ = ["HEMS", "LEGGED", "Garment", "base_layer", "cut"]
