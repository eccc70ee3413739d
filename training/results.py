"""Results are files: every measured figure that a page quotes stands in docs/results/NAME.json.

A page quotes a figure as `<!-- result:NAME.KEY -->3.9<!-- /result -->`; a test compares all
quotes with the files, to the digits that are printed.
"""

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESULTS = Path("docs/results")
DRAWS = 2_000
"""Resamplings of a bootstrap."""
_NORMAL_95 = 1.959964
"""Standard deviations of a normal distribution that hold 95% of it, to both sides."""


@dataclass(frozen=True)
class Figure:
    """A measured number with its 95% interval; a count has an interval of no width."""

    value: float
    low: float
    high: float

    @classmethod
    def exact(cls, value: float) -> "Figure":
        """A number without uncertainty: a count, a size, a parameter."""
        return cls(value, value, value)


def bootstrap(
    values: ArrayLike,
    statistic: Callable[[NDArray[np.float64]], float] = np.mean,
    seed: int = 0,
    draws: int = DRAWS,
) -> Figure:
    """A statistic and the 95% interval in which it would fall had others been sampled.

    Percentile bootstrap over the first axis. Where measurements come in clusters (groups of one
    store), give one value per cluster, or the interval is too narrow.

    Args:
        values: (M,) or (M, K) measurements, M >= 1, finite.
        statistic: of an array like `values`.
        seed: of the resampling.
        draws: resamplings.

    Raises:
        ValueError: there is nothing to measure, or something is not a number.
    """
    measured = np.asarray(values, dtype=np.float64)
    if measured.size == 0 or not np.isfinite(measured).all():
        raise ValueError("A figure needs at least one measurement, and finite ones.")
    rows = np.random.default_rng(seed).integers(len(measured), size=(draws, len(measured)))
    drawn = [float(statistic(measured[chosen])) for chosen in rows]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(float(statistic(measured)), float(low), float(high))


def bootstrap_both(values: ArrayLike, seed: int = 0, draws: int = DRAWS) -> Figure:
    """The mean of a table, and its interval had other rows and other columns been sampled.

    For measurements of the same stores (columns) with several trainings (rows): both are drawn
    again, each independently of the other. With one row it is `bootstrap` over the columns.

    Args:
        values: (R, S) measurements, finite.
        seed: of the resampling.
        draws: resamplings.

    Raises:
        ValueError: there is nothing to measure, or something is not a number.
    """
    measured = np.asarray(values, dtype=np.float64)
    if measured.ndim != 2 or measured.size == 0 or not np.isfinite(measured).all():
        raise ValueError("A figure needs a table of at least one measurement, and finite ones.")
    rows, columns = measured.shape
    rng = np.random.default_rng(seed)
    of_columns = rng.integers(columns, size=(draws, columns))
    of_rows = rng.integers(rows, size=(draws, rows))
    drawn = [measured[np.ix_(*each)].mean() for each in zip(of_rows, of_columns, strict=True)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(float(measured.mean()), float(low), float(high))


def share(flags: Sequence[bool] | NDArray[np.bool_]) -> Figure:
    """How often something is true, with the 95% interval of Wilson.

    Unlike a bootstrap's, it has a width even when all or none are true.

    Raises:
        ValueError: there is nothing to count.
    """
    if len(flags) == 0:
        raise ValueError("A share needs at least one measurement.")
    count, mean = len(flags), float(np.mean(flags))
    spread = _NORMAL_95**2 / count
    middle = (mean + spread / 2) / (1 + spread)
    half = math.sqrt(mean * (1 - mean) * spread + spread**2 / 4) / (1 + spread)
    low, high = min(middle - half, mean), max(middle + half, mean)
    return Figure(mean, max(low, 0.0), min(high, 1.0))  # rounding must not lead out of range


def write_results(
    name: str,
    command: str,
    seeds: Sequence[int],
    figures: Mapping[str, Figure],
    folder: Path = RESULTS,
) -> Path:
    """Write docs/results/NAME.json and print the same as a table.

    Args:
        name: of the file, without ending.
        command: the line that measures this again.
        seeds: all that it was measured with.
        figures: key -> figure; keys end in their unit where they have one ("total_s").
        folder: where the files lie.

    Returns:
        The file's path.

    Raises:
        ValueError: a figure is not a number, or lies outside its interval's order.
    """
    for key, figure in figures.items():
        if not all(map(math.isfinite, asdict(figure).values())) or figure.low > figure.high:
            raise ValueError(f"{key} is no figure: {figure}.")
    record = {
        "command": command,
        "seeds": list(seeds),
        "figures": {key: asdict(figure) for key, figure in figures.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(as_table(figures) + f"\n{path}\n")
    return path


def read_results(path: Path) -> dict[str, Figure]:
    """The figures of a file that `write_results` wrote."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return {key: Figure(**figure) for key, figure in record["figures"].items()}


def as_table(figures: Mapping[str, Figure]) -> str:
    """Figures as aligned lines: key, value, 95% interval."""
    wide = max(map(len, figures), default=0)
    rows = [f"{'figure':<{wide}}  {'value':>12}  95% interval"]
    for key, figure in figures.items():
        interval = "" if figure.low == figure.high else f"{figure.low:.4g} to {figure.high:.4g}"
        rows.append(f"{key:<{wide}}  {figure.value:>12.4g}  {interval}".rstrip())
    return "\n".join(rows)
