import pytest
import torch
from diffusers import DDPMScheduler
from torch import Tensor

from studio.perfusion.noise import NoiseSchedule
from tests.training.data.test_noisy import data_of
from training.data.noisy import DrawConfig, NoisyImages
from training.diagnostics import diagnose, diversity
from training.policy import Predictions

SCHEDULE = NoiseSchedule.of(DDPMScheduler())
DRAWS = DrawConfig(seed=0, draws=3, lowest_timestep=300, highest_timestep=900, prompt_dropout=0)


def policy_off_by(ticked: float, unticked: float):
    """A reference that is wrong by 1 everywhere, and a policy that is wrong by other amounts.

    Of the two images of each group the first one is ticked.
    """

    def predict(inputs: NoisyImages, with_reference: bool) -> Predictions:
        assert with_reference
        off = torch.tensor([ticked, unticked]).repeat(len(inputs) // 2).view(-1, 1, 1, 1)
        return Predictions(inputs.target + off, inputs.target + 1.0)

    return predict


def test_a_policy_that_explains_ticked_images_better_orders_every_pair():
    found = diagnose(policy_off_by(0.5, 1.0), data_of(), SCHEDULE, DRAWS, rounds=5)

    assert found.accuracy.eq(1).all()
    assert found.accuracy.shape == found.timesteps.shape == (5, 3)
    torch.testing.assert_close(found.margin, torch.full((5, 3), 0.75))
    torch.testing.assert_close(found.growth, torch.full((5, 3), -0.75))


def test_a_policy_equal_to_its_reference_orders_nothing_and_has_not_drifted():
    figures = diagnose(policy_off_by(1.0, 1.0), data_of(), SCHEDULE, DRAWS, rounds=5).figures()

    assert figures["implicit_accuracy"] == figures["implicit_accuracy_over_draws"] == 0.5
    assert figures["drift"] == figures["margin"] == figures["error_growth"] == 0.0


def test_the_margin_is_told_by_band_of_timesteps():
    figures = diagnose(policy_off_by(0.5, 1.0), data_of(), SCHEDULE, DRAWS, rounds=5).figures()

    bands = [name for name in figures if name.startswith("margin_")]
    assert len(bands) == 3
    assert all(figures[name] == pytest.approx(0.75, rel=1e-4) for name in bands)


def test_drift_is_relative_to_the_reference_s_error():
    found = diagnose(policy_off_by(1.5, 0.5), data_of(), SCHEDULE, DRAWS, rounds=2)

    torch.testing.assert_close(found.drift, torch.full((2, 3), 0.25), rtol=1e-4, atol=1e-6)


def test_diversity_is_the_distance_between_images_of_one_request():
    def images(*levels: float) -> Tensor:
        return torch.stack([torch.full((4, 8, 4), level) for level in levels])

    assert diversity([images(1.0, 1.0)]) == 0.0
    assert diversity([images(0.0, 3.0)]) == pytest.approx(3.0)
    assert diversity([images(0.0, 3.0), images(5.0, 6.0)]) == pytest.approx(2.0)
