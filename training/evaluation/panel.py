"""Which stores ask for what, when generators are compared: the same questions for all of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.design.families import FAMILIES
from studio.design.phrasebook import Phrasebook
from studio.domain import MAX_SEED, StudioError
from studio.perfusion.profile import Profile
from training.atelier.oracle import Oracle
from training.atelier.traits import VALUES, traits_of
from training.atelier.world import sample_design
from training.data.groups import Round, Rounds, split_of

NOT_ASKED = -1
_DRAWINGS = 500
_SEEDS_APART = 1_000


class PanelError(StudioError):
    """There are too few stores or prompts to compare generators on."""


@dataclass(frozen=True)
class Panel:
    """The questions.

    Attributes:
        stores: S profiles; those that training never saw stand last.
        new: (S,) which of them training never saw.
        prompts: P prompts for each of the K seeds; no training round had them.
        seeds: K of them.
        candidates: N designs for every question.
    """

    stores: tuple[Profile, ...]
    new: NDArray[np.bool_]
    prompts: tuple[tuple[str, ...], ...]
    seeds: tuple[int, ...]
    candidates: int

    @property
    def store_ids(self) -> tuple[str, ...]:
        """Names of the stores."""
        return tuple(str(profile["store_id"]) for profile in self.stores)

    @property
    def schools(self) -> tuple[str, ...]:
        """Main styles of the stores."""
        return tuple(_main_style(profile["style"]) for profile in self.stores)

    def first_seed(self, seed: int, prompt: int) -> int:
        """Seed of a question's first candidate: the same for all generators and stores."""
        return (seed * _SEEDS_APART + prompt * self.candidates) % (MAX_SEED + 1)

    def asked(self, book: Phrasebook) -> NDArray[np.int16]:
        """(K, P, F) position of the asked value in its family, or NOT_ASKED."""
        return np.array(
            [[_asked(book.parse(prompt).attributes) for prompt in row] for row in self.prompts],
            np.int16,
        )

    def tastes(self, oracle: Oracle) -> NDArray[np.float64]:
        """(S, T) true tastes, each brought to the scale of that store.

        A utility of 0 is what the store thinks of the average design, and 1 lies one standard
        deviation of designs above it. Every design has one value of each family, so the average
        can be taken off the values.

        Raises:
            PanelError: the oracle does not know one of the stores.
        """
        unknown = set(self.store_ids) - oracle.tastes.keys()
        if unknown:
            raise PanelError(
                f"The oracle does not know the stores {', '.join(sorted(unknown))}. Take the one "
                "that was written together with the rounds."
            )
        rng = random.Random(0)
        drawn = traits_of([sample_design(rng) for _ in range(_DRAWINGS)])  # (_DRAWINGS, T)
        tastes = np.stack([oracle.tastes[name] for name in self.store_ids])  # (S, T)
        usual = drawn @ tastes.T  # (_DRAWINGS, S)
        tastes[:, VALUES] -= usual.mean(axis=0)[:, None] / len(FAMILIES)
        scaled: NDArray[np.float64] = tastes / usual.std(axis=0)[:, None]
        return scaled


def choose_panel(
    rounds: Rounds,
    stores: int,
    new_stores: int,
    prompts: int,
    seeds: Sequence[int],
    candidates: int,
) -> Panel:
    """Choose stores evenly over the alphabet, which is over the schools, and prompts by lot.

    Args:
        rounds: the whole export.
        stores: of those in training.
        new_stores: of those that training never saw.
        prompts: per seed.
        seeds: of noise and prompts.
        candidates: designs for every question.

    Raises:
        PanelError: the export has too few of something.
    """
    known = _profiles([each for each in rounds.rounds if split_of(each) == "train"])
    new = _profiles([each for each in rounds.rounds if split_of(each) == "new-stores"])
    told = sorted({each.prompt for each in rounds.rounds if split_of(each) == "test"})
    for wanted, there, what in (
        (max(stores, 2), len(known), "stores in training"),
        (new_stores, len(new), "stores kept out of training"),
        (max(prompts, 1), len(told), "prompts for testing"),
    ):
        if there < wanted:
            raise PanelError(
                f"{rounds.folder} has {there} {what}, and {wanted} are wanted. Ask for fewer, or "
                "make a bigger market with python -m training.atelier.market."
            )
    chosen = [*_evenly(known, stores), *_evenly(new, new_stores)]
    by_lot = [
        tuple(told[place] for place in np.random.default_rng((seed, 5)).permutation(len(told)))
        for seed in seeds
    ]
    return Panel(
        tuple(chosen),
        np.arange(len(chosen)) >= stores,
        tuple(row[:prompts] for row in by_lot),
        tuple(seeds),
        candidates,
    )


def _profiles(rounds: Sequence[Round]) -> list[Profile]:
    """One profile per named store, in the order of names."""
    named = {each.store_id: each.profile for each in rounds if each.store_id}
    return [named[name] for name in sorted(named)]


def _main_style(told: object) -> str:
    return str(told[0] if isinstance(told, tuple) and told else told)


def _evenly(profiles: Sequence[Profile], count: int) -> list[Profile]:
    return [profiles[place * len(profiles) // count] for place in range(count)]


def _asked(attributes: dict[str, str]) -> list[int]:
    return [
        FAMILIES[family].index(attributes[family]) if family in attributes else NOT_ASKED
        for family in FAMILIES
    ]
