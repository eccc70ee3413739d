"""A saved answer counts in the next round; what was learnt can be taken back and forgotten."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import torch

from studio.domain import (
    CandidateGroup,
    ComparisonError,
    ForbiddenError,
    Mixed,
    Role,
    Store,
    StrengthError,
    TasteError,
    UnknownStoreError,
    Visitor,
)
from studio.perfusion.taste import NO_TASTE
from studio.perfusion.taste_learner import TasteLearner
from studio.services import tastes as tastes_module
from studio.services.asking import RoundOptions, Start
from studio.services.recipe import recipe_in_file, recipe_in_png
from studio.services.studio import Studio
from studio.storage.database import Database
from studio.storage.users import UserStore
from tests.serving import wait_until
from tests.tiny_models import tiny_personal_generator
from tests.tiny_reward_models import shake, tiny_reward_model


@pytest.fixture
def studio(personal_studio: Studio) -> Studio:
    return personal_studio


@pytest.fixture
def store(studio: Studio) -> Store:
    return studio.stores.add("Anna", {"style": ["minimalist"]})


def a_round(studio: Studio, store: Store, seed: int) -> CandidateGroup:
    """A round drawn at once, without the worker."""
    job = studio.request_round("dress, red", 3, seed, store_id=store.id)
    while not studio.status(job.id).job.state.is_final:
        studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


def answered(studio: Studio, store: Store, seed: int, ticks: int = 1) -> CandidateGroup:
    """A round with its first designs ticked, taken in."""
    group = a_round(studio, store, seed)
    ids = {each.id for each in group.candidates[:ticks]}
    group = studio.select(group.id, ids)
    studio.tastes.learn(store.id)
    return group


def test_a_saved_answer_changes_the_next_scores_and_designs(studio, store):
    group = a_round(studio, store, 1)
    before = studio.scores.of_round(group, store.id)

    answered(studio, store, 2)

    after = studio.scores.of_round(group, store.id)
    assert after.rounds == 1
    for candidate in group.candidates:
        assert after.by_candidate[candidate.id].total != before.by_candidate[candidate.id].total
        assert after.by_candidate[candidate.id].general == pytest.approx(
            before.by_candidate[candidate.id].general
        )
    again = a_round(studio, store, 1)
    assert [each.image for each in again.candidates] != [each.image for each in group.candidates]


def test_a_round_says_which_taste_drew_it_and_can_be_drawn_again(studio, store, images):
    answered(studio, store, 1)
    group = a_round(studio, store, 5)
    mark = studio.tastes.state(store.id).version.mark
    assert group.request.taste == mark != ""
    recipe = recipe_in_file(images.find(group.candidates[0].image))
    assert recipe is not None
    assert recipe.taste == mark

    answered(studio, store, 2, ticks=2)
    assert studio.tastes.taste_of(store.id).mark != mark

    assert studio.tastes.knows(store.id, mark)
    assert studio.tastes.taste_with(store.id, mark).mark == mark
    assert not studio.tastes.knows(store.id, "0" * 16)


def test_none_of_these_is_an_answer_too(studio, store):
    answered(studio, store, 1)
    mark = studio.tastes.taste_of(store.id).mark

    answered(studio, store, 2, ticks=0)

    assert studio.tastes.taste_of(store.id).mark != mark
    facts = studio.tastes.state(store.id).facts
    assert len(facts.counted) == 2
    assert facts.compared == 1


def test_the_same_answers_always_teach_the_same(studio, store):
    answered(studio, store, 1)
    mark = studio.tastes.taste_of(store.id).mark

    studio.tastes.learn(store.id)

    assert studio.tastes.taste_of(store.id).mark == mark


def test_what_was_learnt_last_can_be_taken_back(studio, store):
    first = answered(studio, store, 1)
    mark = studio.tastes.taste_of(store.id).mark
    second = answered(studio, store, 2)

    studio.tastes.undo(store.id)

    assert studio.tastes.taste_of(store.id).mark == mark
    facts = studio.tastes.state(store.id).facts
    assert [each.group_id for each in facts.counted] == [first.id]
    studio.tastes.learn(store.id)
    assert studio.tastes.taste_of(store.id).mark == mark  # the answer that was taken back is out

    studio.select(second.id, {second.candidates[0].id})  # answered again, it counts again
    studio.tastes.learn(store.id)
    counted = studio.tastes.state(store.id).facts.counted
    assert {each.group_id for each in counted} == {first.id, second.id}


def test_all_can_be_taken_back_one_by_one(studio, store):
    answered(studio, store, 1)
    answered(studio, store, 2)

    studio.tastes.undo(store.id)
    studio.tastes.undo(store.id)

    assert studio.tastes.taste_of(store.id) is NO_TASTE
    assert studio.tastes.state(store.id).facts.counted == ()


def test_a_store_can_begin_anew_and_that_can_be_undone(studio, store):
    answered(studio, store, 1)
    mark = studio.tastes.taste_of(store.id).mark

    studio.tastes.reset(store.id)

    assert studio.tastes.taste_of(store.id) is NO_TASTE
    studio.tastes.learn(store.id)
    assert studio.tastes.state(store.id).facts.counted == ()
    studio.tastes.undo(store.id)
    assert studio.tastes.taste_of(store.id).mark == mark


def test_where_nothing_was_learnt_there_is_nothing_to_take_back(studio, store):
    with pytest.raises(TasteError, match="nothing yet"):
        studio.tastes.undo(store.id)
    with pytest.raises(TasteError, match="nothing yet"):
        studio.tastes.reset(store.id)
    with pytest.raises(UnknownStoreError):
        studio.tastes.undo(99_999)


def test_only_the_newest_rounds_count_and_the_card_can_say_so(studio, store, monkeypatch):
    monkeypatch.setattr(tastes_module, "MOST_ROUNDS", 2)
    rounds = [answered(studio, store, seed) for seed in range(3)]

    facts = studio.tastes.state(store.id).facts

    assert [each.group_id for each in facts.counted] == [rounds[2].id, rounds[1].id]
    assert facts.answered == 3


def test_many_new_rounds_are_looked_at_a_few_at_a_time(studio, store, monkeypatch):
    monkeypatch.setattr(tastes_module, "NEW_AT_ONCE", 1)
    for seed in range(2):
        group = a_round(studio, store, seed)
        studio.select(group.id, {group.candidates[0].id})

    assert not studio.tastes.learn(store.id)
    assert len(studio.tastes.state(store.id).facts.counted) == 1
    assert studio.tastes.learn(store.id)
    assert len(studio.tastes.state(store.id).facts.counted) == 2


def test_a_round_whose_pictures_are_gone_takes_no_other_with_it(studio, store, images):
    group = a_round(studio, store, 1)
    for candidate in group.candidates:
        images.find(candidate.image).unlink()
    studio.select(group.id, {group.candidates[0].id})

    answered(studio, store, 2)

    assert studio.tastes.taste_of(store.id).mark


def test_a_store_that_is_removed_meanwhile_learns_nothing(studio, store):
    group = a_round(studio, store, 1)
    studio.select(group.id, {group.candidates[0].id})
    studio.stores.remove(store.id)

    with pytest.raises(UnknownStoreError):
        studio.tastes.learn(store.id)
    assert studio.tastes.state(store.id).version is None


def test_a_fit_that_fails_leaves_the_taste_of_before(studio, store, monkeypatch):
    answered(studio, store, 1)
    mark = studio.tastes.taste_of(store.id).mark

    def run_away(*_: object) -> None:
        raise TasteError("The numbers ran away.")

    monkeypatch.setattr(TasteLearner, "learn", run_away)
    studio.start()
    group = a_round(studio, store, 2)
    studio.select(group.id, {group.candidates[0].id})
    wait_until(lambda: bool(studio.tastes.state(store.id).trouble))

    assert studio.tastes.state(store.id).trouble == "The numbers ran away."
    assert studio.tastes.taste_of(store.id).mark == mark


def test_a_taste_belongs_to_its_checkpoint_and_is_learnt_anew_with_another(studio, store):
    answered(studio, store, 1)
    mark = studio.tastes.taste_of(store.id).mark

    reward_model = shake(tiny_reward_model(variant="text-only"), seed=8)
    studio.use(tiny_personal_generator(), "other", reward_model)

    state = studio.tastes.state(store.id)
    assert state.version is None
    assert state.is_learning
    studio.tastes.learn(store.id)
    assert studio.tastes.taste_of(store.id).mark not in ("", mark)


def test_in_the_background_a_save_is_taken_in_before_the_next_round_is_drawn(
    studio, store, monkeypatch
):
    monkeypatch.setattr(tastes_module, "LONGEST_WAIT_S", 60.0)  # a busy machine is slow
    studio.start()
    first = a_round(studio, store, 1)

    studio.select(first.id, {first.candidates[0].id})
    second = a_round(studio, store, 2)

    assert second.request.taste == studio.tastes.taste_of(store.id).mark != ""


def test_a_changed_profile_is_a_new_place_to_start_from(studio, store):
    answered(studio, store, 1)
    before = studio.tastes.taste_of(store.id)

    studio.stores.change(store.id, "Anna", {"style": ["luxurious"]})
    studio.tastes.learn(store.id)

    after = studio.tastes.taste_of(store.id)
    assert not torch.equal(after.reward, before.reward)


def test_another_workspace_sees_none_of_it(studio, store, database):
    answered(studio, store, 1)
    with database.transaction() as connection:
        connection.execute("INSERT INTO workspaces (name, made_at) VALUES ('bea', '2026-01-01')")
    theirs = studio.of(Visitor(workspace_id=2, role=Role.OWNER))

    for asked in (theirs.tastes.state, theirs.tastes.undo, theirs.tastes.reset):
        with pytest.raises(UnknownStoreError):
            asked(store.id)


def test_a_damaged_row_counts_as_no_taste(studio, store, database):
    answered(studio, store, 1)
    with database.transaction() as connection:
        connection.execute("UPDATE tastes SET content = x'00'")

    assert studio.tastes.taste_of(store.id) is NO_TASTE
    studio.tastes.learn(store.id)
    assert studio.tastes.taste_of(store.id).mark


def test_a_checkpoint_without_personal_models_learns_nothing(generator, database, images):
    plain = Studio(generator, "tiny", database, images)
    store = plain.stores.add("Anna", {})

    plain.tastes.take_in(store.id)
    assert plain.tastes.learn(store.id)

    assert plain.tastes.state(store.id).version is None
    plain.stop()


def drawn(studio: Studio, store: Store | None, options: RoundOptions, count: int = 4):
    """A round drawn at once with options."""
    store_id = None if store is None else store.id
    job = studio.request_round("dress", count, 7, store_id=store_id, options=options)
    while not studio.status(job.id).job.state.is_final:
        studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


EXPLORING = RoundOptions(explores=True)


def test_a_share_of_a_stores_designs_explores_its_taste_and_is_marked(studio, store, images):
    answered(studio, store, 1)

    group = drawn(studio, store, EXPLORING, 8)

    assert len(group.candidates) == 8
    assert group.request.exploring == 2
    assert sum(each.explores for each in group.candidates) == 2
    recipe = recipe_in_file(images.find(group.candidates[0].image))
    assert recipe is not None
    assert recipe.exploring == 2
    restored = studio.restore(studio_recipe(studio, group))
    assert (restored.options.explores, restored.options.times) == (True, 1)
    assert restored.num_candidates == 8


def studio_recipe(studio: Studio, group: CandidateGroup) -> str:
    return recipe_in_png(studio.designs.png(group.candidates[0].id)[1])


def test_what_explores_is_none_of_the_best_and_the_same_when_it_is_asked_again(studio, store):
    answered(studio, store, 1)
    group, again = (drawn(studio, store, EXPLORING) for _ in range(2))
    best = drawn(studio, store, RoundOptions())

    explores = [each.seed for each in group.candidates if each.explores]
    assert len(explores) == 1
    assert explores == [each.seed for each in again.candidates if each.explores]
    assert group.request.generation.num_candidates == 7
    assert best.request.shown is None


def test_nothing_explores_without_a_store_on_request_or_where_a_design_is_varied(studio, store):
    group = drawn(studio, store, RoundOptions())
    assert not any(each.explores for each in group.candidates)
    start = Start((group.candidates[0].image,), 0.5)

    for whom, options in (
        (None, EXPLORING),
        (store, RoundOptions()),
        (store, replace(EXPLORING, start=start)),
    ):
        again = drawn(studio, whom, options)
        assert again.request.exploring == 0
        assert again.request.shown is None
        assert again.request.generation.num_candidates == 4


def test_another_stores_taste_can_be_mixed_in_and_its_share_moves_the_designs(studio, store):
    other = studio.stores.add("Berta", {"style": ["luxurious"]})
    answered(studio, other, 3)

    def designs(share: float, whom: Store = store, with_: Store = other) -> list[str]:
        mixed = Mixed(store_id=with_.id, share=share) if share else None
        group = drawn(studio, whom, RoundOptions(mixed=mixed))
        return [each.image for each in group.candidates]

    own, all_others = designs(0.0), designs(1.0)
    assert designs(0.5) not in (own, all_others)
    # All of another store's taste draws what that store would see, bit for bit but for rounding.
    first = drawn(studio, store, RoundOptions(mixed=Mixed(store_id=other.id, share=1.0)))
    its = drawn(studio, other, RoundOptions())
    assert [each.design for each in first.candidates] == [each.design for each in its.candidates]


def test_a_mixed_round_says_what_was_mixed_and_is_restored(studio, store):
    other = studio.stores.add("Berta", {"style": ["luxurious"]})
    answered(studio, other, 3)
    mixed = Mixed(store_id=other.id, share=0.4)

    group = drawn(studio, store, RoundOptions(mixed=mixed))

    kept = group.request.mixed
    assert kept is not None
    assert (kept.share, kept.taste) == (0.4, studio.tastes.taste_of(other.id).mark)
    options = studio.restore(studio_recipe(studio, group)).options
    assert options.mixed == kept
    again = drawn(studio, store, options)
    assert [each.design for each in again.candidates] == [each.design for each in group.candidates]


def test_a_mixture_with_itself_with_too_much_or_with_nobody_known_is_refused(studio, store):
    with pytest.raises(ComparisonError, match="another store"):
        drawn(studio, store, RoundOptions(mixed=Mixed(store_id=store.id, share=0.5)))
    with pytest.raises(StrengthError):
        drawn(studio, store, RoundOptions(mixed=Mixed(store_id=99, share=1.5)))
    with pytest.raises(UnknownStoreError):
        drawn(studio, store, RoundOptions(mixed=Mixed(store_id=99, share=0.5)))


def elsewhere(database: Database, studio: Studio) -> Studio:
    """The same models for people who share nothing else."""
    workspace_id = UserStore(database).workspace("elsewhere", datetime.now(UTC))
    return studio.of(Visitor(workspace_id=workspace_id))


def test_a_taste_is_brought_to_another_studio_and_goes_on_learning_there(studio, store, database):
    answered(studio, store, 1)
    answered(studio, store, 2, ticks=2)
    taste = studio.tastes.taste_of(store.id)

    other = elsewhere(database, studio)
    brought = other.tastes.bring(studio.tastes.saved(store.id).to_bytes())
    other.tastes.learn(brought.id)

    assert (brought.name, brought.profile) == (store.name, store.profile)
    assert other.tastes.taste_of(brought.id).mark == taste.mark
    facts = other.tastes.state(brought.id).facts
    assert (facts.rounds, facts.brought, facts.compared) == (2, 2, 2)
    answered(other, brought, 5)
    facts = other.tastes.state(brought.id).facts
    assert (facts.rounds, facts.brought) == (3, 2)
    assert other.tastes.taste_of(brought.id).mark != taste.mark
    assert len(other.tastes.saved(brought.id).rounds) == 3  # and on to a third studio


def test_what_was_brought_can_be_taken_back_and_forgotten(studio, store, database):
    answered(studio, store, 1)
    content = studio.tastes.saved(store.id).to_bytes()
    other = elsewhere(database, studio)
    for take_back in (other.tastes.undo, other.tastes.reset):
        brought = other.tastes.bring(content)
        other.tastes.learn(brought.id)

        take_back(brought.id)
        other.tastes.learn(brought.id)

        assert other.tastes.taste_of(brought.id) is NO_TASTE
        assert other.tastes.state(brought.id).facts.rounds == 0


def test_what_was_brought_for_other_answers_counts_no_more(studio, store, database):
    answered(studio, store, 1)
    other = elsewhere(database, studio)
    brought = other.tastes.bring(studio.tastes.saved(store.id).to_bytes())

    other.stores.change(brought.id, brought.name, {"style": ["luxurious"]})
    other.tastes.learn(brought.id)

    assert other.tastes.state(brought.id).facts.rounds == 0


def test_a_taste_of_another_checkpoint_is_refused_and_no_store_is_added(studio, store):
    answered(studio, store, 1)
    saved, stores = studio.tastes.saved(store.id), studio.stores.all()

    for file, said in (
        (replace(saved, checkpoint="another"), "another checkpoint"),
        (replace(saved, mark="another"), "knows that store by its own rounds"),
    ):
        with pytest.raises(TasteError, match=said):
            studio.tastes.bring(file.to_bytes())
    assert studio.stores.all() == stores


def test_a_store_that_has_taught_nothing_has_nothing_to_save(studio, store):
    with pytest.raises(TasteError, match="taught nothing yet"):
        studio.tastes.saved(store.id)


def test_who_may_only_look_brings_nothing(studio, store):
    answered(studio, store, 1)
    content = studio.tastes.saved(store.id).to_bytes()
    viewer = studio.of(Visitor(role=Role.VIEWER))

    with pytest.raises(ForbiddenError):
        viewer.tastes.bring(content)
