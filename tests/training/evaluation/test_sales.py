"""What sales teach, measured on a tiny market with a tiny reward model."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.perfusion.profile import FASHION_SCHEMA
from studio.perfusion.reward_model import PerFusionRM, RewardModelConfig, RewardProcessor
from tests.tiny_reward_models import (
    save_tiny_backbone,
    tiny_backbone,
    tiny_image_processor,
    tiny_tokenizer,
)
from tests.training.tiny_world import draw_blocks
from training.atelier.market import MarketConfig
from training.config import RewardConfig
from training.data.groups import read_rounds
from training.evaluation.sales import SalesWorld, kept_pieces, taught_figures
from training.evaluation.selling import SellingConfig, vote_figures


def tiny_checkpoint(folder: Path) -> Path:
    save_tiny_backbone("clip", folder / "clip")
    backbone = tiny_backbone("clip")
    processor = RewardProcessor(tiny_tokenizer(), tiny_image_processor(), backbone.config)
    config = RewardModelConfig(variant="text-only", field_width=4, hidden_width=8)
    PerFusionRM(backbone, processor, FASHION_SCHEMA, config).save_pretrained(
        folder / "reward_model"
    )
    return folder


def test_pairs_are_judged_before_and_after_sales_have_taught(tmp_path):
    world = SalesWorld(
        stores=4,
        lots=4,
        together=3,
        pairs=3,
        pool=MarketConfig(briefs=6, designs_per_brief=4),
        checkpoint=tiny_checkpoint(tmp_path / "checkpoint"),
        work=tmp_path / "work",
        draw=draw_blocks,
        training=RewardConfig(steps=2, text_first_steps=2, batch_size=4, evaluate_steps=1),
    )

    figures = taught_figures(world)

    rounds = read_rounds(tmp_path / "work" / "rounds-0").rounds
    of_sales = [each for each in rounds if each.is_of_sales]
    assert set(figures) == {
        "sales_stores",
        "sales_rounds",
        "sales_pairs_before",
        "sales_pairs_after",
        "taught_by_sales",
    }
    assert figures["sales_rounds"].value == len(of_sales) > 0
    assert all(0 < each.weight <= 1 and each.store_id.startswith("shop-") for each in of_sales)
    assert len(rounds) - len(of_sales) == 12
    assert {each.labels for each in rounds if not each.is_of_sales} == {(1.0, 0.0)}
    gained = figures["sales_pairs_after"].value - figures["sales_pairs_before"].value
    assert figures["taught_by_sales"].value == pytest.approx(gained)


def test_what_is_liked_more_is_ordered_more_and_kept_more():
    rng = np.random.default_rng(0)
    world = replace(SalesWorld(), pieces=40.0)
    liking = np.repeat([-1.5, 1.5], 400)

    kept = np.array(kept_pieces(world, liking, rng))

    assert kept[400:].mean() > 4 * kept[:400].mean()


def test_votes_make_the_forecast_truer_before_the_first_order():
    figures = vote_figures(SellingConfig(earlier=40, listings=200))

    assert figures["brier_day0_votes"].high < figures["brier_day0"].low
