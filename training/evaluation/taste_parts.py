"""How well each part of a taste is known: colour, fabric, print, trims, measures ...

A model may know colours and be blind to cloth, and one figure for all would not show it. Of a
reward model it is asked whether it puts two designs that differ in one part alone in the store's
order; of a generator, how much more a store likes that part of its own designs.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from studio.design.colours import NAMED_COLOURS
from studio.design.dyes import proportions
from studio.design.families import GARMENT_FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import Measures, named_so, seen_beside
from studio.design.spec import DesignSpec
from training.atelier.schools import MEASURED
from training.atelier.traits import (
    ATTRIBUTES,
    COMBINATIONS,
    MEASURES,
    Floats,
    trait_names,
    traits_of,
)
from training.atelier.world import sample_design
from training.evaluation.made import Made
from training.results import Figure, bootstrap

SHADES = ("lightness", "strength of colour", "contrast")
_GROUPS: dict[str, tuple[str, ...]] = {
    "print": ("pattern",),
    "shape": ("silhouette", "leg", "fit", "waist", "pleats", "slit"),
    "neck": ("neckline", "collar", "bow"),
    "sleeves": ("sleeve length", "sleeve shape", "cuffs"),
    "trims": ("trim", "hem", "closure", "belt", "pockets"),
}
"""Families that are one part; each other family of garments is a part of its own."""
SHADE, PROPORTIONS, COMBINED = "shade", "proportions", "combinations"
_SHADE_APART, _PROPORTION_APART = 9.0, 0.8
_TRIES = 200

Score = Callable[[Sequence[DesignSpec], str], Floats]
"""Designs, and the phrase that they were asked for by -> how much a store likes them."""


@cache
def parts() -> dict[str, tuple[int, ...]]:
    """Part -> the columns of its traits."""
    grouped = {family: part for part, families in _GROUPS.items() for family in families}
    found: dict[str, list[int]] = {}
    for place, (family, _) in enumerate(ATTRIBUTES):
        if family in GARMENT_FAMILIES:
            found.setdefault(grouped.get(family, family.replace(" ", "_")), []).append(place)
    for place, name in enumerate(MEASURED):
        part = SHADE if name in SHADES else PROPORTIONS
        found.setdefault(part, []).append(MEASURES.start + place)
    found[COMBINED] = list(range(len(trait_names()))[COMBINATIONS])
    return {part: tuple(columns) for part, columns in found.items()}


# --- Generators ------------------------------------------------------------------------------


def gains(made: Made, plain: Made, tastes: Floats) -> dict[str, Figure]:
    """Part -> how much more stores like it in their own designs than in plain ones.

    In standard deviations of what a store thinks of that part of plain designs; intervals are
    over stores.

    Args:
        made: designs (K, S, P, N) for each store.
        plain: of the same questions, for nobody.
        tastes: (S, T) of the stores.
    """
    figures = {}
    for part, columns in parts().items():
        chosen = list(columns)
        liked = np.einsum("kspnt,st->skpn", made.traits[..., chosen], tastes[:, chosen])
        usual = np.einsum("kspnt,st->skpn", plain.traits[..., chosen], tastes[:, chosen])
        stores = len(tastes)
        gain = (liked - usual).reshape(stores, -1).mean(axis=1)
        spread = usual.reshape(stores, -1).std(axis=1)
        if spread.any():  # questions may have settled a part for everybody
            figures[part] = bootstrap(np.stack([gain, spread], axis=1), _quotient)
    return figures


def _quotient(pairs: Floats) -> float:
    part, whole = pairs.sum(axis=0)
    return float(part / max(whole, 1e-12))


# --- Reward models ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two designs that differ in one part alone."""

    part: str
    one: DesignSpec
    other: DesignSpec

    @property
    def phrase(self) -> str:
        """What both were asked for by."""
        return self.one["category"]


def make_pairs(count: int, seed: int) -> list[Pair]:
    """So many pairs for each part that can be changed alone; combinations can't."""
    return [
        pair
        for part in parts()
        if part not in (COMBINED, "category")
        for pair in _pairs_of(part, count, random.Random(f"{seed}/{part}"))
    ]


