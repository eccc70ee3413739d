"""What a store leans to where its phrases leave the design open, by its adaptive network.

The network was trained so that a store's ticked images are likelier with it than without it. So
before a design is drawn, each colour, print, length ... can be asked how much likelier it would
be, and the lots that settle them get these odds. What a value looks like, the U-Net itself tells:
what it expects to come out of pure noise when it is told the value.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.noise import NoiseSchedule
from studio.perfusion.phrasebook import Leaning, Phrasebook
from studio.perfusion.pipeline import PerFusionPipeline
from studio.perfusion.profile import EncodedProfile
from studio.perfusion.sampling import expected_latents
from studio.perfusion.unet_halves import Residuals, decode, encode
from studio.perfusion.user_encoder import stack_profiles

SHARPNESS = 350.0
"""Log odds for one unit of implicit reward at strength 1. Less gives more variety; a likelihood
over all places of an atelier latent would have 12,288."""
SEED = 0
"""Of the design that each value is looked at in, and of its noise."""
_PER_PASS = 32


@dataclass(frozen=True)
class Garment:
    """One kind of garment, ready for stores to be asked about.

    Attributes:
        attributes: N pairs of a family and a value that go with it.
        shown: (N, C, H, W) latents that the U-Net expects to come out of pure noise when it is
            told each of them, as part of a design.
        prompt_embeds: (1, T, D) of the garment, which leaves all else open.
        expected: (1, C, H, W) the same as `shown` for this prompt.
    """

    attributes: tuple[tuple[str, str], ...]
    shown: Tensor
    prompt_embeds: Tensor
    expected: Tensor


class Leanings:
    """What stores lean to, each asked once for each kind of garment, and remembered.

    Args:
        pipeline: whose U-Net and adaptive network answer.
        book: of the same checkpoint; its `taste` names the families.
        latent_shape: (C, H, W) of what is drawn.
    """

    def __init__(
        self, pipeline: PerFusionPipeline, book: Phrasebook, latent_shape: tuple[int, ...]
    ) -> None:
        self._pipeline = pipeline
        self._book = book
        self._schedule = NoiseSchedule.of(pipeline.scheduler)
        unet = pipeline.unet
        noise = torch.randn(1, *latent_shape, generator=torch.Generator().manual_seed(SEED))
        self._noise = noise.to(unet.device, unet.dtype)
        self._garments: dict[str, Garment] = {}
        self._rewards: dict[tuple[EncodedProfile, str], list[float]] = {}

    def of(
        self,
        store: EncodedProfile,
        garment: str,
        strength: float,
        between: Callable[[], None] | None = None,
    ) -> Leaning:
        """Log odds of all values of taste that go with a garment.

        Args:
            store: whose taste.
            garment: a value of the phrasebook's first family.
            strength: of the taste; 0 leans to nothing.
            between: called between the passes of a garment's first question, which takes some
                seconds on a CPU; what it raises ends it, and the next one starts anew.
        """
        asked = self.garment(garment, between)
        if (store, garment) not in self._rewards:
            self._rewards[store, garment] = self.rewards(store, asked).tolist()
        leaning: dict[str, dict[str, float]] = {family: {} for family, _ in asked.attributes}
        rewards = self._rewards[store, garment]
        for (family, value), reward in zip(asked.attributes, rewards, strict=True):
            leaning[family][value] = strength * SHARPNESS * reward
        return leaning

    @torch.no_grad()
    def rewards(self, store: EncodedProfile, garment: Garment) -> Tensor:
        """(N,) implicit rewards of a garment's values, fp32.

        The implicit reward of latents x is the frozen U-Net's squared error less that with the
        network (Eq. 13, without its beta). Both see the same noise, so with what they expect, e
        and e_s, it is mean((x - e)^2 - (x - e_s)^2) = 2 mean(x (e_s - e)) + a part without x.
        """
        network = self._pipeline.adaptive_network
        users = network.user_latents(stack_profiles([store]).to(network.device))
        shift = self._expected(garment.prompt_embeds, users) - garment.expected
        return 2 * garment.shown.flatten(1) @ shift.flatten() / shift.numel()

    @torch.no_grad()
    def garment(self, name: str, between: Callable[[], None] | None = None) -> Garment:
        """A kind of garment with everything that goes with it; for `between` see `of`."""
        if name not in self._garments:
            self._garments[name] = self._look_at(name, between)
        return self._garments[name]

    def _look_at(self, name: str, between: Callable[[], None] | None) -> Garment:
        book, nothing = self._book, self._book.parse("")
        kind = {next(iter(book.families)): name}
        attributes = [
            (family, value)
            for family in book.taste
            for value in book.lots.get(family, ())
            if book.can_go_together({**kind, family: value})
        ]
        told = [
            book.told(nothing, book.by_lot({**kind, family: value}, SEED)).plain_prompt
            for family, value in attributes
        ]
        parts = [told[start : start + _PER_PASS] for start in range(0, len(told), _PER_PASS)]
        shown: list[Tensor] = []
        for part in parts:
            if between is not None:
                between()
            shown.append(self._expected(self._embeds(part)))
        embeds = self._embeds([book.told(nothing, kind).plain_prompt])
        return Garment(tuple(attributes), torch.cat(shown), embeds, self._expected(embeds))

    def _embeds(self, prompts: list[str]) -> Tensor:
        return torch.cat([self._pipeline.encode_prompts([prompt]) for prompt in prompts])

    def _expected(self, prompt_embeds: Tensor, user_latents: Tensor | None = None) -> Tensor:
        """(B, C, H, W) clean latents that pure noise becomes, for a store or for none; fp32."""
        unet, last = self._pipeline.unet, len(self._schedule) - 1
        network: PersonalisedAdaptiveNetwork = self._pipeline.adaptive_network
        seen = self._noise.expand(len(prompt_embeds), -1, -1, -1)
        timestep = torch.tensor(last, device=unet.device)
        residuals: Residuals | None = None
        if user_latents is not None:
            residuals = network(seen, timestep, prompt_embeds, user_latents)
        said = decode(unet, encode(unet, seen, timestep, prompt_embeds), residuals)
        kept = self._schedule.alphas_cumprod[last]
        return expected_latents(seen, said, kept, self._schedule.prediction_type).float()
