"""Between tensors and pictures: eight-bit images out, and images of any shape in."""

from pathlib import Path
from typing import IO

import numpy as np
import torch
from PIL import Image, ImageOps, ImageStat
from torch import Tensor

PICTURE_FORMATS = ("PNG", "JPEG", "WEBP")
"""What pictures of rounds may be; told by their content, not by their names."""
MOST_PIXELS = 4096 * 4096
LONGEST_SHAPE = 8
"""A picture is at most so many times as long as it is wide, or the other way round."""


class PictureError(ValueError):
    """A picture that can't be used; the message goes on "rounds ..."."""


def read_picture(file: Path | IO[bytes]) -> Image.Image:
    """A picture of a round, decoded: what training takes the studio takes too.

    Raises:
        PictureError: it is too large, too narrow, of another kind, or damaged.
        FileNotFoundError: there is no such file.
    """
    try:
        with Image.open(file, formats=PICTURE_FORMATS) as image:
            short, long = sorted(image.size)
            if image.width * image.height > MOST_PIXELS or long > LONGEST_SHAPE * short:
                raise PictureError("with an image that is too large or too narrow")
            image.load()
            return image.copy()
    except (FileNotFoundError, PictureError):
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureError("with a damaged image") from error


def to_pictures(images: Tensor) -> list[Image.Image]:
    """(B, 3, H, W) in [0, 1] -> RGB pictures of eight bits, rounded to the nearest."""
    pixels = (images.float() * 255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(picture) for picture in pixels]


def to_images(pictures: list[Image.Image]) -> Tensor:
    """RGB pictures of one size -> (B, 3, H, W) fp32 in [0, 1]; undoes `to_pictures`."""
    pixels = np.stack([np.asarray(picture) for picture in pictures])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255


def fit_picture(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture at another size: nothing cut off, nothing stretched.

    What the other proportions leave over takes the mean colour of the picture's border, and
    what is transparent becomes white.

    Args:
        picture: any size and mode.
        size: width and height in px.
    """
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    picture = picture.convert("RGB")
    border = Image.new("L", picture.size, 255)
    border.paste(0, (1, 1, max(picture.width - 1, 1), max(picture.height - 1, 1)))
    red, green, blue = (round(mean) for mean in ImageStat.Stat(picture, border).mean)
    return ImageOps.pad(picture, size, Image.Resampling.LANCZOS, color=(red, green, blue))
