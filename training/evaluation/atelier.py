"""Whether the small model's designs are what was asked for, and as varied as the world it learnt.

Everything is counted in the designs themselves. The world that they are compared with is
`training.atelier.world`.
"""

import argparse
import logging
from dataclasses import dataclass, field, fields
from pathlib import Path

from training.config import ConfigError
from training.evaluation.atelier_figures import (
    Amounts,
    Figures,
    asked_figures,
    colour_figures,
    likeness_figures,
    order_figures,
    variety_figures,
)
from training.evaluation.atelier_sheet import SHEET, draw_sheet
from training.evaluation.designing import Designer, Sampling
from training.results import RESULTS, Figure, write_results

NAME = "atelier"
COUNTS = tuple(each.name for each in fields(Amounts) if each.name != "seed")

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class AtelierEvaluation:
    """What is measured, on what, and where the figures go.

    Attributes:
        checkpoint: folder of the small model.
        amounts: how much of it.
        sampling: how designs are made.
        images: folder of the contact sheet.
        results: folder of the result files.
    """

    checkpoint: Path = Path("checkpoints/atelier")
    amounts: Amounts = field(default_factory=Amounts)
    sampling: Sampling = field(default_factory=Sampling)
    images: Path = Path("docs/images")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate atelier`."""
    standard, amounts = AtelierEvaluation(), Amounts()
    parser.add_argument("--checkpoint", type=Path, default=standard.checkpoint)
    for name in COUNTS:
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(amounts, name), metavar="COUNT")
    parser.add_argument("--seed", type=int, default=amounts.seed)
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--guidance-scale", type=float, default=None)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--images", type=Path, default=standard.images, metavar="FOLDER")
    parser.add_argument("--results", type=Path, default=standard.results, metavar="FOLDER")


def from_options(options: argparse.Namespace) -> AtelierEvaluation:
    """The parsed command line as a configuration.

    Raises:
        ConfigError: too little to measure anything.
    """
    counts = {name: getattr(options, name) for name in COUNTS}
    amounts = Amounts(**counts, seed=options.seed)
    amounts.check()
    return AtelierEvaluation(
        checkpoint=options.checkpoint,
        amounts=amounts,
        sampling=Sampling(options.steps, options.guidance_scale, options.device, options.threads),
        images=options.images,
        results=options.results,
    )


def run(config: AtelierEvaluation, command: str) -> dict[str, Figure]:
    """Measure and write the result file and the contact sheet.

    Args:
        config: what to measure.
        command: the line that was typed.

    Returns:
        All figures that are in the file.

    Raises:
        StudioError: the checkpoint is missing, damaged, or of pictures.
        ConfigError: a folder can't be written to.
    """
    _make_folders(config)
    amounts = config.amounts
    designer = Designer.load(config.checkpoint, config.sampling)
    figures: Figures = {}
    for measure in (
        asked_figures,
        order_figures,
        variety_figures,
        colour_figures,
        likeness_figures,
    ):
        figures |= measure(designer, amounts)
    figures |= {
        "steps": Figure.exact(designer.steps),
        "guidance_scale": Figure.exact(designer.guidance_scale),
    }
    draw_sheet(designer, amounts.seed).save(config.images / SHEET, optimize=True)
    write_results(NAME, command, [amounts.seed], figures, config.results)
    return figures


def _make_folders(config: AtelierEvaluation) -> None:
    """Make them now: later would be late to learn that it can't be done."""
    for folder in (config.images, config.results):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"The folder {folder} can't be made: {error.strerror}.") from error
