"""The parts of the atelier evaluation: each measures one thing and can be run alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from studio.perfusion.pictures import to_pictures
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError
from training.evaluation.copies import Nearest, copy_figures, find_nearest, thumbnails
from training.evaluation.kid import kernel_distance
from training.evaluation.labelled_sheet import Card, labelled_sheet
from training.evaluation.progress import with_time_left
from training.evaluation.readings import ReadBack
from training.evaluation.subject import PhraseSet, Subject, in_parts
from training.loops.autoencoder import psnr_db
from training.results import Figure, bootstrap, share

Figures = dict[str, Figure]

SHEET_SAMPLES = 16
SHOWN_PAIRS = 12


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """How much is measured, and where pictures go.

    Attributes:
        sets: phrase sets that images are generated from, one each.
        order_sets: phrase sets that are generated in two orders.
        drawings: held-out drawings for the reader and the autoencoder.
        images: folder of the contact sheets.
    """

    sets: int = 500
    order_sets: int = 200
    drawings: int = 1_000
    images: Path = Path("docs/images")


def measure_reader(subject: Subject, amounts: Amounts) -> Figures:
    """How well the reader reads held-out drawings: every family counts alike."""
    parts = in_parts(_available(subject, amounts.drawings))
    found: list[dict[str, str]] = []
    for part in with_time_left(parts, len(parts), "reading drawings"):
        found += subject.read(subject.held_out.tensors(part))
    back = _all_attributes(subject, found)
    return {"reader_accuracy": back.mean(), "reader_worst_family": back.worst()}


def measure_reconstruction(subject: Subject, amounts: Amounts) -> Figures:
    """What the autoencoder keeps of held-out drawings: attributes, and pixels."""
    parts = in_parts(_available(subject, amounts.drawings))
    found: list[dict[str, str]] = []
    decibels: list[float] = []
    for part in with_time_left(parts, len(parts), "reconstructing drawings"):
        drawn = subject.held_out.tensors(part)
        again = subject.reconstruct(drawn)
        found += subject.read(again)
        decibels += psnr_db(again * 2 - 1, drawn * 2 - 1).tolist()
    back = _all_attributes(subject, found)
    return {
        "reconstruction_reading": back.mean(),
        "reconstruction_worst_family": back.worst(),
        "reconstruction_psnr_db": bootstrap(decibels),
    }


def measure_generation(subject: Subject, amounts: Amounts) -> Figures:
    """Whether generated images show what was asked, look like drawings, and are no copies."""
    _check_held_out(subject, amounts.sets)
    sets = subject.phrase_sets(amounts.sets)
    generated = _generated(subject, sets, "generating")
    drawn = subject.held_out.tensors(range(len(sets)))
    return {
        **_reading_figures(subject, sets, generated, drawn),
        **_likeness_figures(subject, generated, drawn),
        **_copy_figures(subject, generated, drawn, amounts.images),
        "phrase_sets": Figure.exact(len(sets)),
    }


def measure_order(subject: Subject, amounts: Amounts) -> Figures:
    """Whether the order of phrases leaves every attribute that is read as it is."""
    sets = subject.phrase_sets(_available(subject, amounts.order_sets))
    one = subject.read(_generated(subject, sets, "generating in one order"))
    reordered = [phrases.reordered() for phrases in sets]
    other = subject.read(_generated(subject, reordered, "generating in another order"))
    agree = [first == second for first, second in zip(one, other, strict=True)]
    return {"order_agreement": share(agree), "order_sets": Figure.exact(len(sets))}


def draw_sheet(subject: Subject, amounts: Amounts) -> Figures:
    """Show the first phrase sets, drawn, reconstructed and generated; there are no figures."""
    sets = subject.phrase_sets(_available(subject, SHEET_SAMPLES))
    drawn = subject.held_out.tensors(range(len(sets)))
    generated = to_pictures(_generated(subject, sets, "generating for the sheet"))
    rows = zip(sets, to_pictures(drawn), to_pictures(subject.reconstruct(drawn)), strict=True)
    cards = [
        Card((one, again, made), ("drawn", "reconstructed", f"generated, seed {each.seed}"), text)
        for (each, one, again), made, text in zip(rows, generated, _canonical(sets), strict=True)
    ]
    note = (
        "Held-out outfits: the croquis as drawn, the same through the autoencoder, and what the "
        "generator makes of the phrases below alone. One seed each, in order; none was picked."
    )
    _save(labelled_sheet("Drawn, reconstructed, generated", note, cards, 4), amounts, "atelier")
    return {}


@dataclass(frozen=True)
class Part:
    """A part of the evaluation.

    Attributes:
        measure: does it.
        reads: which of the checkpoint's parts its figures depend on; `reader` is its own folder.
    """

    measure: Callable[[Subject, Amounts], Figures]
    reads: tuple[str, ...]


_GENERATOR = (
    "unet",
    "vae",
    "text_encoder",
    "tokenizer",
    "scheduler",
    "generation.json",
    "phrasebook.json",
)
PARTS: dict[str, Part] = {
    "reader": Part(measure_reader, ("reader",)),
    "reconstruction": Part(measure_reconstruction, ("reader", "vae")),
    "generation": Part(measure_generation, ("reader", *_GENERATOR, "clip")),
    "order": Part(measure_order, ("reader", *_GENERATOR)),
    "sheet": Part(draw_sheet, _GENERATOR),
}
"""In the order in which they are run."""


def _reading_figures(
    subject: Subject, sets: Sequence[PhraseSet], generated: Tensor, drawn: Tensor
) -> Figures:
    """Asked attributes read from generated images, and from drawings of the same outfits."""
    asked = [phrases.asked for phrases in sets]
    back = ReadBack.compare(tuple(FAMILIES), asked, subject.read(generated))
    ceiling = ReadBack.compare(tuple(FAMILIES), asked, subject.read(drawn))
    families = back.by_family().items()
    return {
        "reading_mean": back.mean(),
        "reading_worst_family": back.worst(),
        "reading_drawn": ceiling.mean(),
        **{f"reading_{family.replace(' ', '_')}": figure for family, figure in families},
        "fewest_asked": Figure.exact(back.fewest_asked()),
    }


def _likeness_figures(subject: Subject, generated: Tensor, drawn: Tensor) -> Figures:
    """KID against drawings of other held-out outfits; drawings themselves give the floor."""
    count = len(generated)
    others = subject.held_out.tensors(range(count, 2 * count))
    again = subject.reconstruct(drawn)
    reference = subject.features(others).double().numpy()
    return {
        f"kid_{name}": kernel_distance(subject.features(images).double().numpy(), reference)
        for name, images in (("generated", generated), ("reconstructed", again), ("drawn", drawn))
    }


def _copy_figures(subject: Subject, generated: Tensor, drawn: Tensor, folder: Path) -> Figures:
    parts = in_parts(len(subject.train))
    steps = with_time_left(parts, len(parts), "looking through training drawings")
    training = torch.cat([thumbnails(subject.train.tensors(part)) for part in steps])
    made = find_nearest(thumbnails(generated), training)
    held_out = find_nearest(thumbnails(drawn), training)
    _draw_nearest(subject, generated, made, folder)
    return copy_figures(made.distances, held_out.distances)


def _draw_nearest(subject: Subject, generated: Tensor, nearest: Nearest, folder: Path) -> None:
    """Show the generated images that come nearest to a training drawing, beside it."""
    closest = nearest.distances.argsort(kind="stable")[:SHOWN_PAIRS].tolist()
    training = subject.train.tensors(nearest.tiles[closest].tolist())
    pairs = zip(closest, to_pictures(generated[closest]), to_pictures(training), strict=True)
    cards = [
        Card(
            (made, learnt),
            ("generated", "nearest training drawing"),
            f"difference {nearest.distances[index]:.3f}",
        )
        for index, made, learnt in pairs
    ]
    note = "The generated images that are nearest to any training drawing, nearest first."
    sheet = labelled_sheet("Nearest to a copy", note, cards, 6)
    _save(sheet, Amounts(images=folder), "atelier-nearest")


def _generated(subject: Subject, sets: Sequence[PhraseSet], what: str) -> Tensor:
    made = [subject.generate(phrases) for phrases in with_time_left(sets, len(sets), what)]
    return torch.stack(made)


def _all_attributes(subject: Subject, found: list[dict[str, str]]) -> ReadBack:
    true = [subject.held_out.outfit(index) for index in range(len(found))]
    return ReadBack.compare(tuple(FAMILIES), true, found)


def _canonical(sets: Sequence[PhraseSet]) -> list[str]:
    return [build_phrasebook().parse(phrases.prompt).prompt for phrases in sets]


def _available(subject: Subject, wanted: int) -> int:
    return min(wanted, len(subject.held_out))


def _check_held_out(subject: Subject, sets: int) -> None:
    """Refuse when there are too few drawings that the generated ones can be compared with."""
    there = len(subject.held_out)
    if sets < 4 or 2 * sets > there:
        raise ConfigError(
            f"{sets} phrase sets can't be measured with {there} held-out drawings: give at least "
            "4 sets, and twice as many held-out drawings (--set held_out=...)."
        )


def _save(sheet: Image.Image, amounts: Amounts, name: str) -> None:
    sheet.save(amounts.images / f"{name}.png", optimize=True)
