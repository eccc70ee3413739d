"""Words beside the phrases of a phrasebook, each with what kind of word it is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from studio.design.colour_names import MODIFIERS, TypedColour, listed_colours
from studio.design.leanings import Leaning, leanings_of
from studio.design.other_things import (
    ENDING,
    GENERIC,
    GLUE,
    LISTING,
    NOT_THESE,
    PRAISE,
    PRINT_NOUNS,
    REFUSING,
    SCENE_AFTER,
    SCENE_BEFORE,
    SEVERAL,
    THINGS,
)
from studio.design.phrase_words import tokens

Key = Callable[[str], str]


class Kind(StrEnum):
    """What a word, or a few of them, is in a phrase."""

    PHRASE = "phrase"
    COLOUR = "colour"
    LEANING = "leaning"
    THING = "thing"
    PRAISE = "praise"
    REFUSING = "refusing"
    LISTING = "listing"
    ENDING = "ending"
    BEFORE = "before"
    AFTER = "after"
    GLUE = "glue"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Entry:
    """One entry of the lexicon.

    Attributes:
        words: how many it has, where that has to be so: "a round" is no "around".
    """

    kind: Kind
    colour: TypedColour | None = None
    leaning: Leaning | None = None
    words: int = 0


class Lexicon:
    """Looks words up that a phrasebook does not hold.

    Args:
        families: family -> its values; leanings and refusals hold as far as there are such.
        key: makes words comparable.
        fillers: of the phrasebook, more words that ask for nothing.
    """

    def __init__(
        self, families: Mapping[str, Sequence[str]], key: Key, fillers: Sequence[str] = ()
    ) -> None:
        self._families = families
        self.entries: dict[str, Entry] = {}
        for name, leaning in leanings_of(families).items():
            if leaning.values:
                self._add(key(name), Entry(Kind.LEANING, leaning=leaning))
        if "colour" in families:
            for name, colour in listed_colours().items():
                self._add(key(name), Entry(Kind.COLOUR, TypedColour(name, colour)))
        for words, kind in (
            (REFUSING, Kind.REFUSING),
            (LISTING, Kind.LISTING),
            (ENDING, Kind.ENDING),
            (SCENE_BEFORE, Kind.BEFORE),
            (SCENE_AFTER, Kind.AFTER),
            (THINGS, Kind.THING),
            (PRAISE, Kind.PRAISE),
            (NOT_THESE, Kind.UNKNOWN),
            ((*GLUE, *fillers), Kind.GLUE),
        ):
            for word in words:
                self._add(key(word), Entry(kind, words=len(tokens(word))))
        self.modifiers = {key(word): name for word, name in MODIFIERS.items()}
        self.prints = {key(word): value for word, value in PRINT_NOUNS.items()}
        self.general = self._general(key)
        for word in self.general:
            self._add(word, Entry(Kind.UNKNOWN))

    def _add(self, key: str, entry: Entry) -> None:
        if key:
            self.entries.setdefault(key, entry)

    def _general(self, key: Key) -> dict[str, dict[str, tuple[str, ...]]]:
        """General word -> what refusing it rules out."""
        found: dict[str, dict[str, tuple[str, ...]]] = {}
        for words, families in GENERIC.items():
            refused = {
                family: tuple(value for value in self._families[family] if not _plain(value))
                for family in families
                if family in self._families
            }
            for word in words.split("; "):
                found[key(word)] = refused
        for words, several in SEVERAL.items():
            refused = {
                family: tuple(value for value in values if value in self._families[family])
                for family, values in several.items()
                if family in self._families
            }
            for word in words.split("; "):
                found[key(word)] = refused
        return {word: refused for word, refused in found.items() if word and refused}


def _plain(value: str) -> bool:
    return value in ("none", "solid", "sleeveless")
