"""Sharing the frozen half and splitting an update change the cost, not the gradients."""

import copy
from dataclasses import replace
from functools import partial

import pytest
import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.noise import error_per_image
from studio.perfusion.user_encoder import stack_profiles
from tests.tiny_models import TEXT_WIDTH, tiny_unet
from tests.tiny_reward_models import ANNA, BERTA, SCHEMA
from training.data.noisy import NoisyImages
from training.losses.objective import (
    GroupPreference,
    Objective,
    PairPreference,
    Supervised,
    UnaryPreference,
)
from training.policy import (
    AdaptivePolicy,
    Errors,
    Policy,
    Predictions,
    Shares,
    UnetPolicy,
    accumulate_gradients,
    group_results,
)

SHARES = Shares((3, 2), torch.tensor([True, False, False, False, True]), 2)
OBJECTIVES = [GroupPreference(200.0), PairPreference(200.0), UnaryPreference(200.0), Supervised()]


def images() -> NoisyImages:
    generator = torch.Generator().manual_seed(5)
    features = stack_profiles([SCHEMA.encode(each) for each in (ANNA, ANNA, ANNA, BERTA, BERTA)])
    return NoisyImages(
        torch.randn(5, 16, 8, 4, generator=generator),
        torch.tensor([600, 600, 600, 300, 300]),
        torch.randn(5, 7, TEXT_WIDTH, generator=generator),
        features,
        torch.randn(5, 16, 8, 4, generator=generator),
    )


def models() -> tuple[UNet2DConditionModel, PersonalisedAdaptiveNetwork]:
    torch.manual_seed(6)
    unet = tiny_unet().requires_grad_(False)
    network = PersonalisedAdaptiveNetwork.from_unet(unet, SCHEMA, field_width=4)
    with torch.no_grad():
        for layer in (*network.outgoing_skips, network.outgoing_middle):
            layer.weight.normal_(std=0.1)
    return unet, network


def gradients(model: nn.Module) -> dict[str, Tensor]:
    return {name: p.grad for name, p in model.named_parameters() if p.grad is not None}


class SeparatePolicy:
    """The textbook way: a whole pass for the policy and another one for the reference."""

    def __init__(self, unet: UNet2DConditionModel) -> None:
        self.unet = unet

    def predict(self, model: nn.Module, inputs: NoisyImages, with_reference: bool) -> Predictions:
        seen = inputs.noisy_latents, inputs.timesteps, inputs.prompt_embeds
        stores = torch.stack([inputs.user_features[0], inputs.user_features[-1]])
        rows = (inputs.user_features == stores[1]).all(dim=(1, 2)).long()
        residuals = model(*seen, model.user_latents(stores)[rows])  # type: ignore[operator]
        policy = self.unet(
            *seen,
            down_block_additional_residuals=residuals.skips,
            mid_block_additional_residual=residuals.middle,
        ).sample
        with torch.no_grad():
            return Predictions(policy, self.unet(*seen).sample if with_reference else None)


def test_sharing_the_frozen_half_gives_the_losses_and_gradients_of_separate_passes_bit_for_bit():
    unet, network = models()
    outcomes = []
    policies: list[Policy] = [AdaptivePolicy(unet), SeparatePolicy(unet)]
    for policy in policies:
        network.zero_grad()
        outcome = accumulate_gradients(
            Errors(partial(policy.predict, network)),
            images(),
            None,
            GroupPreference(200.0),
            SHARES,
            images_per_pass=5,
        )
        losses = torch.cat([result.losses for result in outcome.results])
        outcomes.append((losses, copy.deepcopy(gradients(network))))

    (shared_losses, shared), (separate_losses, separate) = outcomes
    assert torch.equal(shared_losses, separate_losses)
    assert shared.keys() == separate.keys() == dict(network.named_parameters()).keys()
    assert all(torch.equal(shared[name], separate[name]) for name in shared)


def test_rows_that_are_one_input_run_once_and_give_the_gradients_of_all():
    unet, network = models()
    given = images()
    rows = torch.tensor([0, 0, 0, 3, 4])  # the first round's images in pure noise
    given = replace(given, noisy_latents=given.noisy_latents[rows])
    given = replace(given, prompt_embeds=given.prompt_embeds[rows])
    seen: list[int] = []
    network.register_forward_pre_hook(lambda _, inputs: seen.append(len(inputs[0])))
    outcomes = []
    for policy in (AdaptivePolicy(unet), SeparatePolicy(unet)):
        network.zero_grad()
        found = accumulate_gradients(
            Errors(partial(policy.predict, network)),
            given,
            None,
            GroupPreference(200.0),
            SHARES,
            images_per_pass=5,
        )
        outcomes.append((found.policy_errors, copy.deepcopy(gradients(network))))

    (once, shared), (all_rows, separate) = outcomes
    assert seen == [3, 5]
    torch.testing.assert_close(once, all_rows)
    for name, each in shared.items():
        torch.testing.assert_close(each, separate[name], atol=1e-5, rtol=1e-3)


