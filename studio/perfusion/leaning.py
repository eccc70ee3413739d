"""What a store leans to where its phrases leave a colour open, by its adaptive network.

The network was trained so that a store's ticked images are likelier with it than without it. So
before a design is drawn, every colour can be asked how much likelier it would be, and the lot that
settles it gets these odds. All of them together take one pass of the U-Net.
"""

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.colour_names import COLOUR_NAMES
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.phrasebook import Leaning
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.sampling import expected_latents, in_passes
from studio.perfusion.unet_halves import decode, encode

COLOUR = "colour"
SHARPNESS = 300.0
"""Log odds for one unit of implicit reward at strength 1. Less gives more variety; a likelihood
over all places of an atelier latent would have 6,144."""
_PAGE_PX = 64


@torch.no_grad()
def colour_latents(pipeline: PerFusionPipeline) -> Tensor:
    """(V, C): every named colour as latents of a page that is painted with it."""
    rgb = torch.tensor([*COLOUR_NAMES.values()]) / 255  # (V, 3)
    pages = rgb[:, :, None, None].expand(-1, -1, _PAGE_PX, _PAGE_PX)
    return pipeline.encode_images(pages).mean(dim=(2, 3))


@torch.no_grad()
def colour_rewards(  # noqa: PLR0913  two networks, what they see, and what is asked
    unet: UNet2DConditionModel,
    network: PersonalisedAdaptiveNetwork,
    schedule: NoiseSchedule,
    user_features: Tensor,
    prompt_embeds: Tensor,
    noise: Tensor,
    colours: Tensor,
    candidates_per_pass: int,
) -> Tensor:
    """Implicit rewards of painting a design in each colour, where only noise is to be seen yet.

    The implicit reward of latents x is the frozen U-Net's squared error less that with the
    network (Eq. 13, without its beta). Both see the same noise, so with what they expect, e and
    e_s, it is mean((x - e)^2 - (x - e_s)^2) = 2 mean(x (e_s - e)) + a part without x. Where the
    garment is not, e_s - e is nearly nothing, so x may be a whole page of the colour.

    Args:
        unet: the backbone.
        network: of all stores.
        schedule: of the U-Net; its last timestep is asked.
        user_features: (1, F, V) int64 of the store.
        prompt_embeds: (N, T, D) of prompts that leave the colour open.
        noise: (N, C, H, W) of the candidates.
        colours: (V, C), see `colour_latents`.
        candidates_per_pass: see `sampling.in_passes`.

    Returns:
        (N, V) fp32.
    """
    last = len(schedule) - 1
    timestep = torch.tensor(last, device=unet.device)
    user_latents = network.user_latents(user_features.to(network.device))
    rows = []
    for seen, embeds in zip(
        in_passes(noise.to(unet.device, unet.dtype), candidates_per_pass),
        in_passes(prompt_embeds, candidates_per_pass),
        strict=True,
    ):
        states = encode(unet, seen, timestep, embeds)
        residuals = network(seen, timestep, embeds, user_latents)
        expected, expected_for_store = (
            expected_latents(
                seen, said, schedule.alphas_cumprod[last], schedule.prediction_type
            ).float()
            for said in (decode(unet, states), decode(unet, states, residuals))
        )
        shift = (expected_for_store - expected).mean(dim=(2, 3))  # (n, C)
        rows.append(2 * shift @ colours.float().T / shift.shape[1])
    return torch.cat(rows)[: len(noise)]


def leanings(rewards: Tensor, strength: float) -> list[Leaning]:
    """What each of N candidates leans to.

    Args:
        rewards: (N, V), see `colour_rewards`.
        strength: of the store's taste; 0 leans to nothing.
    """
    odds = (strength * SHARPNESS * rewards).tolist()
    return [{COLOUR: dict(zip(COLOUR_NAMES, row, strict=True))} for row in odds]
