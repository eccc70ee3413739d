import pytest
import torch

from studio.perfusion.autoencoder import PatchAutoencoder
from tests.training.tiny_world import tiny_tiles
from training.data.latents import load_latents

CPU = torch.device("cpu")


@pytest.fixture
def tiles(tmp_path):
    return tiny_tiles(tmp_path / "tiles", count=6)


def tiny_autoencoder(seed=0):
    torch.manual_seed(seed)
    return PatchAutoencoder(4, 8, 8, scaling_factor=0.5).eval()


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.glob("*.npy")}


def test_latents_are_the_encoded_tiles_times_the_scaling_factor(tmp_path, tiles):
    autoencoder = tiny_autoencoder()

    latents = load_latents(tiles, autoencoder, tmp_path, CPU)

    assert len(latents) == 6
    with torch.no_grad():
        expected = autoencoder.encode(tiles.tensors([4, 2]) * 2 - 1).latent_dist.mode() * 0.5
    torch.testing.assert_close(latents.tensors([4, 2]), expected, atol=1e-3, rtol=1e-3)


def test_a_second_opening_encodes_nothing(tmp_path, tiles):
    load_latents(tiles, tiny_autoencoder(), tmp_path, CPU)
    before = files(tmp_path)

    load_latents(tiles, tiny_autoencoder(), tmp_path, CPU)

    assert files(tmp_path) == before


def test_a_refined_decoder_keeps_the_latents_and_another_encoder_does_not(tmp_path, tiles):
    load_latents(tiles, tiny_autoencoder(), tmp_path, CPU)
    refined, other = tiny_autoencoder(), tiny_autoencoder(seed=1)
    torch.nn.init.ones_(refined.decoder_out.weight)

    load_latents(tiles, refined, tmp_path, CPU)
    assert len(files(tmp_path)) == 1

    load_latents(tiles, other, tmp_path, CPU)
    assert len(files(tmp_path)) == 2
