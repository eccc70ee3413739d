"""The field for phrases: chips, unknown words marked where they were typed, suggestions.

Its script sends the events `read`, `submit`, `keep` and `restore`.
"""

from collections.abc import Sequence
from typing import Any

from studio.services.studio import PromptReading
from studio.ui.words import Words

UNTOUCHED = 0
"""The field's number of its text before anybody typed."""


def prompt_of(payload: object) -> str:
    """The prompt in what the field sends; whatever else a client may send is no prompt."""
    prompt = payload.get("prompt") if isinstance(payload, dict) else None
    return prompt if isinstance(prompt, str) else ""


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
        "phrases": [
            {
                "text": phrase.text,
                "trouble": phrase.trouble,
                "nearest": list(map(words.phrase, phrase.nearest)),
            }
            for phrase in reading.phrases
        ],
        "conflicts": [words.conflict(each.phrases) or each.message for each in reading.conflicts],
        "suggestions": list(map(words.phrase, reading.suggestions)),
    }
