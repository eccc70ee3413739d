"""Blind tests of a store's taste: whether personal designs are better, for this very person.

Each pair has the same phrases, the same noise, the same wearer and the same house rules. One
design is drawn with the store's own taste; the other with another store's, or with none. Nobody is
told which is which before all pairs are voted on.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt

from studio.domain import (
    Candidate,
    CandidateGroup,
    ComparisonError,
    Mixed,
    NewSwapTest,
    SwapTest,
    SwapTestError,
    SwapVote,
)
from studio.services.asking import RoundOptions
from studio.services.studio import JobStatus, Studio
from studio.storage.swap_tests import SwapTestStore

_NORMAL_95 = 1.959964
"""Standard deviations of a normal distribution that hold 95% of it, to both sides."""


@dataclass(frozen=True)
class Pair:
    """Two designs of the same noise.

    Attributes:
        place: in the test, from 0.
        is_same: whether both are the very same design, so that there is nothing to vote on.
    """

    place: int
    left: Candidate
    right: Candidate
    is_same: bool


@dataclass(frozen=True)
class LiveShare:
    """How often a store's own designs won.

    Attributes:
        votes: that were counted; pairs of one and the same design are none.
        value: share that the own design won, a tie counting half; None before the first vote.
        low: of the 95% interval, see `wilson`.
        high: the same.
    """

    votes: int
    value: float | None = None
    low: float = 0.0
    high: float = 1.0


class SwapDesk:
    """Begins blind tests, shows their pairs, takes votes and counts them.

    Args:
        studio: to ask for rounds.
    """

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._tests = SwapTestStore(studio.database)

    def begin(
        self,
        prompt: str,
        store_id: int,
        against_id: int | None,
        count: int,
        seed: int | None = None,
    ) -> SwapTest:
        """Queue the two rounds of a test.

        Args:
            prompt: phrases as typed.
            store_id: whose taste is tested.
            against_id: whose taste it is tested against; None for none at all.
            count: pairs.
            seed: of the first pair; None draws one.

        Raises:
            ComparisonError: it is the same store twice.
            SwapTestError: the checkpoint draws the same for every store.
            StudioError: the prompt, the number, the seed or a store can't be used.
        """
        studio = self._studio
        if not studio.is_personal:
            raise SwapTestError(
                "This checkpoint draws the same for every store, so there is nothing to test."
            )
        if against_id == store_id:
            raise ComparisonError("Test a store's taste against another store's, or against none.")
        if against_id is None:
            other = RoundOptions(strength=0.0)
        else:
            studio.stores.get(against_id)
            other = RoundOptions(mixed=Mixed(store_id=against_id, share=1.0))
        own_job = studio.request_round(prompt, count, seed, store_id=store_id)
        seed = own_job.request.generation.seed
        other_job = studio.request_round(prompt, count, seed, store_id=store_id, options=other)
        return self._tests.add(
            NewSwapTest(
                store_id=store_id,
                against_id=against_id,
                own_job_id=own_job.id,
                other_job_id=other_job.id,
                own_is_left=tuple(secrets.choice((True, False)) for _ in range(count)),
                made_at=datetime.now(UTC),
            )
        )

    def get(self, test_id: int) -> SwapTest:
        """A test with its votes.

        Raises:
            SwapTestError: there is no such test.
        """
        return self._tests.get(test_id)

    def statuses(self, test: SwapTest) -> tuple[JobStatus, JobStatus]:
        """How far its two rounds are."""
        studio = self._studio
        return studio.status(test.own_job_id), studio.status(test.other_job_id)

    def pairs(self, test: SwapTest) -> tuple[Pair, ...]:
        """Its pairs, once both rounds are drawn; nothing before."""
        own, other = (each.group for each in self.statuses(test))
        return () if own is None or other is None else _pairs(test, own, other)

    def vote(self, test_id: int, place: int, vote: str) -> SwapTest:
        """Take a vote; a second one for the same pair changes nothing.

        Raises:
            SwapTestError: there is no such test, pair or vote, or both designs are the same.
        """
        test = self._tests.get(test_id)
        pair = next((each for each in self.pairs(test) if each.place == place), None)
        if pair is None or pair.is_same:
            raise SwapTestError("There is no such pair to vote on. Reload the page.")
        if vote not in [*SwapVote]:
            raise SwapTestError(f"A vote is {', '.join(SwapVote)}.")
        return self._tests.vote(test_id, place, SwapVote(vote), datetime.now(UTC))

    def is_over(self, test: SwapTest) -> bool:
        """Whether all of its pairs are voted on, so that it may be told which is which."""
        pairs = self.pairs(test)
        return bool(pairs) and all(each.is_same or each.place in test.votes for each in pairs)

    def share(self, store_id: int, *, against_none: bool) -> LiveShare:
        """How often a store's own designs have won in all tests that are over.

        Args:
            store_id: the store.
            against_none: count tests against no taste; else those against other stores.
        """
        counted = [
            each
            for each in self._tests.of_store(store_id)
            if (each.against_id is None) == against_none and self.is_over(each)
        ]
        return share_of(counted)


def share_of(tests: Sequence[SwapTest]) -> LiveShare:
    """The share over all votes of some tests."""
    won = [
        result
        for test in tests
        for place in range(len(test.own_is_left))
        if (result := test.won(place)) is not None
    ]
    if not won:
        return LiveShare(0)
    value = sum(won) / len(won)
    return LiveShare(len(won), value, *wilson(value, len(won)))


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 95% interval of a share by Wilson, which also holds for few votes and shares near 1.

    Args:
        share: that was seen, 0 to 1.
        count: of how many.
    """
    z = _NORMAL_95
    centre = share + z * z / (2 * count)
    reach = z * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    whole = 1 + z * z / count
    return max(0.0, (centre - reach) / whole), min(1.0, (centre + reach) / whole)


def _pairs(test: SwapTest, own: CandidateGroup, other: CandidateGroup) -> tuple[Pair, ...]:
    others = {each.seed: each for each in other.candidates}
    found = []
    for place, (mine, is_left) in enumerate(zip(own.candidates, test.own_is_left, strict=False)):
        its = others[mine.seed]
        left, right = (mine, its) if is_left else (its, mine)
        found.append(Pair(place, left, right, bool(mine.design) and mine.design == its.design))
    return tuple(found)
