"""The upper edges of a flat: shoulders, armholes and necklines, and the waist of bottoms."""

import math
from dataclasses import dataclass

import numpy as np

from studio.drawing.flats.ink import mirrored
from studio.drawing.lines import Line, at, line, shares
from studio.patternmaking.draft import Draft


@dataclass(frozen=True)
class NeckEdges:
    """The upper edge, from the left underarm to the right one.

    Attributes:
        opening: the neckline, from left to right.
        shoulder: the right shoulder's seam, from the neck to its tip; empty without one.
        armhole: the right armhole, from the tip or the upper edge down to the underarm; empty for
            bottoms and strapless garments.
        one_sided: whether only the right side of the front has a shoulder.
        mirror: -1 where the side with the shoulder lies on the left.
    """

    opening: Line
    shoulder: Line
    armhole: Line
    one_sided: bool = False
    mirror: int = 1

    @property
    def runs(self) -> list[Line]:
        """All of it in runs that meet at corners."""
        right = [run for run in (self.shoulder, self.armhole) if len(run)]
        if not self.one_sided:
            left = [mirrored(run)[::-1] for run in reversed(right)]
            return [*left, self.opening, *right]
        if self.mirror > 0:
            return [self.opening, *right]
        return [*[mirrored(run)[::-1] for run in reversed(right)], self.opening]


NOTHING: Line = np.zeros(0, dtype=complex)


def neck_edges(draft: Draft, back: bool) -> NeckEdges:
    """The edges of one side of a garment."""
    if draft.neck is None:
        return _waist(draft)
    bare = _BARE.get(draft.neck.kind)
    if bare is not None:
        return bare(draft, back)
    shoulder, armhole = _shoulder(draft), _armhole(draft)
    return NeckEdges(_opening(draft, back), shoulder, armhole)


def _waist(draft: Draft) -> NeckEdges:
    half = draft.girth(draft.waist) / 4
    return NeckEdges(
        at(half * shares(5, -1.0, 1.0), draft.waist + 0.7 * np.array([0, 0.75, 1, 0.75, 0])),
        NOTHING,
        NOTHING,
    )


def underarm(draft: Draft) -> complex:
    """The right end of the upper edge."""
    return complex(draft.girth(draft.underarm) / 4, draft.underarm)


def tip(draft: Draft) -> complex:
    """The tip of the right shoulder."""
    return complex(draft.shoulder / 2, draft.shoulder_drop)


def _shoulder(draft: Draft) -> Line:
    width = draft.neck.width if draft.neck else 0.0
    return np.array([complex(width / 2, 0.0), tip(draft)])


def _armhole(draft: Draft) -> Line:
    """From the tip of the shoulder, hollow towards the body, down to the underarm."""
    start, end = tip(draft), underarm(draft)
    if draft.has("category", "cape"):  # no armhole: the edge goes round over the arm
        t = shares(7)
        round_ = complex(start.real + 0.75 * (end.real - start.real), start.imag + 3.0)
        return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * round_ + t * t * end)
    inner = min(start.real, end.real) - (1.4 if draft.sleeve else 0.9)
    fall = end.imag - start.imag
    shares_of = ((0.3, 0.1), (0.56, 0.06), (0.78, 0.3), (0.92, 0.66))
    between = [
        complex(inner + (end.real - inner) * aside, start.imag + fall * down)
        for down, aside in shares_of
    ]
    return np.array([start, *between, end])


# --- Necklines -----------------------------------------------------------------------------


def _opening(draft: Draft, back: bool) -> Line:
    """From left to right."""
    assert draft.neck is not None
    half = draft.neck.width / 2
    if back:
        return _bowl(half, draft.neck.back, 2.6)
    right = _FRONTS.get(draft.neck.kind, _round)(half, draft.neck.front)
    return np.concatenate([mirrored(right)[:0:-1], right])


def _bowl(half: float, depth: float, power: float) -> Line:
    """A round edge that hangs between two points; a higher power makes it fuller."""
    t = shares(17, -math.pi / 2, math.pi / 2)
    x = np.sign(np.sin(t)) * np.abs(np.sin(t)) ** (2 / power)
    y = np.cos(t) ** (2 / power)
    return at(half * x, depth * y)


