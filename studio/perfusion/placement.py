"""How the models sit on a device: whole or in parts, and which attention they use.

All of it is done by diffusers' own switches; here is only decided which. What is not chosen by a
person is the fastest that fits.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import torch
from diffusers import AutoencoderKL
from diffusers.utils import is_accelerate_available
from torch import nn

from studio.domain import SettingsError
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline

log = logging.getLogger(__name__)

Attention = Literal["auto", "sdpa", "sliced", "xformers"]
Offload = Literal["auto", "none", "models", "layers"]

WORKING_BYTES_PER_PLACE = 192_000
"""What one guided candidate needs beside the weights while it is drawn and decoded, in half
precision, for each place of its latents: 0.8 GB for Stable Diffusion's 64 x 64. An estimate on
the safe side, from the sizes of the largest layers."""
_KEPT_FREE = 0.9
"""Share of the free memory that may be planned with; the rest is for the libraries."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """What a person chose; "auto" leaves it to the machine.

    Attributes:
        attention: `sdpa` is PyTorch's own, `sliced` needs least memory and is slower, `xformers`
            takes the package of that name.
        offload: what waits in the computer's memory: `none` of it, whole `models` in turn, or
            `layers` in turn, which is slowest and fits nearly any GPU.
        compiled: whether the U-Net is compiled, which takes a minute once and is then quicker.
    """

    attention: Attention = "auto"
    offload: Offload = "auto"
    compiled: bool = False


@dataclass(frozen=True)
class Room:
    """How much memory there is and what has to fit in, in bytes.

    Attributes:
        free: on the GPU.
        parts: weights of each model.
        candidate: what drawing one candidate needs beside the weights.
    """

    free: int
    parts: Mapping[str, int]
    candidate: int

    def offload(self) -> Offload:
        """The fastest way that fits; `layers` if nothing does."""
        planned = self.free * _KEPT_FREE - self.candidate
        if sum(self.parts.values()) <= planned:
            return "none"
        return "models" if max(self.parts.values()) <= planned else "layers"

    def candidates_at_once(self, most: int) -> int:
        """How many candidates can be drawn at the same time, at least 1 and at most `most`."""
        if self.offload() != "none":
            return 1
        left = self.free * _KEPT_FREE - sum(self.parts.values())
        return max(1, min(most, int(left // self.candidate)))


def room_on(device: torch.device, pipeline: CheckpointPipeline, places: int) -> Room | None:
    """The room on a GPU for a pipeline that is not there yet; None on a CPU.

    Args:
        device: where it is to go.
        pipeline: the models.
        places: height times width of one candidate's latents.
    """
    if device.type != "cuda":
        return None
    free, _ = torch.cuda.mem_get_info(device)
    bytes_per_number = pipeline.unet.dtype.itemsize
    candidate = WORKING_BYTES_PER_PLACE * places * bytes_per_number // 2
    return Room(free, weights_in_bytes(pipeline), candidate)


def weights_in_bytes(pipeline: CheckpointPipeline) -> dict[str, int]:
    """Bytes of each model's weights."""
    return {
        name: sum(weight.numel() * weight.element_size() for weight in part.parameters())
        for name, part in pipeline.components.items()
        if isinstance(part, nn.Module)
    }


def place(
    pipeline: CheckpointPipeline, device: torch.device, placement: Placement, room: Room | None
) -> Offload:
    """Put a pipeline where it is to work.

    Args:
        pipeline: on the CPU.
        device: where it is to work.
        placement: what was chosen.
        room: see `room_on`; None does without offloading unless it was chosen.

    Returns:
        How it is offloaded.

    Raises:
        SettingsError: a choice needs a package or a GPU that isn't here.
    """
    offload = placement.offload
    if offload == "auto":
        offload = room.offload() if room else "none"
    if offload != "none":
        _check_can_offload(device)
    if offload == "models":
        pipeline.enable_model_cpu_offload(device=device)
    elif offload == "layers":
        pipeline.enable_sequential_cpu_offload(device=device)
    else:
        pipeline.to(device)
    _set_attention(pipeline, placement.attention, offload)
    if placement.compiled:
        pipeline.unet.compile()
    log.info("models on %s, offloaded: %s", device, offload)
    return offload


def _set_attention(pipeline: CheckpointPipeline, attention: Attention, offload: Offload) -> None:
    sliced = attention == "sliced" or (attention == "auto" and offload == "layers")
    if sliced:
        pipeline.enable_attention_slicing()
        if isinstance(pipeline.vae, AutoencoderKL):
            pipeline.vae.enable_slicing()
    elif attention == "xformers":
        try:
            pipeline.enable_xformers_memory_efficient_attention()
        except (ImportError, ValueError) as error:
            raise SettingsError(
                "--attention xformers needs the package xformers and a GPU. Install it for this "
                "version of PyTorch, or leave the option out: PyTorch's own attention is as good."
            ) from error


def _check_can_offload(device: torch.device) -> None:
    if device.type == "cpu":
        raise SettingsError("--offload moves models to a GPU in turn, and there is none in use.")
    if not is_accelerate_available():
        raise SettingsError(
            "The models don't fit on this GPU at once, and taking turns needs the package "
            "accelerate: .venv/bin/pip install -r training/requirements.txt"
        )
