"""A whole side of a flat, from what lies behind to what lies on top."""

from dataclasses import dataclass

from studio.design.spec import DesignSpec
from studio.drawing.flats.backs import draw_back
from studio.drawing.flats.closures import draw_closure
from studio.drawing.flats.collars import (
    draw_bows,
    draw_collar,
    draw_inside_of_back,
)
from studio.drawing.flats.form import Form, Side
from studio.drawing.flats.ink import Ink, both, mirrored
from studio.drawing.flats.legs import FlatLeg, draw_legs, flat_leg
from studio.drawing.flats.makes import draw_make
from studio.drawing.flats.necklines import draw_cowl, draw_keyhole
from studio.drawing.flats.pockets import draw_fly, draw_pockets
from studio.drawing.flats.seams import draw_hem_stitches, draw_seams, stitch_edges
from studio.drawing.flats.skirts import draw_far_side, draw_lower_edge, draw_skirt
from studio.drawing.flats.sleeves import FlatSleeve, draw_sleeves, flat_sleeve
from studio.drawing.flats.surfaces import draw_surface
from studio.drawing.flats.trims import draw_trim
from studio.drawing.flats.waists import draw_belt, draw_waist, draw_waistband
from studio.drawing.lines import corner_runs
from studio.patternmaking.draft import draft_of
from studio.patternmaking.sizes import BASE, Size


@dataclass(frozen=True)
class FlatSide:
    """One side of a garment, drawn.

    Attributes:
        form: where its edges lie.
        sleeve: its right sleeve, if it has one.
        leg: its right leg, if it has one.
        ink: its lines.
    """

    form: Form
    sleeve: FlatSleeve | None
    leg: FlatLeg | None
    ink: Ink


def flat_side(spec: DesignSpec, side: Side, size: Size = BASE) -> FlatSide:
    """Draw one side of a design, without measures and callouts."""
    form = Form(draft_of(spec, size), side)
    sleeve, leg = flat_sleeve(form), flat_leg(form)
    span = 2 * sleeve.end[0].real if sleeve is not None else 0.0
    ink = Ink(min(max((form.draft.hem - form.draft.top) / 75.0, span / 100.0, 0.62), 1.25))
    draw_inside_of_back(ink, form)
    draw_far_side(ink, form)
    if sleeve is not None:
        draw_sleeves(ink, form, sleeve)
    ink.cover(form.shape)
    _draw_edges(ink, form, sleeve)
    if leg is None:
        draw_lower_edge(ink, form)
    else:
        draw_legs(ink, form, leg)
    draw_surface(ink, form, leg)
    draw_seams(ink, form)
    draw_skirt(ink, form)
    draw_hem_stitches(ink, form)
    stitch_edges(ink, form)
    draw_fly(ink, form)
    draw_waist(ink, form)
    draw_trim(ink, form, sleeve, leg)
    draw_back(ink, form)
    draw_pockets(ink, form, leg)
    draw_keyhole(ink, form)
    draw_cowl(ink, form)
    draw_closure(ink, form)
    draw_waistband(ink, form)
    draw_make(ink, form)
    draw_belt(ink, form)
    draw_collar(ink, form)
    draw_bows(ink, form)
    return FlatSide(form, sleeve, leg, ink)


def _draw_edges(ink: Ink, form: Form, sleeve: FlatSleeve | None) -> None:
    edges = form.neck
    ink.outline(*corner_runs(edges.opening))
    if not form.legged:
        ink.outline(form.right, form.left)
    bare = sleeve is None or form.has("sleeve shape", "cap sleeves")
    set_in = ink.outline if bare else ink.seam
    for draw, run in ((ink.outline, edges.shoulder), (set_in, edges.armhole)):
        if not len(run):
            continue
        if edges.one_sided:
            draw(run if edges.mirror > 0 else mirrored(run))
        else:
            draw(*both(run))
