"""Receipts of scores: what of a design raises or lowers its score for a store, part by part.

Nothing is explained by words of a model. The design is turned into two others of its round, whose
scores lie about the round's mean: one thing after another is changed, all else being equal, what
there is at each step is drawn, and the same reward model scores it for the same store. The second
walk goes in the opposite order, because what comes first sees another design than what comes last.
So each part is a difference of scores, and together they are the score.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean

from studio.design.dyes import shows_measure
from studio.design.families import FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import MEASURES
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.domain import CandidateGroup, DesignError, NoScoresError, UnknownCandidateError
from studio.services.known_designs import KnownDesigns
from studio.services.scores import RoundScores, Score, ScoreBook
from studio.services.tastes import TasteBook
from studio.services.twins import drawn

BROUGHT: Mapping[str, tuple[str, ...]] = {
    "colour": ("colour",),
    "pattern": ("second_colour", "print_scale", "print_angle"),
    "trim": ("trim_colour",),
}
"""Family -> the measures that come with its value."""
MEASURED = ("length", "ease", "flare", "neck_depth", "sleeve_length", "sleeve_volume")
"""Measures that are parts of their own."""
DETAILS = "details"
"""All other measures together, as one part: shades of a named colour, and what is hardly seen."""
_SEEN = 0.1
"""A measure that differs by less is a detail."""


@dataclass(frozen=True)
class Part:
    """What one family or one measure does to a score.

    Attributes:
        family: such as "pattern", a measure such as "flare", or `DETAILS`.
        value: what the design has; of a measure its number, of details nothing.
        instead: what the designs have there that it was compared with, each value once.
        total: how much the value raises the score for the store.
        general: the same for nobody in particular.
        rounds: those of the store's answers that tell of the value.
        is_measure: or details, and no family; some have the same name.
    """

    family: str
    value: str
    instead: tuple[str, ...]
    total: float
    general: float
    rounds: tuple[int, ...] = ()
    is_measure: bool = False

    @property
    def own(self) -> float:
        """The store's own share of it."""
        return self.total - self.general


@dataclass(frozen=True)
class Receipt:
    """A design's score against its round's mean, in parts.

    Attributes:
        total: the score above the round's mean.
        general: the same for nobody in particular.
        parts: the strongest first.
        compared: the candidates that it was compared with; the parts are the difference to these.
        rest: what is left: how far from the round's mean these are.
    """

    total: float
    general: float
    parts: tuple[Part, ...]
    compared: tuple[int, ...]
    rest: float


@dataclass(frozen=True)
class _Thing:
    """What can be changed: a family with the measures that it brings, or measures alone."""

    name: str
    measures: tuple[str, ...] = ()
    is_measure: bool = False

    def of(self, design: DesignSpec) -> str:
        """What a design has there."""
        if self.name == DETAILS:
            return ""
        if self.is_measure:
            return f"{getattr(design.measures, self.name):+.1f}"
        return design.outfit[self.name]


@dataclass(frozen=True)
class _Step:
    """Some things of a design changed at once, and the design that this makes."""

    changed: tuple[_Thing, ...]
    design: DesignSpec


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
        known = {number: each for number, each in designs.items() if each is not None}
        own = known.pop(candidate_id, None)
        if own is None:
            raise DesignError("No design is known of that picture, so no part of it can be told.")
        compared = _about_the_mean(scores, known)
        walks = [
            [*_walk(own, known[number], is_reversed=place > 0)]
            for place, number in enumerate(compared)
        ]
        parts = self._parts(own, walks, group.prompt, store_id)
        total = scores.by_candidate[candidate_id]
        above = total.total - fmean(each.total for each in scores.by_candidate.values())
        return Receipt(
            total=above,
            general=total.general - fmean(each.general for each in scores.by_candidate.values()),
            parts=tuple(parts),
            compared=tuple(dict.fromkeys(compared)),
            rest=above - sum(each.total for each in parts),
        )

    def _parts(
        self,
        own: DesignSpec,
        walks: Sequence[Sequence[_Step]],
        prompt: str,
        store_id: int | None,
    ) -> list[Part]:
        """What each changed thing takes away, as a mean over walks; the strongest first."""
        along = dict.fromkeys((own, *(step.design for walk in walks for step in walk)))
        scores = self._scores.of_pictures(drawn(along), prompt, store_id)
        score_of = dict(zip(along, scores, strict=True))
        effects: dict[_Thing, list[Score]] = defaultdict(list)
        instead: dict[_Thing, dict[str, None]] = defaultdict(dict)
        for walk in walks:
            before = own
            for step in walk:
                share = 1 / (len(walks) * len(step.changed))
                first, other = score_of[before], score_of[step.design]
                for thing in step.changed:
                    effects[thing].append(
                        Score(
                            share * (first.total - other.total),
                            share * (first.general - other.general),
                        )
                    )
                    instead[thing][thing.of(step.design)] = None
                before = step.design
        rounds = self._rounds(store_id)
        parts = [
            Part(
                family=thing.name,
                value=thing.of(own),
                instead=tuple(instead[thing]),
                total=sum(each.total for each in found),
                general=sum(each.general for each in found),
                rounds=rounds.get((thing.name, thing.of(own)), ()),
                is_measure=thing.is_measure,
            )
            for thing, found in effects.items()
        ]
        return sorted(parts, key=lambda each: -abs(each.total))

    def _rounds(self, store_id: int | None) -> dict[tuple[str, str], tuple[int, ...]]:
        if store_id is None:
            return {}
        return {(each.family, each.value): each.rounds for each in self._tastes.likings(store_id)}


