"""How wide a garment is at each height: ease round the body, and the shape of the skirt."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from studio.design.families import BARE_NECKLINES, NONE, SKIRTED
from studio.design.spec import DesignSpec
from studio.drawing.figure import BUST, CROTCH, HIP, KNEE, SHOULDER, WAIST, Figure
from studio.drawing.limbs import HalfWidth
from studio.patternmaking.landmarks import hem_height

Knot = tuple[float, float]
"""A height, and half of the width there."""

_EASE = {  # how far the cloth stands off at bust, waist and hip
    "slim fit": (0.8, 0.6, 1.0),
    "regular fit": (2.6, 3.6, 3.0),
    "oversized": (7.0, 10.0, 7.5),
}
_BESIDE_BARE_ARMS, _WITHOUT_SHOULDERS = 2.4, 1.4
"""The most ease at the bust of what bare arms hang beside, or of what has to hold by itself."""
_WIDEST = 47.0
_CLOSE = ("straight", "pencil", "mermaid")
_BAND = 2.8
"""How far a waistband reaches below the waist."""
_SEAMS = {"empire waist": 70.0, "drop waist": 104.0}
_BELOW_HIPS = 114.0
"""Where the body is narrower than the hips again."""
_FLARES = {  # share of the fall that flare adds at most
    "straight": 0.03,
    "pencil": 0.02,
    "mermaid": 0.05,
    "a-line": 0.06,
    "tiered": 0.06,
    "full": 0.07,
}
_TIERS = (1 / 3, 2 / 3)


def ease(spec: DesignSpec) -> tuple[float, float, float]:
    """How far the cloth stands off at bust, waist and hip."""
    share = 1 + 0.35 * spec.measures.ease
    bust, waist, hip = (part * share + 0.5 * spec.measures.ease for part in _EASE[spec["fit"]])
    if spec["category"] != "cape" and not has_armholes(spec):
        bust = min(bust, _BESIDE_BARE_ARMS)
        if spec["neckline"] in BARE_NECKLINES:
            bust = min(bust, _WITHOUT_SHOULDERS)
    return max(bust, 0.3), max(waist, 0.3), max(hip, 0.3)


def has_armholes(spec: DesignSpec) -> bool:
    """Whether sleeves cover the armholes; those of cap sleeves are bare below."""
    return spec["sleeve length"] != "sleeveless" and spec["sleeve shape"] != "cap sleeves"


def shoulder_room(spec: DesignSpec) -> float:
    """How far a shoulder drops: one that carries a puff is where the body's own is."""
    room = ease(spec)[0]
    return min(room, 1.2) if spec["sleeve shape"] == "puff sleeves" else room


def shoulder_tip(spec: DesignSpec, figure: Figure) -> tuple[float, float]:
    """Where a set-in sleeve begins, beside the middle: wide ones drop over the shoulder."""
    room = shoulder_room(spec)
    return figure.shoulder + 0.42 * room - 0.4, SHOULDER + 0.5 + 0.55 * room


def seam_height(spec: DesignSpec) -> float:
    """Where bodice and skirt meet."""
    return _SEAMS.get(spec["waist"], WAIST)


def smooth(knots: Sequence[Knot], opens: bool = False) -> HalfWidth:
    """Half width at a height, through the knots without overshoot (cosine steps).

    What `opens` at the waist widens there at once; what doesn't, follows the body inwards first.
    """

    def slope_after(i: int) -> float:
        """How fast it widens in the piece after number `i`: there it has to go on so."""
        if i + 2 >= len(knots):
            return 0.0
        (y0, w0), (y1, w1) = knots[i + 1 : i + 3]
        return (w1 - w0) / max(y1 - y0, 1e-6)

    @cache  # patterns ask for the same heights again and again
    def half_width(y: float) -> float:
        if y <= knots[0][0]:
            return knots[0][1]
        for i, ((y0, w0), (y1, w1)) in enumerate(pairwise(knots)):
            if y <= y1:
                share = (y - y0) / (y1 - y0) if y1 > y0 else 1.0
                if opens and w1 > w0 and y0 >= WAIST - 2 and y1 <= HIP:
                    steady = min(max(slope_after(i) * (y1 - y0) / (w1 - w0), 0.3), 1.0)
                    rounded = math.sin(math.pi / 2 * share)
                    return w0 + (w1 - w0) * (steady * share + (1 - steady) * rounded)
                widens = w1 > w0 and (y0 >= HIP or (opens and y0 >= WAIST))
                return w0 + (w1 - w0) * (share if widens else _eased(share))
        return knots[-1][1]

    return half_width


def opens_at_the_waist(spec: DesignSpec) -> bool:
    """Whether it widens from a band, a seam or the waist of trousers below."""
    return spec["category"] not in ("dress", "coat", "kimono") or spec["silhouette"] in (
        "full",
        "tiered",
    )


