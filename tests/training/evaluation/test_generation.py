"""The whole comparison on a tiny market with tiny generators."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.domain import CheckpointError, StudioError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import save_component, save_pipeline
from studio.perfusion.profile import FASHION_SCHEMA
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, load_backbone
from tests.tiny_models import TINY_DEFAULTS, WIDTH_PX
from tests.tiny_reward_models import save_tiny_backbone, shake
from tests.training.evaluation.tiny_atelier import tiny_pipeline, tiny_reader
from tests.training.tiny_world import draw_blocks
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig, write_market
from training.atelier.oracle import Oracle
from training.data.groups import read_rounds
from training.evaluate import main
from training.evaluation.contenders import CONTENDERS, Drawing
from training.evaluation.generation import (
    Amounts,
    GenerationEvaluation,
    run,
)
from training.evaluation.judged import Judged
from training.results import Figure, read_results

COMMAND = "python -m training.evaluate generation"
MARKET = MarketConfig(
    stores=16, new_stores=8, rounds_per_store=5, briefs=5, designs_per_brief=5, seed=7
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market, judges and generators; tests that change them make copies."""
    folder = tmp_path_factory.mktemp("world")
    write_market(MARKET, folder / "rounds", folder / "oracle", folder / "rounds", draw_blocks)
    profiles = [each.profile for each in read_rounds(folder / "rounds").of_split("train").rounds]
    schema = FASHION_SCHEMA.fitted_to(profiles)

    tiny_reader().save_pretrained(folder / "reader")
    save_tiny_backbone("clip", folder / "clip")
    backbone, processor = load_backbone(str(folder / "clip"))
    config = RewardModelConfig(field_width=4, hidden_width=8)
    shake(PerFusionRM(backbone, processor, schema, config)).save_pretrained(folder / "reward_model")

    pipeline = tiny_pipeline()
    defaults = replace(TINY_DEFAULTS, num_inference_steps=2)
    for name in ("plain", "dpo", "perfusion"):
        target = folder / "generators" / name
        save_pipeline(pipeline, target, phrasebook=build_phrasebook(), defaults=defaults)
    torch.manual_seed(0)
    network = PersonalisedAdaptiveNetwork.from_unet(pipeline.unet, schema, field_width=4)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    save_component(folder / "generators" / "perfusion", "adaptive_network", network)
    return folder


def config_of(world: Path, folder: Path) -> GenerationEvaluation:
    return GenerationEvaluation(
        generators=world / "generators",
        reward_model=world / "reward_model",
        reader=world / "reader",
        rounds=world / "rounds",
        oracle=world / "oracle",
        amounts=Amounts(stores=2, new_stores=1, prompts=1, candidates=2, seeds=(0, 4)),
        drawing=Drawing(device="cpu"),
        kept=folder / "kept",
        images=folder / "images",
        results=folder / "results",
    )


@pytest.fixture(scope="module")
def finished(world: Path) -> dict[str, Figure]:
    """Figures of a comparison that has been run to its end in the world's own folder."""
    return run(config_of(world, world), COMMAND)


@pytest.fixture
def config(world: Path, tmp_path: Path, finished: dict[str, Figure]) -> GenerationEvaluation:
    """The finished comparison once more, in another folder."""
    shutil.copytree(world / "kept", tmp_path / "kept")
    shutil.copytree(world / "bank", tmp_path / "bank")
    assert finished
    return config_of(world, tmp_path)


def test_the_whole_comparison_writes_its_figures_and_the_picture(world, finished):
    record = json.loads((world / "results" / "generation.json").read_text())

    assert read_results(world / "results" / "generation.json") == finished
    assert (record["command"], record["seeds"]) == (COMMAND, [0, 4])
    for key in (
        "win_true_utility_perfusion_vs_plain",
        "win_true_utility_perfusion_vs_dpo",
        "win_true_utility_perfusion_best_vs_plain_best",
        "win_true_utility_perfusion_vs_plain_new_stores",
        "store_swap",
    ):
        assert 0 <= finished[key].low <= finished[key].value <= finished[key].high <= 1
    assert finished["reading_ratio_perfusion_to_plain"].value > 0
    for row in ("plain", "dpo", "pmg", "perfusion", "plain_best", "perfusion_best", "without_both"):
        for what in ("true_utility", "score", "consistency", "aesthetic"):
            assert f"{what}_{row}" in finished
    assert Image.open(world / "images" / "stores.png").width > 3 * WIDTH_PX


