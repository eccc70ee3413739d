"""What scores mean in picks is found again where it is known, and kept with the reward model."""

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.scoring import REWARD_FOLDER, load_reward_model
from tests.tiny_reward_models import save_tiny_backbone, shake, tiny_reward_model
from tests.training.tiny_taste import make_taste_world
from training.calibration import main, slope_of_picks
from training.gate import FEWEST_ROUNDS


def picked(slope: float, rounds: int = 3000) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Pairs of which one is ticked as often as the slope says."""
    rng = np.random.default_rng(5)
    scores = [rng.normal(size=2) for _ in range(rounds)]
    first = [rng.random() < 1 / (1 + np.exp(-slope * (each[0] - each[1]))) for each in scores]
    return scores, [np.array([each, not each]) for each in first]


@pytest.mark.parametrize("slope", [0.3, 1.0, 2.5])
def test_a_planted_slope_is_found_again(slope):
    assert slope_of_picks(*picked(slope)) == pytest.approx(slope, rel=0.1)


def test_scores_that_tell_the_opposite_mean_nothing():
    scores, ticked = picked(1.0, 200)

    assert slope_of_picks([-each for each in scores], ticked) == pytest.approx(0, abs=1e-6)


def test_scores_that_are_always_right_have_a_steep_slope_and_no_infinite_one():
    rounds = [np.array([3.0, 0.0])] * FEWEST_ROUNDS

    found = slope_of_picks(rounds, [np.array([True, False])] * FEWEST_ROUNDS)

    assert found == pytest.approx(100, rel=0.01)


def test_too_few_rounds_that_compare_say_nothing():
    scores, ticked = picked(1.0, FEWEST_ROUNDS - 1)
    none = np.zeros(2, dtype=bool)

    assert slope_of_picks([*scores, np.ones(2)], [*ticked, none]) is None


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A checkpoint with a reward model that was never calibrated, and `rounds` beside it."""
    make_taste_world(tmp_path)
    save_tiny_backbone("clip", tmp_path / "checkpoint" / "clip")
    model = shake(tiny_reward_model(variant="text-only"))
    model.save_pretrained(tmp_path / "checkpoint" / REWARD_FOLDER, torch.float32)
    return tmp_path / "checkpoint"


def test_the_command_keeps_the_slope_and_changes_nothing_else(checkpoint, capsys):
    before = load_reward_model(checkpoint, device="cpu")
    assert isinstance(before, PerFusionRM)
    assert before.config.pick_slope is None
    weights = (checkpoint / REWARD_FOLDER / "model.safetensors").read_bytes()

    assert main([str(checkpoint), "--rounds", str(checkpoint.parent / "rounds")]) == 0

    after = load_reward_model(checkpoint, device="cpu")
    assert isinstance(after, PerFusionRM)
    assert after.config.pick_slope is not None
    assert f"{after.config.pick_slope:.3f}" in capsys.readouterr().out
    assert (checkpoint / REWARD_FOLDER / "model.safetensors").read_bytes() == weights
    strangers = [str(checkpoint), "--rounds", str(checkpoint.parent / "rounds"), "--strangers"]
    assert main(strangers) == 0


def test_a_checkpoint_that_cannot_be_calibrated_is_left_as_it_is(checkpoint, tmp_path, capsys):
    assert main([str(tmp_path / "none"), "--rounds", str(tmp_path / "rounds")]) == 2
    assert "no reward model" in capsys.readouterr().err
