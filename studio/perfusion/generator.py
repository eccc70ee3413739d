"""Phrases to images: the one inference journey. The app, evaluation and training all call it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from studio.design.house_rules import NO_RULES, HouseRules
from studio.design.open_reading import read_openly
from studio.design.phrasebook import Phrasebook
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import (
    CheckpointError,
    GenerationCancelledError,
    GenerationRequest,
    SettingsError,
)
from studio.perfusion.adaptive_schedule import (
    DEFAULT_SCHEDULE,
    AdaptiveSchedule,
    ScheduledResiduals,
)
from studio.perfusion.checkpoint import (
    has_defaults,
    load_defaults,
    load_phrasebook,
    load_pipeline,
)
from studio.perfusion.checkpoint_pipeline import EMPTY_PROMPT, CheckpointPipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.control import Control
from studio.perfusion.decoders import Preview
from studio.perfusion.generation_checks import check_request
from studio.perfusion.placement import Placement, place, room_on
from studio.perfusion.profile import EncodedProfile, Profile, ProfileNotice
from studio.perfusion.sampling import AfterStep, ResidualSource, Start, initial_noise
from studio.perfusion.settling import Told, tell
from studio.perfusion.taste import NO_TASTE, Taste
from studio.perfusion.user_encoder import stack_profiles

StepCallback = Callable[[int, int, list[Preview] | None], bool | None]
"""(step from 1, total, previews in the candidates' order or None) -> False to cancel."""


@dataclass(frozen=True)
class GeneratedCandidate:
    """One image of a group.

    Attributes:
        seed: gives it again, with the wearer of its round.
        design: what it shows; None for a checkpoint of pictures.
    """

    seed: int
    image: Image.Image
    design: DesignSpec | None = None


@dataclass(frozen=True)
class GenerationTimings:
    """Where the wall time went, in seconds."""

    text_s: float
    unet_s: float
    decoder_s: float
    total_s: float


@dataclass(frozen=True)
class GeneratedGroup:
    """The candidates for one prompt, and everything that a person should be told about them.

    Attributes:
        candidates: in the order of their seeds.
        prompt: the known phrases in canonical order.
        negative_prompt: what is refused, and for models of pictures what the store never sells, as
            far as they can read it.
        parsed: the reading of what was typed, unknown phrases included.
        num_inference_steps: as used.
        guidance_scale: as used.
        timings: of this run.
        personalised: whether the adaptive network had a part in them.
        profile_notices: what in the profile the checkpoint could not use.
    """

    candidates: tuple[GeneratedCandidate, ...]
    prompt: str
    negative_prompt: str
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
        schedule: at which steps a store's network acts.

    Raises:
        CheckpointError: the phrasebook asks for what the checkpoint's designs don't have.
    """

    def __init__(
        self,
        pipeline: CheckpointPipeline,
        defaults: GenerationDefaults,
        phrasebook: Phrasebook | None = None,
        schedule: AdaptiveSchedule = DEFAULT_SCHEDULE,
    ) -> None:
        if pipeline.codec is not None and phrasebook is not None:
            _check_families(phrasebook, pipeline.codec.config.families)
        self.pipeline = pipeline
        self.defaults = defaults
        self.phrasebook = phrasebook
        self.schedule = schedule

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
        where = torch.device(device)
        _, height, width = pipeline.latent_shape(defaults.height_px, defaults.width_px)
        room = room_on(where, pipeline, height * width)
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

    def read_prompt(self, prompt: str, house_rules: HouseRules = NO_RULES) -> ParsedPrompt:
        """Read what was typed; cheap enough for every keystroke.

        Unknown and contradictory phrases are part of the answer, not errors.

        Args:
            prompt: as typed.
            house_rules: of the store that it is for.

        Raises:
            EmptyPromptError: nothing was typed.
            PromptTooLongError: more than 1,000 characters were typed.
        """
        parse = read_openly if self.phrasebook is None else self.phrasebook.parse
        parsed = parse(prompt, house_rules)
        if not parsed.read:
            parsed.check()
        return parsed

    def generate(  # noqa: PLR0913  all that a round can be asked for with
        self,
        request: GenerationRequest,
        on_step: StepCallback | None = None,
        preview_every: int | None = None,
        start_images: Sequence[Image.Image] = (),
        profile: Profile | None = None,
        start_designs: Sequence[DesignSpec] = (),
        control: Control | None = None,
        taste: Taste = NO_TASTE,
    ) -> GeneratedGroup:
        """Make the group of candidates that a person asked for.

        A design has what the phrases ask for, and the person who wears it is the same for all
        candidates: drawn by lot from `request.wearer_seed`, unless asked for.

        Args:
            request: checked here, before any work is done.
            on_step: called after every step; returning False cancels.
            preview_every: steps between previews; 0 gives none, None the checkpoint's default.
            start_images: with `request.variation`, what the candidates are variations of, in
                turn; any size and mode. For checkpoints of pictures.
            profile: the store that the designs are for; None, and any profile where the checkpoint
                has no adaptive network, gives the plain model's designs.
            start_designs: the same as `start_images` for checkpoints of designs. Each variation
                has its design's wearer.
            control: a ControlNet that holds pictures to lines.
            taste: what the store's ticks have taught since the checkpoint was trained.

        Raises:
            StudioError: the request can't be met as it is; the subclass says why. Nothing was
                generated.
            GenerationCancelledError: `on_step` returned False.
        """
        stopwatch = _Stopwatch(self.pipeline.device)
        of_designs = self.pipeline.codec is not None
        check_request(request, len(start_images) + len(start_designs), of_designs=of_designs)
        parsed = self.read_prompt(request.prompt, HouseRules.from_json(request.house_rules))
        parsed.check()
        told = tell(request, parsed, self.phrasebook, start_designs)
        steps = request.num_inference_steps or self.defaults.num_inference_steps
        scale = request.guidance_scale or self.defaults.guidance_scale
        store = self._encode(profile)
        residuals = self._residuals(store, request.strength, taste)
        sources = self._controlled(residuals, control)
        size_px = (self.defaults.height_px, self.defaults.width_px)
        every = self.defaults.preview_every if preview_every is None else preview_every
        watch = _StepWatch(self.pipeline, told, size_px, on_step, every)
        generators = [torch.Generator().manual_seed(seed) for seed in request.candidate_seeds]
        noise = self._noise(request, generators)
        try:
            stopwatch.lap("checks")
            start = self._start(request, start_images, start_designs)
            stopwatch.lap("start")
            # Of what is kept of a design, as much is told as the text tower can read.
            prompt_embeds = self._embeds(told.prompts, cut_long=bool(request.kept))  # (N, T, D)
            empty, negative = None, self._negative(parsed)
            if scale > 1:
                unasked = EMPTY_PROMPT if self.phrasebook else negative
                empty = self._embeds([unasked], cut_long=False).expand_as(prompt_embeds)
            stopwatch.lap("text")
            latents = self.pipeline.sample(
                prompt_embeds,
                empty,
                noise,
                generators,
                steps,
                scale,
                watch.after_step,
                sources,
                start,
                self.defaults.candidates_per_pass,
            )
            stopwatch.lap("unet")
            decoded = self.pipeline.decoder.decode(
                latents, told.settled, size_px, self.defaults.candidates_per_pass
            )
            stopwatch.lap("decoder")
        finally:
            self.pipeline.maybe_free_model_hooks()
        return GeneratedGroup(
            candidates=tuple(
                GeneratedCandidate(seed, each.image, each.design)
                for seed, each in zip(request.candidate_seeds, decoded, strict=True)
            ),
            prompt=parsed.prompt,
            negative_prompt=negative,
            parsed=parsed,
            num_inference_steps=steps,
            guidance_scale=scale,
            timings=stopwatch.timings(),
            personalised=residuals is not None and residuals.acted,
            profile_notices=() if store is None else store.notices,
        )

    def _noise(self, request: GenerationRequest, generators: Sequence[torch.Generator]) -> Tensor:
        """(N, C, H, W) noise to begin with, or to add to what is varied."""
        shape = self.pipeline.latent_shape(self.defaults.height_px, self.defaults.width_px)
        noise = initial_noise(generators, shape)
        if self.pipeline.codec is None or not (request.variation or request.kept):
            return noise
        # The first noise of a seed leads back to the design that it made.
        return initial_noise(generators, shape)

    def _negative(self, parsed: ParsedPrompt) -> str:
        """What is refused in words; what is never sold after it, as far as there is room.

        Designs obey by themselves, so there refusals are only told.
        """
        negative = parsed.negative_prompt
        if self.phrasebook is not None:
            return negative
        never = [each for values in parsed.house.ruled_out.values() for each in sorted(values)]
        return self.pipeline.with_room(negative, never)

    def _embeds(self, prompts: Sequence[str], *, cut_long: bool) -> Tensor:
        """(N, T, D) text states; each prompt encoded alone, so that it is the same in any group."""
        size_px = (self.defaults.height_px, self.defaults.width_px)
        encoded = {
            prompt: self.pipeline.encode_prompts([prompt], cut_long=cut_long, size_px=size_px)[0]
            for prompt in dict.fromkeys(prompts)
        }
        return torch.stack([encoded[prompt] for prompt in prompts])

    def _encode(self, profile: Profile | None) -> EncodedProfile | None:
        network = self.pipeline.adaptive_network
        return None if profile is None or network is None else network.schema.encode(profile)

    def _residuals(
        self, store: EncodedProfile | None, strength: float, taste: Taste
    ) -> "_StoresPart | None":
        network = self.pipeline.adaptive_network
        if store is None or network is None:
            return None
        taste.check_fits(generator=network.user_encoder.width)
        make = partial(
            ScheduledResiduals,
            network,
            stack_profiles([store]),
            strength,
            self.schedule,
            taste.generator,
        )
        return _StoresPart(make)

    def _controlled(
        self, residuals: "_StoresPart | None", control: Control | None
    ) -> Callable[[], ResidualSource] | None:
        if control is None:
            return residuals
        unet = self.pipeline.unet
        return lambda: control.beside(unet, None if residuals is None else residuals())

    def _start(
        self,
        request: GenerationRequest,
        images: Sequence[Image.Image],
        designs: Sequence[DesignSpec],
    ) -> Start | None:
        if request.variation is None:
            return None
        size_px = (self.defaults.height_px, self.defaults.width_px)
        decoder = self.pipeline.decoder
        latents = decoder.start_latents(images, designs, size_px)
        turns = [index % len(latents) for index in range(request.num_candidates)]
        return Start(latents[turns], decoder.way(request.variation))


class _StoresPart:
    """Makes the residuals of each pass, and tells whether any of them had a part."""

    def __init__(self, make: Callable[[], ScheduledResiduals]) -> None:
        self._make = make
        self._made: list[ScheduledResiduals] = []

    def __call__(self) -> ScheduledResiduals:
        self._made.append(self._make())
        return self._made[-1]

    @property
    def acted(self) -> bool:
        return any(each.acted for each in self._made)


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

    def timings(self) -> GenerationTimings:
        return GenerationTimings(
            text_s=self._seconds["text"],
            unet_s=self._seconds["start"] + self._seconds["unet"],
            decoder_s=self._seconds["decoder"],
            total_s=sum(self._seconds.values()),
        )


class _StepWatch:
    """Turns the loop's steps into progress, previews and cancelling."""

    def __init__(
        self,
        pipeline: CheckpointPipeline,
        told: Told,
        size_px: tuple[int, int],
        on_step: StepCallback | None,
        preview_every: int,
    ) -> None:
        self._pipeline = pipeline
        self._told = told
        self._size_px = size_px
        self._on_step = on_step
        self._preview_every = preview_every

    @property
    def after_step(self) -> AfterStep | None:
        return None if self._on_step is None else self._tell

    def _tell(self, step: int, total: int, expected_latents: Callable[[], Tensor]) -> None:
        previews = None
        # The finished images follow the last step at once, so it needs no preview.
        if self._preview_every and step % self._preview_every == 0 and step < total:
            previews = self._pipeline.decoder.previews(
                expected_latents(), self._told.settled, self._size_px
            )
        if self._on_step is not None and self._on_step(step, total, previews) is False:
            raise GenerationCancelledError("Stopped. Nothing was kept of this round.")


def _check_families(book: Phrasebook, families: Mapping[str, Sequence[str]]) -> None:
    strange = [
        value
        for family, values in book.families.items()
        for value in values
        if value not in families.get(family, ())
    ]
    if strange:
        raise CheckpointError(
            f"phrasebook.json and codec are of different checkpoints ({', '.join(strange[:3])} "
            "can't be drawn). Copy the checkpoint folder again."
        )


def _check_device(device: str) -> None:
    try:
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise SettingsError(
            f"There is no device {device!r} here. Use cpu, or auto to take what there is."
        ) from error
