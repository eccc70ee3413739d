"""Receipts of scores: what of a design raises or lowers its score for a store, part by part.

Nothing is explained by words of a model. One family after another is changed to what the round's
other designs have there, all else being equal, the design is drawn again, and the same reward
model scores it for the same store. What the parts do together, and not one by one, is a line of
its own; so the lines add up to the score.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from PIL import Image

from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.domain import CandidateGroup, DesignError, NoScoresError, UnknownCandidateError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.services.known_designs import KnownDesigns
from studio.services.scores import Score, ScoreBook
from studio.services.tastes import TasteBook

HEIGHT_PX = 512
"""Of the drawings that are compared; a reward model sees less."""


@dataclass(frozen=True)
class Part:
    """What one family does to a score.

    Attributes:
        family: such as "print".
        value: what the design has.
        instead: what the round's other designs have, that it was compared with.
        total: how much the value raises the score for the store.
        general: the same for nobody in particular.
        rounds: those of the store's answers that tell of the value.
    """

    family: str
    value: str
    instead: str
    total: float
    general: float
    rounds: tuple[int, ...] = ()

    @property
    def own(self) -> float:
        """The store's own share of it."""
        return self.total - self.general


@dataclass(frozen=True)
class Receipt:
    """A design's score against its round's mean, in parts.

    Attributes:
        total: the score above the round's mean.
        parts: the strongest first.
        together: what the parts do only together, and what no family says.
    """

    total: float
    parts: tuple[Part, ...]
    together: float


class ReceiptDesk:
    """Writes receipts.

    Args:
        scores: of the workspace.
        known: what designs its pictures show.
        tastes: of its stores.
    """

    def __init__(self, scores: ScoreBook, known: KnownDesigns, tastes: TasteBook) -> None:
        self._scores = scores
        self._known = known
        self._tastes = tastes

    def receipt(self, group: CandidateGroup, candidate_id: int, store_id: int | None) -> Receipt:
        """What makes a design's score.

        Args:
            group: its round.
            candidate_id: the design.
            store_id: whose score; None for nobody in particular.

        Raises:
            UnknownCandidateError: the round does not hold this candidate.
            NoScoresError: there is no reward model.
            DesignError: no design is known of the picture.
        """
        scores = self._scores.of_round(group, store_id)
        if scores is None:
            raise NoScoresError("This checkpoint has no reward model, so there are no scores.")
        if candidate_id not in scores.by_candidate:
            raise UnknownCandidateError("That design is no longer there. Reload the page.")
        designs = {each.id: self._known.of(group, each).whole() for each in group.candidates}
        own = designs.pop(candidate_id)
        if own is None:
            raise DesignError("No design is known of that picture, so no part of it can be told.")
        changes = [*_changes(own, [each for each in designs.values() if each is not None])]
        drawn = [_drawn(each) for each in (own, *(changed for _, changed in changes))]
        first, *others = self._scores.of_pictures(drawn, group.prompt, store_id)
        rounds = self._rounds(store_id)
        parts = [
            _part(family, own, changed, first, score, rounds)
            for (family, changed), score in zip(changes, others, strict=True)
        ]
        mean = fmean(each.total for each in scores.by_candidate.values())
        total = scores.by_candidate[candidate_id].total - mean
        parts.sort(key=lambda each: -abs(each.total))
        return Receipt(total, tuple(parts), total - sum(each.total for each in parts))

    def _rounds(self, store_id: int | None) -> dict[tuple[str, str], tuple[int, ...]]:
        if store_id is None:
            return {}
        return {(each.family, each.value): each.rounds for each in self._tastes.likings(store_id)}


def _changes(own: DesignSpec, others: Sequence[DesignSpec]) -> Iterator[tuple[str, DesignSpec]]:
    """Each family that the round varies, with the design that has another design's value there.

    The commonest value that goes with the rest is taken. What cannot be changed alone is no part.
    """
    for family in FAMILIES:
        there = Counter(
            each.outfit[family] for each in others if each.outfit[family] != own.outfit[family]
        )
        for value, _ in there.most_common():
            outfit = Outfit({**own.outfit, family: value})
            if GARMENT_RULES.first_broken(outfit):
                continue
            changed = replace(own, outfit=outfit)
            if family == "colour":  # the exact colour belongs to its name
                donor = next(each for each in others if each.outfit[family] == value)
                measures = replace(own.measures, colour=donor.measures.colour)
                changed = replace(changed, measures=measures)
            yield family, changed
            break


def _part(
    family: str,
    own: DesignSpec,
    changed: DesignSpec,
    first: Score,
    other: Score,
    rounds: dict[tuple[str, str], tuple[int, ...]],
) -> Part:
    value = own.outfit[family]
    return Part(
        family=family,
        value=value,
        instead=changed.outfit[family],
        total=first.total - other.total,
        general=first.general - other.general,
        rounds=rounds.get((family, value), ()),
    )


def _drawn(design: DesignSpec) -> Image.Image:
    return picture(draw_croquis(design), HEIGHT_PX)
