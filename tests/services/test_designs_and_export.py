import json
import zipfile
from dataclasses import replace
from io import BytesIO

import datasets
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio import export as export_command
from studio.domain import (
    NothingTickedError,
    RecipeError,
    StorageError,
    UnknownCandidateError,
)
from studio.perfusion.generator import Generator
from studio.perfusion.profile import STORE_ID
from studio.services.export import COLUMNS, ExportFormat, remove_export
from studio.services.recipe import LARGEST_FILE, recipe_in_png
from studio.services.studio import Studio
from tests.serving import drawn_round, wait_until
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook
from training.data import groups as training_groups
from training.data import pickapic as training_pickapic


@pytest.fixture
def group(studio):
    return drawn_round(studio, "dress, red, v-neck", 3, seed=3)


@pytest.fixture
def answered(studio, group):
    return studio.select(group.id, frozenset({group.candidates[1].id}))


# --- Designs ---------------------------------------------------------------------------------


def test_a_design_is_taken_away_byte_for_byte_under_a_name_that_people_know(studio, group):
    candidate = group.candidates[2]

    name, content = studio.designs.png(candidate.id)

    assert name == "PF-000001-3.png"
    assert content == studio.images.find(candidate.image).read_bytes()


def test_a_blueprint_restores_the_round_that_it_shows(studio, group):
    name, content = studio.designs.blueprint(group.candidates[0].id)
    restored = studio.restore(recipe_in_png(content))

    assert name == "PF-000001-1 blueprint.png"
    assert (restored.prompt, restored.num_candidates, restored.seed) == ("dress, red, v-neck", 3, 3)


def test_a_blueprint_tells_lots_about_the_garment_apart_from_what_was_asked_for(
    pipeline, database, images
):
    book = tiny_phrasebook()
    book = replace(
        book,
        families={**book.families, "hair": ("long hair",)},
        phrases={**book.phrases, "long hair": {"hair": "long hair"}},
        chinese={"半身裙": "skirt"},
        lots={
            "category": {"dress": 0.0, "skirt": 1.0},
            "length": {"mini": 1.0},
            "hair": {"long hair": 1.0},
        },
        wearer=("hair",),
    )
    studio = Studio(Generator(pipeline, TINY_DEFAULTS, book), "tiny", database, images)
    (candidate,) = drawn_round(studio, "red", 1, seed=3).candidates

    design = studio.designs.design(candidate.id)
    studio.stop()

    assert candidate.lots == "skirt, mini, long hair"
    assert design.specification == (("colour", "red", ""),)
    assert design.lots == (("category", "skirt", "半身裙"), ("length", "mini", ""))
    assert "hip, half, 20 cm below waist" in [point for _, point, _ in design.measurements]


def test_a_blueprint_without_lots_has_no_table_of_them(studio, group):
    assert studio.designs.design(group.candidates[0].id).lots == ()


def test_several_blueprints_come_in_one_zip(studio, group):
    _, content = studio.designs.blueprints([each.id for each in group.candidates[:2]])

    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["PF-000001-1 blueprint.png", "PF-000001-2 blueprint.png"]


@pytest.mark.parametrize("ids", [[], list(range(61))])
def test_a_zip_of_no_blueprint_or_of_too_many_is_refused(studio, ids):
    with pytest.raises(NothingTickedError, match="1 to 60"):
        studio.designs.blueprints(ids)


def test_an_unknown_design_is_told(studio):
    with pytest.raises(UnknownCandidateError, match="Reload"):
        studio.designs.blueprint(99)


# --- Recipes that people bring along ---------------------------------------------------------


def test_a_dropped_design_gives_the_same_files_again(studio, group):
    _, content = studio.designs.png(group.candidates[1].id)
    restored = studio.restore(recipe_in_png(content))

    job = studio.request_round(restored.prompt, restored.num_candidates, restored.seed)
    wait_until(lambda: studio.status(job.id).job.state.is_final)

    again = studio.status(job.id).group
    assert [each.image for each in again.candidates] == [each.image for each in group.candidates]
    assert restored.notices == ()


def test_a_dropped_variation_starts_from_the_same_images(studio, group):
    job = studio.request_variations(group.id, frozenset({group.candidates[0].id}), 2)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    _, content = studio.designs.png(studio.status(job.id).group.candidates[0].id)

    restored = studio.restore(recipe_in_png(content))

    assert restored.options.start is not None
    assert restored.options.start.images == (group.candidates[0].image,)


