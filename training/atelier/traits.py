"""What a taste can be about: a design's values, its measures, and what goes together on it.

A design is a row of numbers, one per trait, a taste a liking of each, and a utility their
product. Key phrases can name values; no list of them says a measure (this shade of navy, that
length of midi) or a combination (prints, but on loose shapes only).
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from studio.design.colours import NAMED_COLOURS
from studio.design.dyes import proportions
from studio.design.families import FAMILIES, PRINTS
from studio.design.spec import DesignSpec
from training.atelier.schools import MEASURED, Likings, schools
from training.atelier.world import sample_outfit

Floats = NDArray[np.float64]

ATTRIBUTES: tuple[tuple[str, str], ...] = tuple(
    (family, value) for family, values in FAMILIES.items() for value in values
)
"""All (family, value) pairs; they are the first traits."""
_PLACE = {pair: place for place, pair in enumerate(ATTRIBUTES)}

VALUES = slice(0, len(ATTRIBUTES))
MEASURES = slice(VALUES.stop, VALUES.stop + len(MEASURED))
COMBINATIONS = slice(MEASURES.stop, None)

# One unit of each is about a standard deviation of the world's designs.
_SHADE, _PROPORTION, _PRINT_SIZE = 5.0, 0.45, 0.3
_USUAL_CONTRAST, _CONTRAST = 55.0, 30.0
_USUAL_OUTFITS = 300


@cache
def trait_names() -> tuple[str, ...]:
    """A name for each trait, in their order."""
    return (
        *(f"{family}={value}" for family, value in ATTRIBUTES),
        *(f"measure={name}" for name in MEASURED),
        *(f"combination={name}" for name in schools().combinations),
    )


def traits_of(designs: Sequence[DesignSpec]) -> Floats:
    """(n, T) the traits of designs."""
    values = one_hot([design.outfit for design in designs])
    measures = np.array([_measured(design) for design in designs]).reshape(-1, len(MEASURED))
    return np.concatenate([values, measures, _combined(values)], axis=1)


def one_hot(outfits: Sequence[Mapping[str, str]]) -> Floats:
    """(n, A) with 1 where an outfit has the attribute; unknown families count nothing."""
    worn = np.zeros((len(outfits), len(ATTRIBUTES)))
    for row, outfit in enumerate(outfits):
        worn[row, [_PLACE[pair] for pair in outfit.items() if pair in _PLACE]] = 1
    return worn


def vector_of(likings: Likings) -> Floats:
    """(T,) likings of single values as a taste."""
    vector = np.zeros(len(trait_names()))
    for pair, weight in likings.items():
        vector[_PLACE[pair]] = weight
    return vector


def _measured(design: DesignSpec) -> list[float]:
    """The numbers of MEASURED; 0 for the usual and for what the design doesn't show."""
    measures, typical = design.measures, NAMED_COLOURS[design["colour"]]
    printed = design["pattern"] in PRINTS
    found = {name: share / _PROPORTION for name, share in proportions(design).items()}
    found["lightness"] = (measures.colour.lightness - typical.lightness) / _SHADE
    found["strength of colour"] = (
        math.hypot(measures.colour.a, measures.colour.b) - math.hypot(typical.a, typical.b)
    ) / _SHADE
    if printed:
        apart = measures.second_colour.distance(measures.colour)
        found["contrast"] = (apart - _USUAL_CONTRAST) / _CONTRAST
        found["print size"] = math.log(measures.print_scale) / _PRINT_SIZE
    return [found.get(name, 0.0) for name in MEASURED]


def _combined(values: Floats) -> Floats:
    """(n, C) products of two moods, each measured from what is usual in the world.

    A product of numbers around zero is liked for neither of the two alone.
    """
    names = list(schools().moods)
    usual, spread = _usual_moods()
    moods = (values @ _moods(names).T - usual) / spread
    columns = [
        moods[:, names.index(one)] * moods[:, names.index(other)]
        for one, other in schools().combinations.values()
    ]
    return np.stack(columns, axis=1)


@cache
def _usual_moods() -> tuple[Floats, Floats]:
    """Mean and standard deviation of each mood over outfits of the world."""
    rng = random.Random(0)
    worn = one_hot([sample_outfit(rng) for _ in range(_USUAL_OUTFITS)])
    moods = worn @ _moods(schools().moods).T
    return moods.mean(axis=0), moods.std(axis=0)


def _moods(names: Iterable[str]) -> Floats:
    return np.stack([vector_of(schools().moods[name])[VALUES] for name in names])
