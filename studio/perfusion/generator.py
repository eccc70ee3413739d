"""Phrases to images: the one inference journey. The app, evaluation and training all call it."""

import math
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, repeat
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from studio.domain import (
    MAX_PROMPT_CHARACTERS,
    GenerationCancelledError,
    GenerationRequest,
    PromptTooLongError,
    SettingsError,
)
from studio.perfusion.adaptive_schedule import ScheduledResiduals
from studio.perfusion.checkpoint import (
    has_defaults,
    load_defaults,
    load_phrasebook,
    load_pipeline,
)
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.generation_checks import check_request
from studio.perfusion.leaning import Leanings
from studio.perfusion.phrasebook import (
    NO_LEANING,
    Leaning,
    ParsedPrompt,
    Phrasebook,
    UnknownPhrase,
)
from studio.perfusion.pictures import fit_picture, to_images, to_pictures
from studio.perfusion.pipeline import EMPTY_PROMPT, PerFusionPipeline
from studio.perfusion.placement import Placement, place, room_on
from studio.perfusion.profile import EncodedProfile, Profile, ProfileNotice
from studio.perfusion.sampling import AfterStep, Start, initial_noise
from studio.perfusion.user_encoder import stack_profiles

PREVIEW_SIDE_PX = 256
"""Previews of larger images are decoded from shrunken latents: a quarter of the work at 512 px."""

StepCallback = Callable[[int, int, list[Image.Image] | None], bool | None]
"""(step from 1, total, previews in the candidates' order or None) -> False to cancel."""

_BETWEEN_PHRASES = re.compile(r"[,;\n\r，；、]+")


