"""The whole reward evaluation on a tiny market and tiny models."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.tiny_reward_models import save_tiny_backbone
from tests.training.tiny_world import draw_blocks
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig
from training.config import (
    GeneralTasteConfig,
    RewardConfig,
    SmallBackboneConfig,
    TilesConfig,
)
from training.data.tokenizer import build_tokenizer
from training.evaluate import main
from training.evaluation.bar_chart import bar_chart
from training.evaluation.reward import RewardEvaluation, run
from training.evaluation.reward_choices import Choices
from training.evaluation.reward_table import Recipes, ratio
from training.metrics import GroupMetrics
from training.results import Figure, read_results

PERSONAL = RewardConfig(
    variant="text-only",
    text_first_steps=2,
    steps=2,
    batch_size=8,
    field_width=4,
    hidden_width=8,
    evaluate_steps=2,
)


def tiny_evaluation(folder: Path) -> RewardEvaluation:
    checkpoint = folder / "checkpoint"
    save_tiny_backbone("clip", checkpoint / "clip")
    tokenizer = build_tokenizer(build_phrasebook().phrases, 77)
    tokenizer.save_pretrained(checkpoint / "tokenizer")
    personal = replace(PERSONAL, checkpoint=str(checkpoint))
    save_tiny_backbone("clip", folder / "published")
    return RewardEvaluation(
        checkpoint=checkpoint,
        seeds=2,
        vision_steps=2,
        market=MarketConfig(
            stores=8, new_stores=4, rounds_per_store=10, rounds_per_new_store=4, briefs=5
        ),
        table=Recipes(
            personal,
            GeneralTasteConfig(steps=2, batch_size=8, evaluate_steps=1),
            (("pickscore", str(folder / "published")),),
        ),
        choices=Choices(
            replace(personal, variant="full"),
            SmallBackboneConfig(
                checkpoint=str(checkpoint),
                steps=1,
                batch_size=4,
                width=16,
                layers=1,
                heads=2,
                image_size_px=32,
            ),
        ),
        tiles=TilesConfig(folder=str(folder / "tiles"), count=8, held_out=2, workers=1),
        work=folder / "work",
        images=folder / "images",
        results=folder / "results",
        draw=draw_blocks,
    )


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Figure]]:
    folder = tmp_path_factory.mktemp("evaluation")
    return folder, run(tiny_evaluation(folder), "python -m training.evaluate reward")


def test_all_figures_of_the_issue_are_in_the_file(evaluated: tuple[Path, dict[str, Figure]]):
    folder, figures = evaluated

    assert read_results(folder / "results" / "reward.json") == figures
    wanted = ["perfusionrm", "best_general", "oracle", "new_stores", "shuffled_profiles"]
    wanted += ["frozen_clip", "tuned_clip", "aesthetics", "other_stores", "store_id_only"]
    wanted += ["pickscore"]
    assert {f"{metric}_{name}" for metric in ("gauc", "map") for name in wanted} <= figures.keys()
    ablated = ["as_it_is", "without_crossing", "dcn_v2", "text_only", "both_towers"]
    assert {f"gauc_{name}" for name in (*ablated, "temperature_1")} <= figures.keys()
    assert figures["gauc_as_it_is"] == figures["gauc_text_only"]  # the recipe's own variant
    assert {f"known_{name}" for name in ("colour", "fabric", "print", "trims")} <= figures.keys()
    small = ["full", "shared", "vision_only", "text_only", "siglip", "vilt", "clip_frozen"]
    assert {f"gauc_small_{name}" for name in small} <= figures.keys()
    assert figures["relative_gain"].low <= figures["relative_gain"].value
    assert 8 < figures["stores"].value <= 2 * 8  # two worlds; a store may have ticked nothing


def test_nobody_is_better_than_the_truth_and_the_best_general_one_is_general(
    evaluated: tuple[Path, dict[str, Figure]],
):
    _, figures = evaluated
    general = ("frozen_clip", "tuned_clip", "aesthetics", "other_stores", "pickscore")

    assert figures["gauc_oracle"].value > 0.8  # of sixteen rounds
    best = max(figures[f"gauc_{name}"].value for name in general)
    assert figures["gauc_best_general"].value == best
    share = figures["gauc_perfusionrm"].value / figures["gauc_oracle"].value
    assert figures["share_of_oracle"].value == pytest.approx(share)


def test_the_charts_are_drawn(evaluated: tuple[Path, dict[str, Figure]]):
    folder, _ = evaluated

    names = {path.name for path in (folder / "images").iterdir()}
    assert names == {"reward-variants.png", "reward-backbones.png"}


def test_parts_are_taken_over_until_the_settings_change(
    evaluated: tuple[Path, dict[str, Figure]],
):
    folder, figures = evaluated
    config = tiny_evaluation(folder)

    again = run(replace(config, only=("choices",)), "again")
    other_market = replace(config, only=("choices",), market=replace(config.market, stores=16))
    other = run(replace(other_market, seeds=1), "other")

    assert again == figures
    assert "gauc_perfusionrm" not in other


@pytest.mark.parametrize(
    "arguments",
    [
        ["--only", "nonsense"],
        ["--set", "steps=3"],
        ["--set", "reward.stepps=3"],
        ["--scorer", "pickscore"],
        ["--scorer", "nonsense=."],
    ],
)
def test_options_that_cannot_be_used_are_refused(capsys, arguments: list[str]):
    assert main(["reward", *arguments]) == 2
    assert capsys.readouterr().err.strip()


def test_the_ratio_of_two_scorers_is_taken_on_the_same_rounds():
    stores = ("a", "a", "b")
    one = GroupMetrics(np.array([1.0, 0.5, 0.9]), np.ones(3), stores)
    other = GroupMetrics(np.array([0.5, 0.25, 0.45]), np.ones(3), stores)

    assert ratio(one, other, minus=1.0) == Figure(1.0, 1.0, 1.0)


def test_bars_are_as_long_as_their_values():
    chart = bar_chart("A title", "a note", {"one": Figure(0.9, 0.9, 0.9)}, 0.5, 1.0)
    longer = bar_chart("A title", "a note", {"one": Figure(1.0, 1.0, 1.0)}, 0.5, 1.0)

    def accent(image) -> int:
        return int((np.asarray(image) == (0xB3, 0x54, 0x1E)).all(axis=-1).sum())

    assert 0 < accent(chart) < accent(longer)
    assert accent(chart) / accent(longer) == pytest.approx(0.8, abs=0.03)