def _eased(share: float) -> float:
    return (1 - math.cos(math.pi * share)) / 2


def body_knots(spec: DesignSpec, figure: Figure) -> list[Knot]:
    """Widths from the bust (a skirt: from the waist) to the hem; legs of a jumpsuit apart."""
    bust, waist, hip = _body_widths(spec, figure)
    if spec["category"] == "cape":
        return _flared(_cape_knots(spec, figure), spec)
    if spec["category"] == "swimsuit":
        return [(BUST, bust), (WAIST, waist), (HIP, hip), (hem_height(spec), hip)]
    if spec["category"] == "skirt":
        band = figure.waist + 0.8
        knots = [(WAIST - 2, band), (WAIST + _BAND, band + 0.6)]
    else:
        knots = [(BUST, bust), *_laced(spec, figure), (WAIST, waist)]
    if spec["category"] in SKIRTED:
        return _flared(knots + _skirt_knots(spec, waist, hip), spec)
    if spec["category"] == "jumpsuit":
        hip = max(waist, figure.hip + 0.3 + 0.4 * ease(spec)[2])  # legs hang from it, no skirt
        return [*knots, (HIP, hip), (CROTCH, hip + 0.5)]
    hem = hem_height(spec)
    if spec["waist"] == "peplum":
        return _flared([*knots, (WAIST + 1.5, waist + 1.5), (hem, waist + 14)], spec)
    if hem > HIP:
        return _flared([*knots, (HIP, hip), (hem, hip + 1.5)], spec)
    return _flared(
        [*knots, (hem, smooth([*knots, (HIP, hip)], opens_at_the_waist(spec))(hem))], spec
    )


def round_legs(knots: list[Knot], spec: DesignSpec, figure: Figure) -> list[Knot]:
    """The hem at least as wide as the legs, or the boots, that come out of it."""
    hem, half = knots[-1]
    if hem < CROTCH + 4:
        return knots
    room = 2.4 if spec["shoes"] == "boots" and hem > KNEE else 0.5
    return [*knots[:-1], (hem, max(half, figure.half_across_legs(hem) + room))]


def cape_shoulder(spec: DesignSpec, figure: Figure) -> float:
    """Half width of a cape where it has passed the shoulders: it hangs over the arms."""
    usual = figure.shoulder + 6.5 + 0.5 * ease(spec)[0]
    return max(usual, figure.half_across_arms(BUST) + 1.6)


def _cape_knots(spec: DesignSpec, figure: Figure) -> list[Knot]:
    """Over the arms, then straight outwards to the hem."""
    start, hem = cape_shoulder(spec, figure), hem_height(spec)
    room = 1.4 * (1 + spec.measures.ease)  # beyond the arms, which it has to clear
    elbow = max(start + 7.5, figure.half_across_arms(WAIST) + 1.6) + room
    below = [HIP, hem] if hem > HIP + 6 else [hem]
    return [
        (BUST, start),
        (WAIST, elbow),
        *[(y, max(elbow + 0.14 * (y - WAIST), figure.half_across_arms(y) + 1.6)) for y in below],
    ]


def _flared(knots: list[Knot], spec: DesignSpec) -> list[Knot]:
    """Wider or narrower towards the hem, and never wider than the page has room for."""
    seam, hem = max(seam_height(spec), WAIST), knots[-1][0]
    fall = max(hem - seam, 1.0)
    flare = _flare(spec, fall)
    start = seam if flare > 0 else max(seam, _BELOW_HIPS)  # it is not to be narrower than hips
    fall = max(hem - start, 1.0)
    widened = [(y, width + flare * max(0.0, (y - start) / fall)) for y, width in knots]
    return [(y, min(width, _WIDEST)) for y, width in widened]


def _flare(spec: DesignSpec, fall: float) -> float:
    """How far flare moves the hem's sides outwards."""
    return spec.measures.flare * (1.2 + _FLARES.get(spec["silhouette"], 0.02) * fall)


def _body_widths(spec: DesignSpec, figure: Figure) -> tuple[float, float, float]:
    """Half widths at bust, waist and hip."""
    bust_ease, waist_ease, hip_ease = ease(spec)
    if spec["category"] in ("coat", "jacket"):  # they are worn over other clothes
        bust_ease, waist_ease, hip_ease = bust_ease + 1.5, waist_ease + 2, hip_ease + 1.5
    bust, waist, hip = figure.bust + bust_ease, figure.waist + waist_ease, figure.hip + hip_ease
    drawn_in = spec["waist"] in ("gathered waist", "smocked waist")
    if spec["belt"] != NONE or drawn_in:  # below it cloth falls close again
        hip = min(hip, figure.hip + 5.0)
    if spec["category"] == "skirt" and spec["silhouette"] in _CLOSE:
        hip = figure.hip + 0.4 * hip_ease
    if spec["category"] == "swimsuit":
        close = 0.5 + 0.35 * spec.measures.ease
        return figure.bust + close, figure.waist + close, figure.hip + close
    if spec["category"] == "kimono":  # cut straight down, and held by its sash
        return bust, (bust + hip) / 2 - 2.5, hip + 1.0
    if spec["waist"] == "drop waist":
        return bust, (bust + hip) / 2, hip
    return bust, _drawn_in(spec, waist, figure, waist_ease), hip


