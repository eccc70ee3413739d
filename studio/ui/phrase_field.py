"""The field for phrases: chips, unknown words marked where they were typed, suggestions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from studio.services.studio import PromptReading

_FOLDER = Path(__file__).parent


def phrase_field(value: dict[str, Any], words: Mapping[str, str]) -> gr.HTML:
    """Phrases as chips, with the events `read` and `submit`.

    The template is constant and the script builds elements from data: Gradio would run a
    template's text as a script, and phrases are other people's text.
    """
    return gr.HTML(
        value,
        html_template="",
        js_on_load=(_FOLDER / "dom.js").read_text() + (_FOLDER / "phrase_field.js").read_text(),
        apply_default_css=False,
        elem_id="phrases",
        words=dict(words),
    )


def prompt_of(payload: object) -> str:
    """The prompt in what the field sends; whatever else a client may send is no prompt."""
    prompt = payload.get("prompt") if isinstance(payload, dict) else None
    return prompt if isinstance(prompt, str) else ""


def phrase_view(prompt: str, reading: PromptReading, revision: int | None) -> dict[str, Any]:
    """What the field shows of a prompt that was read.

    Args:
        prompt: as typed.
        reading: what the studio understood of it.
        revision: the field's own number of the text that was read; None sets the text.
    """
    return {
        "prompt": prompt,
        "revision": revision,
        "phrases": [
            {"text": phrase.text, "trouble": phrase.trouble, "nearest": list(phrase.nearest)}
            for phrase in reading.phrases
        ],
        "conflicts": [conflict.message for conflict in reading.conflicts],
        "suggestions": list(reading.suggestions),
    }
