import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.perfusion.checkpoint import load_component, load_phrasebook, load_pipeline
from studio.perfusion.noise import NoiseSchedule
from training.atelier.attributes import FAMILIES, sample_outfit
from training.atelier.grammar import build_phrasebook
from training.config import load_config
from training.data.captions import plain_captions, told_values
from training.data.latents import load_latents
from training.data.rare import EvenValues, usual_and_rare
from training.data.settled import how_settled
from training.data.unet_feed import UnetFeed
from training.loops import autoencoder, reader, text, unet

TRIM = list(FAMILIES).index("trim")
TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


@pytest.fixture(scope="module")
def parts(tmp_path_factory, tiles):
    """A folder with everything that a U-Net needs beside it, and a reader."""
    folder = tmp_path_factory.mktemp("parts")
    for name, loop, target in (
        ("autoencoder", autoencoder, "atelier"),
        ("text", text, "atelier"),
        ("reader", reader, "reader"),
        ("critic", reader, "critic"),
    ):
        changes = {"run": str(folder / f"{name}-run"), "checkpoint": str(folder / target)}
        loop.run(replace(load_config(name, TINY), **changes, steps=1), *tiles)
    return folder


def config_in(parts, folder, **changes):
    places = {
        "run": str(folder / "run"),
        "checkpoint": str(parts / "atelier"),
        "latents": str(parts / "latents"),
        "reader": str(parts / "reader"),
        "critic": str(parts / "critic"),
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


def test_batches_made_ahead_are_the_same(tmp_path, parts, tiles):
    for workers in (0, 2):
        changes = {"steps": 3, "workers": workers, "rare_share": 0.5}
        unet.run(config_in(parts, tmp_path / str(workers), **changes), *tiles)

    assert logged(tmp_path / "2", "loss") == logged(tmp_path / "0", "loss")


def test_the_checkpoint_can_generate_when_the_unet_is_there(tmp_path, parts, tiles):
    figures = unet.run(config_in(parts, tmp_path), *tiles)

    pipeline = load_pipeline(parts / "atelier")
    images = pipeline("dress, red", num_inference_steps=2, output_type="pt", return_dict=False)[0]
    book = load_phrasebook(parts / "atelier")

    assert images.shape == (1, 3, 256, 128)
    assert book == build_phrasebook()
    assert 0 <= figures["read_back"] <= 1


def test_a_critic_counts_and_is_logged(tmp_path, parts, tiles):
    plain = {"critic": "", "feature_weight": 0.0, "reading_weight": 0.0, "rare_share": 0.0}
    for name, changes in (
        ("alone", plain),
        ("minded", {**plain, "critic": str(parts / "critic")}),
    ):
        unet.run(config_in(parts, tmp_path / name, steps=1, **changes), *tiles)
    strict = {**plain, "critic": str(parts / "critic"), "reading_weight": 2.0}
    unet.run(config_in(parts, tmp_path / "strict", steps=1, **strict), *tiles)

    alone, minded, strict = (tmp_path / name for name in ("alone", "minded", "strict"))
    assert logged(minded, "loss") == pytest.approx(logged(alone, "loss"), abs=1e-5)
    assert logged(minded, "feature_error")[0] > 0
    assert not logged(alone, "feature_error")
    # Every noise level with noise counts in full.
    gained = logged(strict, "loss")[0] - logged(minded, "loss")[0]
    assert gained == pytest.approx(2.0 * logged(strict, "reading_loss")[0], rel=0.1)


def test_a_drawing_is_settled_by_phrases_that_tell_all_or_by_what_the_latents_show():
    rng = random.Random(3)
    outfits = [sample_outfit(rng) for _ in range(3)]
    whole = plain_captions(outfits, rng, 0.0, 1.0)
    short = plain_captions(outfits, rng, 1.0, 0.0)
    signal = torch.tensor([0.0, 0.5, 0.9])
    shown = torch.tensor(
        [[values.index(each[name]) for name, values in FAMILIES.items()] for each in outfits]
    )

    def settled(prompts: list[str]) -> torch.Tensor:
        return how_settled(shown, told_values(prompts), signal)

    assert settled(whole).tolist() == [1, 1, 1]
    assert torch.equal(settled(short), signal)
    assert settled(["", whole[1], ""])[:2].tolist() == [0, 1]


def test_rare_drawings_take_their_share_of_the_batch(tiles):
    train, _ = tiles
    rare = EvenValues(train.attributes, ["trim"])
    common = np.bincount(train.attributes[:, TRIM]).argmax()

    batches = [usual_and_rare(len(train), 4, 0.5, rare, 0, step) for step in range(8)]

    assert all(len(batch) == 4 for batch in batches)
    assert all(train.attributes[place, TRIM] != common for batch in batches for place in batch[2:])
    usual = [place for batch in batches for place in batch[:2]]
    assert len(set(usual)) == min(len(usual), len(train))
    assert batches[3] == usual_and_rare(len(train), 4, 0.5, rare, 0, 3)
    assert len(usual_and_rare(len(train), 4, 0.5, None, 0, 0)) == 4


def built(parts, **changes):
    names = ("vae", "text_encoder", "tokenizer")
    frozen = {name: load_component(parts / "atelier", name) for name in names}
    return unet.build(config_in(parts, parts, **changes), **frozen), frozen


def test_a_network_that_starts_quietly_predicts_nothing(parts):
    quiet, _ = built(parts)

    states = torch.randn(2, 5, quiet.config.cross_attention_dim)
    prediction = quiet(torch.randn(2, 4, 32, 16), torch.tensor([3, 900]), states).sample

    assert torch.equal(prediction, torch.zeros(2, 4, 32, 16))


def test_a_new_run_goes_on_from_committed_weights(tmp_path, parts, tiles):
    unet.run(config_in(parts, tmp_path / "first", learning_rate=1e-2), *tiles)
    committed = load_component(parts / "atelier", "unet").state_dict()

    started = built(parts, init_from=str(parts / "atelier"))[0].state_dict()

    assert all(torch.equal(weight, started[name]) for name, weight in committed.items())


def test_what_all_prompts_share_does_not_fill_the_pooled_phrases(parts):
    model, frozen = built(parts)
    outfits = [sample_outfit(random.Random(seed)) for seed in range(200)]
    prompts = plain_captions(outfits, random.Random(0), 0.2)
    tokens = frozen["tokenizer"](prompts, padding="max_length", return_tensors="pt")

    with torch.no_grad():
        states = frozen["text_encoder"](tokens.input_ids).last_hidden_state
        pooled = model.add_embedding(states)

    shared, own = pooled.mean(dim=0), pooled - pooled.mean(dim=0)
    assert own.square().sum(dim=1).mean() > 3 * shared.square().sum()


def test_the_noise_schedule_ends_in_pure_noise():
    scheduler = unet.build_scheduler(load_config("unet", TINY))

    assert scheduler.alphas_cumprod[-1] < 1e-6
    scheduler.set_timesteps(20)
    assert scheduler.timesteps[0] == 999


def test_nothing_is_learnt_where_the_sampler_never_asks(parts, tiles):
    train, _ = tiles
    frozen = {name: load_component(parts / "atelier", name) for name in ("vae", "tokenizer")}
    config = config_in(parts, parts, last_timestep=600, batch_size=4)
    latents = load_latents(train, frozen["vae"], parts / "latents", torch.device("cpu"))
    schedule = NoiseSchedule.of(unet.build_scheduler(config))
    feed = UnetFeed(config, schedule, frozen["tokenizer"], train, latents)

    met = torch.stack([feed.batch(step).timesteps for step in range(8)])

    assert (met.min(dim=0).values >= 600).all()
    assert (met.max(dim=0).values > 700).all()
