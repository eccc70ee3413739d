"""Our own components: data in, events out, built by a script beside this file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

_FOLDER = Path(__file__).parent


def scripted(name: str, value: dict[str, Any], words: Mapping[str, str], *parts: str) -> gr.HTML:
    """The component that `NAME.js` builds and keeps up to date with its value.

    The template is constant, and the script makes elements from data: Gradio would run a
    template's text as a script, and phrases and names are other people's text.

    Args:
        name: of the script, and the element's id with dashes.
        value: what the script shows first.
        words: for the screen.
        parts: scripts that it builds on, in this order.
    """
    scripts = ("dom", *parts, name)
    return gr.HTML(
        value,
        html_template="",
        js_on_load="".join((_FOLDER / f"{script}.js").read_text() for script in scripts),
        apply_default_css=False,
        elem_id=name.replace("_", "-"),
        words=dict(words),
    )
