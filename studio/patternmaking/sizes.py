"""Sizes as shops write them: EU, US and letters, and what they have in common.

EU sizes follow the bust (EU = bust / 2 - 6). A US size is the EU size less 30, and a letter stands
between the two EU sizes that shops give it to; both are common in trade and no standard.
"""

from dataclasses import dataclass
from typing import Literal

from studio.domain import DesignError

System = Literal["EU", "US", "letters"]

SMALLEST_EU, LARGEST_EU = 30, 58
_US_BELOW_EU = 30
_LETTERS = {
    "XXS": 31.0,
    "XS": 33.0,
    "S": 37.0,
    "M": 41.0,
    "L": 45.0,
    "XL": 49.0,
    "XXL": 53.0,
    "3XL": 57.0,
}


@dataclass(frozen=True)
class Size:
    """One size.

    Attributes:
        label: as it is written, such as "EU 38", "US 8" or "M".
        eu: the EU size that it is graded at; letters lie between two.
    """

    label: str
    eu: float


BASE = Size("EU 38", 38.0)
"""The size that designs are measured at before they are graded."""


def size_of(text: str) -> Size:
    """Read a size: "EU 38", "38", "US 8" or "M".

    Raises:
        DesignError: nobody writes a size like this, or it is too small or too large to grade.
    """
    words = text.strip().upper().split()
    if len(words) == 1 and words[0] in _LETTERS:
        return Size(words[0], _LETTERS[words[0]])
    system = words[0] if len(words) == 2 else "EU"
    number = words[-1] if words else ""
    if system not in ("EU", "US") or not (number.isascii() and number.isdigit()):
        raise DesignError(f"“{text:.20}” is no size. Write EU 38, US 8 or M.")
    eu = int(number[:4]) + (_US_BELOW_EU if system == "US" else 0)
    if eu % 2 or not SMALLEST_EU <= eu <= LARGEST_EU:
        raise DesignError(
            f"“{text:.20}” can't be graded: sizes are even numbers from EU {SMALLEST_EU} to EU "
            f"{LARGEST_EU}, or US {SMALLEST_EU - _US_BELOW_EU} to US {LARGEST_EU - _US_BELOW_EU}."
        )
    return Size(f"{system} {int(number)}", float(eu))


_RUNS: dict[System, tuple[str, ...]] = {
    "EU": tuple(f"EU {number}" for number in range(34, 48, 2)),
    "US": tuple(f"US {number}" for number in range(4, 18, 2)),
    "letters": ("XS", "S", "M", "L", "XL"),
}


def usual_run(system: System = "EU") -> tuple[Size, ...]:
    """The sizes that a design is usually graded over."""
    return tuple(size_of(label) for label in _RUNS[system])
