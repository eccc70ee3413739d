"""The record of a page's state, and what follows from it."""

from dataclasses import replace
from typing import Any

import pytest

from studio.design.spec import spec_of_values
from studio.domain import Mixed
from studio.services.asking import Change, RoundOptions, Start
from studio.services.daring import MIDDLE
from studio.ui.plan import plan_of, plan_view, shown_plan
from studio.ui.session import Fields, Kept, Session
from studio.ui.words import CHINESE, ENGLISH, Words

WORDS = Words(ENGLISH, {})
PINNED = RoundOptions(start=Start(("a" * 64,), 0.4), wearer_seed=9)


def view(
    session: Session, typed: str = "", daring: float = MIDDLE, times: int = 1, exploring: int = 0
) -> dict[str, Any]:
    plan = shown_plan(session, 8, typed, daring, times)
    return plan_view(plan, session, WORDS, exploring, "Bea" if session.mixed else "")


def test_a_line_goes_on_from_its_newest_round():
    session = Session(group_id=14).going_on(14).watching(1).drawn(15)
    assert session.parent_id == 15

    session = session.watching(2).drawn(16)  # more like these

    assert session.parent_id == session.group_id == 16
    assert view(session)["parent_id"] == 16


def test_a_round_of_its_own_starts_no_line():
    assert Session().watching(1).drawn(3).parent_id is None


def test_another_store_and_starting_afresh_end_a_line():
    line = Session(group_id=3, store_id=1).going_on(3)

    assert line.for_store(1).parent_id == 3
    assert line.for_store(2).parent_id is None
    assert line.for_store(None).parent_id is None
    assert line.afresh().parent_id is None


def test_a_line_waits_for_its_store_until_something_else_is_drawn():
    away = Session(group_id=3, store_id=1).going_on(3).for_store(2)

    assert away.for_store(None).for_store(1).parent_id == 3
    assert away.watching(1).drawn(4).for_store(1).parent_id is None
    assert away.afresh().for_store(1).parent_id is None


TYPED = Fields("dress, red", 8.0, "", 1.0, 1.0)


def test_what_is_replaced_comes_back_and_goes_again():
    before = Session(group_id=3, store_id=1, seed=5)
    opened = before.opened(9, 2).over(before, TYPED, "skirt")
    assert view(opened)["is_replaced"]
    now = Fields("skirt", 4.0, "", 0.5, 2.0)

    back, fields = opened.put_back(now)

    assert (fields, back.group_id, back.store_id, back.seed) == (TYPED, 3, 1, 5)
    again, fields = back.put_back(TYPED)
    assert (fields, again.group_id, again.store_id) == (now, 9, 2)


@pytest.mark.parametrize(
    ("before", "fields", "prompt"),
    [
        (Session(), Fields(), "dress"),
        (Session(), TYPED, TYPED.prompt),
        (Session(group_id=3, parent_id=3), TYPED, TYPED.prompt),
    ],
)
def test_where_nothing_is_lost_nothing_is_told(before, fields, prompt):
    assert before.opened(4, None).over(before, fields, prompt).replaced is None
    assert before.put_back(fields) == (before, fields)


@pytest.mark.parametrize(
    ("before", "fields"),
    [
        (Session(), TYPED),
        (Session(seed=5), Fields()),
        (Session(restored=PINNED), Fields()),
        (Session(parent_id=3), Fields()),
        (Session(), Fields(seed="7")),
    ],
)
def test_starting_afresh_keeps_whatever_was_there(before, fields):
    assert before.afresh().over(before, fields, "").put_back(Fields())[1] == fields


def test_the_next_round_ends_what_could_be_put_back():
    before = Session()
    session = before.afresh().over(before, TYPED, "").answered(Kept(3, None, "Saved."))

    asked = session.watching(1)

    assert (asked.replaced, asked.kept) == (None, None)
    assert session.opened(4, None).kept is None


def test_a_picture_that_was_brought_since_stays():
    picture = Start(("b" * 64,), 0.4)
    before = Session(group_id=3)
    session = replace(before.opened(4, None).over(before, TYPED, "skirt"), reference=picture)

    assert session.put_back(TYPED)[0].reference == picture


def test_an_opened_round_is_on_the_board_with_its_store_and_nothing_pinned():
    session = Session(job_id=4, store_id=1, seed=5, restored=PINNED).opened(3, 2)

    assert session == Session(group_id=3, parent_id=3, store_id=2)


def test_what_came_to_nothing_leaves_everything_as_it_was():
    before = Session(group_id=3, store_id=1).going_on(3)

    assert before.watching(9).stopped() == before


def test_pins_of_a_png_hold_for_one_round_and_are_told_one_by_one():
    session = Session(seed=41, restored=PINNED)

    pins = [pin for pin, _ in view(session, times=2, daring=3.0, exploring=2)["chips"]]

    assert pins == ["seed", "best_of", "daring", "explores", "start", "wearer_seed"]
    assert plan_of(session, 8, "", MIDDLE, 1).seed == 41
    assert view(session.watching(1))["chips"] == []
    assert plan_of(session.watching(1), 8, "", MIDDLE, 1).seed is None


def test_each_pin_can_be_taken_away_and_the_others_stay():
    session = Session(seed=41, restored=PINNED)

    assert [pin for pin, _ in view(session.without("seed"))["chips"]] == ["start", "wearer_seed"]
    assert [pin for pin, _ in view(session.without("start"))["chips"]] == ["seed", "wearer_seed"]
    assert session.without("nothing known") == session


def test_another_stores_taste_is_mixed_in_until_it_is_taken_away_or_the_store_changes():
    session = Session(store_id=3, mixed=Mixed(store_id=4, share=0.3))

    assert view(session)["chips"] == [["mixed", "30% Bea"]]
    assert plan_of(session, 8, "", MIDDLE, 1).options.mixed == session.mixed
    assert session.watching(1).mixed == session.mixed
    assert session.without("mixed").mixed is None
    assert session.for_store(4).mixed is None
    assert replace(session, store_id=4).mixing is None  # its own is no other one
    assert replace(session, store_id=None).mixing is None


def test_the_taste_of_that_time_is_pinned_where_there_is_a_store():
    session = Session(store_id=3, restored=RoundOptions(taste="ab12"))

    assert [pin for pin, _ in view(session)["chips"]] == ["taste"]
    assert view(session.without("taste"))["chips"] == []
    assert view(Session(restored=RoundOptions(taste="ab12")))["chips"] == []


def test_a_typed_seed_wins_and_half_a_seed_is_none_yet():
    session = Session(seed=41)

    assert plan_of(session, 8, "7", MIDDLE, 1).seed == 7
    assert shown_plan(session, 8, "7x", MIDDLE, 1).seed == 41


def test_a_change_is_told_by_its_parts_and_takes_the_place_of_a_start():
    design = spec_of_values({"category": "dress"}, asked={"category"}).to_json()
    change = Change(design, frozenset({"fabric"}))
    session = Session(restored=RoundOptions(change=change, start=Start(("a" * 64,), 0.4)))

    assert [pin for pin, _ in view(session)["chips"]] == ["change"]
    assert plan_of(session, 8, "", MIDDLE, 1).options.start is None


def test_every_pin_has_words_in_both_languages():
    session = Session(seed=1, restored=PINNED)
    for words in (ENGLISH, CHINESE):
        told = plan_view(shown_plan(session, 8, "", 0.5, 2), session, Words(words, {}))
        assert all(label for _, label in told["chips"])
