"""The legs of trousers, shorts and jumpsuits."""

from studio.design.spec import DesignSpec
from studio.drawing.cutting.hemlines import LowerEdge
from studio.drawing.figure import CENTRE, CROTCH, LEFT, RIGHT, Figure, leg_half_width
from studio.drawing.limbs import HalfWidth, edges

_WIDTHS = {  # half widths at thigh, knee and ankle
    "skinny": (8.4, 5.9, 3.8),
    "straight-leg": (9.0, 8.2, 7.8),
    "wide-leg": (9.6, 12.0, 15.5),
    "flared": (8.8, 6.8, 16.5),
}
_EASE = {"slim fit": 0.0, "regular fit": 1.2, "oversized": 3.4}


def legs(spec: DesignSpec, figure: Figure) -> LowerEdge:
    """Both legs, from the right hip round to the left one."""
    half_width, end = _half_width(spec, figure), _end(spec)
    left = edges(figure.legs[LEFT], half_width, 0.12, end)
    right = edges(figure.legs[RIGHT], half_width, 0.12, end)
    left_outer, right_outer = [pair[1] for pair in left], [pair[0] for pair in right]
    # Above the crotch the inner edges would cross, and below they must not.
    left_inner = [(min(x, CENTRE - 0.6), y) for (x, y), _ in left if y > CROTCH + 6]
    right_inner = [(max(x, CENTRE + 0.6), y) for _, (x, y) in right if y > CROTCH + 6]
    points = [
        *right_outer[1:],
        *reversed(right_inner),
        (CENTRE, CROTCH + 5.0),
        *left_inner,
        *reversed(left_outer[1:]),
    ]
    hem_line = [right_outer[-1], right_inner[-1], left_inner[-1], left_outer[-1]]
    hem = max(y for _, y in hem_line)
    return LowerEdge(points, hem_line, hem, CROTCH - 8, CROTCH - 8)


def _end(spec: DesignSpec) -> float:
    length = spec.measures.length
    if spec["category"] == "shorts":
        return 0.29 + 0.08 * length
    return 0.98 + 0.03 * length if spec["length"] == "full-length" else 0.74 + 0.08 * length


def _half_width(spec: DesignSpec, figure: Figure) -> HalfWidth:
    thigh, knee, ankle = _WIDTHS[spec["leg"]]
    ankle = max(ankle * (1 + 0.22 * spec.measures.flare), 3.4)
    ease = (_EASE[spec["fit"]] + 0.8 * spec.measures.ease) * (0.5 if spec["leg"] == "skinny" else 1)
    bare = leg_half_width(figure)

    def half_width(place: float) -> float:
        if place < 0.5:
            width = thigh + (knee - thigh) * (place / 0.5)
        else:
            width = knee + (ankle - knee) * ((place - 0.5) / 0.5) ** 1.3
        return max((width + ease) * (0.75 + 0.25 * figure.limb), bare(place) + 0.8)

    return half_width
