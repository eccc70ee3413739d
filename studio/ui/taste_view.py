"""What a store has taught, in words: how often that agrees with its picks, and the way back."""

from collections.abc import Mapping, Sequence
from typing import Any

from studio.services.likings import Liking
from studio.services.tastes import TasteState
from studio.ui.words import Words

MOST_LINES = 6
"""To either side."""
LEAST_CONFIDENCE = 0.8
SHOWN_ROUNDS = 3


def taste_sentence(state: TasteState, words: Words) -> str:
    """How much of a store's picks its taste tells, against its profile alone; honest about luck."""
    facts = state.facts
    count = facts.rounds
    if not count:
        return words["taste_none"]
    rounds = words["taste_round" if count == 1 else "taste_rounds"].format(count=count)
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
        "can_undo": state.version is not None,
        "can_reset": bool(facts.rounds),
    }


def _lines(
    likings: Sequence[Liking], phrases: Mapping[str, str], words: Words
) -> list[dict[str, Any]]:
    """The surest lines: what it is, how sure that is, and the rounds that say so."""
    return [
        {
            "told": words.phrase(phrases.get(each.value, each.value)),
            "why": words["liking_rounds"].format(
                count=len(each.rounds), confidence=f"{each.confidence:.0%}"
            ),
            "rounds": list(each.rounds[:SHOWN_ROUNDS]),
        }
        for each in likings
        if each.confidence >= LEAST_CONFIDENCE
    ][:MOST_LINES]
