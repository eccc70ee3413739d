"""What the simulated stores' tastes are made of, and how much of them can be known at all.

The shares of a taste's variance are found from tastes and profiles alone, as for people who were
asked: what two strangers share, what profiles explain beyond that, and the rest. Then the market
is judged by those who know a part of the truth exactly: the best that somebody can do who knows
no stores, only their profiles, or the wrong ones.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from studio.design.families import FAMILIES
from studio.design.spec import DesignSpec
from studio.perfusion.profile import FASHION_SCHEMA, STORE_ID, Profile
from training.atelier.market import MarketConfig, Pool, make_pool, merchants_of, simulate
from training.atelier.merchants import SCHOOLS, Merchant
from training.atelier.schools import schools
from training.atelier.tastes import CROSSED_FIELDS
from training.atelier.traits import ATTRIBUTES, COMBINATIONS, MEASURES, VALUES, Floats, traits_of
from training.metrics import bootstrap_over_stores, group_metrics
from training.results import RESULTS, Figure, bootstrap, share, write_results
from training.scorers import stranger_of

NAME = "market"
_BLOCKS, _STORES_A_BLOCK = 8, 500
"""Stores for the shares, in blocks that say how sure they are."""
_DESIGNS = 500
"""Designs that are enough to tell two tastes apart."""


@dataclass(frozen=True, kw_only=True)
class MarketEvaluation:
    """What is looked at, and where the figures go.

    Attributes:
        market: which stores, in which world.
        work: folder for the briefs.
        results: folder of the result files.
    """

    market: MarketConfig = field(default_factory=MarketConfig)
    work: Path = Path("runs/evaluation/market")
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate market`."""
    standard = MarketConfig()
    parser.add_argument("--world", choices=sorted(schools().worlds), default=standard.world)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stores", type=int, default=standard.stores)
    parser.add_argument("--rounds-per-store", type=int, default=standard.rounds_per_store)
    parser.add_argument("--briefs", type=int, default=standard.briefs)
    parser.add_argument("--work", type=Path, default=MarketEvaluation.work)
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> MarketEvaluation:
    """The parsed command line as a configuration."""
    market = MarketConfig(
        stores=options.stores,
        rounds_per_store=options.rounds_per_store,
        briefs=options.briefs,
        seed=options.seed,
        pool_seed=options.seed,
        world=options.world,
    )
    return MarketEvaluation(market=market, work=options.work, results=options.results)


