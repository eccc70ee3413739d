import math
import random

import pytest

from studio.design.colours import COLOUR_NAMES, NAMED_COLOURS, Lab, nearest_colour_name
from studio.design.measures import (
    COLOURS,
    MEASURES,
    RANGES,
    SEEN_APART,
    Measures,
    in_range,
    lab_in_range,
    named_so,
    seen_beside,
    typical_measures,
)
from training.atelier.world import sample_measures, sample_outfit

RED, CREAM = NAMED_COLOURS["red"], Lab(95.0, 0.0, 8.0)


def some(**changes: object) -> Measures:
    return Measures(
        **{"colour": RED, "second_colour": CREAM, "trim_colour": CREAM, **changes}  # type: ignore[arg-type]
    )


def test_colours_come_first_among_the_names():
    assert (*COLOURS, *RANGES) == MEASURES


def test_measures_are_rounded_so_that_they_survive_being_written():
    measures = some(colour=Lab(41.23456, 1 / 3, -0.005001), length=0.123456789, print_angle=1e-9)

    assert measures.colour == Lab(41.23, 0.33, -0.01)
    assert (measures.length, measures.print_angle) == (0.1235, 0.0)
    assert measures == some(colour=measures.colour, length=0.1235)


@pytest.mark.parametrize("name", RANGES)
def test_the_ends_of_a_range_belong_to_it_and_beyond_them_is_refused(name):
    low, high = RANGES[name]
    for number in (low, high):
        assert getattr(some(**{name: number}), name) == number
    for number in (low - 0.01, high + 0.01):
        with pytest.raises(ValueError, match=name):
            some(**{name: number})


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    "number", [math.nan, math.inf, -math.inf, True, False, "1", None, [1.0], 1j, 10**400]
)
def test_what_is_no_number_is_refused(name, number):
    with pytest.raises((ValueError, OverflowError)):
        some(**{name: number})


@pytest.mark.parametrize("name", COLOURS)
@pytest.mark.parametrize(
    "colour",
    [
        Lab(-0.1, 0, 0),
        Lab(100.1, 0, 0),
        Lab(50, -128.1, 0),
        Lab(50, 0, 127.1),
        Lab(math.nan, 0, 0),
        Lab(50, math.inf, 0),
        Lab(True, 0, 0),
        Lab("50", 0, 0),  # type: ignore[arg-type]
        (50.0, 0.0),
        (50.0, 0.0, 0.0, 0.0),
    ],
)
def test_what_is_no_colour_is_refused(name, colour):
    with pytest.raises(ValueError, match=r"."):
        some(**{name: colour})


def test_a_changed_measure_leaves_the_first_ones_as_they_were():
    before = some()

    assert before.but(length=0.5).length == 0.5
    assert before.length == 0.0
    with pytest.raises(ValueError, match="length"):
        before.but(length=2.0)


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_the_usual_measures_have_the_colours_name_and_a_second_one_that_shows(name):
    measures = typical_measures({"colour": name})

    assert nearest_colour_name(measures.colour) == name
    assert measures.colour.distance(measures.second_colour) >= SEEN_APART
    assert measures.colour.distance(measures.trim_colour) >= SEEN_APART
    assert (measures.print_scale, measures.print_angle, measures.length) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_a_colour_that_must_have_a_name_comes_as_near_as_it_can(name):
    for other in NAMED_COLOURS.values():
        assert nearest_colour_name(named_so(other, name)) == name
    assert named_so(NAMED_COLOURS[name], name) == NAMED_COLOURS[name]


def test_a_second_colour_always_shows_beside_the_first():
    grid = [Lab(light, a, b) for light in (0, 20, 50, 80, 100) for a in (-60, 0, 60) for b in (0,)]
    for ground in grid:
        for colour in grid:
            assert seen_beside(colour, ground).distance(ground) >= SEEN_APART - 1e-9
    assert seen_beside(CREAM, RED) is CREAM


def test_numbers_are_brought_into_their_ranges():
    assert in_range("print_scale", 9.0) == 2.0
    assert in_range("length", -3.0) == -1.0
    assert in_range("length", 0.25) == 0.25
    assert lab_in_range(Lab(120, -200, 10)) == Lab(100, -128, 10)


def test_the_worlds_measures_are_in_range_and_named_as_the_outfit_says():
    rng = random.Random(3)
    for _ in range(200):
        outfit = sample_outfit(rng)
        measures = sample_measures(outfit, rng)  # checks ranges itself
        assert nearest_colour_name(measures.colour) == outfit["colour"]
