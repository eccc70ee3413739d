"""The picture that a round may start from. Its script sends `refer` and `colour`."""

from typing import Any

from studio.perfusion.colour_names import COLOUR_NAMES
from studio.ui.words import Words


def reference_view(only_own: bool, words: Words) -> dict[str, Any]:
    """Whether photographs give their colours only, and what colours are called on this page."""
    return {"only_own": only_own, "names": {name: words.phrase(name) for name in COLOUR_NAMES}}
