"""Seeds as people type them."""

from studio.domain import MAX_SEED, SeedError, ValueKindError
from studio.values import typed_whole


def parse_seed(text: str | None) -> int | None:
    """The seed that was typed; None when none was (an untouched field sends None).

    Raises:
        SeedError: it is no whole number.
    """
    if not text or not text.strip():
        return None
    try:
        return typed_whole("The seed", text, 0, MAX_SEED)
    except ValueKindError as error:
        raise SeedError(
            f"The seed must be a whole number from 0 to {MAX_SEED}, or empty for a new one each "
            "time."
        ) from error
