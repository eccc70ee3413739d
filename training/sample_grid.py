"""A few requests, always the same ones, drawn while a generator is trained."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import torch
from PIL import Image
from torch import Tensor

from studio.perfusion.adaptive_schedule import ScheduledResiduals
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.sampling import initial_noise
from training.contact_sheet import contact_sheet
from training.data.latent_rounds import LatentGroups
from training.data.tiles import TILE_SHAPE

STORES = 3
_PLAIN = -1


@dataclass(frozen=True)
class SampleRequests:
    """Prompts and stores to draw for.

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
        users = list(dict.fromkeys(group.user for group in data.groups))[:STORES]
        return cls(
            data.prompt_embeds[rows],
            data.prompt_embeds[0],
            data.user_features[users],
            num_inference_steps,
            guidance_scale,
        )


def sample_grid(pipeline: CheckpointPipeline, requests: SampleRequests) -> Image.Image:
    """A row per prompt: the generator without a store, then for each store; one seed per row."""
    stores = [_PLAIN]
    if pipeline.adaptive_network is not None:
        stores += range(len(requests.user_features))
    prompts = range(len(requests.prompt_embeds))
    columns = [
        pipeline.decoder.images(draw_latents(pipeline, requests, prompts, store), TILE_SHAPE[:2])
        for store in stores
    ]
    return contact_sheet(list(torch.stack(columns, dim=1).unbind()))


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
