"""Phrases to images: the one inference journey. The app, evaluation and training all call it."""

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps, ImageStat
from torch import Tensor

from studio.domain import (
    MAX_CANDIDATES,
    MAX_GUIDANCE_SCALE,
    MAX_INFERENCE_STEPS,
    MAX_PROMPT_CHARACTERS,
    MAX_SEED,
    MIN_GUIDANCE_SCALE,
    CandidateCountError,
    GenerationCancelledError,
    GenerationRequest,
    GuidanceError,
    PromptTooLongError,
    SeedError,
    SettingsError,
    StepCountError,
    VariationError,
)
from studio.perfusion.checkpoint import load_defaults, load_phrasebook, load_pipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.phrasebook import ParsedPrompt, Phrasebook, UnknownPhrase
from studio.perfusion.pipeline import EMPTY_PROMPT, PerFusionPipeline, to_pictures
from studio.perfusion.sampling import AfterStep, Start, initial_noise

PREVIEW_SIDE_PX = 256
"""Previews of larger images are decoded from shrunken latents: a quarter of the work at 512 px."""

StepCallback = Callable[[int, int, list[Image.Image] | None], bool | None]
"""(step from 1, total, previews in the candidates' order or None) -> False to cancel."""

_BETWEEN_PHRASES = re.compile(r"[,;\n\r，；、]+")


@dataclass(frozen=True)
class GeneratedCandidate:
    """One image of a group, and the seed that gives it again."""

    seed: int
    image: Image.Image


@dataclass(frozen=True)
class GenerationTimings:
    """Where the wall time went, in seconds; the decoder's share includes the previews."""

    text_s: float
    unet_s: float
    decoder_s: float
    total_s: float


@dataclass(frozen=True)
class GeneratedGroup:
    """The candidates for one prompt, and everything that a person should be told about them.

    Attributes:
        candidates: in the order of their seeds.
        prompt: what the text tower read: the known phrases in canonical order.
        parsed: the reading of what was typed, unknown phrases included.
        num_inference_steps: as used.
        guidance_scale: as used.
        timings: of this run.
    """

    candidates: tuple[GeneratedCandidate, ...]
    prompt: str
    parsed: ParsedPrompt
    num_inference_steps: int
    guidance_scale: float
    timings: GenerationTimings


