"""What is trained, and what it is compared with: policy and reference behind one interface."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from studio.perfusion.noise import error_per_image
from studio.perfusion.unet_halves import decode, encode
from training.data.noisy import NoisyImages
from training.losses.objective import GroupErrors, Objective, ObjectiveResult


@dataclass(frozen=True)
class Predictions:
    """(M, C, H, W) of the policy, with gradients, and of the reference, or None if not wanted."""

    policy: Tensor
    reference: Tensor | None


class Policy(Protocol):
    """A way from noisy images to predictions, given the network in training.

    The network is an argument, so that its running average can take its place.
    """

    def predict(self, model: nn.Module, inputs: NoisyImages, with_reference: bool) -> Predictions:
        """Run policy and, if wanted, reference."""


@dataclass(frozen=True)
class AdaptivePolicy:
    """The adaptive network on a frozen U-Net; the reference is that U-Net alone.

    The frozen encoder and middle block are the same for both, so they run once. That is exact:
    losses and gradients are those of two separate passes, bit for bit.
    """

    unet: UNet2DConditionModel

    def predict(self, model: nn.Module, inputs: NoisyImages, with_reference: bool) -> Predictions:
        """See `Policy`; `model` is a PersonalisedAdaptiveNetwork.

        Rows that are the same input, as the images of a round are in pure noise, run once.
        """
        first, row_of = _distinct(inputs.noisy_latents)
        parts = inputs.noisy_latents, inputs.timesteps, inputs.prompt_embeds
        seen = tuple(each[first] for each in parts)
        residuals = model(*seen, _user_latents(model, inputs.user_features[first]))
        with torch.no_grad():
            states = encode(self.unet, *seen)
            reference = decode(self.unet, states)[row_of] if with_reference else None
        return Predictions(decode(self.unet, states, residuals)[row_of], reference)


@dataclass(frozen=True)
class UnetPolicy:
    """The whole U-Net, tuned for all stores alike; the reference is a frozen copy of its start."""

    reference: UNet2DConditionModel

    def predict(self, model: nn.Module, inputs: NoisyImages, with_reference: bool) -> Predictions:
        """See `Policy`; `model` is a UNet2DConditionModel."""
        seen = inputs.noisy_latents, inputs.timesteps, inputs.prompt_embeds
        reference = None
        if with_reference:
            with torch.no_grad():
                reference = self.reference(*seen, return_dict=False)[0]
        return Predictions(model(*seen, return_dict=False)[0], reference)


@dataclass(frozen=True)
class Shares:
    """How M images of an update make up its groups.

    Attributes:
        sizes: images of each group, in order; they sum to M.
        chosen: (M,) bool.
        total_groups: groups of the whole update, over all processes; losses are their mean.
        weights: how much each group's loss counts in it; empty where all count alike.
        lots: (B,) in [0, 1), see `GroupErrors`; None where nothing is drawn from groups.
    """

    sizes: tuple[int, ...]
    chosen: Tensor
    total_groups: int
    weights: tuple[float, ...] = ()
    lots: Tensor | None = None


def group_results(
    objective: Objective, policy_errors: Tensor, reference_errors: Tensor, shares: Shares
) -> list[ObjectiveResult]:
    """The objective of each group, from (M,) errors of policy and reference."""
    parts = (
        torch.split(tensor, list(shares.sizes))
        for tensor in (policy_errors, reference_errors, shares.chosen)
    )
    one_each = [1] * len(shares.sizes)
    none = [None] * len(shares.sizes)
    lots = none if shares.lots is None else torch.split(shares.lots, one_each)
    return [
        objective(GroupErrors(policy[None], reference[None], chosen[None], lot))
        for policy, reference, chosen, lot in zip(*parts, lots, strict=True)
    ]


@dataclass(frozen=True)
class Accumulated:
    """What one update's images gave: errors (M,) without gradients, and each group's result."""

    policy_errors: Tensor
    reference_errors: Tensor
    results: list[ObjectiveResult]


def checkpoint_activations(*models: Any) -> None:
    """Keep no activations inside the blocks: the backward pass computes them again.

    Exact, and a fraction of the memory for about a third more time. The frozen U-Net takes part
    too, since gradients pass through its decoder.

    Args:
        models: diffusers' own, or an adaptive network.
    """
    for model in models:
        model.enable_gradient_checkpointing()


Predict = Callable[[NoisyImages, bool], Predictions]


@dataclass(frozen=True)
class Errors:
    """How wrong a policy is, with its network: noisy images -> errors, see `error_per_image`.

    Attributes:
        predict: the policy with its network.
        live: (C, H, W) bool, the numbers of a latent that errors are the mean of; None for all.
    """

    predict: Predict
    live: Tensor | None = None

    def of(self, inputs: NoisyImages, known: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """(M,) errors of the policy, with gradients, and (M,) of the reference.

        Args:
            inputs: M images.
            known: (M,) the reference's errors where they have been computed before.
        """
        predictions = self.predict(inputs, known is None)
        policy = error_per_image(predictions.policy, inputs.target, self.live)
        if known is not None:
            return policy, known
        if predictions.reference is None:
            raise TypeError("The policy gave no reference although it was asked for one.")
        return policy, error_per_image(predictions.reference, inputs.target, self.live)


def accumulate_gradients(
    errors: Errors,
    inputs: NoisyImages,
    reference_errors: Tensor | None,
    objective: Objective,
    shares: Shares,
    images_per_pass: int,
) -> Accumulated:
    """Add the gradients of an update's mean loss to those of the network's weights.

    An update with more images than fit at once is computed exactly in two rounds of passes: first
    all errors without gradients, from which the loss's derivative in each error follows; then
    every pass again with gradients, weighted by those derivatives. This is the chain rule, so the
    gradients are those of one big pass.

    Args:
        errors: of the policy with its network.
        inputs: M images.
        reference_errors: (M,), or None to compute them as well.
        objective: what is minimised.
        shares: the groups.
        images_per_pass: images in the network at once.
    """
    slices = [
        slice(start, start + images_per_pass) for start in range(0, len(inputs), images_per_pass)
    ]
    if len(slices) == 1:
        policy, reference = errors.of(inputs, reference_errors)
        results = group_results(objective, policy, reference, shares)
        torch.autograd.backward(_mean_loss(results, shares))
        return Accumulated(policy.detach(), reference, results)

    with torch.no_grad():
        pieces = [
            errors.of(
                inputs.part(rows), None if reference_errors is None else reference_errors[rows]
            )
            for rows in slices
        ]
    policy, reference = (torch.cat(side) for side in zip(*pieces, strict=True))
    policy.requires_grad_()
    results = group_results(objective, policy, reference, shares)
    (derivatives,) = torch.autograd.grad(_mean_loss(results, shares), policy)
    for rows in slices:
        found, _ = errors.of(inputs.part(rows), reference[rows])
        torch.autograd.backward(torch.dot(found, derivatives[rows]))
    return Accumulated(policy.detach(), reference, results)


def _mean_loss(results: list[ObjectiveResult], shares: Shares) -> Tensor:
    losses = torch.cat([result.losses for result in results])
    if shares.weights:
        losses = losses * torch.tensor(shares.weights, dtype=losses.dtype, device=losses.device)
    return losses.sum() / shares.total_groups


def _distinct(noisy_latents: Tensor) -> tuple[Tensor, Tensor]:
    """(D,) the first row of each run of equal rows, and (M,) for each row its place among them.

    Noise is never the same in two rounds, so rows that are alike are neighbours of one round.
    """
    _, row_of, counts = torch.unique_consecutive(
        noisy_latents.flatten(1), dim=0, return_inverse=True, return_counts=True
    )
    return counts.cumsum(0) - counts, row_of


def _user_latents(model: nn.Module, user_features: Tensor) -> Tensor:
    """Stores written into latents; images of one round share their store, so it is done once."""
    distinct, rows = torch.unique(user_features, dim=0, return_inverse=True)
    latents: Tensor = model.user_latents(distinct)  # type: ignore[operator]  # the adaptive network's
    return latents[rows]
