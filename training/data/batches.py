"""Rounds made ready for the reward model: everything that does not depend on training, once.

Images are reduced to the tokens before the backbone's first layer and to the frozen features,
both kept on disk. Prompts become ids, profiles become table rows.
"""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.perfusion.profile import ProfileSchema
from studio.perfusion.reward_model import PerFusionRM, RewardInputs, RewardProcessor
from studio.perfusion.user_encoder import stack_profiles
from training.data.groups import Round, Rounds, read_images
from training.data.latent_rounds import fingerprint
from training.evaluation.progress import with_time_left

log = logging.getLogger(__name__)

_PER_PASS = 64


@dataclass(frozen=True)
class ImageBank:
    """What the frozen backbone makes of each image.

    Attributes:
        rows: image -> row.
        bad: image -> why it cannot be used.
        tokens: (M, T, D) float32, memory-mapped.
        features: (M, D) of the frozen vision tower; None for a single-tower backbone.
    """

    rows: Mapping[str, int]
    bad: Mapping[str, str]
    tokens: NDArray[np.float32]
    features: Tensor | None

    def tokens_of(self, rows: Tensor) -> Tensor:
        """(B, N) rows -> (B, N, T, D)."""
        flat = torch.from_numpy(self.tokens[rows.flatten().numpy()])
        return flat.view(*rows.shape, *flat.shape[1:])

    def features_of(self, rows: Tensor) -> Tensor:
        """(B, N) rows -> (B, N, D).

        Raises:
            ValueError: the backbone has a single tower.
        """
        if self.features is None:
            raise ValueError("A single-tower backbone has no image features of its own.")
        return self.features[rows]


@dataclass(frozen=True)
class GroupTable:
    """R rounds of N images each, as tensors.

    Attributes:
        rounds: in the order of the rows.
        images: (R, N) rows of the bank.
        labels: (R, N) float32.
        weights: (R,) float32, how much each round counts.
        prompts: (R,) rows of the prompt tensors.
        prompt_ids: (P, L) int64.
        prompt_mask: (P, L) int64.
        user_features: (R, F, V) int64.
        fixed_length: whether the backbone wants prompts padded to their full length.
    """

    rounds: tuple[Round, ...]
    images: Tensor
    labels: Tensor
    weights: Tensor
    prompts: Tensor
    prompt_ids: Tensor
    prompt_mask: Tensor
    user_features: Tensor
    fixed_length: bool

    def __len__(self) -> int:
        return len(self.rounds)

    def inputs(
        self, rows: Tensor, bank: ImageBank, device: torch.device, frozen_images: bool
    ) -> RewardInputs:
        """The model's inputs for some rounds.

        Args:
            rows: (B,) which rounds.
            bank: where the images lie.
            device: where the model is.
            frozen_images: give the frozen features in place of tokens.
        """
        images = self.images[rows]
        prompts = self.prompts[rows]
        mask = self.prompt_mask[prompts]
        # Padding that nobody needs is cut, unless the backbone was trained on full length.
        length = mask.shape[1] if self.fixed_length else int(mask.sum(dim=1).max())
        return RewardInputs(
            (bank.features_of if frozen_images else bank.tokens_of)(images).to(device),
            self.prompt_ids[prompts][:, :length].to(device),
            mask[:, :length].to(device),
            self.user_features[rows].to(device),
        )


def load_image_bank(
    folder: Path, names: Sequence[str], model: PerFusionRM, cache: Path
) -> ImageBank:
    """Open the bank of some images, after computing it if this was not done before.

    Args:
        folder: the export that the images lie in.
        names: of the images.
        model: whose backbone and processor to use.
        cache: where banks are kept, under a name made of backbone and images.
    """
    key = f"{fingerprint(model.backbone)}-{_digest(names)}"
    index, tokens_file = cache / f"{key}.json", cache / f"{key}.tokens.npy"
    features_file = cache / f"{key}.features.npy"
    if not index.exists():
        cache.mkdir(parents=True, exist_ok=True)
        log.info("running the frozen backbone on %d images", len(names))
        good, bad = _write_bank(folder, names, model, tokens_file, features_file)
        index.write_text(json.dumps({"rows": good, "bad": bad}), encoding="utf-8")
    stored = json.loads(index.read_text(encoding="utf-8"))
    features = torch.from_numpy(np.load(features_file)) if features_file.exists() else None
    rows = {name: row for row, name in enumerate(stored["rows"])}
    return ImageBank(rows, stored["bad"], np.load(tokens_file, mmap_mode="r"), features)


