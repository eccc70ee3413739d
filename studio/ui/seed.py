"""Seeds as people type them."""

from studio.domain import SeedError


def parse_seed(text: str | None) -> int | None:
    """The seed that was typed; None when none was (an untouched field sends None).

    Raises:
        SeedError: it is no whole number.
    """
    if not text or not text.strip():
        return None
    if not text.strip().isdecimal():
        raise SeedError("The seed must be a whole number, or empty for a new one each time.")
    return int(text)
