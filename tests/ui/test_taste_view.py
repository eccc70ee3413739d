"""What a store's card says of its taste: honest words, in both languages."""

from datetime import UTC, datetime
from string import Formatter

import pytest

from studio.domain import RoundAnswer, TasteFacts, TasteVersion
from studio.services.likings import Liking
from studio.services.tastes import TasteState
from studio.ui.taste_view import taste_sentence, taste_view
from studio.ui.words import CHINESE, ENGLISH, Words

WORDS = Words(ENGLISH, {})
FIVE = tuple(RoundAnswer(number, "2026-11-30") for number in range(5))


def state(**facts: object) -> TasteState:
    told = TasteFacts(**{"counted": FIVE, "answered": 5, **facts})  # type: ignore[arg-type]  # tests pass literals
    version = TasteVersion(
        id=1,
        store_id=1,
        before_id=None,
        checkpoint="a",
        mark="b",
        made_at=datetime(2026, 11, 30, tzinfo=UTC),
        facts=told,
        content=b"",
    )
    return TasteState(version)


COMPARED = {"compared": 5, "before": 0.58, "after": 0.71, "scales": {"reward": 1.0}}


def test_a_gain_that_may_be_luck_says_so():
    assert taste_sentence(state(**COMPARED), WORDS) == (
        "5 rounds: agrees with 71% of your picks, 58% before; may still be luck"
    )


def test_a_gain_beyond_luck_says_no_more_than_that():
    assert taste_sentence(state(**COMPARED, is_sure=True), WORDS) == (
        "5 rounds: agrees with 71% of your picks, 58% before"
    )


def test_what_does_not_help_is_told_as_not_added():
    told = taste_sentence(state(**{**COMPARED, "scales": {"reward": 0.0}}), WORDS)

    assert "nothing is added" in told
    assert "58%" in told


def test_too_few_rounds_to_compare_promise_nothing():
    told = taste_sentence(state(compared=1, before=0.0, after=1.0, counted=FIVE[:1]), WORDS)

    assert told.startswith("1 round: counted")
    assert "%" not in told


def test_a_store_that_has_taught_nothing_says_how_to_begin():
    nothing = TasteState(None)

    assert "Tick designs" in taste_sentence(nothing, WORDS)
    view = taste_view(nothing, (), {}, WORDS)
    assert not view["can_undo"]
    assert not view["can_reset"]


def test_what_is_left_out_and_what_went_wrong_stand_on_the_card():
    many = state(answered=5_000)
    busy = TasteState(many.version, is_learning=True, trouble="It failed.")
    told = taste_view(busy, (), {}, WORDS)

    assert told["notes"] == [
        "Of 5000 answered rounds 5 count.",
        "Taking in the last answers …",
        "It failed.",
    ]
    assert told["can_undo"]
    assert told["can_reset"]


def test_lines_say_how_sure_they_are_and_which_rounds_say_so():
    likings = (
        Liking("pattern", "leopard", -0.5, 0.97, (9, 7, 5, 3)),
        Liking("colour", "navy", 0.4, 0.9, (9, 8), ((9, "abc"),)),
        Liking("belt", "sash", 0.1, 0.5, (9, 8)),
    )

    told = taste_view(state(**COMPARED), likings, {"leopard": "leopard print"}, WORDS)

    (navy,), (leopard,) = told["likes"], told["avoids"]
    assert (navy["told"], navy["why"]) == ("navy", "2 rounds, 90% sure")
    assert navy["hex"].startswith("#")
    assert navy["pictures"] == [{"round": 9, "image": "thumbnails/abc.png"}]
    assert (leopard["told"], leopard["why"]) == ("leopard print", "4 rounds, 97% sure")
    assert leopard["rounds"] == [9, 7, 5]
    assert leopard["hex"] is None


def test_what_a_person_says_is_told_as_that_and_counted_as_an_answer():
    likings = (Liking("pattern", "leopard", 1.0, 1.0, (9,), is_said=True),)

    told = taste_view(state(**COMPARED, said=(4,)), likings, {}, WORDS)

    assert told["likes"][0]["is_said"]
    assert told["likes"][0]["why"] == "you said so"
    assert told["told"].startswith("5 rounds, 1 correction: agrees with 71%")
    assert "2 corrections" in taste_sentence(state(**COMPARED, said=(4, 2)), WORDS)


@pytest.mark.parametrize(
    "name", [name for name in ENGLISH if name.startswith(("taste_", "receipt_", "liking_"))]
)
def test_both_languages_say_the_same_with_the_same_numbers(name):
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert places(ENGLISH[name]) == places(CHINESE[name])
