import json
from dataclasses import replace

import pytest
from PIL import Image

from studio.design.families import FIGURE_FAMILIES
from studio.design.spec import DesignSpec
from studio.perfusion.generator import Generator
from studio.services.known_designs import KnownDesign, KnownDesigns
from studio.services.recipe import png_with_recipe, recipe_in_file
from tests.services.old_rounds import an_old_round
from tests.serving import drawn_round
from tests.tiny_models import TINY_DEFAULTS
from training.atelier.grammar import build_phrasebook

OLD_LOTS = "navy, knit, floral, midi, long sleeves, belt, long hair, walking, no pockets"


@pytest.fixture
def known(pipeline, database, images) -> KnownDesigns:
    generator = Generator(pipeline, TINY_DEFAULTS, build_phrasebook())
    return KnownDesigns(database, images, generator)


def test_a_drawn_design_is_known_from_its_row_and_from_its_file(studio):
    group = drawn_round(studio, "dress, red", 2, seed=3)
    candidate = group.candidates[1]
    spec = DesignSpec.from_json(candidate.design)

    assert studio.known.of(group, candidate).spec == spec
    assert studio.known.of_image(candidate.image).spec == spec
    recipe = recipe_in_file(studio.images.find(candidate.image))
    assert studio.known.of_recipe(recipe).spec == spec
    # A row that was imported without designs still has its file.
    assert studio.known.of(group, replace(candidate, design="")).spec == spec


def test_who_chose_what_is_known_of_a_drawn_design(studio):
    group = drawn_round(studio, "dress, red", 1, seed=3)

    known = studio.known.of(group, group.candidates[0])

    assert known.origin("category") == known.origin("colour") == "asked"
    assert known.origin("shoes") in ("generated", "repaired")
    assert known.worn("category", "colour") == {"category": "dress", "colour": "red"}
    assert "none" not in known.worn().values()


@pytest.mark.parametrize("places", [{"in_files": False}, {"in_rows": False}, {}])
def test_of_an_older_round_the_words_are_known_wherever_they_were_kept(
    known, database, images, places
):
    group = an_old_round(database, images, "dress, red", ["midi, long sleeves"], **places)

    found = known.of(group, group.candidates[0])

    assert found.spec is None
    assert found.values == {
        "category": "dress",
        "colour": "red",
        "length": "midi",
        "sleeve length": "long sleeves",
    }
    assert [found.origin(family) for family in found.values] == [
        *("asked", "asked", "generated", "generated"),
    ]


def test_the_words_of_an_older_round_make_the_design_to_start_from(known, database, images):
    group = an_old_round(database, images, "dress, red", [OLD_LOTS])

    start = known.start_of(group.candidates[0].image)

    assert start is not None  # knit is never floral: words of other rules than today's
    assert start["fabric"] != "knit"
    group = an_old_round(database, images, "dress, red", [OLD_LOTS.replace("knit", "cotton")])
    start = known.start_of(group.candidates[0].image)
    assert start is not None
    told = ("category", "colour", "fabric", "pattern", "length", "belt", "hair", "pose")
    assert [start[family] for family in told] == [
        *("dress", "red", "cotton", "floral", "midi", "belt", "long hair", "walking"),
    ]
    assert start.asked == {"category", "colour"}


def test_phrases_alone_are_no_design_to_start_from(known, database, images):
    group = an_old_round(database, images, "dress, red", [""])

    assert known.of(group, group.candidates[0]).values == {"category": "dress", "colour": "red"}
    assert known.start_of(group.candidates[0].image) is None


def test_a_checkpoint_of_pictures_starts_from_pictures(picture_studio):
    group = drawn_round(picture_studio, "dress", 1, seed=1)

    assert not picture_studio.known.are_drawn
    assert picture_studio.known.of(group, group.candidates[0]) == KnownDesign({})
    assert picture_studio.known.start_of(group.candidates[0].image) is None
    assert group.candidates[0].design == ""


def test_nothing_is_known_of_a_picture_without_a_recipe_or_of_none(known, images, tmp_path):
    Image.new("RGB", (8, 16)).save(tmp_path / "plain.png")

    plain = images.write((tmp_path / "plain.png").read_bytes())

    assert known.of_image(plain) is None
    assert known.of_image("0" * 64) is None
    assert known.of_recipe(None) is None


def test_a_kept_design_that_cannot_be_read_is_told_in_the_log_and_words_have_to_do(
    studio, images, caplog
):
    group = drawn_round(studio, "dress, red", 1, seed=3)
    candidate = group.candidates[0]
    newer = json.dumps({**json.loads(candidate.design), "version": 99})
    recipe = recipe_in_file(images.find(candidate.image))
    assert recipe is not None
    image = images.write(png_with_recipe(Image.new("RGB", (8, 16)), replace(recipe, design=newer)))

    found = studio.known.of(group, replace(candidate, design=newer, image=image))

    assert found.spec is None
    assert found.values == {"category": "dress", "colour": "red"}
    assert "version 99" in caplog.text
    assert studio.known.start_of(image) is None


def test_every_value_has_a_phrase_for_people(known):
    spec_values = {"category": "dress", "hair": "long hair", "sleeve length": "long sleeves"}

    phrases = known.phrases(spec_values)

    assert phrases["sleeve length"] == "long sleeves"
    assert phrases["hair"] == build_phrasebook().canonical("hair", "long hair")
    assert {*known.phrases(dict.fromkeys(FIGURE_FAMILIES, "?")).values()} == {"?"}
