"""The distribution of the drawn world: what designs there are, and how often."""

import math
import random
from collections.abc import Mapping, Sequence

from studio.design.colours import NAMED_COLOURS, Lab
from studio.design.families import FAMILIES, SETTLING_ORDER
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import (
    RANGES,
    Measures,
    in_range,
    lab_in_range,
    named_so,
    seen_beside,
    typical_measures,
)
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec

# How likely an optional detail is, given that the garment can have it.
_DETAIL_CHANCE = {
    "cuffs": 0.4,
    "collar": 0.3,
    "waist": 0.3,
    "hem": 0.33,
    "closure": 0.35,
    "trim": 0.36,
    "belt": 0.3,
    "pockets": 0.3,
    "bow": 0.3,
    "slit": 0.5,
    "pleats": 0.4,
}
_COMMON_CHANCE = {"pattern": 0.35, "fabric": 0.3, "fit": 0.4, "build": 0.4, "pose": 0.4}
_CATEGORY_WEIGHTS = {
    "dress": 5,
    "shorts": 1,
    "waistcoat": 1,
    "cape": 1,
    "kimono": 1,
    "polo shirt": 1,
    "dungarees": 1,
    "swimsuit": 1,
}
# Values that few garments can have are drawn more often where they can be.
_RARE_WEIGHTS = {
    "asymmetric hem": 6,
    "high-low hem": 5,
    "wrap front": 4,
    "lace-up front": 4,
    "lace yoke": 5,
    "front ruffles": 2,
    "shoulder bows": 5,
    "drop waist": 4,
    "peplum": 2,
    "notched lapels": 4,
    "quilted": 3,
    "faux fur": 2,
    "tweed": 2,
    "gingham": 2,
    "windowpane": 2,
    "vertical stripes": 2,
    "chevron": 2,
    "handkerchief hem": 5,
    "shawl collar": 3,
    "sailor collar": 2,
    "frog closure": 3,
    "toggle closure": 2,
    "smocked waist": 2,
    "elastic waist": 2,
    "high waist": 2,
    "cut-outs": 2,
    "feathers": 2,
}

_DYE_SPREAD = Lab(5.0, 5.0, 5.0)
_SHARE_SPREAD = 0.45
_SCALE_SPREAD = 0.3  # of the print's size, in natural logarithms
_STRAIGHT_PRINT_CHANCE = 0.7
_BIAS_BELOW = 0.85
_TONAL_STEP = 30.0


def sample_design(rng: random.Random, **fixed: str) -> DesignSpec:
    """A whole design drawn by lot; `fixed` as for `sample_outfit`."""
    outfit = sample_outfit(rng, **fixed)
    return DesignSpec(outfit, sample_measures(outfit, rng))


def sample_outfit(rng: random.Random, **fixed: str) -> Outfit:
    """An outfit drawn by lot that breaks no rule.

    Args:
        rng: source of chance; the same state gives the same outfit.
        fixed: values that it must have; `sleeve_length` means `sleeve length`.

    Raises:
        ValueError: the fixed values do not go together.
    """
    wanted = {family.replace("_", " "): value for family, value in fixed.items()}
    if broken := GARMENT_RULES.broken(wanted):
        raise ValueError(f"These do not go together: {broken}")
    for _ in range(2000):
        values = dict(wanted)
        for family in SETTLING_ORDER:
            if family in wanted:
                continue
            options = GARMENT_RULES.allowed(family, values)
            if not options:  # a dead end, e.g. a fixed sleeve that the drawn category cannot have
                break
            values[family] = _draw(family, options, rng)
        else:
            return Outfit(values)
    raise ValueError(f"No outfit has all of {wanted}.")


def weighed_outfits(
    told: Mapping[str, str], count: int, rng: random.Random
) -> tuple[list[Outfit], list[float]]:
    """Outfits of the world that have what is told, by likelihood weighting.

    `sample_outfit` with fixed values draws the others as if nothing followed from those: sweaters
    and dresses as often with sequins as without. Here each outfit comes with how much more often
    the world has it than this draws it, so that weighted means are those over the world's
    outfits of that kind. Source: Fung and Chang, and Shachter and Peot (both UAI 1989).

    Args:
        told: family -> value.
        count: how many to draw.
        rng: source of chance.

    Returns:
        The outfits, and their weights; those that the world does not have weigh 0.
    """
    outfits, weights = [], []
    for _ in range(count):
        outfit = sample_outfit(rng, **told)
        outfits.append(outfit)
        weights.append(_weight(outfit, told))
    return outfits, weights


