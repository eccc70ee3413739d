"""What the atelier evaluation looks at: models, drawings, and phrase sets of held-out outfits.

Only evaluation reads the attribute reader.
"""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import CLIPModel

from studio.domain import MAX_SEED, CheckpointError, GenerationRequest
from studio.perfusion.checkpoint import load_component
from studio.perfusion.generator import Generator
from studio.perfusion.pictures import to_images
from training.atelier.grammar import build_phrasebook, caption
from training.config import TilesConfig
from training.data.tiles import Draw, Tiles, load_tiles
from training.loops.clip import clip_pixels
from training.reader import AttributeReader, load_reader

PHRASES = (3, 9)
"""Fewest and most phrases of a set."""
AT_ONCE = 50


@dataclass(frozen=True)
class Sources:
    """Where everything comes from.

    Attributes:
        checkpoint: checkpoint folder of the generator.
        reader: checkpoint folder of the attribute reader.
        tiles: the drawings that the checkpoint was trained on, and the held-out ones.
        draw: outfit -> drawing.
        seed: of phrases and of images.
        steps: denoising steps; None takes what the checkpoint recommends.
        guidance_scale: the same.
        device: "auto", "cpu", "cuda" ...
        threads: for a CPU; 0 leaves it to torch.
    """

    checkpoint: Path
    reader: Path
    tiles: TilesConfig
    draw: Draw
    seed: int = 0
    steps: int | None = None
    guidance_scale: float | None = None
    device: str = "auto"
    threads: int = 0


@dataclass(frozen=True)
class PhraseSet:
    """What one image is asked to show.

    Attributes:
        prompt: phrases in any order.
        asked: the attributes that they ask for.
        seed: of the image.
    """

    prompt: str
    asked: dict[str, str]
    seed: int

    def reordered(self) -> "PhraseSet":
        """The same phrases in another order, drawn by lot but always the same one."""
        phrases = self.prompt.split(", ")
        rng = random.Random(f"{self.seed}/{self.prompt}")
        other = list(phrases)
        while other == phrases and len(phrases) > 1:
            rng.shuffle(other)
        return PhraseSet(", ".join(other), self.asked, self.seed)


class Subject:
    """Models and drawings, each opened when it is first needed.

    Args:
        sources: where they come from.
    """

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    @cached_property
    def generator(self) -> Generator:
        """The one inference journey, with one candidate a pass, as every prompt is another.

        Rounding aside these are the studio's images: a pass of several fills up with copies.
        """
        sources = self.sources
        loaded = Generator.load(sources.checkpoint, device=sources.device, threads=sources.threads)
        defaults = replace(loaded.defaults, candidates_per_pass=1)
        return Generator(loaded.pipeline, defaults, loaded.phrasebook)

    @cached_property
    def device(self) -> torch.device:
        """Where the models compute."""
        if self.sources.device == "auto":
            return torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return torch.device(self.sources.device)

    @cached_property
    def autoencoder(self) -> Any:
        """The checkpoint's autoencoder; it is there before there is a generator."""
        return load_component(self.sources.checkpoint, "vae").eval().to(self.device)

    @cached_property
    def train(self) -> Tiles:
        """The drawings that the models learnt from."""
        return load_tiles(self.sources.tiles, "train", self.sources.draw)

    @cached_property
    def held_out(self) -> Tiles:
        """Drawings that no model has learnt from."""
        return load_tiles(self.sources.tiles, "held-out", self.sources.draw)

    @cached_property
    def reader(self) -> AttributeReader:
        """The attribute reader.

        Raises:
            CheckpointError: it isn't there, or reads another world.
        """
        return load_reader(self.sources.reader, self.device)

    @cached_property
    def image_tower(self) -> CLIPModel:
        """The checkpoint's own CLIP.

        Raises:
            CheckpointError: it isn't there.
        """
        folder = self.sources.checkpoint / "clip"
        if not (folder / "config.json").exists():
            raise CheckpointError(
                f"There is no CLIP at {folder}. Train it with python -m training.pretrain clip."
            )
        return CLIPModel.from_pretrained(folder, dtype=torch.float32).eval().to(self.device)

    def open(self, parts: Collection[str]) -> None:
        """Open now what is going to be needed.

        Args:
            parts: of the checkpoint; `reader` is the attribute reader.

        Raises:
            StudioError: something is missing or damaged.
        """
        opened: dict[str, Callable[[], object]] = {
            "reader": lambda: self.reader,
            "vae": lambda: self.autoencoder,
            "clip": lambda: self.image_tower,
            "unet": lambda: self.generator,
        }
        for part, open_part in opened.items():
            if part in parts:
                open_part()

    def phrase_sets(self, count: int) -> list[PhraseSet]:
        """Phrases about the first held-out outfits, one set each."""
        book = build_phrasebook()
        sets = []
        for index in range(count):
            rng = random.Random(f"{self.sources.seed}/phrases/{index}")
            prompt = caption(self.held_out.outfit(index), rng, keep=PHRASES)
            seed = (self.sources.seed + index) % (MAX_SEED + 1)
            sets.append(PhraseSet(prompt, book.parse(prompt).attributes, seed))
        return sets

    def generate(self, phrases: PhraseSet) -> Tensor:
        """(3, H, W) in [0, 1]: the image that the studio makes of a phrase set."""
        request = GenerationRequest(
            prompt=phrases.prompt,
            num_candidates=1,
            seed=phrases.seed,
            num_inference_steps=self.sources.steps,
            guidance_scale=self.sources.guidance_scale,
        )
        group = self.generator.generate(request)
        return to_images([group.candidates[0].image])[0]

    @torch.no_grad()
    def reconstruct(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1] through the autoencoder and back."""
        again = [
            self.autoencoder.decode(
                self.autoencoder.encode(part.to(self.device) * 2 - 1).latent_dist.mode()
            ).sample.cpu()
            for part in torch.split(images, AT_ONCE)
        ]
        return (torch.cat(again) / 2 + 0.5).clamp(0, 1)

    def read(self, images: Tensor) -> list[dict[str, str]]:
        """Family -> value of each image: (B, 3, H, W) in [0, 1]."""
        parts = [self.reader.read(part.to(self.device))[0] for part in torch.split(images, AT_ONCE)]
        return [reading for part in parts for reading in part]

    @torch.no_grad()
    def features(self, images: Tensor) -> Tensor:
        """(B, 3, H, W) in [0, 1] -> (B, D) of our own image tower."""
        tower = self.image_tower
        size = tower.config.vision_config.image_size
        return torch.cat(
            [
                tower.get_image_features(
                    pixel_values=clip_pixels(part.to(self.device), size)
                ).pooler_output.cpu()
                for part in torch.split(images, AT_ONCE)
            ]
        )


def in_parts(count: int) -> Sequence[range]:
    """Numbers from 0 to `count`, a few at a time."""
    return [range(start, min(start + AT_ONCE, count)) for start in range(0, count, AT_ONCE)]
