"""Details: each lies where nothing else does, and can be seen on its cloth."""

import math

import pytest

from studio.design.colours import COLOUR_NAMES
from studio.design.spec import spec_of_values
from studio.drawing.details.belts import belt_heights
from studio.drawing.details.closures import _free
from studio.drawing.details.pockets import pocket_heights
from studio.drawing.details.trims import _FLOWERS, _seen_on
from studio.drawing.figure import Figure
from studio.drawing.garment import cut

COAT = {"category": "coat", "colour": "teal"}


@pytest.mark.parametrize(
    ("category", "belt"), [("coat", "belt"), ("coat", "tied sash"), ("dress", "corset belt")]
)
def test_no_button_lies_on_a_belt_and_others_stay(category, belt):
    spec = spec_of_values({"category": category, "colour": "teal", "belt": belt})
    garment = cut(spec, Figure.of(spec))
    top, low = belt_heights(garment) or (0.0, 0.0)
    rows = [float(y) for y in range(50, 130, 3)]

    free = _free(garment, rows, 1.5)

    assert [y for y in rows if top - 1.5 < y < low + 1.5] == [y for y in rows if y not in free]
    assert 0 < len(free) < len(rows)


def test_wide_closures_keep_clear_of_pockets_and_narrow_ones_need_not():
    spec = spec_of_values({**COAT, "pockets": "patch pockets", "closure": "double-breasted"})
    garment = cut(spec, Figure.of(spec))
    top, low = pocket_heights(garment) or (0.0, 0.0)
    rows = [top - 8, (top + low) / 2, low + 8]

    assert _free(garment, rows, 2.0, wide=True) == [rows[0], rows[2]]
    assert _free(garment, rows, 2.0) == rows


@pytest.mark.parametrize("cloth", COLOUR_NAMES.values())
def test_embroidered_flowers_are_seen_on_cloth_of_any_colour(cloth):
    for *_, petals in _FLOWERS:
        assert math.dist(_seen_on(cloth, petals), cloth) > 90
