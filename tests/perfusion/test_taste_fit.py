"""Fits find planted tastes, never run away, and say honestly whether they help."""

import pytest
import torch
from torch import Tensor

from studio.domain import TasteError
from studio.perfusion.taste_evidence import Evidence
from studio.perfusion.taste_fit import (
    Answered,
    Learning,
    fit,
    in_order,
    learning_of_generator,
    learning_of_reward,
)

STORES, DESIGNS = 8, 5
REWARD = {"reward": learning_of_reward(1.0)}


def answered(true: Tensor | None, seed: int, spread: float = 3.0) -> Answered:
    """A round whose two best designs for `true` (J,) shares of kin are ticked; None by lot."""
    chance = torch.Generator().manual_seed(seed)
    scores = spread * torch.randn(DESIGNS, STORES, generator=chance)
    liked = torch.randn(DESIGNS, generator=chance) if true is None else scores @ true
    ticked = torch.zeros(DESIGNS, dtype=torch.bool)
    ticked[liked.topk(2).indices] = True
    return Answered({"reward": Evidence(scores)}, ticked)


def one(place: int) -> Tensor:
    return torch.eye(STORES)[place]


@pytest.mark.parametrize("true", [0, 3, 7])
def test_a_store_that_is_like_one_of_its_kin_is_found(true):
    found = fit([answered(one(true), seed) for seed in range(5)], REWARD)

    assert int(found.likely.argmax()) == true
    assert float(found.likely[true]) > 0.8
    assert float(found.likely.sum()) == pytest.approx(1)


def test_what_helps_is_kept_and_told_on_rounds_that_were_left_out():
    judged = fit([answered(one(3), seed) for seed in range(8)], REWARD).judged["reward"]

    assert judged.scale == 1
    assert len(judged.before) == len(judged.after) == 8
    assert sum(judged.after) > sum(judged.before) + 1


def test_answers_by_lot_are_scaled_back():
    judged = [
        fit([answered(None, 100 * lot + seed) for seed in range(12)], REWARD).judged["reward"]
        for lot in range(6)
    ]

    assert sum(each.scale for each in judged) / len(judged) < 0.75
    assert all(sum(each.after) >= sum(each.before) - 1 for each in judged)


def test_contradictory_answers_leave_the_profile_as_it_is():
    """The same designs once ticked and once left."""
    rounds = [answered(one(3), seed) for seed in range(4)]
    turned = [Answered(each.evidence, ~each.ticked) for each in rounds]

    found = fit([*rounds, *turned], REWARD)

    assert found.judged["reward"].scale < 1 or float(found.likely[3]) < 0.9


def test_rounds_of_duplicates_say_nothing():
    same = Evidence(torch.ones(DESIGNS, STORES))
    ticked = torch.tensor([True, False, False, False, False])

    found = fit([Answered({"reward": same}, ticked)], REWARD)

    without = fit([Answered({"reward": same}, torch.zeros(DESIGNS, dtype=torch.bool))], REWARD)
    torch.testing.assert_close(found.likely, without.likely)


def test_a_round_that_was_refused_speaks_against_those_who_like_it():
    """Kin 1 likes all of it much more than the profile does, kin 2 much less."""
    scores = torch.zeros(DESIGNS, STORES)
    scores[:, 1], scores[:, 2] = 3.0, -3.0
    nothing, everything = torch.zeros(DESIGNS, dtype=torch.bool), torch.ones(DESIGNS).bool()

    refused = fit([Answered({"reward": Evidence(scores)}, nothing)], REWARD).likely
    liked = fit([Answered({"reward": Evidence(scores)}, everything)], REWARD).likely

    assert float(refused[2]) > 2 * float(refused[1])
    assert float(liked[1]) > 2 * float(liked[2])


def test_one_round_is_believed_without_a_judge():
    judged = fit([answered(one(3), 0)], REWARD).judged["reward"]

    assert judged.scale == 1
    assert len(judged.after) == 1


def test_two_models_are_heard_by_their_weight():
    chance = torch.Generator().manual_seed(1)
    first, second = (3 * torch.randn(DESIGNS, STORES, generator=chance) for _ in range(2))
    ticked = torch.tensor([True, True, False, False, False])
    both = {"reward": Evidence(first), "generator": Evidence(second / 60)}

    alone = fit([Answered(both, ticked)], REWARD).likely
    heard = fit(
        [Answered(both, ticked)], {**REWARD, "generator": learning_of_generator(60.0, 1.0)}
    ).likely
    unheard = fit(
        [Answered(both, ticked)], {**REWARD, "generator": learning_of_generator(60.0, 0.0)}
    ).likely

    torch.testing.assert_close(alone, unheard)
    assert not torch.allclose(alone, heard)


def test_a_model_that_could_not_see_a_round_is_passed_over():
    blind = Answered(
        {"generator": Evidence(torch.zeros(DESIGNS, STORES))}, answered(None, 1).ticked
    )

    found = fit(
        [blind, answered(one(3), 0)], {**REWARD, "generator": learning_of_generator(60.0, 1.0)}
    )

    assert len(found.judged["reward"].before) == 1
    assert len(found.judged["generator"].before) == 1


def test_numbers_that_ran_away_are_refused():
    broken = Answered(
        {"reward": Evidence(torch.full((DESIGNS, STORES), float("nan")))}, answered(None, 1).ticked
    )

    with pytest.raises(TasteError, match="taste of before stays"):
        fit([broken], REWARD)


def test_pairs_in_order_count_ties_half():
    ticked = torch.tensor([True, False, False])

    assert in_order(torch.tensor([2.0, 1.0, 2.0]), ticked) == 0.75


def test_the_objectives_are_the_papers():
    """By hand, for one ticked of three: Eq. 9, and Eq. 18 with an implicit reward of the score."""
    scores, ticked = torch.tensor([[1.0, 0.0, -1.0]]).double(), torch.tensor([[True, False, False]])
    shares = scores.softmax(1)[0]
    reward: Learning = learning_of_reward(1.0)
    group: Learning = learning_of_generator(60.0, 1.0)

    by_hand = -(shares[0].log() + (1 - shares[1]).log() + (1 - shares[2]).log())
    torch.testing.assert_close(
        reward.loss(scores, ticked)[0], by_hand, atol=1e-5, rtol=1e-5, check_dtype=False
    )
    torch.testing.assert_close(group.loss(scores, ticked)[0], -shares[0].log(), check_dtype=False)
    assert group.gain == 60


def test_what_is_said_moves_the_taste_and_is_no_test_of_it():
    rounds = [answered(one(3), seed) for seed in range(4)]
    asked = answered(one(5), 77, spread=0.5)
    said = Answered(asked.evidence, asked.ticked, is_said=True)

    plain, found = fit(rounds, REWARD), fit([*rounds, said], REWARD)

    assert float(found.likely[5]) > float(plain.likely[5])
    assert len(found.judged["reward"].before) == len(found.judged["reward"].after) == 4


def test_what_is_said_counts_more_than_a_round_of_the_same_designs():
    asked = answered(one(5), 77, spread=0.5)
    said = Answered(asked.evidence, asked.ticked, is_said=True)

    assert float(fit([said], REWARD).likely[5]) > float(fit([asked], REWARD).likely[5])
