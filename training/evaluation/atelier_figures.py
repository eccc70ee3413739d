"""The figures of the atelier evaluation: each function measures one thing and can be run alone."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from studio.design.families import FAMILIES, GARMENT_FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.perfusion.design_codec import rows_of
from training.atelier.world import sample_design, weighed_outfits
from training.config import ConfigError
from training.evaluation.designing import Answers, Designer, Places, open_question, question_of
from training.evaluation.distances import (
    Floats,
    differing,
    differing_weighed,
    farthest_apart,
    jackknifed,
    jackknifed_places,
    marginal_distance,
    mean_of,
    pair_counts,
    pair_distance,
    values_in_effect,
    variation,
)
from training.evaluation.phrase_sets import PhraseSet, phrase_sets
from training.results import Figure, bootstrap, share

Figures = dict[str, Figure]

WORLD_SAMPLES = 8
"""Further lots of the world, each as large as the lot of designs, for the floor of distances."""
_WORLD_DRAWS = 200
"""Outfits that tell how much the world's differ where a prompt's values are given."""
_SEEDS_APART = 1_000
_OPEN_SEEDS = 1_000_000
COLOUR = "colour"
_COLOUR_PLACE = list(FAMILIES).index(COLOUR)
GARMENT_PLACES = np.array([list(FAMILIES).index(family) for family in GARMENT_FAMILIES])
"""The wearer of a round is the same, so the wearer's families don't count as variety."""


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """How much is measured.

    Attributes:
        prompts: held-out prompts, one design each; a fifth of them in two orders, too.
        designs: designs of no phrases at all, compared with as many of the world.
        rounds: held-out prompts that a whole round is designed for.
        candidates: designs of a round.
        colour_prompts: held-out prompts that leave the colour open.
        colour_designs: designs for each of them.
        world: outfits that stand for the world.
        seed: of prompts and designs.
    """

    prompts: int = 500
    designs: int = 2_000
    rounds: int = 100
    candidates: int = 8
    colour_prompts: int = 40
    colour_designs: int = 100
    world: int = 20_000
    seed: int = 0

    def check(self) -> None:
        """Refuse too little.

        Raises:
            ConfigError: nothing could be said of so few.
        """
        fewest = {"prompts": 5, "designs": 20, "rounds": 2, "candidates": 2}
        fewest |= {"colour_prompts": 2, "colour_designs": 2, "world": 20}
        for name, least in fewest.items():
            if getattr(self, name) < least:
                option = f"--{name.replace('_', '-')}"
                raise ConfigError(f"{option} takes at least {least}, not {getattr(self, name)}.")


def asked_figures(designer: Designer, amounts: Amounts) -> Figures:
    """Whether designs are what was asked for, and how much of the rest had to be repaired."""
    parsed = _parsed(designer, phrase_sets(amounts.prompts, amounts.seed))
    answers = designer.answer(
        [question_of(each, amounts.seed + n, amounts.seed + n) for n, each in enumerate(parsed)],
        what="designs for held-out prompts",
    )
    wanted = _wanted(parsed)
    asked = wanted >= 0
    free, kept = answers.free == wanted, answers.places == wanted
    repaired = _repaired(answers)
    broken = [bool(GARMENT_RULES.broken(design.outfit)) for design in answers.designs]
    return {
        "asked_kept_free": _ratio_figure(free & asked, asked),
        "asked_kept": _ratio_figure(kept & asked, asked),
        "repaired_families": bootstrap(repaired.sum(axis=1)),
        "repaired_designs": share(repaired.sum(axis=1) > 0),
        "broken_after_repair": share(broken),
        "prompts": Figure.exact(len(parsed)),
        "asked_per_prompt": bootstrap(asked.sum(axis=1)),
        **_by_family("asked_kept_free", free, asked),
        **_by_family("repaired", repaired, np.ones_like(repaired)),
    }


def order_figures(designer: Designer, amounts: Amounts) -> Figures:
    """Whether the order of phrases leaves every design as it is."""
    sets = phrase_sets(max(amounts.prompts // 5, 1), amounts.seed)
    one, other = (
        designer.answer(
            [question_of(each, amounts.seed + n, amounts.seed + n) for n, each in enumerate(row)],
            what="designs in one order",
        )
        for row in (
            _parsed(designer, sets),
            _parsed(designer, [phrases.reordered() for phrases in sets]),
        )
    )
    same = [a == b for a, b in zip(one.designs, other.designs, strict=True)]
    return {"order_agreement": share(same), "order_prompts": Figure.exact(len(sets))}


def variety_figures(designer: Designer, amounts: Amounts) -> Figures:
    """In how many families two candidates of a round differ, beside two of the world's designs.

    Those are all that have what is asked, as often as the world has them: who asks for sequins
    sees garments that sequins are on.
    """
    parsed = _parsed(designer, phrase_sets(amounts.rounds, amounts.seed))
    own = differing(_rounds(designer, parsed, amounts.candidates), GARMENT_PLACES)
    rng = random.Random(f"{amounts.seed}/variety")
    world = np.array([_differing_in_the_world(each, rng) for each in parsed])
    return {
        "variety": bootstrap(np.stack([own, world], axis=1), _quotient),
        "differing_families": bootstrap(own),
        "differing_families_world": bootstrap(world),
        "rounds": Figure.exact(len(parsed)),
        "candidates": Figure.exact(amounts.candidates),
    }


def colour_figures(designer: Designer, amounts: Amounts) -> Figures:
    """How many colours are in effect where prompts leave the colour open, beside the world's."""
    parsed = _open_colour(designer, amounts)
    own = _rounds(designer, parsed, amounts.colour_designs)[..., _COLOUR_PLACE]
    rng = random.Random(f"{amounts.seed}/colours")
    world = _world_rounds(parsed, amounts.colour_designs, rng)[..., _COLOUR_PLACE]
    pairs = [[values_in_effect(each) for each in row] for row in zip(own, world, strict=True)]
    return {
        "colours_in_effect": bootstrap(pairs, _quotient),
        "colours": bootstrap([pair[0] for pair in pairs]),
        "colours_world": bootstrap([pair[1] for pair in pairs]),
        "colour_prompts": Figure.exact(len(parsed)),
        "colour_designs": Figure.exact(amounts.colour_designs),
    }


