"""Whether generated images are copies of training drawings.

A copy would be much nearer to some training drawing than a drawing of a new outfit ever is. So
distances to the nearest training drawing are compared: those of generated images with those of
held-out drawings.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from training.results import Figure, bootstrap, share

THUMBNAIL = (32, 16)
"""Height and width at which images are compared: cut, colours, pose and hair, no fine lines."""
NEAREST_SHARE = 0.01

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nearest:
    """The nearest training drawing of each image.

    Attributes:
        distances: (M,) root mean square difference of thumbnails, 0 to 1.
        tiles: (M,) the training drawing's number.
    """

    distances: Floats
    tiles: NDArray[np.int64]


def thumbnails(images: Tensor) -> Tensor:
    """(B, 3, H, W) in [0, 1] -> (B, D) means over rectangles, the same D for any size."""
    return F.adaptive_avg_pool2d(images.float().cpu(), THUMBNAIL).flatten(1)


def find_nearest(images: Tensor, training: Tensor, at_once: int = 2_000) -> Nearest:
    """Look through all training drawings.

    Args:
        images: (M, D) thumbnails.
        training: (N, D) thumbnails.
        at_once: training drawings compared at a time.
    """
    # In double precision: the difference of squares would hide an exact copy otherwise.
    wanted = images.double()
    best = torch.full((len(wanted),), float("inf"), dtype=torch.float64)
    tiles = torch.zeros(len(wanted), dtype=torch.int64)
    for start in range(0, len(training), at_once):
        part = training[start : start + at_once].double()
        squared = torch.cdist(wanted, part).square() / wanted.shape[1]
        nearest, index = squared.min(dim=1)
        nearer = nearest < best
        best = torch.where(nearer, nearest, best)
        tiles = torch.where(nearer, index + start, tiles)
    return Nearest(best.sqrt().numpy(), tiles.numpy())


def copy_figures(generated: Floats, drawn: Floats) -> dict[str, Figure]:
    """How near generated images come to training drawings, beside what new drawings do.

    Args:
        generated: (M,) distances of generated images to their nearest training drawing.
        drawn: (M,) the same of held-out drawings, of the same outfits.

    Returns:
        `copy_ratio`, mean distance of the generated over that of the drawn: near 1 without
        copying, near 0 with it. `near_copies`, the share of generated images that are nearer
        than the nearest 1% of the held-out drawings are.
    """
    pairs = np.stack([generated, drawn], axis=1)
    limit = np.quantile(drawn, NEAREST_SHARE)
    return {
        "copy_ratio": bootstrap(pairs, lambda each: float(each[:, 0].mean() / each[:, 1].mean())),
        "near_copies": share(generated < limit),
    }
