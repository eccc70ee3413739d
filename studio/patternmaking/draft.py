"""A design as a pattern maker sees it: every length and girth in centimetres, of one size.

Lengths run from the high point of the shoulder downwards, for skirts and trousers too: their waist
lies where that body's waist lies. Girths are whole and laid flat: what is drawn is half of them.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from studio.design.families import (
    BARE_NECKLINES,
    BOTTOMS,
    LEGGED,
    NO_SHOULDERS,
    NONE,
    SKIRTED,
    STRAPPED,
)
from studio.design.spec import DesignSpec
from studio.patternmaking import allowances as allow
from studio.patternmaking.body import Body
from studio.patternmaking.curves import Knot, monotone
from studio.patternmaking.landmarks import (
    LEG_ENDS,
    POINTS,
    SLEEVE_ENDS,
    down_cm,
    hem_height,
    levels,
    pointed,
)
from studio.patternmaking.sizes import BASE, Size

_EMPIRE, _DROPPED = 70.0, 104.0  # heights of these seams on the drawn figure
_RISES = {"asymmetric hem": 26.0, "high-low hem": 26.0, "handkerchief hem": 17.0}
"""Hem -> how much higher than its lowest point it is drawn."""
_DRAWN_IN = ("gathered waist", "peplum", "smocked waist", "elastic waist")
_ROLLED = ("notched lapels", "shawl collar")
_OUTER = ("jacket", "coat")
_USUAL_NECK = 16.5
_NEAR = 3.0  # knots nearer than this to the hem would make a corner
_BELOW_ARMHOLE = 2.5


@dataclass(frozen=True)
class Neck:
    """A neckline laid flat.

    Attributes:
        kind: the neckline's or the collar's value.
        width: between its sides at the shoulder.
        front: how far its front lies below the high point of the shoulder.
        back: likewise its back.
        collar: the collar's height at the back; 0 without one.
    """

    kind: str
    width: float
    front: float
    back: float
    collar: float


@dataclass(frozen=True)
class Sleeve:
    """A sleeve laid flat.

    Attributes:
        length: from the tip of the shoulder to its end, the cuff included.
        upper_arm: girth below the armhole.
        widest: girth where it is fullest.
        opening: girth of its end, or of the finished cuff.
        cuff: the cuff's height; 0 without one.
        gathered: whether a cuff or band gathers it.
    """

    length: float
    upper_arm: float
    widest: float
    opening: float
    cuff: float
    gathered: bool


@dataclass(frozen=True)
class Leg:
    """One leg laid flat.

    Attributes:
        rise: from the waist straight down to the crotch.
        inseam: from the crotch to the hem.
        knee_down: from the crotch to the knee.
        thigh: girth below the crotch.
        knee: girth at the knee; of shorts, where their hem is.
        hem: girth of the leg's opening.
    """

    rise: float
    inseam: float
    knee_down: float
    thigh: float
    knee: float
    hem: float


@dataclass(frozen=True)
class Draft:
    """One design in one size.

    Attributes:
        spec: the design.
        size: which size.
        knots: heights in cm and girths of the body's sides, from the top down.
        shoulder: from tip to tip.
        shoulder_drop: how far the tip lies below the high point of the shoulder.
        underarm: height of the underarm.
        seam: height of the seam between bodice and skirt, or of the waist.
        hem: height of the lowest point of the hem; of trousers, of the hem of the legs.
        short_hem: height of its highest point.
        fullness: how many times as long the cloth along the hem is as the hem laid flat.
        neck: the neckline; None for skirts and trousers.
        sleeve: one sleeve; None without.
        leg: one leg; None without.
    """

    spec: DesignSpec
    size: Size
    knots: tuple[Knot, ...]
    shoulder: float
    shoulder_drop: float
    underarm: float
    seam: float
    hem: float
    short_hem: float
    fullness: float
    neck: Neck | None
    sleeve: Sleeve | None
    leg: Leg | None

    @cached_property
    def body(self) -> Body:
        """The body that it is made for."""
        return Body(self.size)

    @cached_property
    def levels(self) -> dict[str, float]:
        """Landmark of the body -> how far it lies below the high point of the shoulder."""
        return levels(self.body)

    @property
    def waist(self) -> float:
        """Height of the body's waist."""
        return self.levels["waist"]

    @property
    def hip(self) -> float:
        """Height of the body's hip."""
        return self.levels["hip"]

    @property
    def crotch(self) -> float:
        """Height of the crotch; of the body's, where the garment has none."""
        return self.levels["crotch"] if self.leg is None else self.waist + self.leg.rise

    @property
    def top(self) -> float:
        """Height of the upper end of the sides."""
        return self.knots[0][0]

    def girth(self, height: float) -> float:
        """The girth at a height: a smooth curve through the knots."""
        return monotone(self.knots, height)

    def has(self, family: str, *values: str) -> bool:
        """Whether the design's value of this family is one of these."""
        return self.spec[family] in values

    @property
    def hangs_from_shoulders(self) -> bool:
        """Whether there is a high point of the shoulder to measure from."""
        return self.neck is not None and not (
            self.has("neckline", *NO_SHOULDERS)
            or (self.has("neckline", *STRAPPED) and self.sleeve is None)
        )


