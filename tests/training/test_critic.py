from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.domain import CheckpointError
from studio.perfusion.autoencoder import PatchAutoencoder
from tests.training.tiny_world import tiny_tiles
from training.atelier.attributes import FAMILIES
from training.config import load_config
from training.critic import Critic, load_critic
from training.loops import reader
from training.losses.attributes import UNTOLD
from training.reader import AttributeReader

TINY = Path(__file__).parents[2] / "training" / "recipes" / "tiny.toml"
CPU = torch.device("cpu")
LATENTS, IMAGES = (4, 8, 4), (3, 64, 32)


def tiny_autoencoder():
    """One that decodes each latent to a plain square, as its fine network starts at zero."""
    torch.manual_seed(0)
    vae = PatchAutoencoder(latent_channels=4, coarse_channels=8, fine_channels=8)
    return vae.eval().requires_grad_(False)


def reader_of_shapes():
    values = [["round", "square"]]
    return AttributeReader(["shape"], values, [4, 8], [1, 1], *IMAGES[1:]).eval()


def images_of(vae, latents):
    return vae.decode(latents / vae.config.scaling_factor).sample / 2 + 0.5


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a critic's reader of the whole world."""
    folder = tmp_path_factory.mktemp("critic")
    tiles = [tiny_tiles(folder / "tiles", part=part) for part in ("train", "held-out")]
    changes = {"run": str(folder / "run"), "checkpoint": str(folder / "reader"), "steps": 1}
    reader.run(replace(load_config("critic", TINY), **changes), *tiles)
    return folder / "reader"


def test_the_command_s_export_is_a_critic(folder):
    vae = tiny_autoencoder()
    critic = load_critic(folder, vae, CPU)
    told = torch.full((2, len(FAMILIES)), UNTOLD)
    told[0, 1] = 3
    latents, still = torch.randn(2, 4, 32, 16), torch.zeros(2, 3, 256, 128)
    drawings = images_of(vae, latents)

    features, reading = critic(latents + 0.5, drawings, still, told)

    assert features[0] > 0
    assert reading[0] > 0
    # Phrases that say nothing ask for nothing.
    assert features[1] == 0
    assert reading[1] == 0
    # It looks at what the latents decode to: the very drawings here.
    assert critic(latents, drawings, still, told)[0] == pytest.approx([0, 0], abs=1e-9)


def test_noise_hides_small_traces_from_the_critic():
    torch.manual_seed(0)
    vae = tiny_autoencoder()
    critic = Critic(reader_of_shapes(), vae)
    latents, told = torch.randn(8, *LATENTS), torch.zeros(8, 1, dtype=torch.int64)
    drawings = images_of(vae, latents)
    believed = latents + 0.05 * torch.randn(8, *LATENTS)

    openly = critic(believed, drawings, torch.zeros_like(drawings), told)[0].mean()
    drowned = critic(believed, drawings, 5 * torch.randn_like(drawings), told)[0].mean()

    assert drowned < openly / 2


def test_a_critic_teaches_the_latents_and_not_itself():
    critic = Critic(reader_of_shapes(), tiny_autoencoder())
    believed = torch.randn(2, *LATENTS, requires_grad=True)
    drawings, noise = torch.rand(2, 2, *IMAGES)

    features, reading = critic(believed, drawings, noise, torch.zeros(2, 1, dtype=torch.int64))
    (features + reading).sum().backward()

    assert believed.grad is not None
    assert believed.grad.abs().sum() > 0
    assert all(weight.grad is None for weight in critic.parameters())


def test_a_critic_that_is_not_there_tells_how_to_train_it(tmp_path):
    with pytest.raises(CheckpointError, match="pretrain critic"):
        load_critic(tmp_path / "nowhere", tiny_autoencoder(), CPU)


def test_a_reader_shows_what_it_sees_at_each_size():
    reader = reader_of_shapes()
    images = torch.rand(3, *IMAGES)

    maps = reader.feature_maps(images)

    assert [tuple(each.shape) for each in maps] == [(3, 4, 16, 8), (3, 8, 8, 4)]
    assert torch.equal(reader.logits(maps[-1]), reader(images))
