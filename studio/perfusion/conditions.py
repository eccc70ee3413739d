"""What Stable Diffusion XL's U-Net is told beside the states of a prompt, in one tensor with them.

SDXL wants a pooled vector of its second text tower and six numbers of sizes as well. They travel
as further rows of `prompt_embeds`, so that caches, guidance, passes, losses and the adaptive
network hand them on as they do for Stable Diffusion 1.5, and only the U-Net's door unpacks them.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

SIZE_NUMBERS = 6
"""Original height and width, where it was cropped (top, left), target height and width."""


def is_sized(unet: Any) -> bool:
    """Whether a U-Net asks for pooled text and sizes, as SDXL's does."""
    return bool(unet.config.addition_embed_type == "text_time")


def pooled_width(unet: Any) -> int:
    """Length of the pooled vector that a sized U-Net was built for."""
    config = unet.config
    sizes: int = config.projection_class_embeddings_input_dim
    return sizes - SIZE_NUMBERS * int(config.addition_time_embed_dim)


def packed(states: Tensor, pooled: Tensor, size_px: tuple[int, int]) -> Tensor:
    """States, pooled text and sizes as one tensor.

    Args:
        states: (B, T, D) of the prompts.
        pooled: (B, P).
        size_px: height and width of the picture, which is asked for whole.

    Returns:
        (B, T + R, D), R rows that hold P + 6 numbers.
    """
    height, width = size_px
    sizes = torch.tensor([height, width, 0, 0, height, width]).to(pooled)
    numbers = torch.cat([pooled, sizes.expand(len(pooled), SIZE_NUMBERS)], dim=1)
    rows = _rows(numbers.shape[1], states.shape[2])
    filled = F.pad(numbers, (0, rows * states.shape[2] - numbers.shape[1]))
    return torch.cat([states, filled.view(len(states), rows, states.shape[2])], dim=1)


def unpacked(unet: Any, prompt_embeds: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """What a U-Net is called with: the states, and the conditions that it asks for beside them.

    Args:
        unet: any U-Net.
        prompt_embeds: (B, T, D) states; for a sized U-Net as `packed` made them.
    """
    if not is_sized(unet):
        return prompt_embeds, {}
    pooled, width = pooled_width(unet), prompt_embeds.shape[2]
    rows = _rows(pooled + SIZE_NUMBERS, width)
    numbers = prompt_embeds[:, -rows:].flatten(1)
    conditions = {
        "text_embeds": numbers[:, :pooled],
        "time_ids": numbers[:, pooled : pooled + SIZE_NUMBERS],
    }
    return prompt_embeds[:, :-rows], conditions


def _rows(numbers: int, width: int) -> int:
    return -(-numbers // width)
