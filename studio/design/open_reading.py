"""Read a prompt for models that know any words: what is wanted, and what is refused.

The same splitter and the same grammar of refusals as with a phrasebook; all other words stay as
they were typed.
"""

import re
from collections.abc import Sequence

from studio.design.house_reading import HouseReading
from studio.design.house_rules import NO_RULES, HouseRules
from studio.design.lexicon import Kind, Lexicon
from studio.design.other_things import GENERIC, REFUSED_BEFORE, SEVERAL
from studio.design.phrase_splitter import TypedPhrase, split_prompt
from studio.design.phrase_words import stem, tokens
from studio.design.prompt_reader import PromptReader
from studio.design.reading import ParsedPrompt, ReadPhrase, UnknownPhrase
from studio.design.refusals import Refusal
from studio.design.word_items import Item
from studio.domain import MAX_PROMPT_CHARACTERS, PromptTooLongError

_LEADS_TO_REFUSAL = re.compile(
    r"(?:[,\s]|\b(?:with|and|but|has|have|having|is|are|it|that|the|a|an|any)\b|[\u4f46\u5e26])+$",
    re.IGNORECASE,
)
_SMALL_WORDS = (
    *("a", "an", "the", "with", "in", "on", "of", "for", "to", "at", "is", "has", "by", "from"),
    *("her", "his", "it", "its", "that", "this", "please", "any", "very", "all", "\u7684"),
)
_LEADS_ON = re.compile(r"^(?:[,\s]|\b(?:but|and|just|only|instead|please)\b|[\u4f46\u7684])+", re.I)


def read_openly(prompt: str, house_rules: HouseRules = NO_RULES) -> ParsedPrompt:
    """Read a prompt: any phrase with a letter or digit is known.

    Sorted without regard to case, so that the order of typing never matters.

    Args:
        prompt: as typed.
        house_rules: of the store; what it never sells is refused, too, in words.

    Raises:
        PromptTooLongError: more than 1,000 characters were typed.
    """
    if len(prompt) > MAX_PROMPT_CHARACTERS:
        raise PromptTooLongError(
            f"The prompt has {len(prompt):,} characters. Shorten it to at most "
            f"{MAX_PROMPT_CHARACTERS:,}: a few short phrases between commas work best."
        )
    split = split_prompt(prompt)
    read = [
        _read(typed, row)
        for typed, row in zip(split.phrases, _READER.refused_rows(split), strict=True)
    ]
    wanted = [each.phrases[0] for each in read if each.phrases]
    by_key = {phrase.casefold(): phrase for phrase in sorted(wanted)}
    phrases = tuple(by_key[key] for key in sorted(by_key))
    refused = dict.fromkeys(text for each in read for text in each.refused)
    return ParsedPrompt(
        attributes={},
        phrases=phrases,
        plain_phrases=phrases,
        unknown=tuple(UnknownPhrase(each.text, ()) for each in read if each.unknown),
        refused=tuple(Refusal(text) for text in refused),
        ignored=split.marks,
        read=tuple(read),
        house=HouseReading(house_rules.ruled_out),
    )


def _read(typed: TypedPhrase, row: Sequence[Item]) -> ReadPhrase:
    text = typed.text
    if not any(char.isalnum() for char in text):
        return ReadPhrase(text, nearest=())
    if typed.refused:
        return ReadPhrase(text, refused=(text,))
    runs = _runs(row)
    if not runs:
        return ReadPhrase(text, (text,), wanted=(text,))
    refused = tuple(text[run[0].span[0] : run[-1].span[1]] for run in runs)
    rest = _without(text, row, runs)
    phrases = (rest,) if rest else ()
    return ReadPhrase(text, phrases, refused=refused, wanted=phrases, rest=rest)


def _runs(row: Sequence[Item]) -> list[list[Item]]:
    """Refused words that stand together: "no red belt or lace" refuses two things."""
    runs: list[list[Item]] = []
    together = False
    for item in row:
        if item.refused and item.span[1] > item.span[0]:
            if not together:
                runs.append([])
            runs[-1].append(item)
        together = item.refused
    return runs


def _without(text: str, row: Sequence[Item], runs: Sequence[Sequence[Item]]) -> str:
    """The text without its refusals, and without what led to them."""
    kept: list[str] = []
    place = 0
    for run in runs:
        first, last = run[0], run[-1]
        start = min((each.span[0] for each in _leading(row, first)), default=first.span[0])
        before = text[place:start]
        kept.append(_LEADS_TO_REFUSAL.sub("", f"{before} ") if before.strip() else "")
        place = max(last.span[1], _trailing(row, last))
    rest = _LEADS_ON.sub("", text[place:])
    return " ".join(" ".join([*kept, rest]).split()).strip(" -\u2013,")


def _leading(row: Sequence[Item], first: Item) -> list[Item]:
    """The words that refuse, and those between the members of their list."""
    place = next(index for index, item in enumerate(row) if item is first)
    found = []
    while place and row[place - 1].kind in (Kind.REFUSING, Kind.LISTING, Kind.GLUE, Kind.ENDING):
        place -= 1
        found.append(row[place])
        if row[place].kind is Kind.REFUSING:
            return found
    return found


def _trailing(row: Sequence[Item], last: Item) -> int:
    """Where "-free" or "-less" ends, which refuses what is before it."""
    place = next(index for index, item in enumerate(row) if item is last)
    after = row[place + 1] if place + 1 < len(row) else None
    if after is not None and after.text in REFUSED_BEFORE:
        return after.span[1]
    less = re.compile(r"less(?:\b|(?=\W))", re.IGNORECASE).match(last.typed, last.span[1])
    return less.end() if less else 0


def _key(text: str) -> str:
    return "".join(stem(word, {}) for word in tokens(text))


def _lexicon() -> Lexicon:
    """The words of grammar only: any other word may name something."""
    lexicon = Lexicon({}, _key)
    small = {_key(word) for word in _SMALL_WORDS}
    lexicon.entries = {
        key: entry
        for key, entry in lexicon.entries.items()
        if entry.kind in (Kind.REFUSING, Kind.LISTING, Kind.ENDING) or key in small
    }
    parts = (word for words in (*GENERIC, *SEVERAL) for word in words.split("; "))
    lexicon.general = {_key(part): {} for part in parts if "sleeve" not in part}
    return lexicon


_READER = PromptReader({}, {}, {}, _lexicon(), lambda word: stem(word, {}), 4)
