"""The picture of Figure 7: the same phrases and noise, designed for nobody and for eight stores."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.profile import Profile
from training.evaluation.atelier_sheet import drawn
from training.evaluation.designing import Designer, question_of
from training.evaluation.labelled_sheet import Card, labelled_sheet
from training.evaluation.panel import Panel

PROMPTS, SEEDS = 2, 4
STORES = 8
_TILE_PX, _SHOWN_PX = 1024, 256


def store_sheet(designer: Designer, panel: Panel) -> Image.Image:
    """Draw the sheet: plain on top, then the first known store of each school.

    Args:
        designer: the personalised one.
        panel: whose stores and prompts to take, the first ones.
    """
    prompts = list(dict.fromkeys(prompt for row in panel.prompts for prompt in row))[:PROMPTS]
    parsed = [designer.book.parse(prompt) for prompt in prompts]
    rows: list[Profile | None] = [None, *first_of_schools(panel)]
    cards = [_row(designer, [each.plain_prompt for each in parsed], panel, store) for store in rows]
    note = "Each column has the same phrases and noise. None was picked.   " + "   ".join(
        f"{place}: {each.prompt}." for place, each in zip(("Left", "Right"), parsed, strict=False)
    )
    return labelled_sheet("Eight stores, one request", note, cards, 1)


def first_of_schools(panel: Panel) -> list[Profile]:
    """The first known store of each school, in the order of schools' names."""
    found: dict[str, Profile] = {}
    known = np.flatnonzero(~panel.new)
    for place in known:
        found.setdefault(panel.schools[place], panel.stores[place])
    return [found[school] for school in sorted(found)][:STORES]


def _row(designer: Designer, prompts: Sequence[str], panel: Panel, store: Profile | None) -> Card:
    questions = []
    for place, prompt in enumerate(prompts):
        first = panel.first_seed(panel.seeds[0], place)
        parsed = designer.book.parse(prompt)
        questions += [question_of(parsed, first + n, first, store) for n in range(SEEDS)]
    designs = designer.answer(questions, what="designs for the sheet").designs
    pictures = tuple(drawn(picture(draw_croquis(spec), _TILE_PX), _SHOWN_PX) for spec in designs)
    labels = tuple(f"seed {question.seed}" for question in questions)
    return Card(pictures, labels, "no store" if store is None else _named(store))


def _named(store: Profile) -> str:
    fields = [str(store["store_id"])]
    for name, value in store.fields:
        if name != "store_id":
            fields.append(", ".join(map(str, value)) if isinstance(value, tuple) else str(value))
    return " · ".join(fields)
