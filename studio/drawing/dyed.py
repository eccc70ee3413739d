"""Prints without a motif: the stripes of a zebra, dye that ran, and the blots of camouflage."""

import math

import numpy as np

from studio.drawing.cloth import INK, WHITE, Cloth
from studio.drawing.lines import Numbers, ribbons, round_through, shares, stamped
from studio.drawing.pen import Pen
from studio.drawing.print_frame import PrintFrame
from studio.drawing.tones import Colour, mix


def draw_zebra(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Stripes that swell, taper to a point, and fork."""
    rng = np.random.default_rng(61)
    step = 5.4
    wide, far = frame.reach
    rows = np.arange(-far - 6, far + 6, step)
    t = shares(9)
    stripes, widths = [], []
    for number, row in enumerate(rows.tolist()):
        x = -wide - rng.uniform(0.0, 16.0)
        while x < wide:
            length = rng.uniform(13.0, 26.0)
            across = x + length * t
            drift = rng.uniform(-0.6, 0.6)
            stripes.append(across + 1j * (row + drift + _wave(across, row)))
            thick = rng.uniform(2.2, 3.3)
            widths.append(thick * np.sin(math.pi * np.clip(0.04 + 0.92 * t, 0, 1)) ** 0.6)
            if rng.random() < 0.55:
                fork = x + length * (0.35 + 0.5 * t)
                side = 1.0 if (number + len(stripes)) % 2 else -1.0
                leave = side * 0.62 * step * np.sin(math.pi / 2 * np.clip(1.6 * t, 0, 1))
                stripes.append(fork + 1j * (row + drift + _wave(fork, row) + leave))
                widths.append(thick * 0.62 * np.sin(math.pi * np.clip(0.2 + 0.78 * t, 0, 1)) ** 0.7)
            x += length * rng.uniform(0.86, 1.0)
    drawn = np.array(stripes)
    placed = frame.place(drawn.real, drawn.imag)
    pen.fill(ribbons(placed, np.array(widths) * frame.unit), cloth.accent)


def _wave(across: Numbers, row: float) -> Numbers:
    """How a stripe is bent: neighbours bend alike."""
    return np.asarray(
        2.6 * np.sin(across * 0.13 + 0.05 * row) + 1.1 * np.sin(across * 0.34 + row * 0.11)
    )


_ARMS = 8


def draw_tie_dye(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """A spiral of dyes that ran into each other, from one point of each piece."""
    panel = frame.panel
    grow = frame.unit / 0.62
    up = -0.2 * panel.length if panel.length > 60 and not panel.sleeve else -0.04 * panel.length
    far = 1.2 * (panel.length + panel.half)
    radius = far * shares(44) ** 1.5
    swirl = frame.angle + 1.5 / grow * np.log1p(radius / 4.0)
    rng = np.random.default_rng(62)
    tones = (cloth.accent, _pale(cloth), _strong(cloth), _pale(cloth))
    pen.fill(panel.path, mix(cloth.colour, WHITE, 0.25) if cloth.lightness < 0.85 else cloth.colour)
    for arm in range(2 * _ARMS):
        start = arm * math.pi / _ARMS
        half = rng.uniform(0.11, 0.2)
        frays = rng.uniform(-0.08, 0.08, (2, len(radius)))
        tone = tones[arm % 4]
        for widen, alpha in ((1.35, 0.4), (1.0, 0.75), (0.6, 0.8)):
            sides = [
                radius * np.exp(1j * (start + swirl + side * half * widen + frays[k]))
                for k, side in enumerate((-1.0, 1.0))
            ]
            edge = np.concatenate([sides[0], sides[1][::-1]])
            local = edge.real, edge.imag + up + panel.length / 2
            pen.fill(round_through(panel.place(*local)), tone, alpha)
    eye = panel.place(0.0, up + panel.length / 2)
    pen.fill(
        round_through(complex(eye) + 2.0 * np.exp(1j * shares(9)[:-1] * math.tau)),
        cloth.accent,
        0.7,
    )


def _strong(cloth: Cloth) -> Colour:
    """The ground where it is strong enough to be a dye, else a deeper second colour."""
    return cloth.colour if cloth.lightness < 0.75 else mix(cloth.accent, (214, 60, 120), 0.6)


def _pale(cloth: Cloth) -> Colour:
    """Where the dye did not come."""
    return (
        mix(cloth.colour, WHITE, 0.78) if cloth.lightness < 0.8 else mix(cloth.accent, WHITE, 0.55)
    )


def draw_camouflage(pen: Pen, cloth: Cloth, frame: PrintFrame) -> None:
    """Blots of three further tones, one over another."""
    light = cloth.lightness
    dark = mix(cloth.colour, INK, 0.72) if light > 0.25 else mix(cloth.colour, WHITE, 0.5)
    middle = mix(cloth.colour, (92, 74, 48), 0.55)
    pale = mix(cloth.accent, cloth.colour, 0.4)
    for seed, step, size, tone in (
        (63, 13.5, 5.6, middle),
        (64, 13.0, 4.6, pale),
        (65, 13.0, 4.3, dark),
    ):
        _blots(pen, frame, seed, step, size, tone)


def _blots(pen: Pen, frame: PrintFrame, seed: int, step: float, size: float, tone: Colour) -> None:
    rng = np.random.default_rng(seed)
    centres, stretch = frame.stretched_grid(step, 0.16)
    if not len(centres):
        return
    sizes = size * frame.unit * stretch**0.7
    centres = centres + frame.unit * step * complex(*rng.uniform(-0.3, 0.3, 2))
    angles = shares(13)[:-1] * math.tau
    for kind in range(3):
        ragged = 1.0 + 0.42 * np.sin(angles * 3 + kind) + rng.uniform(-0.36, 0.36, len(angles))
        blot = round_through(1.35 * ragged * np.cos(angles) + 0.72j * ragged * np.sin(angles))
        chosen = np.arange(len(centres)) % 3 == kind
        if chosen.any():
            lean = rng.uniform(-0.5, 0.5, int(chosen.sum())) + frame.angle
            pen.fill(stamped(blot, centres[chosen], sizes[chosen] * np.exp(1j * lean)), tone)
