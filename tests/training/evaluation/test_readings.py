import pytest

from training.evaluation.readings import ReadBack
from training.results import Figure

FAMILIES = ("colour", "length", "belt")


@pytest.fixture
def back() -> ReadBack:
    asked = [
        {"colour": "red", "length": "mini"},
        {"colour": "navy"},
        {"colour": "red", "length": "maxi"},
        {"colour": "red"},
    ]
    read = [
        {"colour": "red", "length": "mini", "belt": "sash"},
        {"colour": "navy", "length": "mini", "belt": "sash"},
        {"colour": "red", "length": "mini", "belt": "sash"},
        {"colour": "pink", "length": "mini", "belt": "sash"},
    ]
    return ReadBack.compare(FAMILIES, asked, read)


def test_only_what_was_asked_counts(back):
    shares = {family: figure.value for family, figure in back.by_family().items()}

    assert shares == {"colour": 0.75, "length": 0.5}


def test_every_family_counts_alike_in_the_mean(back):
    assert back.mean().value == pytest.approx((0.75 + 0.5) / 2)


def test_the_worst_family_has_its_own_interval(back):
    assert back.worst() == back.by_family()["length"]


def test_the_rarest_family_tells_how_much_the_worst_can_be_trusted(back):
    assert back.fewest_asked() == 2


def test_all_right_gives_a_mean_of_one():
    wanted = [{"colour": "red"}, {"length": "mini"}]
    read = [{"colour": "red", "length": "mini", "belt": "sash"}] * 2

    assert ReadBack.compare(FAMILIES, wanted, read).mean() == Figure.exact(1.0)