def _about_the_mean(scores: RoundScores, known: Mapping[int, DesignSpec]) -> tuple[int, ...]:
    """The two candidates whose scores together are nearest to the round's mean.

    A single one is taken twice; where there is none, there is nothing to compare with.
    """
    if len(known) < 2:
        return (*known, *known)
    mean = fmean(each.total for each in scores.by_candidate.values())
    totals = {number: scores.by_candidate[number].total for number in known}
    return min(
        combinations(known, 2), key=lambda pair: abs(totals[pair[0]] + totals[pair[1]] - 2 * mean)
    )


def _walk(start: DesignSpec, end: DesignSpec, *, is_reversed: bool) -> Iterator[_Step]:
    """From one design to another, one thing at a time, and what is between can be worn.

    What goes with the rest neither before nor after some other thing is changed together with it.

    Args:
        start: the first design.
        end: the other one.
        is_reversed: whether to begin with what is otherwise changed last.
    """
    pending = [*_differences(start, end)]
    if is_reversed:
        pending.reverse()
    at = start
    while pending:
        step = next(_next_steps(at, end, pending))
        yield step
        at = step.design
        pending = [each for each in pending if each not in step.changed]


def _next_steps(at: DesignSpec, end: DesignSpec, pending: Sequence[_Thing]) -> Iterator[_Step]:
    """One thing changed, else two, else all that is left, which makes the other design."""
    for changed in ((each,) for each in pending):
        design = _changed(at, end, changed)
        if design is not None:
            yield _Step(changed, design)
    for pair in combinations(pending, 2):
        design = _changed(at, end, pair)
        if design is not None:
            yield _Step(pair, design)
    yield _Step(tuple(pending), end)


def _changed(at: DesignSpec, end: DesignSpec, things: Sequence[_Thing]) -> DesignSpec | None:
    """A design with some things of another one; None where that can't be worn."""
    values = {each.name: end.outfit[each.name] for each in things if not each.is_measure}
    outfit = Outfit({**at.outfit, **values})
    if GARMENT_RULES.first_broken(outfit):
        return None
    taken = {name: getattr(end.measures, name) for each in things for name in each.measures}
    return replace(at, outfit=outfit, measures=at.measures.but(**taken))


def _differences(one: DesignSpec, other: DesignSpec) -> Iterator[_Thing]:
    """All in which designs differ: changed one after another, they make one out of the other."""
    left = {name: None for name in MEASURES if _apart(one, other, name)}
    found = [
        _Thing(family, BROUGHT.get(family, ()))
        for family in FAMILIES
        if one.outfit[family] != other.outfit[family]
    ]
    for measure in MEASURED:
        is_shown = shows_measure(one, measure) or shows_measure(other, measure)
        gap = abs(getattr(one.measures, measure) - getattr(other.measures, measure))
        if is_shown and gap >= _SEEN:
            found.append(_Thing(measure, (measure,), is_measure=True))
    for each in found:
        for measure in each.measures:
            left.pop(measure, None)
    yield from found
    if left:
        yield _Thing(DETAILS, tuple(left), is_measure=True)


def _apart(one: DesignSpec, other: DesignSpec, measure: str) -> bool:
    return bool(getattr(one.measures, measure) != getattr(other.measures, measure))
