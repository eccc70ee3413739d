import torch

from training.data.augment import harm


def test_harm_is_small_and_keeps_the_range():
    images = torch.rand(1, 3, 1, 1).expand(4, 3, 32, 16).contiguous()

    harmed = harm(images, torch.Generator().manual_seed(0))

    assert harmed.shape == images.shape
    assert harmed.min() >= 0
    assert harmed.max() <= 1
    assert 0 < (harmed - images).abs().mean() < 0.05


def test_the_same_chance_does_the_same_harm():
    images = torch.rand(2, 3, 32, 16)

    first = harm(images, torch.Generator().manual_seed(5))

    assert torch.equal(first, harm(images, torch.Generator().manual_seed(5)))
    assert not torch.equal(first, harm(images, torch.Generator().manual_seed(6)))
