"""What a store has taught, in words: how often that agrees with its picks, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.design.colours import NAMED_COLOURS, hex_of
from studio.services.likings import Liking
from studio.services.tastes import TasteState
from studio.ui.tile_board import thumbnail_url
from studio.ui.words import Words

MOST_LINES = 6
"""To either side."""
LEAST_CONFIDENCE = 0.8
SHOWN_ROUNDS = 3


def taste_sentence(state: TasteState, words: Words) -> str:
    """How much of a store's picks its taste tells, against its profile alone; honest about luck."""
    facts = state.facts
    if not facts.rounds and not facts.said:
        return words["taste_none"]
    rounds = _answers_told(facts.rounds, len(facts.said), words)
    if facts.after is None or facts.before is None or facts.compared < 2:
        return words["taste_few"].format(rounds=rounds)
    if not any(facts.scales.values()):
        return words["taste_no_help"].format(rounds=rounds, before=f"{facts.before:.0%}")
    told = words["taste_agrees"].format(
        rounds=rounds, after=f"{facts.after:.0%}", before=f"{facts.before:.0%}"
    )
    return told if facts.is_sure else words["taste_luck"].format(told=told)


def taste_view(
    state: TasteState, likings: Sequence[Liking], phrases: Mapping[str, str], words: Words
) -> dict[str, Any]:
    """The sentences of a store's card, what it likes and avoids, and which ways back there are.

    Args:
        state: of its taste.
        likings: by its ticks, the surest first.
        phrases: value -> what people call it, in English.
        words: for the screen.
    """
    facts, notes = state.facts, list[str]()
    left = facts.answered - len(facts.counted)
    if facts.counted and left > 0:
        notes.append(
            words["taste_capped"].format(answered=facts.answered, count=len(facts.counted))
        )
    if facts.brought:
        notes.append(words["taste_brought"].format(count=facts.brought))
    if state.is_learning:
        notes.append(words["taste_learning"])
    if state.trouble:
        notes.append(state.trouble)
    return {
        "told": taste_sentence(state, words),
        "notes": notes,
        "likes": _lines([each for each in likings if each.is_liked], phrases, words),
        "avoids": _lines([each for each in likings if not each.is_liked], phrases, words),
        "is_learning": state.is_learning,
        "can_undo": state.version is not None,
        "can_reset": bool(facts.rounds or facts.said),
    }


def _answers_told(rounds: int, said: int, words: Words) -> str:
    told = words.told("taste_rounds", {"count": rounds})
    if not said:
        return told
    return ", ".join((told, words.told("taste_corrections", {"count": said})))


def _lines(
    likings: Sequence[Liking], phrases: Mapping[str, str], words: Words
) -> list[dict[str, Any]]:
    """The surest lines: what it is, how sure that is, and the rounds that say so."""
    return [
        {
            "family": each.family,
            "value": each.value,
            "told": words.phrase(phrases.get(each.value, each.value)),
            "hex": swatch_of(each.family, each.value),
            "why": _why(each, words),
            "rounds": [] if each.is_said else list(each.rounds[:SHOWN_ROUNDS]),
            "pictures": [
                {"round": number, "image": thumbnail_url(image)}
                for number, image in each.pictures[:SHOWN_ROUNDS]
            ],
            "is_liked": each.is_liked,
            "is_said": each.is_said,
        }
        for each in likings
        if each.confidence >= LEAST_CONFIDENCE
    ][:MOST_LINES]


def _why(liking: Liking, words: Words) -> str:
    if liking.is_said:
        return words["liking_said"]
    return words.told(
        "liking_rounds",
        {"count": len(liking.rounds), "confidence": f"{liking.confidence:.0%}"},
    )


def swatch_of(family: str, value: str) -> str | None:
    """The usual colour of a name, such as "#7A2231"; None for what is no colour of cloth."""
    return hex_of(NAMED_COLOURS[value]) if family == "colour" else None
