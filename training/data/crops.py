"""Busy square crops of drawings: most of a croquis is plain ground, which teaches little."""

import numpy as np

from training.data.tiles import Images


def busy_crops(images: Images, crop_px: int, choices: int, rng: np.random.Generator) -> Images:
    """One crop per image, the busiest of some taken at random.

    Args:
        images: (B, H, W, 3) uint8.
        crop_px: side of a crop.
        choices: crops to choose from; with 1 there is no preference.
        rng: source of chance.

    Returns:
        (B, crop_px, crop_px, 3) uint8.
    """
    count, height, width, _ = images.shape
    tops = rng.integers(0, height - crop_px + 1, (count, choices))
    lefts = rng.integers(0, width - crop_px + 1, (count, choices))
    crops = np.empty((count, crop_px, crop_px, 3), dtype=np.uint8)
    for index, image in enumerate(images):
        best = -1.0
        for top, left in zip(tops[index], lefts[index], strict=True):
            crop = image[top : top + crop_px, left : left + crop_px]
            detail = busyness(crop) if choices > 1 else 0.0
            if detail > best:
                best, crops[index] = detail, crop
    return crops


def busyness(crop: Images) -> float:
    """Mean absolute difference between neighbouring pixels of the green channel."""
    green = crop[..., 1].astype(np.int16)
    return float(np.abs(np.diff(green, axis=0)).mean() + np.abs(np.diff(green, axis=1)).mean())