@lru_cache(maxsize=1024)
def draft_of(spec: DesignSpec, size: Size = BASE) -> Draft:
    """Work out a design in a size."""
    body = Body(size)
    at = levels(body)
    leg = _leg(spec, body) if spec["category"] in LEGGED else None
    seam = _seam(spec, body)
    underarm = _underarm(spec, body)
    hem = at["waist"] + leg.rise + leg.inseam if leg else _hem(spec, body)
    knots, fullness = _sides(spec, body, leg, (underarm, seam, hem))
    return Draft(
        spec=spec,
        size=size,
        knots=tuple(knots),
        shoulder=_shoulder(spec, body),
        shoulder_drop=_shoulder_drop(spec, body),
        underarm=underarm,
        seam=seam,
        hem=hem,
        short_hem=_short_hem(spec, body, hem),
        fullness=fullness,
        neck=None if spec["category"] in BOTTOMS else _neck(spec, body),
        sleeve=_sleeve(spec, body),
        leg=leg,
    )


def _hem(spec: DesignSpec, body: Body) -> float:
    """The lowest point of a garment without legs."""
    return down_cm(hem_height(spec) + POINTS * pointed(spec), body)


def ease_of(spec: DesignSpec) -> allow.Ease:
    """Room round bust, waist and hip: by fit, fabric, and the design's own measure."""
    usual = allow.EASE[spec["category"]][spec["fit"]]
    cloth = allow.FABRIC_EASE.get(spec["fabric"], 0.0)
    share = 1 + allow.EASE_SHARE * spec.measures.ease
    more = allow.EASE_MORE * spec.measures.ease
    if spec["category"] in BOTTOMS:  # the waistband holds them up
        return allow.Ease(0.0, usual.waist, max(usual.hip * share + more + cloth, 1.0))
    bust, waist, hip = (max(part * share + more + cloth, -2.0) for part in usual)
    return allow.Ease(bust, waist, hip)


def _seam(spec: DesignSpec, body: Body) -> float:
    if spec["waist"] == "empire waist":
        return down_cm(_EMPIRE, body)
    return down_cm(_DROPPED, body) if spec["waist"] == "drop waist" else levels(body)["waist"]


def _outer(spec: DesignSpec) -> bool:
    return spec["category"] in _OUTER


def _underarm(spec: DesignSpec, body: Body) -> float:
    if spec["category"] == "cape":
        return body["shoulder drop"] + allow.CAPE_ROUND
    above_nape = body["high shoulder point to waist"] - body["nape to waist"]
    more = allow.ARMHOLE_MORE[spec["fit"]] if spec["sleeve length"] != "sleeveless" else 0.5
    if spec["sleeve shape"] == "kimono sleeves":
        more += allow.KIMONO_ARMHOLE
    return body["armscye depth"] + above_nape + more + allow.OUTER_ARMHOLE * _outer(spec)


