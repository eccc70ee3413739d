"""Prints: how they lie on a piece, and what is known of them by geometry."""

import numpy as np
import pytest

from studio.design.families import FAMILIES
from studio.design.spec import spec_of_values
from studio.drawing.checks import _tooth
from studio.drawing.cloth import Panel
from studio.drawing.croquis import draw_croquis
from studio.drawing.lines import Line, at, chain, line
from studio.drawing.patterns import _PATTERNS
from studio.drawing.print_frame import USUAL, PrintFrame
from studio.drawing.raster import picture


def piece(flare: float) -> Panel:
    """A piece of 40 x 80 that is 1 + flare times as wide at its end."""

    def place(across: object, along: object) -> Line:
        down = np.asarray(along, dtype=float)
        return at(np.asarray(across) * (1 + flare * down / 80), down)

    end = 20.0 * (1 + flare)
    corners = line((-20.0, 0.0), (20.0, 0.0), (end, 80.0), (-end, 80.0))
    return Panel(chain(corners, closed=True), 20.0, 80.0, place)


def test_every_print_has_its_drawing() -> None:
    assert list(_PATTERNS) == list(FAMILIES["pattern"][1:])


def test_motifs_grow_where_a_piece_is_wider_than_drawn() -> None:
    straight = PrintFrame(piece(0.0), USUAL, 0.0)
    flared = PrintFrame(piece(1.0), USUAL, 0.0)

    _, even = straight.stretched_grid(10.0)
    points, grown = flared.stretched_grid(10.0)

    assert np.allclose(even, 1.0)
    inner = (points.imag > 0) & (points.imag < 80)
    assert np.allclose(grown[inner], 1 + points.imag[inner] / 80, atol=0.01)


def test_a_print_that_is_turned_grows_no_more_than_one_that_is_straight() -> None:
    _, turned = PrintFrame(piece(0.0), USUAL, 0.6).stretched_grid(10.0)

    assert np.allclose(turned, 1.0)


def test_houndstooth_is_half_of_one_colour_and_half_of_the_other() -> None:
    def area(corners: Line) -> float:
        after = np.append(corners[1:], corners[0])
        return float(abs((np.conj(corners) * after).imag.sum()) / 2)

    assert sum(area(part) for part in _tooth()) == pytest.approx(2.0)  # of a cell of 2 x 2


@pytest.mark.parametrize("pattern", ["camouflage", "tropical", "zebra", "tie-dye", "paisley"])
def test_a_print_over_all_covers_a_wide_skirt_down_to_its_hem(pattern: str) -> None:
    values = {"category": "skirt", "silhouette": "full", "length": "midi", "colour": "yellow"}
    plain, printed = (
        np.asarray(picture(draw_croquis(spec_of_values({**values, "pattern": each})), 256))
        for each in ("solid", pattern)
    )
    changed = np.abs(plain.astype(int) - printed).max(axis=2) > 12
    low = changed[150:190, 34:94]  # the lower half of the skirt

    assert low.mean() > 0.18
