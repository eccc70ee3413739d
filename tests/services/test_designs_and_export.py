import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
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
from studio.design.spec import DesignSpec
from studio.domain import (
    DesignError,
    NothingTickedError,
    RecipeError,
    StorageError,
    UnknownCandidateError,
    ValueKindError,
)
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.generator import Generator
from studio.perfusion.profile import STORE_ID
from studio.services.export import COLUMNS, ExportFormat, remove_export
from studio.services.recipe import LARGEST_FILE, recipe_in_png
from studio.services.studio import Studio
from studio.storage.brought_pictures import BroughtPictureStore
from tests.services.old_rounds import an_old_round
from tests.serving import drawn_round, wait_until
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook
from training.atelier.market import MarketConfig, write_market
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


def test_a_blueprint_of_a_picture_says_what_its_words_tell_and_that_no_design_is_known(
    picture_studio,
):
    group = drawn_round(picture_studio, "red dress, silk", 1, seed=3)
    candidate = group.candidates[0]

    name, content = picture_studio.designs.blueprint(candidate.id)

    with Image.open(BytesIO(content)) as sheet:
        assert sheet.size == (2480, 3508)
    assert name == "PF-000001-1 blueprint.png"
    assert picture_studio.packs.spec(candidate.id) is None
    with pytest.raises(DesignError, match="no tech pack"):
        picture_studio.packs.pack(candidate.id)


def test_a_blueprint_of_an_older_round_is_made_of_its_words(pipeline, database, images):
    book = replace(tiny_phrasebook(), chinese={"半身裙": "skirt"})
    studio = Studio(Generator(pipeline, TINY_DEFAULTS, book), "tiny", database, images)
    (candidate,) = an_old_round(database, images, "red", ["skirt, mini"]).candidates

    _, content = studio.designs.blueprint(candidate.id, "zh")
    brief = studio.packs.brief(candidate.id)
    studio.stop()

    with Image.open(BytesIO(content)) as sheet:
        assert sheet.size == (2480, 3508)
    assert brief.names["category"].zh == "半身裙"


def test_several_blueprints_come_in_one_zip(studio, group):
    _, content = studio.designs.blueprints([each.id for each in group.candidates[:2]])

    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.namelist() == ["PF-000001-1 blueprint.png", "PF-000001-2 blueprint.png"]


@pytest.mark.parametrize("ids", [[], list(range(61))])
def test_a_zip_of_no_blueprint_or_of_too_many_is_refused(studio, ids):
    with pytest.raises(NothingTickedError, match="1 to 60"):
        studio.designs.blueprints(ids)


@pytest.mark.parametrize(("kind", "count"), [("png", 1), ("svg", 4), ("pdf", 1)])
def test_ticked_designs_are_saved_as_files_of_a_kind(studio, group, kind, count):
    ids = [each.id for each in group.candidates[:2]]

    name, content = studio.designs.saved(ids, kind)

    assert name == f"designs {kind}.zip"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert len(archive.namelist()) == 2 * count
        assert all(each.endswith(f".{kind}") for each in archive.namelist())


def test_one_design_is_saved_without_a_zip(studio, group):
    name, content = studio.designs.saved([group.candidates[0].id], "pdf")

    assert name == "PF-000001-1.pdf"
    assert content.startswith(b"%PDF-1.7")
    assert content.count(b"/Type /Page ") == 4  # croquis and flat, front and back


@pytest.mark.parametrize("kind", ["", "jpeg", "../png"])
def test_designs_are_not_saved_as_anything_else(studio, group, kind):
    with pytest.raises(ValueKindError, match="png, svg, pdf"):
        studio.designs.saved([group.candidates[0].id], kind)


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


def test_a_dropped_design_gives_its_own_design_back(studio, group):
    for candidate in group.candidates:
        _, content = studio.designs.png(candidate.id)
        restored = studio.restore(recipe_in_png(content))
        assert restored.design == DesignSpec.from_json(candidate.design)


def test_a_dropped_design_of_which_a_part_was_changed_keeps_the_rest_again(studio, group):
    job = studio.request_change(group.id, group.candidates[0].id, {"fabric", "pattern"}, 2, 77)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    changed = studio.status(job.id).group
    _, content = studio.designs.png(changed.candidates[1].id)

    restored = studio.restore(recipe_in_png(content))
    assert restored.options.change is not None
    job = studio.request_round(
        restored.prompt, restored.num_candidates, restored.seed, options=restored.options
    )
    wait_until(lambda: studio.status(job.id).job.state.is_final)

    again = studio.status(job.id).group
    assert [each.image for each in again.candidates] == [each.image for each in changed.candidates]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": 99}, "version 99"),
        ({"values": {"category": "teapot"}}, "teapot"),
        ({"measures": {}}, "measures must be"),
        ({"fixed": ["wings"]}, "families that there are not"),
    ],
)
def test_phrases_come_back_from_a_recipe_whose_design_cannot_be_used(
    studio, group, change, sentence
):
    _, content = studio.designs.png(group.candidates[0].id)
    record = json.loads(recipe_in_png(content))
    hostile = json.dumps({**json.loads(record["design"]), **change})
    record["design"] = hostile
    record["request"] |= {"kept": hostile, "free": ["fabric"]}

    restored = studio.restore(json.dumps(record))

    assert (restored.prompt, restored.seed, restored.design) == ("dress, red, v-neck", 3, None)
    assert restored.options.change is None
    assert len(restored.notices) == 2
    assert all(sentence in notice for notice in restored.notices)


