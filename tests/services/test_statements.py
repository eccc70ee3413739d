"""What a person says of a line counts as an answer: it is kept, taken in, and can be taken back."""

import pytest

from studio.design.families import FAMILIES, FIGURE_FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.domain import CandidateGroup, Role, Store, TasteError, UnknownStoreError, Visitor
from studio.perfusion.taste_learner import TasteLearner
from studio.services.statements import MOST_PAIRS
from studio.services.studio import Studio
from studio.storage.statements import StatementStore


@pytest.fixture
def studio(personal_studio: Studio) -> Studio:
    return personal_studio


@pytest.fixture
def store(studio: Studio) -> Store:
    return studio.stores.add("Anna", {"style": ["minimalist"]})


@pytest.fixture
def group(studio: Studio, store: Store) -> CandidateGroup:
    """An answered round, taken in."""
    job = studio.request_round("dress, red", 3, 1, store_id=store.id)
    studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None
    studio.select(group.id, {group.candidates[0].id})
    studio.tastes.learn(store.id)
    return studio.group(group.id)


@pytest.fixture
def line(group: CandidateGroup) -> tuple[str, str]:
    """A family in which the round's designs differ, and what one of them has there."""
    designs = [DesignSpec.from_json(each.design) for each in group.candidates]
    for family in FAMILIES:
        values = {each.outfit[family] for each in designs}
        if family not in FIGURE_FAMILIES and len(values) > 1 and NONE not in values:
            return family, designs[0].outfit[family]
    raise AssertionError("All designs of the round are alike.")


def totals(studio: Studio, group: CandidateGroup, store: Store) -> list[float]:
    scores = studio.scores.of_round(group, store.id)
    assert scores is not None
    return [each.total for each in scores.by_candidate.values()]


def test_what_is_said_counts_as_an_answer_and_changes_the_next_scores(studio, store, group, line):
    before = totals(studio, group, store)

    studio.tastes.say(store.id, *line, is_liked=False)
    studio.tastes.learn(store.id)

    facts = studio.tastes.state(store.id).facts
    assert len(facts.said) == 1
    assert len(facts.counted) == 1
    assert totals(studio, group, store) != pytest.approx(before, abs=1e-6)


def test_what_is_said_stands_first_among_the_lines(studio, store, group, line):
    studio.tastes.say(store.id, *line, is_liked=True)

    first = studio.tastes.likings(store.id)[0]

    assert (first.family, first.value) == line
    assert first.is_said
    assert first.is_liked


def test_what_is_said_is_shown_by_twins_that_differ_in_it_alone(
    studio, store, group, line, database
):
    studio.tastes.say(store.id, *line, is_liked=True)

    (statement,) = StatementStore(database).of_store(store.id)
    designs = [DesignSpec.from_json(each) for each in statement.designs]
    assert 2 <= len(designs) <= 2 * MOST_PAIRS
    for has, lacks in zip(designs[::2], designs[1::2], strict=True):
        differing = {name for name in FAMILIES if has.outfit[name] != lacks.outfit[name]}
        assert differing == {line[0]}
        assert has.outfit[line[0]] == line[1]


def test_liking_and_avoiding_pull_the_taste_apart(studio, store, group, line):
    """Of twins, the one with the value gains on the other when it is liked."""
    designs = {}
    for is_liked in (True, False):
        studio.tastes.say(store.id, *line, is_liked=is_liked)
        studio.tastes.learn(store.id)
        designs[is_liked] = studio.tastes.taste_of(store.id).mark

    assert designs[True] != designs[False]
    assert len(studio.tastes.state(store.id).facts.said) == 1  # the newer one took its place


def test_undo_takes_it_back_and_a_further_undo_the_round(studio, store, group, line):
    mark = studio.tastes.taste_of(store.id).mark
    studio.tastes.say(store.id, *line, is_liked=False)
    studio.tastes.learn(store.id)

    studio.tastes.undo(store.id)

    assert studio.tastes.taste_of(store.id).mark == mark
    assert not any(each.is_said for each in studio.tastes.likings(store.id))
    studio.tastes.learn(store.id)
    assert studio.tastes.taste_of(store.id).mark == mark
    studio.tastes.undo(store.id)
    assert studio.tastes.state(store.id).facts.counted == ()


