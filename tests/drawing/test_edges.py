import random

import numpy as np
import pytest

from studio.design.families import FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.drawing.croquis import draw_croquis
from studio.drawing.details.piping import pipe_body, pipe_over_arms
from studio.drawing.details.sequins import sequin_body, sequin_legs
from studio.drawing.figure import CENTRE, WAIST, Figure
from studio.drawing.garment import cut
from studio.drawing.lines import line, within
from studio.drawing.paths import circle, straight
from studio.drawing.pen import Pen
from studio.drawing.raster import picture
from studio.drawing.record import Group, Mark, Stroke
from training.atelier.world import sample_design


def design(**fixed: str) -> DesignSpec:
    return sample_design(random.Random(3), **fixed)


def strokes(marks: tuple[Mark, ...]) -> list[Stroke]:
    inside = [each for mark in marks if isinstance(mark, Group) for each in strokes(mark.marks)]
    return [mark for mark in marks if isinstance(mark, Stroke)] + inside


def drawn(pen: Pen) -> tuple[Mark, ...]:
    return pen.drawing((0.0, 0.0, 128.0, 256.0), (255, 255, 255)).marks


def points(stroke: Stroke) -> np.ndarray:
    return np.array(stroke.path.numbers).view(np.complex128)


def test_a_point_is_within_a_shape_by_as_much_room_as_is_asked_for():
    places = line((0.0, 0.0), (8.5, 0.0), (11.0, 0.0), (14.0, 0.0))
    disc = circle(0.0, 0.0, 10.0)
    square = straight((-10.0, -10.0), (10.0, -10.0), (10.0, 10.0), (-10.0, 10.0)).closed()

    assert within(places, square).tolist() == [True, True, False, False]
    assert within(places, square, 2.0).tolist() == [True, False, False, False]
    assert within(places, square, -2.0).tolist() == [True, True, True, False]
    assert within(line((0.0, 0.0)), disc).all()


@pytest.mark.parametrize("category", ["dress", "top", "skirt"])
def test_sequins_lie_on_the_cloth_as_a_whole(category):
    spec = design(category=category, trim="sequins", pattern="solid")
    garment, pen = cut(spec, Figure.of(spec)), Pen()

    sequin_body(pen, garment)

    seams = [points(stroke)[::2] for stroke in strokes(drawn(pen)) if stroke.width > 1.0]
    assert seams
    assert all(within(each, garment.body.path, 0.6).all() for each in seams)


def test_sequins_of_two_legs_do_not_pile_up():
    spec = design(category="jumpsuit", trim="sequins", leg="wide-leg")
    garment, pen = cut(spec, Figure.of(spec)), Pen()

    sequin_legs(pen, garment)

    rims = np.concatenate([points(s)[::2] for s in strokes(drawn(pen)) if s.width == 1.9])
    apart = np.abs(rims[:, None] - rims[None, :]) + 9.0 * np.eye(len(rims))
    assert apart.min() > 1.9


@pytest.mark.parametrize("category", ["trousers", "shorts", "skirt"])
def test_piping_begins_below_the_waistband(category):
    spec = design(category=category, trim="contrast piping")
    garment, pen = cut(spec, Figure.of(spec)), Pen()

    pipe_body(pen, garment)

    posture = garment.figure.posture
    band = WAIST - abs(posture.tilt(WAIST)) * garment.figure.hip
    assert min(points(stroke).imag.min() for stroke in strokes(drawn(pen))) > band


@pytest.mark.parametrize("sleeves", ["sleeveless", "short sleeves", "long sleeves"])
def test_piping_leaves_out_the_shoulders_and_stays_on_the_garment(sleeves):
    spec = design(
        category="dress", trim="contrast piping", neckline="v-neck", sleeve_length=sleeves
    )
    garment, pen = cut(spec, Figure.of(spec)), Pen()

    pipe_body(pen, garment)
    pipe_over_arms(pen, garment)

    opening = [run for run in garment.open_edges if np.abs(run.real - CENTRE).max() < 10]
    assert len(opening) == 2
    assert all(isinstance(mark, Group) and mark.clip for mark in drawn(pen) if strokes((mark,)))


@pytest.mark.parametrize("category", ["dress", "skirt"])
@pytest.mark.parametrize("silhouette", [each for each in FAMILIES["silhouette"] if each != NONE])
def test_a_hem_ends_on_the_sides_and_never_beside_them(category, silhouette):
    spec = design(category=category, silhouette=silhouette, hem="none")
    garment = cut(spec, Figure.of(spec))
    edge = garment.edge.edge()
    half = np.array([garment.half_width(float(y)) for y in edge.imag])

    assert (np.abs(edge.real - CENTRE) < half + 0.2).all()
    assert abs(complex(edge[0]) - complex(garment.right[-1])) < 1e-6


@pytest.mark.parametrize("pose", FAMILIES["pose"])
def test_the_sides_begin_where_the_sleeves_are_set_in(pose):
    spec = design(category="dress", sleeve_length="long sleeves", neckline="crew neck", pose=pose)
    garment = cut(spec, Figure.of(spec))
    warp = garment.figure.posture.warp
    for sleeve, side in zip(garment.sleeves, (garment.left, garment.right), strict=True):
        assert abs(complex(warp(side[:1])[0]) - complex(sleeve.cap[0])) < 0.5


@pytest.mark.parametrize("neckline", ["strapless", "sweetheart neck", "spaghetti straps"])
@pytest.mark.parametrize("pose", FAMILIES["pose"])
def test_no_ground_shows_between_a_bare_arm_and_a_strapless_edge(neckline, pose):
    spec = design(
        category="dress",
        neckline=neckline,
        sleeve_length="sleeveless",
        pose=pose,
        hair="bun",
        trim="none",
    )
    garment = cut(spec, Figure.of(spec))
    image = np.asarray(picture(draw_croquis(spec), 1024)).astype(int)
    for side in (-1, 1):
        underarm = garment.underarm(side)
        assert underarm is not None
        for spot in np.array([-1.5 - 1.5j, 1.0 - 2.5j]) * np.array([1, 1]):
            place = (underarm + complex(side * spot.real, spot.imag) + 4j) * 4
            pixel = image[round(place.imag), round(place.real)]

            assert np.abs(pixel - (246, 243, 238)).max() > 4


def test_jersey_shows_its_print_up_to_the_edge():
    spec = design(category="skirt", fabric="jersey", pattern="gingham", hem="none", closure="none")
    garment = cut(spec, Figure.of(spec))
    covering = [
        stroke
        for stroke in strokes(draw_croquis(spec).marks)
        if stroke.paint.colour == garment.cloth.colour and stroke.width > 2
    ]
    assert not covering