def test_what_cannot_be_restored_is_told(studio, group, tmp_path, generator):
    job = studio.request_variations(group.id, frozenset({group.candidates[0].id}), 2)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    _, content = studio.designs.png(studio.status(job.id).group.candidates[0].id)
    elsewhere = Studio.open(tmp_path / "elsewhere", generator, "another")

    restored = elsewhere.restore(recipe_in_png(content))
    elsewhere.stop()

    assert restored.options.start is None
    assert len(restored.notices) == 2


def test_a_dropped_design_finds_its_store(studio):
    store = studio.stores.add("Maison Nord", {"season": "autumn"})
    studio.start()
    job = studio.request_round("dress", 1, 1, store_id=store.id)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    _, content = studio.designs.png(studio.status(job.id).group.candidates[0].id)

    assert studio.restore(recipe_in_png(content)).store_id == store.id


def png_of(text: str | None) -> bytes:
    info = PngInfo()
    if text is not None:
        info.add_itxt("perfusion", text)
    file = BytesIO()
    Image.new("RGB", (4, 4)).save(file, format="PNG", pnginfo=info)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + b"\0" * 100,
        png_of(None),
        png_of("{}"),
        png_of('{"version": 1, "request": {"prompt": 3}}'),
        png_of("x" * 2_000_000),
        png_of(None)[:40],
        b"\0" * (LARGEST_FILE + 1),
    ],
    ids=["empty", "cut", "svg", "gif", "plain", "hollow", "wrong", "bloated", "short", "huge"],
)
def test_a_file_without_a_recipe_is_refused_with_a_sentence(content):
    with pytest.raises(RecipeError):
        recipe_in_png(content)


# --- Export of rounds ------------------------------------------------------------------------


def test_training_reads_what_the_studio_writes(studio, answered, tmp_path):
    studio.export.write_folder(tmp_path)

    rounds = training_groups.read_rounds(tmp_path)

    assert rounds.skipped == {}
    (each,) = rounds.rounds
    assert each.prompt == answered.prompt
    assert each.labels == (0.0, 1.0, 0.0)
    assert each.seeds == (3, 4, 5)
    assert each.model == "tiny"
    pictures = list(training_groups.read_images(tmp_path, each.images))
    assert [np.shape(picture) for picture in pictures] == [(64, 32, 3)] * 3


def test_the_columns_are_those_of_training():
    assert COLUMNS.equals(training_groups.COLUMNS)


def test_the_profile_is_the_one_at_the_time_of_the_answer(studio, tmp_path):
    store = studio.stores.add("Maison Nord", {"season": "autumn"})
    studio.start()
    job = studio.request_round("dress", 2, 1, store_id=store.id)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    studio.select(studio.status(job.id).group.id, frozenset())
    studio.stores.change(store.id, "Maison Nord", {"season": "summer"})

    studio.export.write_folder(tmp_path)

    (each,) = training_groups.read_rounds(tmp_path).rounds
    assert each.profile["season"] == "autumn"
    assert each.profile[STORE_ID] == each.store_id == store.key
    assert each.labels == (0.0, 0.0)


def test_other_tools_open_the_table_and_the_preferences(studio, answered, tmp_path):
    studio.export.write_folder(tmp_path)

    table = pd.read_parquet(tmp_path / "rounds.parquet")
    lines = [json.loads(line) for line in (tmp_path / "preferences.jsonl").open(encoding="utf-8")]

    assert list(table["labels"][0]) == [0, 1, 0]
    ticked = f"images/{answered.candidates[1].image}.png"
    assert {line["chosen"] for line in lines} == {ticked}
    assert len(lines) == 2
    assert all((tmp_path / line["rejected"]).is_file() for line in lines)


def test_a_zip_holds_the_same_as_the_folder(studio, answered, tmp_path):
    studio.export.write_folder(tmp_path / "folder")
    file = BytesIO()
    studio.export.write_zip(file)

    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
    folder = tmp_path / "folder"
    assert names == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }


def test_pickapic_rows_are_those_that_training_makes_of_the_rounds(studio, answered, tmp_path):
    studio.select(drawn_round(studio, "skirt", 2, seed=1).id, frozenset())
    studio.export.write_folder(tmp_path / "rounds")
    studio.export.write_folder(tmp_path, kind=ExportFormat.PICKAPIC)

    rounds = training_groups.read_rounds(tmp_path / "rounds")
    training_pickapic.write_pickapic(rounds, tmp_path / "expected.parquet")

    written = pq.read_table(tmp_path / "pickapic.parquet")
    assert written.equals(pq.read_table(tmp_path / "expected.parquet"))
    assert written.num_rows == 3