@pytest.mark.parametrize("objective", OBJECTIVES, ids=lambda o: type(o).__name__)
def test_an_update_in_several_passes_has_the_gradients_of_one(
    objective: Objective,
):
    unet, network = (model.double() for model in models())
    policy, inputs = AdaptivePolicy(unet), doubled(images())
    found = []
    for size in (5, 2):
        network.zero_grad()
        outcome = accumulate_gradients(
            Errors(partial(policy.predict, network)),
            inputs,
            None,
            objective,
            SHARES,
            size,
        )
        found.append((outcome.policy_errors, copy.deepcopy(gradients(network))))

    (whole_errors, whole), (part_errors, parts) = found
    torch.testing.assert_close(part_errors, whole_errors, rtol=1e-9, atol=1e-12)
    for name, gradient in whole.items():
        torch.testing.assert_close(parts[name], gradient, rtol=1e-6, atol=1e-10, msg=name)


def test_reference_errors_that_were_kept_give_the_gradients_of_fresh_ones():
    unet, network = models()
    policy, inputs = AdaptivePolicy(unet), images()
    found = []
    kept = None
    for _ in range(2):
        network.zero_grad()
        outcome = accumulate_gradients(
            Errors(partial(policy.predict, network)),
            inputs,
            kept,
            GroupPreference(200.0),
            SHARES,
            5,
        )
        kept = outcome.reference_errors
        found.append(copy.deepcopy(gradients(network)))

    assert all(torch.equal(found[0][name], found[1][name]) for name in found[0])


def test_before_training_every_policy_is_its_reference():
    unet, _ = models()
    network = PersonalisedAdaptiveNetwork.from_unet(unet, SCHEMA, field_width=4)
    adaptive = AdaptivePolicy(unet).predict(network, images(), True)
    whole = UnetPolicy(unet).predict(copy.deepcopy(unet), images(), True)

    for predictions in (adaptive, whole):
        assert predictions.reference is not None
        assert torch.equal(predictions.policy, predictions.reference)


def test_training_never_touches_the_frozen_unet():
    unet, network = models()
    policy = AdaptivePolicy(unet)

    accumulate_gradients(
        Errors(partial(policy.predict, network)),
        images(),
        None,
        GroupPreference(200.0),
        SHARES,
        5,
    )

    assert not gradients(unet)


@pytest.mark.parametrize("images_per_pass", [5, 2])
def test_a_group_of_no_weight_gives_no_gradient(images_per_pass):
    """With the weight of the second group gone, the update is that of the first, halved."""
    unet, network = (model.double() for model in models())
    errors, inputs = Errors(partial(AdaptivePolicy(unet).predict, network)), doubled(images())
    objective, first = GroupPreference(200.0), Shares((3,), SHARES.chosen[:3], 2)

    weighed = replace(SHARES, weights=(0.5, 0.0))
    accumulate_gradients(errors, inputs, None, objective, weighed, images_per_pass)
    found = copy.deepcopy(gradients(network))
    network.zero_grad(set_to_none=True)
    accumulate_gradients(errors, inputs.part(slice(0, 3)), None, objective, first, 3)

    for name, each in gradients(network).items():
        torch.testing.assert_close(found[name], each / 2, rtol=1e-6, atol=1e-10, msg=name)


def doubled(inputs: NoisyImages) -> NoisyImages:
    return NoisyImages(
        inputs.noisy_latents.double(),
        inputs.timesteps,
        inputs.prompt_embeds.double(),
        inputs.user_features,
        inputs.target.double(),
    )


def test_each_group_is_compared_with_itself_only():
    errors = error_per_image(images().noisy_latents, images().target)
    other = errors.clone()
    other[3:] += 1.0

    first = group_results(GroupPreference(200.0), errors, errors, SHARES)
    second = group_results(GroupPreference(200.0), other, errors, SHARES)

    assert torch.equal(first[0].losses, second[0].losses)
    assert not torch.equal(first[1].losses, torch.zeros(1))


@pytest.mark.parametrize("size", [5, 2])
def test_numbers_that_carry_nothing_change_no_error_and_get_no_gradient(size: int):
    unet, network = models()
    policy, live = AdaptivePolicy(unet), torch.zeros(16, 8, 4, dtype=torch.bool)
    live[:, :2] = True
    blind = images().target.clone()
    blind[:, ~live] = 1_000.0
    found = []
    for inputs in (images(), replace(images(), target=blind)):
        network.zero_grad()
        errors = Errors(partial(policy.predict, network), live)
        outcome = accumulate_gradients(errors, inputs, None, GroupPreference(200.0), SHARES, size)
        found.append((outcome.policy_errors, copy.deepcopy(gradients(network))))

    (errors_seen, seen), (errors_blind, unseen) = found
    predicted = policy.predict(network, images(), False).policy
    expected = (predicted - images().target)[:, :, :2].square().mean(dim=(1, 2, 3))
    torch.testing.assert_close(errors_seen, expected.detach())
    assert torch.equal(errors_seen, errors_blind)
    assert all(torch.equal(seen[name], unseen[name]) for name in seen)
