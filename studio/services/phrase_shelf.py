"""The shelf of favourite phrases, to use again with one click."""

from datetime import UTC, datetime

from studio.design.phrase_splitter import split_prompt
from studio.domain import PhraseError
from studio.storage.database import Database
from studio.storage.phrases import PhraseStore

LONGEST_PHRASE = 80
MOST_PHRASES = 40


class PhraseShelf:
    """Keeps phrases, known to the models or not, as they were typed."""

    def __init__(self, database: Database) -> None:
        self._phrases = PhraseStore(database)

    def all(self) -> tuple[str, ...]:
        """The favourites, in the order of keeping."""
        return self._phrases.all()

    def keep(self, phrase: str) -> None:
        """Put one phrase on the shelf.

        Raises:
            PhraseError: it is empty, too long or more than one, or the shelf is full.
        """
        if not phrase.strip() or len(split_prompt(phrase).phrases) != 1:
            raise PhraseError("A favourite is one phrase, without commas.")
        phrase = " ".join(phrase.split())
        if len(phrase) > LONGEST_PHRASE:
            raise PhraseError(f"A favourite has at most {LONGEST_PHRASE} characters.")
        kept = self.all()
        if phrase not in kept and len(kept) >= MOST_PHRASES:
            raise PhraseError(f"There are {MOST_PHRASES} favourites already. Take one away first.")
        self._phrases.keep(phrase, datetime.now(UTC))

    def drop(self, phrase: str) -> None:
        """Take a phrase from the shelf."""
        self._phrases.drop(" ".join(phrase.split()))
