"""The threshold simulator: what a minimum, a price and a cost put at risk, sold first or not."""

from dataclasses import dataclass

import numpy as np

from studio.selling.forecast import Habits

DRAWS = 4_000
_SEED = 20_261_129


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is supposed.

    Attributes:
        minimum: pieces that the factory makes at least.
        price: for a piece, in minor units.
        unit_cost: of a piece, in minor units.
        salvage: what a piece that is left over brings, as a part of its cost, 0 to 1.
        lead_days: to delivery.
        stocked: pieces that would be made without selling first.
    """

    minimum: int
    price: int
    unit_cost: int
    salvage: float
    lead_days: int
    stocked: int


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What comes of a way to sell, on the average.

    Attributes:
        chance: that anything is made.
        made: pieces.
        leftover: pieces that nobody buys.
        at_risk: money that is paid before any is earned, in minor units.
        earned: in minor units, after cost and salvage.
        worst: the earnings that nine of ten times are exceeded.
        waiting_days: that a customer waits for a piece.
    """

    chance: float
    made: float
    leftover: float
    at_risk: float
    earned: float
    worst: float
    waiting_days: float


@dataclass(frozen=True)
class Comparison:
    """The same demand, sold first and made first."""

    sold_first: Outcome
    made_first: Outcome


def compare(plan: Plan, habits: Habits, open_days: float) -> Comparison:
    """What a plan comes to under the demand that the shop's earlier listings lead to expect.

    Args:
        plan: what is supposed.
        habits: of the shop, see `forecast.habits_of`; wishes are drawn around its usual demand.
        open_days: that the listing is open.
    """
    rng = np.random.default_rng(_SEED)
    rates = rng.gamma(habits.shape, habits.wanted * plan.minimum / habits.shape, DRAWS)
    firm = rng.binomial(rng.poisson(rates), habits.keep)
    reached = firm >= plan.minimum
    margin = plan.price - plan.unit_cost
    sold = np.where(reached, firm, 0)
    earned = sold * margin
    first = Outcome(
        chance=float(reached.mean()),
        made=float(sold.mean()),
        leftover=0.0,
        at_risk=0.0,
        earned=float(earned.mean()),
        worst=float(np.quantile(earned, 0.1)),
        waiting_days=open_days + plan.lead_days,
    )
    bought = np.minimum(firm, plan.stocked)
    left = plan.stocked - bought
    kept = bought * margin - left * plan.unit_cost * (1 - plan.salvage)
    stocked = Outcome(
        chance=1.0,
        made=float(plan.stocked),
        leftover=float(left.mean()),
        at_risk=float(plan.stocked * plan.unit_cost),
        earned=float(kept.mean()),
        worst=float(np.quantile(kept, 0.1)),
        waiting_days=0.0,
    )
    return Comparison(first, stocked)