def test_a_generator_that_equals_another_one_neither_wins_nor_loses(finished):
    # The tiny DPO generator has plain's very weights.
    assert finished["win_true_utility_dpo_vs_plain"].value == 0.5
    for what in ("true_utility", "score", "consistency", "aesthetic", "diversity", "reading"):
        assert finished[f"{what}_dpo"] == finished[f"{what}_plain"]


def test_a_network_that_listens_to_the_store_draws_other_images(finished):
    for what in ("score", "consistency", "aesthetic", "diversity"):
        assert finished[f"{what}_perfusion"] != finished[f"{what}_plain"]


def test_a_stopped_comparison_goes_on_and_comes_to_the_same_figures(config, finished, monkeypatch):
    drawn: list[str] = []
    open_generator = Drawing.open

    def remembering(self: Drawing, folder: Path) -> object:
        drawn.append(folder.name)
        return open_generator(self, folder)

    monkeypatch.setattr(Drawing, "open", remembering)
    next(config.kept.glob("pmg-4-*.safetensors")).unlink()
    half = next(config.kept.glob("dpo-0-*.safetensors"))
    half.write_bytes(half.read_bytes()[:100])

    assert run(config, COMMAND) == finished
    assert drawn == ["dpo", "plain", "perfusion"]  # the last one for the picture


def test_judgements_of_other_weights_are_not_taken_over(config, tmp_path):
    shutil.copytree(config.generators, tmp_path / "generators")
    before = {path.name for path in config.kept.glob("*")}
    weights = tmp_path / "generators" / "dpo" / "unet" / "diffusion_pytorch_model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)

    run(replace(config, generators=tmp_path / "generators"), COMMAND)

    fresh = {path.name for path in config.kept.glob("*")} - before
    assert sorted(name.split("-")[0] for name in fresh) == ["dpo", "dpo"]


def test_generators_that_were_not_trained_are_left_out(finished):
    assert "true_utility_sft" not in finished
    assert set(CONTENDERS) >= {"sft", "spo", "without_network", "without_group"}


@pytest.mark.parametrize("name", ["plain", "perfusion"])
def test_without_plain_or_perfusion_there_is_nothing_to_compare(config, tmp_path, name: str):
    shutil.copytree(config.generators, tmp_path / "generators")
    shutil.rmtree(tmp_path / "generators" / name)

    with pytest.raises(StudioError, match=rf"generators/{name}"):
        run(replace(config, generators=tmp_path / "generators"), COMMAND)


def test_an_oracle_of_another_market_is_refused(config, tmp_path):
    write_market(
        replace(MARKET, stores=8, new_stores=0),
        tmp_path / "rounds",
        tmp_path / "oracle",
        tmp_path / "rounds",
        draw_blocks,
    )

    with pytest.raises(StudioError, match="oracle does not know the stores"):
        run(replace(config, oracle=tmp_path / "oracle"), COMMAND)


def test_more_stores_than_there_are_is_a_sentence(config):
    amounts = replace(config.amounts, stores=17)

    with pytest.raises(StudioError, match="has 16 stores in training, and 17 are wanted"):
        run(replace(config, amounts=amounts), COMMAND)


def test_a_missing_reward_model_is_a_sentence(config, tmp_path):
    with pytest.raises(CheckpointError, match="nowhere"):
        run(replace(config, reward_model=tmp_path / "nowhere"), COMMAND)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rounds", "nowhere"], "nowhere holds no readable export"),
        (["--seeds", "1,two"], "--seeds takes numbers"),
        (["--candidates", "1"], "2 to 16 candidates"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(capsys, options, sentence):
    assert main(["generation", *options]) == 2

    assert sentence in capsys.readouterr().err


def test_utilities_are_the_oracle_s_own(config):
    """Through readings and positions, the same liking as the oracle gives the attributes."""
    oracle = Oracle.load(config.oracle)
    rng = np.random.default_rng(0)
    readings = np.stack(
        [rng.integers(len(values), size=(2, 3, 1, 2)) for values in FAMILIES.values()], axis=-1
    ).astype(np.int16)
    flat = np.zeros((2, 3, 1, 2), np.float32)
    judged = Judged(readings, flat[..., None], flat, flat, flat)
    names = sorted(oracle.tastes)[:3]
    tastes = np.stack([oracle.tastes[name] for name in names])

    own = judged.own_utilities(tastes)

    for place in np.ndindex(own.shape):
        shown = {
            family: FAMILIES[family][value]
            for family, value in zip(FAMILIES, readings[place], strict=True)
        }
        assert own[place] == pytest.approx(oracle.judge(names[place[1]], [shown])[0])
