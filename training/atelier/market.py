"""Rounds of the simulated stores: briefs, drawn candidates, ticks.

`python -m training.atelier.market --seed 0` writes an export of rounds and, elsewhere, the
oracle. All candidates of a brief have what the brief asks for and differ in the rest, as
generated images would. With `--colourways` some briefs show one design in several colours, as
merchants compare them, and with `--generated` some show what our own generator makes of them.
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

from studio.domain import StudioError
from studio.perfusion.phrasebook import ParsedPrompt
from training.atelier.attributes import FAMILIES, Outfit, sample_outfit
from training.atelier.croquis import draw
from training.atelier.grammar import build_phrasebook, caption
from training.atelier.merchants import Floats, Merchant, make_merchants, one_hot
from training.atelier.oracle import Oracle
from training.atelier.own_images import OwnImages
from training.data.groups import IMAGES_FOLDER, Round, Split, save_image, write_rounds
from training.data.tiles import Draw
from training.evaluation.progress import with_time_left

log = logging.getLogger(__name__)

POOL_FILE = "pool.json"
DRAWINGS = "drawings"
"""What drew the designs of ordinary briefs."""
MARKET_FILE = "market.json"
TICKS_WANTED = (1, 2, 3)
TICKS_CHANCES = (0.45, 0.35, 0.2)
NONE_OF_THESE = -0.2
"""Utility of ticking nothing more, in standard deviations above what the store sees on average."""
COLOUR = "colour"
ASKED = (2, 4)
"""Fewest and most phrases of a brief."""


@dataclass(frozen=True, kw_only=True)
class MarketConfig:
    """How big the simulated market is.

    Attributes:
        stores: stores that training sees.
        new_stores: stores held out entirely.
        rounds_per_store: a tenth of them for validation, a tenth for testing.
        rounds_per_new_store: all for testing.
        candidates: images in a round.
        briefs: prompts of the training rounds; a fifth as many, of their own, for all others.
        designs_per_brief: drawn candidates, of which each round shows some.
        colourway_briefs: further prompts of training rounds, each with one design in as many
            colours; what a store ticks there says more about colours than any other round.
        generated_briefs: further prompts of training rounds, whose designs our own generator
            makes, in colourways where there are any; a fifth as many, of all sorts, for all others.
        seed: of stores and ticks.
        pool_seed: of briefs and drawings; worlds with the same one share their pictures.
    """

    stores: int = 800
    new_stores: int = 40
    rounds_per_store: int = 60
    rounds_per_new_store: int = 10
    candidates: int = 5
    briefs: int = 500
    designs_per_brief: int = 8
    colourway_briefs: int = 0
    generated_briefs: int = 0
    seed: int = 0
    pool_seed: int = 0


@dataclass(frozen=True)
class Brief:
    """A prompt with the designs drawn for it.

    Attributes:
        prompt: the phrases.
        outfits: what each design shows.
        images: the designs.
        lots: what each of them was drawn from beyond the prompt.
        model: what drew them.
    """

    prompt: str
    outfits: tuple[Outfit, ...]
    images: tuple[str, ...]
    lots: tuple[str, ...]
    model: str = DRAWINGS


@dataclass(frozen=True)
class Pool:
    """Everything that can be shown; the two parts share no prompt and no picture."""

    training: tuple[Brief, ...]
    evaluation: tuple[Brief, ...]


def draw_pool(
    config: MarketConfig, folder: Path, draw: Draw = draw, own: OwnImages | None = None
) -> Pool:
    """Draw all designs into `folder/images`, or find them there from an earlier time.

    Args:
        config: how many, and from which seed.
        folder: where they lie.
        draw: from an outfit to its picture.
        own: makes the designs of generated briefs; only needed where there are any.
    """
    size = {
        "briefs": config.briefs,
        "designs_per_brief": config.designs_per_brief,
        "pool_seed": config.pool_seed,
        "colourway_briefs": config.colourway_briefs,
        "generated_briefs": config.generated_briefs,
        "model": own.name if own else "",
        "told": "lots",  # pools from before there were these don't tell
    }
    file = folder / POOL_FILE
    if file.is_file():
        stored = json.loads(file.read_text(encoding="utf-8"))
        if stored["size"] == size:
            return Pool(
                *(tuple(map(_brief_of, stored[part])) for part in ("training", "evaluation"))
            )
    rng = random.Random(config.pool_seed)
    parts = {"training": config.briefs, "evaluation": -(-config.briefs // 5)}
    drawn = {
        part: [_draw_brief(config.designs_per_brief, rng, folder, draw) for _ in range(count)]
        for part, count in parts.items()
    }
    drawn["training"] += _colourways(config, folder, draw)
    if own is not None:
        few = -(-config.generated_briefs // 5)
        made = _generated_briefs(config, config.generated_briefs + few, own, folder)
        drawn["training"] += made[few:]
        drawn["evaluation"] += made[:few]
    pool = Pool(tuple(drawn["training"]), tuple(drawn["evaluation"]))
    record = {
        "size": size,
        **{
            part: [
                {
                    "prompt": brief.prompt,
                    "outfits": [outfit.class_indices() for outfit in brief.outfits],
                    "images": brief.images,
                    "lots": brief.lots,
                    "model": brief.model,
                }
                for brief in getattr(pool, part)
            ]
            for part in parts
        },
    }
    file.write_text(json.dumps(record), encoding="utf-8")
    return pool


def simulate(
    config: MarketConfig, pool: Pool, merchants: Sequence[Merchant]
) -> tuple[list[Round], dict[str, Floats]]:
    """Show rounds to all stores and let them tick.

    Returns:
        The rounds, and for each round id the true utilities of its images.
    """
    rng = np.random.default_rng((config.seed, 2))
    seen = one_hot([outfit for brief in pool.training for outfit in brief.outfits])
    rounds: list[Round] = []
    utilities: dict[str, Floats] = {}
    for merchant in merchants:
        usual = seen @ merchant.taste
        nothing = float(usual.mean() + NONE_OF_THESE * usual.std())
        count = config.rounds_per_new_store if merchant.is_new else config.rounds_per_store
        for number in range(count):
            split = _split(number, merchant, config.rounds_per_store)
            briefs = pool.training if split == "train" else pool.evaluation
            brief = briefs[rng.integers(len(briefs))]
            shown = rng.choice(len(brief.outfits), size=config.candidates, replace=False)
            utility = one_hot([brief.outfits[place] for place in shown]) @ merchant.taste
            ticks = tick(utility, nothing, rng)
            each = Round(
                id=f"{merchant.id}-{number:02d}",
                profile=merchant.profile,
                prompt=brief.prompt,
                images=tuple(brief.images[place] for place in shown),
                labels=tuple(map(float, ticks)),
                made_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=len(rounds)),
                model=brief.model,
                split=split,
                lots=tuple(brief.lots[place] for place in shown),
            )
            rounds.append(each)
            utilities[each.id] = utility
    return rounds, utilities


def tick(utility: Floats, nothing: float, rng: np.random.Generator) -> list[bool]:
    """Plackett-Luce: pick one after another, until enough are picked or nothing more pleases.

    Args:
        utility: (N,) of the images.
        nothing: utility of stopping; it competes with the images at every pick.
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
    draw: Draw = draw,
    own: OwnImages | None = None,
) -> None:
    """Make a world: pictures, stores, rounds; and its oracle, apart from them.

    Args:
        config: how big it is, and its seeds.
        folder: the export of rounds.
        oracle_folder: the true tastes and utilities, for evaluation only.
        pool_folder: where the pictures lie that worlds of one pool seed share.
        draw: from an outfit to its picture.
        own: makes the designs of generated briefs.
    """
    pool_folder.mkdir(parents=True, exist_ok=True)
    pool = draw_pool(config, pool_folder, draw, own)
    outfits = [outfit for brief in pool.training for outfit in brief.outfits]
    merchants = make_merchants(config.stores, config.new_stores, outfits, config.seed)
    rounds, utilities = simulate(config, pool, merchants)
    _link_images(pool_folder, folder, {name for each in rounds for name in each.images})
    write_rounds(folder, rounds)
    Oracle.of(merchants, utilities).save(oracle_folder)
    (folder / MARKET_FILE).write_text(json.dumps(asdict(config)) + "\n", encoding="utf-8")


