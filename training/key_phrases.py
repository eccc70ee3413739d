"""PMG's way to personalise: a store's history becomes key phrases, and those join the prompt.

Nothing in the generator is trained for it. Source: Shen et al., "PMG: Personalized Multimodal
Generation with Large Language Models" (arXiv 2404.08677). Differs from it in: no language model
names the taste; the image-text model that judges designs does, phrase by phrase, by what it sees
more of in ticked than in unticked images of the same round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.perfusion.phrasebook import Phrasebook
from training.data.groups import Round

MOST_PHRASES = 4
"""Key phrases that join a prompt."""
_SHORT_HISTORY = 4.0
"""Rounds' worth of doubt: with fewer rounds than this a phrase is hardly believed."""


@dataclass(frozen=True)
class Phrases:
    """What a store may be said to like, and what each phrase looks like.

    Attributes:
        names: K main phrases of single attributes, in canonical order.
        features: (K, D) of unit length.
    """

    names: tuple[str, ...]
    features: Tensor


def main_phrases(book: Phrasebook) -> tuple[str, ...]:
    """The main phrase of every value that one phrase can say alone."""
    named = [
        book.canonical(family, value)
        for family, values in book.families.items()
        for value in values
    ]
    return tuple(name for name in named if name is not None)


def key_phrases(
    history: Sequence[Round], images: Mapping[str, Tensor], phrases: Phrases
) -> dict[str, tuple[str, ...]]:
    """What each store of a history likes, the surest first.

    A phrase counts for a store by how much nearer to it ticked images are than unticked ones of
    the same round: the sum over the store's rounds, in units of what such a sum is by chance.

    Args:
        history: answered rounds; those that compare nothing are passed over.
        images: (D,) unit-length features of every image in them.
        phrases: to choose from.

    Returns:
        Store id -> all phrases that its ticks speak for.
    """
    gains: dict[str, list[Tensor]] = {}
    for each in history:
        chosen = torch.tensor([label >= 1 for label in each.labels])
        if chosen.any() and not chosen.all():
            shown = torch.stack([images[name] for name in each.images])  # (N, D)
            nearness = shown.double() @ phrases.features.double().T  # (N, K)
            gain = nearness[chosen].mean(dim=0) - nearness[~chosen].mean(dim=0)  # (K,)
            gains.setdefault(each.store_id, []).append(gain)
    if not gains:
        return {}
    usual = torch.stack([gain for rounds in gains.values() for gain in rounds])
    spread = usual.pow(2).mean(dim=0).sqrt().clamp(min=1e-12)  # (K,)
    found = {}
    for store, rounds in gains.items():
        sureness = torch.stack(rounds).sum(dim=0) / spread / (len(rounds) + _SHORT_HISTORY) ** 0.5
        order = sureness.argsort(descending=True, stable=True).tolist()
        found[store] = tuple(phrases.names[place] for place in order if sureness[place] > 0)
    return found


def with_key_phrases(
    prompt: str, keys: Sequence[str], book: Phrasebook, most: int = MOST_PHRASES
) -> str:
    """A prompt with the first key phrases that it leaves room for.

    A phrase is passed over where the prompt, or a surer phrase, speaks of the same attribute, and
    where it can't go together with them. What was asked for stays asked for.

    Args:
        prompt: the phrases that were asked for.
        keys: of the store, the surest first.
        book: knows what can go together.
        most: key phrases at most.
    """
    asked = dict(book.parse(prompt).attributes)
    added: list[str] = []
    for key in keys:
        if len(added) == most:
            break
        meant = book.phrases[key]
        if not meant.keys() & asked.keys() and book.can_go_together({**asked, **meant}):
            added.append(key)
            asked.update(meant)
    return ", ".join([prompt, *added])
