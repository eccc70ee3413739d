import pytest
import torch

from studio.perfusion.autoencoder import PatchAutoencoder


def tiny_autoencoder(latent_channels: int = 4) -> PatchAutoencoder:
    torch.manual_seed(0)
    return PatchAutoencoder(latent_channels, fine_channels=8, coarse_channels=16)


def trained_a_little(model: PatchAutoencoder) -> PatchAutoencoder:
    """Every weight away from the zeros that it starts at."""
    torch.manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.05 * torch.randn_like(weight))
    return model


@pytest.mark.parametrize(("height", "width"), [(64, 64), (256, 128)])
def test_eight_pixels_become_one_latent_and_come_back(height, width):
    model = tiny_autoencoder()
    images = torch.rand(2, 3, height, width) * 2 - 1

    latents = model.encode(images).latent_dist.mode()

    assert latents.shape == (2, 4, height // 8, width // 8)
    assert model.decode(latents).sample.shape == images.shape


def test_a_sample_is_the_mode_because_nothing_is_left_to_chance():
    encoded = tiny_autoencoder().encode(torch.rand(1, 3, 16, 16)).latent_dist

    assert torch.equal(encoded.sample(), encoded.mode())


@pytest.mark.parametrize("whitening", [0.0, 0.75, 1.0])
def test_patches_of_few_dimensions_come_back_exactly_from_the_start(whitening):
    torch.manual_seed(2)
    model = tiny_autoencoder()
    patches = 0.3 * (torch.randn(500, 4) @ torch.randn(4, 192)).view(500, 3, 8, 8) + 0.1

    model.start_from_patches(patches, whitening)

    torch.testing.assert_close(model(patches)[0], patches, atol=1e-3, rtol=1e-3)


def test_full_whitening_gives_every_latent_channel_a_spread_of_one():
    torch.manual_seed(2)
    model = tiny_autoencoder()
    patches = (torch.randn(500, 192) @ torch.randn(192, 192)).view(500, 3, 8, 8)

    model.start_from_patches(patches, whitening=1.0)

    latents = model.encode(patches).latent_dist.mode().flatten(1)
    torch.testing.assert_close(latents.std(dim=0), torch.ones(4), atol=1e-3, rtol=1e-3)
    torch.testing.assert_close(latents.mean(dim=0), torch.zeros(4), atol=1e-3, rtol=0)


def test_rescaled_latents_give_the_same_images():
    model = trained_a_little(tiny_autoencoder())
    images = torch.rand(2, 3, 32, 32) * 2 - 1
    before, latents = model(images)
    mean, scale = torch.tensor([0.5, -1.0, 0.0, 2.0]), torch.tensor([2.0, 0.5, 1.0, 3.0])

    model.rescale_latents(mean, scale)

    after, rescaled = model(images)
    expected = (latents - mean[:, None, None]) * scale[:, None, None]
    torch.testing.assert_close(rescaled, expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(after, before, atol=1e-5, rtol=1e-4)


def test_latent_noise_changes_the_reconstruction_and_not_the_latents():
    model = trained_a_little(tiny_autoencoder())
    images = torch.rand(2, 3, 32, 32)
    plain, latents = model(images)

    noisy, same = model(images, 0.5 * torch.ones(2, 4, 4, 4))

    assert torch.equal(same, latents)
    assert not torch.equal(noisy, plain)


def test_saving_and_loading_keeps_weights_and_config(tmp_path):
    model = trained_a_little(tiny_autoencoder())
    model.register_to_config(scaling_factor=0.7)
    model.save_pretrained(tmp_path)

    loaded = PatchAutoencoder.from_pretrained(tmp_path)

    assert loaded.config.scaling_factor == 0.7
    images = torch.rand(1, 3, 16, 16)
    assert torch.equal(loaded(images)[0], model(images)[0])


def told_autoencoder() -> PatchAutoencoder:
    torch.manual_seed(0)
    return trained_a_little(
        PatchAutoencoder(4, fine_channels=8, coarse_channels=16, phrase_width=6)
    )


def test_what_a_decoder_is_told_changes_the_picture_of_that_row_only():
    model = told_autoencoder()
    latents, states = torch.randn(3, 4, 8, 4), torch.randn(3, 5, 6)
    others = states.clone()
    others[1] += 1

    before, after = (model.decode(latents, told).sample for told in (states, others))

    assert not torch.allclose(before[1], after[1])
    torch.testing.assert_close(before[0], after[0])
    torch.testing.assert_close(before[2], after[2])


def test_being_able_to_be_told_changes_nothing_at_first():
    torch.manual_seed(0)
    model = PatchAutoencoder(4, fine_channels=8, coarse_channels=16, phrase_width=6)
    latents = torch.randn(2, 4, 8, 4)

    told = model.decode(latents, torch.randn(2, 5, 6)).sample

    torch.testing.assert_close(told, model.decode(latents).sample)


def test_a_decoder_that_can_be_told_nothing_says_so():
    with pytest.raises(ValueError, match="not built"):
        tiny_autoencoder().decode(torch.randn(1, 4, 8, 4), torch.randn(1, 5, 6))
