"""What somebody does not want."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """What somebody does not want.

    Attributes:
        text: the words for it, without the "no".
        values: family -> the values that never come. None for what is never drawn anyway.
    """

    text: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def ruled_out_by(refused: Iterable[Refusal]) -> dict[str, frozenset[str]]:
    """Family -> the values that refusals rule out."""
    found: dict[str, frozenset[str]] = {}
    for each in refused:
        for family, values in each.values.items():
            found[family] = found.get(family, frozenset()) | frozenset(values)
    return found
