import json

import pytest
import torch

from studio.perfusion.autoencoder import PatchAutoencoder
from training.config import AutoencoderConfig
from training.loops import autoencoder

SMALL = {
    "steps": 6,
    "batch_size": 4,
    "fine_channels": 8,
    "coarse_channels": 16,
    "latent_channels": 6,
    "warmup_steps": 1,
    "log_steps": 1,
    "evaluation_tiles": 4,
}


def config_in(folder, **changes):
    places = {"run": str(folder / "run"), "checkpoint": str(folder / "checkpoint")}
    return AutoencoderConfig(**{**places, **SMALL, **changes})


def logged_losses(folder):
    lines = (folder / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [line["loss"] for line in map(json.loads, lines) if "loss" in line]


def test_a_stopped_and_resumed_run_logs_the_same_losses(tmp_path, tiles):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    autoencoder.run(config_in(whole, decay_fraction=0.0), *tiles)

    autoencoder.run(config_in(parts, decay_fraction=0.0, steps=3), *tiles)
    autoencoder.run(config_in(parts, decay_fraction=0.0), *tiles)

    assert logged_losses(parts) == logged_losses(whole)


def test_the_export_is_half_precision_with_tidy_latents(tmp_path, tiles):
    autoencoder.run(config_in(tmp_path, whitening=0.5), *tiles)

    folder = tmp_path / "checkpoint" / "vae"
    exported = PatchAutoencoder.from_pretrained(folder, torch_dtype=torch.float16)

    assert exported.dtype == torch.float16
    with torch.no_grad():
        images = tiles[0].tensors(range(24)) * 2 - 1
        latents = exported.float().encode(images).latent_dist.mode()
    scaled = latents * exported.config.scaling_factor
    torch.testing.assert_close(scaled.mean(dim=(0, 2, 3)), torch.zeros(6), atol=0.02, rtol=0)
    assert scaled.square().mean().item() == pytest.approx(1, abs=0.02)


def test_a_run_can_start_from_a_checkpoint_and_keep_its_encoder(tmp_path, tiles):
    autoencoder.run(config_in(tmp_path), *tiles)
    source = str(tmp_path / "checkpoint")
    changes = {"init_from": source, "freeze_encoder": True, "batch_size": 5}

    autoencoder.run(config_in(tmp_path / "later", **changes), *tiles)

    before = PatchAutoencoder.from_pretrained(tmp_path / "checkpoint" / "vae").state_dict()
    after = PatchAutoencoder.from_pretrained(tmp_path / "later" / "checkpoint" / "vae").state_dict()
    for name, value in before.items():
        assert torch.equal(value, after[name]) == ("encoder" in name), name
