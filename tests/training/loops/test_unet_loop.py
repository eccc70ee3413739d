import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import CLIPTokenizer

from studio.perfusion.checkpoint import load_component, load_phrasebook, load_pipeline
from tests.training.tiny_world import tiny_tiles
from training.atelier.attributes import sample_outfit
from training.atelier.grammar import build_phrasebook
from training.config import load_config
from training.loops import autoencoder, clip, reader, unet

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


@pytest.fixture(scope="module")
def tiles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiles")
    return tiny_tiles(folder), tiny_tiles(folder, part="held-out")


@pytest.fixture(scope="module")
def parts(tmp_path_factory, tiles):
    """A folder with everything that a U-Net needs beside it, and a reader."""
    folder = tmp_path_factory.mktemp("parts")
    for name, loop in (("autoencoder", autoencoder), ("clip", clip), ("reader", reader)):
        target = "reader" if name == "reader" else "atelier"
        changes = {"run": str(folder / name), "checkpoint": str(folder / target), "steps": 1}
        loop.run(replace(load_config(name, TINY), **changes), *tiles)
    return folder


def config_in(parts, folder, **changes):
    places = {
        "run": str(folder / "run"),
        "checkpoint": str(parts / "atelier"),
        "latents": str(parts / "latents"),
        "reader": str(parts / "reader"),
    }
    return replace(load_config("unet", TINY), **{**places, "decay_fraction": 0.0, **changes})


def logged(folder, name):
    lines = (folder / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [line[name] for line in map(json.loads, lines) if name in line]


def test_a_stopped_and_resumed_run_logs_the_same_losses(tmp_path, parts, tiles):
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    unet.run(config_in(parts, whole, steps=4), *tiles)

    unet.run(config_in(parts, halves, steps=2), *tiles)
    unet.run(config_in(parts, halves, steps=4), *tiles)

    assert logged(halves, "loss") == logged(whole, "loss")
    assert logged(halves, "held_out_error")[-1] == logged(whole, "held_out_error")[-1]


def test_the_checkpoint_can_generate_when_the_unet_is_there(tmp_path, parts, tiles):
    figures = unet.run(config_in(parts, tmp_path), *tiles)

    pipeline = load_pipeline(parts / "atelier")
    images = pipeline("dress, red", num_inference_steps=2, output_type="pt", return_dict=False)[0]
    book = load_phrasebook(parts / "atelier")

    assert images.shape == (1, 3, 256, 128)
    assert book == build_phrasebook()
    assert 0 <= figures["read_back"] <= 1


def built(parts, **changes):
    autoencoder = load_component(parts / "atelier", "vae")
    tokenizer = CLIPTokenizer.from_pretrained(parts / "atelier" / "clip")
    return unet.build(config_in(parts, parts, **changes), autoencoder, tokenizer), tokenizer


def test_a_network_that_starts_quietly_predicts_nothing(parts):
    quiet, tokenizer = built(parts)

    input_ids = tokenizer(["dress", "red"], return_tensors="pt").input_ids
    prediction = quiet(torch.randn(2, 4, 32, 16), torch.tensor([3, 900]), input_ids)

    assert torch.equal(prediction, torch.zeros(2, 4, 32, 16))


def test_a_new_run_goes_on_from_committed_weights(tmp_path, parts, tiles):
    unet.run(config_in(parts, tmp_path / "first", learning_rate=1e-2), *tiles)

    started, _ = built(parts, init_from=str(parts / "atelier"))

    for name in ("unet", "text_encoder"):
        committed = load_component(parts / "atelier", name).state_dict()
        weights = getattr(started, name).state_dict()
        assert all(torch.equal(weight, weights[key]) for key, weight in committed.items())


def test_the_text_encoder_learns_with_the_unet(tmp_path, parts, tiles):
    first = built(parts)[0].text_encoder.state_dict()

    unet.run(config_in(parts, tmp_path, learning_rate=1e-2, prompt_dropout=0.0), *tiles)

    learnt = load_component(parts / "atelier", "text_encoder").state_dict()
    moved = [name for name in learnt if not torch.equal(learnt[name], first[name])]
    assert any("self_attn" in name for name in moved)


def test_prompts_differ_in_all_directions_before_the_first_step(parts):
    model, tokenizer = built(parts)
    pooling = model.unet.add_embedding
    outfits = [sample_outfit(random.Random(seed)) for seed in range(300)]
    prompts = unet.plain_captions(outfits, random.Random(0), 0.2)

    tokens = tokenizer(prompts, padding="max_length", max_length=77, return_tensors="pt")
    with torch.no_grad():
        states = model.text_encoder(tokens.input_ids).last_hidden_state
        projected = pooling.proj(pooling.pool(pooling.norm1(states)))
    spread = torch.linalg.eigvalsh(torch.cov(projected.T)).flip(0)

    assert projected.mean(dim=0).abs().max() < 0.5
    assert spread[7] > 0.5 * spread[0]


def test_captions_are_worded_as_the_studio_words_what_is_typed():
    outfits = [sample_outfit(random.Random(seed)) for seed in range(50)]

    for caption in unet.plain_captions(outfits, random.Random(0), 0.2):
        assert build_phrasebook().parse(caption).phrases == tuple(caption.split(", "))
        assert build_phrasebook().parse(caption).plain_prompt == caption


def test_the_noise_schedule_ends_in_pure_noise():
    scheduler = unet.build_scheduler(load_config("unet", TINY))

    assert scheduler.alphas_cumprod[-1] < 1e-6
    scheduler.set_timesteps(20)
    assert scheduler.timesteps[0] == 999
