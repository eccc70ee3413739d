"""What a store has taught, in words: how often that agrees with its picks, and the way back."""

from typing import Any

from studio.services.tastes import TasteState
from studio.ui.words import Words


def taste_sentence(state: TasteState, words: Words) -> str:
    """How much of a store's picks its taste tells, against its profile alone; honest about luck."""
    facts = state.facts
    if not facts.counted:
        return words["taste_none"]
    count = len(facts.counted)
    rounds = words["taste_round" if count == 1 else "taste_rounds"].format(count=count)
    if facts.after is None or facts.before is None or facts.compared < 2:
        return words["taste_few"].format(rounds=rounds)
    if not any(facts.scales.values()):
        return words["taste_no_help"].format(rounds=rounds, before=f"{facts.before:.0%}")
    told = words["taste_agrees"].format(
        rounds=rounds, after=f"{facts.after:.0%}", before=f"{facts.before:.0%}"
    )
    return told if facts.is_sure else words["taste_luck"].format(told=told)


def taste_view(state: TasteState, words: Words) -> dict[str, Any]:
    """The sentences of a store's card, and which ways back there are."""
    facts, notes = state.facts, list[str]()
    left = facts.answered - len(facts.counted)
    if facts.counted and left > 0:
        notes.append(
            words["taste_capped"].format(answered=facts.answered, count=len(facts.counted))
        )
    if state.is_learning:
        notes.append(words["taste_learning"])
    if state.trouble:
        notes.append(state.trouble)
    return {
        "told": taste_sentence(state, words),
        "notes": notes,
        "can_undo": state.version is not None,
        "can_reset": bool(facts.counted),
    }