@dataclass(frozen=True)
class GeneratedCandidate:
    """One image of a group.

    Attributes:
        seed: gives it again.
        lots: phrases that it was drawn from beyond those asked for; empty if there are none.
    """

    seed: int
    image: Image.Image
    lots: str = ""


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
        prompt: the known phrases in canonical order; each candidate's `lots` add to them.
        parsed: the reading of what was typed, unknown phrases included.
        num_inference_steps: as used.
        guidance_scale: as used.
        timings: of this run.
        personalised: whether a store's profile had a part in the images.
        profile_notices: what in the profile the checkpoint could not use.
    """

    candidates: tuple[GeneratedCandidate, ...]
    prompt: str
    parsed: ParsedPrompt
    num_inference_steps: int
    guidance_scale: float
    timings: GenerationTimings
    personalised: bool = False
    profile_notices: tuple[ProfileNotice, ...] = ()


class Generator:
    """Makes groups of candidates with one checkpoint.

    What is reproducible: on one machine, with the same number of threads, a candidate is the same
    to the last bit, alone and in any group. Its noise comes from its own seed on the CPU in fp32,
    and the models always see the same number of candidates at once. On another machine or device
    it differs by rounding.

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
        self._leanings: Leanings | None = None

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        dtype: str = "auto",
        device: str = "auto",
        threads: int = 0,
        placement: Placement | None = None,
    ) -> "Generator":
        """Read a checkpoint folder.

        Args:
            folder: see `studio.perfusion.checkpoint`.
            dtype: "float32", "float16", "bfloat16"; "auto" is float16 on a GPU, else float32.
            device: "cpu", "cuda", "cuda:1" ...; "auto" takes a GPU if there is one.
            threads: for the CPU; 0 leaves it to torch.
            placement: how the models sit on the device; None takes the fastest way that fits.

        Raises:
            CheckpointError: something in the folder is missing or damaged.
            SettingsError: there is no such device, or it can't do what was chosen.
        """
        if threads:
            torch.set_num_threads(threads)
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        if dtype == "auto":
            dtype = "float32" if device == "cpu" else "float16"
        _check_device(device)
        pipeline = load_pipeline(folder, dtype=getattr(torch, dtype))
        defaults = load_defaults(folder)
        where, pixels = torch.device(device), defaults.height_px * defaults.width_px
        room = room_on(where, pipeline, pixels)
        place(pipeline, where, placement or Placement(), room)
        if room and not has_defaults(folder):  # a folder from the hub: as many as fit
            at_once = room.candidates_at_once(defaults.num_candidates)
            defaults = replace(defaults, candidates_per_pass=at_once)
        return cls(pipeline, defaults, load_phrasebook(folder))

    def become(self, other: "Generator") -> None:
        """Draw with another checkpoint's models from now on; not while a group is drawn."""
        self.pipeline = other.pipeline
        self.defaults = other.defaults
        self.phrasebook = other.phrasebook
        self._leanings = None

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
        profile: Profile | None = None,
        start_phrases: Sequence[str] = (),
    ) -> GeneratedGroup:
        """Make the group of candidates that a person asked for.

        Args:
            request: checked here, before any work is done.
            on_step: called after every step, and as step 0 while a store is asked about a kind
                of garment for the first time; returning False cancels.
            preview_every: steps between previews; 0 gives none, None the checkpoint's default.
            start_images: with `request.variation`, what the candidates are variations of, in turn;
                any size and mode.
            profile: the store that the designs are for; None, and any profile where the checkpoint
                has no adaptive network, gives the plain model's designs.
            start_phrases: what each start image was drawn from, "" where nobody knows. Where all
                of them tell, and the checkpoint has lots, variations are drawn from noise and from
                these phrases with some of them drawn again, and not from the images.

        Raises:
            StudioError: the request can't be met as it is; the subclass says why. Nothing was
                generated.
            GenerationCancelledError: `on_step` returned False.
        """
        stopwatch = _Stopwatch(self.pipeline.device)
        check_request(request, len(start_images))
        parsed = self.read_prompt(request.prompt)
        parsed.check()
        steps = request.num_inference_steps or self.defaults.num_inference_steps
        scale = request.guidance_scale or self.defaults.guidance_scale
        store = self._encode(profile)
        every = self.defaults.preview_every if preview_every is None else preview_every
        watch = _StepWatch(self.pipeline, on_step, every)
        generators = [torch.Generator().manual_seed(seed) for seed in request.candidate_seeds]
        shape = self.pipeline.latent_shape(self.defaults.height_px, self.defaults.width_px)
        noise = initial_noise(generators, shape)
        try:
            stopwatch.lap("checks")
            still_wanted = partial(watch.still_wanted, steps)
            told = self._told(store, parsed, request, start_phrases, still_wanted)
            stopwatch.lap("leaning")
            prompt_embeds = self._embeds(told)  # (N, T, D)
            empty = self.pipeline.encode_prompts([EMPTY_PROMPT]).expand_as(prompt_embeds)
            stopwatch.lap("text")
            latents = self.pipeline.sample(
                prompt_embeds,
                empty if scale > 1 else None,
                noise,
                generators,
                steps,
                scale,
                watch.after_step(prompt_embeds),
                self._residuals(store, request.strength),
                None if self._in_words(start_phrases) else self._start(request, start_images),
                self.defaults.candidates_per_pass,
                self.defaults.descent,
            )
            stopwatch.lap("unet")
            images = self.pipeline.decode(latents, self.defaults.candidates_per_pass, prompt_embeds)
            pictures = to_pictures(images)  # one per candidate
            stopwatch.lap("decoder")
        finally:
            self.pipeline.maybe_free_model_hooks()
        return GeneratedGroup(
            candidates=tuple(
                GeneratedCandidate(seed, picture, _lots(parsed, each))
                for seed, picture, each in zip(request.candidate_seeds, pictures, told, strict=True)
            ),
            prompt=parsed.prompt,
            parsed=parsed,
            num_inference_steps=steps,
            guidance_scale=scale,
            timings=stopwatch.timings(watch.previews_s),
            personalised=_personal(request, store),
            profile_notices=() if store is None else store.notices,
        )

    def _told(
        self,
        store: EncodedProfile | None,
        asked: ParsedPrompt,
        request: GenerationRequest,
        start_phrases: Sequence[str],
        still_wanted: Callable[[], None],
    ) -> list[ParsedPrompt]:
        """What each candidate is drawn from: what was asked for, and what that leaves open.

        Lots settle it for a new design, and anew for a part of a variation; a variation of an
        image without phrases keeps what that shows. For a store, lots lean to its taste.
        """
        book, varies = self.phrasebook, request.variation is not None
        if book is None or (varies and not self._in_words(start_phrases)):
            return [asked] * request.num_candidates
        told = _told(book, asked, request, start_phrases)
        if store is None or not request.strength or not book.taste:
            return told
        if self._leanings is None:
            shape = self.pipeline.latent_shape(self.defaults.height_px, self.defaults.width_px)
            self._leanings = Leanings(self.pipeline, book, shape)
        # Lots settle the kind of garment first, so leanings don't change it.
        garments = [each.attributes.get(next(iter(book.families))) for each in told]
        leanings = [
            self._leanings.of(store, garment, request.strength, still_wanted)
            if garment
            else NO_LEANING
            for garment in garments
        ]
        return _told(book, asked, request, start_phrases, leanings)

    def _in_words(self, start_phrases: Sequence[str]) -> bool:
        """Whether variations are drawn from phrases and not from images."""
        has_lots = self.phrasebook is not None and bool(self.phrasebook.lots)
        return has_lots and bool(start_phrases) and all(start_phrases)

    def _embeds(self, told: Sequence[ParsedPrompt]) -> Tensor:
        """(N, T, D) text states."""
        prompts = [each.plain_prompt for each in told]
        # One by one, for the same reason as in `sampling.in_passes`.
        states = {each: self.pipeline.encode_prompts([each]) for each in dict.fromkeys(prompts)}
        return torch.cat([states[each] for each in prompts])

    def _encode(self, profile: Profile | None) -> EncodedProfile | None:
        network = self.pipeline.adaptive_network
        return None if profile is None or network is None else network.schema.encode(profile)

    def _residuals(
        self, store: EncodedProfile | None, strength: float
    ) -> Callable[[], ScheduledResiduals] | None:
        if store is None:
            return None
        network, features = self.pipeline.adaptive_network, stack_profiles([store])
        return lambda: ScheduledResiduals(network, features, strength)

    def _start(self, request: GenerationRequest, images: Sequence[Image.Image]) -> Start | None:
        if request.variation is None:
            return None
        size = (self.defaults.width_px, self.defaults.height_px)
        fitted = to_images([fit_picture(image, size) for image in images])
        # One by one, for the same reason as in `sampling.in_passes`.
        latents = torch.cat([self.pipeline.encode_images(image.unsqueeze(0)) for image in fitted])
        turns = [index % len(images) for index in range(request.num_candidates)]
        return Start(latents[turns], request.variation)


