"""How true the forecast is, and how sure the comparison after launch may be: on simulated shops."""

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import special

from studio.selling.forecast import Habits, Past, forecast, habits_of
from studio.selling.launch import Traffic, compare, t_half_width
from studio.selling.shoppers import Visit, crowd
from studio.selling.votes import Polled, rate_of, with_votes
from training.evaluation.sales import SalesWorld, taught_figures
from training.results import RESULTS, Figure, bootstrap, share, write_results

OPEN_DAYS = 14
MINIMUM = 50
DAYS = (1, 3, 7)
STORES = (6, 20, 60)
ITEMS = 40
"""Of each kind, in each store."""
VOTES_PER_PIECE, POLLS_DIFFER = 0.5, 0.4
TRUE_CHANGE = 0.13
"""By how much designs made with AI are clicked more, in the simulated stores, on the average."""


@dataclass(frozen=True)
class SellingConfig:
    """How much is measured.

    Attributes:
        earlier: listings from which habits are learnt.
        listings: listings whose end is foretold.
        simulations: comparisons after launch, for each number of stores.
        seed: of all of it.
        sales: what teaches taste; see `sales.SalesWorld`.
        results: folder of the result file.
    """

    earlier: int = 60
    listings: int = 1_500
    simulations: int = 800
    seed: int = 0
    sales: SalesWorld = field(default_factory=SalesWorld)
    results: Path = RESULTS


@dataclass(frozen=True)
class Campaign:
    """A simulated listing: who came, and what it came to."""

    visits: tuple[Visit, ...]
    past: Past

    @property
    def is_reached(self) -> bool:
        """Whether its minimum was reached in the end."""
        return self.past.firm >= self.past.minimum

    def at(self, time: float) -> tuple[int, int]:
        """(pieces ordered, firm pieces) at a part of its time."""
        came = [each for each in self.visits if each.at <= time]
        firm = [each for each in came if each.cancels_at is None or each.cancels_at > time]
        return sum(each.pieces for each in came), sum(each.pieces for each in firm)


def campaigns(count: int, seed: int, minimum: int = MINIMUM) -> list[Campaign]:
    """Simulated listings, each with its own hidden wish."""
    found = []
    for number in range(count):
        visits = crowd(seed + number, minimum)
        times = [each.at for each in visits for _ in range(each.pieces)]
        firm = sum(each.pieces for each in visits if each.cancels_at is None)
        found.append(Campaign(tuple(visits), Past.of_times(times, minimum, firm)))
    return found


