"""Everything that can say how good a round's images are, behind one interface.

The personalised reward model, the frozen and tuned general models, a head that looks at the
image only, published models by Hub id, and the true tastes. Higher is better; only the order
within a round counts.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.perfusion.profile import Profile
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_model import PerFusionRM
from training.atelier.oracle import Oracle
from training.data.batches import ImageBank, group_tables
from training.data.groups import Round
from training.metrics import GroupMetrics, group_metrics

Scores = list[NDArray[np.float64]]

_ROUNDS_PER_PASS = 32


class Scorer(Protocol):
    """Something that orders the images of a round."""

    def score(self, rounds: Sequence[Round]) -> Scores:
        """(N,) float64 for each round, in the order of the rounds."""


@dataclass(frozen=True)
class PersonalScorer:
    """PerFusionRM for the store that was asked, or for a stand-in.

    Attributes:
        model: the reward model.
        bank: what its backbone makes of the images.
        profile_of: which store to score for; the round's own by default.
        vision: whether the vision tower is personal; None to see from the model's variant.
    """

    model: PerFusionRM
    bank: ImageBank
    profile_of: Callable[[Round], Profile] | None = None
    vision: bool | None = None

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        asked = rounds
        if self.profile_of is not None:
            asked = [replace(each, profile=self.profile_of(each)) for each in rounds]
        return _score_tables(self.model, self.bank, asked, True, self._frozen_images)

    @property
    def _frozen_images(self) -> bool:
        if not isinstance(self.model.backbone, TwoTowerBackbone):
            return False
        personal = self.model.config.variant != "text-only" if self.vision is None else self.vision
        return not personal


@dataclass(frozen=True)
class GeneralScorer:
    """The frozen backbone alone: how well an image fits the prompt."""

    model: PerFusionRM
    bank: ImageBank

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        frozen = isinstance(self.model.backbone, TwoTowerBackbone)
        return _score_tables(self.model, self.bank, rounds, False, frozen)


@dataclass(frozen=True)
class OtherStoresScorer:
    """The mean of what the reward model says for other stores: a personal model without the person.

    Attributes:
        model: the reward model.
        bank: what its backbone makes of the images.
        stores: profiles to choose from.
        count: how many of them to ask.
        seed: of the choice.
    """

    model: PerFusionRM
    bank: ImageBank
    stores: Sequence[Profile]
    count: int = 8
    seed: int = 0

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        votes = [PersonalScorer(self.model, self.bank, ask).score(rounds) for ask in self._asked()]
        return [np.mean(each, axis=0) for each in zip(*votes, strict=True)]

    def _asked(self) -> Iterator[Callable[[Round], Profile]]:
        for number in range(self.count):
            yield stranger_of(self.stores, self.seed * self.count + number)


class ImageHeadScorer(nn.Module):
    """A head on the frozen image features: what is liked whatever was asked (LAION aesthetics).

    Args:
        width: of the features.
        bank: what the backbone makes of the images.
        hidden_width: of the head.
    """

    def __init__(self, width: int, bank: ImageBank, hidden_width: int = 64) -> None:
        super().__init__()
        self.bank = bank
        self.head = nn.Sequential(
            nn.Linear(width, hidden_width), nn.GELU(), nn.Linear(hidden_width, 1)
        )

    def forward(self, image_features: Tensor) -> Tensor:
        """(..., D) unit-length features -> (...) scores."""
        scores: Tensor = self.head(image_features * image_features.shape[-1] ** 0.5)
        return scores.squeeze(-1)

    @torch.no_grad()
    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        device = next(self.parameters()).device
        rows = [torch.tensor([self.bank.rows[name] for name in each.images]) for each in rounds]
        return [
            self(self.bank.features_of(each).to(device)).double().cpu().numpy() for each in rows
        ]


@dataclass(frozen=True)
class OracleScorer:
    """The true utilities, without the noise of the ticks: nobody can do better."""

    oracle: Oracle

    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        return [self.oracle.utilities[each.id] for each in rounds]


def measure(scorer: Scorer, rounds: Sequence[Round]) -> GroupMetrics:
    """MAP and GAUC of a scorer, round by round."""
    ticked = [np.array(each.labels) > 0.5 for each in rounds]
    return group_metrics(scorer.score(rounds), ticked, [each.store_id for each in rounds])


def stranger_of(stores: Sequence[Profile], seed: int) -> Callable[[Round], Profile]:
    """Another store's profile for each round, the same one for all rounds of a store."""
    names = sorted({profile.to_json(): profile for profile in stores}.items())
    profiles = [profile for _, profile in names]
    order = np.random.default_rng(seed).permutation(len(profiles))
    shift: Mapping[Profile, Profile] = {
        profiles[order[place]]: profiles[order[(place + 1) % len(order)]]
        for place in range(len(order))
    }

    def profile_of(each: Round) -> Profile:
        return shift.get(each.profile, profiles[order[0]])

    return profile_of


@torch.no_grad()
def _score_tables(
    model: PerFusionRM,
    bank: ImageBank,
    rounds: Sequence[Round],
    personal: bool,
    frozen_images: bool,
) -> Scores:
    scores: dict[str, NDArray[np.float64]] = {}
    for table in group_tables(rounds, bank, model.schema, model.processor):
        for start in range(0, len(table), _ROUNDS_PER_PASS):
            rows = torch.arange(start, min(start + _ROUNDS_PER_PASS, len(table)))
            inputs = table.inputs(rows, bank, model.device, frozen_images)
            found = model(inputs, personal).double().cpu().numpy()
            names = [table.rounds[row].id for row in rows.tolist()]
            scores.update(zip(names, found, strict=True))
    return [scores[each.id] for each in rounds]
