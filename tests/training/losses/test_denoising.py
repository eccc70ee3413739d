import pytest
import torch
from diffusers import DDPMScheduler

from studio.perfusion.noise import NoiseSchedule
from training.losses.denoising import coarse_error, feature_error, level_weights, spread_timesteps


def v_schedule() -> NoiseSchedule:
    return NoiseSchedule.of(
        DDPMScheduler(
            beta_schedule="squaredcos_cap_v2",
            prediction_type="v_prediction",
            rescale_betas_zero_snr=True,
        )
    )


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_noisy_levels_count_in_full_and_clean_ones_less_and_less():
    schedule = v_schedule()
    weights = level_weights(schedule, torch.arange(1000), snr_gamma=5.0)

    noisy = schedule.alphas_cumprod < 5 / 6  # a signal-to-noise ratio below 5
    assert torch.equal(weights[noisy], torch.ones(int(noisy.sum())))
    assert (weights[~noisy].diff() > 0).all()
    assert weights.min() > 0


def test_seen_from_the_clean_latents_the_weight_is_the_capped_ratio_plus_one():
    schedule, timesteps = v_schedule(), torch.tensor([10, 300, 600])
    latents, noise, guess = (torch.randn(3, 2, 4, 4, generator=chance(i)) for i in range(3))
    signal, spread = schedule.shares(timesteps)
    noisy = schedule.add_noise(latents, noise, timesteps)
    guessed_v = (signal * noisy - guess) / spread  # what v says when the latents are guessed so

    v_error = (guessed_v - schedule.target(latents, noise, timesteps)).square().mean((1, 2, 3))

    snr = (signal / spread).square().flatten()
    latent_error = (guess - latents).square().mean((1, 2, 3))
    expected = (snr.clamp(max=5) + 1) * latent_error
    weighted = level_weights(schedule, timesteps, 5.0) * v_error
    torch.testing.assert_close(weighted, expected, rtol=1e-3, atol=1e-4)


def test_without_a_cap_all_levels_count_the_same():
    assert torch.equal(level_weights(v_schedule(), torch.tensor([0, 999]), 0.0), torch.ones(2))


def test_weights_for_v_are_refused_to_other_predictions():
    with pytest.raises(ValueError, match="v-prediction"):
        level_weights(NoiseSchedule.of(DDPMScheduler()), torch.tensor([1]), 5.0)


def test_a_batch_of_timesteps_covers_the_schedule_evenly():
    timesteps = spread_timesteps(10, 1000, chance())

    assert sorted(int(timestep) // 100 for timestep in timesteps) == list(range(10))
    assert timesteps.dtype == torch.int64


def test_every_place_of_a_batch_meets_all_noise():
    drawn = torch.stack([spread_timesteps(4, 1000, chance(seed)) for seed in range(400)])

    torch.testing.assert_close(drawn.float().mean(dim=0), torch.full((4,), 500.0), atol=50, rtol=0)


def test_over_many_batches_every_timestep_is_as_likely():
    drawn = torch.cat([spread_timesteps(7, 10, chance(seed)) for seed in range(1000)])

    shares = torch.bincount(drawn, minlength=10) / len(drawn)
    torch.testing.assert_close(shares, torch.full((10,), 0.1), atol=0.01, rtol=0)


def test_shifted_timesteps_have_their_median_where_the_shift_says():
    generator = torch.Generator().manual_seed(0)

    timesteps = spread_timesteps(1000, 1000, generator, shift=3.0)

    assert timesteps.median().item() == pytest.approx(750, abs=2)
    assert timesteps.min() >= 0
    assert timesteps.max() == 999


def test_nothing_below_the_least_timestep_is_learnt():
    timesteps = spread_timesteps(10, 1000, chance(), least=400)

    assert sorted((int(each) - 400) // 60 for each in timesteps) == list(range(10))
    assert spread_timesteps(4, 1000, chance(), least=999).tolist() == [999] * 4


def test_the_coarse_error_is_that_of_block_means():
    target = torch.randn(2, 3, 16, 8)
    offset = torch.tensor([1.0, -2.0]).view(2, 1, 1, 1)

    shared = coarse_error(target + offset, target)

    torch.testing.assert_close(shared, torch.tensor([2.0, 8.0]))  # the same at both block sizes


def test_the_coarse_error_does_not_mind_what_cancels_within_a_block():
    target = torch.randn(2, 3, 16, 8)
    stripes = torch.tensor([1.0, -1.0]).repeat(4)  # along the width

    torch.testing.assert_close(coarse_error(target + stripes, target), torch.zeros(2))


def test_features_count_in_units_of_their_own_spread():
    true = torch.randn(64, 2, 4, 4, generator=chance())
    true[:, 1] *= 100
    near = true + true.std(dim=(0, 2, 3), keepdim=True)

    assert torch.allclose(feature_error([near], [true]), torch.ones(64), rtol=1e-4)
    assert torch.equal(feature_error([true, true], [true, true]), torch.zeros(64))


def test_every_map_counts_the_same_whatever_its_size():
    large, small = torch.randn(8, 2, 8, 8), torch.randn(8, 3, 2, 2)

    both = feature_error([large + 1, small + 1], [large, small])

    alone = [feature_error([each + 1], [each]) for each in (large, small)]
    torch.testing.assert_close(both, torch.stack(alone).mean(dim=0))


def test_a_feature_that_never_changes_does_not_blow_up():
    still = torch.zeros(4, 1, 2, 2)

    assert feature_error([still + 0.01], [still]).max() <= 1.01
