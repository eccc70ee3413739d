"""The generators that are compared, and what each of them makes of the panel's questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image

from studio.domain import GenerationRequest
from studio.perfusion.generator import Generator
from studio.perfusion.phrasebook import Phrasebook
from studio.perfusion.pictures import to_images
from studio.perfusion.profile import Profile
from training.evaluation.judged import Judged
from training.evaluation.judges import Judges
from training.evaluation.panel import Panel
from training.evaluation.progress import with_time_left
from training.key_phrases import with_key_phrases


@dataclass(frozen=True)
class Contender:
    """One generator.

    Attributes:
        folder: of its checkpoint, in the folder of all generators.
        personal: whether its network is told which store it draws for.
        key_phrases: whether the store's key phrases join the prompt.
    """

    folder: str
    personal: bool = False
    key_phrases: bool = False

    @property
    def knows_the_store(self) -> bool:
        """Whether its images differ from store to store."""
        return self.personal or self.key_phrases


PLAIN, PERFUSION, DPO = "plain", "perfusion", "dpo"
CONTENDERS: dict[str, Contender] = {
    PLAIN: Contender("plain"),
    "sft": Contender("sft"),
    DPO: Contender("dpo"),
    "spo": Contender("spo"),
    "pmg": Contender("plain", key_phrases=True),
    PERFUSION: Contender("perfusion", personal=True),
    "without_network": Contender("without_network"),
    "without_group": Contender("without_group", personal=True),
}
"""Without both, network and group objective, it is Diffusion-DPO."""

PARTS = (
    "unet",
    "vae",
    "text_encoder",
    "tokenizer",
    "scheduler",
    "adaptive_network",
    "generation.json",
    "phrasebook.json",
)
"""What of a checkpoint decides on its images."""


@dataclass(frozen=True)
class Drawing:
    """How images are made.

    Attributes:
        steps: denoising steps; None takes the checkpoint's own.
        guidance_scale: the same.
        device: "auto", "cpu", "cuda" ...
        threads: for a CPU; 0 leaves it to torch.
    """

    steps: int | None = None
    guidance_scale: float | None = None
    device: str = "auto"
    threads: int = 0

    def open(self, folder: Path) -> Generator:
        """The studio's own way from phrases to images.

        Raises:
            StudioError: the checkpoint is missing or damaged.
        """
        return Generator.load(folder, device=self.device, threads=self.threads)

    def group(
        self, generator: Generator, prompt: str, seed: int, count: int, profile: Profile | None
    ) -> list[Image.Image]:
        """The images of one question."""
        request = GenerationRequest(
            prompt=prompt,
            num_candidates=count,
            seed=seed,
            num_inference_steps=self.steps,
            guidance_scale=self.guidance_scale,
        )
        made = generator.generate(request, preview_every=0, profile=profile)
        return [candidate.image for candidate in made.candidates]


@dataclass(frozen=True)
class Contest:
    """Asks a generator the panel's questions, and the judges what they think of the answers.

    Attributes:
        panel: the questions.
        judges: of the answers.
        drawing: how images are made.
        keys: store id -> its key phrases, the surest first.
        book: the phrases that all the generators know.
    """

    panel: Panel
    judges: Judges
    drawing: Drawing
    keys: Mapping[str, Sequence[str]]
    book: Phrasebook

    def judge(self, name: str, generator: Generator, turn: int) -> Judged:
        """Draw and judge what the seed number `turn` of the panel asks of a contender.

        A generator that knows nothing of stores draws once for all of them; what the reward model
        thinks of its images still differs from store to store.

        Args:
            name: key of CONTENDERS.
            generator: its checkpoint, opened.
            turn: from 0.
        """
        contender, stores = CONTENDERS[name], self.panel.stores
        audiences = [(store,) for store in stores] if contender.knows_the_store else [stores]
        places = list(product(range(len(audiences)), range(len(self.panel.prompts[turn]))))
        rows: list[list[Judged]] = [[] for _ in audiences]
        for audience, prompt in with_time_left(places, len(places), f"{name}, seed {turn}"):
            rows[audience].append(
                self._answer(contender, generator, turn, prompt, audiences[audience])
            )
        return Judged(
            **{
                each.name: np.concatenate(
                    [np.stack([getattr(one, each.name) for one in row], axis=1) for row in rows]
                )
                for each in fields(Judged)
            }
        )

    def _answer(
        self,
        contender: Contender,
        generator: Generator,
        turn: int,
        prompt: int,
        audience: tuple[Profile, ...],
    ) -> Judged:
        """Judgements (S, N, ...) of one question's images, for some stores at once."""
        panel, asked = self.panel, self.panel.prompts[turn][prompt]
        typed = asked
        if contender.key_phrases:
            typed = with_key_phrases(asked, self.keys.get(_name(audience[0]), ()), self.book)
        images = self.drawing.group(
            generator,
            typed,
            panel.first_seed(panel.seeds[turn], prompt),
            panel.candidates,
            audience[0] if contender.personal else None,
        )
        return self.judges.judge(to_images(images), asked, audience)


def _name(profile: Profile) -> str:
    return str(profile["store_id"])