def _shoulder(spec: DesignSpec, body: Body) -> float:
    if spec["category"] == "cape":
        return body["shoulder width"] + allow.CAPE_SHOULDER
    if spec["sleeve length"] == "sleeveless":
        more = 0.5 * allow.SHOULDER_MORE[spec["fit"]]
        return body["shoulder width"] + allow.BARE_SHOULDER + more
    puffed = allow.PUFFED_SHOULDER * (spec["sleeve shape"] == "puff sleeves")
    more = allow.SHOULDER_MORE[spec["fit"]] + allow.OUTER_SHOULDER * _outer(spec)
    return body["shoulder width"] + more + puffed


def _shoulder_drop(spec: DesignSpec, body: Body) -> float:
    """A wide neckline leaves a short shoulder, which falls less."""
    usual = body["shoulder width"] - _USUAL_NECK
    if spec["category"] in BOTTOMS or spec["neckline"] in NO_SHOULDERS:
        return body["shoulder drop"]
    seam = _shoulder(spec, body) - _neck(spec, body).width
    return body["shoulder drop"] * max(seam / usual, 0.3)


def _short_hem(spec: DesignSpec, body: Body, hem: float) -> float:
    rise = _RISES.get(spec["hem"], 0.0)
    return hem if not rise else down_cm(hem_height(spec) - rise, body)


# --- Sides ---------------------------------------------------------------------------------


def _sides(
    spec: DesignSpec, body: Body, leg: Leg | None, heights: tuple[float, float, float]
) -> tuple[list[Knot], float]:
    """Heights and girths from the top down, and the fullness of the hem."""
    underarm, seam, hem = heights
    at, ease = levels(body), ease_of(spec)
    bust, hip = body["bust"] + ease.bust, body["hip"] + ease.hip
    waist = _waist_girth(spec, body, (bust, hip))
    if spec["category"] == "cape":
        start = 2 * _shoulder(spec, body) + 4 * allow.CAPE_ASIDE + 0.4 * ease.bust
        return [(underarm, start), (hem, _cape_hem(spec, start, hem - underarm))], 1.0
    if leg is not None:
        trunk = [(at["waist"], waist), (at["hip"], hip), (at["waist"] + leg.rise, hip + 2.0)]
        return _from_the_top(spec, trunk, underarm, bust), 1.0
    if spec["category"] in SKIRTED:
        skirt, fullness = _skirt(spec, (waist, hip), (at["waist"], at["hip"], seam, hem))
        return _from_the_top(spec, skirt, underarm, bust), fullness
    if spec["waist"] == "peplum":
        flared = (hip + allow.PEPLUM_MORE) * _flare(spec)
        knots = [(at["waist"], waist), (max(hem, at["waist"] + 8.0), flared)]
        return _from_the_top(spec, knots, underarm, bust), allow.PEPLUM_FULLNESS
    whole = _from_the_top(
        spec,
        [(at["waist"], waist), (at["hip"], hip), (at["hip"] + 30.0, hip + 3.0)],
        underarm,
        bust,
    )
    end = monotone(whole, hem) * (1 + 0.3 * (_flare(spec) - 1))
    return [*(knot for knot in whole if knot[0] < hem - _NEAR), (hem, end)], 1.0


def _cape_hem(spec: DesignSpec, start: float, fall: float) -> float:
    return start + 4 * allow.CAPE_FLARE * fall * _flare(spec)


def _from_the_top(spec: DesignSpec, knots: list[Knot], underarm: float, bust: float) -> list[Knot]:
    """The sides from the underarm; those of skirts and trousers begin at the waist."""
    if spec["category"] in BOTTOMS:
        return knots
    return [(underarm, bust), (underarm + _BELOW_ARMHOLE, bust), *knots]


def _waist_girth(spec: DesignSpec, body: Body, girths: tuple[float, float]) -> float:
    bust, hip = girths
    ease = ease_of(spec)
    if spec["waist"] == "drop waist":
        return (bust + hip) / 2 - 2.0
    if spec["category"] == "kimono":
        return (bust + hip) / 2 - 4.0
    usual = body["waist"] + ease.waist
    if spec["trim"] == "cut-outs":
        return body["waist"] + 3.0
    if spec["waist"] in _DRAWN_IN or spec["belt"] != NONE:
        drawn_in = body["waist"] + (2.0 if spec["category"] in BOTTOMS else 6.0)
        return min(usual, drawn_in)
    return usual


