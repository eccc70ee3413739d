"""Noise added, and what the network should have said of it."""

import pytest
import torch
from diffusers import DDPMScheduler
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.design_codec import DesignCodec
from studio.perfusion.noise import PREDICTION_TYPES, NoiseSchedule, error_per_image
from studio.perfusion.sampling import expected_latents


def draws() -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    latents, noise = torch.randn(2, 3, 4, 6, 5, generator=generator)
    return latents, noise, torch.tensor([0, 400, 999])


def test_it_is_the_library_s_noise_and_velocity():
    library = DDPMScheduler(prediction_type="v_prediction")
    schedule = NoiseSchedule.of(library)
    latents, noise, timesteps = draws()

    torch.testing.assert_close(
        schedule.add_noise(latents, noise, timesteps), library.add_noise(latents, noise, timesteps)
    )
    torch.testing.assert_close(
        schedule.target(latents, noise, timesteps), library.get_velocity(latents, noise, timesteps)
    )


def test_at_the_end_of_a_schedule_with_zero_terminal_signal_nothing_is_left():
    library = DDPMScheduler(prediction_type="v_prediction", rescale_betas_zero_snr=True)
    schedule = NoiseSchedule.of(library)
    latents, noise, timesteps = draws()

    assert torch.equal(schedule.add_noise(latents, noise, timesteps)[-1], noise[-1])
    assert torch.equal(schedule.target(latents, noise, timesteps)[-1], -latents[-1])
    assert schedule.ends_in_noise
    assert not NoiseSchedule.of(DDPMScheduler()).ends_in_noise


@pytest.mark.parametrize("prediction_type", PREDICTION_TYPES)
def test_a_perfect_prediction_gives_the_clean_latents_back(prediction_type: str):
    schedule = NoiseSchedule.of(DDPMScheduler(prediction_type=prediction_type))
    latents, noise, _ = draws()
    timesteps = torch.full((3,), 400)

    found = expected_latents(
        schedule.add_noise(latents, noise, timesteps),
        schedule.target(latents, noise, timesteps),
        float(schedule.alphas_cumprod[400]),
        prediction_type,
    )

    torch.testing.assert_close(found, latents, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("prediction_type", PREDICTION_TYPES)
def test_every_image_can_have_a_noise_level_of_its_own(prediction_type: str):
    latents, prediction, _ = draws()
    kept = torch.tensor([0.9, 0.5, 0.1])

    together = expected_latents(latents, prediction, kept.view(-1, 1, 1, 1), prediction_type)

    alone = [
        expected_latents(latents[[i]], prediction[[i]], float(kept[i]), prediction_type)
        for i in range(3)
    ]
    assert torch.equal(together, torch.cat(alone))
    assert together.dtype == torch.float32


def test_the_error_is_a_mean_so_it_does_not_grow_with_the_image():
    small, large = torch.zeros(2, 4, 8, 4), torch.zeros(2, 4, 16, 8)

    assert error_per_image(small, small + 3).tolist() == [9.0, 9.0]
    assert error_per_image(large, large + 3).tolist() == [9.0, 9.0]


def test_numbers_that_carry_nothing_are_left_out_of_the_error():
    live = DesignCodec.new().live
    target = torch.randn(3, *live.shape, generator=torch.Generator().manual_seed(1))
    off = torch.where(live, 3.0, 100.0)

    assert error_per_image(target, target + off, live).tolist() == pytest.approx([9.0] * 3)


def test_with_all_numbers_live_the_error_is_the_plain_one():
    prediction, target, _ = draws()
    live = torch.ones(prediction.shape[1:], dtype=torch.bool)

    torch.testing.assert_close(
        error_per_image(prediction, target, live), error_per_image(prediction, target)
    )


def test_the_error_of_half_precision_is_taken_in_single_precision():
    assert error_per_image(torch.ones(1, 4, 8, 4).half(), torch.zeros(1, 4, 8, 4)).dtype == (
        torch.float32
    )


def test_an_unknown_prediction_type_is_refused():
    scheduler = DDPMScheduler()
    scheduler.register_to_config(prediction_type="flow")

    with pytest.raises(CheckpointError, match="predicts 'flow'"):
        NoiseSchedule.of(scheduler)
