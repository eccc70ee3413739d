"""Many designs at once, for measuring: the studio's models from phrases and seeds to designs.

What the generator does for a round this does for any number of questions, each with its own
phrases, seed and store, and without pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.design.phrasebook import Phrasebook
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import GenerationRequest, StudioError
from studio.perfusion.adaptive_schedule import EVERY_STEP, AdaptiveSchedule, ScheduledResiduals
from studio.perfusion.checkpoint_pipeline import EMPTY_PROMPT
from studio.perfusion.design_codec import OPEN, DesignCodec, Settled
from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from studio.perfusion.sampling import initial_noise
from studio.perfusion.settling import tell
from studio.perfusion.taste import NO_TASTE, Taste
from studio.perfusion.user_encoder import stack_profiles
from training.evaluation.progress import with_time_left

AT_ONCE = 96
"""Designs that the U-Net sees at once."""

Places = NDArray[np.int16]


@dataclass(frozen=True)
class Sampling:
    """How designs are made.

    Attributes:
        steps: denoising steps; None takes the checkpoint's own.
        guidance_scale: the same.
        device: "auto", "cpu", "cuda" ...
        threads: for a CPU; 0 leaves it to torch.
    """

    steps: int | None = None
    guidance_scale: float | None = None
    device: str = "auto"
    threads: int = 0


@dataclass(frozen=True)
class Question:
    """What one design is asked for.

    Attributes:
        prompt: what the U-Net reads; empty for no phrases.
        settled: what the design has whatever the U-Net makes of it.
        seed: of its noise.
        store: whom it is for; None for the plain model.
        taste: what the store's ticks have taught since the model was trained.
    """

    prompt: str
    settled: Settled
    seed: int
    store: Profile | None = None
    taste: Taste = NO_TASTE


@dataclass(frozen=True)
class Answers:
    """Designs, in the order of the questions.

    Attributes:
        designs: whole and valid.
        free: (N, F) place of each family's likeliest value before anything was settled or
            repaired.
    """

    designs: tuple[DesignSpec, ...]
    free: Places

    @property
    def places(self) -> Places:
        """(N, F) place of each family's value in the end."""
        return np.array([design.outfit.places() for design in self.designs], np.int16)


def question_of(
    parsed: ParsedPrompt,
    seed: int,
    wearer_seed: int,
    store: Profile | None = None,
    taste: Taste = NO_TASTE,
) -> Question:
    """A question as a round of the studio asks it: its wearer is drawn by lot."""
    request = GenerationRequest(
        prompt=parsed.prompt, num_candidates=1, seed=seed, wearer_seed=wearer_seed
    )
    told = tell(request, parsed)
    return Question(told.prompts[0], told.settled[0], seed, store, taste)


def open_question(seed: int) -> Question:
    """No phrases, no store, nothing settled."""
    return Question(EMPTY_PROMPT, OPEN, seed)


class Designer:
    """One checkpoint's models.

    Args:
        generator: its parts, opened.
        sampling: how designs are made.

    Raises:
        StudioError: the checkpoint draws pictures and knows nothing of designs.
    """

    def __init__(self, generator: Generator, sampling: Sampling) -> None:
        codec, book = generator.pipeline.codec, generator.phrasebook
        if codec is None or book is None:
            raise StudioError(
                "This checkpoint draws pictures and knows nothing of designs, so there is nothing "
                "to count in what it makes. Take one of the atelier."
            )
        self._pipeline = generator.pipeline
        self._codec: DesignCodec = codec
        self.book: Phrasebook = book
        self.steps = sampling.steps or generator.defaults.num_inference_steps
        self.guidance_scale = sampling.guidance_scale or generator.defaults.guidance_scale

    @classmethod
    def load(cls, folder: Path, sampling: Sampling) -> "Designer":
        """Open a checkpoint folder.

        Raises:
            StudioError: it is missing, damaged, or of pictures.
        """
        generator = Generator.load(folder, device=sampling.device, threads=sampling.threads)
        return cls(generator, sampling)

    @property
    def first_step_only(self) -> AdaptiveSchedule:
        """The adaptive network where there is nothing but noise, and nowhere else."""
        return AdaptiveSchedule(lowest_timestep=1_000 - 500 // self.steps)

    def answer(
        self,
        questions: Sequence[Question],
        strength: float = 1.0,
        schedule: AdaptiveSchedule = EVERY_STEP,
        what: str = "designs",
    ) -> Answers:
        """Design what is asked for.

        Args:
            questions: all with a store, or none.
            strength: of the stores' taste, 0 to 2.
            schedule: when the adaptive network acts.
            what: is designed, for the log.
        """
        parts = [questions[at : at + AT_ONCE] for at in range(0, len(questions), AT_ONCE)]
        designs: list[DesignSpec] = []
        free: list[Places] = []
        for part in with_time_left(parts, len(parts), what):
            latents = self._latents(part, strength, schedule)
            free.append(self._codec.costs(latents).argmin(-1).cpu().numpy().astype(np.int16))
            designs += self._codec.decode(latents, [each.settled for each in part])
        return Answers(tuple(designs), np.concatenate(free))

    @torch.no_grad()
    def _latents(
        self, questions: Sequence[Question], strength: float, schedule: AdaptiveSchedule
    ) -> Tensor:
        """(N, C, H, W) in the scale of the U-Net."""
        pipeline = self._pipeline
        embeds = pipeline.encode_prompts([each.prompt for each in questions])
        empty = pipeline.encode_prompts([EMPTY_PROMPT]).expand_as(embeds)
        generators = [torch.Generator().manual_seed(each.seed) for each in questions]
        features, corrections = self._features(questions), self._corrections(questions)
        latents: Tensor = pipeline.sample(
            embeds,
            empty if self.guidance_scale > 1 else None,
            initial_noise(generators, self._codec.latent_shape),
            generators,
            self.steps,
            self.guidance_scale,
            residuals=None
            if features is None
            else lambda: ScheduledResiduals(
                pipeline.adaptive_network, features, strength, schedule, corrections
            ),
        )
        return latents

    def _corrections(self, questions: Sequence[Question]) -> Tensor | None:
        """(N, U) what is added to the stores' embeddings; None for nothing."""
        taught = [each.taste.generator for each in questions]
        some = next((each for each in taught if each is not None), None)
        if some is None:
            return None
        nothing = torch.zeros_like(some)
        return torch.stack([nothing if each is None else each for each in taught])

    def _features(self, questions: Sequence[Question]) -> Tensor | None:
        network = self._pipeline.adaptive_network
        stores = [each.store for each in questions if each.store is not None]
        if not stores:
            return None
        if network is None:
            raise StudioError("This checkpoint has no adaptive network, so it knows no stores.")
        encoded = {store: network.schema.encode(store) for store in dict.fromkeys(stores)}
        return stack_profiles([encoded[store] for store in stores])
