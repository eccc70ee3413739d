"""What stores really like, as a sum of parts: shared by all, told by profiles, their own.

- *shared*: a direction that all stores like;
- *told*: what the true answers of a profile explain (`schools.toml`). Each answer's likings are
  taken without what all answers to that question share, so that nothing is counted twice.
  *crossing* is what only two answers together explain: averaged over either of the two fields it
  is zero, so no sum of single answers can stand in for it;
- *own*: what is drawn for one store alone and told by nothing but its ticks.

Values are liked along moods (dark, ornate, long ...). Beside those with a name there are some
without: directions over all values, so that every value, new ones too, is liked by some stores
and not by others.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt
from statistics import NormalDist

import numpy as np

from studio.design.families import GARMENT_FAMILIES, NONE
from studio.perfusion.profile import FASHION_SCHEMA
from training.atelier.schools import PARTS, Weights, World, schools
from training.atelier.traits import (
    ATTRIBUTES,
    COMBINATIONS,
    MEASURES,
    Floats,
    trait_names,
    vector_of,
)

Answers = Mapping[str, tuple[str, ...]]
"""Profile field -> a store's true answers, the main one first; of a number its bin."""
CROSSED_FIELDS = (("style", "season"), ("age_group", "audience"))
UNNAMED_MOODS = 4
FAVOURITES = 8
"""Single values that a store likes or dislikes for themselves."""
_LIKED_SHARE = 0.65
_SECOND_ANSWER_SHARE = 0.35


@dataclass(frozen=True)
class Tastes:
    """Likings of S stores, each (S, T) over all traits.

    Attributes:
        shared: of all stores; the same in each row.
        told: what the true answers explain beyond that.
        own: the rest.
    """

    shared: Floats
    told: Floats
    own: Floats


def make_tastes(
    answers: Sequence[Answers], seen: Floats, world: World, rng: np.random.Generator
) -> Tastes:
    """Likings of stores.

    Args:
        answers: of each store.
        seen: (n, T) traits of the designs that strengths are measured in.
        world: how strong each part is; all else is alike in all worlds.
        rng: of what is drawn.
    """
    likings = _parts(answers, seen, rng)
    sums = {whose: np.zeros((len(answers), len(trait_names()))) for whose in PARTS}
    for (whose, part), share in world.shares.items():
        strength = world.spread * sqrt(share / 100)
        sums[whose] += likings[whose, part] * (strength / _spread(likings[whose, part], seen))
    return Tastes(**sums)


def crossing_table(
    pair: tuple[str, str], rng: np.random.Generator
) -> dict[tuple[str, str], Floats]:
    """(answer, answer) -> (M,) weights of moods; their mean over either field is zero."""
    first, second = (FASHION_SCHEMA.field(name).values for name in pair)
    table = rng.normal(size=(len(first), len(second), len(schools().moods)))
    table -= table.mean(axis=0, keepdims=True)
    table -= table.mean(axis=1, keepdims=True)
    return {
        (one, other): table[i, j]
        for (i, one), (j, other) in product(enumerate(first), enumerate(second))
    }


def _parts(
    answers: Sequence[Answers], seen: Floats, rng: np.random.Generator
) -> dict[tuple[str, str], Floats]:
    """(whose, part) -> (S, T) likings, before they get their strength."""
    tables, stores = schools(), len(answers)
    moods = {name: vector_of(likings) for name, likings in tables.moods.items()}
    named = np.stack(list(moods.values()))
    measures, combinations = _each_alone(MEASURES), _each_alone(COMBINATIONS)
    styles = {"style": tables.fields["style"]}
    others = {name: table for name, table in tables.fields.items() if name != "style"}
    signatures = {name: vector_of(likings) for name, likings in tables.signatures.items()}
    crossing = sum(_crossed(pair, answers, rng) for pair in CROSSED_FIELDS)
    directions = {
        "values": _alike(np.concatenate([named, unnamed_moods()]), seen),
        "measures": _alike(np.stack(list(measures.values())), seen),
        "combinations": _alike(np.stack(list(combinations.values())), seen),
    }
    own = {part: rng.normal(size=(stores, len(each))) @ each for part, each in directions.items()}
    shared = {
        part: np.tile(rng.normal(size=len(each)) @ each, (stores, 1))
        for part, each in directions.items()
    }
    favourites = np.stack([_favourites(rng) for _ in range(stores)])
    return {
        **{("shared", part): likings for part, likings in shared.items()},
        ("told", "style"): _told(styles, moods, answers),
        ("told", "signature"): _answered(signatures, [each["style"] for each in answers]),
        ("told", "answers"): _told(others, moods, answers),
        ("told", "crossing"): crossing @ named,
        ("told", "measures"): _told(tables.measures, measures, answers),
        ("told", "combinations"): _told(tables.combined, combinations, answers),
        **{("own", part): likings for part, likings in own.items()},
        ("own", "favourites"): favourites,
    }


