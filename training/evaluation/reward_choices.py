"""Figure 5 and Table 5: where the plug-in sits, and on which backbone, all else being equal.

Measured on small backbones that are trained alike, because a personal image tower has to run for
every store anew: at full size each of these comparisons would take an hour.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from training.config import RewardConfig, SmallBackboneConfig
from training.data.tiles import Tiles
from training.evaluation.bar_chart import bar_chart
from training.evaluation.reward_table import train_on
from training.evaluation.stores_world import StoresWorld
from training.loops.small_backbones import make_backbone
from training.metrics import bootstrap_over_stores
from training.results import Figure
from training.scorers import GeneralScorer, PersonalScorer, measure

log = logging.getLogger(__name__)

VARIANTS = ("full", "shared", "vision-only", "text-only")
KINDS = {"clip": "CLIP", "siglip": "SigLIP", "vilt": "ViLT"}
VARIANTS_PICTURE, BACKBONES_PICTURE = "reward-variants.png", "reward-backbones.png"
_LOW = 0.45


@dataclass(frozen=True)
class Choices:
    """How the compared models are made.

    Attributes:
        personal: the reward model's training; folders, seed and variant are filled in.
        backbone: training of the small backbones.
    """

    personal: RewardConfig
    backbone: SmallBackboneConfig


def measure_choices(
    world: StoresWorld, choices: Choices, tiles: Tiles, work: Path
) -> dict[str, Figure]:
    """Train all variants on CLIP and the full one on the other backbones.

    Args:
        world: the stores, already made.
        choices: how models are trained.
        tiles: drawings for the backbones.
        work: folder of backbones and runs.
    """
    figures: dict[str, Figure] = {}
    for kind in KINDS:
        seed = choices.backbone.seed
        folder = make_backbone(kind, choices.backbone, tiles, work / f"backbones-{seed}" / kind)
        for variant in VARIANTS if kind == "clip" else VARIANTS[:1]:
            figures |= _measure(world, choices.personal, folder, kind, variant)
    return figures


def _measure(
    world: StoresWorld, personal: RewardConfig, backbone: Path, kind: str, variant: str
) -> dict[str, Figure]:
    # As many updates for each: the text tower alone has a stage of its own.
    stages = {"text_first_steps": personal.steps} if variant == "text-only" else {}
    config = replace(
        personal,
        backbone=str(backbone),
        variant=variant,
        **{"text_first_steps": 0, **stages},  # type: ignore[arg-type]  # whole numbers
    )
    run = backbone.parent / f"run-{kind}-{variant}-{world.config.seed}"
    task = train_on(world, config, run)
    test = task.of_splits("test")
    key = variant.replace("-", "_") if kind == "clip" else kind
    found = {f"gauc_small_{key}": measure(PersonalScorer(task.model, task.bank), test)}
    if variant == "full":
        name = f"gauc_small_{kind}_frozen"
        found[name] = measure(GeneralScorer(task.model, task.bank), test)
    for name, metrics in found.items():
        log.info("%s: %.4f", name, metrics.gauc.mean())
    return {name: bootstrap_over_stores(each.gauc, each.stores) for name, each in found.items()}


def draw_charts(figures: Mapping[str, Figure], folder: Path) -> None:
    """Both comparisons as bar charts."""
    folder.mkdir(parents=True, exist_ok=True)
    note = (
        "Small backbones, trained alike. GAUC on held-out rounds, 95% over stores; 0.5 is chance."
    )
    variants = {name: figures[f"gauc_small_{name.replace('-', '_')}"] for name in VARIANTS} | {
        "frozen": figures["gauc_small_clip_frozen"]
    }
    chart = bar_chart("Where the plug-in sits", note, variants, _LOW, 1.0)
    chart.save(folder / VARIANTS_PICTURE)
    backbones = {}
    for kind, name in KINDS.items():
        backbones[name] = figures["gauc_small_full" if kind == "clip" else f"gauc_small_{kind}"]
        backbones[f"{name}, frozen"] = figures[f"gauc_small_{kind}_frozen"]
    chart = bar_chart("Three backbones", note, backbones, _LOW, 1.0)
    chart.save(folder / BACKBONES_PICTURE)
