"""Rounds made ready for the generator: latents, text states and store ids, each computed once.

Training meets the same few thousand prompts and designs or pictures again and again, so encoders
run once, before the first step. What they make of prompts and pictures stays on the disk, also
between runs, and an update reads the few that it needs: an export may be larger than the memory.
"""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from studio.design.phrasebook import Phrasebook
from studio.domain import StudioError
from studio.perfusion.checkpoint_pipeline import EMPTY_PROMPT, CheckpointPipeline
from studio.perfusion.profile import Profile, ProfileSchema
from studio.perfusion.user_encoder import stack_profiles
from training.data.groups import Round, Rounds
from training.data.kept_rows import KeptRows, RowsOnDisk
from training.data.latents import NOTHING_TOLD, WRONG_SIZE, latents_of

log = logging.getLogger(__name__)

NOT_COMPARABLE = "with no candidate ticked more than another"
_PER_PASS = 32


class RoundsUnusableError(StudioError):
    """An export from which the generator can't learn."""


@dataclass(frozen=True)
class LatentGroup:
    """One round as the generator's training sees it.

    Attributes:
        id: the round's.
        store_id: the store's, "" where it has none.
        images: N rows of `LatentGroups.latents`.
        chosen: (N,) bool.
        prompt: row of `LatentGroups.prompt_embeds`.
        user: row of `LatentGroups.user_features`.
        weight: how much it counts, see `Round`.
    """

    id: str
    store_id: str
    images: tuple[int, ...]
    chosen: Tensor
    prompt: int
    user: int
    weight: float = 1.0


@dataclass(frozen=True)
class LatentGroups:
    """Rounds and the tables that they share.

    Attributes:
        groups: the rounds.
        latents: (M, C, H, W) clean latents of all candidates, in the scale of the U-Net; fp32
            when they are read.
        prompt_embeds: (P, T, D) text states; row 0 is the empty prompt.
        user_features: (S, F, V) int64 profile ids.
        prompts: P texts.
        profiles: S stores.
    """

    groups: tuple[LatentGroup, ...]
    latents: Tensor | RowsOnDisk
    prompt_embeds: Tensor | RowsOnDisk
    user_features: Tensor
    prompts: tuple[str, ...]
    profiles: tuple[Profile, ...]

    def to(self, device: torch.device) -> "LatentGroups":
        """The same with the tables on a device."""
        return replace(
            self,
            latents=self.latents.to(device),
            prompt_embeds=self.prompt_embeds.to(device),
            user_features=self.user_features.to(device),
        )

    def part(self, ids: set[str]) -> "LatentGroups":
        """Some of the rounds, with the same tables."""
        return replace(self, groups=tuple(group for group in self.groups if group.id in ids))


def prepare_groups(
    rounds: Rounds,
    pipeline: CheckpointPipeline,
    schema: ProfileSchema,
    size_px: tuple[int, int],
    cache: Path,
    book: Phrasebook | None = None,
) -> tuple[LatentGroups, Rounds]:
    """Encode everything that the rounds hold.

    Args:
        rounds: an export, read.
        pipeline: whose codec or autoencoder, and text tower, encode.
        schema: of the profiles.
        size_px: height and width that the checkpoint draws.
        cache: folder for what later runs can use.
        book: of the checkpoint.

    Returns:
        The groups that can be learnt from, and their rounds with what was left out, by reason.

    Raises:
        RoundsUnusableError: nothing is left.
    """
    silent = {each.id: NOT_COMPARABLE for each in rounds.rounds if not _compares(each)}
    kept = rounds.without(silent)
    shown = latents_of(kept, pipeline, size_px, cache, book)
    kept = kept.without(shown.problems)
    if not kept.rounds:
        raise RoundsUnusableError(_why_nothing_is_left(kept, size_px))

    told = {each.id: _told(each, book) for each in kept.rounds}
    prompts = list(dict.fromkeys([EMPTY_PROMPT, *told.values()]))
    prompt_row = {prompt: row for row, prompt in enumerate(prompts)}
    profiles = list(dict.fromkeys(each.profile for each in kept.rounds))
    profile_row = {profile: row for row, profile in enumerate(profiles)}
    groups = tuple(
        LatentGroup(
            each.id,
            each.store_id,
            shown.rows[each.id],
            torch.tensor([label >= 1 for label in each.labels]),
            prompt_row[told[each.id]],
            profile_row[each.profile],
            each.weight,
        )
        for each in kept.rounds
    )
    tables = LatentGroups(
        groups,
        shown.table,
        encode_prompts(prompts, pipeline, cache, size_px),
        stack_profiles([schema.encode(profile) for profile in profiles]),
        tuple(prompts),
        tuple(profiles),
    )
    return tables, kept


