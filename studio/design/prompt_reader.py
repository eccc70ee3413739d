"""Read a prompt word by word: what is wanted, refused, leaned to, and what decides nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from studio.design.colour_names import TypedColour
from studio.design.colour_roles import ColourRoles
from studio.design.garment_words import GarmentWords
from studio.design.leanings import Leaning
from studio.design.lexicon import Kind, Lexicon
from studio.design.phrase_splitter import SplitPrompt, TypedPhrase
from studio.design.reading import ReadPhrase
from studio.design.refusals import Refusal
from studio.design.refusing import Refusing, refuses_by_itself
from studio.design.scenes import ignore_things, set_scene
from studio.design.word_items import (
    STRANGE,
    Item,
    Role,
    Roles,
    WordItems,
    dyed,
    rest_of,
    said_together,
)

_LENGTH_WORDS = ("long", "short", "\u957f", "\u77ed")


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
        self._attributes = attributes
        self._main_phrases = main_phrases
        self._lexicon = lexicon
        self._stem = stem
        self._words = WordItems(phrases_at, attributes, lexicon, stem, longest)
        self._refusing = Refusing(main_phrases, lexicon, stem)
        self._garments = GarmentWords(main_phrases, lexicon, stem)
        self._colours = ColourRoles(lexicon, stem)
        self._said_by: dict[tuple[str, str], list[str]] = {}
        for key, phrases in phrases_at.items():
            asked = attributes[phrases[0]]
            if len(phrases) == len(asked) == 1:
                self._said_by.setdefault(next(iter(asked.items())), []).append(key)

    def refused_rows(self, split: SplitPrompt) -> list[list[Item]]:
        """The words of each phrase, those marked that are refused."""
        rows = [self._words.of(each) for each in split.phrases]
        self._refusing.mark(split.phrases, rows)
        return rows

    def read(self, split: SplitPrompt) -> Found:
        """What the phrases say; their order decides nothing but which wins of two."""
        rows = self.refused_rows(split)
        for row in rows:
            set_scene(row)
        self._garments.settle(rows)
        for row in rows:
            ignore_things(row)
        found = Found()
        named = self._settle_roles(self._colours.of(rows), found)
        for typed, row in zip(split.phrases, rows, strict=True):
            self._collect(typed, row, found, named)
        return found

    def _settle_roles(self, roles: Roles, found: Found) -> set[int]:
        """Which colour is the cloth's, the print's, the trim's; ids of the items that are used."""
        if not roles[Role.MAIN] and roles[Role.PRINT]:
            first = roles[Role.PRINT].pop(0)
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
                colour = dyed(item)
                if colour is not None:
                    used.add(id(item))
                if colour is not None and (measure != "colour" or _is_exact(item)):
                    found.colours.setdefault(measure, colour)
        return used

    def _collect(self, typed: TypedPhrase, row: list[Item], found: Found, named: set[int]) -> None:
        refused = [
            (item, refusal)
            for item in row
            if item.refused and (refusal := self._refusing.refusal_of(item)) is not None
        ]
        found.refused += [refusal for _, refusal in refused]
        used = [item for item in row if item.alive and not self._decides_nothing(item, named)]
        phrases = [
            phrase
            for item in [*used, *(item for item, _ in refused if refuses_by_itself(item))]
            for phrase in self._phrases_of(item)
        ]
        for item in used:
            self._note_implied(item, found)
        leanings = [each for item in used for each in self._leanings_of(item)]
        found.leanings += [each for each in leanings if each not in found.leanings]
        colours = [item.colour.name for item in used if item.colour is not None]
        found.wanted += phrases
        understood = phrases or colours or leanings or refused
        strange = not understood and all(item.kind in STRANGE for item in row)
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
                rest=rest_of(row),
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
            glue = item.kind in STRANGE and item.kind is not Kind.UNKNOWN
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
        return [said_together(items) for items in runs]

    def _phrases_of(self, item: Item) -> tuple[str, ...]:
        """The known phrases that an item stands for; a colour of prints or trims has none."""
        if item.kind is not Kind.COLOUR:
            return item.phrases
        if item.role is not Role.MAIN or item.phrases:
            return item.phrases if item.role is Role.MAIN else ()
        colour = dyed(item)
        phrase = colour and self._main_phrases.get(("colour", colour.value))
        return (phrase,) if phrase else ()


def _is_exact(item: Item) -> bool:
    return item.colour is not None and item.colour.colour is not None