def _draw_brief(designs: int, rng: random.Random, folder: Path, draw: Draw) -> Brief:
    parsed = _ask(rng)
    outfits: dict[Outfit, None] = {}
    while len(outfits) < designs:
        outfits[_sample(parsed, rng)] = None
    return _drawn_brief(parsed, list(outfits), folder, draw)


def _colourways(config: MarketConfig, folder: Path, draw: Draw) -> list[Brief]:
    """One design in several colours; briefs of their own, as the generated ones are."""
    rng = random.Random(f"{config.pool_seed}/colourways")
    briefs = []
    for _ in range(config.colourway_briefs):
        parsed, colours = _ask_for_colourway(config, rng)
        design = _sample(parsed, rng)
        outfits = [design.but(colour=colour) for colour in colours]
        briefs.append(_drawn_brief(parsed, outfits, folder, draw))
    return briefs


def _ask_for_colourway(config: MarketConfig, rng: random.Random) -> tuple[ParsedPrompt, list[str]]:
    """Phrases that leave the colour open, and some colours: they go with everything."""
    while True:
        parsed = _ask(rng)
        if COLOUR not in parsed.attributes:
            return parsed, rng.sample(FAMILIES[COLOUR], config.designs_per_brief)


def _sample(parsed: ParsedPrompt, rng: random.Random) -> Outfit:
    """An outfit that has what is asked for."""
    asked = {family.replace(" ", "_"): value for family, value in parsed.attributes.items()}
    return sample_outfit(rng, **asked)


