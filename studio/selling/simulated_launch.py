"""Traffic of simulated stores, so that the comparison after launch can be tried at once."""

from datetime import date

import numpy as np

from studio.selling.storage.traffic import TrafficDay

STORES, ITEMS = 8, 12
_SEED = 20_261_130
_CHANGES = (0.14, 0.11, -0.12)
"""By how much AI changes clicks, orders and returns in the simulated stores, on the average."""
_SPREAD = 0.1
"""Standard deviation of that from store to store."""


def simulated_traffic(day: date) -> list[TrafficDay]:
    """A day of each item of each store; the same day gives the same."""
    rng = np.random.default_rng(_SEED)
    found = []
    for number in range(1, STORES + 1):
        usual = rng.uniform((0.02, 0.03, 0.08), (0.06, 0.08, 0.2))
        changes = 1 + np.array(_CHANGES) + rng.normal(0, _SPREAD, size=3)
        for is_ai in (True, False):
            rates = usual * (changes if is_ai else 1.0)
            for item in range(1, ITEMS + 1):
                shown = int(rng.integers(3_000, 12_000))
                clicks = int(rng.binomial(shown, min(rates[0] * rng.gamma(10, 0.1), 0.9)))
                orders = int(rng.binomial(clicks, min(rates[1] * rng.gamma(10, 0.1), 0.9)))
                found.append(
                    TrafficDay(
                        store=f"Simulated store {number}",
                        item=f"{'ai' if is_ai else 'own'}-{item}",
                        is_ai=is_ai,
                        channel="simulated",
                        day=day,
                        impressions=shown,
                        clicks=clicks,
                        orders=orders,
                        returns=int(rng.binomial(orders, min(rates[2], 0.9))),
                    )
                )
    return found
