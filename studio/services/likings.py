"""What a store likes and avoids: counted in its own ticks, each line with the rounds that say so.

Nothing is made up afterwards: a line says how much more often ticked designs had something than
the unticked ones of the same round, in how many rounds, and how sure that is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import erf, sqrt

from studio.design.families import FAMILIES, FIGURE_FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.domain import Statement

FEWEST_ROUNDS = 2
"""Rounds in which something was there for some designs only, before a line is told of it."""


@dataclass(frozen=True)
class AnsweredDesigns:
    """A round that compares: its designs, which of them were ticked, and their pictures."""

    round_id: int
    designs: Sequence[DesignSpec]
    ticked: Sequence[bool]
    images: Sequence[str] = ()


@dataclass(frozen=True)
class Liking:
    """A line of a store's card.

    Attributes:
        family: such as "print".
        value: such as "leopard".
        lean: how much more often ticked designs have it than unticked ones, -1 to 1.
        confidence: how likely it is no luck, 0 to 1.
        rounds: those that tell, newest first.
        pictures: a round and a picture of it that has the value, newest first; such as were
            ticked for what is liked, such as were not for what is avoided.
        is_said: a person says so, and it was not counted.
    """

    family: str
    value: str
    lean: float
    confidence: float
    rounds: tuple[int, ...]
    pictures: tuple[tuple[int, str], ...] = ()
    is_said: bool = False

    @property
    def is_liked(self) -> bool:
        """And not avoided."""
        return self.lean > 0


def likings_of(rounds: Sequence[AnsweredDesigns]) -> tuple[Liking, ...]:
    """What a store likes and avoids, the surest lines first.

    In each round the ticks are compared with what ticks by lot would have done: so many designs
    had it, and so many were ticked. The sum over rounds, in units of its own spread, is how sure
    a line is. The wearer is no part of a design that anybody sells.

    Args:
        rounds: of the store, newest first.
    """
    found = []
    for family, values in FAMILIES.items():
        if family in FIGURE_FAMILIES:
            continue
        for value in values:
            line = None if value == NONE else _line(family, value, rounds)
            if line is not None:
                found.append(line)
    return tuple(sorted(found, key=lambda each: (-each.confidence, -abs(each.lean))))


def with_statements(
    likings: Sequence[Liking], statements: Sequence[Statement]
) -> tuple[Liking, ...]:
    """Lines with what a person says before them, and in the place of what was counted there.

    Args:
        likings: as they were counted.
        statements: those that count, the newest first.
    """
    counted = {(each.family, each.value): each for each in likings}
    said = []
    for each in statements:
        there = counted.pop((each.family, each.value), None)
        lean = 1.0 if each.is_liked else -1.0
        rounds, pictures = ((), ()) if there is None else (there.rounds, there.pictures)
        said.append(Liking(each.family, each.value, lean, 1.0, rounds, pictures, is_said=True))
    return (*said, *counted.values())


def _line(family: str, value: str, rounds: Sequence[AnsweredDesigns]) -> Liking | None:
    excess, variance, leans, telling = 0.0, 0.0, [], []
    for each in rounds:
        has = [design.outfit[family] == value for design in each.designs]
        count, worn, ticks = len(has), sum(has), sum(each.ticked)
        if not 0 < worn < count or not 0 < ticks < count:
            continue
        both = sum(one and other for one, other in zip(has, each.ticked, strict=True))
        # Drawing `ticks` designs by lot out of `count`, of which `worn` have it.
        excess += both - ticks * worn / count
        variance += (
            ticks * (worn / count) * (1 - worn / count) * (count - ticks) / max(count - 1, 1)
        )
        leans.append(both / ticks - (worn - both) / (count - ticks))
        telling.append(each.round_id)
    if len(telling) < FEWEST_ROUNDS or not excess:
        return None
    sureness = abs(excess) / sqrt(variance)
    return Liking(
        family,
        value,
        sum(leans) / len(leans),
        erf(sureness / sqrt(2)),
        tuple(telling),
        tuple(_pictures(rounds, family, value, is_ticked=excess > 0)),
    )


def _pictures(
    rounds: Sequence[AnsweredDesigns], family: str, value: str, *, is_ticked: bool
) -> Iterator[tuple[int, str]]:
    """Of each round with its pictures the first one that has the value and got such an answer."""
    for each in rounds:
        for design, ticked, image in zip(each.designs, each.ticked, each.images, strict=False):
            if design.outfit[family] == value and ticked == is_ticked:
                yield each.round_id, image
                break