def _drawn_brief(
    parsed: ParsedPrompt, outfits: Sequence[Outfit], folder: Path, draw: Draw
) -> Brief:
    images = [save_image(folder, Image.fromarray(draw(outfit))) for outfit in outfits]
    lots = [", ".join(build_phrasebook().beyond(parsed, outfit)) for outfit in outfits]
    return Brief(parsed.prompt, tuple(outfits), tuple(images), tuple(lots))


def _ask(rng: random.Random) -> ParsedPrompt:
    """A few phrases about some outfit."""
    prompt = caption(sample_outfit(rng), rng, shuffled=False, keep=ASKED)
    return build_phrasebook().parse(prompt)


def _generated_briefs(
    config: MarketConfig, count: int, own: OwnImages, folder: Path
) -> list[Brief]:
    """Briefs of their own, so that those with drawings stay what they are without them."""
    rng = random.Random(f"{config.pool_seed}/generated")
    few = count - config.generated_briefs
    briefs = []
    for number in with_time_left(range(count), count, "generating designs"):
        seed = number * config.designs_per_brief
        if number < few or not config.colourway_briefs:
            prompt = _ask(rng).prompt
            designs = own.designs(prompt, config.designs_per_brief, seed)
        else:
            parsed, colours = _ask_for_colourway(config, rng)
            prompt = parsed.prompt
            designs = own.colourways(prompt, colours, seed)
        outfits, lots, pictures = zip(*designs, strict=True)
        images = tuple(save_image(folder, picture) for picture in pictures)
        briefs.append(Brief(prompt, outfits, images, lots, own.name))
    return briefs


def _brief_of(stored: dict[str, Any]) -> Brief:
    outfits = [
        Outfit({f: FAMILIES[f][index] for f, index in zip(FAMILIES, indices, strict=True)})
        for indices in stored["outfits"]
    ]
    images = tuple(map(str, stored["images"]))
    lots = tuple(map(str, stored["lots"]))
    return Brief(str(stored["prompt"]), tuple(outfits), images, lots, str(stored["model"]))


def _split(number: int, merchant: Merchant, rounds: int) -> Split:
    tenth = max(1, rounds // 10)
    if merchant.is_new:
        return "new-stores"
    if number < tenth:
        return "test"
    return "validation" if number < 2 * tenth else "train"


def _link_images(source: Path, target: Path, names: set[str]) -> None:
    """The same files in another folder, without a second copy on the disk."""
    if source == target:
        return
    (target / IMAGES_FOLDER).mkdir(parents=True, exist_ok=True)
    for name in sorted(names):
        if not (target / name).exists():
            os.link(source / name, target / name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and make the world; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m training.atelier.market")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--stores", type=int, default=MarketConfig.stores)
    parser.add_argument("--rounds-per-store", type=int, default=MarketConfig.rounds_per_store)
    parser.add_argument("--briefs", type=int, default=MarketConfig.briefs)
    parser.add_argument("--colourways", type=int, default=0, metavar="BRIEFS")
    parser.add_argument("--candidates", type=int, default=MarketConfig.candidates)
    parser.add_argument("--generated", type=int, default=0, metavar="BRIEFS")
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/atelier"))
    parser.add_argument("--reader", type=Path, default=Path("checkpoints/reader"))
    parser.add_argument("--out", type=Path, default=Path("runs/market"))
    parser.add_argument("--oracle", type=Path, default=Path("runs/oracle"))
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    config = MarketConfig(
        stores=options.stores,
        rounds_per_store=options.rounds_per_store,
        briefs=options.briefs,
        candidates=options.candidates,
        colourway_briefs=options.colourways,
        generated_briefs=options.generated,
        seed=options.seed,
        pool_seed=options.seed,
    )
    try:
        own = OwnImages.open(options.checkpoint, options.reader) if options.generated else None
    except StudioError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    write_market(config, options.out, options.oracle, options.out, own=own)
    log.info("wrote %s and, for evaluation only, %s", options.out, options.oracle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
