"""What every objective promises, as identities."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from studio.perfusion.group_loss import group_preference_loss
from training.losses.objective import (
    GroupErrors,
    GroupPreference,
    Objective,
    OnePairPreference,
    PairPreference,
    Supervised,
    UnaryPreference,
    WithSupervised,
    pair_accuracy,
)
from training.losses.pairs import (
    best_and_worst,
    one_pair_preference_loss,
    pair_preference_loss,
    transition_error,
)
from training.losses.unary import supervised_loss, unary_preference_loss

ALL = [GroupPreference(200.0), PairPreference(200.0), UnaryPreference(200.0), Supervised()]


def errors_of(groups: int, candidates: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    reference = torch.rand(groups, candidates, generator=generator, dtype=torch.float64)
    difference = torch.randn(groups, candidates, generator=generator, dtype=torch.float64)
    return reference + 0.01 * difference, reference


def first_chosen(groups: int, candidates: int, count: int) -> Tensor:
    return (torch.arange(candidates) < count).expand(groups, candidates)


def diffusion_dpo(policy: Tensor, reference: Tensor, beta: float) -> Tensor:
    """The published formula for one pair, winner first, written independently."""
    winner = policy[:, 0] - reference[:, 0]
    loser = policy[:, 1] - reference[:, 1]
    return -F.logsigmoid(-beta * (winner - loser))


@pytest.mark.parametrize("loss", [group_preference_loss, pair_preference_loss])
def test_one_ticked_and_one_unticked_is_diffusion_dpo(loss):
    policy, reference = errors_of(8, 2)

    ours = loss(policy, reference, first_chosen(8, 2, 1), 2500.0)

    torch.testing.assert_close(ours, diffusion_dpo(policy, reference, 2500.0), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("candidates", "count"), [(2, 1), (5, 1), (5, 2), (9, 2)])
def test_a_policy_equal_to_the_reference_starts_at_the_known_value(candidates, count):
    errors, _ = errors_of(3, candidates)

    loss = group_preference_loss(errors, errors, first_chosen(3, candidates, count), 2500.0)

    expected = count * math.log(1 + (candidates - count))
    torch.testing.assert_close(loss, torch.full((3,), expected, dtype=torch.float64))


def test_the_group_loss_is_the_paper_s_formula_written_out():
    policy, reference = errors_of(4, 5)
    chosen = torch.tensor([[True, False, True, False, False]]).expand(4, 5)
    s = (policy - reference).tolist()

    expected = [
        sum(
            math.log(1 + sum(math.exp(50.0 * (row[p] - row[n])) for n in (1, 3, 4))) for p in (0, 2)
        )
        for row in s
    ]

    ours = group_preference_loss(policy, reference, chosen, 50.0)
    torch.testing.assert_close(ours, torch.tensor(expected, dtype=torch.float64))


@pytest.mark.parametrize("objective", ALL, ids=lambda o: type(o).__name__)
def test_the_order_of_the_images_does_not_matter(objective: Objective):
    policy, reference = errors_of(4, 6)
    chosen = first_chosen(4, 6, 2)
    order = torch.tensor([5, 0, 3, 1, 4, 2])

    straight = objective(GroupErrors(policy, reference, chosen))
    shuffled = objective(GroupErrors(policy[:, order], reference[:, order], chosen[:, order]))

    torch.testing.assert_close(straight.losses, shuffled.losses)
    torch.testing.assert_close(straight.implicit_reward[:, order], shuffled.implicit_reward)


@pytest.mark.parametrize("objective", ALL, ids=lambda o: type(o).__name__)
def test_descent_lowers_the_error_of_ticked_images_and_never_helps_unticked_ones(
    objective: Objective,
):
    policy, reference = errors_of(4, 5)
    policy.requires_grad_()
    chosen = first_chosen(4, 5, 2)

    losses = objective(GroupErrors(policy, reference, chosen)).losses
    (gradient,) = torch.autograd.grad(losses.sum(), policy)

    assert (gradient[chosen] > 0).all()
    assert (gradient[~chosen] <= 0).all()


@pytest.mark.parametrize("objective", ALL, ids=lambda o: type(o).__name__)
@pytest.mark.parametrize("scale", [1e-4, 1.0, 30.0])
def test_values_and_gradients_are_finite_in_bfloat16(objective: Objective, scale: float):
    policy, reference = (scale * e.to(torch.bfloat16) for e in errors_of(4, 5))
    policy.requires_grad_()

    result = objective(GroupErrors(policy, reference, first_chosen(4, 5, 2)))
    (gradient,) = torch.autograd.grad(result.losses.sum(), policy)

    assert result.losses.dtype == torch.float32
    assert torch.isfinite(result.losses).all()
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("objective", ALL, ids=lambda o: type(o).__name__)
def test_gradients_agree_with_finite_differences(objective: Objective):
    policy, reference = errors_of(2, 4)
    chosen = first_chosen(2, 4, 2)

    def total(values: Tensor) -> Tensor:
        return objective(GroupErrors(values, reference, chosen)).losses.sum()

    if isinstance(objective, UnaryPreference):
        # Its reference point is a constant by definition; keep it at its floor of 0.
        policy = reference + 0.01 * torch.rand(2, 4, dtype=torch.float64)
    assert torch.autograd.gradcheck(total, (policy.requires_grad_(),))


def test_groups_do_not_influence_each_other():
    policy, reference = errors_of(3, 4)
    chosen = first_chosen(3, 4, 1)

    together = group_preference_loss(policy, reference, chosen, 200.0)
    alone = [
        group_preference_loss(policy[[i]], reference[[i]], chosen[[i]], 200.0) for i in range(3)
    ]

    torch.testing.assert_close(together, torch.cat(alone))


def test_ticked_images_never_compete_with_each_other():
    policy, reference = errors_of(1, 4)
    chosen = first_chosen(1, 4, 2)

    whole = group_preference_loss(policy, reference, chosen, 200.0)
    first = group_preference_loss(
        policy[:, [0, 2, 3]], reference[:, [0, 2, 3]], first_chosen(1, 3, 1), 200.0
    )
    second = group_preference_loss(
        policy[:, [1, 2, 3]], reference[:, [1, 2, 3]], first_chosen(1, 3, 1), 200.0
    )

    torch.testing.assert_close(whole, first + second)


def test_the_pair_loss_is_the_mean_over_all_pairs():
    policy, reference = errors_of(1, 5)

    whole = pair_preference_loss(policy, reference, first_chosen(1, 5, 2), 200.0)

    pairs = [
        diffusion_dpo(policy[:, [p, n]], reference[:, [p, n]], 200.0)
        for p in (0, 1)
        for n in (2, 3, 4)
    ]
    torch.testing.assert_close(whole, torch.cat(pairs).mean(dim=0, keepdim=True))


def test_supervised_tuning_is_the_mean_error_of_the_ticked():
    policy, _ = errors_of(3, 5)

    loss = supervised_loss(policy, first_chosen(3, 5, 2))

    torch.testing.assert_close(loss, policy[:, :2].mean(dim=1))


def test_the_unary_loss_is_one_half_where_policy_and_reference_agree():
    errors, _ = errors_of(3, 5)

    loss = unary_preference_loss(errors, errors, first_chosen(3, 5, 2), 200.0)

    torch.testing.assert_close(loss, torch.full((3,), 0.5, dtype=torch.float64))


@pytest.mark.parametrize("count", [0, 5])
def test_the_unary_loss_accepts_groups_of_one_kind(count: int):
    policy, reference = errors_of(3, 5)

    loss = unary_preference_loss(policy, reference, first_chosen(3, 5, count), 200.0)

    assert torch.isfinite(loss).all()


def test_the_difference_of_transition_errors_is_the_gaussian_log_ratio():
    generator = torch.Generator().manual_seed(0)
    previous = torch.randn(3, 4, 2, 3, 5, generator=generator, dtype=torch.float64)
    means = torch.randn(2, 3, 1, 2, 3, 5, generator=generator, dtype=torch.float64)
    std = torch.tensor([0.3, 1.0, 2.0], dtype=torch.float64)

    ours = transition_error(previous, means[0], std) - transition_error(previous, means[1], std)

    spread = std.view(3, 1, 1, 1, 1)
    log_ratio = torch.distributions.Normal(means[1], spread).log_prob(
        previous
    ) - torch.distributions.Normal(means[0], spread).log_prob(previous)
    torch.testing.assert_close(ours, log_ratio.mean(dim=(2, 3, 4)))


def test_spo_learns_on_the_best_and_the_worst_candidate():
    positions, chosen = best_and_worst(torch.tensor([[0.1, 0.9, 0.5], [0.3, 0.2, 0.1]]))

    assert positions.tolist() == [[1, 0], [0, 2]]
    assert chosen.tolist() == [[True, False], [True, False]]


def test_accuracy_counts_pairs_and_halves_ties():
    rewards = torch.tensor([[3.0, 1.0, 2.0, 1.0]])
    chosen = torch.tensor([[True, True, False, False]])

    # 3 beats both; 1 loses to 2 and ties with 1.
    assert pair_accuracy(rewards, chosen).item() == pytest.approx(2.5 / 4)


def test_one_pair_by_lot_is_diffusion_dpo_on_that_pair_and_all_of_them_are_the_mean_over_pairs():
    policy, reference = errors_of(1, 5)
    chosen = torch.tensor([[False, True, False, True, True]])
    ticked, unticked = (1, 3, 4), (0, 2)

    singles = [
        one_pair_preference_loss(policy, reference, chosen, 2500.0, torch.tensor([lot]))
        for lot in (0.0, 0.17, 0.34, 0.5, 0.67, 0.84, 0.99)
    ]

    pairs = [(one, other) for one in ticked for other in unticked]
    expected = [
        diffusion_dpo(policy[:, list(each)], reference[:, list(each)], 2500.0) for each in pairs
    ]
    torch.testing.assert_close(singles[:6], expected, rtol=0, atol=1e-9)
    torch.testing.assert_close(singles[6], expected[5], rtol=0, atol=1e-9)
    torch.testing.assert_close(
        torch.cat(expected).mean()[None], pair_preference_loss(policy, reference, chosen, 2500.0)
    )


def test_each_group_has_its_own_lot_and_without_lots_there_is_no_pair():
    policy, reference = errors_of(2, 4)
    chosen = first_chosen(2, 4, 2)
    objective = OnePairPreference(2500.0)

    both = objective(GroupErrors(policy, reference, chosen, torch.tensor([0.1, 0.9])))

    alone = [
        objective(
            GroupErrors(
                policy[row, None], reference[row, None], chosen[row, None], torch.tensor([lot])
            )
        ).losses
        for row, lot in ((0, 0.1), (1, 0.9))
    ]
    torch.testing.assert_close(both.losses, torch.cat(alone))
    with pytest.raises(ValueError, match="there are no lots"):
        objective(GroupErrors(policy, reference, chosen))


def test_the_supervised_term_adds_eq_1_and_leaves_rewards_alone():
    policy, reference = errors_of(8, 5)
    errors = GroupErrors(policy, reference, first_chosen(8, 5, 2))

    plain = GroupPreference(60.0)(errors)
    both = WithSupervised(GroupPreference(60.0), 6.0)(errors)

    added = 6.0 * policy[:, :2].mean(dim=1)
    torch.testing.assert_close(both.losses, plain.losses + added, rtol=0, atol=1e-12)
    assert torch.equal(both.implicit_reward, plain.implicit_reward)


def test_with_the_supervised_term_it_does_not_pay_to_draw_everything_worse():
    """Ticked errors that grow by less than unticked ones lower the group loss, not both."""
    reference = torch.full((1, 5), 0.3, dtype=torch.float64)
    chosen = first_chosen(1, 5, 1)
    worse = reference + torch.where(chosen, 0.05, 0.06)
    group = GroupPreference(60.0)
    held = WithSupervised(group, 0.5 * 60.0)

    def losses(objective: Objective) -> tuple[float, float]:
        before, after = (GroupErrors(each, reference, chosen) for each in (reference, worse))
        return float(objective(before).losses), float(objective(after).losses)

    assert losses(group)[1] < losses(group)[0]
    assert losses(held)[1] > losses(held)[0]
