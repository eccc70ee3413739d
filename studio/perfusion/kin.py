"""Stores that a store may be like: its own answers, with some of them told otherwise by lot.

They are the prior of a taste. What a profile says is where it begins; how far ticks may lead from
there, and in which directions, is what other answers would have meant to the same models. A store
that tells little may be like many, one that tells all is like its neighbours.
"""

import random
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor

from studio.perfusion.profile import STORE_ID, Profile, ProfileField, ProfileSchema
from studio.perfusion.user_encoder import UserEncoder, stack_profiles

COUNT = 96
"""Stores beside the store itself."""
KEPT = 0.75
"""Chance of an answer that was given to be kept."""
_SEED = 31
_SECOND_ANSWER = 0.3
"""Chance of a second answer where there may be several."""


def kin_of(profile: Profile, schema: ProfileSchema) -> tuple[Profile, ...]:
    """The store itself, then others; always the same for the same answers.

    Args:
        profile: the store's.
        schema: the questions; a store's own name is drawn only where nothing else is asked.
    """
    lot = random.Random(_SEED)
    asked = [each for each in schema.fields if each.name != STORE_ID] or list(schema.fields)
    given = dict(profile.fields)
    kin = [profile]
    for _ in range(COUNT):
        told = {
            each.name: given[each.name]
            if each.name in given and lot.random() < KEPT
            else _drawn(each, lot)
            for each in asked
            if each.answers
        }
        kin.append(Profile.of(**{**given, **told}))
    return tuple(kin)


def embeddings_of(
    encoders: Sequence[UserEncoder], schema: ProfileSchema, kin: Sequence[Profile]
) -> Tensor:
    """(J, U) what a model's user encoders make of stores, end to end; fp32 on the CPU."""
    features = stack_profiles([schema.encode(each) for each in kin])
    with torch.no_grad():
        parts = [each(features.to(each.table.weight.device)).float().cpu() for each in encoders]
    return torch.cat(parts, dim=1)


def _drawn(field: ProfileField, lot: random.Random) -> str | float | tuple[str, ...]:
    if field.kind == "numeric":
        return lot.choice(_within(field))
    if field.kind == "categorical":
        return lot.choice(field.values)
    count = 1 + (lot.random() < _SECOND_ANSWER and len(field.values) > 1)
    return tuple(lot.sample(field.values, count))


def _within(field: ProfileField) -> list[float]:
    """A number in each bin."""
    first, last = field.edges[0], field.edges[-1]
    return [first - 1, *((low + high) / 2 for low, high in pairwise(field.edges)), last + 1]
