import numpy as np

from training.data.crops import busy_crops, busyness


def test_crops_are_parts_of_their_images():
    image = np.random.default_rng(0).integers(0, 256, (1, 40, 30, 3), dtype=np.uint8)

    crop = busy_crops(image, 8, 2, np.random.default_rng(1))[0]

    windows = np.lib.stride_tricks.sliding_window_view(image[0], (8, 8, 3)).reshape(-1, 8, 8, 3)
    assert (windows == crop).all(axis=(1, 2, 3)).any()


def test_with_enough_choices_the_detail_is_found_and_not_the_plain_ground():
    image = np.full((1, 64, 64, 3), 200, dtype=np.uint8)
    image[0, 40:, 40:] = np.random.default_rng(0).integers(0, 256, (24, 24, 3), dtype=np.uint8)

    crop = busy_crops(image, 16, 200, np.random.default_rng(1))[0]

    assert busyness(crop) > 0.5 * busyness(image[0, 48:, 48:])


def test_a_plain_crop_has_no_busyness():
    assert busyness(np.full((8, 8, 3), 7, dtype=np.uint8)) == 0
