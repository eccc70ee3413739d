"""Where a design begins and ends: heights of the drawn figure, and the same on a body in cm.

The croquis stands 8.5 heads high, so its units are no centimetres: each landmark of the figure is
laid on the same landmark of the body, and what lies between is divided in proportion.
"""

from collections.abc import Mapping
from itertools import pairwise

from studio.design.spec import DesignSpec
from studio.patternmaking.body import Body

HEM_HEIGHTS = {
    "cropped": 90.0,
    "hip-length": 110.0,
    "longline": 132.0,
    "mini": 136.0,
    "knee-length": 166.0,
    "midi": 192.0,
    "maxi": 218.0,
}
"""Length -> height of the hem on the figure, unless the garment has legs."""
HEM_REACH = {
    "cropped": 5.0,
    "hip-length": 7.0,
    "longline": 8.0,
    "mini": 9.0,
    "knee-length": 10.0,
    "midi": 9.0,
    "maxi": 8.0,
}
"""Length -> how far a hem of its name may lie above or below its usual place."""

FIGURE: dict[str, float] = {
    "high shoulder point": 41.3,
    "waist": 84.0,
    "hip": 104.0,
    "crotch": 118.0,
    "knee": 171.0,
    "ankle": 225.0,
    "floor": 243.0,
}
"""Landmark -> its height on the drawn figure; y grows downwards."""

POINTS = 7.0
"""How far the points of a waistcoat's front reach below its sides."""


def hem_height(spec: DesignSpec) -> float:
    """Where the garment ends on the figure, unless it has legs."""
    if spec["category"] == "swimsuit":
        return FIGURE["crotch"] + 2.0
    return HEM_HEIGHTS[spec["length"]] + spec.measures.length * HEM_REACH[spec["length"]]


def pointed(spec: DesignSpec) -> bool:
    """Whether the front ends in two points: a tailored waistcoat does."""
    tailored = spec["closure"] in ("button front", "double-breasted")
    soft = spec["fabric"] in ("knit", "quilted", "faux fur") or spec["collar"] == "hood"
    return spec["category"] == "waistcoat" and tailored and not soft


def leg_cut(spec: DesignSpec) -> float:
    """How far above the crotch a swimsuit's leg openings end at its sides, in cm."""
    return 24.5 - 3.5 * spec.measures.length


def levels(body: Body) -> dict[str, float]:
    """Landmark -> cm below the high point of the shoulder, on a body."""
    waist = body["high shoulder point to waist"]
    floor = waist + body["waist to floor"]
    return {
        "high shoulder point": 0.0,
        "waist": waist,
        "hip": waist + body["waist to hip"],
        "crotch": waist + body["body rise"],
        "knee": waist + body["waist to knee"],
        "ankle": floor - body["ankle height"],
        "floor": floor,
    }


def down_cm(height: float, body: Body) -> float:
    """How far below the high point of the shoulder a height of the figure lies on a body, in cm."""
    at = levels(body)
    for upper, lower in pairwise(FIGURE):
        if height <= FIGURE[lower] or lower == "floor":
            share = (height - FIGURE[upper]) / (FIGURE[lower] - FIGURE[upper])
            return at[upper] + share * (at[lower] - at[upper])
    raise AssertionError("the figure has no landmarks")


LEG_ENDS: Mapping[str, tuple[float, float]] = {
    "shorts": (0.2, 0.08),
    "cropped": (0.7, 0.07),
    "skinny": (0.905, 0.04),
    "straight-leg": (0.955, 0.03),
    "wide-leg": (0.975, 0.02),
    "flared": (0.975, 0.02),
    "leggings": (0.905, 0.03),
    "joggers": (0.915, 0.03),
}
"""Shorts, cropped legs, or the kind of full-length leg -> where it usually ends as a share of the
way from the crotch to the floor, and how far it may end above or below that. A judgement: skinny
legs end at the ankle, wide ones 2 cm above the floor."""

SLEEVE_ENDS: Mapping[str, tuple[float, float]] = {
    "short sleeves": (0.4, 0.1),
    "three-quarter sleeves": (0.74, 0.07),
    "long sleeves": (1.0, 0.05),
    "flutter sleeves": (0.32, 0.07),
    "cap sleeves": (0.16, 0.03),
}
"""Sleeves -> where they end as a share of the way from shoulder to wrist, and how far that may
vary."""
