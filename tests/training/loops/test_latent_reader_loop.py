from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.domain import CheckpointError
from training.atelier.attributes import FAMILIES
from training.config import load_config
from training.latent_critic import LatentCritic, load_critic
from training.loops import autoencoder, latent_reader
from training.losses.attributes import UNTOLD
from training.reader import AttributeReader

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"
CPU = torch.device("cpu")
SHAPE = (4, 32, 16)


@pytest.fixture(scope="module")
def parts(tmp_path_factory, tiles):
    folder = tmp_path_factory.mktemp("parts")
    changes = {"run": str(folder / "vae-run"), "checkpoint": str(folder / "atelier"), "steps": 1}
    autoencoder.run(replace(load_config("autoencoder", TINY), **changes), *tiles)
    return folder


def config_in(parts, folder, **changes):
    places = {
        "run": str(folder / "run"),
        "checkpoint": str(folder / "reader"),
        "latents": str(parts / "latents"),
        "autoencoder": str(parts / "atelier"),
    }
    return replace(load_config("latent-reader", TINY), **{**places, **changes})


def latent_reader_of_shapes():
    values = [["round", "square"]]
    shape = {"channels": 4, "stem_px": 1, "centre": 0.0}
    return AttributeReader(["shape"], values, [4, 8], [1, 1], 32, 16, **shape).eval()


def test_practice_makes_a_better_reader_of_latents(tmp_path, parts, tiles):
    train, _ = tiles
    changes = {"learning_rate": 1e-2, "warmup_steps": 5, "ema_decay": 0.8, "evaluation_tiles": 24}
    few = latent_reader.run(config_in(parts, tmp_path / "few", steps=1, **changes), train, train)

    many = latent_reader.run(config_in(parts, tmp_path / "many", steps=60, **changes), train, train)

    assert many["accuracy"] > few["accuracy"] + 0.1


def test_the_export_is_a_critic_of_latents(tmp_path, parts, tiles):
    latent_reader.run(config_in(parts, tmp_path), *tiles)

    critic = load_critic(tmp_path / "reader", SHAPE, CPU)

    told = torch.full((2, len(FAMILIES)), UNTOLD)
    told[0, 1] = 3
    true, still = torch.randn(2, *SHAPE), torch.zeros(2, *SHAPE)
    features, reading = critic(true + 0.5, true, still, told)
    assert features[0] > 0
    assert reading[0] > 0
    # Phrases that say nothing ask for nothing.
    assert features[1] == 0
    assert reading[1] == 0
    assert critic(true, true, still, told)[0].tolist() == [0, 0]


def test_noise_hides_small_traces_from_the_critic():
    torch.manual_seed(0)
    critic = LatentCritic(latent_reader_of_shapes())
    true, told = torch.randn(8, *SHAPE), torch.zeros(8, 1, dtype=torch.int64)
    trace = 0.05 * torch.randn(8, *SHAPE)

    openly = critic(true + trace, true, torch.zeros_like(true), told)[0].mean()
    drowned = critic(true + trace, true, 5 * torch.randn_like(true), told)[0].mean()

    assert drowned < openly / 2


def test_a_critic_teaches_the_latents_and_not_itself(tmp_path, parts, tiles):
    latent_reader.run(config_in(parts, tmp_path), *tiles)
    critic = load_critic(tmp_path / "reader", SHAPE, CPU)
    believed = torch.randn(2, *SHAPE, requires_grad=True)
    told = torch.zeros(2, len(FAMILIES), dtype=torch.int64)

    features, reading = critic(believed, *torch.randn(2, 2, *SHAPE), told)
    (features + reading).sum().backward()

    assert believed.grad is not None
    assert believed.grad.abs().sum() > 0
    assert all(weight.grad is None for weight in critic.parameters())


def test_a_critic_of_other_latents_is_refused(tmp_path, parts, tiles):
    latent_reader.run(config_in(parts, tmp_path), *tiles)

    with pytest.raises(CheckpointError, match="pretrain latent-reader"):
        load_critic(tmp_path / "reader", (8, 32, 16), CPU)
    with pytest.raises(CheckpointError, match="pretrain latent-reader"):
        load_critic(tmp_path / "nowhere", SHAPE, CPU)


def test_a_reader_shows_what_it_sees_at_each_size():
    reader = latent_reader_of_shapes()
    latents = torch.randn(3, *SHAPE)

    maps = reader.feature_maps(latents)

    assert [tuple(each.shape) for each in maps] == [(3, 4, 32, 16), (3, 8, 16, 8)]
    assert torch.equal(reader.logits(maps[-1]), reader(latents))
