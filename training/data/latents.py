"""The latents of what rounds showed: of designs by the codec, of pictures by the autoencoder."""

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import AutoencoderKL
from numpy.typing import NDArray
from torch import Tensor

from studio.design.phrasebook import Phrasebook
from studio.design.spec import DesignSpec, spec_of_values
from studio.domain import DesignError
from studio.perfusion.checkpoint_pipeline import CheckpointPipeline
from studio.perfusion.decoders import PictureDecoder
from studio.perfusion.design_codec import DesignCodec
from training.data.groups import Round, Rounds, read_images
from training.data.kept_rows import KeptRows, RowsOnDisk
from training.evaluation.progress import with_time_left

log = logging.getLogger(__name__)

WRONG_SIZE = "with images of another size"
WITHOUT_PICTURES = "without pictures"
NOTHING_TOLD = "in which nothing tells what was shown"
BAD_DESIGN = "with a design that can't be read"
_PER_PASS = 32
_CONTENT_NAME = re.compile(r"(?:^|/)([0-9a-f]{64})\.(?:png|jpg)$")


@dataclass(frozen=True)
class ShownLatents:
    """What rounds showed, as the U-Net knows it.

    Attributes:
        table: (M, C, H, W) clean latents in the scale of the U-Net; fp32 when they are read.
        rows: round id -> the row of each candidate.
        problems: round id -> why the round can't be used.
    """

    table: Tensor | RowsOnDisk
    rows: Mapping[str, tuple[int, ...]]
    problems: Mapping[str, str]


def latents_of(
    rounds: Rounds,
    pipeline: CheckpointPipeline,
    size_px: tuple[int, int],
    cache: Path,
    book: Phrasebook | None = None,
) -> ShownLatents:
    """Encode everything that the rounds showed.

    Args:
        rounds: an export, read.
        pipeline: whose codec or autoencoder encodes.
        size_px: height and width of the pictures that the checkpoint draws.
        cache: folder for the latents of pictures, which later runs can use.
        book: of the checkpoint; old rounds tell in its phrases what they showed.
    """
    if pipeline.codec is not None:
        return latents_of_designs(rounds, pipeline.codec, book)
    return latents_of_pictures(rounds, pipeline, size_px, cache)


# --- Designs ---------------------------------------------------------------------------------


def latents_of_designs(
    rounds: Rounds, codec: DesignCodec, book: Phrasebook | None = None
) -> ShownLatents:
    """See `latents_of`; quick enough to be done anew every time."""
    places: dict[DesignSpec, int] = {}
    rows: dict[str, tuple[int, ...]] = {}
    problems: dict[str, str] = {}
    for each in rounds.rounds:
        try:
            shown = designs_of(each, book)
        except DesignError:
            problems[each.id] = BAD_DESIGN
            continue
        if shown is None:
            problems[each.id] = NOTHING_TOLD
        else:
            rows[each.id] = tuple(places.setdefault(design, len(places)) for design in shown)
    if not places:
        return ShownLatents(torch.zeros(0, *codec.latent_shape), rows, problems)
    return ShownLatents(codec.encode(list(places)).cpu(), rows, problems)


def designs_of(each: Round, book: Phrasebook | None = None) -> tuple[DesignSpec, ...] | None:
    """The designs that a round showed; None where nothing tells all of them.

    Args:
        each: a round. One from before there were designs tells them in phrases: those of its
            prompt and those that each candidate was drawn from beyond it.
        book: that reads these phrases.

    Raises:
        DesignError: a design is of another version, or there is no such design.
    """
    texts = each.designs or ("",) * len(each.labels)
    lots = each.lots or ("",) * len(each.labels)
    found = []
    for text, told in zip(texts, lots, strict=True):
        if text:
            found.append(DesignSpec.from_json(text))
        elif told and book is not None:
            asked = book.parse(each.prompt).attributes
            found.append(spec_of_values({**book.parse(told).attributes, **asked}, asked))
        else:
            return None
    return tuple(found)


# --- Pictures --------------------------------------------------------------------------------


def latents_of_pictures(
    rounds: Rounds, pipeline: CheckpointPipeline, size_px: tuple[int, int], cache: Path
) -> ShownLatents:
    """See `latents_of`; computed where they aren't kept yet.

    What is kept belongs to one encoder and one size; another starts another file. Images are
    known by their content, as our exports name them, or else by their export. Latents are rounded
    to half precision.
    """
    height, width = size_px
    kept = KeptRows(
        cache / f"latents-{encoder_fingerprint(pipeline.vae)}-{height}x{width}.rows", np.float16
    )
    wanted = dict.fromkeys(name for each in rounds.rounds for name in each.images)
    missing = [name for name in wanted if image_key(rounds, name) not in kept]
    bad: dict[str, str] = {}
    passes = range(0, len(missing), _PER_PASS)
    for start in with_time_left(passes, len(passes), f"encoding images, {_PER_PASS} at once"):
        bad |= _encode(missing[start : start + _PER_PASS], rounds, pipeline, size_px, kept)
    if len(missing) > len(bad):
        log.info("encoded %d images", len(missing) - len(bad))
    problems = {each.id: _problem(each, bad) for each in rounds.rounds}
    usable = [each for each in rounds.rounds if not problems[each.id]]
    names = list(dict.fromkeys(name for each in usable for name in each.images))
    place = {name: row for row, name in enumerate(names)}
    return ShownLatents(
        kept.of([image_key(rounds, name) for name in names]),
        {each.id: tuple(place[name] for name in each.images) for each in usable},
        {name: problem for name, problem in problems.items() if problem},
    )


def _encode(
    names: Sequence[str],
    rounds: Rounds,
    pipeline: CheckpointPipeline,
    size_px: tuple[int, int],
    kept: KeptRows,
) -> dict[str, str]:
    """Keep the latents of some images; returns those that can't be used, and why."""
    pixels: dict[str, NDArray[Any]] = {}
    bad: dict[str, str] = {}
    for name, image in zip(names, read_images(rounds.folder, names), strict=True):
        if isinstance(image, str):
            bad[name] = image
        elif image.shape[:2] != size_px:
            bad[name] = WRONG_SIZE
        else:
            pixels[image_key(rounds, name)] = image
    if pixels:
        images = torch.from_numpy(np.stack(list(pixels.values()))).permute(0, 3, 1, 2).float()
        encoded = PictureDecoder(pipeline.vae).encode(images / 255)
        kept.add(dict(zip(pixels, encoded.unbind(), strict=True)))
    return bad


def _problem(each: Round, bad: Mapping[str, str]) -> str:
    if not each.images:
        return WITHOUT_PICTURES
    return next((bad[name] for name in each.images if name in bad), "")


def image_key(rounds: Rounds, name: str) -> str:
    """What an image's latents are kept under: its name where that tells its content."""
    found = _CONTENT_NAME.search(name)
    return found[1] if found else f"{rounds.folder.resolve()}/{name}"


def encoder_fingerprint(autoencoder: AutoencoderKL) -> str:
    """A short hash of what latents come from: another decoder changes none."""
    digest = hashlib.sha256(str(autoencoder.config.scaling_factor).encode())
    for name, weight in sorted(autoencoder.state_dict().items()):
        if "encoder" in name or name.startswith("quant_conv."):
            digest.update(weight.float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]
