"""Rounds of the simulated stores: briefs, designs, ticks.

`python -m training.atelier.market --seed 0` writes an export of rounds and, elsewhere, the
oracle. All candidates of a brief have what the brief asks for, and the same wearer; in the rest
they differ. Those of drawn briefs are drawn by lot out of the world; with `--generated` there are
briefs whose designs our own generator makes, as a store in the studio would see them. A store
likes what a design is, so nothing has to be drawn; `--pictures` draws all designs for those who
learn from pictures, such as the reward model.
"""

import argparse
import json
import logging
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.design.families import FIGURE_FAMILIES
from studio.design.outfit import Outfit
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import StudioError
from training.atelier.grammar import build_phrasebook, caption
from training.atelier.merchants import Merchant, make_merchants
from training.atelier.oracle import Oracle
from training.atelier.own_designs import OwnDesigns
from training.atelier.schools import PEOPLE, schools
from training.atelier.traits import Floats, traits_of
from training.atelier.world import sample_measures, sample_outfit
from training.data.designs import world_fingerprint
from training.data.groups import IMAGES_FOLDER, Round, Split, save_image, write_rounds
from training.data.tiles import Draw, picture_fingerprint, tile
from training.evaluation.progress import with_time_left

log = logging.getLogger(__name__)

POOL_FILE = "pool.json"
WORLD = "world"
"""What made the designs of drawn briefs."""
MARKET_FILE = "market.json"
TICKS_WANTED = (1, 2, 3)
TICKS_CHANCES = (0.45, 0.35, 0.2)
NONE_OF_THESE = -0.2
"""Utility of ticking nothing more, in standard deviations above what the store sees on average."""
ASKED = (1, 4)
"""Fewest and most phrases of a brief."""


@dataclass(frozen=True, kw_only=True)
class MarketConfig:
    """How big the simulated market is.

    Attributes:
        stores: stores that training sees.
        new_stores: stores held out entirely.
        rounds_per_store: a tenth of them for validation, a tenth for testing.
        rounds_per_new_store: all for testing.
        candidates: designs in a round.
        briefs: prompts of the training rounds, with designs drawn by lot; a fifth as many, of
            their own, for all others.
        generated_briefs: further prompts of training rounds, with designs of our own generator; a
            fifth as many, of their own, for all others.
        designs_per_brief: of which each round shows some.
        seed: of stores and ticks.
        pool_seed: of briefs and designs; worlds with the same one share them.
        world: what stores' tastes are made of, by its name in `schools.toml`.
    """

    stores: int = 800
    new_stores: int = 40
    rounds_per_store: int = 60
    rounds_per_new_store: int = 10
    candidates: int = 5
    briefs: int = 500
    generated_briefs: int = 0
    designs_per_brief: int = 8
    seed: int = 0
    pool_seed: int = 0
    world: str = PEOPLE


@dataclass(frozen=True)
class Brief:
    """A prompt with the designs made for it.

    Attributes:
        prompt: the phrases.
        designs: what there is to see.
        model: what made them.
        images: their pictures; none where nobody looks at pictures.
    """

    prompt: str
    designs: tuple[DesignSpec, ...]
    model: str
    images: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pool:
    """Everything that can be shown; the two parts share no prompt and no design."""

    training: tuple[Brief, ...]
    evaluation: tuple[Brief, ...]


def make_pool(
    config: MarketConfig, folder: Path, draw: Draw | None = None, own: OwnDesigns | None = None
) -> Pool:
    """Make all briefs in a folder, or find them there from an earlier time.

    Args:
        config: how many, and from which seed.
        folder: where they lie.
        draw: from a design to its picture; None draws nothing.
        own: makes the designs of generated briefs; only needed where there are any.
    """
    size = {
        "briefs": config.briefs,
        "generated_briefs": config.generated_briefs,
        "designs_per_brief": config.designs_per_brief,
        "pool_seed": config.pool_seed,
        "world": world_fingerprint(),
        "generator": own.mark if own else "",
        "pictures": picture_fingerprint(draw) if draw else "",
    }
    file = folder / POOL_FILE
    if file.is_file():
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["size"] == size:
            return Pool(*(tuple(map(_read_brief, stored[part])) for part in _PARTS))
    parts = [
        [*drawn, *made] for drawn, made in zip(_drawn(config), _generated(config, own), strict=True)
    ]
    if draw is not None:
        parts = [_with_pictures(part, folder, draw) for part in parts]
    pool = Pool(*map(tuple, parts))
    record = {"size": size} | {
        name: [_written(brief) for brief in getattr(pool, name)] for name in _PARTS
    }
    file.write_text(json.dumps(record), encoding="utf-8")
    return pool


