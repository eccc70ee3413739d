"""Scores of a round's designs: how well each suits a store, and the store's own part in that."""

import copy
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from statistics import fmean

from PIL import Image

from studio.domain import CandidateGroup, NoScoresError
from studio.perfusion.generator import GeneratedGroup
from studio.perfusion.profile import STORE_ID, Profile
from studio.perfusion.reward_model import PerFusionRM, PreparedImages
from studio.perfusion.scoring import prepared, similarities
from studio.perfusion.taste import NO_TASTE, Taste
from studio.services.stores import StoreBook
from studio.services.tastes import TasteBook
from studio.storage.image_files import ImageFiles

_SUREST = 50.0
"""Log odds; beyond, nothing changes."""
REMEMBERED = 8
"""Rounds whose prepared images are kept, so that another store's scores come at once."""


@dataclass(frozen=True)
class Score:
    """What the reward model says of a design.

    Attributes:
        total: how well it suits phrases and store, in logits: only differences count.
        general: the same for nobody in particular.
    """

    total: float
    general: float

    @property
    def own(self) -> float:
        """The store's own part."""
        return self.total - self.general


@dataclass(frozen=True)
class RoundScores:
    """The scores of a round for one store, or for nobody in particular.

    Attributes:
        by_candidate: candidate id -> score.
        store_id: the store; None for nobody in particular, whose total is the general part.
        is_known: whether the model was trained on this store's own ticks; if not, it goes by
            the store's answers.
        rounds: how many of the store's rounds its taste was learnt from since.
        pick_slope: what a logit means for the store, see `RewardModelConfig`; None where nobody
            has measured that.
    """

    by_candidate: Mapping[int, Score]
    store_id: int | None = None
    is_known: bool = False
    rounds: int = 0
    pick_slope: float | None = None

    def pick_chance(self, candidate_id: int) -> float | None:
        """How often the store picks a design where it competes with one of the round's mean score.

        None where that is not known, as for nobody in particular.
        """
        if self.pick_slope is None or self.store_id is None:
            return None
        mean = fmean(each.total for each in self.by_candidate.values())
        odds = self.pick_slope * (self.by_candidate[candidate_id].total - mean)
        return 1 / (1 + exp(-min(max(odds, -_SUREST), _SUREST)))


@dataclass(frozen=True)
class DrawnScores:
    """What a group that was just drawn is worth.

    Attributes:
        worth: of each design, in logits.
        images: its pictures as the reward model looks at them.
    """

    worth: tuple[float, ...]
    images: PreparedImages

    @property
    def similarities(self) -> list[list[float]] | None:
        """How alike the pictures look; None where the model does not look at pictures alone."""
        return similarities(self.images)


@dataclass
class _Judge:
    """The reward model that all workspaces share, and what it has looked at."""

    model: PerFusionRM | None
    prepared: OrderedDict[tuple[str, ...], PreparedImages] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)  # pages ask at the same time


class ScoreBook:
    """Scores rounds, again and again at little cost.

    Args:
        reward_model: of the checkpoint; None when it has none.
        images: where the pictures are.
        stores: whom to score for.
        tastes: what these stores have taught since the model was trained.
    """

    def __init__(
        self,
        reward_model: PerFusionRM | None,
        images: ImageFiles,
        stores: StoreBook,
        tastes: TasteBook,
    ) -> None:
        self._judge = _Judge(reward_model)
        self._images = images
        self._stores = stores
        self._tastes = tastes

    def of(self, stores: StoreBook, tastes: TasteBook) -> "ScoreBook":
        """The same reward model for another workspace's stores."""
        theirs = copy.copy(self)
        theirs._stores = stores
        theirs._tastes = tastes
        return theirs

    def use(self, reward_model: PerFusionRM | None) -> None:
        """Score with another reward model from now on, for everybody."""
        with self._judge.lock:
            self._judge.model = reward_model
            self._judge.prepared.clear()

    @property
    def can_score(self) -> bool:
        """Whether the checkpoint has a reward model."""
        return self._judge.model is not None

    def of_round(self, group: CandidateGroup, store_id: int | None) -> RoundScores | None:
        """Every candidate's score for a store; None without a reward model.

        Args:
            group: the round.
            store_id: None for nobody in particular.

        Raises:
            UnknownStoreError: there is no such store.
            StorageError: an image is missing or damaged.
        """
        text = self._stores.profile_text(store_id)
        taste = self._tastes.taste_of(store_id)
        with self._judge.lock:
            model = self._judge.model
            if model is None or not group.candidates:
                return None
            scores = model.score(
                self._prepare(model, tuple(each.image for each in group.candidates)),
                group.prompt,
                _profile_of(text),
                taste,
            )
        totals = scores.total if store_id is not None else scores.general
        values = zip(totals.tolist(), scores.general.tolist(), strict=True)
        new_to_model = {notice.field for notice in scores.notices}
        return RoundScores(
            by_candidate={
                candidate.id: Score(total, general)
                for candidate, (total, general) in zip(group.candidates, values, strict=True)
            },
            store_id=store_id,
            is_known=store_id is not None and STORE_ID not in new_to_model,
            rounds=self._tastes.rounds_of(store_id),
            pick_slope=model.config.pick_slope,
        )

    def of_pictures(
        self, pictures: Sequence[Image.Image], prompt: str, store_id: int | None
    ) -> list[Score]:
        """Scores of pictures that are in no round; see `of_round`.

        Raises:
            UnknownStoreError: there is no such store.
            NoScoresError: there is no reward model.
        """
        text = self._stores.profile_text(store_id)
        taste = self._tastes.taste_of(store_id)
        with self._judge.lock:
            model = self._judge.model
            if model is None:
                raise NoScoresError("This checkpoint has no reward model, so it gives no scores.")
            scores = model.score(prepared(model, pictures), prompt, _profile_of(text), taste)
        totals = scores.total if store_id is not None else scores.general
        return [
            Score(total, general)
            for total, general in zip(totals.tolist(), scores.general.tolist(), strict=True)
        ]

    def of_drawn(self, drawn: GeneratedGroup, profile: str, taste: Taste = NO_TASTE) -> DrawnScores:
        """What a group that was just drawn is worth, design by design.

        Args:
            drawn: the group.
            profile: of the store, as JSON; empty takes the general score.
            taste: what the store's ticks have taught since the model was trained.

        Raises:
            NoScoresError: there is no reward model.
        """
        with self._judge.lock:
            model = self._judge.model
            if model is None:
                raise NoScoresError("This checkpoint has no reward model. Show all that are drawn.")
            images = prepared(model, [each.image for each in drawn.candidates])
            scores = model.score(images, drawn.prompt, _profile_of(profile), taste)
        worth = scores.total if profile else scores.general
        return DrawnScores(tuple(worth.tolist()), images)

    def _prepare(self, model: PerFusionRM, digests: tuple[str, ...]) -> PreparedImages:
        seen = self._judge.prepared
        if digests not in seen:
            seen[digests] = prepared(model, [self._images.load(digest) for digest in digests])
            while len(seen) > REMEMBERED:
                seen.popitem(last=False)
        seen.move_to_end(digests)
        return seen[digests]


def _profile_of(text: str) -> Profile:
    return Profile.from_json(text) if text else Profile(())
