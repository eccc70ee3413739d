"""The grammar of the drawn world: its phrasebook, and captions for outfits.

Each value has a main phrase, synonyms and trade words. A compound phrase asks for several
attributes at once.
"""

import random
from functools import cache
from math import prod

from studio.design.families import FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES, RULES
from studio.design.outfit import Outfit
from studio.design.phrasebook import Phrasebook
from training.atelier import vocabulary

SHORT_CAPTION_SHARE = 0.2
SHORT_CAPTION = (1, 4)
LONG_CAPTION = (5, 16)
COMPOUND_CHANCE = 0.4
MAIN_PHRASE_CHANCE = 0.45
FIRST_FAMILY_CHANCE = 0.9
ABSENCE_CHANCE = 0.12

_FAMILY_OF = {
    value: family for family, values in FAMILIES.items() for value in values if value != NONE
}


def _listed(text: str) -> list[str]:
    return [phrase.strip() for phrase in text.split(";") if phrase.strip()]


def _english_phrases() -> dict[str, dict[str, str]]:
    """Every English phrase -> its attributes."""
    phrases: dict[str, dict[str, str]] = {}
    for family, values in vocabulary.ENGLISH.items():
        for value, text in values.items():
            for phrase in _listed(text):
                if phrase in phrases:
                    raise ValueError(f"Two values share the phrase {phrase!r}.")
                phrases[phrase] = {family: value}
    for phrase, text in vocabulary.COMPOUNDS.items():
        asked = {_FAMILY_OF[value]: value for value in _listed(text)}
        phrases[phrase] = {family: asked[family] for family in FAMILIES if family in asked}
    return phrases


@cache
def build_phrasebook() -> Phrasebook:
    """The vocabulary of the drawn world, as its checkpoint carries it."""

    def main(value: str) -> str:
        return _listed(vocabulary.ENGLISH[_FAMILY_OF[value]][value])[0]

    chinese = {
        typed: _listed(vocabulary.ENGLISH[family][value])[0]
        for family, (_, values) in vocabulary.CHINESE.items()
        for value, text in values.items()
        for typed in text.split()
    }
    return Phrasebook(
        families=FAMILIES,
        phrases=_english_phrases(),
        chinese=chinese | vocabulary.CHINESE_COMPOUNDS,
        rules=RULES,
        spelled_out={
            typed: tuple(main(value) for value in _listed(text))
            for typed, text in vocabulary.SPELLED_OUT.items()
        },
        family_names={family: name for family, (name, _) in vocabulary.CHINESE.items()},
        spellings=vocabulary.SPELLINGS,
        fillers=vocabulary.FILLERS,
        negations=vocabulary.NEGATIONS,
        related={
            word: tuple(main(near) if near in _FAMILY_OF else near for near in _listed(text))
            for word, text in vocabulary.RELATED.items()
        },
        suggestions=tuple(
            main(each) for text in vocabulary.SUGGESTIONS.values() for each in _listed(text)
        ),
    )


class _CaptionTables:
    """What captions need, looked up once."""

    def __init__(self, book: Phrasebook) -> None:
        self.book = book
        self.single: dict[tuple[str, str], tuple[str, ...]] = {}
        # By first attribute: phrase, attributes, and a weight that favours the rarer ones.
        self.compounds: dict[tuple[str, str], list[tuple[str, dict[str, str], int]]] = {}
        for phrase, asked in book.phrases.items():
            first = next(iter(asked.items()))
            if len(asked) == 1:
                self.single[first] = (*self.single.get(first, ()), phrase)
            else:
                weight = prod(len(FAMILIES[family]) for family in asked)
                self.compounds.setdefault(first, []).append((phrase, asked, weight))
        self.places = {phrase: book.canonical_place(phrase) for phrase in book.phrases}
        # An absence is worth telling only where the garment could have had the detail.
        self.can_be_there = {
            (family, category): len(GARMENT_RULES.allowed(family, {"category": category})) > 1
            for family in FAMILIES
            for category in FAMILIES["category"]
        }

    def draw_compound(self, outfit: Outfit, rng: random.Random) -> str | None:
        """A compound phrase of which every attribute holds, if there is one."""
        holding = [
            (phrase, weight)
            for pair in outfit.items()
            for phrase, asked, weight in self.compounds.get(pair, ())
            if all(outfit[family] == value for family, value in asked.items())
        ]
        if not holding:
            return None
        phrases, weights = zip(*holding, strict=True)
        drawn: str = rng.choices(phrases, weights)[0]
        return drawn

    def tellable(self, outfit: Outfit, rng: random.Random) -> list[tuple[str, str]]:
        category = outfit["category"]
        return [
            (family, value)
            for family, value in outfit.items()
            if (family, value) in self.single
            and (
                value != NONE
                or (self.can_be_there[family, category] and rng.random() < ABSENCE_CHANCE)
            )
        ]


@cache
def _tables() -> _CaptionTables:
    return _CaptionTables(build_phrasebook())


def caption(
    outfit: Outfit,
    rng: random.Random,
    shuffled: bool = True,
    keep: tuple[int, int] | None = None,
) -> str:
    """Some true phrases about an outfit, between commas.

    Families are sub-sampled and synonyms drawn by lot. A compound phrase comes in only when all
    of its attributes hold; the families that it tells are then not told again.

    Args:
        outfit: what to tell of.
        rng: source of chance; the same state gives the same caption.
        shuffled: whether the phrases come in any order; if not, in the canonical order, which is
            what the phrasebook makes of them.
        keep: fewest and most phrases; by default one caption in five is short (1 to 4) and the
            others long (5 to 16), as far as the outfit has so much to tell.
    """
    tables = _tables()
    if keep is None:
        keep = SHORT_CAPTION if rng.random() < SHORT_CAPTION_SHARE else LONG_CAPTION
    count = rng.randint(*keep)
    told = tables.tellable(outfit, rng)
    first = told[0]
    rng.shuffle(told)
    if rng.random() < FIRST_FAMILY_CHANCE:
        told.remove(first)
        told.insert(0, first)
    phrases: list[str] = []
    compound = tables.draw_compound(outfit, rng) if rng.random() < COMPOUND_CHANCE else None
    if compound is not None:
        asked = tables.book.phrases[compound]
        told = [pair for pair in told if pair[0] not in asked]
        phrases.append(compound)
    for pair in told[: max(count - len(phrases), 0)]:
        known = tables.single[pair]
        phrases.append(known[0] if rng.random() < MAIN_PHRASE_CHANCE else rng.choice(known))
    if shuffled:
        rng.shuffle(phrases)
    else:
        phrases.sort(key=tables.places.__getitem__)
    return ", ".join(phrases)
