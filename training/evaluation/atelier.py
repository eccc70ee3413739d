"""Quality of atelier's base models, read back by a network that was trained on drawings only.

Parts: `reader` (can the judge read?), `reconstruction` (the autoencoder), `generation` (asked
attributes, KID, copies), `order` (shuffled phrases), `sheet` (the picture to look at).
"""

import argparse
import logging
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from training.atelier.croquis import draw
from training.config import ConfigError, TilesConfig, load_config
from training.data.tiles import world_fingerprint
from training.evaluation.atelier_parts import PARTS, Amounts
from training.evaluation.kept_parts import KeptParts, fingerprint, whole_command
from training.evaluation.subject import Sources, Subject
from training.results import RESULTS, Figure, write_results

NAME = "atelier"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AtelierEvaluation:
    """What is measured, on what, and where the figures go.

    Attributes:
        sources: models and drawings.
        amounts: how much of them.
        only: the parts to measure now; others are taken over from earlier runs.
        kept: folder of the figures of earlier runs.
        results: folder of the result files.
    """

    sources: Sources
    amounts: Amounts = field(default_factory=Amounts)
    only: tuple[str, ...] = tuple(PARTS)
    kept: Path = Path("runs/evaluation/atelier")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate atelier`."""
    amounts = Amounts()
    parser.add_argument("--only", default=",".join(PARTS), metavar="PART,PART")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/atelier"))
    parser.add_argument("--reader", type=Path, default=Path("checkpoints/reader"))
    parser.add_argument("--recipe", type=Path, default=Path("training/recipes/atelier.toml"))
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--sets", type=int, default=amounts.sets)
    parser.add_argument("--order-sets", type=int, default=amounts.order_sets)
    parser.add_argument("--drawings", type=int, default=amounts.drawings)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--guidance-scale", type=float, default=None)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--kept", type=Path, default=Path("runs/evaluation/atelier"))
    parser.add_argument("--images", type=Path, default=amounts.images)
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> AtelierEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: an unknown part, or a recipe or setting that can't be used.
    """
    tiles: TilesConfig = load_config("tiles", options.recipe, options.set)
    return AtelierEvaluation(
        sources=Sources(
            checkpoint=options.checkpoint,
            reader=options.reader,
            tiles=tiles,
            draw=draw,
            seed=options.seed,
            steps=options.steps,
            guidance_scale=options.guidance_scale,
            device=options.device,
            threads=options.threads,
        ),
        amounts=Amounts(
            sets=options.sets,
            order_sets=options.order_sets,
            drawings=options.drawings,
            images=options.images,
        ),
        only=_named_parts(options.only),
        kept=options.kept,
        results=options.results,
    )


def run(config: AtelierEvaluation, command: str) -> dict[str, Figure]:
    """Measure the parts that are asked for and write the result file.

    Parts that were measured earlier are taken over where nothing that they depend on has
    changed since: weights, drawings, seed, amounts. The others are left out, and named.

    Args:
        config: what to measure.
        command: the line that was typed; the file says how to measure all of it.

    Returns:
        All figures that are in the file.

    Raises:
        StudioError: a model is missing or damaged.
        ConfigError: there are too few drawings, or a folder can't be written to.
    """
    _make_folders(config)
    kept = KeptParts(config.kept)
    world = world_fingerprint(config.sources.draw)
    marks = {name: _mark(config, name, world) for name in PARTS}
    subject = Subject(config.sources)
    subject.open({part for name in config.only for part in PARTS[name].reads})
    for name in PARTS:
        if name in config.only:
            log.info("%s", name)
            kept.keep(name, marks[name], PARTS[name].measure(subject, config.amounts))
    figures: dict[str, Figure] = {}
    for name in PARTS:
        part = kept.recall(name, marks[name])
        if part is None:
            log.warning("%s is left out: not measured with these weights and settings", name)
        figures |= part or {}
    write_results(NAME, whole_command(command), [config.sources.seed], figures, config.results)
    return figures


def _make_folders(config: AtelierEvaluation) -> None:
    """Make them now: an hour later would be late to learn that it can't be done."""
    for folder in (config.kept, config.amounts.images, config.results):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"The folder {folder} can't be made: {error.strerror}.") from error


def _mark(config: AtelierEvaluation, part: str, world: str) -> str:
    """What a part's figures depend on, as a hash."""
    sources = config.sources
    paths = [
        sources.reader if name == "reader" else sources.checkpoint / name
        for name in PARTS[part].reads
    ]
    tiles = asdict(replace(sources.tiles, folder="", workers=0))
    amounts = asdict(replace(config.amounts, images=Path()))
    facts = {
        "world": world,
        "tiles": tiles,
        "amounts": {name: str(value) for name, value in amounts.items()},
        "seed": sources.seed,
        "steps": sources.steps,
        "guidance_scale": sources.guidance_scale,
    }
    return fingerprint(paths, facts)


def _named_parts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names or not set(names) <= set(PARTS):
        raise ConfigError(f"--only takes parts out of {', '.join(PARTS)}, not {text!r}.")
    return names
