import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from studio.design.colours import COLOUR_NAMES
from studio.design.families import FAMILIES
from studio.design.spec import DesignSpec
from studio.domain import GenerationRequest, ReferenceImageError, VariationError
from studio.services.asking import RoundOptions
from studio.services.colours import garment_colours
from studio.services.known_designs import KnownDesigns
from studio.services.recipe import Recipe, png_with_recipe, recipe_from_texts
from studio.services.references import ReferenceDesk, opened_picture
from studio.services.studio import Studio
from tests.services.leftovers import let_leftovers_age, names_set_aside
from tests.services.old_rounds import an_old_picture, an_old_round
from tests.serving import drawn_round, wait_until
from training.atelier.grammar import build_phrasebook

PHOTOGRAPHS = Path(os.environ.get("PERFUSION_PHOTOGRAPHS", "shared/data/clothing-photos"))


def file_of(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = BytesIO()
    picture.save(file, format=kind)
    return file.getvalue()


def garment_on(ground: str, cloth: str) -> Image.Image:
    picture = Image.new("RGB", (120, 160), ground)
    picture.paste(Image.new("RGB", (70, 110), cloth), (25, 25))
    return picture


@pytest.fixture
def desk(generator, database, images) -> ReferenceDesk:
    return ReferenceDesk(database, images, generator, KnownDesigns(database, images, generator))


@pytest.fixture
def open_desk(open_generator, database, images) -> ReferenceDesk:
    """Of a checkpoint of pictures."""
    known = KnownDesigns(database, images, open_generator)
    return ReferenceDesk(database, images, open_generator, known)


def test_a_design_of_this_studio_becomes_the_start_of_the_next_round(studio):
    group = drawn_round(studio, "dress", 1, seed=1)
    _, content = studio.designs.png(group.candidates[0].id)

    reference = studio.references.read(content)

    assert reference.start is not None
    assert reference.start.images == (group.candidates[0].image,)
    assert reference.colours == ()


@pytest.fixture
def elsewhere(generator, tmp_path) -> Iterator[Studio]:
    """Another studio with the same checkpoint."""
    studio = Studio.open(tmp_path / "elsewhere", generator, "tiny")
    yield studio
    studio.stop()


def test_a_design_of_another_studio_is_kept_here_with_its_recipe(studio, elsewhere):
    group = drawn_round(studio, "dress", 1, seed=1)
    _, content = studio.designs.png(group.candidates[0].id)

    start = elsewhere.references.read(content).start

    assert start is not None
    assert elsewhere.images.find(start.images[0]).read_bytes() == content
    design = elsewhere.known.start_of(start.images[0])
    assert design == DesignSpec.from_json(group.candidates[0].design)


def test_a_round_starts_from_the_design_of_another_studio(studio, elsewhere):
    group = drawn_round(studio, "dress, red", 1, seed=1)
    _, content = studio.designs.png(group.candidates[0].id)
    start = elsewhere.references.read(content).start
    assert start is not None
    elsewhere.start()

    job = elsewhere.request_round("dress, navy", 2, 9, options=RoundOptions(start=start))
    wait_until(lambda: elsewhere.status(job.id).job.state.is_final)

    designs = [
        DesignSpec.from_json(each.design) for each in elsewhere.status(job.id).group.candidates
    ]
    assert {each["colour"] for each in designs} == {"navy"}
    before = DesignSpec.from_json(group.candidates[0].design)
    assert {each["hair"] for each in designs} == {before["hair"]}


def test_of_a_blueprint_the_design_is_drawn_and_kept(studio, elsewhere, generator):
    group = drawn_round(studio, "dress", 1, seed=1)
    _, content = studio.designs.blueprint(group.candidates[0].id)

    start = elsewhere.references.read(content).start

    assert start is not None
    kept = elsewhere.images.load(start.images[0])
    assert kept.size == (generator.defaults.width_px, generator.defaults.height_px)
    assert elsewhere.known.start_of(start.images[0]) == DesignSpec.from_json(
        group.candidates[0].design
    )


def test_a_picture_of_an_older_studio_starts_from_what_its_lots_tell(desk, studio):
    generation = GenerationRequest(prompt="dress, red", num_candidates=1)

    start = desk.read(an_old_picture(generation, 0, "maxi")).start

    assert start is not None
    design = studio.known.start_of(start.images[0])
    assert design is not None
    assert (design["category"], design["length"]) == ("dress", "maxi")


def test_a_picture_of_an_older_studio_that_tells_phrases_alone_gives_its_colours(desk):
    generation = GenerationRequest(prompt="dress, red", num_candidates=1)

    reference = desk.read(an_old_picture(generation, 0, ""))

    assert reference.start is None
    assert [colour.name for colour in reference.colours] == ["red"]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"values": {}},
        {"measures": {"length": 9}},
        {"asked": ["wings"]},
    ],
)
def test_of_a_picture_with_a_hostile_design_the_colours_are_taken(desk, studio, change):
    group = drawn_round(studio, "dress, red", 1, seed=1)
    _, content = studio.designs.png(group.candidates[0].id)
    with Image.open(BytesIO(content)) as image:
        recipe = recipe_from_texts(image.info)
    assert recipe is not None
    hostile = json.dumps({**json.loads(recipe.design), **change})
    picture = garment_on("#e8e4dc", "#1c2656")

    reference = desk.read(png_with_recipe(picture, replace(recipe, design=hostile)))

    assert reference.start is None
    assert [colour.name for colour in reference.colours] == ["navy"]


