"""Who likes what, on simulated stores whose true taste is known.

Parts: `table` (Table 2: PerFusionRM, what it is compared with, and the truth), `ablations` (what
its own parts are worth at full size), `choices` (Figure 5 and Table 5: where the plug-in sits, and
on which backbone).
"""

import argparse
import logging
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from training.atelier.market import MarketConfig
from training.atelier.schools import schools
from training.config import (
    ConfigError,
    GeneralTasteConfig,
    RewardConfig,
    SmallBackboneConfig,
    TilesConfig,
    load_config,
)
from training.data.tiles import Draw, load_tiles, picture_fingerprint, tile
from training.evaluation.kept_parts import KeptParts, fingerprint, whole_command
from training.evaluation.reward_ablations import measure_ablations
from training.evaluation.reward_choices import Choices, draw_charts, measure_choices
from training.evaluation.reward_table import Recipes, measure_table
from training.evaluation.stores_world import StoresWorld
from training.hub_scorers import PUBLISHED
from training.results import RESULTS, Figure, write_results

NAME = "reward"
PARTS = ("table", "ablations", "choices")
RECIPE = Path("training/recipes/reward.toml")

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class RewardEvaluation:
    """What is measured, how, and where the figures go.

    Attributes:
        checkpoint: whose CLIP the reward model builds on.
        seed: everything derives from it: drawings, stores, ticks, weights.
        seeds: worlds of the table: this seed and the next ones.
        market: how many stores, rounds and briefs.
        table: recipes of the table's models.
        choices: recipes of the small models.
        vision_steps: updates of the ablation whose image tower is personal, too; slow ones.
        tiles: drawings for the small backbones.
        only: the parts to measure now; others are taken over from earlier runs.
        work: folder for worlds and runs.
        images: folder of the charts.
        results: folder of the result files.
        draw: from a design to its picture.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    seed: int = 0
    seeds: int = 3
    market: MarketConfig = field(default_factory=MarketConfig)
    table: Recipes
    choices: Choices
    vision_steps: int = 200
    tiles: TilesConfig
    only: tuple[str, ...] = PARTS
    work: Path = Path("runs/evaluation/reward")
    images: Path = Path("docs/images")
    results: Path = RESULTS
    draw: Draw = tile


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate reward`."""
    market = MarketConfig()
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,PART")
    parser.add_argument("--checkpoint", type=Path, default=RewardEvaluation.checkpoint)
    parser.add_argument("--recipe", type=Path, default=RECIPE, help="TOML, a table per model")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="TABLE.KEY=VALUE",
        help="change one setting",
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=RewardEvaluation.seeds)
    parser.add_argument("--world", choices=sorted(schools().worlds), default=market.world)
    parser.add_argument("--stores", type=int, default=market.stores)
    parser.add_argument("--rounds-per-store", type=int, default=market.rounds_per_store)
    parser.add_argument("--briefs", type=int, default=market.briefs)
    parser.add_argument(
        "--vision-steps",
        type=int,
        default=RewardEvaluation.vision_steps,
        help="updates of the ablation whose image tower is personal, too",
    )
    parser.add_argument(
        "--scorer",
        action="append",
        default=[],
        metavar="NAME=FOLDER",
        help="a published scorer to compare with, see `training.evaluate published`",
    )
    parser.add_argument("--work", type=Path, default=RewardEvaluation.work)
    parser.add_argument("--images", type=Path, default=RewardEvaluation.images)
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> RewardEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: an unknown part, or a recipe or setting that can't be used.
    """
    only = tuple(name.strip() for name in options.only.split(",") if name.strip())
    if not only or not set(only) <= set(PARTS):
        raise ConfigError(f"--only takes parts out of {', '.join(PARTS)}, not {options.only!r}.")
    own: dict[str, list[str]] = {"reward": [], "general": [], "small-reward": [], "backbone": []}
    tiles: list[str] = []
    for override in options.set:
        table, _, setting = override.partition(".")
        if table != "tiles" and table not in own:
            raise ConfigError(
                f"Write --set TABLE.KEY=VALUE with one of tiles, {', '.join(own)}: {override!r}."
            )
        (tiles if table == "tiles" else own[table]).append(setting)

    def loaded(table: str) -> object:
        return load_config(table, options.recipe, own[table])

    checkpoint = str(options.checkpoint)
    personal, general, small, backbone = (loaded(table) for table in own)
    assert isinstance(personal, RewardConfig)
    assert isinstance(general, GeneralTasteConfig)
    assert isinstance(small, RewardConfig)
    assert isinstance(backbone, SmallBackboneConfig)
    return RewardEvaluation(
        checkpoint=options.checkpoint,
        seed=options.seed,
        seeds=options.seeds,
        market=MarketConfig(
            stores=options.stores,
            rounds_per_store=options.rounds_per_store,
            briefs=options.briefs,
            pool_seed=options.seed,
            world=options.world,
        ),
        table=Recipes(
            replace(personal, checkpoint=checkpoint),
            replace(general, seed=options.seed),
            tuple(map(_published, options.scorer)),
        ),
        choices=Choices(
            replace(small, checkpoint=checkpoint),
            replace(backbone, checkpoint=checkpoint, seed=options.seed),
        ),
        vision_steps=options.vision_steps,
        tiles=load_config("tiles", options.recipe, tiles),
        only=only,
        work=options.work,
        images=options.images,
        results=options.results,
    )


def run(config: RewardEvaluation, command: str) -> dict[str, Figure]:
    """Measure the parts that are asked for and write the result file and the charts.

    Returns:
        All figures that are in the file.

    Raises:
        StudioError: a model is missing or damaged.
        ConfigError: a recipe can't be used.
    """
    kept = KeptParts(config.work / "figures")
    marks = {part: _mark(config, part) for part in PARTS}
    worlds = [
        StoresWorld(replace(config.market, seed=config.seed + number), config.work, config.draw)
        for number in range(config.seeds)
    ]
    for part in config.only:
        log.info("%s", part)
        for world in worlds if part == "table" else worlds[:1]:
            world.make()
        kept.keep(part, marks[part], _measure(config, part, worlds))
    figures: dict[str, Figure] = {}
    for part in PARTS:
        found = kept.recall(part, marks[part])
        if found is None:
            log.warning("%s is left out: not measured with these weights and settings", part)
        figures |= found or {}
        if part == "choices" and found:
            draw_charts(found, config.images)
    seeds = range(config.seed, config.seed + config.seeds)
    write_results(NAME, whole_command(command), seeds, figures, config.results)
    return figures


def _measure(config: RewardEvaluation, part: str, worlds: list[StoresWorld]) -> dict[str, Figure]:
    runs = config.work / _mark(config, part)
    if part == "table":
        return measure_table(worlds, config.table, runs)
    if part == "ablations":
        return measure_ablations(worlds[0], config.table.personal, config.vision_steps, runs)
    tiles = load_tiles(config.tiles, "train", config.draw)
    return measure_choices(worlds[0], config.choices, tiles, runs)


def _mark(config: RewardEvaluation, part: str) -> str:
    """What a part's figures depend on, as a hash; its runs lie in a folder of that name."""
    recipes = config.choices if part == "choices" else config.table
    facts: dict[str, object] = {
        "world": picture_fingerprint(config.draw),
        "market": asdict(config.market),
        "seeds": [config.seed, config.seeds if part == "table" else 1],
        "recipes": {key: str(value) for key, value in asdict(recipes).items()},
    }
    if part == "ablations":
        facts["vision steps"] = config.vision_steps
    read = "tokenizer" if part == "choices" else "clip"
    return f"{part}-{fingerprint([config.checkpoint / read], facts)}"


def _published(text: str) -> tuple[str, str]:
    name, _, folder = text.partition("=")
    if name not in PUBLISHED or not Path(folder).is_dir() or not folder:
        known = ", ".join(PUBLISHED)
        raise ConfigError(f"Write --scorer NAME=FOLDER with one of {known}, not {text!r}.")
    return name, folder
