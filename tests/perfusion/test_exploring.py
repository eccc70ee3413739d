import math

import pytest
import torch

from studio.perfusion.exploring import information, most_telling

EVEN = torch.tensor([0.5, 0.5])


def test_what_all_kin_like_alike_teaches_nothing():
    scores = torch.tensor([[3.0, 3.0], [1.0, 1.0], [0.0, 0.0]])

    assert information(scores, EVEN) == pytest.approx(0.0, abs=1e-9)


def test_two_kin_that_are_sure_of_different_designs_are_told_apart_by_one_tick():
    scores = torch.tensor([[50.0, 0.0], [0.0, 50.0]])

    assert information(scores, EVEN) == pytest.approx(math.log(2))


def test_it_is_the_mutual_information_of_tick_and_store():
    torch.manual_seed(0)
    scores, likely = torch.randn(4, 3), torch.tensor([0.2, 0.5, 0.3])
    joint = scores.double().softmax(dim=0) * likely.double()  # (N, J)
    alone = joint.sum(dim=1, keepdim=True) * joint.sum(dim=0, keepdim=True)

    assert information(scores, likely) == pytest.approx(
        float((joint * (joint / alone).log()).sum())
    )


def test_where_the_store_is_known_for_sure_nothing_teaches():
    assert information(torch.randn(5, 2), torch.tensor([1.0, 0.0])) == pytest.approx(0, abs=1e-9)


def test_the_designs_that_kin_disagree_about_are_chosen_beside_what_is_shown_anyway():
    scores = torch.tensor([[1.0, 1.0], [1.0, 1.0], [4.0, -4.0], [0.5, 0.5], [-4.0, 4.0]])

    assert most_telling(scores, EVEN, 2, among=range(5), beside=[0]) == (2, 4)
    assert most_telling(scores, EVEN, 1, among=[1, 3, 4], beside=[0, 2]) == (4,)


def test_no_more_are_chosen_than_there_are_and_none_that_is_shown_anyway():
    scores = torch.randn(3, 2)

    assert most_telling(scores, EVEN, 5, among=range(3), beside=[1]) == (0, 2)
    assert most_telling(scores, EVEN, 0, among=range(3)) == ()
