"""How far a reconstruction is from its drawing."""

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
