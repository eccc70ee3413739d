import json
from pathlib import Path

import torch
from PIL import Image

from training.diagnostics import Diagnostics
from training.gate import Verdict
from training.report import EXPLAINED, Report, curves_of_log, explained, write_report

REPORT = Report(
    "Training <the> generator",
    Verdict(False, ("It is no better.",)),
    {"rounds": "12 rounds"},
    {"implicit_accuracy": (0.5, 0.49)},
    {"loss": [(1, 0.7), (2, 0.6)], "flat": [(1, 0.5)]},
    (("After", Image.new("RGB", (8, 8), "red")),),
)


def test_the_report_is_one_file_that_says_what_was_decided_and_why(tmp_path: Path):
    page = write_report(REPORT, tmp_path).read_text(encoding="utf-8")

    assert "the old one stays in service" in page
    assert "It is no better." in page
    assert "Training &lt;the&gt; generator" in page
    assert '<td class="number">0.49</td>' in page
    assert "the implicit reward puts the ticked one first" in page
    assert page.count("<polyline") == 2
    assert 'src="data:image/png;base64' in page
    assert "http" not in page
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_the_log_becomes_curves_with_held_out_figures_apart_and_no_step_twice(tmp_path: Path):
    lines = [
        {"step": 1, "loss": 0.7, "learning_rate": 0.1, "minutes_left": 3},
        {"step": 2, "loss": 0.6, "learning_rate": 0.1, "minutes_left": 2},
        {"step": 2, "loss": 0.65},
        {"step": 2, "loss": 0.59, "learning_rate": 0.1, "minutes_left": 2},
    ]
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(map(json.dumps, lines)))

    assert curves_of_log(log) == {"loss": [(1, 0.7), (2, 0.59)], "held-out loss": [(2, 0.65)]}


def test_every_figure_of_held_out_rounds_is_explained():
    rounds = torch.zeros(2, 2)
    steps = torch.tensor([[100, 900], [100, 500]])
    found = Diagnostics(("a", "b"), ("s", "s"), rounds, rounds[:, 0], rounds, steps, rounds, rounds)

    assert all(explained(name) for name in found.figures())
    assert "timesteps 100 to 367" in explained("held-out margin_100_367")
    assert explained("held-out loss") == EXPLAINED["loss"]
