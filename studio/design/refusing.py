"""How far a refusal reaches in a prompt, and what it rules out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from studio.design.lexicon import Kind, Lexicon
from studio.design.other_things import REFUSED_BEFORE
from studio.design.phrase_splitter import TypedPhrase
from studio.design.phrase_words import joined
from studio.design.refusals import Refusal
from studio.design.word_items import Item, dyed

_DETAILS = frozenset(
    ("collar", "cuffs", "hem", "closure", "trim", "belt", "pockets", "bow", "slit", "pleats")
)
_AND = ("and", "plus", "\u548c", "\u4e0e", "\u8ddf", "\u53ca", "\u4ee5\u53ca")
_ABSENCE_WORDS = ("no", "without", "a", "an", "any", "\u65e0", "\u6ca1")


@dataclass
class _Reach:
    """How far a refusal has come in a phrase."""

    going: bool
    begun: bool = False
    expecting: bool = True
    last: Item | None = None
    listed_by: str = ""


class Refusing:
    """Marks what is refused, and says what that rules out.

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

    def mark(self, typed: Sequence[TypedPhrase], rows: list[list[Item]]) -> None:
        """Mark the items of all phrases that are refused, lists over several phrases as well."""
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
            if _is_absence(item) and refuses_by_itself(item):
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

    def refusal_of(self, item: Item) -> Refusal | None:
        """What a refused item rules out; None for words that refuse nothing by themselves."""
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
            colour = dyed(item)
            return Refusal(text, {"colour": (colour.value,)} if colour else {})
        asked = dict(item.asked)
        if len(asked) > 1:
            asked.pop("category", None)
        return Refusal(text, {family: (value,) for family, value in asked.items()})

    def _general(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        key = "".join(map(self._stem, _without_no(words)))
        return self._lexicon.general.get(key, {})


def _without_no(words: Sequence[str]) -> list[str]:
    found = list(words)
    while len(found) > 1 and found[0] in _ABSENCE_WORDS:
        found.pop(0)
    return found


def _is_absence(item: Item) -> bool:
    return set(item.asked.values()) <= {"none", "sleeveless", "solid"} and len(item.asked) == 1


def refuses_by_itself(item: Item) -> bool:
    """Whether it says the absence itself: "sleeveless", "no belt"."""
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
