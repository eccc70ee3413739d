"""A whole checkpoint as a pipeline of diffusers: phrases and a store to the studio's designs."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import ImagePipelineOutput
from PIL import Image

from studio.design.phrasebook import Phrasebook
from studio.design.phrasebook_file import PHRASEBOOK_FILE
from studio.design.spec import DesignSpec
from studio.domain import MAX_SEED, CheckpointError, GenerationRequest
from studio.perfusion.checkpoint import (
    PARTS,
    ZEROS,
    load_defaults,
    load_phrasebook,
    load_pipeline,
    save_defaults,
)
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.generator import GeneratedGroup, Generator
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import Profile
from studio.perfusion.sources import checkpoint_folder

Told = Profile | Mapping[str, Any] | str | None
"""A profile: our record, its JSON, or its fields such as `{"season": "winter"}`."""
OUTPUTS = ("pil", "np", "pt")

log = logging.getLogger(__name__)


@dataclass
class PerFusionOutput(ImagePipelineOutput):
    """What a call gives.

    Attributes:
        images: as asked for by `output_type`.
        designs: what each shows; None where the checkpoint is of pictures.
        notices: what of the profile the checkpoint can't use, a sentence each.
    """

    designs: tuple[DesignSpec | None, ...] = ()
    notices: tuple[str, ...] = ()


class PerFusionPipeline(CheckpointPipeline):
    """A checkpoint with all that the studio reads of it: models, phrasebook, defaults.

        pipeline = PerFusionPipeline.from_pretrained("checkpoints/atelier")
        pipeline(prompt="red dress, midi", profile={"style": ["minimalist"]}).images[0]

    For the same phrases, seeds and store it draws what the studio draws, bit for bit. The models
    alone, which read a prompt as it is, are a `CheckpointPipeline`.
    """

    phrasebook: Phrasebook | None = None
    defaults: GenerationDefaults | None = None

    @classmethod
    def from_pretrained(
        cls,
        pretrained_model_name_or_path: str | Path,
        *,
        torch_dtype: torch.dtype = torch.float32,
        licences_accepted: bool = False,
    ) -> "PerFusionPipeline":
        """Open a checkpoint folder, a single .safetensors file, or a repository of the hub.

        Args:
            pretrained_model_name_or_path: as the studio's `--checkpoint`.
            torch_dtype: to compute in.
            licences_accepted: whether models may be downloaded.

        Raises:
            CheckpointError: something is missing, damaged, or does not belong together.
            LicenceError: it is to be downloaded, and its licence was not accepted yet.
        """
        folder = checkpoint_folder(
            Path(pretrained_model_name_or_path), licences_accepted=licences_accepted
        )
        parts = load_pipeline(folder, dtype=torch_dtype)
        zeros = parts.config.force_zeros_for_empty_prompt
        pipeline = cls(**{name: getattr(parts, name) for name in PARTS}, **{ZEROS: zeros})
        pipeline.set_progress_bar_config(disable=True)
        pipeline.phrasebook = load_phrasebook(folder)
        pipeline.defaults = load_defaults(folder)
        return pipeline

    def save_pretrained(self, save_directory: str | Path, **options: Any) -> None:
        """Write all of it, as diffusers does, with the phrasebook and the defaults."""
        super().save_pretrained(save_directory, **options)
        if self.phrasebook is not None:
            self.phrasebook.save(Path(save_directory) / PHRASEBOOK_FILE)
        if self.defaults is not None:
            save_defaults(Path(save_directory), self.defaults)

    @torch.no_grad()
    def __call__(  # type: ignore[override]  # noqa: PLR0913  diffusers' names, and a store
        self,
        prompt: str | Sequence[str],
        profile: Told = None,
        strength: float = 1.0,
        height: int | None = None,
        width: int | None = None,
        num_inference_steps: int | None = None,
        guidance_scale: float | None = None,
        num_images_per_prompt: int = 1,
        generator: torch.Generator | Sequence[torch.Generator] | None = None,
        output_type: str = "pil",
        return_dict: bool = True,
    ) -> PerFusionOutput | tuple[Any]:
        """Images for prompts, and for a store.

        Args:
            prompt: phrases, or several prompts.
            profile: the store that they are for; None for nobody.
            strength: of the store's taste, 0 to 2; 1 is as trained.
            height: in px; None takes the checkpoint's own.
            width: the same.
            num_inference_steps: None takes the checkpoint's own.
            guidance_scale: the same.
            num_images_per_prompt: images of each prompt; they have the same wearer.
            generator: its seed is that of a prompt's first image, and each further image has the
                next, as in the studio. A list has one for every image.
            output_type: "pil", "np" (N, H, W, 3) or "pt" (N, 3, H, W).
            return_dict: False returns a tuple with the images alone.

        Raises:
            StudioError: what is asked for can't be met as it is; the message says why.
            ValueError: there is no such output type, or the generators don't fit.
        """
        if output_type not in OUTPUTS:
            raise ValueError(f"output_type is one of {', '.join(OUTPUTS)}, not {output_type!r}.")
        store = _read(profile)
        if store is not None and self.adaptive_network is None:
            raise CheckpointError(
                "This checkpoint has no adaptive network, so it designs for nobody in particular. "
                "Leave the profile out, or train one: python -m training.finetune."
            )
        prompts = [prompt] if isinstance(prompt, str) else list(prompt)
        seeds = _seeds(generator, len(prompts), num_images_per_prompt)
        studio = Generator(self, self._sized(height, width), self.phrasebook)
        asked = GenerationRequest(
            prompt="",
            num_inference_steps=num_inference_steps,
            guidance_scale=guidance_scale,
            strength=strength,
        )
        groups: list[GeneratedGroup] = []
        for text, own in zip(prompts, seeds, strict=True):
            for first, count in _runs(own):
                request = replace(
                    asked, prompt=text, num_candidates=count, seed=first, wearer_seed=own[0]
                )
                groups.append(studio.generate(request, preview_every=0, profile=store))
        drawn = [each for group in groups for each in group.candidates]
        notices = tuple(
            dict.fromkeys(each.message for group in groups for each in group.profile_notices)
        )
        for notice in notices:
            log.warning("%s", notice)
        images = _as(output_type, [each.image for each in drawn])
        if not return_dict:
            return (images,)
        return PerFusionOutput(images, tuple(each.design for each in drawn), notices)

    def _sized(self, height: int | None, width: int | None) -> GenerationDefaults:
        own = self.own_size_px
        defaults = self.defaults or GenerationDefaults(
            height_px=own[0], width_px=own[1], guidance_scale=self.decoder.usual_guidance
        )
        return replace(
            defaults, height_px=height or defaults.height_px, width_px=width or defaults.width_px
        )


def _read(profile: Told) -> Profile | None:
    """Raises ProfileError: it is none."""
    if profile is None or isinstance(profile, Profile):
        return profile
    if isinstance(profile, Mapping) and "fields" not in profile:
        return Profile.of(**profile)
    return Profile.from_json(profile)


def _seeds(
    generator: torch.Generator | Sequence[torch.Generator] | None, prompts: int, images: int
) -> list[list[int]]:
    """The seed of each image of each prompt."""
    if images < 1:
        raise ValueError(f"num_images_per_prompt is 1 or more, not {images}.")
    if generator is None:
        generator = torch.Generator()
        generator.seed()
    if isinstance(generator, torch.Generator):
        first = generator.initial_seed()
        row = [(first + number) % (MAX_SEED + 1) for number in range(images)]
        return [row] * prompts
    if len(generator) != prompts * images:
        raise ValueError(f"{len(generator)} generators were given for {prompts * images} images.")
    seeds = [each.initial_seed() % (MAX_SEED + 1) for each in generator]
    return [seeds[at : at + images] for at in range(0, len(seeds), images)]


def _runs(seeds: Sequence[int]) -> list[tuple[int, int]]:
    """(first, count) of the stretches of seeds that follow on each other."""
    runs: list[tuple[int, int]] = []
    for seed in seeds:
        if runs and seed == sum(runs[-1]):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((seed, 1))
    return runs


def _as(output_type: str, pictures: list[Image.Image]) -> Any:
    if output_type == "pil":
        return pictures
    images = to_images(pictures)
    return images if output_type == "pt" else np.ascontiguousarray(images.permute(0, 2, 3, 1))
