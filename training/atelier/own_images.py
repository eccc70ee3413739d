"""Designs by our own generator for the market: drawn from phrases, and read back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from studio.domain import MAX_CANDIDATES, MAX_SEED, GenerationRequest
from studio.perfusion.generator import Generator
from studio.perfusion.pictures import to_images
from training.atelier.attributes import Outfit
from training.reader import AttributeReader, load_reader


@dataclass(frozen=True)
class OwnImages:
    """Draws candidates as the studio would, for no store in particular.

    A store that is shown them likes what the reader sees in them, asked for or not.

    Attributes:
        generator: of the checkpoint.
        reader: says what an image shows.
        name: of the checkpoint, for the rounds.
    """

    generator: Generator
    reader: AttributeReader
    name: str

    @classmethod
    def open(cls, checkpoint: Path, reader: Path, device: str = "auto") -> "OwnImages":
        """Open a checkpoint and the reader.

        Raises:
            StudioError: one of them is missing or damaged.
        """
        generator = Generator.load(checkpoint, device=device)
        return cls(generator, load_reader(reader, generator.pipeline.device), checkpoint.name)

    def designs(self, prompt: str, count: int, seed: int) -> list[tuple[Outfit, str, Image.Image]]:
        """Some candidates for a prompt, each with what it shows and what lots settled of it."""
        pictures: list[Image.Image] = []
        lots: list[str] = []
        while len(pictures) < count:
            request = GenerationRequest(
                prompt=prompt,
                num_candidates=min(count - len(pictures), MAX_CANDIDATES),
                seed=(seed + len(pictures)) % (MAX_SEED + 1),
            )
            made = self.generator.generate(request, preview_every=0)
            pictures += [candidate.image for candidate in made.candidates]
            lots += [candidate.lots for candidate in made.candidates]
        return list(zip(self._outfits(pictures), lots, pictures, strict=True))

    def colourways(
        self, prompt: str, colours: Sequence[str], seed: int
    ) -> list[tuple[Outfit, str, Image.Image]]:
        """One design in several colours, each as in `designs`; the colour counts as a lot.

        Args:
            prompt: asks for no colour.
            colours: phrases.
            seed: of all of them, so that they have their other lots in common.
        """
        # One at a time: a group of one takes the time of a whole pass.
        alone = replace(self.generator.defaults, candidates_per_pass=1)
        generator = Generator(self.generator.pipeline, alone, self.generator.phrasebook)
        pictures: list[Image.Image] = []
        lots: list[str] = []
        for colour in colours:
            request = GenerationRequest(prompt=f"{prompt}, {colour}", num_candidates=1, seed=seed)
            (made,) = generator.generate(request, preview_every=0).candidates
            pictures.append(made.image)
            lots.append(f"{colour}, {made.lots}")
        return list(zip(self._outfits(pictures), lots, pictures, strict=True))

    def _outfits(self, pictures: list[Image.Image]) -> list[Outfit]:
        found, _ = self.reader.read(to_images(pictures).to(self.generator.pipeline.device))
        return [Outfit(each) for each in found]
