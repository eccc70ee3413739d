import random

import pytest

from studio.design.colours import Lab, hex_of
from studio.design.dyes import TRIM_COLOURED, dyes_of, print_told, proportions_told
from studio.design.families import FAMILIES
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.croquis import draw_croquis
from training.atelier.world import sample_design

STRANGE = Lab(55.0, 90.0, -90.0)
"""A colour that no dye of the world is near to."""


def is_drawn_in(design: DesignSpec, **change: Lab) -> bool:
    """Whether a measure can be seen in the drawing of a design."""
    changed = DesignSpec(design.outfit, design.measures.but(**change))
    return draw_croquis(changed) != draw_croquis(design)


@pytest.mark.parametrize("seed", range(16))
def test_the_colours_that_are_told_are_those_that_are_drawn(seed):
    design = sample_design(random.Random(seed))

    parts = {dye.part for dye in dyes_of(design)}

    assert is_drawn_in(design, colour=STRANGE)
    assert is_drawn_in(design, second_colour=STRANGE) == ("print" in parts)
    assert is_drawn_in(design, trim_colour=STRANGE) == ("trim" in parts)


@pytest.mark.parametrize(
    ("family", "value"), [(family, value) for family in TRIM_COLOURED for value in FAMILIES[family]]
)
def test_a_detail_is_told_in_the_trims_colour_where_it_is_drawn_so(family, value):
    design = spec_of_values({family: value})

    has_trim = "trim" in {dye.part for dye in dyes_of(design)}

    assert is_drawn_in(design, trim_colour=STRANGE) == has_trim
    assert has_trim or value not in TRIM_COLOURED[family]


def test_a_dye_has_its_exact_value_and_the_nearest_name():
    design = spec_of_values({"category": "dress", "colour": "navy", "pattern": "polka dots"})
    design = DesignSpec(design.outfit, design.measures.but(colour=Lab(13.0, 8.0, -30.0)))

    cloth, printed = dyes_of(design)

    assert (cloth.part, cloth.name, cloth.hex) == ("cloth", "navy", hex_of(Lab(13.0, 8.0, -30.0)))
    assert printed.hex == hex_of(design.measures.second_colour)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "1.00 × the usual size"),
        ({"print_scale": 1.5}, "1.50 × the usual size"),
        ({"print_angle": 45.0}, "1.00 × the usual size, turned 45° clockwise"),
        ({"print_angle": -12.4}, "1.00 × the usual size, turned 12° anticlockwise"),
    ],
)
def test_a_print_is_told_by_its_size_and_how_it_lies(change, told):
    design = spec_of_values({"category": "dress", "pattern": "floral"})

    assert print_told(DesignSpec(design.outfit, design.measures.but(**change))) == told


def test_a_print_is_told_as_it_is_drawn():
    for pattern, told in (
        ("vertical stripes", "1.00 × the usual size"),
        ("gingham", "1.00 × the usual size, turned 4° clockwise"),
    ):
        design = spec_of_values({"category": "dress", "pattern": pattern})
        turned = DesignSpec(design.outfit, design.measures.but(print_angle=45.0))

        assert print_told(turned) == told


def test_a_plain_cloth_has_no_print_to_tell():
    assert print_told(spec_of_values({"category": "dress", "pattern": "solid"})) == ""


def test_proportions_are_told_where_they_are_unusual_and_there_is_something_to_see():
    skirt = spec_of_values({"category": "skirt", "silhouette": "a-line"})
    changed = skirt.measures.but(length=0.42, flare=-0.3, sleeve_length=0.9, neck_depth=1.0)

    assert proportions_told(skirt) == ()
    assert proportions_told(DesignSpec(skirt.outfit, changed)) == ("length +0.4", "flare −0.3")


def test_a_colour_has_the_name_that_was_typed_for_it():
    design = spec_of_values({"category": "dress", "colour": "pink"})

    assert dyes_of(design)[0].name == "pink"
    assert dyes_of(design, {"colour": "dusty rose"})[0].name == "dusty rose"


@pytest.mark.parametrize(
    ("colour", "name"), [(Lab(100.0, -30.0, 8.0), "white"), (Lab(0.0, 60.0, -60.0), "black")]
)
def test_a_colour_too_strong_for_a_screen_has_the_name_of_what_is_shown(colour, name):
    design = sample_design(random.Random(1), pattern="floral")
    measures = design.measures.but(second_colour=colour)

    [dye] = [each for each in dyes_of(DesignSpec(design.outfit, measures)) if each.part == "print"]

    assert dye.name == name
