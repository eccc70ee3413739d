"""Trains the attribute reader on slightly harmed drawings."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

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
class ReaderTask:
    """The pieces of `Task` for the reader."""

    config: ReaderConfig
    train: Tiles
    held_out: Tiles
    device: torch.device

    def losses(self, model: nn.Module, step: int) -> dict[str, Tensor]:
        """The loss of one step's harmed drawings."""
        config = self.config
        chosen = batch_indices(len(self.train), config.batch_size, config.seed, step)
        images = self.train.tensors(chosen).to(self.device)
        classes = torch.from_numpy(self.train.attributes[chosen]).long().to(self.device)
        logits = model(harm(images, step_generator(config.seed, step)))
        losses = attribute_loss(logits, classes, FAMILY_SIZES, config.label_smoothing)
        return {"loss": losses.mean()}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Share of right values on held-out drawings, by family."""
        count = min(self.config.evaluation_tiles, len(self.held_out))
        return family_accuracy(model, self.held_out, count, self.device)

    def samples(self, model: nn.Module) -> Image.Image:
        """Drawings as the reader gets them in training."""
        images = self.train.tensors(range(min(12, len(self.train))))
        return contact_sheet([images, harm(images, step_generator(self.config.seed, 0))])

    def export(self, model: nn.Module) -> None:
        """Write the reader in half precision."""
        copy.deepcopy(model).half().save_pretrained(self.config.checkpoint)  # type: ignore[operator]  # a ModelMixin


def run(config: ReaderConfig, train: Tiles, held_out: Tiles) -> dict[str, float]:
    """Train and export; returns the held-out figures."""
    torch.manual_seed(config.seed)
    accelerator = Accelerator(mixed_precision=config.mixed_precision)
    state = start_state(build(config).to(accelerator.device), config)
    state.model, state.optimiser = accelerator.prepare(state.model, state.optimiser)
    task = ReaderTask(config, train, held_out, accelerator.device)
    journey = Task(task.losses, task.evaluate, task.samples, task.export)
    return run_training(state, journey, config, accelerator)


def build(config: ReaderConfig) -> AttributeReader:
    """The reader before the first step: the committed weights, or random ones."""
    if config.init_from:
        reader = AttributeReader.from_pretrained(config.init_from).float()
    else:
        values = [list(values) for values in FAMILIES.values()]
        reader = AttributeReader(list(FAMILIES), values, list(config.widths), list(config.blocks))
    return reader.train().to(memory_format=torch.channels_last)  # type: ignore[no-any-return]  # untyped base


@torch.no_grad()
def family_accuracy(
    reader: Callable[[Tensor], Tensor], tiles: Tiles, count: int, device: torch.device
) -> dict[str, float]:
    """Share of the first `count` tiles whose value is read right: mean, worst, every family."""
    right = torch.zeros(len(FAMILIES))
    for start in range(0, count, 64):
        chosen = range(start, min(start + 64, count))
        read = chosen_values(reader(tiles.tensors(chosen).to(device)), FAMILY_SIZES).cpu()
        right += (read == torch.from_numpy(tiles.attributes[list(chosen)])).sum(dim=0)
    shares = dict(zip(FAMILIES, (right / count).tolist(), strict=True))
    summary = {"accuracy": sum(shares.values()) / len(shares), "worst": min(shares.values())}
    return summary | {f"accuracy of {family}": share for family, share in shares.items()}
