"""The picture of Figure 7: the same phrases and seeds, drawn for two stores and for none."""

from collections.abc import Sequence

from PIL import Image

from studio.perfusion.generator import Generator
from studio.perfusion.profile import Profile
from training.data.groups import Rounds, split_of
from training.evaluation.contenders import Drawing
from training.evaluation.labelled_sheet import Card, labelled_sheet
from training.evaluation.panel import Panel

STYLES = ("minimalist", "luxurious")
PROMPTS = 4
SEEDS = 2
NOTE = "The same phrases and seed in each card. First prompts, first two seeds; none was picked."


def store_sheet(
    generator: Generator, rounds: Rounds, panel: Panel, drawing: Drawing
) -> Image.Image | None:
    """Draw the sheet; None where the rounds have no pair of such stores.

    The stores are the first ones in training whose only style is the one wanted.

    Args:
        generator: the personalised one.
        rounds: whose stores to take.
        panel: whose prompts to take.
        drawing: how images are made.
    """
    found = [_first_of(rounds, style) for style in STYLES]
    profiles = [each for each in found if each is not None]
    if len(profiles) < len(STYLES):
        return None
    prompts = list(dict.fromkeys(prompt for row in panel.prompts for prompt in row))[:PROMPTS]
    cards = []
    for place, prompt in enumerate(prompts):
        first_seed = panel.first_seed(panel.seeds[0], place)
        columns = [
            drawing.group(generator, prompt, first_seed, SEEDS, profile)
            for profile in (profiles[0], None, profiles[1])
        ]
        cards += [
            Card(
                pictures, (STYLES[0], "no store", STYLES[1]), f"{prompt} (seed {first_seed + row})"
            )
            for row, pictures in enumerate(zip(*columns, strict=True))
        ]
    return labelled_sheet("Two stores, one request", NOTE, cards, SEEDS)


def _first_of(rounds: Rounds, style: str) -> Profile | None:
    profiles = {
        each.store_id: each.profile
        for each in rounds.rounds
        if split_of(each) == "train" and _only(each.profile["style"], style)
    }
    return profiles[min(profiles)] if profiles else None


def _only(styles: object, style: str) -> bool:
    return styles == style or (isinstance(styles, Sequence) and list(styles) == [style])
