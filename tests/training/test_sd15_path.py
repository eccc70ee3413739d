"""The preset sd15 from the hub's layout and Pick-a-Pic's columns to a personalised checkpoint."""

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from studio.perfusion.checkpoint import load_pipeline
from studio.perfusion.config import SD15
from studio.perfusion.pickapic_rows import PICKAPIC_COLUMNS
from studio.perfusion.reward_model import PerFusionRM
from studio.perfusion.sources import fetch
from tests.hub_layouts import FolderHub, tiny_hub
from tests.tiny_models import HEIGHT_PX, WIDTH_PX
from training.data.pickapic import read_pickapic
from training.finetune import main
from training.policy import checkpoint_activations

ROOT = Path(__file__).resolve().parents[2]
USERS = 3
SETTINGS = (
    "reward.text_first_steps=2",
    "reward.steps=1",
    "reward.batch_size=5",
    "reward.evaluate_steps=1",
    "reward.field_width=4",
    "reward.hidden_width=4",
    "reward.log_steps=1",
    "generator.steps=3",
    "generator.batch_size=3",
    "generator.draws_per_round=2",
    "generator.evaluation_draws=1",
    "generator.sample_prompts=1",
    "generator.sample_steps=2",
    "generator.field_width=4",
    "generator.warmup_steps=1",
    "generator.log_steps=1",
)


def jpeg(rng: np.random.Generator, light: bool) -> bytes:
    shades = rng.integers(150, 256) if light else rng.integers(0, 100)
    pixels = np.full((HEIGHT_PX, WIDTH_PX, 3), shades, np.uint8)
    pixels[::4] = rng.integers(0, 256, 3)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def write_pickapic_file(file: Path) -> None:
    """Each user likes light or dark pictures; every seventh round is a tie."""
    rng = np.random.default_rng(0)
    rows = []
    for number in range(36):
        user = number % USERS
        tie = number % 7 == 6
        rows.append(
            {
                "caption": f"a dress, number {number % 5}",
                "created_at": datetime(2023, 4, 1, 12),
                "has_label": True,
                "jpg_0": jpeg(rng, user != 1),
                "jpg_1": jpeg(rng, user == 1),
                "label_0": 0.5 if tie else 1.0,
                "label_1": 0.5 if tie else 0.0,
                "user_id": user,
            }
        )
    pq.write_table(pa.Table.from_pylist(rows, schema=PICKAPIC_COLUMNS), file)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint fetched from a tiny hub, and an export read from Pick-a-Pic's columns."""
    folder = tmp_path_factory.mktemp("sd15")
    hub = FolderHub(tiny_hub(folder / "hub"))
    fetch(SD15, folder / "sd15", licences_accepted=True, download=hub)
    write_pickapic_file(folder / "rows.parquet")
    read_pickapic(folder / "rows.parquet", folder / "export", min_rounds=10)
    return folder


def command(world: Path, out: Path, settings: Sequence[str] = ()) -> list[str]:
    line = ["--rounds", str(world / "export"), "--from", str(world / "sd15")]
    line += ["--to", str(out / "new"), "--runs", str(out / "runs")]
    for setting in (*SETTINGS, *settings):
        line += ["--set", setting]
    return line


def losses(out: Path, part: str) -> list[float]:
    [log] = [path for path in (out / "runs").rglob("log.jsonl") if part in str(path)]
    records = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    return [record["loss"] for record in records if "loss" in record]


def weights(out: Path, pattern: str) -> dict[str, torch.Tensor]:
    [file] = (out / "runs").rglob(pattern)
    return load_file(file)


def test_reward_model_and_generator_learn_from_pick_a_pic_on_the_hubs_models(
    world: Path, tmp_path: Path
):
    assert main(command(world, tmp_path)) == 0  # also if the gate keeps so short a training back

    assert len(losses(tmp_path, "generator")) == 3
    [plug_in] = (tmp_path / "runs").rglob("candidate/profile_schema.json")
    trained = PerFusionRM.from_pretrained(plug_in.parent, world / "sd15" / "clip")
    assert trained.schema.field("store_id").values == ("0", "1", "2")
    network = weights(tmp_path, "adaptive_network/diffusion_pytorch_model.safetensors")
    assert any(value.abs().max() > 0 for key, value in network.items() if "outgoing" in key)


def test_less_memory_gives_the_same_training(world: Path, tmp_path: Path):
    plain = ["--only", "generator"]
    main([*command(world, tmp_path / "kept"), *plain])
    less = ["generator.gradient_checkpointing=true", "generator.images_per_pass=2"]

    main([*command(world, tmp_path / "less", less), *plain])

    assert losses(tmp_path / "less", "generator") == pytest.approx(
        losses(tmp_path / "kept", "generator"), rel=1e-4
    )


def test_activations_that_are_computed_again_give_the_same_gradients(world: Path):
    gradients = []
    for again in (False, True):
        unet = load_pipeline(world / "sd15").unet.requires_grad_(True)
        if again:
            checkpoint_activations(unet)
        generator = torch.Generator().manual_seed(0)
        latents = torch.randn(1, 4, 8, 4, generator=generator)
        text = torch.randn(1, 7, 16, generator=generator)
        unet(latents, torch.tensor(300), text).sample.square().mean().backward()
        gradients.append([weight.grad for weight in unet.parameters() if weight.grad is not None])

    for one, other in zip(*gradients, strict=True):
        assert torch.equal(one, other)


@pytest.mark.slow
def test_two_processes_do_what_one_does(world: Path, tmp_path: Path):
    together = tmp_path / "together"
    launch = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2"]
    done = subprocess.run(
        [*launch, "-m", "training.finetune", *command(world, together)],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert "process 1 of 2" in done.stderr

    main(command(world, tmp_path / "alone"))

    for part in ("generator", "reward"):
        one, other = losses(tmp_path / "alone", part), losses(together, part)
        assert one
        assert other == pytest.approx(one, rel=1e-3), part
    network = "adaptive_network/diffusion_pytorch_model.safetensors"
    mine, theirs = weights(tmp_path / "alone", network), weights(together, network)
    for name, weight in mine.items():
        torch.testing.assert_close(theirs[name], weight, rtol=1e-2, atol=1e-3, msg=name)