def _personal(request: GenerationRequest, store: EncodedProfile | None) -> bool:
    return store is not None and request.strength > 0


def _told(
    book: Phrasebook,
    asked: ParsedPrompt,
    request: GenerationRequest,
    start_phrases: Sequence[str],
    leanings: Iterable[Leaning] = repeat(NO_LEANING),
) -> list[ParsedPrompt]:
    """The prompts of all candidates, completed by lots or varied."""
    seeds, share = request.candidate_seeds, request.variation
    if share is None:
        return [
            book.completed(asked, seed, leaning=leaning)
            for seed, leaning in zip(seeds, leanings, strict=False)
        ]
    turns = zip(seeds, cycle(start_phrases), leanings, strict=False)
    return [book.varied(asked, of, seed, share, leaning=leaning) for seed, of, leaning in turns]


def _lots(asked: ParsedPrompt, told: ParsedPrompt) -> str:
    return ", ".join(each for each in told.plain_phrases if each not in asked.plain_phrases)


class _Stopwatch:
    """Wall time of the parts, with the GPU's queue emptied before each look at the clock."""

    def __init__(self, device: torch.device) -> None:
        self._on_gpu = device.type == "cuda"
        self._seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        if self._on_gpu:
            torch.cuda.synchronize()
        now = time.perf_counter()
        self._seconds[name] = now - self._last
        self._last = now

    def timings(self, previews_s: float) -> GenerationTimings:
        return GenerationTimings(
            text_s=self._seconds["text"],
            unet_s=self._seconds["leaning"] + self._seconds["unet"] - previews_s,
            decoder_s=self._seconds["decoder"] + previews_s,
            total_s=sum(self._seconds.values()),
        )


class _StepWatch:
    """Turns the loop's steps into progress, previews and cancelling."""

    def __init__(
        self, pipeline: PerFusionPipeline, on_step: StepCallback | None, preview_every: int
    ) -> None:
        self._pipeline = pipeline
        self._on_step = on_step
        self._preview_every = preview_every
        self.previews_s = 0.0

    def after_step(self, prompt_embeds: Tensor) -> AfterStep | None:
        return None if self._on_step is None else partial(self._tell, prompt_embeds)

    def _tell(
        self,
        prompt_embeds: Tensor,
        step: int,
        total: int,
        expected_latents: Callable[[], Tensor],
    ) -> None:
        previews = None
        # The finished images follow the last step at once, so it needs no preview.
        if self._preview_every and step % self._preview_every == 0 and step < total:
            started = time.perf_counter()
            previews = preview_pictures(self._pipeline, expected_latents(), prompt_embeds)
            self.previews_s += time.perf_counter() - started
        self._report(step, total, previews)

    def still_wanted(self, total: int) -> None:
        """Ask before the first step, too.

        Raises:
            GenerationCancelledError: nobody wants it any more.
        """
        self._report(0, total, None)

    def _report(self, step: int, total: int, previews: list[Image.Image] | None) -> None:
        if self._on_step is not None and self._on_step(step, total, previews) is False:
            raise GenerationCancelledError("Stopped. Nothing was kept of this round.")


def preview_pictures(
    pipeline: PerFusionPipeline, latents: Tensor, prompt_embeds: Tensor
) -> list[Image.Image]:
    """Pictures of unfinished latents, no side longer than about 256 px.

    Args:
        pipeline: whose autoencoder decodes.
        latents: (N, C, H, W) as they would end.
        prompt_embeds: (N, T, D) what the U-Net is told.
    """
    longest_px = max(latents.shape[-2:]) * pipeline.downsampling
    shrink = math.ceil(longest_px / PREVIEW_SIDE_PX)
    if shrink > 1:
        latents = F.avg_pool2d(latents, shrink)
    return to_pictures(pipeline.decode(latents, prompt_embeds=prompt_embeds))


def _check_device(device: str) -> None:
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise SettingsError(
            f"There is no device {device!r} here. Use cpu, or auto to take what there is."
        ) from error


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
    by_key = {phrase.casefold(): phrase for phrase in sorted(readable)}
    phrases = tuple(by_key[key] for key in sorted(by_key))
    return ParsedPrompt(
        attributes={},
        phrases=phrases,
        plain_phrases=phrases,
        unknown=tuple(UnknownPhrase(phrase, ()) for phrase in typed if phrase not in readable),
    )