def _round(half: float, depth: float) -> Line:
    return _bowl(half, depth, 2.2)[8:]


def _scoop(half: float, depth: float) -> Line:
    return _bowl(half, depth, 2.8)[8:]


def _vee(half: float, depth: float) -> Line:
    t = shares(6)
    return at(half * t + 0.5 * np.sin(np.pi * t), depth * (1 - t))


def _square(half: float, depth: float) -> Line:
    return line((0.0, depth), (half * 0.9, depth), (half, 0.0))


_FRONTS = {
    "v-neck": _vee,
    "plunging neck": _vee,
    "shawl collar": _vee,
    "sailor collar": _vee,
    "shirt collar": _vee,
    "notched lapels": _vee,
    "scoop neck": _scoop,
    "square neck": _square,
}


# --- Bare shoulders ------------------------------------------------------------------------


def _off_shoulder(draft: Draft, back: bool) -> NeckEdges:
    assert draft.neck is not None
    depth = draft.neck.front
    end = underarm(draft)
    edge = complex(draft.shoulder / 2 - 1.0, depth - 2.0)
    t = shares(9, -1.0, 1.0)
    sag = 2.0 if not back else 1.2
    opening = at(edge.real * t, edge.imag + sag * (1 - t * t))
    armhole = np.array(
        [
            edge,
            complex(edge.real - 0.6, (edge.imag + end.imag) / 2),
            (edge + 3 * end) / 4 + 0.3j,
            end,
        ]
    )
    return NeckEdges(opening, NOTHING, armhole)


def _halter(draft: Draft, back: bool) -> NeckEdges:
    assert draft.neck is not None
    end = underarm(draft)
    if back:
        t = shares(9, -1.0, 1.0)
        return NeckEdges(
            at(end.real * t, end.imag + 2.4 * (1 - t * t) * np.abs(1 - t * t)), NOTHING, NOTHING
        )
    half = draft.neck.width / 2
    t = shares(7)
    right = at(1.6 + (half - 1.6) * t**0.8, draft.neck.front * (1 - t) - 0.5 * t)
    right[0] = complex(0.0, draft.neck.front + 0.8)
    opening = np.concatenate([mirrored(right)[:0:-1], right])
    strap = complex(half + 2.2, 0.6)
    armhole = np.array(
        [
            strap,
            complex(half + 3.0, 8.0),
            complex(half + 5.4, 15.0),
            complex(end.real - 5.0, end.imag - 3.4),
            end,
        ]
    )
    return NeckEdges(opening, np.array([right[-1], strap]), armhole)


def _sweetheart(draft: Draft, back: bool) -> NeckEdges:
    assert draft.neck is not None
    end, depth = underarm(draft), draft.neck.front + 1.5
    if draft.sleeve is not None:
        return _sweetheart_with_straps(draft, back)
    if back:
        t = shares(9, -1.0, 1.0)
        return NeckEdges(at(end.real * t, end.imag + 1.2 * (1 - t * t)), NOTHING, NOTHING)
    peak = end.real * 0.5
    right = line(
        (0.0, depth),
        (peak * 0.3, depth - 3.0),
        (peak * 0.75, depth - 5.6),
        (peak * 1.25, depth - 5.8),
        (peak * 1.65, depth - 3.2),
        (end.real, end.imag),
    )
    return NeckEdges(np.concatenate([mirrored(right)[:0:-1], right]), NOTHING, NOTHING)


def _sweetheart_with_straps(draft: Draft, back: bool) -> NeckEdges:
    assert draft.neck is not None
    half, depth = draft.neck.width / 2, draft.neck.front
    if back:
        opening = _bowl(half, 6.0, 3.0)
    else:
        right = line(
            (0.0, depth),
            (half * 0.3, depth - 3.2),
            (half * 0.62, depth - 4.6),
            (half * 0.9, depth - 5.2),
            (half * 0.97, depth * 0.4),
            (half, 0.0),
        )
        opening = np.concatenate([mirrored(right)[:0:-1], right])
    return NeckEdges(opening, _shoulder(draft), _armhole(draft))


def _side_to_side(draft: Draft) -> NeckEdges:
    """The upper edge of a back that ends below the shoulder blades."""
    end, t = underarm(draft), shares(9, -1.0, 1.0)
    return NeckEdges(at(end.real * t, end.imag + 1.2 * (1 - t * t)), NOTHING, NOTHING)