def _flare(spec: DesignSpec) -> float:
    return 1 + allow.HEM_FLARE * spec.measures.flare


def _skirt(
    spec: DesignSpec, girths: tuple[float, float], heights: tuple[float, float, float, float]
) -> tuple[list[Knot], float]:
    """From the waist to the hem: the silhouette, whatever seam the skirt hangs from."""
    waist, hip = girths
    at_waist, at_hip, seam, hem = heights
    shape = allow.SKIRTS[spec["silhouette"]]
    fall = max(hem - at_hip, 0.0)
    more = shape.more * (0.6 if _outer(spec) else 1.0)
    girth = (hip + more + shape.per_cm * fall) * _flare(spec)
    girth = max(girth, hip * 0.8)
    fullness = allow.PLEAT_FULLNESS.get(spec["pleats"], shape.fullness)
    if seam < at_waist - 1 and spec["silhouette"] in ("a-line", "full", "tiered"):
        return [(seam, waist + 4.0), (hem, girth)], fullness
    if spec["silhouette"] == "mermaid":
        turn = at_waist + 0.6 * (hem - at_waist)
        return [(at_waist, waist), (at_hip, hip), (turn, hip - 10.0), (hem, girth)], fullness
    if spec["silhouette"] == "full" and seam <= at_waist:
        middle = at_waist + 0.35 * (hem - at_waist)
        return [(at_waist, waist), (middle, waist + 0.5 * (girth - waist)), (hem, girth)], fullness
    if spec["silhouette"] == "tiered" and seam <= at_waist:
        return [(at_waist, waist), (at_waist + 4.0, hip - 4.0), (hem, girth)], fullness
    return [(at_waist, waist), (at_hip, hip), (hem, girth)], fullness


# --- Neck, sleeves, legs -------------------------------------------------------------------


def _neck(spec: DesignSpec, body: Body) -> Neck:
    kind = spec["neckline"] if spec["neckline"] != NONE else spec["collar"]
    usual = allow.NECKLINES[kind]
    grown = body["neck base"] / Body()["neck base"]
    front = usual.front * grown
    if kind in _ROLLED:  # they break above the waist's button, or nearer to a short hem
        above = 14.0 if spec["length"] == "cropped" else 5.0
        front = body["high shoulder point to waist"] - above
    elif kind in BARE_NECKLINES:
        front = usual.front * body["armscye depth"] / Body()["armscye depth"]
    front += usual.reach * spec.measures.neck_depth
    width = usual.width * grown
    if kind in (*NO_SHOULDERS, *STRAPPED):
        width = usual.width * body["shoulder width"] / Body()["shoulder width"]
    return Neck(kind, width, front, usual.back, allow.COLLAR_HEIGHTS.get(kind, 0.0))