def test_a_picture_of_a_checkpoint_of_pictures_has_no_design_to_start_from(desk, picture_studio):
    group = drawn_round(picture_studio, "dress", 1, seed=1)
    _, content = picture_studio.designs.png(group.candidates[0].id)

    assert desk.read(content).start is None


def test_a_start_is_checked_again_when_it_is_chosen(studio, database, images):
    group = an_old_round(database, images, "dress, red", ["maxi", ""])
    told, untold = (each.image for each in group.candidates)

    assert studio.references.start_from(told, 0.4).variation == 0.4
    with pytest.raises(ReferenceImageError, match="No design is known"):
        studio.references.start_from(untold, 0.4)
    with pytest.raises(ReferenceImageError, match="no longer here"):
        studio.references.start_from("0" * 64, 0.4)
    for share in (0, 1.1, "0.5", None):
        with pytest.raises(VariationError):
            studio.references.start_from(told, share)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_of_a_photograph_the_drawn_world_takes_the_colours_of_the_garment(desk, kind):
    reference = desk.read(file_of(garment_on("#e8e4dc", "#1c2656"), kind))

    assert reference.start is None
    assert [colour.name for colour in reference.colours] == ["navy"]


def test_models_that_know_any_picture_start_from_any_picture(open_generator, open_desk, images):
    start = open_desk.read(file_of(garment_on("white", "red"), "JPEG")).start

    assert start is not None
    kept = images.load(start.images[0])
    assert kept.size == (open_generator.defaults.width_px, open_generator.defaults.height_px)


def test_a_kept_reference_outlives_a_restart_while_a_round_starts_from_it(open_generator, tmp_path):
    studio = Studio.open(tmp_path, open_generator, "tiny")
    used = studio.references.read(file_of(garment_on("white", "red"))).start
    unused = studio.references.read(file_of(garment_on("white", "blue"))).start
    studio.request_round("dress", 1, options=RoundOptions(start=used))
    studio.stop()
    let_leftovers_age(tmp_path)

    again = Studio.open(tmp_path, open_generator, "tiny")
    again.start()

    assert used is not None
    assert unused is not None
    assert again.images.find(used.images[0]) is not None  # drawn or not, the job names the image
    assert names_set_aside(tmp_path) == [f"{unused.images[0]}.png"]
    assert again.images.find(unused.images[0]) is not None  # a page that still shows it
    again.stop()


