"""Garments on the body: what covers it, and what hangs beside bare arms."""

import numpy as np
import pytest

from studio.design.families import FAMILIES
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.croquis import GROUND, draw_croquis
from studio.drawing.figure import BUST, CENTRE, HIP, SIDES, Figure
from studio.drawing.garment import cut
from studio.drawing.lines import shares
from studio.drawing.raster import picture

TEAL = {"colour": "teal", "hair": "bun", "closure": "none", "belt": "none"}


def figured(spec: DesignSpec, **figure: str) -> DesignSpec:
    return DesignSpec(spec.outfit.but(**figure), spec.measures)


@pytest.mark.parametrize("pose", FAMILIES["pose"])
@pytest.mark.parametrize("build", FAMILIES["build"])
@pytest.mark.parametrize("length", ["hip-length", "midi"])
def test_a_cape_covers_the_arms_down_to_its_hem(pose, build, length):
    cape = spec_of_values({**TEAL, "category": "cape", "length": length})
    spec = figured(cape, pose=pose, build=build)
    figure = Figure.of(spec)
    garment = cut(spec, figure)
    for side, arm in figure.arms.items():
        places = shares(30, 0.1, 1.0)
        edge = figure.posture.straight(arm.on(places, side * figure.arm_half(places)))
        covered = edge[(edge.imag > BUST) & (edge.imag < garment.hem - 4)]
        widths = np.array([garment.half_width(float(y)) for y in covered.imag])

        assert (side * (covered.real - CENTRE) < widths).all()


@pytest.mark.parametrize("neckline", ["halter neck", "spaghetti straps", "strapless", "crew neck"])
@pytest.mark.parametrize("pose", FAMILIES["pose"])
def test_no_scrap_of_wide_cloth_shows_outside_a_bare_arm(neckline, pose):
    bare = {"category": "top", "sleeve length": "sleeveless", "neckline": neckline}
    spec = figured(spec_of_values({**TEAL, **bare, "fit": "oversized"}), pose=pose)
    figure = Figure.of(spec)
    garment = cut(spec, figure)
    for side in SIDES:
        corner = garment.right[0] if side > 0 else garment.left[0]
        corner = complex(figure.posture.warp(np.array([corner]))[0])
        places = shares(60, 0.0, 1.0)
        edge = figure.arms[side].on(places, side * figure.arm_half(places))
        outer = float(np.interp(corner.imag, edge.imag, edge.real))

        assert side * corner.real < side * outer


@pytest.mark.parametrize("pose", FAMILIES["pose"])
@pytest.mark.parametrize("silhouette", ["pencil", "straight", "a-line"])
@pytest.mark.parametrize("length", ["knee-length", "midi"])
def test_legs_come_out_of_a_narrow_skirt_inside_its_sides(pose, silhouette, length):
    narrow = {"category": "skirt", "silhouette": silhouette, "length": length}
    spec = figured(spec_of_values({**TEAL, **narrow}), pose=pose)
    figure = Figure.of(spec)
    garment = cut(spec, figure)

    assert garment.half_width(garment.hem) > figure.half_across_legs(garment.hem)


def test_wide_sleeves_begin_lower_than_close_ones():
    wide, close = (
        spec_of_values({**TEAL, "category": "sweater", "neckline": "crew neck", "fit": fit})
        for fit in ("oversized", "slim fit")
    )
    tips = [cut(spec, Figure.of(spec)).neckline[-1] for spec in (wide, close)]

    assert tips[0][0] > tips[1][0] + 2
    assert tips[0][1] > tips[1][1] + 2


@pytest.mark.parametrize("pose", FAMILIES["pose"])
@pytest.mark.parametrize("back", [False, True])
def test_a_posture_can_be_undone(pose, back):
    spec = figured(spec_of_values({**TEAL, "category": "dress"}), pose=pose)
    posture = Figure.of(spec, back).posture
    across, along = np.meshgrid(np.linspace(20, 108, 9), np.linspace(40, 230, 20))
    points = (across + 1j * along).ravel()

    assert np.abs(posture.straight(posture.warp(points)) - points).max() < 0.3


@pytest.mark.parametrize("leg", ["straight-leg", "wide-leg"])
@pytest.mark.parametrize("build", FAMILIES["build"])
def test_short_legs_hang_beside_each_other(leg, build):
    spec = figured(spec_of_values({**TEAL, "category": "shorts", "leg": leg}), build=build)
    figure = Figure.of(spec)
    one, other = sorted(cut(spec, figure).legs, key=lambda piece: piece.side)

    assert one.inner[-1].real < other.inner[-1].real


@pytest.mark.parametrize("length", ["mini", "knee-length"])
@pytest.mark.parametrize("silhouette", ["straight", "pencil", "a-line"])
def test_no_skirt_is_narrower_than_the_hips(length, silhouette):
    usual = spec_of_values(
        {**TEAL, "category": "skirt", "fit": "slim fit", "length": length, "silhouette": silhouette}
    )
    spec = DesignSpec(usual.outfit, usual.measures.but(flare=-1.0))
    figure = Figure.of(spec)

    assert cut(spec, figure).half_width(HIP) > figure.hip


def test_what_drops_from_a_shoulder_hides_the_shoulders_of_a_tee():
    """A tee's white shoulders were seen above those of an oversized jacket."""
    jacket = {"category": "jacket", "fit": "oversized", "neckline": "v-neck", "colour": "fuchsia"}
    spec = spec_of_values({**jacket, "closure": "double-breasted", "hair": "bun"})
    garment = cut(spec, Figure.of(spec))
    tip, over = (complex(*place) for place in garment.neckline[:2])
    above = garment.figure.posture.warp(tip + (over - tip) * shares(9) - 1.3j)
    image = np.asarray(picture(draw_croquis(spec), 1024)).astype(int)
    pixels = image[((above.imag + 4) * 4).astype(int), (above.real * 4).astype(int)]

    assert np.abs(pixels - GROUND).max() < 12