def _told(each: Round, book: Phrasebook | None) -> str:
    """What the generator reads: plain phrases of what was asked for, where there is a phrasebook.

    The rest is for the store to choose, so nothing is told of it, whatever was shown then.
    """
    return each.prompt if book is None else book.parse(each.prompt).plain_prompt


def encode_prompts(
    prompts: Sequence[str], pipeline: CheckpointPipeline, cache: Path, size_px: tuple[int, int]
) -> RowsOnDisk:
    """(P, T, D) text states of prompts, computed where they aren't kept yet.

    What is too long for the text tower is cut, as Stable Diffusion was trained with it.
    """
    mark = fingerprint(pipeline.text_encoder)
    if pipeline.text_encoder_2 is not None:  # SDXL is told sizes as well
        mark += f"-{fingerprint(pipeline.text_encoder_2)}-{size_px[0]}x{size_px[1]}"
    kept = KeptRows(cache / f"prompts-{mark}.rows", np.float32)
    missing = [prompt for prompt in prompts if _text_key(prompt) not in kept]
    for some in _batches(missing):
        embeds = pipeline.encode_prompts(some, cut_long=True, size_px=size_px)
        kept.add({_text_key(p): row for p, row in zip(some, embeds.unbind(), strict=True)})
    return kept.of([_text_key(prompt) for prompt in prompts])


def _text_key(prompt: str) -> str:
    return hashlib.sha256(prompt.encode()).hexdigest()


def fingerprint(model: nn.Module) -> str:
    """A short hash of a model's weights."""
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


class ReferenceErrors:
    """The frozen reference's error on every (round, noise draw, image): one float each.

    The reference never changes, so what it says of an image at one timestep with one noise draw
    has to be computed only once.

    Args:
        groups: the rounds.
        draws: noise draws per round.
        origin: what the errors follow from besides the rounds, such as the U-Net's fingerprint
            and the settings of the draws; a file of another origin is not used.
    """

    def __init__(self, groups: Sequence[LatentGroup], draws: int, origin: str) -> None:
        widest = max(len(group.images) for group in groups)
        self._errors = torch.full((len(groups), draws, widest), torch.nan)
        text = " ".join([origin, *(group.id for group in groups)])
        self._origin = hashlib.sha256(text.encode()).hexdigest()[:16]

    def get(self, group: int, draw: int, images: int) -> Tensor | None:
        """(N,) errors, or None if they haven't been computed yet."""
        errors = self._errors[group, draw, :images]
        return None if errors.isnan().any() else errors

    def put(self, group: int, draw: int, errors: Tensor) -> None:
        """Remember (N,) errors."""
        self._errors[group, draw, : len(errors)] = errors.detach().cpu()

    def save(self, file: Path) -> None:
        """Write what is known so far."""
        _write_cache(file, {self._origin: self._errors})

    def load(self, file: Path) -> None:
        """Read what an earlier process knew; a file that does not fit is left alone."""
        known = _read_cache(file).get(self._origin)
        if known is not None and known.shape == self._errors.shape:
            self._errors.copy_(known)


def _compares(each: Round) -> bool:
    chosen = [label >= 1 for label in each.labels]
    return any(chosen) and not all(chosen)


def _why_nothing_is_left(rounds: Rounds, size_px: tuple[int, int]) -> str:
    if not rounds.skipped:
        return "The export holds no rounds. Save some rounds in the studio, then export again."
    advice = "Tick what you would sell in some rounds, then export again."
    if rounds.skipped.get(NOTHING_TOLD):
        advice = "This checkpoint learns from designs: use rounds that were drawn as designs."
    if rounds.skipped.get(WRONG_SIZE):
        height, width = size_px
        advice = (
            f"This checkpoint draws {width} x {height} px: use rounds that were drawn with it, or "
            "the checkpoint that drew them."
        )
    return f"Nothing can be learnt from this export: {rounds.report()}. {advice}"


def _batches(items: Sequence[str]) -> list[Sequence[str]]:
    return [items[start : start + _PER_PASS] for start in range(0, len(items), _PER_PASS)]


def _read_cache(file: Path) -> dict[str, Tensor]:
    try:
        return load_file(file)
    except (OSError, SafetensorError):  # none yet, or half-written: it is only a cache
        return {}


def _write_cache(file: Path, tensors: Mapping[str, Tensor]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    save_file({name: value.contiguous() for name, value in tensors.items()}, unfinished)
    unfinished.replace(file)