def simulate(
    config: MarketConfig, pool: Pool, merchants: Sequence[Merchant]
) -> tuple[list[Round], dict[str, Floats]]:
    """Show rounds to all stores and let them tick.

    Returns:
        The rounds, and for each round id the true utilities of its designs.
    """
    rng = np.random.default_rng((config.seed, 2))
    traits = {id(brief): traits_of(brief.designs) for part in _parts_of(pool) for brief in part}
    seen = np.concatenate([traits[id(brief)] for brief in pool.training])
    texts = {
        id(brief): [each.to_json() for each in brief.designs]
        for part in _parts_of(pool)
        for brief in part
    }
    rounds: list[Round] = []
    utilities: dict[str, Floats] = {}
    for merchant in merchants:
        taste = merchant.taste
        usual = seen @ taste
        nothing = float(usual.mean() + NONE_OF_THESE * usual.std())
        count = config.rounds_per_new_store if merchant.is_new else config.rounds_per_store
        for number in range(count):
            split = _split(number, merchant, config.rounds_per_store)
            briefs = pool.training if split == "train" else pool.evaluation
            brief = briefs[rng.integers(len(briefs))]
            shown = rng.choice(len(brief.designs), size=config.candidates, replace=False)
            utility = traits[id(brief)][shown] @ taste
            ticks = tick(utility, nothing, rng)
            each = Round(
                id=f"{merchant.id}-{number:02d}",
                profile=merchant.profile,
                prompt=brief.prompt,
                images=tuple(brief.images[place] for place in shown) if brief.images else (),
                labels=tuple(map(float, ticks)),
                made_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=len(rounds)),
                model=brief.model,
                split=split,
                designs=tuple(texts[id(brief)][place] for place in shown),
            )
            rounds.append(each)
            utilities[each.id] = utility
    return rounds, utilities


def tick(utility: Floats, nothing: float, rng: np.random.Generator) -> list[bool]:
    """Plackett-Luce: pick one after another, until enough are picked or nothing more pleases.

    Args:
        utility: (N,) of the designs.
        nothing: utility of stopping; it competes with the designs at every pick.
        rng: source of chance.

    Returns:
        N answers; all False is a round with no tick.
    """
    wanted = int(rng.choice(TICKS_WANTED, p=TICKS_CHANCES))
    perturbed = utility + rng.gumbel(size=len(utility))
    best = np.argsort(-perturbed)[:wanted]
    enough = nothing + rng.gumbel()
    return [bool(place in best and perturbed[place] > enough) for place in range(len(utility))]


def write_market(
    config: MarketConfig,
    folder: Path,
    oracle_folder: Path,
    pool_folder: Path,
    draw: Draw | None = None,
    own: OwnDesigns | None = None,
) -> None:
    """Make a world: designs, stores, rounds; and its oracle, apart from them.

    Args:
        config: how big it is, and its seeds.
        folder: the export of rounds.
        oracle_folder: the true tastes and utilities, for evaluation only.
        pool_folder: where the briefs lie that worlds of one pool seed share.
        draw: from a design to its picture; None writes rounds of designs alone.
        own: makes the designs of generated briefs.
    """
    pool_folder.mkdir(parents=True, exist_ok=True)
    pool = make_pool(config, pool_folder, draw, own)
    merchants = merchants_of(config, pool)
    rounds, utilities = simulate(config, pool, merchants)
    link_images(pool_folder, folder, {name for each in rounds for name in each.images})
    write_rounds(folder, rounds)
    Oracle.of(merchants, utilities).save(oracle_folder)
    (folder / MARKET_FILE).write_text(json.dumps(asdict(config)) + "\n", encoding="utf-8")


def merchants_of(config: MarketConfig, pool: Pool) -> tuple[Merchant, ...]:
    """The stores of a market."""
    designs = [design for brief in pool.training for design in brief.designs]
    world = schools().worlds[config.world]
    return make_merchants(config.stores, config.new_stores, designs, config.seed, world)


_PARTS = ("training", "evaluation")


def _parts_of(pool: Pool) -> tuple[tuple[Brief, ...], tuple[Brief, ...]]:
    return pool.training, pool.evaluation


