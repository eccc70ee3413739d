"""How far a reconstruction is from its drawing."""

import torch
from torch import Tensor


def reconstruction_loss(
    reconstruction: Tensor, images: Tensor, gradient_weight: float, square_weight: float
) -> Tensor:
    """Absolute error, of the pixels and of their differences to neighbours, plus squared error.

    The differences make outlines count, which are few among the pixels of a drawing.

    Args:
        reconstruction: (B, 3, H, W).
        images: (B, 3, H, W).
        gradient_weight: weight of the differences' absolute error.
        square_weight: weight of the squared error.

    Returns:
        (B,) one loss per image.
    """
    error = reconstruction - images
    across = error[..., 1:] - error[..., :-1]
    down = error[..., 1:, :] - error[..., :-1, :]
    edges = across.abs().mean(dim=(1, 2, 3)) + down.abs().mean(dim=(1, 2, 3))
    pixels = error.abs().mean(dim=(1, 2, 3))
    return pixels + gradient_weight * edges + square_weight * error.square().mean(dim=(1, 2, 3))


def edges_missed(made: Tensor, drawings: Tensor) -> Tensor:
    """How much of the brightness differences of neighbouring pixels is wrong.

    Args:
        made: (B, 3, H, W).
        drawings: (B, 3, H, W) what they should be.

    Returns:
        (B,) squared error beside the drawing's own squares: 0 for the drawing itself, 1 for an
        even picture, more where there are edges that it has not.
    """
    ours, true = _edges(made), _edges(drawings)
    wrong: Tensor = (ours - true).square().sum(dim=1)
    return wrong / true.square().sum(dim=1)


def _edges(images: Tensor) -> Tensor:
    grey = images.mean(dim=1)
    return torch.cat([grey.diff(dim=1).flatten(1), grey.diff(dim=2).flatten(1)], dim=1)
