"""The outfit that a reading comes closest to.

A reading names a value for each family by itself, so the values may not go together, and of an
unclear picture they are guesses. This finds an outfit that can be drawn.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from training.atelier.attributes import (
    DRAWING_ORDER,
    FAMILIES,
    Outfit,
    allowed_values,
    broken_rules,
)


def nearest_outfit(logits: Tensor, asked: Mapping[str, str]) -> Outfit | None:
    """Choose the likeliest value that still goes, of the surest family first.

    Where that ends in a family without a value left, the order in which outfits are drawn by lot
    is tried.

    Args:
        logits: (values of all families side by side,) of one picture, see `AttributeReader`.
        asked: attributes that it must have, whatever was read.

    Returns:
        None where neither way ends in an outfit.
    """
    parts = torch.split(logits.float(), [len(values) for values in FAMILIES.values()])
    likely = {
        family: dict(zip(values, part.softmax(dim=0).tolist(), strict=True))
        for (family, values), part in zip(FAMILIES.items(), parts, strict=True)
    }
    surest_first = sorted(FAMILIES, key=lambda family: -max(likely[family].values()))
    for order in (surest_first, DRAWING_ORDER):
        attributes = dict(asked)
        for family in order:
            values = [attributes[family]] if family in asked else allowed_values(family, attributes)
            if not values:
                break
            attributes[family] = max(values, key=likely[family].__getitem__)
        else:
            if not broken_rules(attributes):
                return Outfit({family: attributes[family] for family in FAMILIES})
    return None
