"""The field for phrases: chips, unknown words marked where they were typed, suggestions.

Its script sends the events `read`, `submit`, `keep` and `restore`.
"""

from collections.abc import Sequence
from typing import Any

from studio.design.house_reading import HouseReading
from studio.services.prompt_reading import Chip, Contradiction, PromptReading
from studio.ui.words import Words

UNTOUCHED = 0
"""The field's number of its text before anybody typed."""

_WAYS = {
    "keep": "keep_wanting",
    "refuse": "keep_refusing",
    "leave": "leave_out",
    "instead": "take_instead",
}


def prompt_of(payload: object) -> str:
    """The prompt in what the field sends; whatever else a client may send is no prompt."""
    prompt = payload.get("prompt") if isinstance(payload, dict) else None
    return prompt if isinstance(prompt, str) else ""


def revision_of(payload: object) -> int | None:
    """The field's own number of its text; None where it has not said one."""
    revision = payload.get("revision") if isinstance(payload, dict) else None
    is_number = isinstance(revision, int) and not isinstance(revision, bool)
    return revision if is_number else None


def phrase_view(
    prompt: str,
    reading: PromptReading,
    revision: int | None,
    words: Words,
    favourites: Sequence[str] = (),
) -> dict[str, Any]:
    """What the field shows of a prompt that was read.

    Args:
        prompt: as typed.
        reading: what the studio understood of it.
        revision: the field's own number of the text that was read, so that a late answer can't
            undo newer typing; `UNTOUCHED` sets the text unless somebody typed; None always.
        words: for the screen.
        favourites: phrases to use again with one click.
    """
    return {
        "prompt": prompt,
        "revision": revision,
        "favourites": list(favourites),
        "phrases": [_chip_view(chip, words) for chip in reading.chips],
        "conflicts": [_conflict_view(each, words) for each in reading.contradictions],
        "notes": notes_of(reading, words),
        "hints": [
            {"text": words["hint"].format(word=word), "nearest": list(map(words.phrase, near))}
            for word, near in reading.hints
        ],
        "suggestions": list(map(words.phrase, reading.suggestions)),
    }


def notes_of(reading: PromptReading, words: Words) -> list[str]:
    """What was made of words that are no plain wish, a sentence each."""
    leans = [each.name for each in reading.leanings if not each.stands_in]
    notes = [
        words["mended"].format(typed=typed, phrase=words.phrase(phrase))
        for typed, phrase in reading.mended
    ]
    if leans:
        notes.append(words["leans"].format(styles=_quoted(leans, words)))
    notes += [
        words["stands_in"].format(
            word=each.name,
            values=", ".join(words.phrase(value[0]) for value in each.values.values()),
        )
        for each in reading.leanings
        if each.stands_in
    ]
    notes += [
        (words["left_out_beside"] if each.beside else words["left_out"]).format(
            phrase=words.phrase(each.phrase), beside=words.phrase(each.beside)
        )
        for each in reading.left_out
    ]
    if reading.ignored:
        notes.append(words["ignored"].format(words=_quoted(reading.ignored, words)))
    return [*notes, *_house_notes(reading.house, words)]


def _house_notes(house: HouseReading, words: Words) -> list[str]:
    """What the store's own rules changed, a sentence each."""
    notes = [words["house_only"].format(phrase=words.phrase(phrase)) for phrase in house.only_these]
    return notes + [
        words["house_taken"].format(
            word=each.name, values=_quoted(tuple(map(words.phrase, each.values)), words)
        )
        for each in house.taken_from
    ]


def _quoted(texts: Sequence[str], words: Words) -> str:
    return words["between"].join(f"“{text}”" for text in texts)


def _chip_view(chip: Chip, words: Words) -> dict[str, Any]:
    read_as = ", ".join(map(words.phrase, chip.read_as))
    return {
        "text": chip.text,
        "label": chip.label,
        "trouble": chip.trouble,
        "refused": chip.refused,
        "read_as": read_as if read_as != chip.text else "",
        "nearest": list(map(words.phrase, chip.nearest)),
    }


def _conflict_view(each: Contradiction, words: Words) -> dict[str, Any]:
    return {
        "text": words.conflict(each.conflict),
        "ways_out": [
            {
                "label": words[_WAYS[way.kind]].format(phrase=words.phrase(way.keep)),
                "prompt": way.prompt,
            }
            for way in each.ways_out
        ],
    }
