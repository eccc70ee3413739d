from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.domain import CheckpointError
from training.diagnostics import Diagnostics
from training.gate import (
    FEWEST_ROUNDS,
    LARGEST_ERROR_GROWTH_OF_DESIGNS,
    judge,
    judge_scores,
    put_in_service,
)
from training.metrics import GroupMetrics


def diagnostics(accuracy: float, rounds: int = 20, growth: float = 0.0) -> Diagnostics:
    """Held-out rounds of four stores, all ordered equally well."""
    flat = torch.full((rounds, 2), accuracy)
    return Diagnostics(
        tuple(f"round-{number}" for number in range(rounds)),
        tuple(f"store-{number % 4}" for number in range(rounds)),
        flat,
        flat[:, 0],
        torch.zeros(rounds, 2),
        torch.tensor([300, 800]).expand(rounds, 2),
        torch.zeros(rounds, 2),
        torch.full((rounds, 2), growth),
    )


def test_a_better_one_passes_and_the_report_says_by_how_much():
    verdict = judge(diagnostics(0.7), diagnostics(0.5))

    assert verdict.passed
    assert verdict.gain is not None
    assert verdict.gain.value == pytest.approx(0.2)
    assert "70.0% of the pairs, the old one in 50.0%" in verdict.reasons[0]


@pytest.mark.parametrize("accuracy", [0.3, 0.5])
def test_one_that_is_no_better_is_kept_back(accuracy: float):
    verdict = judge(diagnostics(accuracy), diagnostics(0.5))

    assert not verdict.passed
    assert "the old one stays in service" in verdict.reasons[1]


def test_what_nobody_can_tell_from_luck_is_no_gain_and_serves_only_if_asked_to():
    mixed = torch.tensor([1.0 if number % 4 < 3 else 0.0 for number in range(20)])
    new = replace(diagnostics(0.5), accuracy_over_draws=mixed)

    kept, asked = (judge(new, diagnostics(0.5), serve_unsure=unsure) for unsure in (False, True))

    assert kept.gain is not None
    assert kept.gain.low <= 0 < kept.gain.value
    assert (kept.passed, asked.passed) == (False, True)
    assert "no gain yet. The old one stays in service" in kept.reasons[1]
    assert "serve_unsure=true" in kept.reasons[1]
    assert "because serve_unsure asks for that" in asked.reasons[1]
    assert not judge(diagnostics(0.4), diagnostics(0.5), serve_unsure=True).passed


def test_the_same_holds_for_scores():
    stores = tuple(f"store-{number % 4}" for number in range(20))
    flat, mixed = np.full(20, 0.5), np.array([1.0, 1.0, 1.0, 0.0] * 5)
    old, unsure, sure = (
        GroupMetrics(gauc, gauc, stores) for gauc in (flat, mixed, np.full(20, 0.75))
    )

    assert judge_scores(sure, old).passed
    assert "this is a gain" in judge_scores(sure, old).reasons[1]
    assert not judge_scores(unsure, old).passed
    assert judge_scores(unsure, old, serve_unsure=True).passed
    assert not judge_scores(old, old, serve_unsure=True).passed


def test_one_that_drifted_too_far_is_kept_back_however_well_it_orders():
    verdict = judge(diagnostics(0.9, growth=0.5), diagnostics(0.5))

    assert not verdict.passed
    assert "50% worse than the reference" in verdict.reasons[-1]


def test_designs_may_be_denoised_much_worse_but_not_without_end():
    within, beyond = (
        judge(diagnostics(0.9, growth=growth), diagnostics(0.5), LARGEST_ERROR_GROWTH_OF_DESIGNS)
        for growth in (2.75, 20.0)
    )

    assert within.passed
    assert not beyond.passed
    assert "drifted too far" in " ".join(beyond.reasons)


@pytest.mark.parametrize("new", [None, diagnostics(0.9, rounds=FEWEST_ROUNDS - 1)])
def test_too_few_held_out_rounds_let_nothing_pass(new: Diagnostics | None):
    verdict = judge(new, None)

    assert not verdict.passed
    assert "Save more rounds" in verdict.reasons[0]


def test_a_new_checkpoint_is_the_old_one_with_the_new_part(tmp_path: Path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "kept.txt").write_text("kept")

    put_in_service(
        tmp_path / "old", tmp_path / "new", lambda fresh: write(fresh / "part.txt", "new")
    )

    assert {path.name for path in (tmp_path / "new").iterdir()} == {"kept.txt", "part.txt"}
    assert {path.name for path in (tmp_path / "old").iterdir()} == {"kept.txt"}


def test_a_disk_that_fills_up_leaves_the_checkpoint_in_service_untouched(tmp_path: Path):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "part.txt").write_text("old")

    def fill_up(fresh: Path) -> None:
        write(fresh / "half.txt", "half")
        raise OSError(28, "No space left on device")

    with pytest.raises(CheckpointError, match="the disk is full"):
        put_in_service(folder, folder, fill_up)

    assert {path.name for path in folder.iterdir()} == {"part.txt"}
    assert (folder / "part.txt").read_text() == "old"


def write(path: Path, text: str) -> None:
    path.write_text(text)
