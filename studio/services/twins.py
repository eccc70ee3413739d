"""Twins: a design, and the same one with another value in one family, all else being equal.

Receipts are made of them, and what a person says of a value is shown to the models by them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from PIL import Image

from studio.design.colours import NAMED_COLOURS
from studio.design.garment_rules import GARMENT_RULES
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture

HEIGHT_PX = 512
"""Of the drawings that are compared; a reward model sees less."""


def twin_with(
    design: DesignSpec, family: str, value: str, others: Sequence[DesignSpec] = ()
) -> DesignSpec | None:
    """The design with this value; None where it does not go with the rest.

    Args:
        design: any.
        family: such as "print".
        value: what it is to have there.
        others: the exact colour of a name is that of the first of these that has it.
    """
    outfit = Outfit({**design.outfit, family: value})
    if GARMENT_RULES.first_broken(outfit):
        return None
    changed = replace(design, outfit=outfit)
    if family != "colour":
        return changed
    worn = (each.measures.colour for each in others if each.outfit["colour"] == value)
    return replace(changed, measures=design.measures.but(colour=next(worn, NAMED_COLOURS[value])))


def twin_of_others(
    design: DesignSpec, family: str, others: Sequence[DesignSpec]
) -> DesignSpec | None:
    """The design with the commonest value of others that it has not and that goes with the rest."""
    own = design.outfit[family]
    there = Counter(each.outfit[family] for each in others if each.outfit[family] != own)
    twins = (twin_with(design, family, value, others) for value, _ in there.most_common())
    return next((each for each in twins if each is not None), None)


def pairs_of_twins(
    designs: Sequence[DesignSpec], family: str, value: str
) -> Iterator[tuple[DesignSpec, DesignSpec]]:
    """Each design with the value and without it, where both can be worn."""
    for each in designs:
        if each.outfit[family] == value:
            other = twin_of_others(each, family, designs)
            if other is not None:
                yield each, other
        else:
            other = twin_with(each, family, value, designs)
            if other is not None:
                yield other, each


def drawn(designs: Iterable[DesignSpec]) -> list[Image.Image]:
    """The designs as croquis, all of one size."""
    return [picture(draw_croquis(each), HEIGHT_PX) for each in designs]
