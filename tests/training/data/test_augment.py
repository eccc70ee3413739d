import pytest
import torch

from training.data.augment import harm, harm_latents


def test_harm_is_small_and_keeps_the_range():
    images = torch.rand(1, 3, 1, 1).expand(4, 3, 32, 16).contiguous()

    harmed = harm(images, torch.Generator().manual_seed(0))

    assert harmed.shape == images.shape
    assert harmed.min() >= 0
    assert harmed.max() <= 1
    assert 0 < (harmed - images).abs().mean() < 0.05


@pytest.mark.parametrize("harming", [harm, harm_latents])
def test_the_same_chance_does_the_same_harm(harming):
    images = torch.rand(2, 3, 32, 16)

    first = harming(images, torch.Generator().manual_seed(5))

    assert torch.equal(first, harming(images, torch.Generator().manual_seed(5)))
    assert not torch.equal(first, harming(images, torch.Generator().manual_seed(6)))


def test_latents_are_harmed_by_less_than_their_spread_and_some_not_at_all():
    latents = torch.randn(64, 24, 32, 16, generator=torch.Generator().manual_seed(0))

    harmed = harm_latents(latents, torch.Generator().manual_seed(1))

    errors = (harmed - latents).square().mean(dim=(1, 2, 3))
    assert 0.01 < errors.mean() < 0.3
    assert errors.max() < 0.6
    assert 5 < (errors == 0).sum() < 25
