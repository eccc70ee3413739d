import math

import torch
import torch.nn.functional as F

from training.losses.contrastive import contrastive_loss


def unit_rows(count: int, width: int, seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return F.normalize(torch.randn(count, width, generator=generator), dim=1)


def test_features_that_tell_nothing_cost_the_logarithm_of_the_batch():
    same = torch.ones(8, 4) / 2

    loss = contrastive_loss(same, same, torch.tensor(10.0))

    torch.testing.assert_close(loss, torch.full((8,), math.log(8)))


def test_pairs_that_agree_and_strangers_that_do_not_cost_nothing():
    features = torch.eye(6)

    assert contrastive_loss(features, features, torch.tensor(100.0)).max() < 1e-6


def test_images_and_captions_may_change_places():
    images, captions, scale = unit_rows(5, 3, 0), unit_rows(5, 3, 1), torch.tensor(7.0)

    there = contrastive_loss(images, captions, scale)

    torch.testing.assert_close(there, contrastive_loss(captions, images, scale))


def test_the_order_of_pairs_does_not_matter():
    images, captions, scale = unit_rows(5, 3, 0), unit_rows(5, 3, 1), torch.tensor(7.0)
    order = torch.tensor([3, 0, 4, 1, 2])

    mixed = contrastive_loss(images[order], captions[order], scale)

    torch.testing.assert_close(mixed, contrastive_loss(images, captions, scale)[order])
