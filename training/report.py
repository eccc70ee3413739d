"""A training's report: one HTML file with its pictures and curves inside."""

import base64
import html
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from training.gate import Verdict

REPORT_FILE = "report.html"
_WIDTH, _HEIGHT = 420, 120

EXPLAINED = {
    "implicit_accuracy": "share of pairs (ticked, unticked) in which the implicit reward puts the "
    "ticked one first; 0.5 is chance",
    "implicit_accuracy_over_draws": "the same for rewards summed over several draws of noise, "
    "which is what the gate compares",
    "implicit_margin": "implicit reward of ticked minus that of unticked images, with beta",
    "margin": "implicit reward of ticked minus that of unticked images, without beta",
    "drift": "distance of the predictions from the reference's, over the reference's error",
    "error_growth": "how much worse ticked images are denoised than by the reference, as a share",
    "diversity": "how much designs of one request differ from seed to seed",
    "diversity_to_start": "the same, over what it was before",
    "gauc": "share of pairs (ticked, unticked) of a round in which the ticked one scores higher; "
    "0.5 is chance",
    "map": "mean average precision: how far up the ticked ones stand among a round's images",
    "loss": "what is minimised",
}
"""What figures of trainings are, by their names in the log."""

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #faf8f5; }
.verdict { padding: .8rem 1rem; border-left: .4rem solid; background: #fff; }
.passed { border-color: #2f7d4f; } .kept { border-color: #b3541e; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; } img { max-width: 100%; } svg { background: #fff; max-width: 100%; }
.curves { display: flex; flex-wrap: wrap; gap: 1rem; } figcaption { font-size: .9rem; color: #555; }
"""


@dataclass(frozen=True)
class Report:
    """What a person should know of a finished training.

    Attributes:
        title: in a few words.
        verdict: of the gate.
        facts: settings and data, in words.
        figures: name -> value before and after.
        curves: name -> (step, value) points.
        pictures: (caption, picture).
    """

    title: str
    verdict: Verdict
    facts: Mapping[str, str]
    figures: Mapping[str, tuple[float, float]]
    curves: Mapping[str, Sequence[tuple[float, float]]]
    pictures: Sequence[tuple[str, Image.Image]] = field(default_factory=tuple)


def explained(name: str) -> str:
    """What a figure is; empty where nothing is known of it.

    Margins by band of timesteps are `margin_FIRST_LAST`; curves of held-out data say so first.
    """
    plain = name.removeprefix("held-out ")
    if plain in EXPLAINED:
        return EXPLAINED[plain]
    if band := re.fullmatch(r"margin_(\d+)_(\d+)", plain):
        return f"the margin at timesteps {band[1]} to {band[2]} alone"
    return ""


def write_report(report: Report, folder: Path) -> Path:
    """Write `report.html`, which needs no other file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REPORT_FILE
    unfinished = path.with_suffix(".part")
    unfinished.write_text(to_html(report), encoding="utf-8")
    unfinished.replace(path)
    return path


def to_html(report: Report) -> str:
    """The report as one page."""
    verdict = report.verdict
    outcome = (
        "What was trained may come into service."
        if verdict.passed
        else "What was trained is kept apart; the old one stays in service."
    )
    title = html.escape(report.title)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>",
            f'<div class="verdict {"passed" if verdict.passed else "kept"}">',
            f"<strong>{outcome}</strong>",
            *(f"<p>{html.escape(reason)}</p>" for reason in verdict.reasons),
            "</div><h2>Before and after</h2>",
            _figures_table(report.figures),
            *(_figure(caption, picture) for caption, picture in report.pictures),
            '<h2>While it learnt</h2><div class="curves">',
            *(_curve(name, points) for name, points in report.curves.items()),
            "</div><h2>Settings and data</h2><table>",
            *(
                f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
                for name, value in report.facts.items()
            ),
            "</table></html>",
        ]
    )


def curves_of_log(log: Path) -> dict[str, list[tuple[float, float]]]:
    """The runner's log as curves, one per number in it, without the bookkeeping.

    Steps that were done twice, because a run was killed after its last saved state, count once.
    """
    curves: dict[str, dict[float, float]] = {}
    unwanted = {"step", "learning_rate", "samples_per_second", "minutes_left"}
    for line in log.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        names = record.keys() - unwanted
        # Lines with held-out figures have no learning rate.
        prefix = "" if "learning_rate" in record else "held-out "
        for name in sorted(names):
            curves.setdefault(prefix + name, {})[record["step"]] = record[name]
    return {name: sorted(points.items()) for name, points in curves.items()}


def _figures_table(figures: Mapping[str, tuple[float, float]]) -> str:
    rows = [
        f'<tr><th>{html.escape(name)}</th><td class="number">{before:.4g}</td>'
        f'<td class="number">{after:.4g}</td><td>{html.escape(explained(name))}</td></tr>'
        for name, (before, after) in figures.items()
    ]
    head = '<tr><th></th><th class="number">before</th><th class="number">after</th><th></th></tr>'
    return f"<table>{head}{''.join(rows)}</table>"


def _figure(caption: str, picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    text = html.escape(caption)
    return (
        f'<figure><img alt="{text}" src="data:image/png;base64,{data}">'
        f"<figcaption>{text}</figcaption></figure>"
    )


def _curve(name: str, points: Sequence[tuple[float, float]]) -> str:
    steps, values = [step for step, _ in points], [value for _, value in points]
    low, high = min(values), max(values)
    wide, tall = (max(steps) - min(steps)) or 1, (high - low) or 1
    path = " ".join(
        f"{(step - min(steps)) / wide * (_WIDTH - 20) + 10:.1f},"
        f"{_HEIGHT - 10 - (value - low) / tall * (_HEIGHT - 20):.1f}"
        for step, value in points
    )
    what = f"{name} ({explained(name)})" if explained(name) else name
    text = html.escape(f"{what}: {low:.4g} to {high:.4g}, steps {min(steps):g} to {max(steps):g}")
    return (
        f'<figure><svg role="img" aria-label="{text}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}"><polyline fill="none" stroke="#b3541e" '
        f'stroke-width="1.5" points="{path}"/></svg><figcaption>{text}</figcaption></figure>'
    )
