import json
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from studio.domain import GenerationRequest
from studio.services.recipe import Recipe, phrases_of, png_with_recipe, recipe_from_texts

RECIPE = Recipe(
    request=GenerationRequest(prompt="red dress, 连衣裙", num_candidates=3, seed=41),
    prompt="dress, red",
    seed=42,
    num_inference_steps=20,
    guidance_scale=3.5,
    checkpoint="atelier",
    start_images=("ab" * 32,),
    lots="midi",
)


@pytest.fixture
def png() -> Image.Image:
    image = Image.new("RGB", (32, 64), "#8c2a38")
    return Image.open(BytesIO(png_with_recipe(image, RECIPE)))


def test_the_picture_is_kept_exactly(png):
    assert png.format == "PNG"
    assert png.getcolors() == [(32 * 64, (0x8C, 0x2A, 0x38))]


def test_the_recipe_comes_back_from_the_file(png):
    assert recipe_from_texts(png.text) == RECIPE


def test_a_picture_tells_all_that_it_was_drawn_from_where_lots_settled_something(png):
    assert phrases_of(png) == f"{RECIPE.prompt}, midi"
    for recipe in (replace(RECIPE, lots=""), replace(RECIPE, lots="x" * 995)):
        with Image.open(BytesIO(png_with_recipe(png, recipe))) as other:
            assert phrases_of(other) == ""
    assert phrases_of(Image.new("RGB", (8, 8))) == ""


def test_a_recipe_from_before_lots_were_kept_has_none(png):
    record = json.loads(png.text["perfusion"])
    del record["lots"]

    recipe = recipe_from_texts({"perfusion": json.dumps(record)})

    assert recipe == replace(RECIPE, lots="")


@pytest.mark.parametrize("lots", [3, None, ["midi"], "x" * 1_001])
def test_lots_that_cannot_be_used_make_no_recipe(png, lots):
    record = {**json.loads(png.text["perfusion"]), "lots": lots}

    assert recipe_from_texts({"perfusion": json.dumps(record)}) is None


def test_other_tools_find_the_usual_parameters(png):
    prompt, settings = png.text["parameters"].split("\n")
    pairs = dict(pair.split(": ") for pair in settings.split(", "))

    assert prompt == "dress, red"
    assert pairs == {
        "Steps": "20",
        "CFG scale": "3.5",
        "Seed": "42",
        "Size": "32x64",
        "Model": "atelier",
    }


def test_the_file_says_that_a_machine_made_it(png):
    description = next(
        ElementTree.fromstring(png.text["XML:com.adobe.xmp"]).iter(
            "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
        )
    )

    source = description.get("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")

    assert source == "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"version": 99}',
        '{"version": 1, "request": 3}',
        '{"version": 1, "request": {"prompt": "dress"}, "surprise": 1}',
    ],
)
def test_a_recipe_that_cannot_be_read_is_none(text):
    assert recipe_from_texts({"perfusion": text}) is None
    assert recipe_from_texts({}) is None
