import json
import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from studio.design.spec import MAX_SPEC_CHARACTERS, DesignSpec, spec_of_values
from studio.domain import GenerationRequest
from studio.services.recipe import (
    Recipe,
    png_with_recipe,
    recipe_from_texts,
    recipe_in_file,
    recipe_texts,
)
from training.atelier.grammar import build_phrasebook

DESIGN = spec_of_values({"category": "dress", "colour": "red"}, asked={"category"}).to_json()
RECIPE = Recipe(
    request=GenerationRequest(
        prompt="red dress, 连衣裙",
        num_candidates=3,
        seed=41,
        wearer_seed=7,
        kept=DESIGN,
        free=("fabric", "sleeve_length"),
    ),
    prompt="dress, red",
    seed=42,
    num_inference_steps=20,
    guidance_scale=3.5,
    checkpoint="atelier",
    start_images=("ab" * 32,),
    design=DESIGN,
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


def test_the_design_in_a_recipe_is_whole(png):
    recipe = recipe_from_texts(png.text)

    assert recipe is not None
    assert DesignSpec.from_json(recipe.design)["colour"] == "red"
    assert "lots" not in json.loads(png.text["perfusion"])


def test_a_recipe_from_before_there_were_designs_is_read_with_its_lots(png):
    record = json.loads(png.text["perfusion"]) | {"lots": "midi"}
    del record["design"]
    for name in ("wearer_seed", "kept", "free"):
        del record["request"][name]

    recipe = recipe_from_texts({"perfusion": json.dumps(record)})

    request = replace(RECIPE.request, wearer_seed=None, kept="", free=())
    assert recipe == replace(RECIPE, request=request, design="", lots="midi")


def test_a_file_that_cannot_be_read_has_no_recipe(tmp_path):
    (tmp_path / "half.png").write_bytes(png_with_recipe(Image.new("RGB", (9, 9)), RECIPE)[:60])
    (tmp_path / "text.png").write_text("no picture")

    for path in (None, tmp_path / "none.png", tmp_path / "half.png", tmp_path / "text.png"):
        assert recipe_in_file(path) is None


@pytest.mark.parametrize("design", [3, None, ["dress"], {"version": 1}, "x" * 16_385])
def test_a_design_of_another_kind_makes_no_recipe(png, design):
    record = json.loads(png.text["perfusion"])

    assert len("x" * 16_385) > MAX_SPEC_CHARACTERS
    assert recipe_from_texts({"perfusion": json.dumps({**record, "design": design})}) is None
    record["request"]["kept"] = design
    assert recipe_from_texts({"perfusion": json.dumps(record)}) is None


@pytest.mark.parametrize(
    "change", [{"free": 3}, {"free": [3]}, {"free": [["fabric"]]}, {"wearer_seed": "7"}]
)
def test_a_request_of_another_kind_makes_no_recipe(png, change):
    record = json.loads(png.text["perfusion"])
    record["request"] |= change

    assert recipe_from_texts({"perfusion": json.dumps(record)}) is None


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


@pytest.mark.parametrize(
    "typed",
    [
        "red dress, no belt, pockets or bows",
        "coat, neither fur nor hood",
        "dress, collarless, pocketless, not red",
        "dress --no lace, long sleeves",
        "连衣裙，不要口袋和腰带，红色",
        "dress without dusty pink or #C9A0A8",
    ],
)
def test_what_was_refused_stands_in_the_line_that_other_tools_read_and_comes_back(typed):
    book = build_phrasebook()
    read = book.parse(typed)
    recipe = replace(RECIPE, prompt=read.prompt, refused=read.negative_prompt)

    text = recipe_texts(recipe, (32, 64)).chunks
    [parameters] = [chunk for _, chunk, *_ in text if chunk.startswith(b"parameters")]
    pasted = parameters.rpartition(b"\0")[2].decode("utf-8")
    again = book.parse(pasted)

    assert pasted.splitlines()[1] == f"Negative prompt: {read.negative_prompt}"
    assert again.ruled_out == read.ruled_out
    assert again.attributes == read.attributes
    assert (
        recipe_from_texts(
            Image.open(BytesIO(png_with_recipe(Image.new("RGB", (9, 9)), recipe))).info
        )
        == recipe
    )


def test_a_recipe_without_refusals_is_read_by_older_studios(png):
    assert "refused" not in json.loads(png.text["perfusion"])
    assert "Negative prompt" not in png.text["parameters"]


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
        "[" * 100_000,
        '{"version": 1, "request": "prompt"}',
    ],
)
def test_a_recipe_that_cannot_be_read_is_none(text):
    assert recipe_from_texts({"perfusion": text}) is None
    assert recipe_from_texts({}) is None


def settings_of(line: str) -> dict[str, str]:
    """As readers of that line do: a value in quotes is one, whatever it holds."""
    found = re.findall(r'\s*([\w ]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', line)
    return {name: json.loads(value) if value[:1] == '"' else value for name, value in found}


@pytest.mark.parametrize(
    "name",
    [
        "atelier",
        "dresses, autumn",
        'the "new" one',
        "two\nlines",
        "Steps: 3, Seed: 9",
        "back\\slash",
        " spaces ",
        "秋冬，新款",
    ],
)
def test_a_checkpoint_of_any_name_comes_back_out_of_the_parameters(name):
    image = Image.new("RGB", (32, 64))
    png = Image.open(BytesIO(png_with_recipe(image, replace(RECIPE, checkpoint=name))))
    assert isinstance(png, PngImageFile)

    _, line = png.text["parameters"].rsplit("\n", 1)

    assert settings_of(line)["Model"] == name
    assert settings_of(line)["Seed"] == "42"
    read = recipe_from_texts(png.text)
    assert read is not None
    assert read.checkpoint == name
