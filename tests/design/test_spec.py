import json
import random
from typing import Any

import pytest

from studio.design.colours import Lab, nearest_colour_name
from studio.design.families import FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import MEASURES, RANGES
from studio.design.spec import MAX_SPEC_CHARACTERS, SPEC_VERSION, DesignSpec, spec_of_values
from studio.domain import DesignError, StudioError
from training.atelier.world import sample_design


def a_design(seed: int = 1) -> DesignSpec:
    drawn = sample_design(random.Random(seed))
    return DesignSpec(
        drawn.outfit,
        drawn.measures,
        asked=frozenset({"category", "neckline"}),
        repaired=frozenset({"closure"}),
        fixed=frozenset({"colour", "sleeve_length"}),
    )


def record_of(**changes: object) -> dict[str, Any]:
    return {**json.loads(a_design().to_json()), **changes}


def test_every_design_of_the_world_survives_being_written():
    for seed in range(200):
        design = a_design(seed)
        again = DesignSpec.from_json(design.to_json())
        assert again == design
        assert hash(again) == hash(design)
        assert again.to_json() == design.to_json()


def test_the_same_design_gives_the_same_text_in_one_short_line():
    text = a_design().to_json()

    assert text == a_design().to_json()
    assert "\n" not in text
    assert len(text) < 2_000


def test_another_program_may_write_it_in_another_order_and_with_spaces():
    record = dict(reversed(record_of().items()))
    record["values"] = dict(reversed(record["values"].items()))

    assert DesignSpec.from_json(json.dumps(record, indent=2)) == a_design()


def test_who_chose_a_value_is_told():
    design = a_design()

    assert design.origin("neckline") == "asked"
    assert design.origin("closure") == "repaired"
    assert design.origin("colour") == "person"
    assert design.origin("sleeve_length") == "person"
    assert design.origin("hair") == "generated"


def test_the_sets_may_be_left_out():
    record = record_of()
    for name in ("asked", "repaired", "fixed"):
        del record[name]

    assert DesignSpec.from_json(json.dumps(record)).origin("neckline") == "generated"


@pytest.mark.parametrize("version", [None, 0, 2, 99, "1", [1], {}])
def test_another_version_is_told_with_both_numbers(version):
    with pytest.raises(DesignError, match=rf"reads version {SPEC_VERSION}"):
        DesignSpec.from_json(json.dumps(record_of(version=version)))


def test_a_design_that_is_too_long_is_refused_before_it_is_read():
    text = record_of()
    text["note"] = "x" * MAX_SPEC_CHARACTERS

    with pytest.raises(DesignError, match=f"{MAX_SPEC_CHARACTERS:,}"):
        DesignSpec.from_json(json.dumps(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "3",
        "[]",
        '"dress"',
        "{}",
        "\x00",
        "[" * 16_000,
        '{"version":' * 1_000,
        '{"version": 1}',
        '{"version": 1, "values": {}, "measures": {}}',
        '{"version": 1, "values": [], "measures": []}',
        '{"version": 1, "values": null, "measures": null}',
        "9" * 10_000,
    ],
)
def test_what_is_no_design_is_refused_with_a_sentence(text):
    with pytest.raises(DesignError, match=r"^This design "):
        DesignSpec.from_json(text)


@pytest.mark.parametrize(
    "values",
    [
        {"colour": "infra-red"},
        {"colour": "NAVY"},
        {"colour": None},
        {"colour": 3},
        {"colour": ["navy"]},
        {"colour": {"navy": 1}},
        {"wings": "two"},
        {"colour": "\ud800"},
        {"\ud800": "navy"},
        {"colour": "<script>alert(1)</script>" * 300},
    ],
)
def test_a_value_that_is_not_known_is_refused_in_a_sentence_that_can_be_shown(values):
    record = record_of()
    record["values"] = {**record["values"], **values}

    with pytest.raises(DesignError) as told:
        DesignSpec.from_json(json.dumps(record))

    sentence = str(told.value)
    assert sentence.encode("utf-8")
    assert len(sentence) < 400


