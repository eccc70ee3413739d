"""A small export of rounds: blocks of colour, one store likes them light, the other dark."""

from pathlib import Path

import numpy as np
from PIL import Image

from studio.perfusion.profile import Profile
from tests.tiny_models import HEIGHT_PX, WIDTH_PX
from tests.tiny_reward_models import ANNA, BERTA
from training.data.groups import Round, Split, save_image, write_rounds

PROMPTS = ("dress, red", "skirt, navy", "dress, mini")


def picture(rng: np.random.Generator, light: bool, size: tuple[int, int]) -> Image.Image:
    pixels = rng.integers(160, 256, (*size, 3)) if light else rng.integers(0, 96, (*size, 3))
    return Image.fromarray(pixels.astype(np.uint8))


def write_tiny_rounds(
    folder: Path,
    count: int = 8,
    stores: tuple[Profile, ...] = (ANNA, BERTA),
    size: tuple[int, int] = (HEIGHT_PX, WIDTH_PX),
    ticks: int = 1,
) -> list[Round]:
    """Rounds of three or four images; every fourth is for validation."""
    rng = np.random.default_rng(0)
    rounds = []
    for number in range(count):
        images = 3 + number % 2
        store = number % len(stores)
        likes_light = store == 0
        shown = [picture(rng, (place < ticks) == likes_light, size) for place in range(images)]
        split: Split = "validation" if number % 4 == 3 else "train"
        rounds.append(
            Round(
                id=f"round-{number}",
                profile=stores[store],
                prompt=PROMPTS[number % len(PROMPTS)],
                images=tuple(save_image(folder, each) for each in shown),
                labels=tuple(float(place < ticks) for place in range(images)),
                split=split,
            )
        )
    write_rounds(folder, rounds)
    return rounds