@pytest.mark.parametrize(
    ("kind", "rows", "column"),
    [
        (ExportFormat.ROUNDS, 1, "labels"),
        (ExportFormat.PICKAPIC, 2, "jpg_0"),
        (ExportFormat.TRL, 2, "chosen"),
    ],
)
def test_datasets_opens_every_format(studio, answered, tmp_path, kind, rows, column):
    folder, cache = str(tmp_path / "export"), str(tmp_path / "cache")
    studio.export.write_folder(tmp_path / "export", kind=kind)

    opened = datasets.load_dataset(folder, split="train", cache_dir=cache)

    assert len(opened) == rows
    assert column in opened.column_names


def test_preference_lines_of_no_preference_are_refused_before_anything_is_written(
    studio, group, tmp_path
):
    studio.select(group.id, frozenset())

    with pytest.raises(NothingTickedError, match="nothing to prefer"):
        studio.export.write_folder(tmp_path / "export", kind=ExportFormat.TRL)

    assert not (tmp_path / "export").exists()


def test_unanswered_and_deleted_rounds_stay_at_home(studio, group, tmp_path):
    with pytest.raises(NothingTickedError, match="save picks first"):
        studio.export.write_folder(tmp_path)

    studio.select(group.id, frozenset())
    studio.history.delete(group.id)
    assert studio.export.count() == 0


def test_a_folder_that_cannot_be_written_is_told(studio, answered, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match="could not be written"):
        studio.export.write_folder(tmp_path / "file" / "export")


def test_the_command_writes_the_rounds_of_a_data_folder(generator, tmp_path):
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    group = drawn_round(studio, "dress", 2, seed=1)
    studio.select(group.id, frozenset({group.candidates[0].id}))
    studio.stop()

    export_command.main([str(tmp_path / "out"), "--data", str(tmp_path / "data")])

    assert len(training_groups.read_rounds(tmp_path / "out").rounds) == 1

    export_command.main([str(tmp_path / "out.zip"), "--data", str(tmp_path / "data")])
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.testzip() is None
    assert {path.name for path in tmp_path.iterdir()} == {"data", "out", "out.zip"}


def test_an_export_writes_over_no_file(studio, answered, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "README.md").write_text("about my holiday")

    with pytest.raises(StorageError, match=r"README\.md is there already"):
        studio.export.write_folder(folder)

    assert [path.name for path in folder.rglob("*")] == ["README.md"]
    assert (folder / "README.md").read_text() == "about my holiday"


def test_the_command_writes_over_no_zip_and_no_unfinished_file(generator, tmp_path):
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    group = drawn_round(studio, "dress", 2, seed=1)
    studio.select(group.id, frozenset())
    studio.stop()
    mine, unfinished = tmp_path / "mine.zip", tmp_path / "new.zip.unfinished"
    for path in (mine, unfinished):
        path.write_bytes(b"holiday")

    with pytest.raises(SystemExit, match="there already"):
        export_command.main([str(mine), "--data", str(tmp_path / "data")])
    export_command.main([str(tmp_path / "new.zip"), "--data", str(tmp_path / "data")])

    assert (mine.read_bytes(), unfinished.read_bytes()) == (b"holiday", b"holiday")
    assert (tmp_path / "new.zip").is_file()


def test_an_export_is_taken_away_without_what_else_lies_there(studio, answered, tmp_path):
    for name in ("plain", "used"):
        studio.export.write_folder(tmp_path / name)
    (tmp_path / "used" / "images" / "photo.png").write_bytes(b"holiday")
    (tmp_path / "link").symlink_to(tmp_path / "used")

    remove_export(tmp_path / "link")
    assert (tmp_path / "used" / "rounds.parquet").is_file()
    for name in ("plain", "used", "absent"):
        remove_export(tmp_path / name)

    assert not (tmp_path / "plain").exists()
    left = [path.name for path in (tmp_path / "used").rglob("*")]
    assert sorted(left) == ["images", "photo.png"]


def test_the_command_says_when_there_is_no_studio(tmp_path):
    with pytest.raises(SystemExit, match="--data"):
        export_command.main([str(tmp_path / "out"), "--data", str(tmp_path)])


def test_for_a_whole_screen_a_drawing_is_enlarged_by_whole_steps(studio, group):
    content = studio.designs.large(group.candidates[0].image)

    with Image.open(BytesIO(content)) as large:
        assert large.size == (16 * 32, 16 * 64)  # 64 px fit 16 times into 1,024


def test_a_picture_that_is_not_here_is_not_enlarged(studio):
    with pytest.raises(StorageError):
        studio.designs.large("0" * 64)
