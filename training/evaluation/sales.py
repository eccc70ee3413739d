"""Whether sales teach taste: simulated stores list designs, customers order, and the model learns.

The customers of a store want what the store truly likes, more or less, and send back more of what
it likes less. All that training sees is how many pieces were ordered and kept. Judged on pairs of
designs that nobody listed, by the store's true taste.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from numpy.typing import NDArray

from studio.perfusion.profile import STORE_ID, Profile
from studio.selling.sold_together import Sold, contest
from training.atelier.market import Brief, MarketConfig, Pool, link_images, make_pool
from training.atelier.merchants import Merchant, make_merchants
from training.atelier.traits import Floats, traits_of
from training.config import RewardConfig
from training.data.groups import OF_SALES, Round, write_rounds
from training.data.groups import read_rounds as read
from training.data.tiles import Draw, tile
from training.loops import reward
from training.results import Figure, bootstrap
from training.scorers import PersonalScorer

log = logging.getLogger(__name__)

START = datetime(2026, 1, 1, tzinfo=UTC)
WISH, BURSTS = 0.6, 6.0
"""How much more is ordered of a design that a store likes by one standard deviation more, as the
exponent; and the shape of the gamma noise on it."""
STOPPING = 2
"""Lots of each store that decide when training stops; one alone is too noisy."""
RETURNED, RETURNS_FALL = -1.7, 0.7
"""Log odds that a piece comes back, and how they fall with liking."""


@dataclass(frozen=True, kw_only=True)
class SalesWorld:
    """How much is sold and judged.

    Attributes:
        stores: of them, none known to the model before.
        lots: of each store, of `together` designs that were listed together.
        pieces: ordered of a listing, on the average.
        pairs: of each store, of designs that nobody listed.
        pool: how many designs there are.
        checkpoint: whose reward model is taught.
        work: folder for pictures and runs.
        draw: from a design to its picture.
        training: of the reward model.
    """

    stores: int = 32
    lots: int = 12
    together: int = 5
    pieces: float = 30.0
    pairs: int = 40
    pool: MarketConfig = field(
        default_factory=lambda: MarketConfig(briefs=30, designs_per_brief=8, pool_seed=4_711)
    )
    checkpoint: Path = Path("checkpoints/atelier")
    work: Path = Path("runs/evaluation/sales")
    draw: Draw = tile
    training: RewardConfig = field(
        default_factory=lambda: RewardConfig(text_first_steps=300, evaluate_steps=50)
    )
    seed: int = 0


def taught_figures(world: SalesWorld) -> dict[str, Figure]:
    """Pairs in the right order before and after sales taught the taste; over stores.

    Raises:
        StudioError: the checkpoint can't be read.
    """
    pictures = world.work / "pool"
    pictures.mkdir(parents=True, exist_ok=True)
    pool = make_pool(world.pool, pictures, world.draw)
    designs = [design for brief in pool.training for design in brief.designs]
    merchants = [
        _as_shop(each, number)
        for number, each in enumerate(make_merchants(world.stores, 0, designs, world.seed), 1)
    ]
    rng = np.random.default_rng((world.seed, 9))
    sold = [each for merchant in merchants for each in _sales(world, pool, merchant, rng)]
    pairs = [each for merchant in merchants for each in _pairs(world, pool, merchant, rng)]
    folder = world.work / f"rounds-{world.seed}"
    link_images(pictures, folder, {name for each in (*sold, *pairs) for name in each.images})
    write_rounds(folder, [*sold, *pairs])
    before, after = _teach(world, folder, pairs)
    stores = np.array([each.store_id for each in pairs])
    by_store = np.array(
        [[side[stores == name].mean() for side in (before, after)] for name in np.unique(stores)]
    )
    return {
        "sales_stores": Figure.exact(world.stores),
        "sales_rounds": Figure.exact(len(sold)),
        "sales_pairs_before": bootstrap(by_store[:, 0]),
        "sales_pairs_after": bootstrap(by_store[:, 1]),
        "taught_by_sales": bootstrap(by_store[:, 1] - by_store[:, 0]),
    }


def _teach(
    world: SalesWorld, folder: Path, pairs: list[Round]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each pair, whether the model put it in order (1, 0; a half for a tie): before, after."""
    config = replace(
        world.training,
        rounds=str(folder),
        run=str(world.work / f"run-{world.seed}"),
        checkpoint=str(world.checkpoint),
        init_from=str(world.checkpoint),
        seed=world.seed,
    )
    Path(config.run).mkdir(parents=True, exist_ok=True)
    task = reward.build(config, read(folder), torch.device("cpu"))
    before = _in_order(PersonalScorer(task.model, task.bank), pairs)
    reward.train(task, config, Accelerator(cpu=True))
    return before, _in_order(PersonalScorer(task.model, task.bank), pairs)


