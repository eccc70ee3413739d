"""The whole comparison on a tiny market with tiny generators."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.design.families import FAMILIES
from studio.domain import StudioError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import save_component, save_pipeline
from studio.perfusion.profile import FASHION_SCHEMA
from tests.training.evaluation.tiny_atelier import DEFAULTS, tiny_pipeline
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig, write_market
from training.atelier.oracle import Oracle
from training.atelier.traits import traits_of
from training.atelier.world import sample_design
from training.data.groups import read_rounds
from training.evaluate import main
from training.evaluation.contenders import CONTENDERS
from training.evaluation.designing import Sampling
from training.evaluation.generation import Amounts, GenerationEvaluation, run
from training.evaluation.made import Made
from training.results import Figure, read_results

COMMAND = "python -m training.evaluate generation"
MARKET = MarketConfig(
    stores=16, new_stores=8, rounds_per_store=5, briefs=5, designs_per_brief=5, seed=7
)
PERSONAL = [name for name, each in CONTENDERS.items() if each.folder == "perfusion"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market and generators; tests that change them make copies."""
    folder = tmp_path_factory.mktemp("world")
    write_market(MARKET, folder / "rounds", folder / "oracle", folder / "rounds")
    profiles = [each.profile for each in read_rounds(folder / "rounds").of_split("train").rounds]
    pipeline = tiny_pipeline()
    for name in ("plain", "dpo", "perfusion"):
        target = folder / "generators" / name
        save_pipeline(pipeline, target, phrasebook=build_phrasebook(), defaults=DEFAULTS)
    torch.manual_seed(0)
    network = PersonalisedAdaptiveNetwork.from_unet(
        pipeline.unet, FASHION_SCHEMA.fitted_to(profiles), field_width=4
    )
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    save_component(folder / "generators" / "perfusion", "adaptive_network", network)
    return folder


def config_of(world: Path, folder: Path) -> GenerationEvaluation:
    return GenerationEvaluation(
        generators=world / "generators",
        rounds=world / "rounds",
        oracle=world / "oracle",
        amounts=Amounts(stores=4, new_stores=2, prompts=1, candidates=3, seeds=(0, 4)),
        sampling=Sampling(device="cpu"),
        images=folder / "images",
        results=folder / "results",
    )


@pytest.fixture(scope="module")
def finished(world: Path) -> dict[str, Figure]:
    return run(config_of(world, world), COMMAND)


def test_the_whole_comparison_writes_its_figures_and_the_picture(world, finished):
    record = json.loads((world / "results" / "generation.json").read_text())

    assert read_results(world / "results" / "generation.json") == finished
    assert (record["command"], record["seeds"]) == (COMMAND, [0, 4])
    for key in (
        "win_true_utility_perfusion_vs_plain",
        "win_true_utility_perfusion_vs_dpo",
        "win_true_utility_perfusion_vs_plain_new_stores",
        "store_swap",
        "store_swap_new_stores",
    ):
        assert 0 <= finished[key].low <= finished[key].value <= finished[key].high <= 1
    for row in ("plain", "dpo", "pmg", *PERSONAL):
        for what in ("true_utility", "differing_families", "asked_kept", "repaired_families"):
            assert f"{what}_{row}" in finished
    assert {f"variety_for_store_{row}" for row in PERSONAL if row != "perfusion"} < finished.keys()
    assert finished["variety_for_store"].value > 0
    assert (finished["stores"].value, finished["schools"].value) == (4, 4)
    assert Image.open(world / "images" / "stores.png").height > 5 * 256


def test_what_was_asked_is_kept_by_every_generator(finished):
    for row in ("plain", "pmg", *PERSONAL):
        assert finished[f"asked_kept_{row}"] == Figure.exact(1.0)
        assert finished[f"asked_kept_free_{row}"].value < 1


def test_a_generator_that_equals_another_one_neither_wins_nor_loses(finished):
    # The tiny DPO generator has plain's very weights.
    assert finished["win_true_utility_dpo_vs_plain"].value == 0.5
    for what in ("true_utility", "differing_families", "asked_kept_free", "repaired_families"):
        assert finished[f"{what}_dpo"] == finished[f"{what}_plain"]


def test_no_row_of_the_network_is_plain(finished):
    plain = finished["true_utility_plain"]

    assert len(PERSONAL) == 5
    assert all(finished[f"true_utility_{row}"] != plain for row in PERSONAL)


def test_generators_that_were_not_trained_are_left_out(finished):
    assert "true_utility_sft" not in finished
    assert set(CONTENDERS) >= {"sft", "spo", "without_network", "without_group"}


@pytest.mark.parametrize("name", ["plain", "perfusion"])
def test_without_plain_or_perfusion_there_is_nothing_to_compare(world, tmp_path, name: str):
    shutil.copytree(world / "generators", tmp_path / "generators")
    shutil.rmtree(tmp_path / "generators" / name)

    with pytest.raises(StudioError, match=rf"generators/{name}"):
        run(replace(config_of(world, tmp_path), generators=tmp_path / "generators"), COMMAND)


def test_an_oracle_of_another_market_is_refused(world, tmp_path):
    other = replace(MARKET, stores=8, new_stores=0)
    write_market(other, tmp_path / "rounds", tmp_path / "oracle", tmp_path / "rounds")

    with pytest.raises(StudioError, match="oracle does not know the stores"):
        run(replace(config_of(world, tmp_path), oracle=tmp_path / "oracle"), COMMAND)


def test_more_stores_than_there_are_is_a_sentence(world, tmp_path):
    config = config_of(world, tmp_path)

    with pytest.raises(StudioError, match="has 16 stores in training, and 17 are wanted"):
        run(replace(config, amounts=replace(config.amounts, stores=17)), COMMAND)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--generators", "nowhere"], "no generator at nowhere/plain"),
        (["--seeds", "1,two"], "--seeds takes numbers"),
        (["--candidates", "1"], "2 to 16 candidates"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(capsys, tmp_path, options, sentence):
    folders = ["--images", str(tmp_path), "--results", str(tmp_path)]

    assert main(["generation", *options, *folders]) == 2

    assert sentence in capsys.readouterr().err


def test_utilities_are_the_oracle_s_own(world):
    """Through traits in arrays, the same liking as the oracle gives the design."""
    oracle = Oracle.load(world / "oracle")
    designs = [sample_design(random.Random(seed)) for seed in range(12)]
    places = np.zeros((2, 3, 1, 2, len(FAMILIES)), np.int16)
    made = Made(places, places, places[..., 0], traits_of(designs).reshape(2, 3, 1, 2, -1))
    names = sorted(oracle.tastes)[:3]

    own = made.own_utilities(np.stack([oracle.tastes[name] for name in names]))

    for number, place in enumerate(np.ndindex(own.shape)):
        judged = oracle.judge(names[place[1]], [designs[number]])
        assert own[place] == pytest.approx(judged[0])