def _laced(spec: DesignSpec, figure: Figure) -> list[Knot]:
    """A corset belt draws cloth in over its whole height."""
    if spec["belt"] != "corset belt":
        return []
    return [(WAIST - 10.0, figure.waist + 0.34 * (figure.bust - figure.waist) + 1.4)]


def _drawn_in(spec: DesignSpec, waist: float, figure: Figure, waist_ease: float) -> float:
    """The half width of the waist with what draws it in."""
    if spec["belt"] != NONE:
        waist = min(waist, figure.waist + 1.8 + 0.08 * waist_ease)
    if spec["waist"] == "gathered waist":
        waist = min(waist, figure.waist + 2.5 + 0.2 * waist_ease)
    if spec["waist"] == "smocked waist":
        waist = min(waist, figure.waist + 1.4 + 0.2 * waist_ease)
    return figure.waist + 0.5 if spec["trim"] == "cut-outs" else waist


@dataclass(frozen=True)
class _Skirt:
    """Heights of seam and hem, and half widths at waist and hip."""

    seam: float
    hem: float
    waist: float
    hip: float

    @property
    def fall(self) -> float:
        return self.hem - self.seam


def _skirt_knots(spec: DesignSpec, waist: float, hip: float) -> list[Knot]:
    skirt = _Skirt(seam_height(spec), hem_height(spec), waist, hip)
    silhouette = spec["silhouette"]
    if spec["waist"] == "empire waist" and silhouette in ("a-line", "full", "tiered"):
        return [(skirt.hem, min(waist + 0.26 * skirt.fall + 4, 45))]
    return _at_seam(spec, skirt) + _SILHOUETTES[silhouette](skirt)


def _at_seam(spec: DesignSpec, skirt: _Skirt) -> list[Knot]:
    if spec["waist"] == "peplum":
        return [
            (WAIST + 1.5, skirt.waist + 1.5),
            (WAIST + 20, skirt.hip + 10),
            (WAIST + 20.5, skirt.hip),
        ]
    return [(skirt.seam, skirt.hip)] if skirt.seam > WAIST else []


def _straight(skirt: _Skirt) -> list[Knot]:
    return [(HIP, skirt.hip), (skirt.hem, skirt.hip + 1)]


def _a_line(skirt: _Skirt) -> list[Knot]:
    return [(HIP, skirt.hip + 2), (skirt.hem, min(skirt.hip + 5 + 0.17 * skirt.fall, 46))]


def _full(skirt: _Skirt) -> list[Knot]:
    return [
        (skirt.seam + min(18, 0.5 * skirt.fall), max(skirt.waist, skirt.hip * 0.8) + 7),
        (skirt.hem, min(skirt.hip + 11 + 0.26 * skirt.fall, 50)),
    ]


def _pencil(skirt: _Skirt) -> list[Knot]:
    return [(HIP, skirt.hip - 0.3), (skirt.hem, skirt.hip - 0.055 * skirt.fall)]


def _mermaid(skirt: _Skirt) -> list[Knot]:
    turn = skirt.seam + 0.62 * skirt.fall
    return [(HIP, skirt.hip - 0.5), (turn, skirt.hip - 5), (skirt.hem, skirt.hip + 17)]


def _tiered(skirt: _Skirt) -> list[Knot]:
    first, second = (skirt.seam + skirt.fall * share for share in _TIERS)
    growth = min(0.07 * skirt.fall + 2.5, 9.0)
    base = max(skirt.waist + 3, skirt.hip * 0.85)
    below = min(14.0, 0.25 * skirt.fall)
    return [
        (skirt.seam + below, base if skirt.seam <= WAIST else skirt.hip),
        (first, base + growth),
        (first + 0.5, base + growth + 3.5),
        (second, base + 2 * growth + 3),
        (second + 0.5, base + 2 * growth + 6.5),
        (skirt.hem, base + 3 * growth + 6),
    ]


_SILHOUETTES: dict[str, Callable[[_Skirt], list[Knot]]] = {
    "straight": _straight,
    "a-line": _a_line,
    "full": _full,
    "pencil": _pencil,
    "mermaid": _mermaid,
    "tiered": _tiered,
}
