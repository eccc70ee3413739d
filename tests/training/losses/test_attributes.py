import math

import torch
import torch.nn.functional as F

from training.losses.attributes import UNTOLD, attribute_loss, chosen_values, naming_error

SIZES = [2, 4]


def test_without_an_opinion_each_family_costs_the_logarithm_of_its_size():
    loss = attribute_loss(torch.zeros(3, 6), torch.tensor([[0, 3], [1, 2], [0, 0]]), SIZES)

    torch.testing.assert_close(loss, torch.full((3,), (math.log(2) + math.log(4)) / 2))


def test_with_one_family_it_is_the_cross_entropy():
    logits, classes = torch.randn(5, 4), torch.tensor([0, 1, 2, 3, 0])

    loss = attribute_loss(logits, classes[:, None], [4], label_smoothing=0.1)

    expected = F.cross_entropy(logits, classes, reduction="none", label_smoothing=0.1)
    torch.testing.assert_close(loss, expected)


def test_a_family_that_nobody_told_of_counts_nothing():
    logits = torch.randn(2, 6).requires_grad_()

    losses = attribute_loss(logits, torch.tensor([[1, UNTOLD], [UNTOLD, UNTOLD]]), SIZES)
    (gradient,) = torch.autograd.grad(losses.sum(), logits)

    torch.testing.assert_close(losses[0], F.cross_entropy(logits[0, :2], torch.tensor(1)))
    assert losses[1] == 0
    assert not gradient[0, 2:].any()
    assert not gradient[1].any()


def test_the_naming_error_is_the_weighted_mean_of_the_told_families():
    scores = torch.tensor([[1.0, 0.5, 0.0, 0.0, 2.0, 0.0], [9.0, 9.0, 0.0, 0.0, 0.0, 0.5]])
    classes = torch.tensor([[0, 3], [UNTOLD, 3]])

    errors = naming_error(scores, classes, SIZES, torch.tensor([1.0, 0.25]))

    first = (1 * 0.5**2 + 0.25 * (2.0**2 + 1.0**2)) / 1.25
    torch.testing.assert_close(errors, torch.tensor([first, 0.5**2]))


def test_where_nothing_is_told_the_naming_error_is_zero():
    error = naming_error(torch.randn(1, 6), torch.full((1, 2), UNTOLD), SIZES, torch.ones(2))

    assert error.item() == 0


def test_the_chosen_value_is_counted_within_its_family():
    logits = torch.tensor([[0.0, 1.0, 5.0, 0.0, 0.0, 0.0], [2.0, 1.0, 0.0, 0.0, 0.0, 9.0]])

    assert chosen_values(logits, SIZES).tolist() == [[1, 0], [0, 3]]
