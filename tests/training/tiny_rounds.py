"""A small export of rounds: one store likes it light and in satin, the other dark and in denim.

The pictures are blocks of colour, for the reward model; the designs beside them are whole ones.
"""

import random
from pathlib import Path

import numpy as np
from PIL import Image

from studio.design.spec import DesignSpec
from studio.perfusion.profile import Profile
from tests.tiny_models import HEIGHT_PX, WIDTH_PX
from tests.tiny_reward_models import ANNA, BERTA
from training.atelier.world import sample_design
from training.data.groups import Round, Split, save_image, write_rounds

PROMPTS = ("dress, red", "skirt, navy", "dress, mini")
_ASKED = (
    {"category": "dress", "colour": "red"},
    {"category": "skirt", "colour": "navy"},
    {"category": "dress", "length": "mini"},
)


def picture(rng: np.random.Generator, light: bool, size: tuple[int, int]) -> Image.Image:
    pixels = rng.integers(160, 256, (*size, 3)) if light else rng.integers(0, 96, (*size, 3))
    return Image.fromarray(pixels.astype(np.uint8))


def design(rng: random.Random, light: bool, prompt: int) -> DesignSpec:
    return sample_design(rng, fabric="satin" if light else "denim", **_ASKED[prompt])


def write_tiny_rounds(
    folder: Path,
    count: int = 8,
    stores: tuple[Profile, ...] = (ANNA, BERTA),
    size: tuple[int, int] = (HEIGHT_PX, WIDTH_PX),
    ticks: int = 1,
) -> list[Round]:
    """Rounds of three or four images; every fourth is for validation."""
    rng, lots = np.random.default_rng(0), random.Random(0)
    rounds = []
    for number in range(count):
        images = 3 + number % 2
        store = number % len(stores)
        lights = [(place < ticks) == (store == 0) for place in range(images)]
        prompt = number % len(PROMPTS)
        split: Split = "validation" if number % 4 == 3 else "train"
        rounds.append(
            Round(
                id=f"round-{number}",
                profile=stores[store],
                prompt=PROMPTS[prompt],
                images=tuple(save_image(folder, picture(rng, each, size)) for each in lights),
                labels=tuple(float(place < ticks) for place in range(images)),
                split=split,
                designs=tuple(design(lots, each, prompt).to_json() for each in lights),
            )
        )
    write_rounds(folder, rounds)
    return rounds