def test_a_statement_that_was_taken_back_can_come_back(studio, store, group, line):
    studio.tastes.say(store.id, *line, is_liked=False)
    studio.tastes.learn(store.id)
    mark = studio.tastes.taste_of(store.id).mark

    studio.tastes.unsay(store.id, *line)
    studio.tastes.learn(store.id)
    assert studio.tastes.state(store.id).facts.said == ()
    assert studio.tastes.taste_of(store.id).mark != mark

    studio.tastes.undo(store.id)
    assert studio.tastes.taste_of(store.id).mark == mark
    assert studio.tastes.likings(store.id)[0].is_said


def test_a_store_that_begins_anew_has_said_nothing_until_that_is_undone(studio, store, group, line):
    studio.tastes.say(store.id, *line, is_liked=False)
    studio.tastes.learn(store.id)
    mark = studio.tastes.taste_of(store.id).mark

    studio.tastes.reset(store.id)
    studio.tastes.learn(store.id)
    assert studio.tastes.state(store.id).facts.said == ()
    assert not any(each.is_said for each in studio.tastes.likings(store.id))

    studio.tastes.undo(store.id)
    assert studio.tastes.taste_of(store.id).mark == mark


def test_twins_are_looked_at_once(studio, store, group, line, monkeypatch):
    studio.tastes.say(store.id, *line, is_liked=True)
    studio.tastes.learn(store.id)
    looked: list[str] = []
    look = TasteLearner.look

    def counting(learner, shown, *rest):
        looked.append(shown.name)
        return look(learner, shown, *rest)

    monkeypatch.setattr(TasteLearner, "look", counting)
    studio.tastes.learn(store.id)

    assert looked == []


def test_a_round_that_was_not_answered_can_show_what_is_meant(studio, store):
    job = studio.request_round("dress, red", 3, 1, store_id=store.id)
    studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None
    value = DesignSpec.from_json(group.candidates[0].design).outfit["length"]

    studio.tastes.say(store.id, "length", value, is_liked=True, seen_in=group)
    studio.tastes.learn(store.id)

    assert len(studio.tastes.state(store.id).facts.said) == 1


def test_what_cannot_be_said_is_refused_with_what_to_do(studio, store, group, line):
    with pytest.raises(TasteError, match="the vocabulary has"):
        studio.tastes.say(store.id, "pattern", "no such print", is_liked=True)
    with pytest.raises(UnknownStoreError):
        studio.tastes.say(99_999, *line, is_liked=True)
    with pytest.raises(TasteError, match="Nobody has said"):
        studio.tastes.unsay(store.id, *line)
    fresh = studio.stores.add("Bea", {})
    with pytest.raises(TasteError, match="Answer a round"):
        studio.tastes.say(fresh.id, *line, is_liked=True)


def test_a_damaged_statement_takes_no_other_answer_with_it(studio, store, group, line, database):
    studio.tastes.say(store.id, *line, is_liked=True)
    with database.transaction() as connection:
        connection.execute("UPDATE statements SET designs = '[\"no design\"]'")

    studio.tastes.learn(store.id)

    assert studio.tastes.taste_of(store.id).mark
    with database.transaction() as connection:
        connection.execute("UPDATE statements SET designs = 'no list'")
    studio.tastes.learn(store.id)
    assert studio.tastes.state(store.id).facts.said == ()


def test_another_workspace_can_say_nothing_of_it(studio, store, group, line, database):
    studio.tastes.say(store.id, *line, is_liked=True)
    with database.transaction() as connection:
        connection.execute("INSERT INTO workspaces (name, made_at) VALUES ('bea', '2026-01-01')")
    theirs = studio.of(Visitor(workspace_id=2, role=Role.OWNER))

    with pytest.raises(UnknownStoreError):
        theirs.tastes.say(store.id, *line, is_liked=False)
    with pytest.raises(UnknownStoreError):
        theirs.tastes.unsay(store.id, *line)
    assert StatementStore(theirs.database).of_store(store.id) == ()
