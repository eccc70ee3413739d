"""Many small pictures as one, to look at."""

import numpy as np
from PIL import Image
from torch import Tensor


def contact_sheet(rows: list[Tensor]) -> Image.Image:
    """Lay pictures out in rows.

    Args:
        rows: each (B, 3, H, W); values outside [0, 1] are clamped.
    """
    lines = [np.concatenate(list(_pixels(row)), axis=1) for row in rows]
    return Image.fromarray(np.concatenate(lines, axis=0))


def _pixels(images: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    shown = images.detach().float().cpu().clamp(0, 1).mul(255).round()
    return shown.permute(0, 2, 3, 1).numpy().astype(np.uint8)
