import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import numpy as np
import pytest

from studio.design.colours import Lab
from studio.design.families import FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import RANGES, typical_measures
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.croquis import GROUND, View, draw_croquis
from studio.drawing.engine import ENGINE_VERSION, fingerprint
from studio.drawing.figure import CENTRE, SIDES, Figure
from studio.drawing.garment import cut
from studio.drawing.raster import picture
from training.atelier.world import sample_design

NOTHING: Mapping[str, str] = MappingProxyType({})
# Values that the rules seldom or never let a design exchange for another one and keep the rest.
NOT_EXCHANGED = {NONE, "sleeveless", *FAMILIES["category"]}
# Designs in which a measure has something to act upon.
ACTS_UPON = {
    "neck_depth": {"neckline": "v-neck"},
    "sleeve_length": {"sleeve_length": "short sleeves"},
    "sleeve_volume": {"sleeve_length": "long sleeves"},
}


def designs(count: int, seed: int = 5, fixed: Mapping[str, str] = NOTHING) -> Iterator[DesignSpec]:
    rng = random.Random(seed)
    return (sample_design(rng, **fixed) for _ in range(count))


def drawn(spec: DesignSpec, height_px: int = 256) -> np.ndarray:
    return np.asarray(picture(draw_croquis(spec), height_px))


def pair_that_differs_in(family: str, value: str) -> tuple[DesignSpec, DesignSpec] | None:
    """Two designs that break no rule: one with the value, one with another of its family."""
    for spec in designs(24, fixed={family.replace(" ", "_"): value}):
        others = [other for other in GARMENT_RULES.allowed(family, spec.outfit) if other != value]
        if others:
            outfit = spec.outfit.but(**{family.replace(" ", "_"): others[-1]})
            return spec, DesignSpec(outfit, spec.measures)
    return None


def test_the_engine_draws_what_models_were_trained_on():
    assert fingerprint() == ENGINE_VERSION, "say so in ENGINE_VERSION, and train models again"


def test_a_design_gives_the_same_picture_each_time():
    for spec in designs(10):
        again = DesignSpec.from_json(spec.to_json())
        assert np.array_equal(drawn(spec), drawn(again))


@pytest.mark.parametrize("height_px", [64, 256, 384, 1024])
def test_a_picture_is_half_as_wide_as_high(height_px):
    [spec] = designs(1)

    image = picture(draw_croquis(spec), height_px)

    assert image.size == (height_px // 2, height_px)
    assert image.mode == "RGB"


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "colour"])
def test_every_value_can_be_told_from_another_one_of_its_family(family):
    pairs = {value: pair_that_differs_in(family, value) for value in FAMILIES[family]}
    compared = {value: pair for value, pair in pairs.items() if pair}

    same = [value for value, (one, other) in compared.items() if (drawn(one) == drawn(other)).all()]

    assert not same
    assert compared
    assert pairs.keys() - compared.keys() <= NOT_EXCHANGED


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("pattern", ["floral", "gingham", "ombre", "colour block"])
def test_every_measure_shows_where_it_applies(name, pattern):
    for spec in designs(
        2, fixed={**ACTS_UPON.get(name, {}), "category": "dress", "pattern": pattern}
    ):
        usual = typical_measures(spec.outfit)
        middle = drawn(DesignSpec(spec.outfit, usual)).astype(int)
        for end in RANGES[name]:
            image = drawn(DesignSpec(spec.outfit, usual.but(**{name: end}))).astype(int)

            assert np.abs(image - middle).max() > 30


@pytest.mark.parametrize("category", FAMILIES["category"])
def test_every_category_has_a_length_and_a_width_of_its_own(category):
    for spec in designs(2, fixed={"category": category}):
        for name in ("length", "ease"):
            ends = [DesignSpec(spec.outfit, spec.measures.but(**{name: end})) for end in (-1, 1)]
            assert (drawn(ends[0]) != drawn(ends[1])).any()