def likeness_figures(designer: Designer, amounts: Amounts) -> Figures:
    """How far designs of no phrases are from the world; lots of the world give the floor."""
    seeds = range(_OPEN_SEEDS + amounts.seed, _OPEN_SEEDS + amounts.seed + amounts.designs)
    answers = designer.answer([open_question(seed) for seed in seeds], what="designs of no phrases")
    rng = random.Random(f"{amounts.seed}/world")
    world = _world(amounts.world, rng)
    lots = [_world(amounts.designs, rng) for _ in range(WORLD_SAMPLES)]
    return {
        **_places_figures(answers.places, _places(world), [_places(lot) for lot in lots]),
        **_measures_figures(
            _measures(answers.designs), _measures(world), [_measures(lot) for lot in lots]
        ),
        "repaired_families_open": bootstrap(_repaired(answers).sum(axis=1)),
        "designs": Figure.exact(amounts.designs),
        "world": Figure.exact(amounts.world),
    }


def _places_figures(own: Places, world: Places, lots: Sequence[Places]) -> Figures:
    counts = pair_counts(world)

    def marginal(some: Floats) -> float:
        return marginal_distance(variation(some, counts))

    def pairs(some: Floats) -> float:
        return pair_distance(variation(some, counts))

    def of_family(place: int, some: Floats) -> float:
        return float(variation(some, counts)[place, place])

    others = [pair_counts(lot) for lot in lots]
    return {
        "marginal_distance": jackknifed_places(own, marginal),
        "marginal_floor": mean_of([marginal(each) for each in others]),
        "pair_distance": jackknifed_places(own, pairs),
        "pair_floor": mean_of([pairs(each) for each in others]),
        **{
            f"marginal_{_key(family)}": jackknifed_places(own, partial(of_family, place))
            for place, family in enumerate(FAMILIES)
        },
    }