class Generator:
    """Makes groups of candidates with one checkpoint.

    What is reproducible: the same request gives the same bytes on one machine with the same
    number of threads. A candidate's noise comes from its own seed on the CPU in fp32, so it does
    not depend on the group; but matrix kernels round differently for other batch sizes, so a
    candidate made alone differs from the one in its group by rounding (tests hold it to 1e-4 of
    the pixel range in fp32, less than a step of eight bits).

    Args:
        pipeline: the models.
        defaults: what a request leaves open.
        phrasebook: the phrases that the models know; None accepts any.
    """

    def __init__(
        self,
        pipeline: PerFusionPipeline,
        defaults: GenerationDefaults,
        phrasebook: Phrasebook | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.defaults = defaults
        self.phrasebook = phrasebook

    @classmethod
    def load(
        cls, folder: Path, *, dtype: str = "auto", device: str = "auto", threads: int = 0
    ) -> "Generator":
        """Read a checkpoint folder.

        Args:
            folder: see `studio.perfusion.checkpoint`.
            dtype: "float32", "float16", "bfloat16"; "auto" is float16 on a GPU, else float32.
            device: "cpu", "cuda", "cuda:1" ...; "auto" takes a GPU if there is one.
            threads: for the CPU; 0 leaves it to torch.

        Raises:
            CheckpointError: something in the folder is missing or damaged.
            SettingsError: there is no such device.
        """
        if threads:
            torch.set_num_threads(threads)
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if dtype == "auto":
            dtype = "float32" if device == "cpu" else "float16"
        _check_device(device)
        return cls(
            load_pipeline(folder, dtype=getattr(torch, dtype), device=device),
            load_defaults(folder),
            load_phrasebook(folder),
        )

    def read_prompt(self, prompt: str) -> ParsedPrompt:
        """Read what was typed; cheap enough for every keystroke.

        Unknown and contradictory phrases are part of the answer, not errors.

        Raises:
            EmptyPromptError: nothing was typed.
            PromptTooLongError: more than 1,000 characters were typed.
        """
        parsed = _read_openly(prompt) if self.phrasebook is None else self.phrasebook.parse(prompt)
        if not parsed.phrases and not parsed.unknown:
            parsed.check()
        return parsed

    def generate(
        self,
        request: GenerationRequest,
        on_step: StepCallback | None = None,
        preview_every: int | None = None,
        start_images: Sequence[Image.Image] = (),
    ) -> GeneratedGroup:
        """Make the group of candidates that a person asked for.

        Args:
            request: checked here, before any work is done.
            on_step: called after every step; returning False cancels.
            preview_every: steps between previews; 0 gives none, None the checkpoint's default.
            start_images: with `request.variation`, what the candidates are variations of, in turn;
                any size and mode.

        Raises:
            StudioError: the request can't be met as it is; the subclass says why. Nothing was
                generated.
            GenerationCancelledError: `on_step` returned False.
        """
        started = time.perf_counter()
        _check(request)
        _check_variation(request, start_images)
        parsed = self.read_prompt(request.prompt)
        parsed.check()
        steps = request.num_inference_steps or self.defaults.num_inference_steps
        scale = request.guidance_scale or self.defaults.guidance_scale
        every = self.defaults.preview_every if preview_every is None else preview_every
        watch = _StepWatch(self.pipeline, on_step, every)

        text_started = time.perf_counter()
        with torch.no_grad():
            embeds = self.pipeline.encode_prompts([EMPTY_PROMPT, parsed.prompt])  # (2, T, D)
            text_s = self._elapsed_s(text_started)
            start = self._start(request, start_images)
            latents = self._denoise(request, embeds, steps, scale, watch, start)
            denoised = time.perf_counter()
            images = self.pipeline.decode(latents)  # (N, 3, H, W)
            final_s = self._elapsed_s(denoised)
        self.pipeline.maybe_free_model_hooks()
        pictures = to_pictures(images)
        total_s = time.perf_counter() - started
        decoder_s = final_s + watch.previews_s
        return GeneratedGroup(
            candidates=tuple(
                GeneratedCandidate(seed, picture)
                for seed, picture in zip(request.candidate_seeds, pictures, strict=True)
            ),
            prompt=parsed.prompt,
            parsed=parsed,
            num_inference_steps=steps,
            guidance_scale=scale,
            timings=GenerationTimings(
                text_s, denoised - text_started - text_s - watch.previews_s, decoder_s, total_s
            ),
        )

    def _denoise(
        self,
        request: GenerationRequest,
        embeds: Tensor,
        steps: int,
        scale: float,
        watch: "_StepWatch",
        start: Start | None,
    ) -> Tensor:
        empty, prompt_embeds = embeds.expand(request.num_candidates, *embeds.shape).unbind(
            1
        )  # (N, T, D) each
        generators = [torch.Generator().manual_seed(seed) for seed in request.candidate_seeds]
        shape = self.pipeline.latent_shape(self.defaults.height_px, self.defaults.width_px)
        latents = self.pipeline.sample(
            prompt_embeds,
            empty if scale > 1 else None,
            initial_noise(generators, shape),
            generators,
            steps,
            scale,
            watch.after_step,
            start=start,
        )
        self._synchronise()
        return latents

    def _start(self, request: GenerationRequest, images: Sequence[Image.Image]) -> Start | None:
        if request.variation is None:
            return None
        size = (self.defaults.width_px, self.defaults.height_px)
        fitted = torch.stack([_as_tensor(fit_picture(image, size)) for image in images])
        latents = self.pipeline.encode_images(fitted)  # (len(images), C, H, W)
        turns = [index % len(images) for index in range(request.num_candidates)]
        return Start(latents[turns], request.variation)

    def _elapsed_s(self, since: float) -> float:
        self._synchronise()
        return time.perf_counter() - since

    def _synchronise(self) -> None:
        if torch.device(self.pipeline.device).type == "cuda":
            torch.cuda.synchronize()


class _StepWatch:
    """Turns the loop's steps into progress, previews and cancelling."""

    def __init__(
        self, pipeline: PerFusionPipeline, on_step: StepCallback | None, preview_every: int
    ) -> None:
        self._pipeline = pipeline
        self._on_step = on_step
        self._preview_every = preview_every
        self.previews_s = 0.0

    @property
    def after_step(self) -> AfterStep | None:
        return None if self._on_step is None else self._tell

    def _tell(self, step: int, total: int, expected_latents: Callable[[], Tensor]) -> None:
        previews = None
        # The finished images follow the last step at once, so it needs no preview.
        if self._preview_every and step % self._preview_every == 0 and step < total:
            started = time.perf_counter()
            previews = preview_pictures(self._pipeline, expected_latents())
            self.previews_s += time.perf_counter() - started
        if self._on_step is not None and self._on_step(step, total, previews) is False:
            self._pipeline.maybe_free_model_hooks()
            raise GenerationCancelledError("Stopped. Nothing was kept of this round.")


def preview_pictures(pipeline: PerFusionPipeline, latents: Tensor) -> list[Image.Image]:
    """Pictures of unfinished latents, no side longer than about 256 px.

    Args:
        pipeline: whose autoencoder decodes.
        latents: (N, C, H, W) as they would end.
    """
    longest_px = max(latents.shape[-2:]) * pipeline.downsampling
    shrink = math.ceil(longest_px / PREVIEW_SIDE_PX)
    if shrink > 1:
        latents = F.avg_pool2d(latents, shrink)
    return to_pictures(pipeline.decode(latents))


def _check(request: GenerationRequest) -> None:
    """Refuse numbers that can't be used.

    Raises:
        CandidateCountError, SeedError, StepCountError, GuidanceError: which one is wrong.
    """
    if not _whole(request.num_candidates, 1, MAX_CANDIDATES):
        raise CandidateCountError(
            f"Ask for 1 to {MAX_CANDIDATES} candidates, not {request.num_candidates}."
        )
    if not _whole(request.seed, 0, MAX_SEED):
        raise SeedError(f"A seed is a whole number from 0 to {MAX_SEED:,}, not {request.seed}.")
    steps = request.num_inference_steps
    if steps is not None and not _whole(steps, 1, MAX_INFERENCE_STEPS):
        raise StepCountError(f"Take 1 to {MAX_INFERENCE_STEPS} steps, not {steps}.")
    scale: Any = request.guidance_scale
    if scale is not None and not (
        isinstance(scale, int | float) and MIN_GUIDANCE_SCALE <= scale <= MAX_GUIDANCE_SCALE
    ):
        raise GuidanceError(
            f"The strength of the phrases goes from {MIN_GUIDANCE_SCALE:g} to "
            f"{MAX_GUIDANCE_SCALE:g}, not {scale}."
        )


def _check_variation(request: GenerationRequest, start_images: Sequence[Image.Image]) -> None:
    """Refuse a variation of nothing, and images without a variation.

    Raises:
        VariationError: which of the two, or the share is out of range.
    """
    share: Any = request.variation
    if share is None and not start_images:
        return
    if share is None:
        raise VariationError("Say how much of the image to draw anew, above 0 and up to 1.")
    if not start_images:
        raise VariationError("Choose an image to vary, or start from the phrases alone.")
    if not isinstance(share, int | float) or not 0 < share <= 1:
        raise VariationError(f"The share to draw anew is above 0 and up to 1, not {share}.")


def _check_device(device: str) -> None:
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise SettingsError(
            f"There is no device {device!r} here. Use cpu, or auto to take what there is."
        ) from error


def fit_picture(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The whole picture at another size: nothing cut off, nothing stretched.

    What the other proportions leave over takes the mean colour of the picture's border, and
    what is transparent becomes white.

    Args:
        image: any size and mode.
        size: width and height in px.
    """
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image.convert("RGBA"))
    image = image.convert("RGB")
    border = Image.new("L", image.size, 255)
    border.paste(0, (1, 1, max(image.width - 1, 1), max(image.height - 1, 1)))
    red, green, blue = (round(mean) for mean in ImageStat.Stat(image, border).mean)
    return ImageOps.pad(image, size, Image.Resampling.LANCZOS, color=(red, green, blue))


def _as_tensor(picture: Image.Image) -> Tensor:
    """(3, H, W) fp32 in [0, 1]."""
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).float() / 255


def _whole(value: Any, lowest: int, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest


def _read_openly(prompt: str) -> ParsedPrompt:
    """Read a prompt for models without a phrasebook: any phrase with a letter or digit is known.

    Sorted without regard to case, so that the order of typing never matters.

    Raises:
        PromptTooLongError: more than 1,000 characters were typed.
    """
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise PromptTooLongError(
            f"The prompt has {len(prompt):,} characters. Shorten it to at most "
            f"{MAX_PROMPT_CHARACTERS:,}: a few short phrases between commas work best."
        )
    typed = dict.fromkeys(
        phrase for part in _BETWEEN_PHRASES.split(prompt) if (phrase := " ".join(part.split()))
    )
    readable = [phrase for phrase in typed if any(char.isalnum() for char in phrase)]
    phrases = {phrase.casefold(): phrase for phrase in sorted(readable)}
    return ParsedPrompt(
        attributes={},
        phrases=tuple(phrases[key] for key in sorted(phrases)),
        unknown=tuple(UnknownPhrase(phrase, ()) for phrase in typed if phrase not in readable),
    )
