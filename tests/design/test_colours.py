from itertools import product

import pytest

from studio.design.colours import (
    COLOUR_NAMES,
    NAMED_COLOURS,
    Lab,
    hex_of,
    lab_of,
    nearest_colour_name,
    rgb_of,
)
from studio.design.families import FAMILIES


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [  # as published for sRGB under D65
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((119, 119, 119), (50.03, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((255, 255, 0), (97.14, -21.55, 94.48)),
        ((0, 255, 255), (91.11, -48.09, -14.13)),
    ],
)
def test_known_colours_have_their_published_numbers(rgb, lab):
    assert lab_of(rgb) == pytest.approx(lab, abs=0.04)


def test_every_colour_of_a_screen_survives_the_way_there_and_back():
    levels = (0, 1, 9, 10, 11, 37, 128, 200, 254, 255)
    for red, green, blue in product(levels, repeat=3):
        assert rgb_of(lab_of((red, green, blue))) == (red, green, blue)


@pytest.mark.parametrize(
    "colour",
    [Lab(50, 127, 127), Lab(50, -128, 127), Lab(0, 60, -60), Lab(100, 90, 0), Lab(30, 0, -128)],
)
def test_what_no_screen_can_show_keeps_its_lightness_and_loses_strength(colour):
    shown = lab_of(rgb_of(colour))

    assert shown.lightness == pytest.approx(colour.lightness, abs=1.5)
    assert abs(shown.a) <= abs(colour.a) + 0.5
    assert abs(shown.b) <= abs(colour.b) + 0.5


def test_a_colour_is_written_as_people_paste_it():
    assert hex_of(lab_of((122, 34, 49))) == "#7A2231"
    assert hex_of(Lab(0, 0, 0)) == "#000000"


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_every_named_colour_is_nearest_to_itself(name):
    assert nearest_colour_name(NAMED_COLOURS[name]) == name
    assert rgb_of(NAMED_COLOURS[name]) == COLOUR_NAMES[name]


def test_the_names_are_the_values_of_the_colour_family():
    assert tuple(COLOUR_NAMES) == FAMILIES["colour"]


def test_distances_and_the_way_to_another_colour_are_those_of_space():
    black, white = Lab(0, 0, 0), Lab(100, 0, 0)

    assert black.distance(white) == 100
    assert Lab(50, 3, 4).distance(Lab(50, 0, 0)) == 5
    assert black.towards(white, 0.25) == Lab(25, 0, 0)
    assert black.towards(white, 0.0) == black
    assert black.towards(white, 1.0) == white
