"""A store's history becomes key phrases, and those join the prompt: what words can do for taste.

Nothing in the generator is trained for it. `key_phrases` is PMG's way; `logit_phrases` fits each
store's liking of every value and says all of it, which is about the most that words can do.
Source: Shen et al., "PMG: Personalized Multimodal Generation with Large Language Models" (arXiv
2404.08677). Differs from it in: no language model names the taste; the phrases of designs do,
counted in ticked and unticked designs of the same round.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from studio.design.phrasebook import Phrasebook
from studio.design.spec import DesignSpec
from training.data.groups import Round

MOST_PHRASES = 4
"""Key phrases that join a prompt."""
MOST_LIKINGS = 12
"""Those of a conditional logit, which says all that it knows."""
_LEAST_LIKING = 0.1
"""In logits: what is liked less than that is not worth a phrase."""
_PRIOR = 1.0
"""Strength of the pull to what all stores like, in ticks' worth of doubt."""
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


def logit_phrases(history: Sequence[Round], book: Phrasebook) -> dict[str, tuple[str, ...]]:
    """The same by a conditional logit on what designs have, fitted to each store's ticks.

    Each ticked design is a choice between it and the unticked ones of its round. What all stores
    like is fitted first, and each store may differ from that as far as its ticks tell.

    Returns:
        Store id -> the phrases of values that it likes more than others of their family, the
        most liked first.
    """
    phrases = main_phrases(book)
    rounds: dict[str, list[tuple[NDArray[np.float64], NDArray[np.bool_]]]] = {}
    for each in history:
        chosen = np.array(each.labels) >= 1
        if all(each.designs) and each.designs and chosen.any() and not chosen.all():
            specs = [DesignSpec.from_json(text) for text in each.designs]
            shown = np.array([[spec[f] == v for f, v in phrases] for spec in specs], np.float64)
            rounds.setdefault(each.store_id, []).append((shown, chosen))
    if not rounds:
        return {}
    everybody = _fitted([one for own in rounds.values() for one in own], np.zeros(len(phrases)))
    families = np.array([family for family, _ in phrases])
    names = list(phrases.values())
    found = {}
    for store, own in rounds.items():
        liking = _fitted(own, everybody)
        for family in set(families):
            liking[families == family] -= liking[families == family].mean()
        order = np.argsort(-liking, kind="stable")
        found[store] = tuple(names[place] for place in order if liking[place] > _LEAST_LIKING)
    return found


def _fitted(
    rounds: Sequence[tuple[NDArray[np.float64], NDArray[np.bool_]]], usual: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(K,) likings that explain the ticks, near the usual ones where they tell nothing."""
    shown = [
        np.concatenate([values[place : place + 1], values[~chosen]])
        for values, chosen in rounds
        for place in np.flatnonzero(chosen)
    ]  # the ticked one first

    def loss(liking: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        away = liking - usual
        total, slope = 0.5 * _PRIOR * float(away @ away), _PRIOR * away
        for values in shown:
            utility = values @ liking
            chance = np.exp(utility - utility.max())
            chance /= chance.sum()
            total -= float(np.log(max(chance[0], 1e-300)))
            slope = slope + chance @ values - values[0]
        return total, slope

    fitted: NDArray[np.float64] = minimize(loss, usual, jac=True, method="L-BFGS-B").x
    return fitted


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
