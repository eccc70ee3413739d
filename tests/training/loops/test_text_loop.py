import json
from dataclasses import replace
from pathlib import Path

import torch

from studio.perfusion.checkpoint import load_component
from training.config import load_config
from training.loops import text

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


def config_in(folder, **changes):
    places = {"run": str(folder / "run"), "checkpoint": str(folder / "checkpoint")}
    config = load_config("text", TINY)
    return replace(config, **{**places, "decay_fraction": 0.0, **changes})


def logged_losses(folder):
    lines = (folder / "run" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return [line["loss"] for line in map(json.loads, lines) if "loss" in line]


def test_a_stopped_and_resumed_run_logs_the_same_losses(tmp_path, designs):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    text.run(config_in(whole, steps=4), *designs)

    text.run(config_in(parts, steps=2), *designs)
    text.run(config_in(parts, steps=4), *designs)

    assert logged_losses(parts) == logged_losses(whole)


def test_it_learns_what_captions_ask_for(tmp_path, designs):
    text.run(config_in(tmp_path, steps=40, learning_rate=1e-2, batch_size=16), *designs)

    losses = logged_losses(tmp_path)
    assert losses[-1] < 0.7 * losses[0]


def test_the_encoder_and_its_tokenizer_are_a_generators_parts(tmp_path, designs):
    text.run(config_in(tmp_path), *designs)
    folder = tmp_path / "checkpoint"

    encoder, tokenizer = (load_component(folder, name) for name in ("text_encoder", "tokenizer"))
    states = encoder(tokenizer(["dress, red"], return_tensors="pt").input_ids).last_hidden_state

    assert states.shape[2] == 16
    assert torch.isfinite(states).all()


def test_a_new_run_goes_on_from_committed_weights(tmp_path, designs):
    text.run(config_in(tmp_path, learning_rate=1e-2), *designs)
    source = tmp_path / "checkpoint"

    started, _ = text.build(config_in(tmp_path / "later", init_from=str(source)))

    committed = load_component(source, "text_encoder").state_dict()
    assert all(torch.equal(value, started.state_dict()[name]) for name, value in committed.items())
