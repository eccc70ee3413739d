"""Stable Diffusion XL in the hub's layout, personalised on rounds of pictures."""

import json
from pathlib import Path

import torch
from accelerate import Accelerator

from studio.perfusion.checkpoint import load_pipeline
from tests.tiny_sdxl import save_sdxl
from tests.training.test_sd15_path import write_pickapic_file
from training.config import PerFusionConfig
from training.data.pickapic import read_pickapic
from training.loops.perfusion import run


def test_the_adaptive_network_of_xl_learns_from_pick_a_pic_and_comes_into_service(tmp_path: Path):
    write_pickapic_file(tmp_path / "rows.parquet")
    read_pickapic(tmp_path / "rows.parquet", tmp_path / "rounds")
    config = PerFusionConfig(
        run=str(tmp_path / "run"),
        rounds=str(tmp_path / "rounds"),
        checkpoint=str(save_sdxl(tmp_path / "sdxl")),
        steps=3,
        batch_size=3,
        draws_per_round=2,
        evaluation_draws=1,
        sample_prompts=1,
        sample_steps=2,
        field_width=4,
        warmup_steps=1,
        log_steps=1,
        images_per_pass=4,
    )

    outcome = run(config, Accelerator(cpu=True))

    assert outcome is not None
    lines = (tmp_path / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    losses = [record["loss"] for record in map(json.loads, lines) if "loss" in record]
    assert len(losses) == 3
    assert losses[0] != losses[-1]
    outcome.write_checkpoint(tmp_path / "sdxl", tmp_path / "new")
    trained = load_pipeline(tmp_path / "new")
    assert trained.config.force_zeros_for_empty_prompt
    moved = trained.adaptive_network.outgoing_middle.weight
    assert bool(torch.isfinite(moved).all())
    assert bool(moved.any())
