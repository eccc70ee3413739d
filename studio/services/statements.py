"""The book of statements: what people say that a store likes, against what was counted.

"No, I do like leopard" is an answer, too. It is shown to the models by twins out of the store's
own rounds, designs that are alike but for the leopard, of which the ones with it are ticked.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice

from studio.design.families import FAMILIES
from studio.design.spec import DesignSpec
from studio.domain import DesignError, NewStatement, Statement, StudioError, TasteError
from studio.perfusion.profile import Profile
from studio.perfusion.taste_learner import (
    AnsweredRound,
    RoundEvidence,
    Shown,
    TasteLearner,
    evidence_from_bytes,
    evidence_to_bytes,
)
from studio.services.twins import drawn, pairs_of_twins
from studio.storage.database import Database
from studio.storage.statements import StatementStore

MOST_PAIRS = 4
"""Pairs of twins that show a statement."""

_log = logging.getLogger(__name__)

KnownRound = tuple[str, Sequence[DesignSpec]]
"""A round's prompt and its designs."""


class StatementBook:
    """Takes statements in, shows them to the models, and takes them back.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._statements = StatementStore(database)

    def of_store(self, store_id: int, since: str = "") -> tuple[Statement, ...]:
        """Those about a store that count, the newest first.

        Args:
            store_id: whom they are about.
            since: a moment as rows write it; earlier ones are left out.
        """
        found = self._statements.of_store(store_id)
        return tuple(each for each in found if each.made_at > since)

    def say(
        self,
        store_id: int,
        family: str,
        value: str,
        rounds: Iterable[KnownRound],
        *,
        is_liked: bool,
    ) -> None:
        """Keep what a person says; it takes the place of what was said of the value before.

        Args:
            store_id: whom it is about.
            family: such as "print".
            value: such as "leopard".
            rounds: of the store, in which the value may be; the first that can show it does.
            is_liked: and not avoided.

        Raises:
            TasteError: there is no such value, or no round can show it.
            UnknownStoreError: the store is not there.
        """
        if value not in FAMILIES.get(family, ()):
            raise TasteError(
                f"A design has no “{family}: {value}”, so nobody can like or avoid that. Take a "
                "value that the vocabulary has."
            )
        for prompt, designs in rounds:
            pairs = list(islice(pairs_of_twins(designs, family, value), MOST_PAIRS))
            if not pairs:
                continue
            self._statements.add(
                NewStatement(
                    store_id=store_id,
                    family=family,
                    value=value,
                    is_liked=is_liked,
                    made_at=datetime.now(UTC).isoformat(),
                    prompt=prompt,
                    designs=tuple(each.to_json() for each in chain.from_iterable(pairs)),
                )
            )
            return
        raise TasteError(
            f"No design of this store's rounds can be drawn both with “{value}” and without, so "
            "the models can't be shown what is meant. Answer a round with such a design first."
        )

    def take_back(self, store_id: int, ids: Collection[int]) -> int:
        """Let statements count no more; how many of them did."""
        return self._statements.withdraw(store_id, ids, datetime.now(UTC))

    def bring_back(self, store_id: int, ids: Collection[int]) -> int:
        """Let statements count again that were taken back."""
        return self._statements.bring_back(store_id, ids)

    def shown(
        self, learner: TasteLearner, statements: Sequence[Statement], profile: Profile
    ) -> Mapping[int, AnsweredRound]:
        """Statement -> what the models make of its twins, and which of these it ticks.

        Args:
            learner: the models.
            statements: of one store.
            profile: the store's.
        """
        if not statements:
            return {}
        mark = learner.mark(profile)
        kept = self._statements.evidence(statements[0].store_id, mark)
        found: dict[int, AnsweredRound] = {}
        for each in statements:
            evidence: RoundEvidence | None = None
            if each.id in kept:
                with suppress(TasteError):  # a damaged row is looked at again
                    evidence = evidence_from_bytes(kept[each.id])
            if evidence is None:
                evidence = self._look(learner, each, profile, mark)
            found[each.id] = evidence, _ticks(each)
        return found

    def _look(
        self, learner: TasteLearner, statement: Statement, profile: Profile, mark: str
    ) -> RoundEvidence:
        """One that can't be shown tells nothing, and takes no other with it."""
        try:
            designs = [DesignSpec.from_json(each) for each in statement.designs]
        except DesignError as error:
            _log.warning("Statement %d can't be shown. %s", statement.id, error)
            return {}
        name = f"statement-{statement.id}"
        shown = Shown(name, statement.prompt, designs, partial(drawn, designs))
        try:
            evidence = learner.look(shown, profile)
        except StudioError as error:
            _log.warning("Statement %d is left out of its store's taste. %s", statement.id, error)
            return {}
        self._statements.keep_evidence(statement.id, mark, evidence_to_bytes(evidence))
        return evidence


def _ticks(statement: Statement) -> list[bool]:
    """Of each pair the first has the value."""
    return [(place % 2 == 0) == statement.is_liked for place, _ in enumerate(statement.designs)]
