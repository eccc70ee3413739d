"""Every scorer on tiny real models: what it looks at, and what it doesn't."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.perfusion.profile import Profile
from tests.tiny_reward_models import shake
from tests.training.tiny_taste import make_taste_world, tiny_reward_config
from training.atelier.oracle import Oracle
from training.config import GeneralTasteConfig
from training.data.batches import group_tables
from training.data.groups import Round, read_rounds
from training.loops.general_taste import fit
from training.loops.image_head import ImageHead
from training.loops.reward import RewardTask, build
from training.scorers import (
    GeneralScorer,
    ImageHeadScorer,
    OracleScorer,
    OtherStoresScorer,
    PersonalScorer,
    TunedClipScorer,
    measure,
    stranger_of,
)

FIT = GeneralTasteConfig(steps=40, batch_size=8, learning_rate=3e-3, evaluate_steps=20)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    make_taste_world(folder)
    return folder


@pytest.fixture
def task(world: Path, tmp_path: Path) -> RewardTask:
    config = tiny_reward_config(world, tmp_path / "run")
    made = build(config, read_rounds(world / "rounds"), torch.device("cpu"))
    shake(made.model)
    return made


def same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.allclose(a, b, atol=1e-5) for a, b in zip(one, other, strict=True))


def test_a_personal_scorer_asks_for_the_rounds_own_store_or_for_a_stand_in(task: RewardTask):
    rounds = task.of_splits("validation")
    nobody = [replace(each, profile=Profile.of()) for each in rounds]

    own = PersonalScorer(task.model, task.bank).score(rounds)
    stand_in = PersonalScorer(task.model, task.bank, lambda _: Profile.of()).score(rounds)

    assert not same(own, stand_in)
    assert same(stand_in, PersonalScorer(task.model, task.bank).score(nobody))


def test_cached_image_features_give_the_scores_of_a_tower_that_is_not_personal(task: RewardTask):
    rounds = task.of_splits("validation")

    cached = PersonalScorer(task.model, task.bank, vision=False).score(rounds)
    personal = PersonalScorer(task.model, task.bank, vision=True).score(rounds)

    assert not same(cached, personal)
    with torch.no_grad():  # without anything to say, the vision plug-in changes nothing
        for name, weight in task.model.plug_ins[0].named_parameters():
            if ".out." in name:
                weight.zero_()
    assert same(cached, PersonalScorer(task.model, task.bank, vision=True).score(rounds))


def test_general_scorers_do_not_see_the_store(task: RewardTask):
    rounds = task.of_splits("validation")
    nobody = [replace(each, profile=Profile.of()) for each in rounds]

    for scorer in (
        GeneralScorer(task.model, task.bank),
        TunedClipScorer(task.model, task.bank),
        ImageHeadScorer(ImageHead(task.bank.features_of(torch.tensor([0])).shape[-1]), task.bank),
    ):
        assert same(scorer.score(rounds), scorer.score(nobody))


def test_a_clip_that_is_not_tuned_yet_is_the_frozen_one(task: RewardTask):
    rounds = task.of_splits("validation")

    tuned = TunedClipScorer(task.model, task.bank).score(rounds)

    assert same(tuned, GeneralScorer(task.model, task.bank).score(rounds))


def test_general_taste_is_learnt_where_stores_agree_and_the_backbone_stays_frozen(tmp_path: Path):
    make_taste_world(tmp_path)
    made = build(
        tiny_reward_config(tmp_path, tmp_path / "run"),
        read_rounds(tmp_path / "rounds"),
        torch.device("cpu"),
    )
    agreed = replace(
        made.rounds, rounds=tuple(r for r in made.rounds.rounds if r.store_id == "anna")
    )
    learning = [each for each in agreed.rounds if each.split == "train"]
    tables = group_tables(learning, made.bank, made.model.schema, made.model.processor)
    before = {name: value.clone() for name, value in made.model.state_dict().items()}

    tuned = fit(
        TunedClipScorer(made.model, made.bank), replace(made, rounds=agreed, tables=tables), FIT
    )

    assert tuned > 0.9
    after = made.model.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())


def test_the_mean_of_other_stores_leaves_the_own_one_out(task: RewardTask):
    rounds = task.of_splits("validation")
    stores = [Profile.of(store_id=name) for name in ("anna", "berta")]
    asked = [replace(each, profile=stores[0 if each.store_id == "anna" else 1]) for each in rounds]
    swapped = [
        replace(each, profile=stores[1 if each.store_id == "anna" else 0]) for each in rounds
    ]

    others = OtherStoresScorer(task.model, task.bank, stores, count=3).score(asked)

    assert same(others, PersonalScorer(task.model, task.bank).score(swapped))


def test_a_stranger_is_another_store_and_the_same_one_for_all_rounds_of_a_store():
    stores = [Profile.of(store_id=str(number)) for number in range(5)]
    world = [
        Round(id=str(n), profile=store, prompt="dress", images=("a", "b"), labels=(1.0, 0.0))
        for n, store in enumerate(stores)
    ]

    stand_in = stranger_of(stores, seed=1)

    chosen = {each.store_id: stand_in(each)["store_id"] for each in world}
    assert all(own != other for own, other in chosen.items())
    assert sorted(map(str, chosen.values())) == sorted(chosen)


def test_the_oracle_is_ordered_by_the_true_utilities(task: RewardTask):
    rounds = task.of_splits("validation")
    oracle = Oracle({}, {each.id: np.array(each.labels) for each in rounds})

    metrics = measure(OracleScorer(oracle), rounds)

    assert metrics.means() == {"gauc": 1.0, "map": 1.0}
