"""Whole updates and random inputs, for benches that time or count them."""

from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.profile import Profile
from studio.perfusion.user_encoder import stack_profiles
from training.data.noisy import NoisyImages
from training.losses.objective import Objective
from training.policy import Errors, Policy, Predictions, Shares, accumulate_gradients

IMAGES_PER_GROUP = 4
"""Two of them make Diffusion-DPO's pair, so that both see as many images."""
_TOKENS = 77


@dataclass(frozen=True)
class TrainingStep:
    """A whole update, optimiser included.

    Attributes:
        model: what is trained.
        frozen: what else has to be in memory.
        policy: what `model` means.
        objective: what is minimised.
        reference: (M,) reference errors, or None to compute them.
        images: of the update.
        optimiser: over the model's weights.
        dtype: to compute in; the weights in training are in single precision anyway.
    """

    model: nn.Module
    frozen: tuple[nn.Module, ...]
    policy: Policy
    objective: Objective
    reference: Tensor | None
    images: NoisyImages
    optimiser: torch.optim.Optimizer
    dtype: torch.dtype = torch.float32

    @property
    def models(self) -> tuple[nn.Module, ...]:
        """All networks of the step."""
        return (self.model, *self.frozen)

    def __call__(self) -> None:
        """Do it."""
        count = len(self.images)
        places = torch.arange(count, device=self.images.target.device)
        groups = count // IMAGES_PER_GROUP
        chosen = places % IMAGES_PER_GROUP < IMAGES_PER_GROUP // 2
        shares = Shares((IMAGES_PER_GROUP,) * groups, chosen, groups)
        errors = Errors(self._predict)
        accumulate_gradients(errors, self.images, self.reference, self.objective, shares, count)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)

    def _predict(self, inputs: NoisyImages, with_reference: bool) -> Predictions:
        device, mixed = inputs.target.device.type, self.dtype != torch.float32
        with torch.autocast(device, self.dtype, enabled=mixed):
            return self.policy.predict(self.model, inputs, with_reference)


def noisy_images_for(
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    count: int,
    device: torch.device,
    side_px: int = 0,
    dtype: torch.dtype = torch.float32,
) -> NoisyImages:
    """Random latents of one store.

    Args:
        unet: whose latents.
        network: whose profile fields.
        count: of images.
        device: where they go.
        side_px: of square images, at eight pixels to a latent; 0 takes the U-Net's own size.
        dtype: of everything but numbers and timesteps.
    """
    size = side_px // 8 or unet.config.sample_size
    height, width = (size, size) if isinstance(size, int) else size
    shape = (count, unet.config.in_channels, height, width)
    text_width = unet.config.encoder_hid_dim or unet.config.cross_attention_dim
    features = stack_profiles([network.schema.encode(Profile.of(style=["minimalist"]))])
    return NoisyImages(
        torch.randn(shape, device=device, dtype=dtype),
        torch.full((count,), 500, device=device),
        torch.randn(count, _TOKENS, text_width, device=device, dtype=dtype),
        features.expand(count, -1, -1).to(device),
        torch.randn(shape, device=device, dtype=dtype),
    )
