"""Many small pictures as one, to look at."""

from collections.abc import Sequence

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


def sheet_of_pictures(rows: Sequence[Sequence[Image.Image]]) -> Image.Image:
    """The same for pictures of one size."""
    width, height = rows[0][0].size
    sheet = Image.new("RGB", (width * max(map(len, rows)), height * len(rows)), "white")
    for line, row in enumerate(rows):
        for column, picture in enumerate(row):
            sheet.paste(picture, (column * width, line * height))
    return sheet


def _pixels(images: Tensor) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    shown = images.detach().float().cpu().clamp(0, 1).mul(255).round()
    return shown.permute(0, 2, 3, 1).numpy().astype(np.uint8)