def unnamed_moods() -> Floats:
    """(U, T) likings of every value that a garment can have, by lot but always the same ones.

    What is drawn for a value depends on its name alone, so a new value changes no other.
    """
    moods = np.zeros((UNNAMED_MOODS, len(trait_names())))
    for number in range(UNNAMED_MOODS):
        for place, (family, value) in _garment_values():
            digest = hashlib.sha256(f"{number}/{family}/{value}".encode()).digest()
            lot = (int.from_bytes(digest[:6], "big") + 0.5) / 2**48
            moods[number, place] = NormalDist().inv_cdf(lot)
    return moods


def _garment_values() -> Iterator[tuple[int, tuple[str, str]]]:
    for place, (family, value) in enumerate(ATTRIBUTES):
        if family in GARMENT_FAMILIES and value != NONE:
            yield place, (family, value)


def _favourites(rng: np.random.Generator) -> Floats:
    """(T,) one store's."""
    places = [place for place, _ in _garment_values()]
    likings = np.zeros(len(trait_names()))
    chosen = rng.choice(places, size=FAVOURITES, replace=False)
    likings[chosen] = np.where(rng.random(FAVOURITES) < _LIKED_SHARE, 1.0, -1.0)
    return likings


def _each_alone(traits: slice) -> dict[str, Floats]:
    """Name of each of some traits, without its kind -> (T,) a liking of nothing else."""
    names = trait_names()
    alone = np.eye(len(names))
    return {names[place].split("=")[1]: alone[place] for place in range(len(names))[traits]}


def _told(weights: Weights, directions: Mapping[str, Floats], answers: Sequence[Answers]) -> Floats:
    """(S, T) what some fields explain."""
    fields = [
        _answered(
            {
                answer: np.sum([weight * directions[name] for name, weight in each.items()], axis=0)
                for answer, each in table.items()
            },
            [each[field] for each in answers],
        )
        for field, table in weights.items()
    ]
    told: Floats = np.sum(fields, axis=0)
    return told


def _answered(table: Mapping[str, Floats], given: Sequence[tuple[str, ...]]) -> Floats:
    """(S, T) likings of the answers given, less what all answers have in common.

    Of two answers the second has less weight.
    """
    common = np.mean(list(table.values()), axis=0)
    rows = []
    for first, *more in given:
        row = table[first]
        if more:
            row = (1 - _SECOND_ANSWER_SHARE) * row + _SECOND_ANSWER_SHARE * table[more[0]]
        rows.append(row - common)
    return np.stack(rows)


def _crossed(pair: tuple[str, str], answers: Sequence[Answers], rng: np.random.Generator) -> Floats:
    table = crossing_table(pair, rng)
    return np.stack([table[answer[pair[0]][0], answer[pair[1]][0]] for answer in answers])


def _alike(directions: Floats, seen: Floats) -> Floats:
    """(D, T) the same directions, each brought to a spread of 1 over the designs."""
    spread = (seen @ directions.T).std(axis=0)
    found: Floats = directions / np.maximum(spread, 1e-9)[:, None]
    return found


def _spread(likings: Floats, seen: Floats) -> float:
    """Root of the utility's variance over designs, the mean over stores."""
    return sqrt(float((seen @ likings.T).var(axis=0).mean()))
