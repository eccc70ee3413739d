import numpy as np
import pytest
import torch
from PIL import Image

from studio.perfusion.pictures import fit_picture, to_images, to_pictures


def test_pictures_are_rounded_to_the_nearest_of_256_levels():
    image = torch.tensor([0.0, 0.499 / 255, 0.501 / 255, 1.0]).expand(1, 3, 1, 4)

    picture = to_pictures(image)[0]

    assert [picture.getpixel((x, 0)) for x in range(4)] == [
        (0, 0, 0),
        (0, 0, 0),
        (1, 1, 1),
        (255, 255, 255),
    ]


def test_pictures_and_images_are_each_others_inverse():
    pixels = np.random.default_rng(0).integers(0, 256, size=(3, 5, 4, 3), dtype=np.uint8)
    pictures = [Image.fromarray(picture) for picture in pixels]

    images = to_images(pictures)

    assert images.shape == (3, 3, 5, 4)
    assert [p.tobytes() for p in to_pictures(images)] == [p.tobytes() for p in pictures]


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1", "CMYK", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (7, 300), (300, 7), (32, 64)])
def test_a_start_image_of_any_mode_and_shape_is_fitted(mode, size):
    picture = fit_picture(Image.new(mode, size), (32, 64))

    assert (picture.mode, picture.size) == ("RGB", (32, 64))


def test_a_fitted_picture_keeps_its_proportions_and_its_ground():
    wide = Image.new("RGB", (80, 40), (200, 180, 160))
    wide.paste((0, 0, 0), (30, 10, 50, 30))

    fitted = fit_picture(wide, (40, 40))

    assert fitted.getpixel((0, 0)) == fitted.getpixel((39, 39)) == (200, 180, 160)
    dark = np.argwhere(np.asarray(fitted)[..., 0] < 100)
    height, width = dark.max(axis=0) - dark.min(axis=0) + 1
    assert abs(int(height) - int(width)) <= 1


def test_what_is_transparent_becomes_white():
    assert fit_picture(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), (8, 8)).getpixel((3, 3)) == (
        255,
        255,
        255,
    )
