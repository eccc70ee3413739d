import torch

from training.losses.reconstruction import reconstruction_loss


def test_a_perfect_reconstruction_costs_nothing():
    images = torch.rand(2, 3, 8, 8)

    assert torch.equal(reconstruction_loss(images, images, 1.0, 0.5), torch.zeros(2))


def test_a_constant_shift_costs_its_size_and_no_gradient():
    images = torch.zeros(1, 3, 8, 8)

    loss = reconstruction_loss(images + 0.5, images, gradient_weight=7.0, square_weight=2.0)

    torch.testing.assert_close(loss, torch.tensor([0.5 + 2.0 * 0.25]))


def test_a_blurred_edge_costs_more_with_the_gradient_term():
    images = torch.zeros(1, 3, 8, 8)
    images[..., 4:] = 1
    blurred = images.clone()
    blurred[..., 3:5] = 0.5

    plain = reconstruction_loss(blurred, images, 0.0, 0.0)

    assert reconstruction_loss(blurred, images, 1.0, 0.0) > plain
