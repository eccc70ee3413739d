"""Designs by our own generator for the market: many prompts at once, and nothing drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from studio.design.phrasebook import Phrasebook
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import MAX_SEED, CheckpointError, GenerationRequest
from studio.perfusion.checkpoint import load_defaults, load_phrasebook, load_pipeline
from studio.perfusion.checkpoint_pipeline import EMPTY_PROMPT, CheckpointPipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.decoders import DesignDecoder
from studio.perfusion.sampling import initial_noise
from studio.perfusion.settling import tell
from training.data.latent_rounds import fingerprint
from training.evaluation.progress import with_time_left

_PROMPTS_AT_ONCE = 24


@dataclass(frozen=True)
class OwnDesigns:
    """Makes candidates as the studio would, for no store in particular.

    Attributes:
        pipeline: of a checkpoint of designs.
        defaults: of the checkpoint.
        book: of the checkpoint.
        name: of the checkpoint, for the rounds.
    """

    pipeline: CheckpointPipeline
    defaults: GenerationDefaults
    book: Phrasebook
    name: str

    @classmethod
    def open(cls, checkpoint: Path, device: str = "auto") -> "OwnDesigns":
        """Open a checkpoint.

        Raises:
            CheckpointError: it is missing or damaged, or draws pictures and no designs.
        """
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        pipeline, book = load_pipeline(checkpoint, device=device), load_phrasebook(checkpoint)
        if book is None or not isinstance(pipeline.decoder, DesignDecoder):
            raise CheckpointError(
                f"The checkpoint {checkpoint} draws pictures, and simulated stores like designs. "
                "Name a checkpoint of designs, such as checkpoints/atelier."
            )
        return cls(pipeline, load_defaults(checkpoint), book, checkpoint.name)

    @property
    def mark(self) -> str:
        """The name and a hash of what the designs come from."""
        return f"{self.name} {fingerprint(self.pipeline.unet)}"

    def designs(
        self, asked: Sequence[ParsedPrompt], count: int, seed: int
    ) -> list[tuple[DesignSpec, ...]]:
        """Some candidates for each prompt; those of one prompt have the same wearer.

        Args:
            asked: prompts, read.
            count: candidates for each.
            seed: of the first candidate; every other one has the next.
        """
        starts = range(0, len(asked), _PROMPTS_AT_ONCE)
        found: list[tuple[DesignSpec, ...]] = []
        for start in with_time_left(starts, len(starts), "generating designs"):
            some = asked[start : start + _PROMPTS_AT_ONCE]
            found += self._some(some, count, seed + start * count)
        return found

    def _some(
        self, asked: Sequence[ParsedPrompt], count: int, seed: int
    ) -> list[tuple[DesignSpec, ...]]:
        decoder = self.pipeline.decoder
        if not isinstance(decoder, DesignDecoder):
            raise TypeError("Only a checkpoint of designs makes designs.")
        requests = [
            GenerationRequest(
                prompt=each.prompt,
                num_candidates=count,
                seed=(seed + place * count) % (MAX_SEED + 1),
            )
            for place, each in enumerate(asked)
        ]
        told = [tell(*each) for each in zip(requests, asked, strict=True)]
        generators = [
            torch.Generator().manual_seed(each)
            for request in requests
            for each in request.candidate_seeds
        ]
        embeds = self.pipeline.encode_prompts([prompt for each in told for prompt in each.prompts])
        empty = self.pipeline.encode_prompts([EMPTY_PROMPT]).expand_as(embeds)
        latents = self.pipeline.sample(
            embeds,
            empty if self.defaults.guidance_scale > 1 else None,
            initial_noise(generators, self.pipeline.latent_shape(*_size(self.defaults))),
            generators,
            self.defaults.num_inference_steps,
            self.defaults.guidance_scale,
        )
        specs = decoder.designs(latents, [one for each in told for one in each.settled])
        return [tuple(specs[place : place + count]) for place in range(0, len(specs), count)]


def _size(defaults: GenerationDefaults) -> tuple[int, int]:
    return defaults.height_px, defaults.width_px
