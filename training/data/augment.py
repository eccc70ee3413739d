"""Small harms to drawings, such as reconstruction and generation do too."""

import torch
import torch.nn.functional as F
from torch import Tensor

_MOST_SHIFT_PX = 4
_NOISE = 0.03
_COLOUR = 0.03
_BLURRED_SHARE = 0.5


def harm(images: Tensor, generator: torch.Generator) -> Tensor:
    """Shift, blur, tint and add noise, each a little and by lot.

    Colours move less than neighbouring colours of the world differ.

    Args:
        images: (B, 3, H, W) in [0, 1].
        generator: source of chance, on the CPU.

    Returns:
        (B, 3, H, W) in [0, 1].
    """
    count = len(images)
    blurred = F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    blur = torch.rand(count, 1, 1, 1, generator=generator)
    blur = blur * (torch.rand(count, 1, 1, 1, generator=generator) < _BLURRED_SHARE)
    softer = images.lerp(blurred, blur.to(images.device))
    tint = 1 + _COLOUR * (2 * torch.rand(count, 3, 1, 1, generator=generator) - 1)
    level = _NOISE * torch.rand(count, 1, 1, 1, generator=generator)
    noise = level * torch.randn(images.shape, generator=generator)
    harmed = softer * tint.to(images.device) + noise.to(images.device)
    return _shifted(harmed, generator).clamp(0, 1)


def _shifted(images: Tensor, generator: torch.Generator) -> Tensor:
    """Move each image by a few pixels; its border is repeated."""
    span = 2 * _MOST_SHIFT_PX + 1
    height, width = images.shape[2:]
    wider = F.pad(images, (_MOST_SHIFT_PX,) * 4, mode="replicate")
    corners = torch.randint(0, span, (len(images), 2), generator=generator).tolist()
    moved = [
        image[:, top : top + height, left : left + width]
        for image, (top, left) in zip(wider, corners, strict=True)
    ]
    return torch.stack(moved)
