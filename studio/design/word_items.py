"""The words of a phrase as items: known phrases, colours, styles, things, slips, and the rest."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from studio.design.colour_names import TypedColour, modified, of_hex
from studio.design.colours import NAMED_COLOURS, nearest_colour_name
from studio.design.leanings import Leaning
from studio.design.lexicon import Kind, Lexicon
from studio.design.measures import named_so
from studio.design.other_things import ORDINARY
from studio.design.phrase_splitter import TypedPhrase
from studio.design.phrase_words import joined, tokens

_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z])", re.IGNORECASE)
_HEX_KEY = re.compile(r"#[0-9a-f]+")
_MOST_TYPO_WORDS = 3

ADJECTIVES = (Kind.PHRASE, Kind.UNKNOWN, Kind.LEANING, Kind.COLOUR, Kind.PRAISE)
STRANGE = (Kind.UNKNOWN, Kind.GLUE, Kind.LISTING, Kind.ENDING, Kind.REFUSING)


class Role(StrEnum):
    """What of a design a colour is for."""

    MAIN = "main"
    SECOND = "second"
    PRINT = "print"
    TRIM = "trim"


@dataclass
class Item:
    """One or more words of a phrase that mean something together."""

    kind: Kind
    words: list[str]
    phrases: tuple[str, ...] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    colour: TypedColour | None = None
    leaning: Leaning | None = None
    mended: bool = False
    refused: bool = False
    ignored: bool = False
    is_implied: bool = False
    role: Role = Role.MAIN
    span: tuple[int, int] = (0, 0)
    typed: str = ""

    @property
    def said(self) -> str:
        """Its words as they were typed."""
        return self.typed[slice(*self.span)] or self.text

    @property
    def text(self) -> str:
        """Its words, made comparable."""
        return joined(self.words)

    @property
    def alive(self) -> bool:
        """Whether it still decides something of the garment."""
        return not (self.refused or self.ignored)

    @property
    def is_garment(self) -> bool:
        """Whether it names a kind of garment."""
        return self.kind is Kind.PHRASE and "category" in self.asked


Roles = dict[Role, list["Item"]]


class WordItems:
    """Turns words into items, the longest known ones first.

    Args:
        phrases_at: key of what is typed -> the known phrases that it is read as.
        attributes: known phrase -> family -> value.
        lexicon: all other words.
        stem: of one word.
        longest: words of the longest known phrase.
    """

    def __init__(
        self,
        phrases_at: Mapping[str, tuple[str, ...]],
        attributes: Mapping[str, Mapping[str, str]],
        lexicon: Lexicon,
        stem: Callable[[str], str],
        longest: int,
    ) -> None:
        self._phrases_at = phrases_at
        self._attributes = attributes
        self._lexicon = lexicon
        self._stem = stem
        self._longest = longest
        self._by_start: dict[str, list[str]] = {}
        for key in phrases_at:
            if len(key) >= 4:
                self._by_start.setdefault(key[0], []).append(key)

    def of(self, typed: TypedPhrase) -> list[Item]:
        """The items of a phrase, in the order of typing."""
        words = words_of(typed.text)
        items: list[Item] = []
        place = 0
        while place < len(words):
            item = self._item_at(words, place)
            item.typed = typed.text
            item.span = span_of(typed.text, item.words, items[-1].span[1] if items else 0)
            items.append(item)
            place += len(item.words)
        if typed.refused:
            for item in items:
                if item.kind not in (Kind.GLUE, Kind.LISTING, Kind.ENDING, Kind.REFUSING):
                    item.refused = True
        return items

    def _item_at(self, words: list[str], place: int) -> Item:
        if _HEX_KEY.fullmatch(words[place]):
            colour = of_hex(words[place])
            name = words[place].upper()
            return Item(Kind.COLOUR, [words[place]], colour=TypedColour(name, colour))
        for size in range(min(self._longest, len(words) - place), 0, -1):
            window = words[place : place + size]
            key = "".join(map(self._stem, window))
            found = self._known(key, window) or self._modified(window)
            if found is not None:
                return found
        return (
            self._without(words[place])
            or self._mended(words, place)
            or Item(Kind.UNKNOWN, [words[place]])
        )

    def _without(self, word: str) -> Item | None:
        """What "buttonless" refuses."""
        part = word.removesuffix("less")
        key = self._stem(part)
        if part == word or not (key in self._lexicon.general or key in self._phrases_at):
            return None
        phrases = self._phrases_at.get(key)
        item = self._phrase_item(phrases, [part]) if phrases else Item(Kind.UNKNOWN, [part])
        item.refused = True
        return item

    def _known(self, key: str, window: list[str]) -> Item | None:
        phrases = self._phrases_at.get(key)
        if phrases:
            return self._phrase_item(phrases, window)
        entry = self._lexicon.entries.get(key)
        if entry is None or entry.words not in (0, len(window)):
            return None
        if entry.colour is not None:
            colour = TypedColour(joined(window), entry.colour.colour)
            return Item(Kind.COLOUR, window, colour=colour)
        return Item(entry.kind, window, leaning=entry.leaning)

    def _phrase_item(self, phrases: tuple[str, ...], window: list[str]) -> Item:
        asked = {name: each for text in phrases for name, each in self._attributes[text].items()}
        if set(asked) != {"colour"}:
            return Item(Kind.PHRASE, window, phrases, asked)
        entry = self._lexicon.entries.get("".join(map(self._stem, window)))
        exact = entry.colour.colour if entry is not None and entry.colour is not None else None
        colour = TypedColour(joined(window), exact, asked["colour"])
        return Item(Kind.COLOUR, window, phrases, asked, colour)

    def _modified(self, window: list[str]) -> Item | None:
        """A colour after words such as "light" or "dusty"."""
        if len(window) < 2:
            return None
        modifier = self._lexicon.modifiers.get(self._stem(window[0]))
        if modifier is None:
            return None
        key = "".join(map(self._stem, window[1:]))
        inner = self._known(key, window[1:]) or self._modified(window[1:])
        if inner is None or inner.colour is None:
            return None
        base = inner.colour.colour or NAMED_COLOURS.get(inner.colour.value)
        if base is None:
            return None
        colour = TypedColour(joined(window), modified(base, modifier))
        return Item(Kind.COLOUR, window, colour=colour)

    def _mended(self, words: list[str], place: int) -> Item | None:
        """A known phrase with one letter wrong, if there is just one such phrase."""
        for size in range(min(_MOST_TYPO_WORDS, len(words) - place), 0, -1):
            window = words[place : place + size]
            if any(self._is_lexical(word) for word in window) and size > 1:
                continue
            if any(word in ORDINARY for word in window):
                continue
            keys = {"".join(map(self._stem, window)), "".join(window)}
            near = {
                self._phrases_at[known]
                for key in keys
                if len(key) >= 4 and key.isascii() and key.isalpha()
                for known in self._by_start.get(key[0], ())
                if one_letter_wrong(key, known)
            }
            if len(near) == 1:
                item = self._phrase_item(near.pop(), window)
                item.mended = True
                return item
        return None

    def _is_lexical(self, word: str) -> bool:
        entry = self._lexicon.entries.get(self._stem(word))
        return entry is not None and entry.kind is not Kind.THING


def span_of(text: str, words: Sequence[str], start: int) -> tuple[int, int]:
    """Where words stand in the text that they were read from; nowhere gives an empty span."""
    pattern = r"[\W_]*".join(map(re.escape, words))
    found = re.compile(pattern, re.IGNORECASE).search(text, start)
    return found.span() if found else (start, start)


def words_of(text: str) -> list[str]:
    """The words of a phrase, with hex colours as one word each."""
    found: list[str] = []
    place = 0
    for match in _HEX.finditer(text):
        found += tokens(text[place : match.start()])
        found.append(match[0].lower())
        place = match.end()
    return found + tokens(text[place:])


def one_letter_wrong(typed: str, known: str) -> bool:
    """Whether a word is most likely a slip of the other: one letter, and not in a short word."""
    if known.removesuffix("s") == typed.removesuffix("s"):
        return False
    if len(known) == len(typed) + 1 and len(typed) >= 4:
        return any(known[:place] + known[place + 1 :] == typed for place in range(len(known)))
    if len(typed) == len(known) + 1 and len(known) >= 5:
        return any(typed[:place] + typed[place + 1 :] == known for place in range(len(typed)))
    if len(typed) != len(known) or len(typed) < 5:
        return False
    wrong = [place for place in range(len(typed)) if typed[place] != known[place]]
    if len(wrong) == 1:
        return len(typed) >= 6
    if len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    return typed[wrong[0]] == known[wrong[1]] and typed[wrong[1]] == known[wrong[0]]


def dyed(item: Item) -> TypedColour | None:
    """The colour itself, as near to the typed one as its family's value allows."""
    typed = item.colour
    if typed is None:
        return None
    exact = typed.colour
    if exact is None:
        return TypedColour(typed.name, NAMED_COLOURS.get(typed.value), typed.value)
    value = typed.value or nearest_colour_name(exact)
    return TypedColour(typed.name, named_so(exact, value), value)


def said_together(items: Sequence[Item]) -> str:
    """Neighbours in a phrase as they were typed."""
    first, last = items[0], items[-1]
    if all(item.span[1] > item.span[0] for item in items):
        return first.typed[first.span[0] : last.span[1]]
    return joined([item.said for item in items])


def rest_of(row: list[Item]) -> str:
    """The words of a phrase without its refusals, and without what led to them."""
    words: list[str] = []
    led_to: list[str] = []
    refusing = False
    for item in row:
        if item.refused or item.kind is Kind.REFUSING:
            refusing, led_to = True, []
        elif item.kind in (Kind.LISTING, Kind.GLUE, Kind.ENDING):
            led_to += [] if refusing or not words else [item.said]
        else:
            words += [*led_to, item.said]
            refusing, led_to = False, []
    return joined(words)


def is_small(item: Item) -> bool:
    """Whether it is a word of size, which says nothing of what it stands before."""
    return item.text in ("small", "tiny", "large", "big", "little", "\u7684", "\u5c0f", "\u5927")
