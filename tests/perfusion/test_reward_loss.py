import math

import pytest
import torch
from torch import Tensor

from studio.perfusion.reward_loss import reward_loss


def labels_of(*rows: list[float]) -> Tensor:
    return torch.tensor(rows)


def written_out(scores: list[float], labels: list[float]) -> float:
    """Eq. 7-9 in plain float64."""
    total = sum(math.exp(score) for score in scores)
    loss = 0.0
    for score, label in zip(scores, labels, strict=True):
        wanted, picked = label / sum(labels), math.exp(score) / total
        loss -= wanted * math.log(picked) + (1 - wanted) * math.log(1 - picked)
    return loss


@pytest.mark.parametrize(
    "labels",
    [[1, 0, 0, 0, 0], [0, 1, 0, 1, 0], [1, 1, 1, 1, 0], [0.5, 0.5], [1, 0], [0, 0, 1]],
)
def test_the_loss_equals_the_written_out_formula(labels):
    scores = torch.randn(len(labels), generator=torch.Generator().manual_seed(4)) * 3

    loss = reward_loss(scores[None], labels_of(labels))

    expected = written_out(scores.double().tolist(), labels)
    assert float(loss) == pytest.approx(expected, rel=1e-5, abs=2e-6)


@pytest.mark.parametrize(("candidates", "ticked"), [(2, 1), (5, 1), (5, 3), (9, 2)])
def test_equal_scores_start_at_the_known_value(candidates, ticked):
    labels = torch.zeros(1, candidates)
    labels[0, :ticked] = 1

    loss = reward_loss(torch.full((1, candidates), 7.0), labels)

    expected = math.log(candidates) + (candidates - 1) * math.log(candidates / (candidates - 1))
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_with_two_images_both_terms_say_the_same():
    scores = torch.tensor([[1.5, -0.5]])

    loss = reward_loss(scores, labels_of([1, 0]))

    torch.testing.assert_close(loss, -2 * torch.nn.functional.logsigmoid(torch.tensor([2.0])))


def test_the_order_of_images_and_a_common_offset_do_not_matter():
    scores, labels = torch.randn(3, 5), labels_of([1, 0, 0, 1, 0]).repeat(3, 1)
    order = torch.tensor([3, 0, 4, 1, 2])

    loss = reward_loss(scores, labels)

    torch.testing.assert_close(reward_loss(scores[:, order], labels[:, order]), loss)
    torch.testing.assert_close(reward_loss(scores + 5, labels), loss)


def test_the_gradient_lifts_ticked_images_and_lowers_the_others():
    scores = torch.zeros(1, 4, requires_grad=True)

    reward_loss(scores, labels_of([1, 0, 1, 0])).sum().backward()

    assert scores.grad is not None
    assert (scores.grad.sign() == torch.tensor([[-1.0, 1.0, -1.0, 1.0]])).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@pytest.mark.parametrize(
    "labels", [[1.0], [0.0], [1.0, 1, 1], [0.0, 0, 0], [1.0, 0, 0], [0.5, 0.5]]
)
@pytest.mark.parametrize("size", [1.0, 300.0])
def test_loss_and_gradient_are_finite_whatever_was_ticked(dtype, labels, size):
    scores = (torch.linspace(-1, 1, len(labels)) * size).to(dtype)[None].requires_grad_()

    loss = reward_loss(scores, labels_of(labels))
    loss.sum().backward()

    assert loss.dtype == torch.float32
    assert loss.isfinite().all()
    assert scores.grad is not None
    assert scores.grad.isfinite().all()


@pytest.mark.parametrize("labels", [[1.0], [0.0], [1.0, 1, 1], [0.0, 0, 0]])
def test_groups_that_say_nothing_cost_nothing(labels):
    scores = torch.randn(1, len(labels), requires_grad=True)

    loss = reward_loss(scores, labels_of(labels))
    loss.sum().backward()

    assert loss.tolist() == [0.0]
    assert scores.grad is not None
    assert (scores.grad == 0).all()


def test_a_silent_group_leaves_its_neighbours_alone():
    scores = torch.randn(2, 3)

    together = reward_loss(scores, labels_of([1, 0, 0], [0, 0, 0]))

    torch.testing.assert_close(together[0], reward_loss(scores[:1], labels_of([1, 0, 0]))[0])
