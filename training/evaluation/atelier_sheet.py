"""The contact sheet of the atelier evaluation: held-out prompts and what is drawn for them."""

from PIL import Image

from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from training.evaluation.designing import Designer, question_of
from training.evaluation.labelled_sheet import Card, labelled_sheet
from training.evaluation.phrase_sets import phrase_sets

SHEET = "atelier.png"
_SAMPLES, _ACROSS = 16, 8
_TILE_PX, _SHOWN_PX = 1024, 512
NOTE = "The first held-out prompts, one seed each, in order; none was picked."


def draw_sheet(designer: Designer, seed: int) -> Image.Image:
    """Draw it, from tiles as the app draws them.

    Args:
        designer: of the small model.
        seed: of prompts and designs.
    """
    parsed = [designer.book.parse(each.prompt) for each in phrase_sets(_SAMPLES, seed)]
    questions = [question_of(each, seed + n, seed + n) for n, each in enumerate(parsed)]
    designs = designer.answer(questions, what="designs for the sheet").designs
    cards = [
        Card(
            (drawn(picture(draw_croquis(spec), _TILE_PX), _SHOWN_PX),),
            (f"seed {seed + n}",),
            p.prompt,
        )
        for n, (spec, p) in enumerate(zip(designs, parsed, strict=True))
    ]
    return labelled_sheet("What is asked for, and what is drawn", NOTE, cards, _ACROSS)


def drawn(tile: Image.Image, height_px: int) -> Image.Image:
    """A tile made smaller; its width is half of its height."""
    return tile.resize((height_px // 2, height_px), Image.Resampling.LANCZOS)
