"""Paths that a U-Net took from noise to a picture, each with the drawing that it should end at.

A U-Net learns from drawings with noise on them and then draws from pure noise: soon it is where
no drawing has ever been, in a blend of several, and goes on from there. A path keeps where it has
been. Its drawing is the one that comes closest to where it ended, and shows what was asked for.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from studio.domain import StudioError
from studio.perfusion.noise import NoiseSchedule
from training.data.captions import told_values
from training.data.settled import how_settled
from training.data.unet_batch import UnetBatch

_SETTLED_SIGNAL = 4.0
"""Noisy latents settle a path's drawing at 1 / 4 of its amplitude: its noise is always the same."""
_PROMPTS = "prompts"


class PathsError(StudioError):
    """There are no paths to learn from."""


@dataclass(frozen=True)
class Paths:
    """M paths of K steps.

    Attributes:
        timesteps: (K,) int64, falling, the first one pure noise.
        believed: (M, K, C, H, W) float16, the clean latents that the U-Net expected at each step.
        left: (M, K, C, H, W) float16, the noise that it saw in its latents there.
        latents: (M, C, H, W) float16 of the drawings.
        drawings: (M, 256, 128, 3) uint8.
        attributes: (M, families) int8, see `Tiles`.
        prompts: M of them.
    """

    timesteps: Tensor
    believed: Tensor
    left: Tensor
    latents: Tensor
    drawings: Tensor
    attributes: Tensor
    prompts: Sequence[str]

    def __len__(self) -> int:
        return len(self.prompts)

    def batch(
        self,
        rows: Sequence[int],
        prompt_ids: Tensor,
        schedule: NoiseSchedule,
        timesteps: Tensor,
        generator: torch.Generator,
    ) -> UnetBatch:
        """A batch of places between the paths and those with the drawings in the same noise.

        On its own path the U-Net is now. With the drawing it will be when it has learnt it.
        Learning between them is learning along the way.

        Args:
            rows: B of the paths.
            prompt_ids: (B, T) token numbers of their prompts.
            schedule: of the U-Net.
            timesteps: (B,) int64 of the places.
            generator: of where between the two a place is.
        """
        chosen = torch.tensor(rows)
        # The last step that began at no less noise.
        steps = (self.timesteps >= timesteps[:, None]).sum(dim=1) - 1
        signal, spread = schedule.shares(timesteps)
        latents = self.latents[chosen].float()
        share = torch.rand((len(rows), 1, 1, 1), generator=generator)
        mixed = torch.lerp(self.believed[chosen, steps].float(), latents, share)
        told = told_values([self.prompts[row] for row in rows])
        shows = (_SETTLED_SIGNAL * signal.flatten()).clamp(max=1.0)
        return UnetBatch(
            latents=latents,
            noisy_latents=signal * mixed + spread * self.left[chosen, steps].float(),
            timesteps=timesteps,
            prompt_ids=prompt_ids,
            drawings=self.drawings[chosen].permute(0, 3, 1, 2),
            told=told,
            settled=how_settled(self.attributes[chosen].long(), told, shows),
        )

    def save(self, file: Path) -> None:
        """Write the paths so that a crash at any moment leaves the file out."""
        tensors = {
            each.name: getattr(self, each.name).contiguous()
            for each in fields(self)
            if each.name != _PROMPTS
        }
        unfinished = file.with_suffix(".part")
        save_file(tensors, unfinished, {_PROMPTS: json.dumps(list(self.prompts))})
        unfinished.replace(file)


def join_paths(parts: Sequence[Paths]) -> Paths:
    """The paths of all parts.

    Raises:
        PathsError: they took other steps.
    """
    if any(not torch.equal(part.timesteps, parts[0].timesteps) for part in parts):
        raise PathsError("These paths have other timesteps than the first ones; keep them apart.")
    tensors = {
        each.name: torch.cat([getattr(part, each.name) for part in parts])
        for each in fields(Paths)
        if each.name not in (_PROMPTS, "timesteps")
    }
    prompts = [prompt for part in parts for prompt in part.prompts]
    return Paths(timesteps=parts[0].timesteps, prompts=prompts, **tensors)


def load_paths(folder: Path) -> Paths:
    """All paths that lie in a folder.

    Raises:
        PathsError: there are none, or a file is damaged.
    """
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise PathsError(
            f"There are no paths in {folder}. Draw them first: python -m training.pretrain paths."
        )
    return join_paths([_load(file) for file in files])


def _load(file: Path) -> Paths:
    try:
        with safe_open(file, "pt") as opened:
            prompts = json.loads(opened.metadata()[_PROMPTS])
        return Paths(prompts=prompts, **load_file(file))
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise PathsError(
            f"{file} is damaged ({error}). Delete it and draw its paths again."
        ) from error
