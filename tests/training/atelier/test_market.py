from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.design.families import FIGURE_FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.spec import DesignSpec
from tests.training.tiny_world import draw_blocks
from training.atelier.grammar import build_phrasebook
from training.atelier.market import Brief, MarketConfig, Pool, make_pool, tick, write_market
from training.atelier.oracle import Oracle
from training.data.groups import SPLITS, Rounds, read_rounds
from training.metrics import group_metrics

CONFIG = MarketConfig(
    stores=16, new_stores=8, rounds_per_store=10, briefs=5, designs_per_brief=6, seed=7
)


def make(folder: Path, config: MarketConfig = CONFIG) -> tuple[Rounds, Oracle]:
    write_market(config, folder / "rounds", folder / "oracle", folder / "pool")
    return read_rounds(folder / "rounds"), Oracle.load(folder / "oracle")


def all_briefs(pool: Pool) -> tuple[Brief, ...]:
    return (*pool.training, *pool.evaluation)


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


def test_no_prompt_and_no_design_of_training_is_used_in_evaluation(market):
    rounds, _ = market

    parts = [rounds.of_split("train").rounds, [r for r in rounds.rounds if r.split != "train"]]
    designs = [{text for each in part for text in each.designs} for part in parts]
    prompts = [{each.prompt for each in part} for part in parts]
    assert not designs[0] & designs[1]
    assert not prompts[0] & prompts[1]


def test_the_number_of_ticks_varies_and_some_rounds_have_none(market):
    rounds, _ = market

    ticked = {int(sum(each.labels)) for each in rounds.rounds}
    assert ticked == {0, 1, 2, 3}
    assert all(len(each.labels) == len(set(each.designs)) == 5 for each in rounds.rounds)


def test_the_ticks_follow_the_true_utilities(market):
    rounds, oracle = market

    metrics = group_metrics(
        [oracle.utilities[each.id] for each in rounds.rounds],
        [np.array(each.labels) > 0.5 for each in rounds.rounds],
        [each.store_id for each in rounds.rounds],
    )
    assert metrics.gauc.mean() > 0.9


def test_every_candidate_has_what_the_prompt_asks_for_and_the_wearer_of_its_round(tmp_path):
    book = build_phrasebook()

    for brief in all_briefs(make_pool(CONFIG, tmp_path)):
        asked = book.parse(brief.prompt).attributes
        assert asked
        for design in brief.designs:
            assert {family: design[family] for family in asked} == asked
            assert design.asked == frozenset(asked)
            assert not GARMENT_RULES.broken(design.outfit)
        assert len({design.outfit for design in brief.designs}) == CONFIG.designs_per_brief
        wearers = {tuple(design[name] for name in FIGURE_FAMILIES) for design in brief.designs}
        assert len(wearers) == 1


def test_measures_differ_from_candidate_to_candidate(tmp_path):
    brief, *_ = make_pool(CONFIG, tmp_path).training

    assert len({design.measures for design in brief.designs}) == CONFIG.designs_per_brief


def test_the_pool_is_found_again_and_a_pool_of_another_seed_is_made_anew(tmp_path):
    first = make_pool(CONFIG, tmp_path)
    written = (tmp_path / "pool.json").stat().st_mtime_ns

    again = make_pool(replace(CONFIG, seed=8), tmp_path)
    kept = (tmp_path / "pool.json").stat().st_mtime_ns
    other = make_pool(replace(CONFIG, pool_seed=8), tmp_path)

    assert again == first
    assert kept == written
    assert other != first


def test_the_same_seed_writes_the_same_market(tmp_path, market):
    rounds, oracle = market

    again, same_oracle = make(tmp_path)
    other, _ = make(tmp_path / "other", replace(CONFIG, seed=8))

    assert again.rounds == rounds.rounds
    assert other.rounds != rounds.rounds
    assert same_oracle.tastes.keys() == oracle.tastes.keys()


def test_the_oracle_judges_designs_as_it_judged_the_rounds(market):
    rounds, oracle = market

    for each in rounds.rounds[:20]:
        designs = [DesignSpec.from_json(text) for text in each.designs]
        judged = oracle.judge(each.store_id, designs)
        np.testing.assert_allclose(judged, oracle.utilities[each.id], atol=1e-4)


def test_another_world_has_the_same_stores_and_designs_and_other_ticks(tmp_path, market):
    rounds, _ = market

    other, _ = make(tmp_path, replace(CONFIG, world="schools"))

    pairs = list(zip(rounds.rounds, other.rounds, strict=True))
    assert all(one.profile == two.profile for one, two in pairs)
    assert {text for one, _ in pairs for text in one.designs} == {
        text for _, two in pairs for text in two.designs
    }
    assert [one.labels for one, _ in pairs] != [two.labels for _, two in pairs]


def test_nothing_of_the_oracle_stands_in_the_export_and_nothing_is_drawn_unasked(tmp_path):
    make(tmp_path)

    names = {path.name for path in (tmp_path / "rounds").iterdir()}
    assert names == {"export.json", "rounds.parquet", "market.json", "README.md"}


def test_pictures_show_the_designs_beside_them(tmp_path):
    rounds_folder, oracle, pool = (tmp_path / name for name in ("rounds", "oracle", "pool"))
    write_market(CONFIG, rounds_folder, oracle, pool, draw_blocks)

    rounds = read_rounds(rounds_folder).rounds
    without = make(tmp_path / "without")[0].rounds
    assert [replace(each, images=()) for each in rounds] == list(without)
    for name, text in zip(rounds[0].images, rounds[0].designs, strict=True):
        with Image.open(tmp_path / "rounds" / name) as drawn:
            assert np.array_equal(np.asarray(drawn), draw_blocks(DesignSpec.from_json(text)))


def test_ticks_are_plackett_luce():
    utility, rng = np.array([1.0, 0.0, -1.0]), np.random.default_rng(0)

    answers = np.array([tick(utility, -50.0, rng) for _ in range(10000)])
    counts = answers[answers.sum(axis=1) == 1].sum(axis=0)

    expected = np.exp(utility) / np.exp(utility).sum()
    np.testing.assert_allclose(counts / counts.sum(), expected, atol=0.02)


def test_nothing_is_ticked_where_nothing_pleases():
    rng = np.random.default_rng(0)

    assert not any(any(tick(np.zeros(5), 50.0, rng)) for _ in range(100))
