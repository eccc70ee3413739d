import pytest

from studio.services.daring import DARING, MIDDLE, diversity_of, notch_of, strength_of


def test_the_middle_is_as_trained_and_the_ends_are_the_ends():
    assert [strength_of(each) for each in (0, MIDDLE, DARING)] == [2, 1, 0]


@pytest.mark.parametrize("strength", [0.0, 0.1, 0.7, 1.0, 1.3, 2.0])
def test_each_strength_has_its_place_on_the_slider(strength):
    assert strength_of(notch_of(strength)) == strength


def test_the_more_daring_the_weaker_the_taste_and_the_more_unlike_the_designs():
    notches = [step / 4 for step in range(int(4 * DARING) + 1)]
    strengths = [strength_of(each) for each in notches]

    assert strengths == sorted(strengths, reverse=True)
    diversities = [diversity_of(each) for each in strengths]
    assert diversities == sorted(diversities)
    assert len(set(diversities)) == len(diversities)
