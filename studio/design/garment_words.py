"""Which garment is drawn, where a prompt names several, or one that describes another."""

from collections.abc import Callable, Mapping, Sequence

from studio.design.lexicon import Kind, Lexicon
from studio.design.other_things import (
    DRESS_BEFORE,
    GARMENT_AS_WORD,
    LENGTHS_SAID,
    ONLY_DRESSES_HAVE,
    SKIRT_OR_DRESS,
    SLEEVES_SAID,
    WORN_ABOVE,
)
from studio.design.word_items import ADJECTIVES, Item

_JOINING = frozenset(("with", "over", "under", "and", "plus", "\u914d", "\u642d\u914d", "\u548c"))
_OF_DESCRIBING = frozenset(("collar", "closure", "sleeve length", "pockets", "belt", "pattern"))


class GarmentWords:
    """Settles the garments of a prompt.

    Args:
        main_phrases: (family, value) -> its main phrase.
        lexicon: general words, such as "pockets".
        stem: of one word.
    """

    def __init__(
        self,
        main_phrases: Mapping[tuple[str, str], str],
        lexicon: Lexicon,
        stem: Callable[[str], str],
    ) -> None:
        self._main_phrases = main_phrases
        self._lexicon = lexicon
        self._stem = stem

    def _general(self, key: str) -> Mapping[str, tuple[str, ...]]:
        return self._lexicon.general.get(key, {})

    def settle(self, rows: Sequence[list[Item]]) -> None:
        """Of garments that describe another one leave what they say of it; draw the first other."""
        for row in rows:
            self._settle_lengths(row)
            self._settle_describing_garments(row)
        self._settle_skirts(rows)
        self._settle_general_words([item for row in rows for item in row if item.alive])
        first: Item | None = None
        for row in rows:
            first = self._ignore_second_garments(row, first)

    def _settle_lengths(self, row: list[Item]) -> None:
        """Words of length, with others before what they are said of: "long red dress"."""
        for place, item in enumerate(row):
            if item.kind is not Kind.UNKNOWN or not item.alive or item.text not in SLEEVES_SAID:
                continue
            for after in row[place + 1 :]:
                if after.words[-1] in ("sleeve", "sleeves", "sleeved"):
                    self._be_phrase(item, "sleeve length", SLEEVES_SAID[item.text])
                    break
                if after.is_garment:
                    length = LENGTHS_SAID[item.text].get(after.asked["category"])
                    if length is not None and "length" not in after.asked:
                        self._be_phrase(item, "length", length)
                    break
                if after.kind not in ADJECTIVES:
                    break

    def _be_phrase(self, item: Item, family: str, value: str) -> None:
        """Let a word stand for a value, where there is such a phrase."""
        if (family, value) in self._main_phrases:
            item.kind = Kind.PHRASE
            self._become(item, {family: value})

    def _settle_general_words(self, items: Sequence[Item]) -> None:
        """General words say no more than the special ones beside them: "cargo, pockets"."""
        for item in items:
            general = self._general("".join(map(self._stem, item.words)))
            if item.kind is not Kind.PHRASE or not general:
                continue
            for other in items:
                found = {
                    family: value
                    for family, value in other.asked.items()
                    if other is not item and value in general.get(family, ())
                }
                if found.keys() == item.asked.keys() and found != item.asked:
                    self._become(item, found)
                    break

    def _settle_describing_garments(self, row: list[Item]) -> None:
        """Of garments that stand together the last is drawn: "sweater dress", 吊带碎花裙."""
        later: Item | None = None
        for item in reversed(row):
            if item.is_garment and item.alive:
                if later is None:
                    later = item
                else:
                    self._describe(item)
            elif item.kind not in ADJECTIVES:
                later = None

    def _settle_skirts(self, rows: Sequence[list[Item]]) -> None:
        """In Chinese a word for skirts stands for dresses, too; what is beside it tells which."""
        items = [item for row in rows for item in row if item.alive]
        has_top = any(item.asked.keys() & ONLY_DRESSES_HAVE for item in items)
        for row in rows:
            for place, item in enumerate(row):
                if item.text not in SKIRT_OR_DRESS or not item.is_garment:
                    continue
                before = row[place - 1] if place else None
                if has_top or (before is not None and _makes_dress(before)):
                    self._become(item, {"category": "dress"})
                    item.is_implied = False

    def _ignore_second_garments(self, row: list[Item], first: Item | None) -> Item | None:
        """One garment is drawn: "a shirt with blue jeans" is about the shirt.

        The skirt or the top of a dress is the dress itself: "a dress with a pleated skirt".

        Args:
            row: the items of a phrase.
            first: the garment of the phrases before it, if they named one.

        Returns:
            The garment that is drawn, as far as it is known by now.
        """
        for place, item in enumerate(row):
            if not item.alive or not (item.is_garment or _stands_in_for_garment(item)):
                continue
            start = place
            while start and row[start - 1].kind in (Kind.COLOUR, Kind.PHRASE, Kind.UNKNOWN):
                start -= 1
            joins = {other.text for other in row[max(start - 2, 0) : start]}
            if first is None or _same_garment(first, item):
                first = first or item
            elif joins & _JOINING and _is_part_of(first, item):
                self._become(
                    item, {name: each for name, each in item.asked.items() if name != "category"}
                )
            elif joins & _JOINING:
                for other in row[start : place + 1]:
                    other.ignored = True
        return first

    def _describe(self, item: Item) -> None:
        """Leave of a garment's name what it says of another one."""
        values = {
            family: value
            for family, value in item.asked.items()
            if family in _OF_DESCRIBING or value in GARMENT_AS_WORD.get(item.asked["category"], ())
        }
        for value in GARMENT_AS_WORD.get(item.asked["category"], ()):
            family = next((name for name, each in self._main_phrases if each == value), "")
            values.setdefault(family, value)
        self._become(item, values)

    def _become(self, item: Item, asked: Mapping[str, str]) -> None:
        """Let an item ask for other values, as far as there are phrases for them."""
        phrases = (self._main_phrases.get(pair) for pair in asked.items())
        item.phrases, item.asked = tuple(filter(None, phrases)), asked
        item.ignored = not item.phrases
        item.is_implied = True


def _is_part_of(first: Item, item: Item) -> bool:
    """Whether a garment's name is said of a part of the first one."""
    parts = ("skirt", "top")
    return first.asked.get("category") == "dress" and item.asked.get("category") in parts


def _makes_dress(before: Item) -> bool:
    """Whether a word before 裙 makes it a dress."""
    if before.kind is Kind.LEANING:
        return before.leaning is not None and not before.leaning.stands_in
    if before.is_implied or before.asked.get("category") in WORN_ABOVE:
        return True
    return before.kind is Kind.PHRASE and bool(set(before.asked.values()) & DRESS_BEFORE)


def _stands_in_for_garment(item: Item) -> bool:
    leaning = item.leaning
    return leaning is not None and leaning.stands_in and "category" in leaning.values


def _same_garment(first: Item, item: Item) -> bool:
    return first.asked.get("category", "") == item.asked.get("category", " ")