def _sleeve(spec: DesignSpec, body: Body) -> Sleeve | None:
    if spec["sleeve length"] in (NONE, "sleeveless"):
        return None
    shape, cuffs = spec["sleeve shape"], spec["cuffs"]
    place, reach = SLEEVE_ENDS.get(shape, SLEEVE_ENDS[spec["sleeve length"]])
    place += reach * spec.measures.sleeve_length
    length = place * body["shoulder to wrist"] + (1.0 if _outer(spec) else 0.0)
    if spec["fit"] == "oversized":  # the shoulder drops, and takes half of that from the sleeve
        length -= allow.SHOULDER_MORE["oversized"] / 2
    upper_arm = body["upper arm"] + allow.SLEEVE_EASE[spec["fit"]]
    upper_arm += allow.OUTER_SLEEVE * _outer(spec) + (
        -3.0 if spec["fabric"] in ("knit", "ribbed") else 0.0
    )
    volume = allow.SLEEVE_VOLUME[shape] * (
        1 + 2 * allow.SLEEVE_VARIES * spec.measures.sleeve_volume
    )
    upper_arm *= 1 + allow.SLEEVE_VARIES / 3 * spec.measures.sleeve_volume
    if shape == "kimono sleeves":
        upper_arm += volume
        return Sleeve(length, upper_arm, upper_arm, upper_arm, 0.0, False)
    plain = _plain_end(spec, body, upper_arm, min(place, 1.0))
    short = spec["sleeve length"] == "short sleeves"
    gathered = shape in ("puff sleeves", "bishop sleeves")
    buttoned = spec["category"] == "shirt" and shape == "straight sleeves" and place > 0.9
    cuffed = gathered or cuffs != NONE or buttoned
    if not cuffed:
        flared = volume if shape in ("bell sleeves", "flutter sleeves") else 0.0
        opening = (upper_arm if flared and short else plain) + flared
        return Sleeve(length, upper_arm, max(upper_arm, opening), opening, 0.0, False)
    if short:
        opening = body["upper arm"] + allow.SHORT_CUFF
        return Sleeve(length, upper_arm, upper_arm + volume, opening, 2.5, True)
    arm = body["wrist"] + (1 - min(place, 1.0)) * (body["upper arm"] - body["wrist"])
    opening = arm + allow.CUFF_EASE[cuffs]
    widest = upper_arm + volume
    return Sleeve(length, upper_arm, widest, opening, allow.CUFF_HEIGHTS[cuffs], gathered)


def _plain_end(spec: DesignSpec, body: Body, upper_arm: float, place: float) -> float:
    """Girth of a straight sleeve's end: between the upper arm and the wrist."""
    wrist = body["wrist"] + allow.WRIST_EASE[spec["fit"]] + allow.OUTER_SLEEVE * _outer(spec)
    down = min(max((place - 0.3) / 0.7, 0.0), 1.0)
    return upper_arm + (wrist - upper_arm) * down


def _leg(spec: DesignSpec, body: Body) -> Leg:
    kind = (
        LEG_ENDS["shorts"]
        if spec["category"] == "shorts" or spec["length"] == "mini"
        else LEG_ENDS.get(spec["length"], LEG_ENDS[spec["leg"]])
    )
    end = kind[0] + kind[1] * spec.measures.length
    jumpsuit = spec["category"] == "jumpsuit"
    more = allow.RISE_MORE[spec["fit"]] + allow.JUMPSUIT_RISE * jumpsuit
    inseam = end * body.inseam - more
    widths = allow.LEGS[spec["leg"]]
    grown = body["thigh"] / Body()["thigh"]
    fit = allow.LEG_FIT[spec["fit"]] + 1.5 * spec.measures.ease
    fit *= {"skinny": 0.5, "leggings": 0.0}.get(spec["leg"], 1.0)
    thigh = body["thigh"] + widths.thigh_ease + fit
    knee = widths.knee * grown + fit
    if spec["leg"] == "joggers":  # the cuff's opening is ribbed, whatever the leg has
        return Leg(
            body["body rise"] + more,
            inseam,
            body["waist to knee"] - body["body rise"] - more,
            thigh,
            knee,
            widths.hem * grown + (4.0 if spec["length"] == "cropped" else 0.0),
        )
    hem = (widths.hem * grown + 0.5 * fit) * (1 + allow.HEM_FLARE * spec.measures.flare)
    knee_down = body["waist to knee"] - body["body rise"] - more
    if inseam <= knee_down:  # shorts end before the knee
        wide = 6.0 if spec["leg"] == "wide-leg" else 1.0
        hem = thigh + (knee - thigh) * (inseam / knee_down) * 0.4 + wide
        hem *= 1 + allow.HEM_FLARE * spec.measures.flare
        return Leg(body["body rise"] + more, inseam, inseam, thigh, hem, hem)
    full = body.inseam - more - body["ankle height"]
    share = min(max((inseam - knee_down) / (full - knee_down), 0.0), 1.0)
    hem = knee + (hem - knee) * share
    return Leg(body["body rise"] + more, inseam, knee_down, thigh, knee, hem)
