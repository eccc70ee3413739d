"""Everything that can say how good a round's images are, behind one interface.

The personalised reward model, the frozen and tuned general models, a head that looks at the
image only, published models by Hub id, and the true tastes. Higher is better; only the order
within a round counts.
"""

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from studio.perfusion.profile import Profile
from studio.perfusion.reward_backbone import TwoTowerBackbone
from studio.perfusion.reward_model import PerFusionRM
from training.atelier.oracle import Oracle
from training.data.batches import GroupTable, ImageBank, group_tables
from training.data.groups import Round
from training.loops.image_head import ImageHead
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


@dataclass(frozen=True)
class ImageHeadScorer:
    """A head on the frozen image features: what is liked whatever was asked (LAION aesthetics).

    Attributes:
        head: trained on the same rounds, blind to stores and prompts.
        bank: what the backbone makes of the images.
    """

    head: ImageHead
    bank: ImageBank

    @torch.no_grad()
    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        rows = [torch.tensor([self.bank.rows[name] for name in each.images]) for each in rounds]
        return [self.head(self.bank.features_of(each)).double().numpy() for each in rows]


class TunedClipScorer(nn.Module):
    """CLIP tuned to what all stores like, as PickScore was: its own logits, the same loss.

    The text tower learns whole. Of the image side a linear map of its features learns, so that
    the image tower runs once per image.

    Args:
        model: whose two towers to start from; it stays as it is.
        bank: what its image tower makes of the images.
    """

    def __init__(self, model: PerFusionRM, bank: ImageBank) -> None:
        super().__init__()
        if not isinstance(model.backbone, TwoTowerBackbone):
            raise TypeError("Only a backbone of two towers can be tuned on cached features.")
        self.bank = bank
        self._schema, self._processor = model.schema, model.processor
        self.towers = copy.deepcopy(model.backbone)
        self.towers.model.text_model.requires_grad_(True)
        width = bank.features_of(torch.tensor([0])).shape[-1]
        self.image_map = nn.Linear(width, width, bias=False)
        nn.init.eye_(self.image_map.weight)

    def forward(self, table: GroupTable, rows: Tensor) -> Tensor:
        """Some rounds of a table -> (B, N) scores."""
        device = self.image_map.weight.device
        inputs = table.inputs(rows, self.bank, device, frozen_images=True)
        texts = self.towers.text_features(inputs.prompt_ids, inputs.prompt_mask, None)
        return self.towers.compare(F.normalize(self.image_map(inputs.images), dim=-1), texts)

    @torch.no_grad()
    def score(self, rounds: Sequence[Round]) -> Scores:
        """See `Scorer`."""
        tables = group_tables(rounds, self.bank, self._schema, self._processor)
        return _in_parts(tables, rounds, self)


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
    def scores(table: GroupTable, rows: Tensor) -> Tensor:
        found: Tensor = model(table.inputs(rows, bank, model.device, frozen_images), personal)
        return found

    tables = group_tables(rounds, bank, model.schema, model.processor)
    return _in_parts(tables, rounds, scores)


def _in_parts(
    tables: Sequence[GroupTable],
    rounds: Sequence[Round],
    score: Callable[[GroupTable, Tensor], Tensor],
) -> Scores:
    """All rounds of the tables, a few at a time; the answers in the order of `rounds`."""
    found: dict[str, NDArray[np.float64]] = {}
    for table in tables:
        for rows in torch.split(torch.arange(len(table)), _ROUNDS_PER_PASS):
            values = score(table, rows).double().cpu().numpy()
            names = [table.rounds[row].id for row in rows.tolist()]
            found.update(zip(names, values, strict=True))
    return [found[each.id] for each in rounds]
