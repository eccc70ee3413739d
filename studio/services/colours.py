"""The colours of a garment in a photograph, by the names that designers use."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.design.colours import COLOUR_NAMES

Floats = NDArray[np.float64]

_SIZE = 96
_CLUSTERS = 12
_CENTRE = (0.25, 0.22, 0.75, 0.78)
_BORDER = 0.08
_LIGHTNESS_COUNTS = 0.6
"""Light and shade move a colour's lightness more than its hue."""


@dataclass(frozen=True)
class NamedColour:
    """A colour of a picture.

    Attributes:
        name: a key of `COLOUR_NAMES`.
        hex: the colour as it is in the picture, such as "#7A2231".
        share: of the garment's surface, 0 to 1.
    """

    name: str
    hex: str
    share: float


def garment_colours(
    picture: Image.Image, names: Collection[str], most: int = 3, least_share: float = 0.12
) -> tuple[NamedColour, ...]:
    """The main colours of what lies in the middle of a picture, the largest first.

    What is more frequent at the border than in the middle counts as ground: floor, wall, table.

    Args:
        picture: RGB, of any size.
        names: those to choose from.
        most: at most so many.
        least_share: leave out what covers less.
    """
    small = picture.convert("RGB").resize((_SIZE, _SIZE), Image.Resampling.BOX)
    few = small.quantize(
        colors=_CLUSTERS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    places, pixels = np.asarray(few), np.asarray(small).astype(np.float64)
    middle, border = _regions()
    shares: dict[str, float] = {}
    seen: dict[str, list[Floats]] = {}
    kept = _figure_clusters(places, middle, border)
    whole = sum(share for _, share in kept)
    for cluster, share in kept:
        colour = pixels[(places == cluster) & middle].mean(axis=0)
        name = nearest_name(colour, names)
        shares[name] = shares.get(name, 0.0) + share / whole
        seen.setdefault(name, []).append(colour)
    largest = sorted(shares, key=lambda name: -shares[name])[:most]
    return tuple(
        NamedColour(name, _hex(seen[name][0]), shares[name])
        for name in largest
        if shares[name] >= least_share
    )


def nearest_name(colour: Floats, names: Collection[str]) -> str:
    """The name whose colour looks most like this one.

    Args:
        colour: (3,) sRGB, 0 to 255.
        names: those to choose from.
    """
    known = [name for name in COLOUR_NAMES if name in names]
    difference = _lab(np.array([COLOUR_NAMES[name] for name in known], float)) - _lab(colour)
    difference[:, 0] *= _LIGHTNESS_COUNTS
    return known[int(np.argmin((difference**2).sum(axis=1)))]


def _figure_clusters(
    places: NDArray[np.uint8], middle: NDArray[np.bool_], border: NDArray[np.bool_]
) -> list[tuple[int, float]]:
    """(cluster, share of the middle) of what is no ground, the largest first."""
    inside = np.bincount(places[middle], minlength=_CLUSTERS) / middle.sum()
    outside = np.bincount(places[border], minlength=_CLUSTERS) / border.sum()
    order = np.argsort(-inside)
    figure = [(int(c), float(inside[c])) for c in order if inside[c] > outside[c]]
    return figure or [(int(c), float(inside[c])) for c in order if inside[c] > 0]


def _regions() -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    left, top, right, bottom = (round(part * _SIZE) for part in _CENTRE)
    middle = np.zeros((_SIZE, _SIZE), bool)
    middle[top:bottom, left:right] = True
    edge = round(_BORDER * _SIZE)
    border = np.ones((_SIZE, _SIZE), bool)
    border[edge:-edge, edge:-edge] = False
    return middle, border


def _lab(colours: Floats) -> Floats:
    """(..., 3) sRGB, 0 to 255 -> CIE L*a*b* under D65, in which distances are as they look."""
    linear = np.where(
        colours / 255 <= 0.04045, colours / 255 / 12.92, ((colours / 255 + 0.055) / 1.055) ** 2.4
    )
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ to_xyz.T / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = root[..., 0], root[..., 1], root[..., 2]
    lab: Floats = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return lab


def _hex(colour: Floats) -> str:
    red, green, blue = (round(float(part)) for part in colour)
    return f"#{red:02X}{green:02X}{blue:02X}"
