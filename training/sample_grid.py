"""A few requests, always the same ones, drawn while a generator is trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from studio.design.phrasebook import Phrasebook
from studio.domain import GenerationRequest, StudioError
from studio.perfusion.adaptive_schedule import ScheduledResiduals
from studio.perfusion.checkpoint import load_defaults, load_phrasebook
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.config import GenerationDefaults
from studio.perfusion.generator import Generator
from studio.perfusion.profile import STORE_ID, Profile
from studio.perfusion.sampling import initial_noise
from training.contact_sheet import sheet_of_pictures
from training.data.groups import Round
from training.data.latent_rounds import LatentGroups

STORES = 3
_PLAIN = -1
_SHOWN_HEIGHT_PX = 320


@dataclass(frozen=True)
class StudioSamples:
    """Requests as a person in the studio makes them, drawn by the studio's own generator.

    Attributes:
        prompts: a row of the sheet each.
        stores: a column each, beside one for no store.
        phrasebook: of the checkpoint; None accepts any phrase.
        defaults: of the checkpoint.
    """

    prompts: tuple[str, ...]
    stores: tuple[Profile, ...]
    phrasebook: Phrasebook | None
    defaults: GenerationDefaults

    @classmethod
    def of(cls, rounds: Sequence[Round], prompts: int, checkpoint: Path) -> "StudioSamples":
        """The first prompts of some rounds, and stores that tell different things of themselves.

        Args:
            rounds: with profiles that can be used.
            prompts: how many, as far as the checkpoint can read so many.
            checkpoint: its folder.
        """
        book = load_phrasebook(checkpoint)
        readable = [
            text for text in dict.fromkeys(each.prompt for each in rounds) if _reads(book, text)
        ]
        stores = _unlike(list({each.store_id: each.profile for each in rounds}.values()))
        return cls(tuple(readable[:prompts]), stores, book, load_defaults(checkpoint))

    @property
    def told(self) -> str:
        """What the sheet's columns and rows are, in words."""
        names = [str(store[STORE_ID] or "a store without a name") for store in self.stores]
        columns = ", ".join(["no store", *names])
        rows = "; ".join(f"“{prompt}”" for prompt in self.prompts)
        return f"Columns: {columns}. Rows, one seed each: {rows}."

    def sheet(self, pipeline: CheckpointPipeline) -> Image.Image:
        """A row per prompt: nobody's design, then each store's, of the same seed."""
        studio = Generator(pipeline, self.defaults, self.phrasebook)
        stores: list[Profile | None] = [None]
        if pipeline.adaptive_network is not None:
            stores += self.stores
        rows = []
        for seed, prompt in enumerate(self.prompts):
            asked = GenerationRequest(prompt=prompt, num_candidates=1, seed=seed)
            drawn = [studio.generate(asked, preview_every=0, profile=store) for store in stores]
            rows.append([_small(group.candidates[0].image) for group in drawn])
        return sheet_of_pictures(rows) if rows else Image.new("RGB", (8, 8), "white")


def _reads(book: Phrasebook | None, prompt: str) -> bool:
    """Whether the checkpoint can draw a prompt out of an export, which may be another one's."""
    if book is None:
        return True
    try:
        book.parse(prompt).check()
    except StudioError:
        return False
    return True


def _unlike(profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """Each store the one that shares the fewest answers with those before it."""
    chosen = list(profiles[:1])
    while len(chosen) < min(STORES, len(profiles)):
        told = [item for each in chosen for item in each.fields]
        left = [each for each in profiles if each not in chosen]
        if not left:
            break
        chosen.append(min(left, key=lambda each: sum(item in told for item in each.fields)))
    return tuple(chosen)


def _small(picture: Image.Image) -> Image.Image:
    width = round(picture.width * _SHOWN_HEIGHT_PX / picture.height)
    return picture.resize((width, _SHOWN_HEIGHT_PX), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class SampleRequests:
    """Prompts and a store whose latents are compared, without anything settled by phrases.

    Attributes:
        prompt_embeds: (R, T, D) of R prompts.
        empty: (T, D) of the empty prompt.
        user_features: (S, F, V) of S stores.
        num_inference_steps: of the scheduler.
        guidance_scale: see `sampling.guide`.
    """

    prompt_embeds: Tensor
    empty: Tensor
    user_features: Tensor
    num_inference_steps: int
    guidance_scale: float

    @classmethod
    def of(
        cls,
        data: LatentGroups,
        prompts: int,
        num_inference_steps: int,
        guidance_scale: float,
    ) -> "SampleRequests":
        """The first prompts and the first stores of some rounds, each only once."""
        rows = list(dict.fromkeys(group.prompt for group in data.groups))[:prompts]
        users = list(dict.fromkeys(group.user for group in data.groups))[:1]
        return cls(
            data.prompt_embeds[rows],
            data.prompt_embeds[0],
            data.user_features[users],
            num_inference_steps,
            guidance_scale,
        )


def same_request(
    pipeline: CheckpointPipeline, requests: SampleRequests, prompt: int, images: int
) -> Tensor:
    """(images, C, H, W) latents of one prompt for the first store, each from its own seed."""
    store = _PLAIN if pipeline.adaptive_network is None else 0
    return draw_latents(pipeline, requests, [prompt] * images, store)


@torch.no_grad()
def draw_latents(
    pipeline: CheckpointPipeline, requests: SampleRequests, prompts: Sequence[int], store: int
) -> Tensor:
    """Latents for some prompts and one store; image number i is drawn from seed i.

    Args:
        pipeline: with the networks to look at.
        requests: prompts and stores.
        prompts: row of each image's prompt.
        store: row of the store, or -1 for the plain generator.

    Returns:
        (len(prompts), C, H, W).
    """
    device, dtype = pipeline.device, pipeline.unet.dtype
    generators = [torch.Generator().manual_seed(seed) for seed in range(len(prompts))]
    noise = initial_noise(generators, pipeline.latent_shape(*pipeline.own_size_px))
    embeds = requests.prompt_embeds[list(prompts)].to(device, dtype)
    empty = requests.empty.to(device, dtype).expand_as(embeds)
    residuals = None
    if store != _PLAIN:
        user_features = requests.user_features[store : store + 1]
        residuals = partial(ScheduledResiduals, pipeline.adaptive_network, user_features)
    return pipeline.sample(
        embeds,
        empty if requests.guidance_scale > 1 else None,
        noise,
        generators,
        requests.num_inference_steps,
        requests.guidance_scale,
        residuals=residuals,
    )