def bomb() -> bytes:
    """A small PNG file that says it has 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    header = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no whole picture"),
        (b"not a picture, whatever its name says", "no whole picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "PNG, JPEG"),
        (file_of(garment_on("white", "red"))[:300], "no whole picture"),
        (file_of(Image.new("RGB", (8, 8))), "too small"),
        (file_of(Image.new("L", (7_000, 7_000))), "Scale it down"),
        (file_of(Image.new("RGB", (20_000, 16))), "8 times as long"),
        (file_of(Image.new("RGB", (16, 20_000))), "8 times as long"),
        (bomb(), "."),
        (b"\x89PNG\r\n\x1a\n" + b"x" * (24 * 2**20), "24 MB"),
        (file_of(Image.new("P", (64, 64)), "GIF"), "PNG, JPEG"),
    ],
    ids=[
        "empty",
        "text",
        "svg",
        "cut short",
        "tiny",
        "huge",
        "wide",
        "high",
        "bomb",
        "large file",
        "gif",
    ],
)
def test_what_is_no_usable_picture_is_told_and_nothing_is_kept(desk, tmp_path, content, sentence):
    with pytest.raises(ReferenceImageError, match=sentence):
        desk.read(content)

    assert list((tmp_path / "images").iterdir()) == []


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_read(desk, mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    desk.read(file_of(Image.new("RGB", (64, 96), "navy").convert(mode), kind))


def test_a_recipe_is_noticed_in_a_picture(studio):
    group = drawn_round(studio, "dress", 1, seed=1)
    _, content = studio.designs.png(group.candidates[0].id)

    assert isinstance(opened_picture(content)[1], Recipe)
    assert opened_picture(file_of(garment_on("white", "red")))[1] is None


def test_models_that_know_any_picture_start_from_a_drawn_design_as_a_picture(open_desk, studio):
    group = drawn_round(studio, "dress", 1, seed=1)
    _, content = studio.designs.png(group.candidates[0].id)

    start = open_desk.read(content).start

    assert start is not None
    assert start.images == (group.candidates[0].image,)


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_every_named_colour_is_called_by_its_name(name):
    ground = "black" if name == "white" else "white"
    picture = garment_on(ground, "#{:02x}{:02x}{:02x}".format(*COLOUR_NAMES[name]))

    assert garment_colours(picture, COLOUR_NAMES)[0].name == name


def test_the_names_are_those_of_designs_and_of_their_phrases():
    assert set(FAMILIES["colour"]) == set(COLOUR_NAMES)
    assert set(build_phrasebook().families["colour"]) == set(COLOUR_NAMES)


def test_only_known_names_are_used():
    colours = garment_colours(garment_on("white", "navy"), ("red", "blue"))

    assert [colour.name for colour in colours] == ["blue"]


def test_a_picture_without_a_garment_has_colours_all_the_same():
    assert garment_colours(Image.new("RGB", (64, 64), "#d02028"), COLOUR_NAMES)[0].name == "red"


@pytest.mark.skipif(
    not PHOTOGRAPHS.is_dir(),
    reason="The folder of clothing photographs is not here; PERFUSION_PHOTOGRAPHS names it.",
)
def test_photographs_of_clothes_have_colours_that_a_person_would_name(desk):
    said = {
        path.stem: {colour.name for colour in garment_colours(Image.open(path), COLOUR_NAMES)}
        for path in sorted(PHOTOGRAPHS.glob("*.jpg"))
    }

    assert said
    assert all(said.values())
    seen = {
        "outwear-01": {"fuchsia"},
        "longsleeve-03": {"black"},
        "longsleeve-04": {"beige"},
        "skirt-02": {"brown", "camel"},
        "skirt-03": {"black"},
        "skirt-06": {"teal"},
        "dress-10": {"navy", "blue"},
        "outwear-02": {"navy"},
        "blouse-02": {"white"},
    }
    wrong = {name: said[name] for name, names in seen.items() if not said[name] & names}
    assert not wrong
