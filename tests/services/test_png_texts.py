"""Texts of PNG files as other programs leave them."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from studio.domain import GenerationRequest, RecipeError
from studio.services.png_texts import texts_of_png
from studio.services.recipe import Recipe, png_with_recipe, recipe_in_file, recipe_in_png
from studio.services.references import opened_picture

RECIPE = Recipe(
    request=GenerationRequest(prompt="red dress, 连衣裙", num_candidates=1, seed=4),
    prompt="red dress, 连衣裙",
    seed=4,
    num_inference_steps=20,
    guidance_scale=3.0,
    checkpoint="atelier",
)


def made() -> bytes:
    return png_with_recipe(Image.new("RGB", (64, 128), "#8c2a38"), RECIPE)


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], 8
    while place < len(png):
        length = int.from_bytes(png[place : place + 4], "big")
        found.append((png[place + 4 : place + 8], png[place + 8 : place + 8 + length]))
        place += length + 12
    return found


def joined(parts: list[tuple[bytes, bytes]]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def moved_behind(png: bytes) -> bytes:
    parts = chunks(png)
    texts = [each for each in parts if each[0] == b"iTXt"]
    return joined([*(each for each in parts[:-1] if each not in texts), *texts, parts[-1]])


def rewritten(kind: bytes) -> object:
    """The recipe as another kind of text."""

    def write(png: bytes) -> bytes:
        text = texts_of_png(BytesIO(png))["perfusion"].encode()
        content = {
            b"tEXt": b"perfusion\0" + text,
            b"zTXt": b"perfusion\0\0" + zlib.compress(text),
            b"iTXt": b"perfusion\0\1\0en\0\0" + zlib.compress(text),
        }[kind]
        head, *rest = [each for each in chunks(png) if each[0] != b"iTXt"]
        return joined([head, (kind, content), *rest])

    return write


DOORS = [moved_behind, *map(rewritten, (b"tEXt", b"zTXt", b"iTXt"))]


@pytest.mark.parametrize("change", DOORS)
def test_every_door_finds_the_recipe_wherever_another_program_put_it(tmp_path, change):
    png = change(made())
    file = tmp_path / "design.png"
    file.write_bytes(png)

    Image.open(BytesIO(png)).load()
    assert recipe_in_png(png)
    assert recipe_in_file(file) == RECIPE
    assert opened_picture(png)[1] == RECIPE


def test_the_recipe_is_behind_the_data_in_a_large_picture_too(tmp_path):
    png = moved_behind(png_with_recipe(Image.effect_noise((600, 900), 90).convert("RGB"), RECIPE))

    assert recipe_in_png(png)


@pytest.mark.parametrize("length", [8, 20, 40, 200, 500])
def test_a_file_that_was_cut_off_gives_what_stands_before_and_never_half_a_text(length):
    texts = texts_of_png(BytesIO(made()[:length]))

    assert all(each == texts_of_png(BytesIO(made()))[key] for key, each in texts.items())


@pytest.mark.parametrize(
    "content",
    [
        b"perfusion\0\1\0\0\0" + b"no zlib",
        b"perfusion\0\1\0\0\0" + zlib.compress(b"x" * 2**26),
        b"perfusion",
        b"",
        b"\0" * 50,
    ],
)
def test_a_hostile_text_is_no_recipe(content):
    head, *rest = [each for each in chunks(made()) if each[0] != b"iTXt"]
    png = joined([head, (b"iTXt", content), *rest])

    assert all(len(each) <= 2**20 for each in texts_of_png(BytesIO(png)).values())
    with pytest.raises(RecipeError):
        recipe_in_png(png)


def test_a_chunk_that_says_it_is_endless_ends():
    head = b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xff" + b"iTXt"

    assert texts_of_png(BytesIO(head + b"perfusion\0")) == {}
