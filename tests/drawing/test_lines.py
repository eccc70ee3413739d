import numpy as np
import pytest

from studio.drawing.limbs import Limb, profile
from studio.drawing.lines import (
    at,
    chain,
    corner_runs,
    joined,
    line,
    many,
    ribbon,
    round_through,
    shares,
    smooth,
    stamped,
    through,
    warped,
    without_loops,
)
from studio.drawing.paths import Path
from studio.drawing.pen import EVEN, Pen, Taper
from studio.drawing.pose import CENTRE, HIP, POSES, SHOULDER, Posture
from studio.drawing.raster import picture

ZIGZAG = line((2.0, 3.0), (10.0, 20.0), (4.0, 40.0), (20.0, 60.0))


def area(path: Path) -> float:
    """Of a closed path that doesn't cross itself, by the shoelace formula over fine pieces."""
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in path.pieces())) / 2


def test_a_smooth_line_goes_through_its_points():
    assert smooth(ZIGZAG, 5)[::5] == pytest.approx(ZIGZAG)


@pytest.mark.parametrize("draw", [through, chain])
def test_a_path_starts_and_ends_where_its_line_does(draw):
    numbers = draw(ZIGZAG).numbers

    assert numbers[:2] == (2.0, 3.0)
    assert numbers[-2:] == (20.0, 60.0)


def test_a_ribbon_covers_its_width_times_its_length():
    points = at(np.zeros(9), shares(9, 0.0, 40.0))

    assert area(ribbon(points, np.full(9, 3.0))) == pytest.approx(120.0)


def test_a_round_shape_encloses_about_what_a_circle_does():
    angles = shares(13, 0.0, 2 * np.pi)[:-1]

    assert area(round_through(5 * np.exp(1j * angles))) == pytest.approx(25 * np.pi, rel=0.01)


def test_corners_of_joined_runs_stay_sharp():
    left, right = line((0.0, 0.0), (0.0, 10.0)), line((10.0, 10.0), (10.0, 0.0))

    assert area(joined(left, right)) == pytest.approx(100.0)


def test_a_line_is_cut_at_its_corners_only():
    bent = line((0.0, 0.0), (0.0, 5.0), (0.5, 10.0), (10.0, 10.0), (20.0, 10.5))

    assert [len(run) for run in corner_runs(bent)] == [3, 3]


def test_many_stamps_are_one_path_and_each_is_turned_and_scaled():
    motif = chain(line((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)), closed=True)

    stamps = stamped(motif, line((10.0, 10.0), (50.0, 10.0)), np.array([2.0, 4.0j]))

    assert stamps.verbs == "MLLZ" * 2
    assert area(stamps) == pytest.approx(0.5 * 4 + 0.5 * 16)


def test_short_pieces_are_one_path():
    pieces = at(np.arange(6.0).reshape(3, 2), np.ones((3, 2)))

    assert many(pieces).verbs == "ML" * 3


def test_long_straight_lines_bend_with_a_warp():
    square = chain(line((0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0)), closed=True)

    unmoved = warped(square, lambda points: points)
    bent = warped(square, lambda points: points + 4 * np.sin(points.imag * np.pi / 60))

    assert area(unmoved) == pytest.approx(area(square))
    assert bent.box[2] == pytest.approx(64.0, abs=0.2)


def test_a_posed_pen_moves_what_it_is_given():
    pen = Pen()
    pen.posed(lambda points: points + 20).brush(
        at([10.0, 10.0], [10.0, 70.0]), (0, 0, 0), 4.0, 1.0, EVEN
    )

    seen = np.asarray(picture(pen.drawing((0.0, 0.0, 40.0, 80.0), (255, 255, 255)), 80))

    assert seen[40, 30].max() < 10
    assert seen[40, 10].min() > 250


def test_a_tapered_stroke_is_widest_at_its_belly():
    pen = Pen()
    points = at(np.full(9, 20.0), shares(9, 5.0, 75.0))
    pen.brush(points, (0, 0, 0), 10.0, 1.0, Taper(0.0, 0.0, 0.5))

    seen = np.asarray(picture(pen.drawing((0.0, 0.0, 40.0, 80.0), (255, 255, 255)), 80))
    ink = (255 - seen[:, :, 0].astype(int)).sum(axis=1) / 255

    assert ink[40] == pytest.approx(10.0, abs=0.4)
    assert ink[10] < ink[25] < ink[40]


def test_a_limb_runs_through_its_ends_and_on_beyond_them():
    limb = Limb(10 + 10j, 14 + 30j, 10 + 50j, 0.3)

    assert complex(limb.on(0.0)) == pytest.approx(10 + 10j)
    assert complex(limb.on(1.0)) == pytest.approx(10 + 50j)
    assert complex(limb.on(1.2)).imag > 55
    assert abs(complex(limb.on(0.5, 3.0)) - complex(limb.on(0.5))) == pytest.approx(3.0, rel=0.01)
    assert complex(limb.on(0.5, 3.0)).real > complex(limb.on(0.5)).real


def test_a_profile_goes_through_its_knots_without_overshoot():
    half = profile((0.0, 4.0), (0.5, 2.0), (1.0, 3.0))

    assert half(np.array([0.0, 0.5, 1.0])) == pytest.approx([4.0, 2.0, 3.0], abs=0.01)
    assert half(shares(99)).min() >= 1.99


@pytest.mark.parametrize("pose", POSES.values())
def test_shoulders_and_hips_lean_against_each_other(pose):
    posture = Posture(pose, back=False)

    assert posture.tilt(SHOULDER) * posture.tilt(HIP) < 0
    shifts = [
        abs(posture.one(CENTRE, y).real - CENTRE) for y in range(int(HIP) - 10, int(HIP) + 20)
    ]
    assert max(shifts) == pytest.approx(abs(pose.shift), abs=0.1)


@pytest.mark.parametrize("pose", POSES.values())
def test_the_back_is_the_front_mirrored(pose):
    front, back = Posture(pose, back=False), Posture(pose, back=True)
    points = line((50.0, 44.0), (70.0, 84.0), (80.0, 150.0))
    mirrored = at(2 * CENTRE - points.real, points.imag)

    seen = back.warp(mirrored)

    assert at(2 * CENTRE - seen.real, seen.imag) == pytest.approx(front.warp(points))


def test_a_line_that_crosses_itself_is_cut_short_where_it_does():
    looped = np.array([0, 3, 3 + 1j, 1.5 + 1j, 1.5 - 2j, 1.5 - 3j])
    plain = np.array([0, 1, 2 + 1j, 3, 4 - 1j])

    assert np.allclose(without_loops(looped), [0, 1.5, 1.5 - 2j, 1.5 - 3j])
    assert np.array_equal(without_loops(plain), plain)
