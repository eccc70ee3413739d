"""A checkpoint with a tiny CLIP and rounds of two stores, for the reward model's training."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.tiny_reward_models import save_tiny_backbone
from tests.training.tiny_rounds import write_tiny_rounds
from training.config import RewardConfig
from training.data.groups import Round, write_rounds

LEARNS = {
    "text_first_steps": 0,
    "steps": 60,
    "learning_rate": 0.02,
    "warmup_steps": 1,
    "batch_size": 8,
    "field_width": 4,
    "hidden_width": 8,
    "evaluate_steps": 30,
}
"""Settings of a reward model's run of seconds that learns the tiny world's tastes."""


def make_taste_world(folder: Path, kind: str = "clip", count: int = 48) -> list[Round]:
    """`folder/checkpoint` with a backbone, `folder/rounds` with an export; a quarter held out."""
    save_tiny_backbone(kind, folder / "checkpoint" / "clip")
    rounds = [
        replace(each, split="validation" if number % 8 in (0, 5) else "train")
        for number, each in enumerate(write_tiny_rounds(folder / "rounds", count))
    ]
    write_rounds(folder / "rounds", rounds)
    return rounds


def as_options(part: str, settings: Mapping[str, object]) -> list[str]:
    """Settings of a part as `training.finetune` takes them on the command line."""
    return [word for key, value in settings.items() for word in ("--set", f"{part}.{key}={value}")]


def tiny_reward_config(world: Path, run: Path, **changes: object) -> RewardConfig:
    """A run of seconds on that world."""
    config = RewardConfig(
        run=str(run),
        rounds=str(world / "rounds"),
        checkpoint=str(world / "checkpoint"),
        text_first_steps=4,
        steps=4,
        batch_size=8,
        warmup_steps=1,
        field_width=4,
        hidden_width=8,
        evaluate_steps=2,
        log_steps=1,
        patience=99,
    )
    return replace(config, **changes)  # type: ignore[arg-type]  # tests pass literals
