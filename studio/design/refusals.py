"""What somebody does not want."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    """What somebody does not want.

    Attributes:
        text: the words for it, without the "no".
        values: family -> the values that never come. None for what is never drawn anyway.
        is_house_rule: whether the store says so, and no phrase.
    """

    text: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_house_rule: bool = False


def ruled_out_by(refused: Iterable[Refusal]) -> dict[str, frozenset[str]]:
    """Family -> the values that refusals rule out."""
    found: dict[str, frozenset[str]] = {}
    for each in refused:
        for family, values in each.values.items():
            found[family] = found.get(family, frozenset()) | frozenset(values)
    return found


def joined_sets(
    one: Mapping[str, frozenset[str]], two: Mapping[str, frozenset[str]]
) -> dict[str, frozenset[str]]:
    """Family -> the values of both."""
    return {**one, **{family: one.get(family, frozenset()) | two[family] for family in two}}
