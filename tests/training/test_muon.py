import pytest
import torch
from torch import nn

from training.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(16, 48), (48, 16), (24, 24)])
def test_singular_values_come_near_one_and_directions_stay(shape):
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    left, _, right = torch.linalg.svd(matrix, full_matrices=False)

    stretched = left.mT @ orthogonal(matrix) @ right.mT

    assert stretched.diagonal().min() > 0.6
    assert stretched.diagonal().max() < 1.3
    assert (stretched - stretched.diagonal().diag()).abs().max() < 0.05


def test_a_matrix_of_zeros_stays_one():
    assert orthogonal(torch.zeros(3, 5)).eq(0).all()


def muon_of(model):
    return Muon(
        [
            {"params": [model.weight], "orthogonal": True},
            {"params": [model.bias], "orthogonal": False},
        ],
        lr=0.01,
        weight_decay=0.0,
    )


def test_a_step_is_as_long_as_the_rate_says_and_biases_take_adamws():
    torch.manual_seed(0)
    model = nn.Conv2d(8, 16, 3)
    before = [weight.detach().clone() for weight in model.parameters()]
    model(torch.randn(2, 8, 8, 8)).square().mean().backward()

    muon_of(model).step()

    kernel, bias = (old - new for old, new in zip(before, model.parameters(), strict=True))
    assert float(kernel.detach().square().mean().sqrt()) == pytest.approx(0.2 * 0.01, rel=0.25)
    assert bias.abs().allclose(torch.tensor(0.01), rtol=1e-3)


def test_weights_without_gradients_stay():
    model = nn.Conv2d(2, 2, 1)
    before = model.weight.detach().clone()

    muon_of(model).step()

    assert torch.equal(model.weight, before)