@pytest.mark.parametrize(
    ("colour", "fixed"),
    [
        ("colour", {}),
        ("second_colour", {"pattern": "polka dots"}),
        ("trim_colour", {"bow": "neck bow"}),
    ],
)
def test_the_exact_colours_are_those_of_the_picture(colour, fixed):
    for spec in designs(3, fixed={**fixed, "fabric": "cotton", "trim": "none"}):
        orange = spec.measures.but(**{colour: Lab(65.0, 50.0, 60.0)})
        image = drawn(DesignSpec(spec.outfit, orange), 1024).reshape(-1, 3).astype(int)

        near = np.abs(image - (245, 125, 48)).max(axis=1) < 12

        assert near.mean() > 0.0005


@pytest.mark.parametrize("category", FAMILIES["category"])
def test_nothing_leaves_the_page(category):
    for spec in designs(4, fixed={"category": category}):
        for end in (-1.0, 1.0):
            measures = spec.measures.but(length=end, flare=1.0, ease=end, sleeve_volume=1.0)
            drawing = draw_croquis(DesignSpec(spec.outfit, measures))
            left, top, right, bottom = drawing.reach()

            assert left >= drawing.page[0]
            assert top >= drawing.page[1]
            assert right <= drawing.page[2]
            assert bottom <= drawing.page[3]
        assert tuple(drawn(DesignSpec(spec.outfit, measures))[0, 0]) == GROUND


def test_every_design_that_the_rules_permit_can_be_drawn():
    for spec in designs(100, seed=11):
        draw_croquis(spec)


@pytest.mark.parametrize("category", FAMILIES["category"])
def test_every_design_can_be_seen_from_behind(category):
    for spec in designs(3, seed=4, fixed={"category": category}):
        back = draw_croquis(spec, "back")
        left, top, right, bottom = back.reach()

        assert left >= back.page[0]
        assert top >= back.page[1]
        assert right <= back.page[2]
        assert bottom <= back.page[3]
        assert (np.asarray(picture(back, 256)) != drawn(spec)).any()


@pytest.mark.parametrize("pattern", ["horizontal stripes", "vertical stripes"])
def test_a_print_angle_never_turns_stripes_that_are_named_by_their_direction(pattern):
    for spec in designs(2, fixed={"category": "dress", "pattern": pattern}):
        straight, turned = (
            drawn(DesignSpec(spec.outfit, spec.measures.but(print_angle=angle)))
            for angle in (0.0, 45.0)
        )
        assert np.array_equal(straight, turned)


@pytest.mark.parametrize("build", FAMILIES["build"])
@pytest.mark.parametrize("pose", FAMILIES["pose"])
@pytest.mark.parametrize("leg", [leg for leg in FAMILIES["leg"] if leg != NONE])
def test_trouser_legs_have_no_corner_from_waist_to_thigh(build, pose, leg):
    pulled_on = leg in ("leggings", "joggers")  # no jumpsuit has such legs
    for category in ("trousers",) if pulled_on else ("trousers", "jumpsuit"):
        spec = next(designs(1, fixed={"category": category, "build": build, "leg": leg}))
        spec = DesignSpec(spec.outfit.but(pose=pose), spec.measures)
        for piece in cut(spec, Figure.of(spec)).legs:
            along = np.diff(piece.outer[:12])
            turns = np.abs(np.degrees(np.angle(along[1:] / along[:-1])))

            assert turns.max() < 16


@pytest.mark.parametrize(
    "neckline", ["crew neck", "boat neck", "v-neck", "one-shoulder", "plunging neck"]
)
@pytest.mark.parametrize("pose", FAMILIES["pose"])
def test_no_ground_shows_between_a_bare_arm_and_the_armhole(neckline, pose):
    fixed = {"neckline": neckline, "pose": pose, "sleeve_length": "sleeveless", "bow": "none"}
    plain = {"category": "dress", "hair": "bun", "collar": "none", "trim": "none"}
    for spec in designs(3, seed=2, fixed={**fixed, **plain}):
        garment = cut(spec, Figure.of(spec))
        image = np.asarray(picture(draw_croquis(spec), 1024)).astype(int)
        holes = [hole for side in SIDES if (hole := garment.armhole(side)) is not None]
        assert holes
        for hole in holes:
            outwards = np.sign(hole[1].real - CENTRE) * 1.2
            spots = (np.array([hole[1], (hole[1] + hole[2]) / 2]) + outwards + 4j) * 4
            for spot in spots:
                pixel = image[round(spot.imag), round(spot.real)]

                assert np.abs(pixel - GROUND).max() > 4


