"""Trains the attribute reader on slightly harmed drawings."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from training.atelier.attributes import FAMILIES
from training.config import ReaderConfig
from training.contact_sheet import contact_sheet
from training.data.augment import harm
from training.data.tiles import Tiles
from training.losses.attributes import attribute_loss, chosen_values
from training.reader import AttributeReader
from training.run_state import batch_indices, start_state, step_generator
from training.runner import Task, run_training

FAMILY_SIZES = [len(values) for values in FAMILIES.values()]


@dataclass(frozen=True)
class Lessons:
    """What a reader learns from.

    Attributes:
        inputs: numbers of drawings -> what the reader sees of them (B, C, H, W).
        attributes: (N, families) int8, positions within FAMILIES' values.
    """

    inputs: Callable[[Sequence[int]], Tensor]
    attributes: np.ndarray[tuple[int, ...], np.dtype[np.int8]]

    def __len__(self) -> int:
        return len(self.attributes)

    def classes(self, chosen: Sequence[int]) -> Tensor:
        """(B, families) int64: what these drawings show."""
        return torch.from_numpy(self.attributes[list(chosen)]).long()


@dataclass(frozen=True)
class ReaderTask:
    """The pieces of `Task` for a reader.

    Attributes:
        config: the run's.
        train: drawings.
        held_out: the same.
        harm: makes inputs a little worse, by lot.
        show: inputs -> images (B, 3, H, W) in [0, 1] for a person.
        device: to train on.
    """

    config: ReaderConfig
    train: Lessons
    held_out: Lessons
    harm: Callable[[Tensor, torch.Generator], Tensor]
    show: Callable[[Tensor], Tensor]
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The loss of one step's harmed drawings."""
        config = self.config
        chosen = batch_indices(len(self.train), config.batch_size, config.seed, step)
        inputs = self.train.inputs(chosen).to(self.device)
        harmed = self.harm(inputs, step_generator(config.seed, step))
        logits = model(harmed.contiguous(memory_format=torch.channels_last))
        classes = self.train.classes(chosen).to(self.device)
        losses = attribute_loss(logits, classes, FAMILY_SIZES, config.label_smoothing)
        return {"loss": losses.mean()}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Share of right values on held-out drawings, by family."""
        count = min(self.config.evaluation_tiles, len(self.held_out))
        return family_accuracy(model, self.held_out, count, self.device)

    def samples(self, model: nn.Module) -> Image.Image:
        """Drawings as the reader gets them in training, below what they were."""
        inputs = self.train.inputs(range(min(12, len(self.train)))).to(self.device)
        harmed = self.harm(inputs, step_generator(self.config.seed, 0))
        return contact_sheet([self.show(inputs).cpu(), self.show(harmed).cpu()])

    def export(self, model: nn.Module) -> None:
        """Write the reader in half precision."""
        copy.deepcopy(model).half().save_pretrained(self.config.checkpoint)  # type: ignore[operator]  # a ModelMixin


def run(config: ReaderConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    lessons, exam = (Lessons(tiles.tensors, tiles.attributes) for tiles in (train, held_out))
    return train_reader(config, lessons, exam, harm, show=lambda images: images)


def train_reader(
    config: ReaderConfig,
    train: Lessons,
    held_out: Lessons,
    harm: Callable[[Tensor, torch.Generator], Tensor],
    show: Callable[[Tensor], Tensor],
    **shape: Any,
) -> dict[str, float]:
    """Train and export a reader of images or of latents.

    Args:
        config: of the run.
        train: what to learn from.
        held_out: what to measure on.
        harm: see `ReaderTask`.
        show: see `ReaderTask`.
        shape: what a new reader's inputs look like, see `AttributeReader`.

    Returns:
        The held-out figures.
    """
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    state = start_state(build(config, **shape).to(accelerator.device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = ReaderTask(config, train, held_out, harm, show, accelerator.device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def build(config: ReaderConfig, **shape: Any) -> AttributeReader:
    """The reader before the first step: the committed weights, or random ones."""
    if config.init_from:
        reader = AttributeReader.from_pretrained(config.init_from).float()
    else:
        values = [list(values) for values in FAMILIES.values()]
        widths, blocks = list(config.widths), list(config.blocks)
        reader = AttributeReader(list(FAMILIES), values, widths, blocks, **shape)
    return reader.train().to(memory_format=torch.channels_last)  # type: ignore[no-any-return]  # untyped base


@torch.no_grad()
def family_accuracy(
    reader: Callable[[Tensor], Tensor], lessons: Lessons, count: int, device: torch.device
) -> dict[str, float]:
    """Share of the first `count` drawings whose value is read right: mean, worst, every family."""
    right = torch.zeros(len(FAMILIES))
    for start in range(0, count, 64):
        chosen = range(start, min(start + 64, count))
        read = chosen_values(reader(lessons.inputs(chosen).to(device)), FAMILY_SIZES).cpu()
        right += (read == lessons.classes(chosen)).sum(dim=0)
    shares = dict(zip(FAMILIES, (right / count).tolist(), strict=True))
    summary = {"accuracy": sum(shares.values()) / len(shares), "worst": min(shares.values())}
    return summary | {f"accuracy of {family}": share for family, share in shares.items()}
