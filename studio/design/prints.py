"""How a print lies on its cloth: its name may say so already."""

from studio.design.spec import DesignSpec

_NEVER = 0.0
_HARDLY = 4.0
_MOST_TURN = {
    "horizontal stripes": _NEVER,
    "vertical stripes": _NEVER,
    "gingham": _HARDLY,
    "windowpane": _HARDLY,
    "chevron": _HARDLY,
    "argyle": _HARDLY,
    "tartan": _HARDLY,
    "houndstooth": _HARDLY,
    "herringbone": _HARDLY,
    "toile": _HARDLY,
}


def print_turn(spec: DesignSpec) -> float:
    """How far a design's print is turned, in degrees, clockwise.

    The measure `print_angle` says it where the pattern's name leaves it open. Stripes that are
    called horizontal or vertical are never turned; checks, zigzags, diamonds and scenes, which are
    known by how they stand, by a few degrees at most.
    """
    angle = spec.measures.print_angle
    most = _MOST_TURN.get(spec["pattern"], abs(angle))
    return min(max(angle, -most), most)