def skin_at(spec: DesignSpec, view: View, *places: tuple[float, float]) -> list[bool]:
    """Whether bare skin is seen at places of the straight figure, as shares of its half width."""
    figure = Figure.of(spec, view == "back")
    garment = cut(spec, figure)
    image = np.asarray(picture(draw_croquis(spec, view), 1024)).astype(int)
    found = []
    for share, y in places:
        spot = figure.posture.one(CENTRE + share * garment.half_width(y), y) + 4j
        pixel = image[round(spot.imag * 4), round(spot.real * 4)]
        found.append(bool(np.abs(pixel - figure.skin).max() < 40))
    return found


TEAL = {"category": "dress", "colour": "teal", "hair": "bun", "pose": "standing", "fit": "slim fit"}


def test_an_open_back_is_bare_to_the_waist_behind_and_closed_at_the_front():
    spec = spec_of_values({**TEAL, "neckline": "open back"})

    assert skin_at(spec, "back", (0.3, 56.0), (0.3, 74.0)) == [True, True]
    assert skin_at(spec, "back", (0.3, 92.0)) == [False]
    assert skin_at(spec, "front", (0.3, 56.0), (0.3, 74.0)) == [False, False]


@pytest.mark.parametrize("view", ["front", "back"])
def test_cut_outs_show_skin_at_both_sides_above_the_waist(view):
    spec = spec_of_values({**TEAL, "trim": "cut-outs", "neckline": "crew neck"})

    assert skin_at(spec, view, (-0.75, 74.0), (0.0, 74.0), (0.75, 74.0)) == [True, False, True]
    assert skin_at(spec, view, (-0.75, 92.0), (0.75, 92.0)) == [False, False]


def test_a_plunging_neck_is_deeper_than_the_deepest_v():
    plunging, vee = (
        spec_of_values({**TEAL, "neckline": neckline, "sleeve length": "sleeveless"})
        for neckline in ("plunging neck", "v-neck")
    )
    deepest = DesignSpec(vee.outfit, vee.measures.but(neck_depth=1.0))
    highest = DesignSpec(plunging.outfit, plunging.measures.but(neck_depth=-1.0))

    assert cut(highest, Figure.of(highest)).top > cut(deepest, Figure.of(deepest)).top


@pytest.mark.parametrize("view", ["front", "back"])
def test_arms_are_bare_below_caps_and_covered_by_them_above(view):
    spec = spec_of_values({**TEAL, "sleeve length": "short sleeves", "sleeve shape": "cap sleeves"})
    figure = Figure.of(spec, view == "back")
    image = np.asarray(picture(draw_croquis(spec, view), 1024)).astype(int)
    for side in SIDES:
        for place, bare in ((0.08, False), (0.3, True)):
            spot = (complex(figure.arms[side].on(place)) + 4j) * 4
            pixel = image[round(spot.imag), round(spot.real)]

            assert (np.abs(pixel - figure.skin).max() < 60) == bare


def test_a_handkerchief_hem_hangs_in_points():
    spec = spec_of_values({**TEAL, "hem": "handkerchief hem", "length": "midi"})
    edge = cut(spec, Figure.of(spec)).edge

    points, between = edge.height_at([-1.0, 0.0, 1.0]), edge.height_at([-0.5, 0.5])

    assert points.min() > between.max() + 8


def test_two_threads_draw_the_same_as_one():
    specs = list(designs(16, seed=3))
    one_after_another = [drawn(spec).tobytes() for spec in specs]

    with ThreadPoolExecutor(2) as threads:
        side_by_side = [image.tobytes() for image in threads.map(drawn, specs)]

    assert side_by_side == one_after_another
