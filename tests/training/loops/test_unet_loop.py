import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from studio.design.families import FAMILIES
from studio.domain import CheckpointError
from studio.perfusion.checkpoint import (
    load_component,
    load_defaults,
    load_phrasebook,
    load_pipeline,
)
from studio.perfusion.design_codec import OPEN, DesignCodec
from studio.perfusion.noise import NoiseSchedule
from training.atelier.grammar import build_phrasebook
from training.config import load_config
from training.loops import text, unet
from training.loops.unet import UnetFeed

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


@pytest.fixture(scope="module")
def atelier(tmp_path_factory, designs):
    """A checkpoint folder with everything that a U-Net needs beside it."""
    folder = tmp_path_factory.mktemp("parts")
    places = {"run": str(folder / "run"), "checkpoint": str(folder / "atelier")}
    text.run(replace(load_config("text", TINY), **places, steps=1), *designs)
    return folder / "atelier"


def config_in(atelier, folder, **changes):
    places = {"run": str(folder / "run"), "checkpoint": str(atelier)}
    return replace(load_config("unet", TINY), **{**places, "decay_fraction": 0.0, **changes})


def logged(folder, name):
    lines = (folder / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [line[name] for line in map(json.loads, lines) if name in line]


def feed_of(designs, **changes):
    config = replace(load_config("unet", TINY), **changes)
    schedule = NoiseSchedule.of(unet.build_scheduler(config))
    return UnetFeed(config, schedule, DesignCodec.new(), designs)


def built(atelier, **changes):
    text_encoder = load_component(atelier, "text_encoder")
    return unet.build(config_in(atelier, atelier, **changes), DesignCodec.new(), text_encoder)


def test_a_stopped_and_resumed_run_logs_the_same_losses(tmp_path, atelier, designs):
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    unet.run(config_in(atelier, whole, steps=4), *designs)

    unet.run(config_in(atelier, halves, steps=2), *designs)
    unet.run(config_in(atelier, halves, steps=4), *designs)

    assert logged(halves, "loss") == logged(whole, "loss")
    assert logged(halves, "held_out_error")[-1] == logged(whole, "held_out_error")[-1]


def test_the_checkpoint_can_design_when_the_unet_is_there(tmp_path, atelier, designs):
    figures = unet.run(config_in(atelier, tmp_path), *designs)

    pipeline = load_pipeline(atelier)
    drawn: Any = pipeline("dress, red", num_inference_steps=2, output_type="latent")
    [decoded] = pipeline.decoder.decode(drawn.images, [OPEN], (64, 32))

    assert decoded.image.size == (32, 64)
    assert decoded.design is not None
    assert decoded.design.outfit["category"]
    assert load_phrasebook(atelier) == build_phrasebook()
    assert load_defaults(atelier).num_inference_steps == 2
    assert all(0 <= figures[name] <= 1 for name in ("asked_kept_free", "broken"))


def test_it_learns_what_designs_look_like(tmp_path, atelier, designs):
    changes = {"steps": 120, "batch_size": 16, "learning_rate": 1e-2, "ema_decay": 0.9}
    changes |= {"timestep_power": 1.0, "told_weight": 1.0}

    figures = unet.run(config_in(atelier, tmp_path, **changes), *designs)

    assert figures["held_out_error"] < 0.9  # who predicts nothing has an error of about 1


def test_a_network_that_starts_quietly_predicts_nothing(atelier):
    quiet = built(atelier)

    states = torch.randn(2, 5, quiet.config.cross_attention_dim)
    prediction = quiet(torch.randn(2, 16, 8, 4), torch.tensor([3, 900]), states).sample

    assert torch.equal(prediction, torch.zeros(2, 16, 8, 4))


def test_a_new_run_goes_on_from_committed_weights_and_codes(tmp_path, atelier, designs):
    unet.run(config_in(atelier, tmp_path / "first", learning_rate=1e-2), *designs)
    committed = load_component(atelier, "unet").state_dict()
    codes = load_component(atelier, "codec").codes.clone()

    started = built(atelier, init_from=str(atelier)).state_dict()
    again = config_in(atelier, tmp_path / "second", init_from=str(atelier), steps=1)
    unet.run(again, *designs)

    assert all(torch.equal(weight, started[name]) for name, weight in committed.items())
    assert torch.equal(load_component(atelier, "codec").codes, codes)


def test_a_run_goes_on_from_a_studio_with_fewer_values(tmp_path, atelier, designs):
    unet.run(config_in(atelier, tmp_path / "first"), *designs)
    part = atelier / "codec"
    config = json.loads((part / "config.json").read_text())
    codes = load_file(part / "diffusion_pytorch_model.safetensors")["codes"]
    config["families"]["fabric"].pop()
    (part / "config.json").write_text(json.dumps(config))

    unet.run(config_in(atelier, tmp_path / "second", init_from=str(atelier), steps=1), *designs)

    grown, row = load_component(atelier, "codec"), list(FAMILIES).index("fabric")
    kept = len(FAMILIES["fabric"]) - 1
    assert torch.equal(grown.codes[row, :kept], codes[row, :kept].float())
    assert not torch.equal(grown.codes[row, kept], torch.zeros(8))


def test_a_run_cannot_go_on_from_a_damaged_codec(tmp_path, atelier):
    (tmp_path / "codec").mkdir()
    (tmp_path / "codec" / "config.json").write_text("{")

    with pytest.raises(CheckpointError, match="can't be read"):
        unet.grown_codec(tmp_path)


def test_the_noise_schedule_ends_in_pure_noise():
    scheduler = unet.build_scheduler(load_config("unet", TINY))

    assert scheduler.alphas_cumprod[-1] < 1e-6
    scheduler.set_timesteps(12)
    assert scheduler.timesteps[0] == 999


def test_a_batch_follows_from_its_step(designs):
    feed = feed_of(designs[0], batch_size=8)

    first, again, other = feed.batch(3), feed.batch(3), feed.batch(4)

    assert torch.equal(first.noisy_latents, again.noisy_latents)
    assert first.prompts == again.prompts
    assert not torch.equal(first.noise, other.noise)
    assert first.latents.shape == (8, 16, 8, 4)


def test_latents_of_a_batch_are_the_designs_that_its_captions_tell_of(designs):
    feed = feed_of(designs[0], prompt_dropout=0.0)

    given = feed.noised(range(6), torch.Generator().manual_seed(0), random.Random(0))

    meant = feed.codec.decode(given.latents, [OPEN] * 6)
    for index, (spec, prompt) in enumerate(zip(meant, given.prompts, strict=True)):
        assert spec.outfit == designs[0].outfit(index)
        told = build_phrasebook().parse(prompt)
        assert told.plain_prompt == prompt
        assert told.attributes.items() <= dict(spec.outfit).items()


def test_dropped_captions_tell_nothing(designs):
    feed = feed_of(designs[0], prompt_dropout=1.0)

    assert feed.told(range(4), random.Random(0)) == [[]] * 4


def test_errors_of_what_a_caption_tells_weigh_more(designs):
    feed = feed_of(designs[0], told_weight=10.0)

    weights = feed.weights([["colour"], []])

    live = feed.codec.live
    assert weights.shape == (2, 16, 8, 4)
    assert not weights[:, ~live].any()
    assert torch.equal(weights[1], live.float())
    assert int((weights[0] == 10).sum()) == 8  # one slot
    spec = designs[0].spec(0)
    other = "red" if spec.outfit["colour"] != "red" else "navy"
    before, after = feed.codec.encode([spec, replace(spec, outfit=spec.outfit.but(colour=other))])
    slot, measures = weights[0] == 10, feed.codec.weights(torch.zeros(1, len(FAMILIES)))[0] == 1
    assert not ((before != after) & ~slot & ~measures).any()
    assert ((before != after) & slot).any()
