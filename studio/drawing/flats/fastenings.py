"""Buttons, zips and eyelets, drawn alike wherever they are."""

import numpy as np

from studio.drawing.flats.ink import RIM, Ink
from studio.drawing.lines import Line, line

_ROUND = np.exp(1j * np.linspace(0, 2 * np.pi, 17))
_TOOTH = 0.55


def button(ink: Ink, place: complex, radius: float) -> None:
    """A button with two holes."""
    ink.cover(place + radius * _ROUND)
    ink.draw("details", RIM, place + radius * _ROUND)
    for side in (-0.32, 0.32):
        hole = place + side * radius
        ink.draw("details", RIM, np.array([hole - 0.03j, hole + 0.03j]))


def buttonhole(ink: Ink, place: complex, width: float) -> None:
    """A hole beside a button, lying."""
    ink.fine(np.array([place - width / 2, place + width / 2]))


def eyelet(ink: Ink, place: complex, radius: float = 0.4) -> None:
    """A ring that a lace goes through."""
    ink.cover(place + radius * _ROUND)
    ink.draw("details", RIM, place + radius * _ROUND)


def visible_zip(ink: Ink, x: float, top: float, bottom: float) -> None:
    """A zip with its teeth, its tape and its pull."""
    half = 0.75
    tape = line((x - half, top), (x + half, top), (x + half, bottom), (x - half, bottom))
    ink.cover(tape)
    ink.detail(line((x - half, top), (x - half, bottom)), line((x + half, top), (x + half, bottom)))
    ink.draw("details", RIM, line((x, top), (x, bottom)))
    for number, y in enumerate(np.arange(top + 1.6, bottom - 0.2, _TOOTH).tolist()):
        side = 0.32 if number % 2 else -0.32
        ink.fine(line((x, y), (x + side, y)))
    _pull(ink, x, top + 0.7)
    ink.stitch(
        line((x - half - 0.7, top + 0.3), (x - half - 0.7, bottom)),
        line((x + half + 0.7, top + 0.3), (x + half + 0.7, bottom)),
    )


def hidden_zip(ink: Ink, x: float, top: float, bottom: float) -> None:
    """A zip in a seam: only its pull is seen, and where it ends."""
    _pull(ink, x, top + 0.4)
    ink.detail(line((x - 0.5, bottom), (x + 0.5, bottom)))


def _pull(ink: Ink, x: float, y: float) -> None:
    drop: Line = line(
        (x - 0.28, y),
        (x + 0.28, y),
        (x + 0.42, y + 2.0),
        (x, y + 2.5),
        (x - 0.42, y + 2.0),
        (x - 0.28, y),
    )
    ink.cover(drop)
    ink.draw("details", RIM, drop, curved=False)
