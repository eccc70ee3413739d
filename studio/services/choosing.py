"""Choosing what is shown of what was drawn: the best, not all alike, and some that teach."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from studio.design.likeness import likeness
from studio.domain import RoundRequest
from studio.perfusion.generator import GeneratedCandidate, GeneratedGroup
from studio.perfusion.profile import Profile
from studio.perfusion.taste import Taste
from studio.perfusion.taste_learner import Shown
from studio.services.daring import diversity_of
from studio.services.scores import DrawnScores, ScoreBook
from studio.services.tastes import TasteBook

EXPLORING_SHARE = 0.25
"""Of the shown designs, where a store lets the studio explore its taste."""
EXPLORED_FROM = 4
"""Designs that are drawn for each one that explores."""


@dataclass(frozen=True)
class Chosen:
    """A design to show, and whether it is there to teach most about the store's taste."""

    candidate: GeneratedCandidate
    explores: bool = False


def exploring_of(shown: int) -> int:
    """How many of so many shown designs explore: none of one or two, two of eight."""
    return round(shown * EXPLORING_SHARE)


def drawn_for(shown: int, times: int, exploring: int) -> int:
    """How many designs are drawn: `times` for each shown one, and more for those that explore."""
    return (shown - exploring) * times + exploring * EXPLORED_FROM


def times_of(drawn: int, shown: int, exploring: int) -> int:
    """The reverse: designs that were drawn for each one that is shown and does not explore."""
    return max(1, (drawn - exploring * EXPLORED_FROM) // max(1, shown - exploring))


class Chooser:
    """Chooses what a round shows.

    Args:
        scores: of the workspace.
        tastes: of its stores.
    """

    def __init__(self, scores: ScoreBook, tastes: TasteBook) -> None:
        self._scores = scores
        self._tastes = tastes

    def choose(
        self, request: RoundRequest, drawn: GeneratedGroup, taste: Taste
    ) -> tuple[Chosen, ...]:
        """What to show, in the order of drawing: the best, and of the rest those that teach most.

        Args:
            request: of the round.
            drawn: all that was drawn for it.
            taste: that it was drawn with.

        Raises:
            NoScoresError: less is to be shown than was drawn, and there is no reward model.
        """
        if request.shown is None:
            return tuple(map(Chosen, drawn.candidates))
        scored = self._scores.of_drawn(drawn, request.profile, taste)
        best = choose_best(
            scored.worth,
            _likenesses(drawn.candidates, scored),
            request.shown - request.exploring,
            diversity_of(request.generation.strength),
        )
        telling = self._telling(request, drawn, scored, best)
        return tuple(
            Chosen(drawn.candidates[place], place in telling) for place in sorted({*best, *telling})
        )

    def _telling(
        self,
        request: RoundRequest,
        drawn: GeneratedGroup,
        scored: DrawnScores,
        best: Sequence[int],
    ) -> tuple[int, ...]:
        if not request.exploring or request.store_id is None:
            return ()
        shown = Shown(
            name=f"drawn-{request.generation.seed}",
            prompt=drawn.prompt,
            designs=[each.design for each in drawn.candidates],
            pictures=lambda: [each.image for each in drawn.candidates],
        )
        return self._tastes.most_telling(
            request.store_id,
            Profile.from_json(request.profile),
            shown,
            scored.images,
            request.exploring,
            range(len(drawn.candidates)),
            best,
        )


def choose_best(
    scores: Sequence[float],
    similarities: Sequence[Sequence[float]] | None,
    count: int,
    diversity: float,
) -> tuple[int, ...]:
    """Choose one after another: a high score, and little likeness to those chosen before.

    This is maximal marginal relevance, on standardised numbers.

    Args:
        scores: of each design; higher is better.
        similarities: of each design with each other, higher is more alike; None leaves that out.
        count: how many to choose, 1 to as many as there are.
        diversity: what being unlike those already chosen counts against the score, both in
            standard deviations; 0 leaves it out.

    Returns:
        Their places, in the order of the designs.
    """
    worth = _standardised(scores)
    alike = None
    if similarities is not None and len(scores) > 1:
        size = len(scores)
        pairs = [similarities[i][j] for i in range(size) for j in range(size) if i != j]
        mean, spread = fmean(pairs), pstdev(pairs) or 1.0
        alike = [[diversity * (value - mean) / spread for value in row] for row in similarities]
    chosen: list[int] = []
    while len(chosen) < count:
        left = [place for place in range(len(scores)) if place not in chosen]
        chosen.append(max(left, key=lambda place: worth[place] - _likeness(alike, place, chosen)))
    return tuple(sorted(chosen))


def _likenesses(
    candidates: Sequence[GeneratedCandidate], scored: DrawnScores
) -> Sequence[Sequence[float]] | None:
    """By what the designs are, where that is known; else by how the pictures look."""
    designs = [each.design for each in candidates if each.design is not None]
    if len(designs) < len(candidates):
        return scored.similarities
    return [[likeness(one, other) for other in designs] for one in designs]


def _likeness(alike: Sequence[Sequence[float]] | None, place: int, chosen: Sequence[int]) -> float:
    if alike is None or not chosen:
        return 0.0
    return max(alike[place][other] for other in chosen)


def _standardised(numbers: Sequence[float]) -> list[float]:
    mean, spread = fmean(numbers), pstdev(numbers) or 1.0
    return [(number - mean) / spread for number in numbers]