@pytest.mark.parametrize("free", [[], ["wings"], ["fabric", "x" * 10_000]])
def test_a_recipe_that_keeps_a_design_but_for_nothing_known_is_told_shortly(studio, group, free):
    _, content = studio.designs.png(group.candidates[0].id)
    record = json.loads(recipe_in_png(content))
    record["request"] |= {"kept": record["design"], "free": free}

    restored = studio.restore(json.dumps(record))

    assert restored.options.change is None
    assert all(len(notice) < 200 for notice in restored.notices)
    assert len(restored.notices) == 1


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


def test_designs_go_to_training_as_they_were_drawn(studio, answered, tmp_path):
    studio.export.write_folder(tmp_path)

    (each,) = training_groups.read_rounds(tmp_path).rounds

    assert each.designs == tuple(candidate.design for candidate in answered.candidates)
    assert all(DesignSpec.from_json(design) for design in each.designs)


@pytest.mark.parametrize("places", [{"in_files": False}, {"in_rows": False}])
def test_older_rounds_go_on_teaching_by_their_lots(studio, database, images, tmp_path, places):
    group = an_old_round(database, images, "dress, red", ["midi", "maxi"], **places)
    studio.select(group.id, frozenset({group.candidates[0].id}))

    studio.export.write_folder(tmp_path)

    (each,) = training_groups.read_rounds(tmp_path).rounds
    assert each.lots == ("midi", "maxi")
    assert not any(each.designs)


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
    assert written.num_rows == 2  # two unticked beside one; who ticked nothing compared nothing


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


def test_exports_of_the_studio_the_market_and_pick_a_pic_open_alike(studio, answered, tmp_path):
    studio.export.write_folder(tmp_path / "studio")
    market = MarketConfig(stores=8, new_stores=0, rounds_per_store=4, briefs=2, designs_per_brief=5)
    write_market(market, tmp_path / "market", tmp_path / "oracle", tmp_path / "pool")
    studio.export.write_folder(tmp_path / "pairs", kind=ExportFormat.PICKAPIC)
    training_pickapic.read_pickapic(tmp_path / "pairs" / "pickapic.parquet", tmp_path / "pickapic")

    opened = {
        name: datasets.load_dataset(
            str(tmp_path / name), split="train", cache_dir=str(tmp_path / "cache")
        )
        for name in ("studio", "market", "pickapic")
    }

    assert opened["market"].features == opened["studio"].features
    assert opened["pickapic"].features == opened["studio"].features
    assert len(opened["market"]) == 8 * 4
    assert len(opened["pickapic"]) == 2


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


# --- Pictures of other sizes -----------------------------------------------------------------


def test_for_a_whole_screen_a_design_is_drawn_again(studio, group):
    design = DesignSpec.from_json(group.candidates[0].design)

    content = studio.designs.large(group.candidates[0].image)

    with Image.open(BytesIO(content)) as large:
        assert large.size == (1024, 2048)
        assert large.tobytes() == picture(draw_croquis(design), 2048).tobytes()


def test_a_design_is_seen_from_behind_too_and_saved_so_with_its_recipe(studio, group):
    design = DesignSpec.from_json(group.candidates[0].design)

    name, content = studio.designs.view(group.candidates[0].id, "back")

    assert name == "PF-000001-1 back.png"
    assert studio.restore(recipe_in_png(content)).prompt == "dress, red, v-neck"
    with Image.open(BytesIO(content)) as large:
        assert large.tobytes() == picture(draw_croquis(design, "back"), 2048).tobytes()
    with pytest.raises(ValueKindError, match="front or from the back"):
        studio.designs.view(group.candidates[0].id, "top")


def test_a_picture_without_a_design_is_enlarged_by_whole_steps(studio, database, images):
    group = an_old_round(database, images, "dress", ["midi"])

    with Image.open(BytesIO(studio.designs.large(group.candidates[0].image))) as large:
        assert large.size == (512, 1024)  # 256 px fit four times into 1,024


def test_a_thumbnail_is_small_whatever_the_picture(studio, group, images, database):
    large = images.write(studio.designs.large(group.candidates[0].image))
    wide = BytesIO()
    Image.new("RGB", (3000, 10), "red").save(wide, format="PNG")
    BroughtPictureStore(database).add([large, images.write(wide.getvalue())])

    for digest, size in (
        (large, (128, 256)),
        (group.candidates[0].image, (32, 64)),  # smaller already
        (images.write(wide.getvalue()), (3000, 10)),
    ):
        with Image.open(BytesIO(studio.designs.thumbnail(digest))) as small:
            assert small.size == size


def test_many_threads_may_ask_for_large_pictures_at_once(studio, group):
    digests = [each.image for each in group.candidates] * 4

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(studio.designs.large, digests))

    assert found == [studio.designs.large(digest) for digest in digests]


def test_a_picture_that_is_not_here_has_no_other_size(studio):
    for make in (studio.designs.large, studio.designs.thumbnail):
        with pytest.raises(StorageError):
            make("0" * 64)
