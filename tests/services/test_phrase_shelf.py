import pytest

from studio.domain import PhraseError
from studio.services.phrase_shelf import MOST_PHRASES, PhraseShelf


@pytest.fixture
def shelf(database) -> PhraseShelf:
    return PhraseShelf(database)


def test_favourites_stay_in_the_order_of_keeping(shelf):
    for phrase in ("v-neck", " long   sleeves ", "连衣裙", "v-neck"):
        shelf.keep(phrase)

    assert shelf.all() == ("v-neck", "long sleeves", "连衣裙")


def test_a_favourite_is_taken_away_and_taking_away_nothing_does_no_harm(shelf):
    shelf.keep("red")
    shelf.drop("blue")
    shelf.drop("red")

    assert shelf.all() == ()


@pytest.mark.parametrize("phrase", ["", "  ", "red, blue", "red\nblue", "红，蓝", "x" * 81])
def test_what_is_not_one_short_phrase_is_refused(shelf, phrase):
    with pytest.raises(PhraseError):
        shelf.keep(phrase)

    assert shelf.all() == ()


def test_a_full_shelf_takes_no_more_but_knows_its_own(shelf):
    for number in range(MOST_PHRASES):
        shelf.keep(f"phrase {number}")

    shelf.keep("phrase 0")
    with pytest.raises(PhraseError, match="Take one away"):
        shelf.keep("one more")


@pytest.mark.parametrize("phrase", ["' OR 1=1 --", "<img src=x onerror=alert(1)>", "../../x"])
def test_sql_markup_and_paths_stay_text(shelf, phrase):
    shelf.keep(phrase)

    assert shelf.all() == (phrase,)