def _measures_figures(own: Floats, world: Floats, lots: Sequence[Floats]) -> Figures:
    """The same for what words can't say: dyes, lengths, ease ..."""

    def distance(some: Floats) -> float:
        return float(farthest_apart(some, world).mean())

    return {
        "measure_distance": jackknifed(own, distance),
        "measure_floor": mean_of([distance(lot) for lot in lots]),
    }


# --- Designs and outfits of the world ---------------------------------------------------------


def _differing_in_the_world(parsed: ParsedPrompt, rng: random.Random) -> float:
    outfits, weights = weighed_outfits(parsed.attributes, _WORLD_DRAWS, rng)
    places = np.array([outfit.places() for outfit in outfits], np.int16)
    return differing_weighed(places, np.array(weights), GARMENT_PLACES)


def _parsed(designer: Designer, sets: Sequence[PhraseSet]) -> list[ParsedPrompt]:
    return [designer.book.parse(each.prompt) for each in sets]


def _open_colour(designer: Designer, amounts: Amounts) -> list[ParsedPrompt]:
    """The first held-out prompts that say nothing of the colour."""
    found: list[ParsedPrompt] = []
    looked_at = 0
    while len(found) < amounts.colour_prompts:
        looked_at += amounts.colour_prompts
        every = _parsed(designer, phrase_sets(looked_at, amounts.seed))
        found = [each for each in every if COLOUR not in each.attributes]
    return found[: amounts.colour_prompts]


def _rounds(designer: Designer, parsed: Sequence[ParsedPrompt], candidates: int) -> Places:
    """(P, N, F) designs of whole rounds."""
    questions = [
        question_of(each, place * _SEEDS_APART + candidate, place)
        for place, each in enumerate(parsed)
        for candidate in range(candidates)
    ]
    places = designer.answer(questions, what="designs of rounds").places
    return places.reshape(len(parsed), candidates, -1)


def _world_rounds(parsed: Sequence[ParsedPrompt], count: int, rng: random.Random) -> Places:
    """(P, N, F) what the world has for the same prompts."""
    return np.stack([_places(_world(count, rng, each.attributes)) for each in parsed])


def _world(
    count: int, rng: random.Random, fixed: Mapping[str, str] | None = None
) -> list[DesignSpec]:
    return [sample_design(rng, **(fixed or {})) for _ in range(count)]


def _places(designs: Sequence[DesignSpec]) -> Places:
    return np.array([design.outfit.places() for design in designs], np.int16)


def _measures(designs: Sequence[DesignSpec]) -> Floats:
    """(N, M), see `design_codec.rows_of`."""
    _, measures = rows_of(designs)
    return np.asarray(measures.numpy(), np.float64)


# --- Figures ----------------------------------------------------------------------------------


def _wanted(parsed: Sequence[ParsedPrompt]) -> Places:
    """(M, F) place of each asked value, -1 where nothing was asked."""
    return np.array(
        [
            [
                values.index(each.attributes[family]) if family in each.attributes else -1
                for family, values in FAMILIES.items()
            ]
            for each in parsed
        ],
        np.int16,
    )


def _repaired(answers: Answers) -> NDArray[np.bool_]:
    """(M, F) which families had to be changed."""
    return np.array(
        [[family in design.repaired for family in FAMILIES] for design in answers.designs]
    )


def _ratio_figure(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Figure:
    """Sum over sum, and its interval over designs."""
    return bootstrap(np.stack([part.sum(axis=1), whole.sum(axis=1)], axis=1), _quotient)


def _by_family(name: str, part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> Figures:
    return {
        f"{name}_{_key(family)}": share(part[whole[:, place], place])
        for place, family in enumerate(FAMILIES)
        if whole[:, place].any()
    }


def _quotient(pairs: Floats) -> float:
    one, other = pairs.sum(axis=0)
    return float(one / max(other, 1e-12))


def _key(family: str) -> str:
    return family.replace(" ", "_")