def _pairs_of(part: str, count: int, rng: random.Random) -> list[Pair]:
    found: list[Pair] = []
    for _ in range(_TRIES * count):
        if len(found) == count:
            break
        start = sample_design(rng)
        changed = _changed(part, start, rng)
        if changed is not None:
            found.append(Pair(part, *changed))
    return found


def _changed(
    part: str, start: DesignSpec, rng: random.Random
) -> tuple[DesignSpec, DesignSpec] | None:
    if part == SHADE:
        typical = NAMED_COLOURS[start["colour"]]
        shades = [
            named_so(typical._replace(lightness=typical.lightness + away), start["colour"])
            for away in (-_SHADE_APART, _SHADE_APART)
        ]
        return _both(start, [start.measures.but(colour=shade) for shade in shades])
    if part == PROPORTIONS:
        fields = {name.replace(" ", "_") for name in proportions(start)}
        seen = [
            name
            for name in sorted(fields)
            if proportions(_but(start, start.measures.but(**{name: 0.5})))[name.replace("_", " ")]
        ]
        name = rng.choice(seen)
        return _both(
            start,
            [start.measures.but(**{name: share * _PROPORTION_APART}) for share in (-1.0, 1.0)],
        )
    families = {ATTRIBUTES[place][0] for place in parts()[part]}
    family = rng.choice(sorted(families))
    rest = {name: value for name, value in start.outfit.items() if name != family}
    options = [value for value in GARMENT_RULES.allowed(family, rest) if value != start[family]]
    if not options or options == [NONE]:
        return None
    value = rng.choice(options)
    outfit = start.outfit.but(**{family: value})
    if GARMENT_RULES.broken(outfit):
        return None
    measures = start.measures
    if family == "colour":
        colour = NAMED_COLOURS[value]
        measures = measures.but(
            colour=colour,
            second_colour=seen_beside(measures.second_colour, colour),
            trim_colour=seen_beside(measures.trim_colour, colour),
        )
    return start, DesignSpec(outfit, measures)


def _but(design: DesignSpec, measures: Measures) -> DesignSpec:
    return DesignSpec(design.outfit, measures)


def _both(start: DesignSpec, measures: Sequence[Measures]) -> tuple[DesignSpec, DesignSpec]:
    one, other = (_but(start, each) for each in measures)
    return one, other


def known(pairs: Sequence[Pair], tastes: Floats, scores: Sequence[Score]) -> dict[str, Floats]:
    """Part -> (S,) share of its pairs that a score puts in the store's own order; a tie is half.

    Pairs that leave a store cold count nothing; a store with no others has no value, nan.

    Args:
        pairs: see `make_pairs`.
        tastes: (S, T) of S stores.
        scores: one for each store.
    """
    truth = traits_of([each.one for each in pairs]) - traits_of([each.other for each in pairs])
    part_of = np.array([each.part for each in pairs])
    phrases = np.array([each.phrase for each in pairs])
    right = np.full((len(scores), len(pairs)), np.nan)
    for store, (taste, score) in enumerate(zip(tastes, scores, strict=True)):
        said = np.zeros(len(pairs))
        for phrase in sorted(set(phrases)):
            rows = np.flatnonzero(phrases == phrase)
            both = [pairs[int(row)].one for row in rows] + [pairs[int(row)].other for row in rows]
            values = score(both, str(phrase))
            said[rows] = values[: len(rows)] - values[len(rows) :]
        wanted = truth @ taste
        matters = np.abs(wanted) > 1e-9
        right[store, matters] = ((said * wanted > 0) + 0.5 * (said == 0))[matters]
    return {
        part: np.array([_mean(row[part_of == part]) for row in right])
        for part in dict.fromkeys(part_of.tolist())
    }


def _mean(values: Floats) -> float:
    told = values[~np.isnan(values)]
    return float(told.mean()) if len(told) else float("nan")


def known_figures(shares: Sequence[Mapping[str, Floats]]) -> dict[str, Figure]:
    """`known_PART` over the stores of several worlds."""
    figures = {}
    for part in dict.fromkeys(name for each in shares for name in each):
        values = np.concatenate([each[part] for each in shares if part in each])
        told = values[~np.isnan(values)]
        if len(told):
            figures[f"known_{part}"] = bootstrap(told)
    return figures