def test_a_missing_family_is_refused():
    record = record_of()
    del record["values"]["shoes"]

    with pytest.raises(DesignError, match="shoes"):
        DesignSpec.from_json(json.dumps(record))


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize(
    "number",
    [
        *("NaN", "Infinity", "-Infinity", "true", "false", "null", '"0.5"', "[0.5]", "{}"),
        *("99", "-99", "1e400", "1" + "0" * 400, "-1" + "0" * 400),
    ],
)
def test_a_measure_that_is_no_number_in_its_range_is_refused(name, number):
    text = json.dumps(record_of())
    measure = json.dumps(record_of()["measures"][name])
    text = text.replace(f'"{name}": {measure}', f'"{name}": {number}')
    assert number in text

    with pytest.raises(DesignError):
        DesignSpec.from_json(text)


@pytest.mark.parametrize(
    "colour",
    [
        None,
        "red",
        "abc",
        7,
        True,
        [],
        [50, 0],
        [50, 0, 0, 0],
        [50, 0, "0"],
        [True, 0, 0],
        [float("nan"), 0, 0],
        [101, 0, 0],
        [50, 200, 0],
        {"lightness": 50, "a": 0, "b": 0},
        [[50], [0], [0]],
        [10**400, 0, 0],
    ],
)
def test_what_is_no_colour_is_refused(colour):
    record = record_of()
    record["measures"]["second_colour"] = colour

    with pytest.raises(DesignError):
        DesignSpec.from_json(json.dumps(record))


def test_measures_must_be_all_there_and_no_more():
    for change in ({"weight": 1.0}, None):
        record = record_of()
        if change is None:
            del record["measures"]["ease"]
        else:
            record["measures"] |= change
        with pytest.raises(DesignError, match=r"measures must be colour, .*print_angle"):
            DesignSpec.from_json(json.dumps(record))


@pytest.mark.parametrize("name", ["asked", "repaired", "fixed"])
@pytest.mark.parametrize(
    "listed", ["colour", {"colour": 1}, None, 3, ["wings"], [3], [None], [["colour"]], [{}]]
)
def test_who_chose_what_names_families_that_there_are(name, listed):
    with pytest.raises(DesignError):
        DesignSpec.from_json(json.dumps(record_of(**{name: listed})))


def test_a_design_that_breaks_a_rule_is_refused_and_the_rule_is_told():
    record = record_of()
    outfit = dict(spec_of_values({"category": "skirt"}).outfit)
    record["values"] = {**outfit, "neckline": "v-neck"}

    with pytest.raises(DesignError, match=r"“skirt” does not go with “neckline: v-neck”"):
        DesignSpec.from_json(json.dumps(record))


def test_what_is_wrong_with_a_design_is_something_a_person_can_put_right():
    with pytest.raises(StudioError):
        DesignSpec.from_json("{")


def test_known_words_alone_make_a_whole_design_of_usual_measures():
    design = spec_of_values({"category": "dress", "colour": "navy"}, asked={"category", "colour"})

    assert (design["category"], design["colour"]) == ("dress", "navy")
    assert GARMENT_RULES.broken(design.outfit) == []
    assert design.origin("colour") == "asked"
    assert design.origin("fabric") == "generated"
    assert nearest_colour_name(design.measures.colour) == "navy"
    assert {design[family] for family in ("belt", "trim", "bow", "pockets")} == {NONE}
    assert DesignSpec.from_json(design.to_json()) == design


def test_words_for_every_family_are_kept_as_they_are():
    for seed in range(30):
        drawn = sample_design(random.Random(seed))
        assert spec_of_values(drawn.outfit).outfit == drawn.outfit


def test_words_that_nobody_knows_are_left_out():
    design = spec_of_values({"category": "skirt", "colour": "infra-red", "wings": "two"})

    assert design["category"] == "skirt"
    assert design["colour"] in FAMILIES["colour"]


def test_words_that_cannot_go_together_are_refused():
    with pytest.raises(DesignError, match="can't be drawn together"):
        spec_of_values({"category": "skirt", "neckline": "v-neck"})


def test_a_design_is_kept_in_memory_once_however_often_it_is_read():
    text = a_design(9).to_json()

    assert DesignSpec.from_json(text) is DesignSpec.from_json(text)


def test_measures_of_a_design_can_be_told_by_name():
    design = a_design()

    assert all(getattr(design.measures, name) is not None for name in MEASURES)
    assert isinstance(design.measures.colour, Lab)
