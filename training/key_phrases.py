"""PMG's way to personalise: a store's history becomes key phrases, and those join the prompt.

Nothing in the generator is trained for it. Source: Shen et al., "PMG: Personalized Multimodal
Generation with Large Language Models" (arXiv 2404.08677). Differs from it in: no language model
names the taste; the phrases of designs do, counted in ticked and unticked designs of the same
round.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.design.phrasebook import Phrasebook
from studio.design.spec import DesignSpec
from training.data.groups import Round

MOST_PHRASES = 4
"""Key phrases that join a prompt."""
_SHORT_HISTORY = 4.0
"""Rounds' worth of doubt: with fewer rounds than this a phrase is hardly believed."""


def main_phrases(book: Phrasebook) -> dict[tuple[str, str], str]:
    """(family, value) -> its main phrase, for every value that one phrase can say alone."""
    named = {
        (family, value): book.canonical(family, value)
        for family, values in book.families.items()
        for value in values
    }
    return {pair: name for pair, name in named.items() if name is not None}


def key_phrases(history: Sequence[Round], book: Phrasebook) -> dict[str, tuple[str, ...]]:
    """What each store of a history likes, the surest first.

    A phrase counts for a store by how much more often ticked designs have it than unticked ones
    of the same round: the sum over the store's rounds, in units of what such a sum is by chance.

    Args:
        history: answered rounds; those that compare nothing, or don't say what was shown, are
            passed over.
        book: knows the phrases.

    Returns:
        Store id -> all phrases that its ticks speak for.
    """
    phrases = main_phrases(book)
    gains: dict[str, list[NDArray[np.float64]]] = {}
    for each in history:
        chosen = np.array(each.labels) >= 1
        if all(each.designs) and each.designs and chosen.any() and not chosen.all():
            specs = [DesignSpec.from_json(text) for text in each.designs]
            shown = np.array([[spec[f] == v for f, v in phrases] for spec in specs], np.float64)
            gain = shown[chosen].mean(axis=0) - shown[~chosen].mean(axis=0)  # (K,)
            gains.setdefault(each.store_id, []).append(gain)
    if not gains:
        return {}
    usual = np.stack([gain for rounds in gains.values() for gain in rounds])
    spread = np.sqrt(np.square(usual).mean(axis=0)).clip(min=1e-12)  # (K,)
    names, found = list(phrases.values()), {}
    for store, rounds in gains.items():
        sureness = np.sum(rounds, axis=0) / spread / (len(rounds) + _SHORT_HISTORY) ** 0.5
        order = np.argsort(-sureness, kind="stable")
        found[store] = tuple(names[place] for place in order if sureness[place] > 0)
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
