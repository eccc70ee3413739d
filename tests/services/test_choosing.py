import pytest

from studio.services.choosing import choose_best, drawn_for, exploring_of, times_of

UNLIKE = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
TWINS = [[1.0, 0.99, 0.1, 0.1], [0.99, 1.0, 0.1, 0.1], [0.1, 0.1, 1.0, 0.1], [0.1, 0.1, 0.1, 1.0]]


def test_without_likeness_the_highest_scores_are_chosen_in_the_order_of_drawing():
    assert choose_best([0.1, 3.0, 2.0, 0.2], None, 2, 0.5) == (1, 2)


def test_equally_unlike_designs_are_chosen_by_score():
    assert choose_best([3.0, 1.0, 2.0], UNLIKE, 2, 0.5) == (0, 2)


def test_of_two_that_are_nearly_the_same_only_one_is_chosen_while_others_are_nearly_as_good():
    assert choose_best([2.0, 1.95, 1.9, 0.0], TWINS, 2, 0.5) == (0, 2)


def test_a_much_better_design_is_chosen_even_if_it_is_like_another():
    assert choose_best([2.0, 1.95, -9.0, -9.0], TWINS, 2, 0.5) == (0, 1)


@pytest.mark.parametrize("scores", [[0.0], [0.0, 0.0, 0.0], [5.0, 5.0]])
def test_all_can_be_chosen_and_ties_do_no_harm(scores):
    assert choose_best(scores, None, len(scores), 0.5) == tuple(range(len(scores)))


def test_the_level_of_the_scores_does_not_matter():
    assert choose_best([2.0, 1.95, 1.9, 0.0], TWINS, 2, 0.5) == choose_best(
        [102.0, 101.95, 101.9, 100.0], TWINS, 2, 0.5
    )


def test_the_more_diversity_counts_the_less_alike_are_those_chosen():
    scores = [2.0, 1.95, 0.5, 0.0]

    assert choose_best(scores, TWINS, 2, 0.0) == (0, 1)
    assert choose_best(scores, TWINS, 2, 2.0) == (0, 2)


@pytest.mark.parametrize("shown", range(1, 13))
@pytest.mark.parametrize("times", [1, 2, 4])
def test_how_many_were_drawn_for_each_shown_one_can_be_read_back(shown, times):
    exploring = exploring_of(shown)

    drawn = drawn_for(shown, times, exploring)

    assert 0 <= exploring <= shown / 3
    assert shown <= drawn <= 48
    assert times_of(drawn, shown, exploring) == times
