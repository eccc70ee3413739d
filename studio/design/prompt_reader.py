"""Read a prompt word by word: what is wanted, refused, leaned to, and what decides nothing."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from studio.design.colour_names import TypedColour, modified, of_hex
from studio.design.colours import NAMED_COLOURS, nearest_colour_name
from studio.design.leanings import Leaning
from studio.design.lexicon import Kind, Lexicon
from studio.design.measures import named_so
from studio.design.other_things import (
    DRESS_BEFORE,
    GARMENT_AS_WORD,
    ONLY_DRESSES_HAVE,
    ORDINARY,
    REFUSED_BEFORE,
    SKIRT_OR_DRESS,
    TWO_COLOURED,
    WORN_ABOVE,
)
from studio.design.phrase_splitter import SplitPrompt, TypedPhrase
from studio.design.phrase_words import joined, tokens
from studio.design.reading import ReadPhrase
from studio.design.refusals import Refusal

_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})(?![0-9a-z])", re.IGNORECASE)
_HEX_KEY = re.compile(r"#[0-9a-f]+")
_STOPS = frozenset(("wearing", "wears", "dressed", "穿", "穿着", "身穿"))
_PART_FAMILIES = frozenset(("belt", "bow", "cuffs", "collar", "closure", "trim"))
_DESCRIBING = frozenset(
    ("colour", "fabric", "pattern", "length", "silhouette", "leg", "fit", "closure", "trim")
) | frozenset(("pleats", "cuffs", "hem", "waist", "build", "hair", "hair colour", "sleeve shape"))
_WEARER_THINGS = frozenset(("shoes", "hair", "hair colour"))
_OF_THINGS = frozenset(("colour", "fabric", "pattern", "closure", "trim", "length"))
_PART_WORDS = frozenset(("collar", "cuff", "button", "trim", "lace", "ruffle", "stitching", "seam"))
_DETAILS = frozenset(
    ("collar", "cuffs", "hem", "closure", "trim", "belt", "pockets", "bow", "slit", "pleats")
)
_AND = ("and", "plus", "\u548c", "\u4e0e", "\u8ddf", "\u53ca", "\u4ee5\u53ca")
_JOINING = frozenset(("with", "over", "under", "and", "plus", "\u914d", "\u642d\u914d", "\u548c"))
_MOST_TYPO_WORDS = 3
_OF_DESCRIBING = frozenset(("collar", "closure", "sleeve length", "pockets", "belt", "pattern"))
_LENGTH_WORDS = ("long", "short", "\u957f", "\u77ed")


class Role(StrEnum):
    """What of a design a colour is for."""

    MAIN = "main"
    SECOND = "second"
    PRINT = "print"
    TRIM = "trim"


Roles = dict[Role, list["Item"]]
_ADJECTIVES = (Kind.PHRASE, Kind.UNKNOWN, Kind.LEANING, Kind.COLOUR, Kind.PRAISE)
_STRANGE = (Kind.UNKNOWN, Kind.GLUE, Kind.LISTING, Kind.ENDING, Kind.REFUSING)


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


@dataclass
class Found:
    """What all phrases of a prompt were read as.

    Attributes:
        wanted: known phrases in the order of typing.
        colours: measure -> the colour that was named.
        refused: what never comes.
        leanings: styles and stand-ins.
        read: what became of each typed phrase.
        implied: phrase -> what of it only the name of a garment implies: "trench coat" a belt.
    """

    wanted: list[str] = field(default_factory=list)
    colours: dict[str, TypedColour] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    leanings: list[Leaning] = field(default_factory=list)
    read: list[ReadPhrase] = field(default_factory=list)
    implied: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)


@dataclass
class _Reach:
    """How far a refusal has come in a phrase."""

    going: bool
    begun: bool = False
    expecting: bool = True
    last: Item | None = None
    listed_by: str = ""


class PromptReader:
    """Reads typed phrases by a phrasebook's tables and by the lexicon.

    Args:
        phrases_at: key of what is typed -> the known phrases that it is read as.
        attributes: known phrase -> family -> value.
        main_phrases: (family, value) -> its main phrase.
        lexicon: all other words.
        stem: of one word.
        longest: words of the longest known phrase.
    """

    def __init__(
        self,
        phrases_at: Mapping[str, tuple[str, ...]],
        attributes: Mapping[str, Mapping[str, str]],
        main_phrases: Mapping[tuple[str, str], str],
        lexicon: Lexicon,
        stem: Callable[[str], str],
        longest: int,
    ) -> None:
        self._phrases_at = phrases_at
        self._attributes = attributes
        self._main_phrases = main_phrases
        self._lexicon = lexicon
        self._stem = stem
        self._longest = longest
        self._by_start: dict[str, list[str]] = {}
        self._said_by: dict[tuple[str, str], list[str]] = {}
        for key, phrases in phrases_at.items():
            if len(key) >= 4:
                self._by_start.setdefault(key[0], []).append(key)
            asked = attributes[phrases[0]]
            if len(phrases) == len(asked) == 1:
                self._said_by.setdefault(next(iter(asked.items())), []).append(key)

    # --- The whole prompt --------------------------------------------------------------------

    def refused_rows(self, split: SplitPrompt) -> list[list[Item]]:
        """The words of each phrase, those marked that are refused."""
        rows = [self._items(each) for each in split.phrases]
        self._refuse_lists(split.phrases, rows)
        return rows

    def read(self, split: SplitPrompt) -> Found:
        """What the phrases say; their order decides nothing but which wins of two."""
        rows = self.refused_rows(split)
        first: Item | None = None
        for row in rows:
            self._set_scene(row)
            self._settle_describing_garments(row)
        self._settle_skirts(rows)
        for row in rows:
            first = self._ignore_second_garments(row, first)
            self._ignore_things(row)
        found = Found()
        roles: Roles = {role: [] for role in Role}
        for row in rows:
            self._give_roles(row, roles)
        if self._is_two_coloured(rows):
            _take_turns(roles)
        named = self._settle_roles(roles, found)
        for typed, row in zip(split.phrases, rows, strict=True):
            self._collect(typed, row, found, named)
        return found

    def _is_two_coloured(self, rows: Sequence[Sequence[Item]]) -> bool:
        """Whether a pattern is asked for that says no more than that there are two colours."""
        items = (item for row in rows for item in row if item.alive)
        return any(item.asked.get("pattern") in TWO_COLOURED for item in items)

    def _settle_roles(self, roles: Roles, found: Found) -> set[int]:
        """Which colour is the cloth's, the print's, the trim's; ids of the items that are used."""
        for role in (Role.PRINT, Role.TRIM):
            if not roles[Role.MAIN] and roles[role]:
                first = roles[role].pop(0)
                first.role = Role.MAIN
                roles[Role.MAIN] = [first]
        second = [*roles[Role.PRINT], *roles[Role.SECOND]]
        used: set[int] = set()
        for measure, items in (
            ("colour", roles[Role.MAIN]),
            ("second_colour", second[:1]),
            ("trim_colour", roles[Role.TRIM][:1]),
        ):
            for item in items:
                colour = self._dyed(item)
                if colour is not None:
                    used.add(id(item))
                if colour is not None and (measure != "colour" or _is_exact(item)):
                    found.colours.setdefault(measure, colour)
        return used

    def _dyed(self, item: Item) -> TypedColour | None:
        """The colour itself, as near to the typed one as its family's value allows."""
        typed = item.colour
        if typed is None:
            return None
        exact = typed.colour
        if exact is None:
            return TypedColour(typed.name, NAMED_COLOURS.get(typed.value), typed.value)
        value = typed.value or nearest_colour_name(exact)
        return TypedColour(typed.name, named_so(exact, value), value)

    def _collect(self, typed: TypedPhrase, row: list[Item], found: Found, named: set[int]) -> None:
        refused = [
            (item, refusal)
            for item in row
            if item.refused and (refusal := self._refusal(item)) is not None
        ]
        found.refused += [refusal for _, refusal in refused]
        used = [item for item in row if item.alive and not self._decides_nothing(item, named)]
        phrases = [
            phrase
            for item in [*used, *(item for item, _ in refused if _refuses_by_itself(item))]
            for phrase in self._phrases_of(item)
        ]
        for item in used:
            self._note_implied(item, found)
        leanings = [each for item in used for each in self._leanings_of(item)]
        found.leanings += [each for each in leanings if each not in found.leanings]
        colours = [item.colour.name for item in used if item.colour is not None]
        found.wanted += phrases
        understood = phrases or colours or leanings or refused
        strange = not understood and all(item.kind in _STRANGE for item in row)
        found.read.append(
            ReadPhrase(
                text=typed.text,
                phrases=tuple(phrases),
                colours=tuple(colours),
                leanings=tuple(each.name for each in leanings),
                refused=tuple(refusal.text for _, refusal in refused),
                ignored=() if strange else tuple(self._ignored(row, named)),
                mended=tuple(
                    (item.said, phrase)
                    for item in row
                    if item.mended and item.alive
                    for phrase in item.phrases
                ),
                nearest=() if strange else None,
                wanted=tuple(phrase for item in used for phrase in self._phrases_of(item)),
                rest=_rest(row),
                dyed=tuple(
                    (phrase, item.colour.name)
                    for item in used
                    if item.colour is not None
                    for phrase in self._phrases_of(item)
                ),
            )
        )

    def _leanings_of(self, item: Item) -> list[Leaning]:
        """A style or stand-in; the name of a garment may be of a style: "cocktail dress"."""
        if item.leaning is not None:
            return [item.leaning]
        entries = (
            self._lexicon.entries.get(self._stem(word))
            for word in (item.words if item.is_garment else ())
        )
        found = [each.leaning for each in entries if each is not None and each.leaning is not None]
        return [each for each in found if not each.stands_in]

    def _note_implied(self, item: Item, found: Found) -> None:
        """What the name of a garment implies and doesn't say; what is said elsewhere is said."""
        key = "".join(map(self._stem, item.words))
        unsaid = {
            (family, value)
            for family, value in item.asked.items()
            if (item.is_garment or item.is_implied)
            and family != "category"
            and not self._says(key, family, value)
        }
        for phrase in self._phrases_of(item):
            own = frozenset(pair for pair in self._attributes[phrase].items() if pair in unsaid)
            found.implied[phrase] = found.implied.get(phrase, own) & own

    def _says(self, key: str, family: str, value: str) -> bool:
        """Whether a garment's name says a value in so many words: "maxi skirt", "hoodie"."""
        if family == "length" and any(word in key for word in _LENGTH_WORDS):
            return True
        return any(each in key for each in self._said_by.get((family, value), ()))

    def _decides_nothing(self, item: Item, named: set[int]) -> bool:
        if item.ignored or item.kind not in (Kind.PHRASE, Kind.COLOUR, Kind.LEANING):
            return True
        return item.kind is Kind.COLOUR and id(item) not in named

    def _ignored(self, row: list[Item], named: set[int]) -> list[str]:
        """The words that decide nothing, those that stand together as one text."""
        runs: list[list[Item]] = []
        together = False
        for item in row:
            glue = item.kind in _STRANGE and item.kind is not Kind.UNKNOWN
            if (
                item.refused
                or not self._decides_nothing(item, named)
                or (glue and not item.ignored)
            ):
                together = False
                continue
            if not together:
                runs.append([])
            runs[-1].append(item)
            together = True
        return [_said_together(items) for items in runs]

    def _phrases_of(self, item: Item) -> tuple[str, ...]:
        """The known phrases that an item stands for; a colour of prints or trims has none."""
        if item.kind is not Kind.COLOUR:
            return item.phrases
        if item.role is not Role.MAIN or item.phrases:
            return item.phrases if item.role is Role.MAIN else ()
        dyed = self._dyed(item)
        phrase = dyed and self._main_phrases.get(("colour", dyed.value))
        return (phrase,) if phrase else ()

    # --- Words to items ----------------------------------------------------------------------

    def _items(self, typed: TypedPhrase) -> list[Item]:
        words = words_of(typed.text)
        items: list[Item] = []
        place = 0
        while place < len(words):
            item = self._item_at(words, place)
            item.typed = typed.text
            item.span = _span(typed.text, item.words, items[-1].span[1] if items else 0)
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

    # --- Refusals ----------------------------------------------------------------------------

    def _refuse_lists(self, typed: Sequence[TypedPhrase], rows: list[list[Item]]) -> None:
        goes_on = False
        for place, row in enumerate(rows):
            continued = goes_on and (typed[place].joint == "\u3001" or self._is_member(rows, place))
            goes_on = self._refuse(row, started=continued)

    def _is_member(self, rows: list[list[Item]], place: int) -> bool:
        """Whether a phrase goes on with the list of a refusal, up to its last "or"."""
        for row in rows[place:]:
            kinds = [item.kind for item in row]
            if Kind.REFUSING in kinds and kinds[0] is not Kind.LISTING:
                return bool(row) and row[0].text == "nor"
            alternatives = [item for item in row if item.text in ("or", "nor", "\u6216")]
            if alternatives:
                return True
            if any(item.is_garment for item in row):
                return False
        return False

    def _refuse(self, row: list[Item], *, started: bool) -> bool:
        """Mark what is refused; whether the phrase ends within a refusal."""
        for place, item in enumerate(row):
            if _is_absence(item) and _refuses_by_itself(item):
                item.refused = True
            before = row[place - 1] if place else None
            if item.text in REFUSED_BEFORE and before is not None and _can_be_refused(before):
                before.refused, item.kind = True, Kind.GLUE
        reach = _Reach(going=started)
        for item in row:
            if item.kind is Kind.REFUSING:
                reach = _Reach(going=True, last=item)
            elif item.refused and item.kind is Kind.PHRASE:
                reach = _Reach(going=True, begun=True, expecting=False, last=item)
            elif reach.going:
                self._refuse_next(item, reach)
        return reach.going and reach.begun

    def _refuse_next(self, item: Item, reach: "_Reach") -> None:
        """Go on with a refusal for one item, or end it there."""
        if item.kind is Kind.LISTING:
            reach.expecting, reach.listed_by = True, item.text
        elif item.kind is Kind.ENDING:
            reach.going = item.text == "with" and not reach.begun
        elif item.kind is Kind.GLUE:
            ends = item.text in ("with", "in", "for", "\u7684") or not reach.expecting
            reach.going = not (reach.begun and ends)
        elif reach.begun and not self._refused_too(item, reach):
            reach.going = False
        else:
            last = reach.last if reach.begun and not reach.expecting else None
            if last is not None and last.kind is Kind.COLOUR:  # "no red belt" is about the belt
                last.refused, last.ignored = False, True
            item.refused = True
            reach.begun, reach.expecting, reach.last, reach.listed_by = True, False, item, ""

    def _refused_too(self, item: Item, reach: "_Reach") -> bool:
        if item.is_garment:
            return False
        if not reach.expecting:
            return _describes(reach.last, item)
        return reach.listed_by not in _AND or self._goes_on(reach.last, item)

    def _goes_on(self, last: Item | None, item: Item) -> bool:
        """Whether "no pockets and ..." refuses this as well: a detail, or more of the same."""
        if last is None or item.kind is not Kind.PHRASE or self._general(item.words):
            return item.kind is not Kind.COLOUR or last is None or last.kind is Kind.COLOUR
        return bool(item.asked.keys() & (_DETAILS | last.asked.keys()))

    def _refusal(self, item: Item) -> Refusal | None:
        if item.kind in (Kind.BEFORE, Kind.AFTER, Kind.REFUSING, Kind.GLUE):
            return None
        words = item.words
        if item.kind is Kind.PHRASE and _is_absence(item):
            words = [word.removesuffix("less") for word in _without_no(words)]
        text = item.said if words == item.words else joined(words)
        general = self._general(words)
        if general:
            return Refusal(text, general)
        if item.kind is Kind.PHRASE and _is_absence(item):
            asked = dict(item.asked)
            return Refusal(
                text,
                {
                    family: tuple(
                        value
                        for (other, value) in self._main_phrases
                        if other == family and value != kept
                    )
                    for family, kept in asked.items()
                },
            )
        if item.kind is Kind.COLOUR and item.colour is not None:
            dyed = self._dyed(item)
            return Refusal(text, {"colour": (dyed.value,)} if dyed else {})
        asked = dict(item.asked)
        if len(asked) > 1:
            asked.pop("category", None)
        return Refusal(text, {family: (value,) for family, value in asked.items()})

    def _general(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        key = "".join(map(self._stem, _without_no(words)))
        return self._lexicon.general.get(key, {})

    # --- Things and scenes -------------------------------------------------------------------

    def _set_scene(self, row: list[Item]) -> None:
        for place, item in enumerate(row):
            if item.kind is Kind.BEFORE:
                for other in row[place:]:
                    if other.text in _STOPS:
                        break
                    other.ignored = True
            elif item.kind is Kind.AFTER:
                for other in reversed(row[: place + 1]):
                    if other.is_garment:
                        break
                    other.ignored = True

    def _settle_describing_garments(self, row: list[Item]) -> None:
        """Of garments that stand together the last is drawn: "sweater dress", 吊带碎花裙."""
        later: Item | None = None
        for item in reversed(row):
            if item.is_garment and item.alive:
                if later is None:
                    later = item
                else:
                    self._describe(item)
            elif item.kind not in _ADJECTIVES:
                later = None

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

    def _ignore_things(self, row: list[Item]) -> None:
        for place, item in enumerate(row):
            if item.kind is Kind.THING:
                _ignore_before(row, place, _describes_thing)
                _ignore_after(row, place)
            elif item.asked.keys() & _WEARER_THINGS and not item.is_garment:
                _ignore_before(row, place, _describes_shoe)

    # --- Colours -----------------------------------------------------------------------------

    def _give_roles(self, row: list[Item], roles: Roles) -> None:
        mains: list[Item] = []
        for place, item in enumerate(row):
            if item.kind is not Kind.COLOUR or not item.alive:
                continue
            role = self._role(row, place, mains)
            if role is Role.MAIN:
                mains.append(item)
            roles[role].append(item)
            item.role = role

    def _role(self, row: list[Item], place: int, mains: list[Item]) -> Role:
        after = [item for item in row[place + 1 :] if not _small(item)]
        next_is_part = bool(after) and after[0].alive and self._is_part(after[0])
        if _leads_to_garment(after):
            if next_is_part and _leads_to_colour(after):
                return Role.TRIM
            beside = mains and not _garment_between(row, mains[-1], place)
            return Role.SECOND if beside else Role.MAIN
        if after and after[0].alive and self._is_print(after[0]):
            return Role.PRINT
        if next_is_part:
            return Role.TRIM
        before = [item for item in row[:place] if not _small(item)]
        if len(before) > 1 and before[-1].text in ("in", "of"):
            if mains and self._is_print(before[-2]):
                return Role.PRINT
            if self._is_part(before[-2]):
                return Role.TRIM
        return Role.SECOND if mains else Role.MAIN

    def _is_print(self, item: Item) -> bool:
        return "".join(map(self._stem, item.words)) in self._lexicon.prints

    def _is_part(self, item: Item) -> bool:
        if item.kind is Kind.PHRASE and not item.is_garment:
            return bool(item.asked.keys() & _PART_FAMILIES)
        return self._stem(item.words[-1]) in _PART_WORDS


def _take_turns(roles: Roles) -> None:
    """The first colour is the cloth's, all others come after it."""
    first, *others = roles[Role.MAIN] or [None]
    for item in filter(None, others):
        item.role = Role.SECOND
    roles[Role.SECOND] += filter(None, others)
    roles[Role.MAIN] = [] if first is None else [first]


def _said_together(items: Sequence[Item]) -> str:
    """Neighbours in a phrase as they were typed."""
    first, last = items[0], items[-1]
    if all(item.span[1] > item.span[0] for item in items):
        return first.typed[first.span[0] : last.span[1]]
    return joined([item.said for item in items])


def _span(text: str, words: Sequence[str], start: int) -> tuple[int, int]:
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


def _rest(row: list[Item]) -> str:
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


def _is_exact(item: Item) -> bool:
    return item.colour is not None and item.colour.colour is not None


_ABSENCE_WORDS = ("no", "without", "a", "an", "any", "\u65e0", "\u6ca1")


def _without_no(words: Sequence[str]) -> list[str]:
    found = list(words)
    while len(found) > 1 and found[0] in _ABSENCE_WORDS:
        found.pop(0)
    return found


def _is_absence(item: Item) -> bool:
    return set(item.asked.values()) <= {"none", "sleeveless", "solid"} and len(item.asked) == 1


def _refuses_by_itself(item: Item) -> bool:
    if len(item.words) == 1:
        return item.words[0].endswith("less") and "none" in item.asked.values()
    return item.words[0] in ("no", "without", "\u65e0")


def _can_be_refused(item: Item) -> bool:
    return item.kind in (Kind.PHRASE, Kind.UNKNOWN, Kind.LEANING)


def _describes(before: Item | None, item: Item) -> bool:
    """Whether a refused word only describes the next one: "no red belt"."""
    if before is None or item.is_garment:
        return False
    if before.kind is Kind.COLOUR:
        return item.kind is not Kind.COLOUR
    return before.kind in (Kind.UNKNOWN, Kind.THING, Kind.REFUSING)


def _small(item: Item) -> bool:
    return item.text in ("small", "tiny", "large", "big", "little", "\u7684", "\u5c0f", "\u5927")


def _describes_thing(item: Item) -> bool:
    if item.kind in (Kind.COLOUR, Kind.LEANING, Kind.UNKNOWN):
        return True
    return item.kind is Kind.PHRASE and item.asked.keys() <= _DESCRIBING


def _describes_shoe(item: Item) -> bool:
    if item.kind is Kind.COLOUR or (item.leaning is not None and item.leaning.stands_in):
        return True
    return item.kind is Kind.PHRASE and item.asked.keys() <= _OF_THINGS


def _ignore_before(row: list[Item], place: int, describes: Callable[[Item], bool]) -> None:
    for before in range(place - 1, -1, -1):
        item = row[before]
        beyond = row[before - 1] if before else None
        if describes(item) and item.alive:
            item.ignored = True
        elif item.kind is Kind.LISTING and beyond is not None and beyond.kind is Kind.COLOUR:
            if row[before + 1].kind is not Kind.COLOUR:
                return
        elif not (_small(item) or item.text in ("color", "colour", "colored")):
            return


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


def _ignore_after(row: list[Item], place: int) -> None:
    """What is said of a thing: "a field of yellow flowers", "street in Paris"."""
    after = row[place + 1 :]
    if not after or after[0].text != "of" or any(item.is_garment for item in after):
        return
    for item in after:
        if item.text in ("with", "wearing", "wears"):
            return
        item.ignored = True


def _leads_to_garment(after: Iterable[Item]) -> bool:
    """Whether adjectives only stand between here and a garment."""
    for item in after:
        if item.is_garment:
            return True
        if item.kind not in (*_ADJECTIVES, Kind.LISTING):
            return False
        if item.kind is Kind.PHRASE and item.asked.keys() & {"shoes"}:
            return False
    return False


def _leads_to_colour(after: Iterable[Item]) -> bool:
    """Whether another colour stands before the garment: "gold buttons navy coat"."""
    for item in after:
        if item.is_garment or item.kind is Kind.COLOUR:
            return item.kind is Kind.COLOUR
    return False


def _garment_between(row: list[Item], first: Item, place: int) -> bool:
    start = next(index for index, item in enumerate(row) if item is first)
    return any(item.is_garment for item in row[start:place])
