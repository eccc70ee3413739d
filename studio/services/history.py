"""The history of rounds: find, star, delete and take that back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from studio.domain import MAX_PROMPT_CHARACTERS, CandidateGroup, PromptTooLongError, RoundFilter
from studio.perfusion.generator import Generator
from studio.services.searching import search_terms
from studio.storage.database import Database
from studio.storage.groups import GroupStore

PAGE = 24
KEPT_AFTER_DELETING = timedelta(days=30)
DAYS_OF_WORK = 10
"""Days with rounds asked for that must lie between deleting and forgetting."""


class History:
    """What was drawn, newest first.

    Args:
        database: where the rounds are.
        generator: reads what is searched for, so that any spelling and language finds.
        now: the clock.
    """

    def __init__(
        self,
        database: Database,
        generator: Generator,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._now = now
        self._groups = GroupStore(database)
        self._generator = generator

    def find(
        self,
        search: str = "",
        store_id: int | None = None,
        favourites_only: bool = False,
        before_id: int | None = None,
        zone: tzinfo | None = None,
        deleted: bool = False,
    ) -> tuple[CandidateGroup, ...]:
        """A page of rounds.

        Args:
            search: words of phrases, of what was typed, of stores' names; numbers; days.
            store_id: only rounds for this store.
            favourites_only: only starred rounds.
            before_id: go on after this round.
            zone: where the person is whose days are meant; None for this machine's.
            deleted: those that can be put back, in place of the others.

        Raises:
            PromptTooLongError: the search is too long.
        """
        if len(search) > MAX_PROMPT_CHARACTERS:
            raise PromptTooLongError(f"Search for at most {MAX_PROMPT_CHARACTERS:,} characters.")
        terms = search_terms(search, self._phrases, self._now(), zone)
        wanted = RoundFilter(
            store_id=store_id, terms=terms, favourites_only=favourites_only, deleted=deleted
        )
        return self._groups.page(wanted, PAGE, before_id)

    def star(self, group_id: int, is_favourite: bool) -> None:
        """Star a round, or take its star away.

        Raises:
            UnknownGroupError: there is no such round.
        """
        self._groups.star(group_id, is_favourite)

    def delete(self, group_id: int) -> None:
        """Take a round out of the history; `undelete` puts it back for 30 days.

        Raises:
            UnknownGroupError: there is no such round.
        """
        self._groups.delete(group_id, self._now())

    def undelete(self, group_id: int) -> None:
        """Put a deleted round back.

        Raises:
            UnknownGroupError: it is gone for good.
        """
        self._groups.undelete(group_id)

    def purge(self) -> None:
        """Forget what was deleted more than 30 days ago, if there was work on ten of them.

        A clock that is years ahead has seen no such days, so it takes nothing.
        """
        now = self._now()
        self._groups.purge(now - KEPT_AFTER_DELETING, now, DAYS_OF_WORK)

    def _phrases(self, term: str) -> tuple[str, ...]:
        """The phrases that the models know a term by, where they know all of it."""
        parsed = self._generator.read_prompt(term)
        is_all = not (parsed.unknown or parsed.colours or parsed.leanings or parsed.ignored)
        return parsed.phrases if is_all else ()
