"""A ControlNet that somebody has: it holds a picture to the lines of another one.

It is one more source of residuals for the U-Net's decoder, beside the store's. As that one it acts
on the conditional half alone.
"""

from pathlib import Path
from typing import Any

import torch
from diffusers import ControlNetModel
from PIL import Image, ImageFilter, ImageOps
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.conditions import is_sized, unpacked
from studio.perfusion.pictures import fit_picture, to_images
from studio.perfusion.sampling import ResidualSource
from studio.perfusion.unet_halves import Residuals

_LINE_FROM = 24
"""Difference of grey levels from which an edge is a line."""


class Control:
    """A ControlNet with a picture to keep to.

    Args:
        network: trained on lines, white on black ("canny", "lineart").
        lines: such a picture.
        scale: how strictly it is kept to; 1 as trained.
    """

    def __init__(self, network: ControlNetModel, lines: Image.Image, scale: float = 1.0) -> None:
        self._network, self._lines, self._scale = network, lines, scale

    @classmethod
    def load(
        cls,
        named: str | Path,
        lines: Image.Image,
        scale: float = 1.0,
        dtype: torch.dtype = torch.float32,
    ) -> "Control":
        """Open a ControlNet's folder, or one that lies in the hub's cache under its id.

        Raises:
            CheckpointError: there is none, or it can't be read.
        """
        try:
            network = ControlNetModel.from_pretrained(
                named, torch_dtype=dtype, use_safetensors=True, local_files_only=True
            )
        except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
            raise CheckpointError(
                f"There is no ControlNet at {named} that can be read. Name its folder, or fetch it "
                f"first: hf download {named}"
            ) from error
        return cls(network.eval().requires_grad_(False), lines, scale)

    def beside(self, unet: Any, store: ResidualSource | None) -> "_Both":
        """The residuals of a run: the lines', and the store's if there is one.

        Raises:
            CheckpointError: it was trained for a U-Net of another family.
        """
        own, other = self._network.config, unet.config
        same = own.cross_attention_dim == other.cross_attention_dim and (
            own.addition_embed_type == other.addition_embed_type
        )
        if not same:
            raise CheckpointError(
                "This ControlNet is of another family than the checkpoint: take one for Stable "
                f"Diffusion {'XL' if is_sized(unet) else '1.5'}."
            )
        network = self._network.to(unet.device, unet.dtype)
        return _Both(network, unet, self._lines, self._scale, store)


class _Both:
    """See `Control.beside`: a `sampling.ResidualSource`."""

    def __init__(
        self,
        network: Any,
        unet: Any,
        lines: Image.Image,
        scale: float,
        store: ResidualSource | None,
    ) -> None:
        self._network, self._unet, self._lines = network, unet, lines
        self._scale, self._store = scale, store
        self._shown: Tensor | None = None

    @torch.no_grad()
    def __call__(
        self, noisy_latents: Tensor, timestep: Tensor, prompt_embeds: Tensor
    ) -> Residuals | None:
        """The residuals of the next step."""
        states, conditions = unpacked(self._unet, prompt_embeds)
        skips, middle = self._network(
            noisy_latents,
            timestep,
            encoder_hidden_states=states,
            controlnet_cond=self._seen(noisy_latents),
            conditioning_scale=self._scale,
            added_cond_kwargs=conditions or None,
            return_dict=False,
        )
        found = Residuals(tuple(skips), middle)
        own = None if self._store is None else self._store(noisy_latents, timestep, prompt_embeds)
        return found if own is None else found.plus(own)

    def _seen(self, noisy_latents: Tensor) -> Tensor:
        """(N, 3, H, W) the lines at the picture's size."""
        if self._shown is None:
            height, width = (8 * side for side in noisy_latents.shape[-2:])
            self._shown = to_images([fit_picture(self._lines, (width, height))])
        return self._shown.to(noisy_latents).expand(len(noisy_latents), -1, -1, -1)


def lines_of(picture: Image.Image) -> Image.Image:
    """The edges of a drawing, white on black, as ControlNets for lines want them."""
    edges = ImageOps.grayscale(picture).filter(ImageFilter.FIND_EDGES)
    return edges.point(lambda grey: 255 if grey >= _LINE_FROM else 0).convert("RGB")
