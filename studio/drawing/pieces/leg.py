"""The legs of trousers: cloth, form, folds and contour, drawn on the page."""

import numpy as np

from studio.drawing.cutting.legs import ABOVE_THE_KNEE, JOGGER_CUFF, TrouserLeg
from studio.drawing.drape import drape_of
from studio.drawing.fabrics import draw_tufts
from studio.drawing.figure import LEFT
from studio.drawing.garment import Garment
from studio.drawing.lines import between, joined, resampled, shares, through
from studio.drawing.pen import EVEN, FALLING, FIRM, Pen, Taper
from studio.drawing.pieces.folds import draw_gloss
from studio.drawing.pieces.trunk import lay

_WIDE = ("wide-leg", "flared")


def draw_leg_piece(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    """One leg from the waist to its hem."""
    cloth = garment.cloth
    lay(pen, cloth, leg.panel)
    with pen.inside(leg.panel.path):
        _draw_form(pen, garment, leg)
        if leg.end >= ABOVE_THE_KNEE:
            _draw_hip(pen, garment, leg)
        if garment.has("leg", *_WIDE):
            _draw_wide(pen, garment, leg)
        elif garment.has("leg", "skinny", "leggings"):
            _draw_skinny(pen, garment, leg)
        else:
            _draw_straight(pen, garment, leg)
        if leg.end < ABOVE_THE_KNEE:
            _draw_short(pen, garment, leg)
    if cloth.fabric == "faux fur":
        draw_tufts(pen, cloth, leg.outer, -float(leg.side))
        draw_tufts(pen, cloth, leg.inner, float(leg.side))
        return
    widths = (0.65, 1.0) if leg.side == LEFT else (1.0, 0.65)
    pen.brush(leg.outer, cloth.ink, widths[0], 0.95, FIRM)
    pen.brush(leg.inner, cloth.visible_ink, widths[1], 0.95, Taper(0.3, 0.7))
    pen.brush(leg.mouth, cloth.ink, 0.75, 0.95, Taper(0.7, 0.7))
    if garment.has("leg", "joggers"):
        _draw_cuff(pen, garment, leg)
        return
    up = -leg.limb.along(leg.end) * 1.5
    pen.dashes(through(leg.mouth + up), cloth.visible_ink, 0.26, (1.0, 0.7), 0.65)


def _draw_cuff(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    """The ribs that hold the leg at the ankle, and the cloth that falls over them."""
    cloth, start = garment.cloth, leg.end - JOGGER_CUFF
    upper = leg.on(start, np.array([-1.02, 0.0, 1.02])) + leg.limb.along(start) * np.array(
        [0.0, 0.8, 0.0]
    )
    lower = leg.on(leg.end + 0.004, np.array([-1.0, 0.0, 1.0])) + leg.limb.along(
        leg.end
    ) * np.array([0.0, 0.8, 0.0])
    tone = cloth.layered(0.14, dark_below=0.35)
    pen.patch(joined(upper, lower[::-1]), tone, cloth.visible_ink, 0.6)
    for share in np.linspace(-0.86, 0.86, 9):
        ends = [complex(np.interp(share, [-1.0, 0.0, 1.0], run)) for run in (upper, lower)]
        pen.brush(np.array(ends), cloth.shade, 0.55, 0.75, EVEN)
    for share, rise in ((-0.7, 0.05), (-0.3, 0.075), (0.15, 0.06), (0.6, 0.07)):
        fold = leg.on(np.array([start, start - rise]), np.array([share, share * 0.9]))
        pen.brush(fold, cloth.shade, 0.9, 0.6, FALLING)


def _draw_form(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    t = shares(10, -0.24, leg.end + 0.02)
    strength = min(drape.shade, 1.15)
    right = leg.side  # the share of the edge on the right of the page
    outer, inner = resampled(leg.outer, 10) + 0.3 * leg.side, leg.on(t, -1.05)
    edges = (outer, inner) if leg.side == LEFT else (inner, outer)
    pen.strip(edges[1], leg.on(t, right * 0.2), cloth.shade, 0.55 * strength)
    pen.strip(edges[0], between(*edges, 0.22), cloth.shade, 0.22 * strength)
    if cloth.fabric == "satin":
        for share, width, strength in ((-0.4, 5.5, 1.0), (0.35, 3.6, 0.6)):
            places = shares(9, -0.05, leg.end + 0.08)
            swing = 0.07 * np.sin(places * 11 + share)
            wide = width * min(float(leg.half(np.array([0.5]))[0]) / 8.0, 1.3)
            draw_gloss(pen, garment, leg.on(places, right * (share + swing)), wide, strength)
        return
    pen.soft_line(leg.on(t[2:-1], right * -0.35), cloth.light, 2.6, min(0.2 * drape.light, 0.45))


def _draw_hip(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    """Creases from the crotch outwards."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    alpha = min(0.2 * drape.crease, 0.3)
    for shares_, places in (
        ((-0.9, -0.35, 0.3), (0.14, 0.17, 0.16)),
        ((-0.95, -0.45, 0.05), (0.185, 0.212, 0.215)),
        ((-0.95, -0.6, -0.35), (0.235, 0.275, 0.35)),
    ):
        if places[-1] < leg.end:
            crease = leg.on(np.array(places), np.array(shares_))
            pen.brush(crease, cloth.shade, 1.2, alpha, FALLING)


def _draw_wide(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    for share, start, alpha in ((-0.35, 0.32, 0.5), (0.3, 0.42, 0.42), (0.7, 0.5, 0.4)):
        if start > leg.end - 0.1:
            start = leg.end * 0.45
        t = shares(5, start, leg.end + 0.02)
        u = leg.side * share
        edge = leg.on(t, leg.side * u)
        soft = leg.on(t, leg.side * (u - 0.28 * shares(5)))
        lit = leg.on(t, leg.side * (u + 0.22 * shares(5)))
        pen.strip(edge, soft, cloth.shade, min(alpha * drape.shade, 0.75))
        pen.strip(edge, lit, cloth.light, min(0.26 * drape.light, 0.5))
        pen.brush(edge[1:], cloth.ink, 0.5, 0.5 * drape.line, Taper(0.0, 0.9, 0.85))
        if drape.gloss:
            pen.soft_line(lit[1:], cloth.light, 2.2, 0.45, Taper(0.0, 0.5, 0.7))


def _draw_short(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    """A short leg stands off the thigh: soft folds down to its hem."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    t = shares(5, 0.1, leg.end + 0.02)
    for share, lean, alpha in ((0.55, 0.14, 0.5), (-0.08, -0.1, 0.42), (-0.6, -0.1, 0.36)):
        u = share + lean * shares(5)
        begun = shares(5) ** 0.8
        pen.strip(
            leg.on(t, u), leg.on(t, u - 0.34 * begun), cloth.shade, min(alpha * drape.shade, 0.7)
        )
        lit = leg.on(t, u + 0.24 * begun)
        pen.strip(leg.on(t, u), lit, cloth.light, min(0.36 * drape.light, 0.55))
        line = min(0.45 * drape.line, 0.6)
        pen.brush(leg.on(t, u)[1:], cloth.visible_ink, 0.45, line, Taper(0.0, 0.8, 0.8))


def _draw_skinny(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    for place, side in ((0.5, 1), (0.53, -1), (0.565, 1), (0.9, 1), (0.93, -1), (0.96, 1)):
        if place < leg.end:
            t = place + np.array([0.0, 0.012, 0.004])
            crease = leg.on(t, side * np.array([0.98, 0.3, -0.25]))
            pen.brush(crease, cloth.shade, 1.0, min(0.42 * drape.crease, 0.6), FALLING)


def _draw_fall(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    """Long soft folds that hang from the knee."""
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    for share, lean, start in ((-0.45, -0.12, 0.52), (0.42, 0.16, 0.58)):
        t = shares(5, start, leg.end + 0.01)
        u = share + lean * shares(5)
        opening, edge = shares(5) ** 0.8, leg.on(t, u)
        soft = leg.on(t, u - 0.34 * opening)
        pen.strip(edge, soft, cloth.shade, min(0.34 * drape.shade, 0.55))
        lit = leg.on(t, u + 0.26 * opening)
        pen.strip(edge, lit, cloth.light, min(0.26 * drape.light, 0.45))


def _draw_straight(pen: Pen, garment: Garment, leg: TrouserLeg) -> None:
    cloth, drape = garment.cloth, drape_of(garment.cloth)
    t = shares(4, 0.2, leg.end)
    if leg.end > 0.5:
        _draw_fall(pen, garment, leg)
    if leg.end > 0.5 and drape.line:
        pen.brush(leg.on(t, 0.03), cloth.shade, 0.6, 0.4 * drape.line, Taper(0.2, 0.6))
    for place, side in ((0.5, -1), (0.55, -1), (0.95, 1)):
        if place < leg.end:
            crease = leg.on(
                place + np.array([0.0, 0.012, 0.03]), side * np.array([0.96, 0.4, 0.05])
            )
            pen.brush(crease, cloth.shade, 1.0, min(0.42 * drape.crease, 0.6), FALLING)
