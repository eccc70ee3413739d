"""At which steps the adaptive network is evaluated: at all of them, unless something else is set.

Guidance's unconditional branch has no use for a store, so it acts on the conditional one alone.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.domain import CheckpointError
from studio.perfusion.adaptive_network import PersonalisedAdaptiveNetwork
from studio.perfusion.unet_halves import Residuals


@dataclass(frozen=True, kw_only=True)
class AdaptiveSchedule:
    """At which steps the adaptive network is evaluated.

    Attributes:
        every: evaluate at every so many steps, and use the last residuals in between.
        lowest_timestep: below this the image stays plain; 0 leaves nothing out.
        highest_timestep: above this the image stays plain; 1,000 leaves nothing out.
    """

    every: int = 1
    lowest_timestep: int = 0
    highest_timestep: int = 1_000

    def __post_init__(self) -> None:
        """Refuse what could never be evaluated.

        Raises:
            CheckpointError: `every` is no positive whole number, or the band is empty.
        """
        if self.every < 1 or self.lowest_timestep > self.highest_timestep:
            raise CheckpointError(
                "The adaptive network's schedule needs every >= 1 and a lowest timestep that is "
                f"not above the highest, not {self}."
            )

    def covers(self, timestep: float) -> bool:
        """Whether the image is personalised at this timestep."""
        return self.lowest_timestep <= timestep <= self.highest_timestep


EVERY_STEP = AdaptiveSchedule()
"""The paper's: nothing is left out."""

DEFAULT_SCHEDULE = EVERY_STEP


class ScheduledResiduals:
    """The adaptive network as one denoising run sees it: a `sampling.ResidualSource`.

    It remembers the last residuals, so each run needs its own.

    Args:
        network: the adaptive network.
        user_features: (1, F, V) int64 of the store, or (B, F, V) with one per image.
        strength: scales the residuals; 0 is the plain U-Net exactly, 1 as trained.
        schedule: when to evaluate.
        correction: (U,) or (B, U), what ticks have added to the stores' embeddings; None for
            nothing.

    Attributes:
        acted: whether it has changed any step so far.
    """

    def __init__(
        self,
        network: PersonalisedAdaptiveNetwork,
        user_features: Tensor,
        strength: float = 1.0,
        schedule: AdaptiveSchedule = DEFAULT_SCHEDULE,
        correction: Tensor | None = None,
    ) -> None:
        self._network = network
        self._strength = strength
        self._schedule = schedule
        with torch.no_grad():
            self._user_latents = network.user_latents(user_features.to(network.device), correction)
        self.acted = False
        self._steps = 0
        self._last: Residuals | None = None

    @torch.no_grad()
    def __call__(
        self, noisy_latents: Tensor, timestep: Tensor, prompt_embeds: Tensor
    ) -> Residuals | None:
        """The residuals of the next step; None where it stays plain."""
        if self._strength == 0 or not self._schedule.covers(float(timestep)):
            return None
        if self._last is None or self._steps % self._schedule.every == 0:
            fresh = self._network(noisy_latents, timestep, prompt_embeds, self._user_latents)
            self._last = fresh if self._strength == 1 else fresh.scaled(self._strength)
            self.acted = self.acted or _says_something(self._last)
        self._steps += 1
        return self._last


def _says_something(residuals: Residuals) -> bool:
    return any(bool(each.any()) for each in (*residuals.skips, residuals.middle))
