import numpy as np
import pytest
import torch

from training.evaluation.copies import copy_figures, find_nearest, thumbnails


def test_a_copy_is_found_at_no_distance():
    training = torch.rand(9, 3, 64, 32, generator=torch.Generator().manual_seed(0))

    nearest = find_nearest(thumbnails(training[[4, 7]]), thumbnails(training), at_once=4)

    assert nearest.tiles.tolist() == [4, 7]
    assert nearest.distances == pytest.approx([0.0, 0.0], abs=1e-6)


def test_the_distance_is_the_root_mean_square_difference():
    black, grey = torch.zeros(1, 3, 64, 32), torch.full((1, 3, 64, 32), 0.25)

    nearest = find_nearest(thumbnails(black), thumbnails(torch.cat([grey * 2, grey])))

    assert nearest.tiles.tolist() == [1]
    assert nearest.distances == pytest.approx([0.25])


def test_thumbnails_of_any_size_can_be_compared():
    small = torch.rand(1, 3, 64, 32)
    large = small.repeat_interleave(4, dim=2).repeat_interleave(4, dim=3)

    torch.testing.assert_close(thumbnails(large), thumbnails(small))


def test_new_images_have_a_ratio_of_one_and_copies_one_near_zero():
    drawn = np.linspace(0.05, 0.15, 200)

    new, copied = copy_figures(drawn, drawn), copy_figures(drawn * 0.01, drawn)

    assert new["copy_ratio"].value == pytest.approx(1.0)
    assert new["near_copies"].value == pytest.approx(0.01)
    assert copied["copy_ratio"].value == pytest.approx(0.01)
    assert copied["near_copies"].value == 1.0