def _strapless(draft: Draft, back: bool) -> NeckEdges:
    assert draft.neck is not None
    if back:
        return _side_to_side(draft)
    end, depth = underarm(draft), draft.neck.front
    high = (depth * 0.7 + end.imag * 0.3, depth * 0.96 + end.imag * 0.04)
    right = line(
        (0.0, depth), (end.real * 0.5, high[1]), (end.real * 0.84, high[0]), (end.real, end.imag)
    )
    return NeckEdges(np.concatenate([mirrored(right)[:0:-1], right]), NOTHING, NOTHING)


def _camisole(draft: Draft, back: bool) -> NeckEdges:
    """Points that thin straps hang from."""
    assert draft.neck is not None
    if back:
        return _side_to_side(draft)
    end, depth, root = underarm(draft), draft.neck.front, strap_root(draft)
    right = np.array(
        [
            complex(0.0, depth),
            complex(root.real * 0.5, depth - 2.2),
            root,
            complex(root.real + 3.4, root.imag + 3.2),
            end,
        ]
    )
    return NeckEdges(np.concatenate([mirrored(right)[:0:-1], right]), NOTHING, NOTHING)


def _cowl(draft: Draft, back: bool) -> NeckEdges:
    assert draft.neck is not None
    if draft.sleeve is not None:
        half = draft.neck.width / 2
        depth = draft.neck.back if back else draft.neck.front
        return NeckEdges(_bowl(half, depth, 2.4), _shoulder(draft), _armhole(draft))
    if back:
        return _side_to_side(draft)
    end, depth, root = underarm(draft), draft.neck.front, strap_root(draft)
    bowl = root.imag * 1j + _bowl(root.real, depth - root.imag, 2.2)[8:]
    right = np.concatenate([bowl, [complex(root.real + 3.4, root.imag + 3.2), end]])
    return NeckEdges(np.concatenate([mirrored(right)[:0:-1], right]), NOTHING, NOTHING)


def strap_root(draft: Draft) -> complex:
    """Where a thin strap leaves the right half of the front."""
    end = underarm(draft)
    return complex(end.real * 0.4, end.imag - 6.4)


def _open_back(draft: Draft, back: bool) -> NeckEdges:
    """High and closed at the front, where it is cut in at the shoulders; bare to the waist."""
    assert draft.neck is not None
    end = underarm(draft)
    if back:
        t = shares(17, -math.pi / 2, math.pi / 2)
        low = draft.waist - 1.3
        opening = at(end.real * np.sin(t), end.imag + (low - end.imag) * np.cos(t))
        return NeckEdges(opening, NOTHING, NOTHING)
    half = draft.neck.width / 2
    opening = _bowl(half, draft.neck.front, 2.2)
    strap = complex(half + 1.8, 0.6)
    armhole = np.array(
        [
            strap,
            complex(half + 2.4, 8.0),
            complex(half + 4.8, 15.0),
            complex(end.real - 5.0, end.imag - 3.4),
            end,
        ]
    )
    return NeckEdges(opening, np.array([opening[-1], strap]), armhole)


def _one_shoulder(draft: Draft, back: bool) -> NeckEdges:
    """The shoulder is the wearer's left one, on the right of the front."""
    assert draft.neck is not None
    half, end = draft.neck.width / 2, underarm(draft)
    rising = line(
        (-end.real, end.imag),
        (-end.real * 0.5, end.imag * 0.78),
        (-1.0, end.imag * 0.44),
        (half * 0.75, end.imag * 0.12),
        (half, 0.0),
    )
    shoulder, armhole = _shoulder(draft), _armhole(draft)
    if back:
        return NeckEdges(mirrored(rising)[::-1], shoulder, armhole, True, -1)
    return NeckEdges(rising, shoulder, armhole, True, 1)


_BARE = {
    "off-shoulder": _off_shoulder,
    "halter neck": _halter,
    "sweetheart neck": _sweetheart,
    "one-shoulder": _one_shoulder,
    "strapless": _strapless,
    "spaghetti straps": _camisole,
    "cowl neck": _cowl,
    "open back": _open_back,
}