def told_and_came(
    habits: Habits, tried: Sequence[Campaign], days: Iterable[int]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Chances that are told on some days, and whether each came true."""
    told, came = [], []
    for day in days:
        for each in tried:
            ordered, firm = each.at(day / OPEN_DAYS)
            minimum = each.past.minimum
            told.append(forecast(habits, minimum, ordered, firm, day / OPEN_DAYS, 0).chance)
            came.append(each.is_reached)
    return np.array(told), np.array(came)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be chosen on the command line."""
    default, sales = SellingConfig(), SalesWorld()
    for name in ("earlier", "listings", "simulations", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(default, name))
    parser.add_argument(
        "--stores", type=int, default=sales.stores, help="stores whose sales teach their taste"
    )
    parser.add_argument("--checkpoint", type=Path, default=sales.checkpoint)
    parser.add_argument("--work", type=Path, default=sales.work)


def from_options(options: argparse.Namespace) -> SellingConfig:
    """The configuration of parsed arguments."""
    sales = SalesWorld(
        stores=options.stores,
        checkpoint=options.checkpoint,
        work=options.work,
        seed=options.seed,
    )
    return SellingConfig(
        options.earlier, options.listings, options.simulations, options.seed, sales
    )


def run(config: SellingConfig, command: str) -> None:
    """Measure and write docs/results/selling.json."""
    figures = {
        **brier_figures(config),
        **vote_figures(config),
        **coverage_figures(config),
        **taught_figures(config.sales),
    }
    write_results("selling", command, [config.seed], figures, config.results)


def vote_figures(config: SellingConfig) -> dict[str, Figure]:
    """The forecast on the first day, without votes and with them, as polls have taught it.

    Of each simulated listing some people were asked before: their votes follow its hidden wish,
    more in some polls and less in others.
    """
    rng = np.random.default_rng((config.seed, 7))
    earlier = campaigns(config.earlier, config.seed)
    tried = campaigns(config.listings, config.seed + 1_000_000)
    habits = habits_of([each.past for each in earlier])
    rate = rate_of([Polled(_votes(each, rng), each.past.firm) for each in earlier])
    came = np.array([each.is_reached for each in tried])
    figures = {"pieces_per_vote": Figure(rate.pieces_per_vote, rate.low, rate.high)}
    for name in ("", "_votes"):
        told = []
        for each in tried:
            votes = _votes(each, rng) if name else 0
            known = with_votes(habits, each.past.minimum, votes, rate)
            told.append(forecast(known, each.past.minimum, 0, 0, 0.0, 0).chance)
        figures[f"brier_day0{name}"] = bootstrap((np.array(told) - came) ** 2)
    return figures


def _votes(campaign: Campaign, rng: np.random.Generator) -> int:
    """Votes before listing: a part of those who will order, and polls differ in whom they reach."""
    reach = VOTES_PER_PIECE * np.exp(rng.normal(0, POLLS_DIFFER))
    return int(rng.poisson(reach * campaign.past.ordered))


def brier_figures(config: SellingConfig) -> dict[str, Figure]:
    """Mean squared error of told chances, for the forecast and its three simpler rivals."""
    habits = habits_of([each.past for each in campaigns(config.earlier, config.seed)])
    flat = replace(habits, curve=((0.0, 0.0), (1.0, 1.0)), closeness=float("inf"))
    tried = campaigns(config.listings, config.seed + 1_000_000)
    figures = {
        "listings": Figure.exact(len(tried)),
        "reached": share([each.is_reached for each in tried]),
    }
    for day in DAYS:
        told, came = told_and_came(habits, tried, [day])
        rivals = {
            "": told,
            "_flat": told_and_came(flat, tried, [day])[0],
            "_poisson": np.array([_poisson(each, day) for each in tried]),
            "_straight": np.array([_straight(each, day) for each in tried]),
        }
        for name, chances in rivals.items():
            figures[f"brier_day{day}{name}"] = bootstrap((chances - came) ** 2)
    told, came = told_and_came(habits, tried, range(1, OPEN_DAYS))
    gaps = [
        abs(told[there].mean() - came[there].mean())
        for low in range(10)
        if (there := (told >= low / 10) & (told < low / 10 + 0.1 + (low == 9))).any()
    ]
    figures["largest_gap_of_a_decile"] = Figure.exact(float(max(gaps)))
    return figures


def coverage_figures(config: SellingConfig) -> dict[str, Figure]:
    """How often 95 % intervals hold the true change: over stores, and of pooled clicks."""
    figures = {}
    rng = np.random.default_rng(config.seed)
    for stores in STORES:
        over_stores, pooled = [], []
        for _ in range(config.simulations):
            traffic, truth = _launched(rng, stores)
            change = compare(traffic)["click rate"]
            mean, half = change.mean, t_half_width(list(change.by_store.values()))
            over_stores.append(mean is not None and abs(mean - truth) <= half)
            pooled.append(_pooled_holds(traffic, truth))
        figures[f"coverage_{stores}_stores"] = share(over_stores)
        figures[f"coverage_{stores}_stores_pooled"] = share(pooled)
    return figures


def _poisson(campaign: Campaign, day: int) -> float:
    """Poisson with the rate so far."""
    ordered, firm = campaign.at(day / OPEN_DAYS)
    later = ordered / day * (OPEN_DAYS - day)
    needed = campaign.past.minimum - firm
    return 1.0 if needed <= 0 else float(special.pdtrc(needed - 1, later))


def _straight(campaign: Campaign, day: int) -> float:
    """Yes or no, by going on as before."""
    _, firm = campaign.at(day / OPEN_DAYS)
    return float(firm / day * OPEN_DAYS >= campaign.past.minimum)


def _launched(rng: np.random.Generator, stores: int) -> tuple[list[Traffic], float]:
    """Stores after launch: items differ, and so does what AI changes from store to store."""
    traffic = []
    for number in range(stores):
        rate, change = rng.uniform(0.02, 0.06), TRUE_CHANGE + rng.normal(0, 0.12)
        for is_ai in (True, False):
            shown = rng.integers(400, 2_000, size=ITEMS)
            own = rng.gamma(8.0, rate / 8.0, size=ITEMS) * (1 + change if is_ai else 1.0)
            clicks = rng.binomial(shown, np.minimum(own, 0.9))
            traffic.append(
                Traffic(
                    store=str(number),
                    is_ai=is_ai,
                    impressions=int(shown.sum()),
                    clicks=int(clicks.sum()),
                    orders=0,
                    settled=0,
                    returns=0,
                )
            )
    return traffic, TRUE_CHANGE


def _pooled_holds(traffic: Sequence[Traffic], truth: float) -> bool:
    """Whether Katz' interval of the ratio of pooled clicks holds the true change."""
    sums = {
        is_ai: (
            sum(each.clicks for each in traffic if each.is_ai == is_ai),
            sum(each.impressions for each in traffic if each.is_ai == is_ai),
        )
        for is_ai in (True, False)
    }
    (ai, ai_shown), (own, own_shown) = sums[True], sums[False]
    spread = np.sqrt(1 / ai - 1 / ai_shown + 1 / own - 1 / own_shown)
    middle = np.log(ai / ai_shown) - np.log(own / own_shown)
    return bool(abs(middle - np.log1p(truth)) <= special.ndtri(0.975) * spread)
