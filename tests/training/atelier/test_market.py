from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.tiny_world import draw_blocks
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig, draw_pool, tick, write_market
from training.atelier.oracle import Oracle
from training.data.groups import SPLITS, Rounds, read_rounds
from training.metrics import group_metrics

CONFIG = MarketConfig(
    stores=16, new_stores=8, rounds_per_store=10, briefs=5, designs_per_brief=6, seed=7
)


def make(folder: Path, config: MarketConfig = CONFIG) -> tuple[Rounds, Oracle]:
    write_market(config, folder / "rounds", folder / "oracle", folder / "pool", draw_blocks)
    return read_rounds(folder / "rounds"), Oracle.load(folder / "oracle")


@pytest.fixture(scope="module")
def market(tmp_path_factory):
    return make(tmp_path_factory.mktemp("market"))


def test_rounds_are_split_eight_to_one_to_one_and_new_stores_stand_apart(market):
    rounds, _ = market

    counts = {split: len(rounds.of_split(split).rounds) for split in SPLITS}
    assert counts == {"train": 128, "validation": 16, "test": 16, "new-stores": 80}
    new = {each.store_id for each in rounds.of_split("new-stores").rounds}
    assert len(new) == 8
    assert not new & {each.store_id for each in rounds.of_split("train").rounds}


def test_no_prompt_and_no_picture_of_training_is_used_in_evaluation(market):
    rounds, _ = market

    parts = [rounds.of_split("train").rounds, [r for r in rounds.rounds if r.split != "train"]]
    train, rest = ({name for each in part for name in each.images} for part in parts)
    assert not train & rest


def test_the_number_of_ticks_varies_and_some_rounds_have_none(market):
    rounds, _ = market

    ticked = {int(sum(each.labels)) for each in rounds.rounds}
    assert ticked == {0, 1, 2, 3}
    assert all(len(each.labels) == len(set(each.images)) == 5 for each in rounds.rounds)


def test_the_ticks_follow_the_true_utilities(market):
    rounds, oracle = market

    metrics = group_metrics(
        [oracle.utilities[each.id] for each in rounds.rounds],
        [np.array(each.labels) > 0.5 for each in rounds.rounds],
        [each.store_id for each in rounds.rounds],
    )
    assert metrics.gauc.mean() > 0.9


def test_every_candidate_has_what_the_prompt_asks_for(tmp_path):
    pool = draw_pool(CONFIG, tmp_path, draw_blocks)
    book = build_phrasebook()

    for brief in (*pool.training, *pool.evaluation):
        asked = book.parse(brief.prompt).attributes
        assert asked
        for outfit in brief.outfits:
            assert {family: outfit[family] for family in asked} == asked
        assert len(set(brief.outfits)) == CONFIG.designs_per_brief


def test_prompt_and_lots_tell_all_of_a_drawing(tmp_path):
    pool = draw_pool(CONFIG, tmp_path, draw_blocks)
    book = build_phrasebook()

    for brief in pool.training:
        for outfit, lots in zip(brief.outfits, brief.lots, strict=True):
            told = book.parse(f"{brief.prompt}, {lots}").attributes
            assert {**dict.fromkeys(outfit, "none"), **told} == dict(outfit)
    rounds, _ = make(tmp_path / "market")
    shown = {
        name: lots
        for each in pool.training
        for name, lots in zip(each.images, each.lots, strict=True)
    }
    each = rounds.of_split("train").rounds[0]
    assert each.lots == tuple(shown[name] for name in each.images)


def test_the_pool_is_found_again_and_a_pool_of_another_seed_is_drawn_anew(tmp_path):
    first = draw_pool(CONFIG, tmp_path, draw_blocks)

    again = draw_pool(replace(CONFIG, seed=8), tmp_path, lambda _: pytest.fail("drawn again"))
    other = draw_pool(replace(CONFIG, pool_seed=8), tmp_path, draw_blocks)

    assert again == first
    assert other != first


def test_the_same_seed_writes_the_same_market(tmp_path, market):
    rounds, oracle = market

    again, same_oracle = make(tmp_path)
    other, _ = make(tmp_path / "other", replace(CONFIG, seed=8))

    assert again.rounds == rounds.rounds
    assert other.rounds != rounds.rounds
    assert same_oracle.tastes.keys() == oracle.tastes.keys()


def test_the_oracle_judges_outfits_as_it_judged_the_rounds(tmp_path):
    rounds, oracle = make(tmp_path)
    pool = draw_pool(CONFIG, tmp_path / "pool", draw_blocks)
    outfits = {
        image: outfit
        for brief in (*pool.training, *pool.evaluation)
        for image, outfit in zip(brief.images, brief.outfits, strict=True)
    }

    for each in rounds.rounds[:20]:
        judged = oracle.judge(each.store_id, [outfits[name] for name in each.images])
        np.testing.assert_allclose(judged, oracle.utilities[each.id], atol=1e-4)


def test_nothing_of_the_oracle_stands_in_the_export(tmp_path):
    make(tmp_path)

    names = {path.name for path in (tmp_path / "rounds").iterdir()}
    assert names == {"export.json", "rounds.parquet", "images", "market.json"}


def test_ticks_are_plackett_luce():
    utility, rng = np.array([1.0, 0.0, -1.0]), np.random.default_rng(0)

    answers = np.array([tick(utility, -50.0, rng) for _ in range(10000)])
    counts = answers[answers.sum(axis=1) == 1].sum(axis=0)

    expected = np.exp(utility) / np.exp(utility).sum()
    np.testing.assert_allclose(counts / counts.sum(), expected, atol=0.02)


def test_nothing_is_ticked_where_nothing_pleases():
    rng = np.random.default_rng(0)

    assert not any(any(tick(np.zeros(5), 50.0, rng)) for _ in range(100))


def test_a_colourway_shows_one_design_in_several_colours(tmp_path):
    book = build_phrasebook()
    config = replace(CONFIG, colourway_briefs=7)

    pool = draw_pool(config, tmp_path, draw_blocks)

    without = draw_pool(CONFIG, tmp_path / "without", draw_blocks)
    assert pool.training[: -config.colourway_briefs] == without.training
    assert pool.evaluation == without.evaluation
    for brief in pool.training[-config.colourway_briefs :]:
        assert "colour" not in book.parse(brief.prompt).attributes
        assert len({outfit["colour"] for outfit in brief.outfits}) == config.designs_per_brief
        assert len({outfit.but(colour="black") for outfit in brief.outfits}) == 1
