"""Article numbers: real ones, and none that somebody made up."""

from studio.selling.errors import ListingError

_LENGTHS = (8, 12, 13, 14)
_RESTRICTED = ("02", "04", "2", "05", "98", "99")
"""How numbers of 13 digits begin that are for coupons or for use within a company."""


def checked_gtin(text: str) -> str:
    """An article number, digits only; empty for none.

    Raises:
        ListingError: its length or check digit is wrong, or its range is not for trade.
    """
    digits = text.replace(" ", "").replace("-", "")
    if not digits:
        return ""
    if not digits.isascii() or not digits.isdecimal() or len(digits) not in _LENGTHS:
        raise ListingError(
            f"{text[:20]!r} is no GTIN: it has 8, 12, 13 or 14 digits. Leave it empty if the brand "
            "has none for this article."
        )
    if not any(digits.strip("0")) or int(digits[-1]) != check_digit(digits[:-1]):
        raise ListingError(
            f"The check digit of GTIN {digits} is wrong. Copy it again from the brand's list; "
            "none may be invented."
        )
    if digits.zfill(14)[1:].startswith(_RESTRICTED) and len(digits) != 8:
        raise ListingError(
            f"GTIN {digits} is from a range for use within a company, which shops refuse. Leave "
            "it empty, or take one that GS1 gave the brand."
        )
    return digits


def check_digit(digits: str) -> int:
    """The last digit of a GTIN whose other digits these are: weights 3 and 1 from the right."""
    total = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))
    )
    return -total % 10