def with_usable_images(rounds: Rounds, bank: ImageBank) -> Rounds:
    """Leave out, and count, rounds with an image that cannot be used."""
    reasons = {
        each.id: next(bank.bad[name] for name in each.images if name in bank.bad)
        for each in rounds.rounds
        if any(name in bank.bad for name in each.images)
    }
    return rounds.without(reasons)


def group_tables(
    rounds: Sequence[Round], bank: ImageBank, schema: ProfileSchema, processor: RewardProcessor
) -> list[GroupTable]:
    """Rounds as tensors, one table for each number of images."""
    return [
        _table([each for each in rounds if len(each.images) == size], bank, schema, processor)
        for size in sorted({len(each.images) for each in rounds})
    ]


def epoch_batches(
    sizes: Sequence[int], batch_size: int, seed: int, epoch: int
) -> list[tuple[int, Tensor]]:
    """An epoch: every round of every table once, in an order that seed and epoch decide.

    Args:
        sizes: rounds in each table.
        batch_size: most rounds in a batch.
        seed: of the run.
        epoch: from 0.

    Returns:
        (table, rows) per batch.
    """
    rng = np.random.default_rng((seed, epoch, 3))
    batches = [
        (table, torch.from_numpy(part))
        for table, size in enumerate(sizes)
        for part in _parts(rng.permutation(size), batch_size)
    ]
    return [batches[place] for place in rng.permutation(len(batches))]


def batch_of_step(
    sizes: Sequence[int], batch_size: int, seed: int, step: int
) -> tuple[int, Tensor]:
    """The batch of an optimiser update: a pure function of its number, so runs can resume."""
    per_epoch = sum(-(-size // batch_size) for size in sizes)
    epoch, place = divmod(step, per_epoch)
    return epoch_batches(sizes, batch_size, seed, epoch)[place]


def _parts(order: NDArray[np.int64], batch_size: int) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def _table(
    rounds: Sequence[Round], bank: ImageBank, schema: ProfileSchema, processor: RewardProcessor
) -> GroupTable:
    prompts = list(dict.fromkeys(each.prompt for each in rounds))
    place = {prompt: row for row, prompt in enumerate(prompts)}
    ids, mask = processor.prompts(prompts)
    return GroupTable(
        tuple(rounds),
        torch.tensor([[bank.rows[name] for name in each.images] for each in rounds]),
        torch.tensor([each.labels for each in rounds], dtype=torch.float32),
        torch.tensor([each.weight for each in rounds], dtype=torch.float32),
        torch.tensor([place[each.prompt] for each in rounds]),
        ids,
        mask,
        stack_profiles([schema.encode(each.profile) for each in rounds]),
        processor.padding == "max_length",
    )


@torch.no_grad()
def _write_bank(
    folder: Path, names: Sequence[str], model: PerFusionRM, tokens_file: Path, features_file: Path
) -> tuple[list[str], dict[str, str]]:
    """Compute all rows; returns the images in the order of rows, and the bad ones."""
    good: list[str] = []
    bad: dict[str, str] = {}
    tokens, features = None, []
    passes = range(0, len(names), _PER_PASS)
    for start in with_time_left(passes, len(passes), f"images, {_PER_PASS} at once"):
        part = names[start : start + _PER_PASS]
        read = dict(zip(part, read_images(folder, part), strict=True))
        bad |= {name: image for name, image in read.items() if isinstance(image, str)}
        pictures = {name: image for name, image in read.items() if not isinstance(image, str)}
        if not pictures:
            continue
        pixels = model.processor.pictures(list(pictures.values()))
        prepared = model.prepare_pixels(pixels)
        rows = prepared.tokens.float().cpu().numpy()
        if tokens is None:
            shape = (len(names), *rows.shape[1:])
            tokens = np.lib.format.open_memmap(tokens_file, "w+", np.float32, shape)
        tokens[len(good) : len(good) + len(rows)] = rows
        if prepared.features is not None:
            features.append(prepared.features.float().cpu())
        good += list(pictures)
    if tokens is None:
        np.save(tokens_file, np.zeros((0, 1, 1), np.float32))
    if features:
        np.save(features_file, torch.cat(features).numpy())
    return good, bad


def _digest(names: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