def _in_order(scorer: PersonalScorer, pairs: list[Round]) -> NDArray[np.float64]:
    scores = scorer.score(pairs)  # the first of each is the one that the store likes more
    return np.array([(np.sign(each[0] - each[1]) + 1) / 2 for each in scores])


def _sales(
    world: SalesWorld, pool: Pool, merchant: Merchant, rng: np.random.Generator
) -> list[Round]:
    """What a store's sales come to: rounds in the way of `studio.selling.sales_desk`."""
    rounds = []
    for number in range(world.lots):
        split = "validation" if number < STOPPING else "train"
        briefs = pool.training if split == "train" else _halves(pool)[0]
        brief = briefs[rng.integers(len(briefs))]
        shown = rng.choice(len(brief.designs), size=world.together, replace=False)
        liking = _liking(merchant, pool, brief)[shown]
        opens = START + timedelta(days=20 * number)
        lot = [
            Sold(
                listing_id=place,
                store_id=0,
                opens=opens,
                closes=opens + timedelta(days=14),
                kept=kept,
            )
            for place, kept in zip(shown.tolist(), kept_pieces(world, liking, rng), strict=True)
        ]
        found = contest(lot)
        if found is None:
            continue
        rounds.append(
            _round(f"{OF_SALES}{merchant.id}-{number}", merchant, brief, found.listing_ids, split)
        )
        labels = tuple(map(float, found.is_wanted))
        rounds[-1] = replace(rounds[-1], labels=labels, weight=found.weight)
    return rounds


def kept_pieces(world: SalesWorld, liking: Floats, rng: np.random.Generator) -> list[int]:
    """Pieces that are ordered and not sent back."""
    wanted = world.pieces * np.exp(WISH * liking - WISH**2 / 2)
    ordered = rng.poisson(wanted * rng.gamma(BURSTS, 1 / BURSTS, size=len(liking)))
    returned = rng.binomial(ordered, 1 / (1 + np.exp(-RETURNED + RETURNS_FALL * liking)))
    return [int(each) for each in ordered - returned]


def _pairs(
    world: SalesWorld, pool: Pool, merchant: Merchant, rng: np.random.Generator
) -> list[Round]:
    """Pairs of designs that no store listed, what is truly liked more first."""
    found = []
    for number in range(world.pairs):
        briefs = _halves(pool)[1]
        brief = briefs[rng.integers(len(briefs))]
        two = rng.choice(len(brief.designs), size=2, replace=False)
        liking = _liking(merchant, pool, brief)[two]
        ordered = tuple(int(place) for place in two[np.argsort(-liking)])
        each = _round(f"pair-{merchant.id}-{number}", merchant, brief, ordered, "test")
        found.append(replace(each, labels=(1.0, 0.0)))
    return found


def _halves(pool: Pool) -> tuple[tuple[Brief, ...], tuple[Brief, ...]]:
    """Designs that decide when training stops, and those that it is judged by: no other has them.

    Shops list new designs all the time, so what is learnt of those that were sold must not count.
    """
    middle = len(pool.evaluation) // 2
    return pool.evaluation[:middle], pool.evaluation[middle:]


def _liking(merchant: Merchant, pool: Pool, brief: Brief) -> Floats:
    """What a store likes, in its own standard deviations from what it usually sees."""
    usual = traits_of([each for some in pool.training for each in some.designs]) @ merchant.taste
    own = traits_of(brief.designs) @ merchant.taste
    return np.asarray((own - usual.mean()) / usual.std(), dtype=np.float64)


def _round(
    name: str, merchant: Merchant, brief: Brief, places: tuple[int, ...], split: str
) -> Round:
    return Round(
        id=name,
        profile=merchant.profile,
        prompt=brief.prompt,
        images=tuple(brief.images[place] for place in places),
        labels=(0.0,) * len(places),
        model=brief.model,
        split=split,
        designs=tuple(brief.designs[place].to_json() for place in places),
    )


def _as_shop(merchant: Merchant, number: int) -> Merchant:
    """A store by a name that no model has seen; the rest of its profile stays."""
    name = f"shop-{number:03d}"
    fields = tuple(item for item in merchant.profile.fields if item[0] != STORE_ID)
    profile = Profile.of(store_id=name, **dict(fields))
    return replace(merchant, id=name, profile=profile)
