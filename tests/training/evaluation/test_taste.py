"""The whole evaluation of instant taste on a tiny market with tiny models."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.domain import StudioError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.checkpoint import save_component, save_pipeline
from studio.perfusion.profile import FASHION_SCHEMA
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, RewardProcessor
from tests.tiny_reward_models import (
    save_tiny_backbone,
    shake,
    tiny_backbone,
    tiny_image_processor,
    tiny_tokenizer,
)
from tests.training.evaluation.tiny_atelier import DEFAULTS, tiny_pipeline
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig, write_market
from training.atelier.oracle import Oracle
from training.data.groups import read_rounds
from training.evaluate import main
from training.evaluation.taste import TasteEvaluation, figures_of, run
from training.evaluation.taste_rounds import new_stores
from training.results import Figure, read_results

COMMAND = "python -m training.evaluate taste"
MARKET = MarketConfig(
    stores=8, new_stores=8, rounds_per_store=3, briefs=4, designs_per_brief=5, seed=7
)


def draw(_design: object) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (32, 16, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A market, and a checkpoint with both personal models."""
    folder = tmp_path_factory.mktemp("world")
    write_market(MARKET, folder / "rounds", folder / "oracle", folder / "rounds")
    profiles = [each.profile for each in read_rounds(folder / "rounds").of_split("train").rounds]
    schema = FASHION_SCHEMA.fitted_to(profiles)
    pipeline, checkpoint = tiny_pipeline(), folder / "checkpoint"
    save_pipeline(pipeline, checkpoint, phrasebook=build_phrasebook(), defaults=DEFAULTS)
    torch.manual_seed(0)
    network = PersonalisedAdaptiveNetwork.from_unet(pipeline.unet, schema, field_width=4)
    with torch.no_grad():
        for weight in network.parameters():
            weight.add_(torch.randn_like(weight) * 0.3)
    save_component(checkpoint, "adaptive_network", network)
    save_tiny_backbone("clip", checkpoint / "clip")
    backbone = tiny_backbone("clip")
    processor = RewardProcessor(tiny_tokenizer(), tiny_image_processor(), backbone.config)
    settings = RewardModelConfig(field_width=4, hidden_width=8, variant="text-only")
    reward_model = PerFusionRM(backbone, processor, schema, settings)
    shake(reward_model).save_pretrained(checkpoint / "reward_model")
    return folder


def config_of(world: Path, folder: Path) -> TasteEvaluation:
    return TasteEvaluation(
        checkpoint=world / "checkpoint",
        rounds=world / "rounds",
        oracle=world / "oracle",
        stores=2,
        counts=(0, 2),
        briefs=2,
        test_briefs=2,
        test_rounds=6,
        prompts=1,
        candidates=2,
        seeds=(0, 4),
        results=folder,
        draw=draw,
    )


@pytest.fixture(scope="module")
def finished(world: Path) -> dict[str, Figure]:
    return run(config_of(world, world / "results"), COMMAND)


def test_the_evaluation_writes_its_figures(world, finished):
    assert read_results(world / "results" / "taste.json") == finished
    for name in (
        "pairs_reward",
        "pairs_generator",
        "win_generator",
        "pairs_reward_untold",
        "win_generator_untold",
        "pairs_nearest",
        "win_key_phrases",
    ):
        for count in (0, 2):
            assert 0 <= finished[f"{name}_{count}"].value <= 1
        assert f"gain_{name}_2" in finished
    for known in ("", "_untold"):
        assert finished[f"variety_strength_0{known}_2"].value == pytest.approx(1.0)
        assert finished[f"variety_strength_2{known}_2"].value > 0
        assert 0 <= finished[f"changed_strength_1{known}_2"].value <= 1
        assert 0 <= finished[f"pairs_explored_12{known}"].value <= 1
        assert f"rounds_saved{known}" in finished
    assert finished["stores"].value == 2
    assert finished["pairs_nearest_0"].value == 0.5
    assert finished["win_key_phrases_0"].value == 0.5


def test_stores_for_tuning_are_others_than_those_that_are_reported(world):
    rounds, oracle = read_rounds(world / "rounds"), Oracle.load(world / "oracle")
    reported, tuned = (
        {each.profile["store_id"] for each in new_stores(rounds, oracle, 4, for_tuning=tuning)}
        for tuning in (False, True)
    )

    assert len(reported) == len(tuned) == 4
    assert not reported & tuned
    with pytest.raises(StudioError, match="5 are wanted"):
        new_stores(rounds, oracle, 5, for_tuning=False)


def test_gains_are_counted_store_by_store():
    measured = [{"pairs_0": 0.5, "pairs_3": 0.6}, {"pairs_0": 0.7, "pairs_3": 0.8}]

    figures = figures_of(measured, (0, 3))

    assert figures["pairs_3"].value == pytest.approx(0.7)
    assert figures["gain_pairs_3"].low == pytest.approx(0.1)
    assert figures["gain_pairs_3"].high == pytest.approx(0.1)


def test_a_checkpoint_that_lacks_a_personal_model_is_told(world, tmp_path):
    bare = tmp_path / "bare"
    save_pipeline(tiny_pipeline(), bare, phrasebook=build_phrasebook(), defaults=DEFAULTS)

    with pytest.raises(StudioError, match="lacks one of them"):
        run(replace(config_of(world, tmp_path), checkpoint=bare), COMMAND)


@pytest.mark.parametrize("options", [["--counts", "1,3"], ["--seeds", "x"], ["--stores", "0"]])
def test_numbers_that_cannot_be_used_are_told_in_a_sentence(options, capsys):
    assert main(["taste", *options]) == 2

    assert capsys.readouterr().err
