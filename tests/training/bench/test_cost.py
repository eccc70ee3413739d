from pathlib import Path

import pytest
import torch

from studio.domain import SettingsError
from studio.perfusion.checkpoint import save_pipeline
from tests.tiny_models import TINY_DEFAULTS, tiny_pipeline, tiny_unet
from training.bench.cost import CostBench, measure, run


def test_every_kind_of_step_is_timed_and_compared():
    config = CostBench(repeats=1, steps=2)

    figures = measure(tiny_unet(), config, torch.device("cpu"))

    assert all(figure.value > 0 for figure in figures.values())
    wanted = {"train_step_vs_dpo", "inference_vs_plain", "train_step_vs_dpo_naive"}
    assert wanted <= figures.keys()
    ratio = figures["train_perfusion_s"].value / figures["train_dpo_s"].value
    assert figures["train_step_vs_dpo_kept"].value == pytest.approx(ratio)


def test_sharing_the_frozen_half_keeps_less_in_memory_than_training_a_whole_unet():
    figures = measure(tiny_unet(), CostBench(repeats=1, steps=1), torch.device("cpu"))

    perfusion = figures["train_perfusion_memory_mib"].value
    assert perfusion <= figures["train_perfusion_naive_memory_mib"].value
    assert figures["train_plain_memory_mib"].value < figures["train_dpo_memory_mib"].value


@pytest.mark.slow
def test_half_precision_is_for_what_is_frozen_and_each_batch_has_its_figures(tmp_path: Path):
    config = CostBench(
        sizes="small", side_px=64, dtype="bfloat16", batches="1,2", repeats=1, results=tmp_path
    )

    figures = run(config, "python -m training.bench cost")

    small, large = (
        figures[f"small_bfloat16_batch_{batch}_train_perfusion_memory_mib"].value
        for batch in (1, 2)
    )
    assert small < large
    assert (tmp_path / "cost-small.json").exists()


@pytest.mark.parametrize("batches", ["", "0", "1,x"])
def test_batches_that_are_no_numbers_are_refused(tmp_path: Path, batches: str):
    with pytest.raises(SettingsError, match="such as 1,4"):
        run(CostBench(sizes="small", batches=batches, results=tmp_path), "")


def test_an_unknown_size_is_refused(tmp_path: Path):
    with pytest.raises(SettingsError, match="no size 'flux'"):
        run(CostBench(sizes="flux", results=tmp_path), "")


def test_the_atelier_s_own_structure_is_measured_without_its_weights(tmp_path: Path):
    save_pipeline(tiny_pipeline(), tmp_path / "tiny", defaults=TINY_DEFAULTS)
    config = CostBench(
        checkpoint=tmp_path / "tiny",
        sizes="atelier",
        repeats=1,
        steps=1,
        results=tmp_path,
    )

    figures = run(config, "python -m training.bench cost --sizes atelier")

    assert figures["atelier_inference_vs_plain"] == figures["inference_vs_plain"]
    weights = figures["atelier_unet_million_weights"].value * 1e6
    assert weights == pytest.approx(sum(w.numel() for w in tiny_unet().parameters()))
