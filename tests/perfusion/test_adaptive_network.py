"""The adaptive network adds nothing before training, and a store's own part afterwards."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.adaptive_schedule import (
    DEFAULT_SCHEDULE,
    AdaptiveSchedule,
    ScheduledResiduals,
)
from studio.perfusion.design_codec import DesignCodec
from studio.perfusion.profile import Profile
from studio.perfusion.unet_halves import Residuals, decode, encode
from studio.perfusion.user_encoder import stack_profiles
from tests.perfusion.test_unet_halves import STRUCTURES, inputs_of, unet_of
from tests.tiny_models import tiny_unet
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA


def network_of(unet: UNet2DConditionModel, **settings: Any) -> PersonalisedAdaptiveNetwork:
    torch.manual_seed(3)
    network = PersonalisedAdaptiveNetwork.from_unet(unet, SCHEMA, field_width=4, **settings)
    return network.eval()


def trained(network: PersonalisedAdaptiveNetwork) -> PersonalisedAdaptiveNetwork:
    """As if trained: the zero layers say something."""
    generator = torch.Generator().manual_seed(4)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if name.startswith(("outgoing", "incoming")):
                weight.add_(0.2 * torch.randn(weight.shape, generator=generator))
    return network


def features_of(*profiles: Profile) -> Tensor:
    return stack_profiles([SCHEMA.encode(profile) for profile in profiles])


def residuals_of(network: PersonalisedAdaptiveNetwork, features: Tensor) -> Residuals:
    return network(*inputs_of(), network.user_latents(features))


@pytest.mark.parametrize("incoming", ["identity", "zero"])
@pytest.mark.parametrize("structure", STRUCTURES)
@torch.no_grad()
def test_before_training_the_personalised_unet_is_the_plain_one_bit_for_bit(
    structure: str, incoming: str
):
    unet = unet_of(structure)
    residuals = residuals_of(network_of(unet, incoming=incoming), features_of(ANNA, BERTA, ANNA))

    personalised = unet(
        *inputs_of(),
        down_block_additional_residuals=residuals.skips,
        mid_block_additional_residual=residuals.middle,
    ).sample

    assert torch.equal(personalised, unet(*inputs_of()).sample)


@torch.no_grad()
def test_before_training_a_store_is_an_even_tint():
    anna, berta = network_of(unet_of("the atelier's")).user_latents(features_of(ANNA, BERTA))

    assert torch.equal(anna, anna[:, :1, :1].expand_as(anna))
    assert (anna - berta).abs().amax() > 0.1


@pytest.mark.parametrize("structure", STRUCTURES)
@torch.no_grad()
def test_its_encoder_is_an_exact_copy(structure: str):
    unet = unet_of(structure)
    network = network_of(unet)

    copied, own = encode(network.encoder, *inputs_of()), encode(unet, *inputs_of())

    assert torch.equal(copied.middle, own.middle)
    assert all(torch.equal(a, b) for a, b in zip(copied.skips, own.skips, strict=True))


@torch.no_grad()
def test_the_documented_shapes_hold():
    network = network_of(unet_of("the atelier's"))

    residuals = residuals_of(network, features_of(ANNA, BERTA, ANNA))

    assert network.user_latents(features_of(ANNA, BERTA)).shape == (2, 4, 8, 4)
    assert [tuple(skip.shape) for skip in residuals.skips] == [
        (3, 8, 8, 4),
        (3, 8, 8, 4),
        (3, 8, 4, 2),
        (3, 16, 4, 2),
    ]
    assert residuals.middle.shape == (3, 16, 4, 2)


@torch.no_grad()
def test_it_fits_the_latents_of_designs():
    unet = tiny_unet()
    network = network_of(unet)
    latents = torch.randn(2, *DesignCodec.new().latent_shape)
    text = torch.randn(2, 5, unet.config.cross_attention_dim)

    residuals = network(latents, torch.tensor(7), text, network.user_latents(features_of(ANNA)))

    network.check_fits(unet)
    assert decode(unet, encode(unet, latents, torch.tensor(7), text), residuals).shape == (
        latents.shape
    )


@torch.no_grad()
def test_after_training_two_stores_get_different_residuals():
    network = trained(network_of(unet_of("the atelier's")))

    anna = residuals_of(network, features_of(ANNA))
    berta = residuals_of(network, features_of(BERTA))

    assert not torch.allclose(anna.middle, berta.middle)


@pytest.mark.parametrize(("incoming", "reached"), [("identity", True), ("zero", False)])
def test_a_normal_start_lets_the_second_update_reach_the_store_and_the_paper_s_does_not(
    incoming: str, reached: bool
):
    unet = unet_of("stable diffusion's").requires_grad_(False)
    network = network_of(unet, incoming=incoming)
    with torch.no_grad():  # the first update moves the outgoing layers only
        for layer in (*network.outgoing_skips, network.outgoing_middle):
            layer.weight.add_(0.01)

    residuals = residuals_of(network, features_of(ANNA, BERTA, ANNA))
    decode(unet, encode(unet, *inputs_of()), residuals).square().mean().backward()

    gradient = network.user_encoder.table.weight.grad
    assert gradient is not None
    assert bool(gradient.abs().sum() > 0) is reached


@torch.no_grad()
def test_the_store_is_stretched_for_images_of_another_size():
    unet = unet_of("stable diffusion's")
    network = network_of(unet)
    latents, timesteps, text = inputs_of((2, 4, 12, 8))

    residuals = network(latents, timesteps, text, network.user_latents(features_of(ANNA)))

    assert residuals.skips[0].shape == (2, 8, 12, 8)


@torch.no_grad()
def test_saving_and_loading_keeps_everything(tmp_path: Path):
    network = trained(network_of(unet_of("the atelier's")))
    network.save_pretrained(tmp_path)

    again = PersonalisedAdaptiveNetwork.from_pretrained(tmp_path)

    assert again.schema == SCHEMA
    ours, theirs = (residuals_of(each, features_of(ANNA)) for each in (network, again))
    assert torch.equal(ours.middle, theirs.middle)
    again.check_fits(unet_of("the atelier's"))


def test_what_is_saved_holds_no_decoder(tmp_path: Path):
    network_of(unet_of("the atelier's")).save_pretrained(tmp_path)

    config = json.loads((tmp_path / "config.json").read_text())

    assert config["_class_name"] == "PersonalisedAdaptiveNetwork"
    assert not [
        name for name in network_of(unet_of("the atelier's")).state_dict() if "up_blocks" in name
    ]


def test_a_unet_of_another_structure_is_refused():
    network = network_of(unet_of("the atelier's"))

    with pytest.raises(CheckpointError, match=r"trained on another U-Net"):
        network.check_fits(unet_of("stable diffusion's"))


class CountingNetwork:
    """Counts the calls of a real network; they are what the schedule is to save."""

    def __init__(self, network: PersonalisedAdaptiveNetwork) -> None:
        self.calls: list[int] = []
        network.register_forward_hook(
            lambda _module, inputs, _output: self.calls.append(int(inputs[1]))
        )


def run_schedule(schedule: AdaptiveSchedule, strength: float = 1.0) -> tuple[list[int], list[bool]]:
    """Timesteps at which the network was evaluated, and which of ten steps were personalised."""
    network = trained(network_of(unet_of("the atelier's")))
    counting = CountingNetwork(network)
    source = ScheduledResiduals(network, features_of(ANNA), strength, schedule)
    latents, _, text = inputs_of()
    got = [source(latents, torch.tensor(t), text) is not None for t in range(950, 0, -100)]
    return counting.calls, got


def test_the_network_runs_at_every_other_step_and_its_last_word_holds_in_between():
    calls, personalised = run_schedule(AdaptiveSchedule(every=2))

    assert calls == [950, 750, 550, 350, 150]
    assert all(personalised)


def test_outside_of_its_band_the_image_stays_plain():
    calls, personalised = run_schedule(
        AdaptiveSchedule(every=2, lowest_timestep=300, highest_timestep=800)
    )

    assert calls == [750, 550, 350]
    assert personalised == [False] * 2 + [True] * 5 + [False] * 3


def test_unless_it_is_told_otherwise_the_network_runs_at_every_step():
    calls, personalised = run_schedule(DEFAULT_SCHEDULE)

    assert calls == list(range(950, 0, -100))
    assert all(personalised)


def test_what_says_nothing_has_not_acted():
    latents, _, text = inputs_of()
    acted = []
    for network, schedule in (
        (trained(network_of(unet_of("the atelier's"))), DEFAULT_SCHEDULE),
        (trained(network_of(unet_of("the atelier's"))), AdaptiveSchedule(lowest_timestep=990)),
        (network_of(unet_of("the atelier's")), DEFAULT_SCHEDULE),
    ):
        source = ScheduledResiduals(network, features_of(ANNA), 1.0, schedule)
        source(latents, torch.tensor(900), text)
        acted.append(source.acted)

    assert acted == [True, False, False]


def test_strength_zero_is_the_plain_unet_and_costs_nothing():
    calls, personalised = run_schedule(AdaptiveSchedule(every=1), strength=0.0)

    assert calls == []
    assert not any(personalised)


@torch.no_grad()
def test_strength_scales_the_residuals():
    network = trained(network_of(unet_of("the atelier's")))
    latents, _, text = inputs_of()
    timestep = torch.tensor(999)

    full = ScheduledResiduals(network, features_of(ANNA))(latents, timestep, text)
    half = ScheduledResiduals(network, features_of(ANNA), 0.5)(latents, timestep, text)

    assert full is not None
    assert half is not None
    torch.testing.assert_close(half.middle, full.middle / 2)


def test_a_schedule_that_could_never_run_is_refused():
    with pytest.raises(CheckpointError, match="every >= 1"):
        AdaptiveSchedule(every=0)
