"""Stores that no model has seen, and the rounds that teach their taste: simulated, and judged.

Designs are our own generator's, as a store in the studio sees them. What they are asked for while
they teach and while they are tested are different phrases.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import StudioError
from studio.perfusion.profile import Profile
from training.atelier.grammar import build_phrasebook, caption
from training.atelier.market import ASKED, NONE_OF_THESE, tick
from training.atelier.oracle import Oracle
from training.atelier.own_designs import OwnDesigns
from training.atelier.traits import traits_of
from training.atelier.world import sample_outfit
from training.data.groups import Rounds, split_of
from training.data.tiles import Draw

DESIGNS = 8
"""Designs of each brief, of which a round shows some."""
CANDIDATES = 5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Brief:
    """A prompt with designs made for it, and how their pictures are opened."""

    asked: ParsedPrompt
    designs: tuple[DesignSpec, ...]
    pictures: Callable[[], Sequence[Image.Image]]


@dataclass(frozen=True)
class NewStore:
    """A store that training never saw: what it tells, and what it really likes."""

    profile: Profile
    taste: Floats


@dataclass(frozen=True)
class Answer:
    """A round: which designs of which brief were shown, and which of them were ticked."""

    brief: int
    shown: NDArray[np.int64]
    ticked: NDArray[np.bool_]

    @property
    def compares(self) -> bool:
        """Whether it has both ticked and unticked designs."""
        return bool(self.ticked.any() and not self.ticked.all())


def new_stores(rounds: Rounds, oracle: Oracle, count: int, *, for_tuning: bool) -> list[NewStore]:
    """Stores that were kept out of training, every other one for tuning and never reported.

    Args:
        rounds: the export of the market that the models learnt from.
        oracle: what its stores really like.
        count: how many.
        for_tuning: the stores to choose settings with, in place of those that are reported.

    Raises:
        StudioError: the market has too few of them, or the oracle is another one's.
    """
    profiles = {
        each.store_id: each.profile for each in rounds.rounds if split_of(each) == "new-stores"
    }
    names = sorted(profiles)[int(for_tuning) :: 2]
    if len(names) < count or not profiles.keys() <= oracle.tastes.keys():
        raise StudioError(
            f"{rounds.folder} has {len(names)} such stores that training never saw, and {count} "
            "are wanted, with their oracle. Make a market with more of them (python -m "
            "training.atelier.market --new-stores), or ask for fewer."
        )
    return [NewStore(profiles[name], oracle.tastes[name]) for name in names[:count]]


def make_briefs(own: OwnDesigns, count: int, seed: int, draw: Draw) -> list[Brief]:
    """Prompts with designs of our own generator; the same for all stores of a seed."""
    lot = random.Random(f"taste/{seed}")
    book = build_phrasebook()
    asked = [
        book.parse(caption(sample_outfit(lot), lot, shuffled=False, keep=ASKED))
        for _ in range(count)
    ]
    designs = own.designs(asked, DESIGNS, seed=1_000_003 * (seed + 1))

    def drawn(some: Sequence[DesignSpec]) -> Callable[[], Sequence[Image.Image]]:
        return lambda: [Image.fromarray(draw(each)) for each in some]

    return [Brief(each, some, drawn(some)) for each, some in zip(asked, designs, strict=True)]


def answers_of(
    store: NewStore,
    briefs: Mapping[int, Brief],
    usual: Floats,
    count: int,
    rng: np.random.Generator,
) -> list[Answer]:
    """What a store ticks in rounds of these briefs.

    Args:
        store: who answers.
        briefs: number -> brief.
        usual: (M,) what the store thinks of designs in general.
        count: rounds.
        rng: source of chance.
    """
    nothing = float(usual.mean() + NONE_OF_THESE * usual.std())
    numbers = sorted(briefs)
    found = []
    for _ in range(count):
        number = numbers[rng.integers(len(numbers))]
        shown = rng.choice(DESIGNS, size=CANDIDATES, replace=False)
        worn = traits_of([briefs[number].designs[place] for place in shown])
        found.append(Answer(number, shown, np.array(tick(worn @ store.taste, nothing, rng))))
    return found