def run(config: MarketEvaluation, command: str) -> dict[str, Figure]:
    """Make the market, take it apart, and write the result file."""
    config.work.mkdir(parents=True, exist_ok=True)
    pool = make_pool(config.market, config.work)
    many = replace(config.market, stores=_BLOCKS * _STORES_A_BLOCK, new_stores=0)
    merchants = merchants_of(many, pool)
    seen = traits_of([design for brief in pool.training for design in brief.designs])
    figures = shares(merchants, seen[:: -(-len(seen) // _DESIGNS)], _BLOCKS)
    figures |= kinds(merchants[:: _BLOCKS * 2], seen)
    figures |= headroom(config.market, pool)
    write_results(NAME, command, [config.market.seed], figures, config.results)
    return figures


def shares(merchants: Sequence[Merchant], seen: Floats, blocks: int) -> dict[str, Figure]:
    """Whose the tastes are, found without knowing how they were made.

    Args:
        merchants: stores; many more in a block than there are answers to a profile's questions.
        seen: (n, T) traits of designs of the world.
        blocks: so many equal parts of the stores are looked at one by one; intervals are over
            them.
    """
    tastes = np.stack([each.taste for each in merchants]) @ (seen - seen.mean(axis=0)).T  # (S, n)
    told = _indicators([each.profile for each in merchants])
    names = np.array([each.school for each in merchants])
    rows = np.array_split(np.arange(len(merchants)), blocks)
    shared = np.array([_alike(tastes[some]) for some in rows])
    known = np.array([_explained(tastes[some], told[some]) for some in rows])
    return {
        "share_shared": bootstrap(shared),
        "share_told": bootstrap(known),
        "share_own": bootstrap(1 - shared - known),
        "share_of_a_school": bootstrap([_alike(tastes[names == name]) for name in SCHOOLS]),
    }


def kinds(merchants: Sequence[Merchant], seen: Floats) -> dict[str, Figure]:
    """What the tastes are about: kinds of traits, families of values, and what words can say."""
    centred = seen - seen.mean(axis=0)
    tastes = np.stack([each.taste for each in merchants])
    whole = centred @ tastes.T  # (n, S)
    variance = whole.var(axis=0)

    def part(traits: slice) -> Figure:
        own = centred[:, traits] @ tastes[:, traits].T
        return bootstrap((own * whole).mean(axis=0) / variance)

    figures = {
        "share_values": part(VALUES),
        "share_measures": part(MEASURES),
        "share_combinations": part(COMBINATIONS),
        "share_in_words": bootstrap(_in_words(centred, whole) / variance),
    }
    for family in FAMILIES:
        places = [place for place, (name, _) in enumerate(ATTRIBUTES) if name == family]
        figures[f"share_{family.replace(' ', '_')}"] = part(slice(places[0], places[-1] + 1))
    return figures


def headroom(config: MarketConfig, pool: Pool) -> dict[str, Figure]:
    """GAUC on test rounds of those who know a part of the truth exactly, and nothing else.

    Nobody can be better than `oracle`; who doesn't know the store not than `shared`; who knows
    its profile alone not than `profile`. `shuffled` has the profile of another store.
    """
    merchants = merchants_of(config, pool)
    rounds, utilities = simulate(config, pool, merchants)
    asked = [each for each in rounds if each.split == "test"]
    named = {each.id: each for each in merchants}
    stranger = stranger_of([each.profile for each in merchants], seed=0)
    scores: dict[str, list[Floats]] = {"oracle": [], "shared": [], "profile": [], "shuffled": []}
    for each in asked:
        shown = traits_of([DesignSpec.from_json(text) for text in each.designs])
        store, other = named[each.store_id], named[str(stranger(each)["store_id"])]
        scores["oracle"].append(utilities[each.id])
        scores["shared"].append(shown @ store.shared)
        scores["profile"].append(shown @ (store.shared + store.told))
        scores["shuffled"].append(shown @ (other.shared + other.told))
    ticked = [np.array(each.labels) > 0.5 for each in asked]
    stores = [each.store_id for each in asked]
    figures = {}
    for name, found in scores.items():
        metrics = group_metrics(found, ticked, stores)
        figures[f"gauc_{name}"] = bootstrap_over_stores(metrics.gauc, metrics.stores)
    figures["rounds_without_a_tick"] = share([not any(each.labels) for each in rounds])
    figures["stores"] = Figure.exact(len(merchants))
    return figures


def _alike(tastes: Floats) -> float:
    """Covariance of two different stores' utilities over the variance of one's: (S, n) -> share."""
    count = len(tastes)
    each = float((tastes**2).sum())
    pairs = float((tastes.sum(axis=0) ** 2).sum()) - each
    return pairs / (count - 1) / each


def _explained(tastes: Floats, told: Floats) -> float:
    """Share of the variance that a regression on the answers explains beyond the mean store.

    Residuals are divided by what is left of the degrees of freedom, so that answers that explain
    nothing get nothing.
    """
    count = len(tastes)
    between = tastes - tastes.mean(axis=0)
    weights, _, rank, _ = np.linalg.lstsq(told, tastes, rcond=None)
    left = ((tastes - told @ weights) ** 2).sum() / (count - rank)
    return float(((between**2).sum() / (count - 1) - left) / ((tastes**2).sum() / count))


def _indicators(profiles: Sequence[Profile]) -> Floats:
    """(S, P) which answers, and which crossed pairs of answers, each store gave."""
    rows = [set(_given(profile)) for profile in profiles]
    names = sorted({name for row in rows for name in row})
    return np.array([[1.0, *(name in row for name in names)] for row in rows])


def _given(profile: Profile) -> Iterator[tuple[str, ...]]:
    encoded = FASHION_SCHEMA.encode(profile)
    first = {}
    for question, ids in zip(FASHION_SCHEMA.fields, encoded.ids, strict=True):
        if question.name == STORE_ID:
            continue
        value = profile[question.name]
        told = [str(each) for each in value] if isinstance(value, tuple) else [str(ids)]
        first[question.name] = told[0]
        yield from ((question.name, str(place), each) for place, each in enumerate(told))
    for one, other in CROSSED_FIELDS:
        yield one, other, first[one], first[other]


def _in_words(centred: Floats, whole: Floats) -> Floats:
    """(S,) variance of the best sum of likings of single values; both (n, ...) are centred."""
    values = centred[:, VALUES]
    weights, *_ = np.linalg.lstsq(values, whole, rcond=None)
    found: Floats = (values @ weights).var(axis=0)
    return found
