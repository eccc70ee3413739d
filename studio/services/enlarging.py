"""Enlarging a small drawing for print: flat colours stay flat, and outlines become crisp."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter

_FAINT = 1.5
"""Levels by which a pixel may differ from its surroundings and still be soft shading."""


def enlarged_drawing(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The drawing at print size, without the blur of plain enlarging.

    Plain enlarging makes every edge as wide as one old pixel. A morphological shock filter then
    moves each edge's dark side and bright side towards each other until they meet, by one new
    pixel at a time; soft shading is left alone.
    Source: Osher and Rudin, "Feature-oriented image enhancement using shock filters" (1990).

    Args:
        image: of any mode.
        size: width and height in pixels, of the same shape.
    """
    small = image.convert("RGB")
    old_pixel = size[0] / small.width  # in new ones
    large = _enlarged_within(small, size).filter(ImageFilter.GaussianBlur(0.3 * old_pixel))
    for _ in range(round(old_pixel / 2)):
        bright, dark = _sides(large, old_pixel)
        large = Image.composite(large.filter(ImageFilter.MaxFilter(3)), large, bright)
        large = Image.composite(large.filter(ImageFilter.MinFilter(3)), large, dark)
    return large.filter(ImageFilter.GaussianBlur(0.8))


def _enlarged_within(small: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Enlarged without ringing: nothing gets brighter or darker than its old neighbours."""
    large = small.resize(size, Image.Resampling.BICUBIC)
    brightest = small.filter(ImageFilter.MaxFilter(3)).resize(size, Image.Resampling.BILINEAR)
    darkest = small.filter(ImageFilter.MinFilter(3)).resize(size, Image.Resampling.BILINEAR)
    return ImageChops.lighter(ImageChops.darker(large, brightest), darkest)


def _sides(image: Image.Image, old_pixel: float) -> tuple[Image.Image, Image.Image]:
    """Masks of the bright and the dark side of every edge."""
    grey = image.convert("L")
    near = grey.filter(ImageFilter.GaussianBlur(0.25 * old_pixel))
    around = grey.filter(ImageFilter.GaussianBlur(0.75 * old_pixel))
    return (
        _clearly(ImageChops.subtract(near, around)),
        _clearly(ImageChops.subtract(around, near)),
    )


def _clearly(difference: Image.Image) -> Image.Image:
    levels = np.asarray(difference, dtype=np.float32)
    return Image.fromarray((255 * (levels / _FAINT - 1).clip(0, 1)).astype(np.uint8))
