"""What kinds of store like: the tables behind the simulated merchants' taste."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from studio.design.families import FAMILIES

Likings = dict[tuple[str, str], float]
"""(family, value) -> how much it is liked; what is absent is neither liked nor disliked."""
Weights = dict[str, dict[str, dict[str, float]]]
"""Profile field -> answer -> name of what is liked -> how much."""

TABLES = Path(__file__).with_suffix(".toml")
MEASURED = (
    "lightness",
    "strength of colour",
    "contrast",
    "length",
    "ease",
    "flare",
    "neck depth",
    "sleeve length",
    "sleeve volume",
    "print size",
)
"""What can be liked of a design's measures, see `traits.py`."""

PEOPLE = "people"
"""The world that is used unless another one is asked for."""
PARTS = {
    "shared": ("values", "measures", "combinations"),
    "told": ("style", "signature", "answers", "crossing", "measures", "combinations"),
    "own": ("values", "favourites", "measures", "combinations"),
}
"""Who has a part of a taste -> the parts: everybody, all with the same profile, one store."""


@dataclass(frozen=True)
class World:
    """How strong the parts of a taste are.

    Attributes:
        spread: standard deviation of a store's utility over designs, in units of the ticks' noise,
            a Gumbel draw (standard deviation 1.28).
        shares: (whose, part) -> share of the utility's variance, in percent. See PARTS.
    """

    spread: float
    shares: Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Schools:
    """The content of `schools.toml`.

    Attributes:
        signatures: school -> the single attributes that it is known by.
        moods: mood -> likings of attributes.
        fields: profile field, style among them -> answer -> mood -> weight.
        measures: the same for likings of measures.
        combinations: name -> the two moods that are liked together.
        combined: the same as `fields` for likings of combinations.
        worlds: name -> how strong each part of a taste is.
    """

    signatures: dict[str, Likings]
    moods: dict[str, Likings]
    fields: Weights
    measures: Weights
    combinations: dict[str, tuple[str, str]]
    combined: Weights
    worlds: dict[str, World]


@cache
def schools() -> Schools:
    """Read and check the tables.

    Raises:
        ValueError: the file names an attribute, a mood or something else that does not exist.
    """
    return read_schools(tomllib.loads(TABLES.read_text(encoding="utf-8")))


def read_schools(tables: Mapping[str, Any]) -> Schools:
    """Check tables that are parsed; see `schools`."""
    moods = {mood: _likings(families) for mood, families in tables["mood"].items()}
    styles = tables["style"]
    fields = {"style": {name: style["moods"] for name, style in styles.items()}, **tables["field"]}
    combined = dict(tables["combination"])
    combinations = {name: (one, other) for name, (one, other) in combined.pop("moods").items()}
    _check("moods", _named(fields), moods)
    _check("moods", (mood for pair in combinations.values() for mood in pair), moods)
    _check("measures", _named(tables["measure"]), MEASURED)
    _check("combinations", _named(combined), combinations)
    return Schools(
        {name: _likings(style["signature"]) for name, style in styles.items()},
        moods,
        fields,
        tables["measure"],
        combinations,
        combined,
        {name: _world(name, table) for name, table in tables["world"].items()},
    )


def _world(name: str, table: Mapping[str, Any]) -> World:
    shares = {
        (whose, part): float(share)
        for whose in PARTS
        for part, share in table.get(whose, {}).items()
        if share
    }
    for whose, part in shares:
        _check(f"parts of “{whose}”", [part], PARTS[whose])
    if abs(sum(shares.values()) - 100) > 0.01:
        raise ValueError(f"The shares of world “{name}” add up to {sum(shares.values())}, not 100.")
    return World(float(table["spread"]), shares)


def _named(weights: Weights) -> Iterable[str]:
    return (name for table in weights.values() for answer in table.values() for name in answer)


def _check(what: str, named: Iterable[str], known: Iterable[str]) -> None:
    if unknown := set(named) - set(known):
        raise ValueError(f"{TABLES.name} names {what} that do not exist: {sorted(unknown)}")


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
