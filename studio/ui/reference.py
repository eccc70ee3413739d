"""The picture that a round may start from. Its script sends `refer` and `colour`."""

from collections.abc import Sequence
from typing import Any

from studio.design.colours import COLOUR_NAMES
from studio.ui.words import Words


def reference_view(
    only_own: bool, words: Words, start: str | None = None, taken: Sequence[str] = ()
) -> dict[str, Any]:
    """What the field shows.

    Args:
        only_own: whether photographs give their colours only.
        words: what colours are called on this page.
        start: the picture that the session's next rounds start from, if there is one.
        taken: the phrases of the design that was found on it.
    """
    names = {name: words.phrase(name) for name in COLOUR_NAMES}
    told = ", ".join(map(words.phrase, taken))
    return {
        "only_own": only_own,
        "names": names,
        "start": start,
        "taken": words["reference_taken"].format(phrases=told) if told else "",
    }
