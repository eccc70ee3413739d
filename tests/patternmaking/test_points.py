import random
from itertools import pairwise

import pytest

from studio.design.families import FAMILIES
from studio.design.spec import spec_of_values
from studio.domain import DesignError
from studio.drawing import figure
from studio.patternmaking.body import BODY, Body
from studio.patternmaking.curves import monotone
from studio.patternmaking.landmarks import FIGURE, HEM_HEIGHTS, down_cm, levels
from studio.patternmaking.point_names import POINT_NAMES
from studio.patternmaking.points import points_of_measure, size_run
from studio.patternmaking.sizes import BASE, size_of, usual_run
from training.atelier.world import sample_design

SHRINKING = {"inseam"}  # floor - rise: the rise grows faster than the floor moves away


def designs(count: int, seed: int = 3):
    rng = random.Random(seed)
    return [sample_design(rng) for _ in range(count)]


def test_the_body_is_the_proposed_one():
    body = Body(size_of("EU 34"))

    assert (body["bust"], body["waist"], body["hip"]) == (80, 64, 88)
    assert Body(size_of("EU 46")).inseam == pytest.approx(76.8)
    assert Body().inseam == Body()["waist to floor"] - Body()["body rise"] == 78
    assert all(measure.source for measure in BODY.values())


def test_landmarks_are_where_the_figure_has_them():
    drawn = {name: getattr(figure, name.upper()) for name in ("waist", "hip", "crotch", "knee")}
    drawn |= {"ankle": figure.ANKLE, "floor": figure.FLOOR}

    assert {name: FIGURE[name] for name in drawn} == drawn
    for name, height in FIGURE.items():
        assert down_cm(height, Body()) == pytest.approx(levels(Body())[name])


def test_longer_hems_are_longer_on_the_body():
    lengths = [down_cm(HEM_HEIGHTS[name], Body()) for name in HEM_HEIGHTS]
    assert lengths == sorted(lengths)


@pytest.mark.parametrize(
    ("text", "eu"), [("38", 38), ("eu 38", 38), (" US 8 ", 38), ("m", 41), ("XS", 33)]
)
def test_sizes_are_read_as_people_write_them(text, eu):
    assert size_of(text).eu == eu


@pytest.mark.parametrize(
    "text", ["", "39", "US 7", "EU 4000000000", "UK 12", "EU -38", "٣٨", "M L"]
)
def test_what_is_no_size_is_told(text):
    with pytest.raises(DesignError, match=r"\.$"):
        size_of(text)


def test_every_value_of_every_family_can_be_measured():
    for family, values in FAMILIES.items():
        for value in values:
            points = points_of_measure(spec_of_values({family: value}))
            assert len(points) >= 4
            assert all(0 < point.value_cm < 260 for point in points)
            assert all(point.tolerance_cm > 0 for point in points)
            assert {point.provenance for point in points} == {"derived"}


def test_letters_and_keys_tell_points_apart():
    seen = set()
    for spec in designs(150):
        points = points_of_measure(spec)
        letters = [point.letter for point in points]
        assert letters == sorted(set(letters))
        assert not {"I", "O"} & set(letters)
        seen |= {point.key for point in points}
    assert seen == set(POINT_NAMES)


@pytest.mark.parametrize("system", ["EU", "US", "letters"])
def test_sizes_grow_monotonically(system):
    for spec in designs(40):
        for point, values in size_run(spec, usual_run(system)).rows:
            pairs = list(pairwise(values))
            if point.key in SHRINKING:
                assert all(a >= b for a, b in pairs), (point.key, values)
            else:
                assert all(a <= b for a, b in pairs), (point.key, values)


def test_a_run_says_what_each_size_alone_says():
    spec = designs(1)[0]
    run = size_run(spec, [size_of("S"), BASE, size_of("US 14")])

    for place, size in enumerate(run.sizes):
        alone = [point.value_cm for point in points_of_measure(spec, size)]
        assert [row.values[place] for row in run.rows] == alone
    assert [row.point.value_cm for row in run.rows] == [row.values[1] for row in run.rows]
    with pytest.raises(ValueError, match="at least one size"):
        size_run(spec, [])


def test_halves_and_whole_girths_agree():
    for spec in designs(60):
        for point in points_of_measure(spec):
            whole = point.girth_cm
            assert (whole == 2 * point.value_cm) if point.half else whole is None


def test_the_inseam_is_the_outseam_less_the_rise():
    for spec in designs(200):
        found = {point.key: point.value_cm for point in points_of_measure(spec)}
        if "inseam" in found:
            assert found["inseam"] == pytest.approx(found["outseam"] - found["rise"], abs=0.11)


@pytest.mark.parametrize(
    ("measure", "key"),
    [
        ("length", "body_length"),
        ("ease", "chest"),
        ("flare", "hem"),
        ("neck_depth", "front_drop"),
        ("sleeve_length", "sleeve_length"),
        ("sleeve_volume", "upper_arm"),
    ],
)
def test_the_design_s_own_measures_count(measure, key):
    values = {"category": "dress", "silhouette": "a-line", "length": "midi"}
    values |= {"sleeve length": "long sleeves", "sleeve shape": "straight sleeves"}
    spec = spec_of_values(values)
    found = []
    for share in (-1.0, 0.0, 1.0):
        changed = type(spec)(spec.outfit, spec.measures.but(**{measure: share}))
        found.append({p.key: p.value_cm for p in points_of_measure(changed)}[key])
    assert found[0] < found[1] < found[2]


def test_a_curve_goes_through_its_knots_and_never_beyond():
    knots = [(0.0, 4.0), (2.0, 4.0), (5.0, 1.0), (6.0, 8.0)]
    assert [monotone(knots, x) for x, _ in knots] == [y for _, y in knots]
    between = [monotone(knots, 2 + step / 20 * 3) for step in range(21)]
    assert between == sorted(between, reverse=True)
    assert monotone(knots, -9) == 4.0
    assert monotone(knots, 99) == 8.0


@pytest.mark.parametrize(
    ("values", "there", "missing"),
    [
        ({"category": "cape"}, {"shoulders", "hem"}, {"chest", "waist", "armhole"}),
        ({"category": "swimsuit"}, {"leg_opening", "chest"}, {"hem", "hip", "inseam"}),
        (
            {"category": "dungarees"},
            {"bib_height", "bib_width", "strap_width", "inseam"},
            {"chest"},
        ),
        ({"leg": "joggers"}, {"leg_cuff", "waistband"}, {"bib_height"}),
        ({"category": "kimono"}, {"upper_arm", "sleeve_length"}, {"cuff"}),
        ({"category": "jumpsuit", "length": "mini"}, {"inseam", "full_length"}, {"knee"}),
        ({"category": "waistcoat"}, {"armhole", "hem"}, {"sleeve_length"}),
    ],
)
def test_a_garment_is_measured_where_it_has_a_place_for_it(values, there, missing):
    keys = {point.key for point in points_of_measure(spec_of_values(values))}

    assert there <= keys
    assert not missing & keys
