import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers import CLIPImageProcessor, CLIPModel, CLIPTokenizer

from tests.training.tiny_world import draw_blocks
from training.config import load_config
from training.data.tiles import SQUARE_PX
from training.loops import clip

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


def config_in(folder, **changes):
    config = load_config("clip", TINY)
    places = {"run": str(folder / "run"), "checkpoint": str(folder / "checkpoint")}
    return replace(config, **{**places, "decay_fraction": 0.0, **changes})


def logged_losses(folder):
    lines = (folder / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [line["loss"] for line in map(json.loads, lines) if "loss" in line]


def test_a_stopped_and_resumed_run_logs_the_same_losses(tmp_path, tiles):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    clip.run(config_in(whole, steps=4), *tiles)

    clip.run(config_in(parts, steps=2), *tiles)
    clip.run(config_in(parts, steps=4), *tiles)

    assert logged_losses(parts) == logged_losses(whole)


def test_the_export_loads_as_stock_clip_with_its_tokenizer(tmp_path, tiles):
    clip.run(config_in(tmp_path), *tiles)
    folder = tmp_path / "checkpoint" / "clip"

    model = CLIPModel.from_pretrained(folder, dtype=torch.float32)
    tokenizer = CLIPTokenizer.from_pretrained(folder)

    input_ids = tokenizer(["dress, red"], return_tensors="pt").input_ids
    assert model.text_model(input_ids).pooler_output.shape == (1, 16)


def test_the_stored_processor_prepares_images_as_training_did(tmp_path, tiles):
    clip.run(config_in(tmp_path, steps=1, image_size_px=SQUARE_PX), *tiles)
    processor = CLIPImageProcessor.from_pretrained(tmp_path / "checkpoint" / "clip")
    picture = draw_blocks(tiles[0].designs.spec(0))

    processed = processor(Image.fromarray(picture), return_tensors="pt")["pixel_values"]

    trained = clip.clip_pixels(tiles[0].tensors([0]), SQUARE_PX)
    assert processed.shape == trained.shape == (1, 3, SQUARE_PX, SQUARE_PX)
    np.testing.assert_allclose(processed.numpy(), trained.numpy(), atol=1e-5)


def test_nudged_pictures_are_moved_and_every_second_one_is_mirrored():
    dot = torch.zeros(200, 3, 32, 32)
    dot[:, :, 10, 5] = 1.0

    moved = clip.nudged(dot, 2, random.Random(0))

    places = {tuple(each[0].nonzero()[0].tolist()) for each in moved}
    rows, columns = ({place[axis] for place in places} for axis in (0, 1))
    assert torch.equal(moved.sum(dim=(1, 2, 3)), dot.sum(dim=(1, 2, 3)))
    assert rows == set(range(8, 13))
    assert columns == set(range(3, 8)) | {31 - column for column in range(3, 8)}


def test_pictures_are_not_moved_by_nothing():
    pixels = torch.rand(20, 3, 8, 8)

    still = clip.nudged(pixels, 0, random.Random(0))

    for before, after in zip(pixels, still, strict=True):
        assert torch.equal(after, before) or torch.equal(after, before.flip(2))