def _weight(outfit: Outfit, told: Mapping[str, str]) -> float:
    """How likely the world's lots are to draw it, over how likely those around what is told."""
    weight, before = 1.0, dict[str, str]()
    around = dict(told)
    for family in SETTLING_ORDER:
        value = outfit[family]
        weight *= _chance(family, value, before)
        if family not in told:
            weight /= _chance(family, value, around)
            around[family] = value
        before[family] = value
    return weight


def _chance(family: str, value: str, beside: Mapping[str, str]) -> float:
    options = GARMENT_RULES.allowed(family, beside)
    return _chances(family, options)[options.index(value)] if value in options else 0.0


def sample_measures(outfit: Outfit, rng: random.Random) -> Measures:
    """Measures drawn by lot for an outfit: dyes vary, prints are small and large."""
    colour = named_so(_dyed(NAMED_COLOURS[outfit["colour"]], rng), outfit["colour"])
    typical = typical_measures(outfit)
    second = _second(colour, typical.second_colour, rng)
    trim = second if rng.random() < 0.2 else _second(colour, typical.trim_colour, rng)
    shares = {
        name: in_range(name, rng.gauss(0.0, _SHARE_SPREAD))
        for name, (low, _) in RANGES.items()
        if low == -1.0
    }
    return Measures(
        colour=colour,
        second_colour=seen_beside(second, colour),
        trim_colour=seen_beside(trim, colour),
        print_scale=in_range("print_scale", math.exp(rng.gauss(0.0, _SCALE_SPREAD))),
        print_angle=_print_angle(rng),
        **shares,
    )


def _print_angle(rng: random.Random) -> float:
    """Most prints lie straight, some on the bias, some a little off."""
    way = rng.random()
    if way < _STRAIGHT_PRINT_CHANCE:
        return 0.0
    if way < _BIAS_BELOW:
        return rng.choice((-45.0, 45.0))
    return in_range("print_angle", rng.gauss(0.0, 12.0))


def _second(colour: Lab, usual: Lab, rng: random.Random) -> Lab:
    """A colour beside the main one: the usual contrast, a tone of it, or another dye."""
    way = rng.random()
    if way < 0.45:
        return _dyed(usual, rng)
    if way < 0.65:
        step = _TONAL_STEP if colour.lightness < 50 else -_TONAL_STEP
        return lab_in_range(Lab(colour.lightness + step, colour.a * 0.8, colour.b * 0.8))
    return _dyed(NAMED_COLOURS[rng.choice(list(NAMED_COLOURS))], rng)


def _dyed(colour: Lab, rng: random.Random) -> Lab:
    """As one dye bath differs from another."""
    parts = zip(colour, _DYE_SPREAD, strict=True)
    return lab_in_range(Lab(*(rng.gauss(part, spread) for part, spread in parts)))


def _draw(family: str, values: list[str], rng: random.Random) -> str:
    first = FAMILIES[family][0]
    if len(values) > 1 and first in values:
        if family in _DETAIL_CHANCE and rng.random() >= _DETAIL_CHANCE[family]:
            return first
        if family in _COMMON_CHANCE and rng.random() < _COMMON_CHANCE[family]:
            return first
        if family in _DETAIL_CHANCE or family in _COMMON_CHANCE:
            values = [value for value in values if value != first]
    return rng.choices(values, _shares(family, values))[0]


def _chances(family: str, values: Sequence[str]) -> list[float]:
    """How likely `_draw` is to take each of the values; they add up to 1."""
    first = FAMILIES[family][0]
    common = _COMMON_CHANCE.get(family)
    if family in _DETAIL_CHANCE:
        common = 1 - _DETAIL_CHANCE[family]
    shares = _shares(family, values)
    if common is not None and len(values) > 1 and first in values:
        place = values.index(first)
        rest = sum(shares) - shares[place]
        shares = [share / rest * (1 - common) for share in shares]
        shares[place] = common
    whole = sum(shares)
    return [share / whole for share in shares]


def _shares(family: str, values: Sequence[str]) -> list[float]:
    """How often values are drawn beside each other."""
    if family == "category":
        return [_CATEGORY_WEIGHTS.get(value, 2.0) for value in values]
    return [_RARE_WEIGHTS.get(value, 1.0) for value in values]
