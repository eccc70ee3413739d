"""What parts of the reward model are worth at full size: each is left out or changed by itself.

On the small world's own CLIP, with the table's recipe and one world: without feature crossing,
with crossing by matrices (DCN v2), with both towers personal and with the text tower alone, and
with the loss at temperature 1.
"""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.config import RewardConfig
from training.evaluation.reward_table import train_on
from training.evaluation.stores_world import StoresWorld
from training.metrics import bootstrap_over_stores
from training.results import Figure
from training.scorers import PersonalScorer, measure

log = logging.getLogger(__name__)

BOTH_TOWERS = "both_towers"


def ablations_of(personal: RewardConfig, vision_steps: int) -> dict[str, RewardConfig]:
    """Name -> the recipe with one thing changed.

    Args:
        personal: the table's recipe.
        vision_steps: updates in which both towers learn, after the text tower's own.
    """
    changes: dict[str, dict[str, Any]] = {
        "as_it_is": {},
        "without_crossing": {"cross_layers": 0},
        "dcn_v2": {"cross": "matrix"},
        "text_only": {"variant": "text-only"},
        BOTH_TOWERS: {"variant": "full", "steps": vision_steps},
        "temperature_1": {"temperature": 1.0},
    }
    return {name: replace(personal, **each) for name, each in changes.items()}


def measure_ablations(
    world: StoresWorld, personal: RewardConfig, vision_steps: int, work: Path
) -> dict[str, Figure]:
    """Train each and measure it on the test rounds; equal recipes are trained once.

    Args:
        world: the stores, already made.
        personal: the table's recipe.
        vision_steps: see `ablations_of`.
        work: folder of the runs.
    """
    figures: dict[str, Figure] = {}
    known: dict[RewardConfig, Figure] = {}
    for name, config in ablations_of(personal, vision_steps).items():
        if config not in known:
            log.info("%s", name)
            task = train_on(world, config, work / f"run-{name}-{world.config.seed}")
            found = measure(PersonalScorer(task.model, task.bank), task.of_splits("test"))
            known[config] = bootstrap_over_stores(found.gauc, found.stores)
            log.info("%s: GAUC %.4f", name, known[config].value)
        figures[f"gauc_{name}"] = known[config]
    return figures
