"""What kinds of store like: the tables behind the simulated merchants' taste."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from studio.design.families import FAMILIES

Likings = dict[tuple[str, str], float]
"""(family, value) -> how much it is liked; what is absent is neither liked nor disliked."""

TABLES = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Schools:
    """The content of `schools.toml`.

    Attributes:
        signatures: school -> the single attributes that it is known by.
        moods: mood -> likings of attributes.
        fields: profile field, style among them -> answer -> mood -> weight.
    """

    signatures: dict[str, Likings]
    moods: dict[str, Likings]
    fields: dict[str, dict[str, dict[str, float]]]


@cache
def schools() -> Schools:
    """Read and check the tables.

    Raises:
        ValueError: the file names an attribute or a mood that does not exist.
    """
    tables = tomllib.loads(TABLES.read_text(encoding="utf-8"))
    moods = {mood: _likings(families) for mood, families in tables["mood"].items()}
    styles = tables["style"]
    fields = {"style": {name: style["moods"] for name, style in styles.items()}, **tables["field"]}
    used = {mood for answers in fields.values() for weights in answers.values() for mood in weights}
    if used - moods.keys():
        raise ValueError(f"{TABLES.name} names moods that do not exist: {used - moods.keys()}")
    signatures = {name: _likings(style["signature"]) for name, style in styles.items()}
    return Schools(signatures, moods, fields)


def _likings(families: dict[str, dict[str, float]]) -> Likings:
    found = {
        (family, value): float(weight)
        for family, values in families.items()
        for value, weight in values.items()
    }
    unknown = [pair for pair in found if pair[1] not in FAMILIES.get(pair[0], ())]
    if unknown:
        raise ValueError(f"{TABLES.name} names attributes that do not exist: {unknown}")
    return found
