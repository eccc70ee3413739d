"""A sleeve on its arm: cloth, form, folds and the end at the wrist."""

import numpy as np

from studio.design.families import NONE
from studio.drawing.cloth import GOLD, INK
from studio.drawing.cutting.sleeves import Sleeve, cuff_half
from studio.drawing.drape import drape_of
from studio.drawing.fabrics import draw_tufts
from studio.drawing.garment import Garment
from studio.drawing.lines import Line, Numbers, joined, shares, through
from studio.drawing.paths import circle
from studio.drawing.pen import EVEN, FALLING, FIRM, Pen, Taper
from studio.drawing.pieces.folds import draw_gloss
from studio.drawing.pieces.trunk import lay
from studio.drawing.tones import mix

_FULL = ("puff sleeves", "bishop sleeves", "bell sleeves", "flutter sleeves")

_WIDE = 5.6
"""Half the width from which a bent sleeve has no room for creases in its hollow."""


def draw_sleeve(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    """The whole sleeve, drawn on the page."""
    cloth = garment.cloth
    lay(pen, cloth, sleeve.panel)
    with pen.inside(sleeve.panel.path):
        _draw_form(pen, garment, sleeve)
        if garment.has("sleeve shape", *_FULL):
            _draw_gathers(pen, garment, sleeve)
        if sleeve.end > 0.6:
            _draw_elbow(pen, garment, sleeve)
    if cloth.fabric == "faux fur":
        draw_tufts(pen, cloth, sleeve.left, 1.0)
        draw_tufts(pen, cloth, sleeve.right, -1.0)
        draw_tufts(pen, cloth, sleeve.mouth, 1.0)
        return
    if len(sleeve.cap):
        pen.brush(sleeve.cap, cloth.ink, 0.55, 0.85, Taper(0.4, 0.7))
    pen.brush(sleeve.left, cloth.ink, 0.62, 0.95, FIRM)
    pen.brush(sleeve.right, cloth.ink, 1.0, 0.95, FIRM)
    _draw_end(pen, garment, sleeve)


def _draw_form(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    t = shares(8, max(sleeve.start, 0.0), sleeve.end + 0.01)
    strength = min(drape.shade, 1.15)
    pen.strip(sleeve.on(t, 1.04), sleeve.on(t, 0.1), cloth.shade, 0.6 * strength)
    pen.strip(sleeve.on(t, -1.04), sleeve.on(t, -0.62), cloth.shade, 0.24 * strength)
    inner = t[1:-1]
    if cloth.fabric == "satin":
        draw_gloss(pen, garment, sleeve.on(inner, -0.3), min(sleeve.panel.half * 0.75, 7.0), 0.9)
    light = min((0.46 if drape.gloss else 0.2) * max(drape.light, 0.6), 0.55)
    pen.soft_line(sleeve.on(inner, -0.32), cloth.light, sleeve.panel.half * 0.5, light)
    if len(sleeve.cap):  # the body casts a shade on the sleeve, under the arm
        pit = sleeve.cap[0]
        reach = sleeve.arm.along(0.1) * 9.0
        points = np.array([pit, pit + reach * 0.5, pit + reach])
        pen.soft_line(points, cloth.shade, 3.2, 0.4 * strength, Taper(0.9, 0.0, 0.2))


def _draw_elbow(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    """Creases from the hollow of the elbow, and towards the wrist."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    if not drape.crease:
        return
    middle, inner = sleeve.arm.middle, sleeve.inner
    bent = abs(sleeve.arm.turn) > 0.25
    alpha = min((0.5 if bent else 0.34) * drape.crease, 0.7)
    for shift, reach, width in (
        (-0.05, 0.1, 1.2),
        (0.0, -0.25, 1.3),
        (0.05, 0.2, 1.1),
        (-0.1, 0.45, 0.8),
        (0.1, 0.5, 0.8),
    ):
        if sleeve.end < middle + 0.1 and shift > 0:
            continue
        if bent and float(sleeve.half(np.array([middle]))[0]) > _WIDE:
            continue  # its hollow is one point: creases from it would only blot it
        t = middle + shift * np.array([0.5, 1.1, 2.0])
        crease = sleeve.on(t, inner * np.array([0.98, (0.98 + reach) / 2, reach]))
        pen.brush(crease, cloth.shade, width * 1.2, alpha, FALLING)
    if sleeve.end < 0.9:
        return
    for i in range(3):
        near, side = sleeve.end - 0.05 - 0.065 * i, (-1) ** i
        across = side * np.array([0.95, 0.3, -0.25])
        crease = sleeve.on(near + np.array([0.01, -0.012, 0.006]), across)
        pen.brush(crease, cloth.shade, 1.0, min(0.4 * drape.crease, 0.6), FALLING)


def _zones(garment: Garment, sleeve: Sleeve) -> list[tuple[float, float]]:
    """Where cloth is gathered, and how far its folds run from there."""
    span = sleeve.end - sleeve.start
    shape = garment.spec["sleeve shape"]
    if shape == "puff sleeves":
        low = sleeve.end - 0.012 if sleeve.end < 0.56 else 0.47
        return [(sleeve.start + 0.045, 0.5 * span), (low, -0.5 * min(span, 0.5))]
    if shape == "bishop sleeves":
        return [(sleeve.end - 0.02, -0.34 * span), (sleeve.start + 0.05, 0.2 * span)]
    return [(sleeve.end, -0.55 * span)]


def _draw_gathers(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    uneven = (0.7, 1.0, 0.6, 0.9, 0.75, 1.0, 0.65)
    for start, run in _zones(garment, sleeve):
        for i in range(7):
            u = -0.86 + 1.72 * i / 6
            t = start + run * uneven[i] * np.array([0.0, 0.5, 1.0])
            edge = sleeve.on(t, u * np.array([0.92, 0.9, 0.72]))
            soft = sleeve.on(t, np.array([(u - 0.17) * 0.92, (u - 0.2) * 0.92, u * 0.72]))
            pen.fill(joined(edge, soft[::-1]), cloth.shade, min(0.32 * drape.shade, 0.6))
            pen.brush(edge, cloth.ink, 0.6, 0.6 * max(drape.line, 0.5), Taper(0.9, 0.0, 0.2))
            lit = sleeve.on(t, np.array([(u + 0.14) * 0.92, (u + 0.15) * 0.9, (u + 0.1) * 0.8]))
            if drape.gloss:
                pen.soft_line(lit, cloth.light, 1.5, 0.42)
            else:
                pen.brush(lit, cloth.light, 1.3, min(0.34 * drape.light, 0.5), FALLING)


def _band(
    sleeve: Sleeve, half: tuple[float, float], depth: tuple[float, float]
) -> tuple[Line, Line]:
    """The upper and the lower edge of a cuff, from left to right."""
    across = _towards(sleeve, np.array([-1.0, 0.0, 1.0]))
    edges = []
    for wide, at in zip(half, depth, strict=True):
        sag = sleeve.arm.along(at) * 0.7 * np.array([0.0, 1.0, 0.0])
        edges.append(sleeve.arm.on(at, across * wide) + sag)
    return edges[0], edges[1]


def _towards(sleeve: Sleeve, across: Numbers) -> Numbers:
    """Shares of the width as they are at the end of a sleeve that flares outwards."""
    return np.where(across * sleeve.side < 0, across * sleeve.inward, across)


def ends_plainly(garment: Garment, sleeve: Sleeve) -> bool:
    """Whether it ends in its own edge, without a cuff, a band or a ruffle."""
    return (
        garment.has("cuffs", NONE)
        and not garment.has("category", "polo shirt")
        and not garment.has("sleeve shape", "puff sleeves", "bishop sleeves")
        and not _of_shirt(garment, sleeve)
    )


def _draw_end(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    cuffs, shape = garment.spec["cuffs"], garment.spec["sleeve shape"]
    if cuffs == "ruffled cuffs":
        draw_ruffle(pen, garment, sleeve)
    elif garment.has("category", "polo shirt") and cuffs == NONE:
        _draw_ribbed_end(pen, garment, sleeve)
    elif cuffs != NONE or shape in ("puff sleeves", "bishop sleeves") or _of_shirt(garment, sleeve):
        _draw_cuff(pen, garment, sleeve)
    else:
        _draw_plain_end(pen, garment, sleeve)


def _of_shirt(garment: Garment, sleeve: Sleeve) -> bool:
    wide = garment.has("sleeve shape", "bell sleeves", "flutter sleeves", "kimono sleeves")
    return garment.has("category", "shirt") and sleeve.end > 0.85 and not wide


def _draw_cuff(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    cloth, cuffs, end = garment.cloth, garment.spec["cuffs"], sleeve.end
    deep = {"ribbed cuffs": 0.085, "contrast cuffs": 0.085}.get(cuffs, 0.05 if end > 0.5 else 0.035)
    plain = garment.has("sleeve shape", "bell sleeves", "flutter sleeves") or cuffs == NONE
    snug = cuff_half(garment.spec, garment.figure, end)
    half = float(sleeve.half(np.array([end]))[0])
    half = half + 0.25 if plain else min(half, snug) + 0.2
    upper, lower = _band(sleeve, (half, half * 0.96), (end - deep * 0.6, end + deep * 0.5))
    path = joined(upper, lower[::-1])
    colour = cloth.contrast if cuffs == "contrast cuffs" else cloth.colour
    pen.patch(path, colour, cloth.ink, 0.5)
    if cuffs == "ribbed cuffs":
        for share in np.linspace(-0.88, 0.88, 9):
            rib = np.array([_along(upper, share), _along(lower, share)])
            pen.brush(rib, cloth.shade, 0.5, 0.65, EVEN)
    elif garment.has("category", "shirt") or cuffs == "contrast cuffs":
        x, y = complex((_along(upper, 0.45) + _along(lower, 0.45)) / 2).real, 0.0
        y = complex((_along(upper, 0.45) + _along(lower, 0.45)) / 2).imag
        pen.fill(circle(x, y, 0.75), GOLD if cuffs == "contrast cuffs" else (250, 248, 240))
        pen.line(circle(x, y, 0.75), INK, 0.22)


def _along(edge: Line, share: float) -> complex:
    """The point at a share (-1..1) of an edge of three points."""
    return complex(np.interp(share, [-1.0, 0.0, 1.0], edge))


def draw_ruffle(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    """The ruffle at the end of a sleeve; it falls over the hand."""
    cloth, end, arm = garment.cloth, sleeve.end, sleeve.arm
    half = float(sleeve.half(np.array([end]))[0])
    count = 33
    even = shares(count, -1.0, 1.0)
    u = _towards(sleeve, even)
    flare = max(half * 1.5, half + 2.2)
    depth = 5.2 / arm.length
    wave = 0.75 * np.cos(np.arange(count) * np.pi / 3)
    rim = arm.on(end + depth, u * flare) + arm.along(end) * (wave + 1.0 * (1 - even * even))
    top = arm.on(end - 0.012, u * (half + 0.2))
    tone = cloth.contrast
    ink, shade = mix(tone, INK, 0.72), mix(tone, INK, 0.4)
    path = joined(rim, top[::-1])
    pen.patch(path, tone, ink, 0.4)
    with pen.inside(path):
        for i in range(3, count, 6):  # where the edge is high, the cloth goes back
            fold = rim[i] + (top[i] - rim[i]) * np.array([-0.1, 0.45, 0.9])
            beside = min(i + 3, count - 1)
            soft = rim[beside] + (top[beside] - rim[beside]) * np.array([-0.1, 0.45, 0.9])
            pen.fill(joined(fold, (fold + (soft - fold) * 0.6)[::-1]), shade, 0.5)
            pen.brush(fold, ink, 0.55, 0.75, FALLING)
    pen.brush(rim, ink, 0.55, 0.95, EVEN)
    pen.brush(top[::8], ink, 0.6, 0.85, EVEN)


def _draw_ribbed_end(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    """A narrow knitted band, as wide as the sleeve."""
    cloth = garment.cloth
    half = float(sleeve.half(np.array([sleeve.end]))[0]) + 0.15
    deep = 3.4 / sleeve.arm.length
    upper, lower = _band(sleeve, (half, half), (sleeve.end - deep, sleeve.end))
    tone = cloth.layered(0.16, dark_below=0.4)
    pen.patch(joined(upper, lower[::-1]), tone, cloth.visible_ink, 0.55)
    for share in np.linspace(-0.9, 0.9, 11):
        rib = np.array([_along(upper, share), _along(lower, share)])
        pen.brush(rib, cloth.shade, 0.4, 0.6, EVEN)


def _draw_plain_end(pen: Pen, garment: Garment, sleeve: Sleeve) -> None:
    cloth = garment.cloth
    pen.brush(sleeve.mouth, cloth.ink, 0.7, 0.9, Taper(0.7, 0.7))
    plain = garment.has("sleeve shape", "straight sleeves", "puff sleeves", "bishop sleeves")
    if plain and garment.has("category", "jacket", "coat") and sleeve.end > 0.9:
        for i in range(3):
            t = sleeve.end - 0.03 - 0.026 * i
            button = complex(sleeve.on(t, sleeve.side * 0.5))
            pen.fill(circle(button.real, button.imag, 0.62), cloth.darker(0.7))
            pen.line(circle(button.real - 0.1, button.imag - 0.1, 0.5), (255, 255, 255), 0.12, 0.5)
        return
    inset = sleeve.mouth - sleeve.arm.along(sleeve.end) * 1.2
    pen.dashes(through(inset), cloth.visible_ink, 0.26, (1.0, 0.7), 0.7)