def _few(briefs: int) -> int:
    """Briefs for evaluation beside so many for training."""
    return -(-briefs // 5)


def _drawn(config: MarketConfig) -> tuple[list[Brief], list[Brief]]:
    """Briefs whose designs the world draws, of both parts."""
    rng = random.Random(config.pool_seed)
    counts = config.briefs, _few(config.briefs)
    training, evaluation = (
        [_drawn_brief(_ask(rng), config.designs_per_brief, rng) for _ in range(count)]
        for count in counts
    )
    return training, evaluation


def _drawn_brief(asked: ParsedPrompt, count: int, rng: random.Random) -> Brief:
    wanted = {family.replace(" ", "_"): value for family, value in asked.attributes.items()}
    outfits: dict[Outfit, None] = {}
    while len(outfits) < count:
        outfit = sample_outfit(rng, **wanted)
        wanted |= {family.replace(" ", "_"): outfit[family] for family in FIGURE_FAMILIES}
        outfits[outfit] = None
    told = frozenset(asked.attributes)
    designs = [DesignSpec(outfit, sample_measures(outfit, rng), told) for outfit in outfits]
    return Brief(asked.prompt, tuple(designs), WORLD)


def _generated(config: MarketConfig, own: OwnDesigns | None) -> tuple[list[Brief], list[Brief]]:
    """Briefs with a generator's designs, of both parts; drawn ones are the same without them."""
    if own is None:
        return [], []
    rng = random.Random(f"{config.pool_seed}/generated")
    count = config.generated_briefs
    asked = [_ask(rng) for _ in range(count + _few(count))]
    designs = own.designs(asked, config.designs_per_brief, seed=0)
    briefs = [Brief(each.prompt, some, own.name) for each, some in zip(asked, designs, strict=True)]
    return briefs[:count], briefs[count:]


def _ask(rng: random.Random) -> ParsedPrompt:
    """A few phrases about some outfit."""
    prompt = caption(sample_outfit(rng), rng, shuffled=False, keep=ASKED)
    return build_phrasebook().parse(prompt)


def _with_pictures(briefs: Sequence[Brief], folder: Path, draw: Draw) -> list[Brief]:
    return [
        Brief(
            brief.prompt,
            brief.designs,
            brief.model,
            tuple(save_image(folder, Image.fromarray(draw(each))) for each in brief.designs),
        )
        for brief in with_time_left(briefs, len(briefs), "drawing designs")
    ]


def _written(brief: Brief) -> dict[str, Any]:
    return {
        "prompt": brief.prompt,
        "designs": [each.to_json() for each in brief.designs],
        "model": brief.model,
        "images": brief.images,
    }


def _read_brief(stored: dict[str, Any]) -> Brief:
    designs = tuple(map(DesignSpec.from_json, stored["designs"]))
    return Brief(stored["prompt"], designs, stored["model"], tuple(stored["images"]))


def _split(number: int, merchant: Merchant, rounds: int) -> Split:
    tenth = max(1, rounds // 10)
    if merchant.is_new:
        return "new-stores"
    if number < tenth:
        return "test"
    return "validation" if number < 2 * tenth else "train"


def link_images(source: Path, target: Path, names: set[str]) -> None:
    """The same files in another folder, without a second copy on the disk."""
    if source == target or not names:
        return
    (target / IMAGES_FOLDER).mkdir(parents=True, exist_ok=True)
    for name in sorted(names):
        if not (target / name).exists():
            os.link(source / name, target / name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and make the world; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.atelier.market")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--world",
        choices=sorted(schools().worlds),
        default=MarketConfig.world,
        help="what tastes are made of: each store an individual, or little more than its style",
    )
    parser.add_argument("--stores", type=int, default=MarketConfig.stores)
    parser.add_argument("--new-stores", type=int, default=MarketConfig.new_stores)
    parser.add_argument("--rounds-per-store", type=int, default=MarketConfig.rounds_per_store)
    parser.add_argument("--briefs", type=int, default=MarketConfig.briefs)
    parser.add_argument("--candidates", type=int, default=MarketConfig.candidates)
    parser.add_argument(
        "--generated",
        type=int,
        default=0,
        metavar="BRIEFS",
        help="prompts whose designs our own generator makes",
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        default=Path("checkpoints/atelier"),
        help="the generator of those",
    )
    parser.add_argument("--pictures", action="store_true", help="draw the designs, too")
    parser.add_argument(
        "--out", type=Path, default=Path("runs/market"), help="folder of the rounds"
    )
    parser.add_argument(
        "--oracle",
        type=Path,
        default=Path("runs/oracle"),
        help="folder of the true tastes, which only evaluation may open",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    config = MarketConfig(
        stores=options.stores,
        new_stores=options.new_stores,
        rounds_per_store=options.rounds_per_store,
        briefs=options.briefs,
        generated_briefs=options.generated,
        candidates=options.candidates,
        seed=options.seed,
        pool_seed=options.seed,
        world=options.world,
    )
    try:
        own = OwnDesigns.open(options.checkpoint) if options.generated else None
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    draw = tile if options.pictures else None
    write_market(config, options.out, options.oracle, options.out, draw, own)
    log.info("wrote %s and, for evaluation only, %s", options.out, options.oracle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
