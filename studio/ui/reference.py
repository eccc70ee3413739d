"""The picture that a round may start from. Its script sends `refer` and `colour`."""

from typing import Any

from studio.design.colours import COLOUR_NAMES
from studio.ui.words import Words


def reference_view(only_own: bool, words: Words, start: str | None = None) -> dict[str, Any]:
    """What the field shows.

    Args:
        only_own: whether photographs give their colours only.
        words: what colours are called on this page.
        start: the picture that the session's next rounds start from, if there is one.
    """
    names = {name: words.phrase(name) for name in COLOUR_NAMES}
    return {"only_own": only_own, "names": names, "start": start}
