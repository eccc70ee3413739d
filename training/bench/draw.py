"""How long the drawing engine takes: a croquis as a tile, as a preview and as SVG; a tech pack."""

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np

from studio.design.spec import DesignSpec
from studio.domain import SettingsError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.drawing.svg import svg
from studio.techpack.frame import Printing
from studio.techpack.pack import Brief, pack_of
from studio.techpack.sheets import sheets_pdf
from training.atelier.world import sample_design
from training.results import RESULTS, Figure, bootstrap, write_results

_BRIEF = Brief(number="PF-000001-1", made_on=date(2026, 11, 30))
TILE_PX, PREVIEW_PX = 1024, 256
ROUND = 8
PACKS = 24
"""Designs whose tech packs are made; each takes as long as many croquis."""


@dataclass(frozen=True, kw_only=True)
class DrawBench:
    """What is measured.

    Attributes:
        designs: of the world, each drawn once in every way.
        seed: of the designs.
        results: folder of the result files.
    """

    designs: int = 200
    seed: int = 0
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.bench draw`."""
    default = DrawBench()
    parser.add_argument("--designs", type=int, default=default.designs)
    parser.add_argument("--seed", type=int, default=default.seed)
    parser.add_argument("--results", type=Path, default=default.results)


def from_options(options: argparse.Namespace) -> DrawBench:
    """The parsed command line as a configuration."""
    return DrawBench(**{name: getattr(options, name) for name in asdict(DrawBench())})


def run(config: DrawBench, command: str) -> dict[str, Figure]:
    """Draw and write the result file. The engine uses one core.

    Raises:
        SettingsError: there is no whole round among so few designs.
    """
    if config.designs < ROUND:
        raise SettingsError(f"--designs takes at least {ROUND}, a whole round.")
    rng = random.Random(config.seed)
    specs = [sample_design(rng) for _ in range(config.designs)]
    ways: dict[str, Callable[[DesignSpec], object]] = {
        "croquis": lambda spec: picture(draw_croquis(spec), TILE_PX),
        "preview": lambda spec: picture(draw_croquis(spec), PREVIEW_PX),
        "strokes": draw_croquis,
        "svg": lambda spec: svg(draw_croquis(spec)),
    }
    for draw in ways.values():  # fonts and libraries are loaded once
        draw(specs[0])
    seconds = {name: [_seconds(draw, spec) for spec in specs] for name, draw in ways.items()}
    _tech_pack(specs[0])
    seconds["tech_pack"] = [_seconds(_tech_pack, spec) for spec in specs[:PACKS]]
    rounds = [
        sum(seconds["croquis"][at : at + ROUND])
        for at in range(0, config.designs - ROUND + 1, ROUND)
    ]
    figures = {
        **{f"{name}_s": _median(values) for name, values in seconds.items()},
        "croquis_slowest_s": Figure.exact(max(seconds["croquis"])),
        "grid_of_eight_s": _median(rounds),
        "designs": Figure.exact(config.designs),
        "height_px": Figure.exact(TILE_PX),
    }
    write_results("draw", command, [config.seed], figures, config.results)
    return figures


def _tech_pack(spec: DesignSpec) -> bytes:
    """Three sheets as one PDF, from the design to the file."""
    return sheets_pdf(pack_of(spec, _BRIEF), Printing())


def _seconds(draw: Callable[[DesignSpec], object], spec: DesignSpec) -> float:
    started = time.perf_counter()
    draw(spec)
    return time.perf_counter() - started


def _median(values: Sequence[float]) -> Figure:
    return bootstrap(values, lambda drawn: float(np.median(drawn)))
