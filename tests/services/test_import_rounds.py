import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from studio import import_rounds as import_command
from studio.design.spec import DesignSpec
from studio.domain import ImportRoundsError, StorageError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.perfusion.profile import STORE_ID, Profile
from studio.services.import_rounds import RoundImport
from studio.services.known_designs import KnownDesigns
from studio.services.recipe import recipe_in_file
from studio.services.studio import Studio
from studio.storage.database import IN_MEMORY, Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles
from studio.storage.stores import StoreStore
from tests.services.old_rounds import an_old_round
from tests.serving import drawn_round, wait_until
from training.atelier.world import sample_design
from training.data.groups import Round, read_rounds, save_image, write_rounds

ANSWERED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture
def other(tmp_path):
    """An empty studio's database and images."""
    database = Database(IN_MEMORY)
    yield database, ImageFiles(tmp_path / "other")
    database.close()


def an_export(folder, *changes: dict[str, Any]) -> None:
    """Rounds as the simulated market writes them, each changed a little."""
    rounds = []
    for number, change in enumerate(changes):
        colours = ((number, 10, 20), (number, 30, 40))
        images = tuple(save_image(folder, Image.new("RGB", (4, 8), colour)) for colour in colours)
        fields: dict[str, Any] = {
            "id": f"round-{number}",
            "profile": Profile.of(store_id="store-a", season="autumn"),
            "prompt": "dress, red",
            "images": images,
            "labels": (1.0, 0.0),
            "seeds": (7, 8),
            "made_at": ANSWERED,
            "model": "tiny",
        }
        rounds.append(Round(**{**fields, **change}))
    write_rounds(folder, rounds)


def test_an_export_comes_back_in_another_studio_as_it_was(studio, other, tmp_path):
    store = studio.stores.add("Maison Nord", {"season": "autumn"})
    studio.start()
    job = studio.request_round("dress, red", 3, 5, store_id=store.id)
    wait_until(lambda: studio.status(job.id).job.state.is_final)
    group = studio.status(job.id).group
    studio.select(group.id, frozenset({group.candidates[1].id}))
    studio.export.write_folder(tmp_path / "export")
    database, images = other

    imported = RoundImport(database, images).read_folder(tmp_path / "export")

    assert (imported.rounds, dict(imported.skipped)) == (1, {})
    again = GroupStore(database).get(1)
    assert again.request.generation == group.request.generation
    assert again.request.profile == group.request.profile
    assert [one.image for one in again.candidates] == [one.image for one in group.candidates]
    assert [one.seed for one in again.candidates] == [5, 6, 7]
    assert again.selected_ids == frozenset({again.candidates[1].id})
    assert [(one.key, one.taught) for one in StoreStore(database).all()] == [(store.key, 1)]


def test_designs_come_along(studio, other, tmp_path):
    group = drawn_round(studio, "dress, red", 3, seed=3)
    studio.select(group.id, frozenset())
    studio.export.write_folder(tmp_path / "export")

    RoundImport(*other).read_folder(tmp_path / "export")

    designs = [each.design for each in GroupStore(other[0]).get(1).candidates]
    assert designs == [each.design for each in group.candidates]
    assert all(DesignSpec.from_json(design) for design in designs)


def test_lots_of_older_rounds_come_along_in_their_pictures(
    studio, database, images, other, generator, tmp_path
):
    group = an_old_round(database, images, "dress, red", ["midi", "maxi"])
    studio.select(group.id, frozenset())
    studio.export.write_folder(tmp_path / "export")

    RoundImport(*other).read_folder(tmp_path / "export")

    again = GroupStore(other[0]).get(1)
    known = KnownDesigns(other[0], other[1], generator)
    assert [each.lots for each in again.candidates] == ["", ""]
    assert [known.of(again, each).values["length"] for each in again.candidates] == ["midi", "maxi"]


def designs(count: int) -> tuple[str, ...]:
    return tuple(sample_design(random.Random(seed)).to_json() for seed in range(count))


def test_rounds_that_are_known_by_their_designs_alone_are_drawn(other, tmp_path):
    an_export(tmp_path, {"images": (), "designs": designs(2)})
    rounds = RoundImport(*other)

    assert rounds.read_folder(tmp_path).rounds == 1
    again = rounds.read_folder(tmp_path)

    assert (again.rounds, dict(again.skipped)) == (0, {"that are here already": 1})
    for candidate, design in zip(GroupStore(other[0]).get(1).candidates, designs(2), strict=True):
        assert candidate.design == design
        recipe = recipe_in_file(other[1].find(candidate.image))
        assert recipe is not None
        assert (recipe.design, recipe.prompt) == (design, "dress, red")
        drawn = picture(draw_croquis(DesignSpec.from_json(design)), 1024)
        assert other[1].load(candidate.image).tobytes() == drawn.tobytes()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"designs": ("{", "")}, "with an unusable design"),
        ({"designs": (designs(1)[0].replace('"version":1', '"version":9'), "")}, "unusable design"),
        ({"designs": ("x" * 20_000, "")}, "with an unusable design"),
        ({"designs": designs(3)}, "with images and designs that do not match"),
        ({"designs": designs(1)}, "with images and designs that do not match"),
        ({"images": (), "designs": (designs(1)[0], "")}, "neither an image nor a design"),
        ({"images": (), "designs": designs(3)}, "with images and ticks that do not match"),
    ],
)
def test_one_bad_design_never_stops_the_rest(other, tmp_path, change, reason):
    an_export(tmp_path, change, {}, {"designs": designs(2)})

    imported = RoundImport(*other).read_folder(tmp_path)

    assert imported.rounds == 2
    ((told, count),) = imported.skipped.items()
    assert reason in told
    assert count == 1
    assert [each.design for each in GroupStore(other[0]).get(2).candidates] == [*designs(2)]


def test_an_export_from_before_there_were_designs_is_read(other, tmp_path):
    an_export(tmp_path, {})
    table = pq.read_table(tmp_path / "rounds.parquet").drop_columns(["designs"])
    pq.write_table(table, tmp_path / "rounds.parquet")

    assert RoundImport(*other).read_folder(tmp_path).rounds == 1
    assert [each.design for each in GroupStore(other[0]).get(1).candidates] == ["", ""]


def test_what_goes_out_again_is_what_came_in(studio, images, database, tmp_path):
    an_export(tmp_path / "export", {}, {"labels": (0.0, 0.0)})

    RoundImport(database, images).read_folder(tmp_path / "export")
    studio.export.write_folder(tmp_path / "again")

    before, after = (read_rounds(tmp_path / name).rounds for name in ("export", "again"))
    for one, other_one in zip(before, after, strict=True):
        assert one.images == other_one.images
        assert (one.labels, one.seeds) == (other_one.labels, other_one.seeds)
        assert one.profile[STORE_ID] == other_one.profile[STORE_ID]
        assert one.made_at == other_one.made_at


def test_the_same_export_twice_adds_nothing(other, tmp_path):
    an_export(tmp_path, {}, {})
    RoundImport(*other).read_folder(tmp_path)

    imported = RoundImport(*other).read_folder(tmp_path)

    assert (imported.rounds, dict(imported.skipped)) == (0, {"that are here already": 2})


def test_two_stores_that_saw_the_same_designs_have_a_round_each(other, tmp_path):
    an_export(tmp_path / "first", {}, {"profile": Profile.of(store_id="store-b")})
    shown = read_rounds(tmp_path / "first").rounds[0]
    alike = [
        replace(shown, id=name, profile=profile, labels=labels)
        for name, profile, labels in (
            ("one", Profile.of(store_id="store-a"), (1.0, 0.0)),
            ("two", Profile.of(store_id="store-b"), (0.0, 1.0)),
            ("three", Profile(()), (0.0, 0.0)),
            ("again", Profile.of(store_id="store-b"), (0.0, 1.0)),
        )
    ]
    write_rounds(tmp_path / "first", alike)

    imported = RoundImport(*other).read_folder(tmp_path / "first")

    assert (imported.rounds, dict(imported.skipped)) == (3, {"that are here already": 1})
    again = RoundImport(*other).read_folder(tmp_path / "first")
    assert (again.rounds, dict(again.skipped)) == (0, {"that are here already": 4})


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"prompt": ""}, "empty or too long"),
        ({"prompt": "x" * 5000}, "empty or too long"),
        ({"labels": (1.0,)}, "do not match"),
        ({"images": (), "labels": (), "seeds": ()}, "with no or more"),
        ({"images": ("../secret.png",) * 2}, "outside"),
        ({"images": ("/etc/hostname",) * 2}, "outside"),
        ({"images": ("images/absent.png",) * 2}, "missing"),
        ({"images": ("images/drawing.svg",) * 2}, "damaged"),
        ({"images": ("images/cut.png",) * 2}, "damaged"),
        ({"images": ("images/bomb.png",) * 2}, "too large"),
        ({"images": ("images",) * 2}, "damaged"),
    ],
)
def test_a_round_that_makes_no_sense_is_counted_and_the_others_come(
    other, tmp_path, change, reason
):
    folder = tmp_path / "export"
    an_export(folder, change, {})
    (tmp_path / "secret.png").write_bytes(b"not yours")
    (folder / "images" / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    whole = next((folder / "images").glob("*.png")).read_bytes()
    (folder / "images" / "cut.png").write_bytes(whole[: len(whole) // 2])
    Image.new("1", (9000, 9000)).save(folder / "images" / "bomb.png")

    imported = RoundImport(*other).read_folder(folder)

    assert imported.rounds == 1
    assert [reason in told for told in imported.skipped] == [True]
    assert f"{reason}" in imported.sentence()


@pytest.mark.parametrize("harm", ["no folder", "other format", "no table", "other columns"])
def test_what_is_no_export_is_told_in_a_sentence(other, tmp_path, harm):
    folder = tmp_path / "export"
    if harm != "no folder":
        an_export(folder, {})
    if harm == "other format":
        (folder / "export.json").write_text(json.dumps({"format": "another"}))
    if harm == "no table":
        (folder / "rounds.parquet").write_bytes(b"PAR1")
    if harm == "other columns":
        pq.write_table(pa.table({"prompt": ["dress"]}), folder / "rounds.parquet")

    with pytest.raises(ImportRoundsError, match="export"):
        RoundImport(*other).read_folder(folder)


def test_hostile_texts_are_only_texts(other, tmp_path):
    text = "'; DROP TABLE groups; -- <script>alert(1)</script> ../../etc"
    an_export(tmp_path, {"prompt": text, "model": text})

    RoundImport(*other).read_folder(tmp_path)

    group = GroupStore(other[0]).get(1)
    assert (group.prompt, group.checkpoint) == (text, text)


def test_the_command_imports_into_a_closed_studio_only(generator, tmp_path):
    an_export(tmp_path / "export", {})
    data = tmp_path / "data"
    studio = Studio.open(data, generator, "tiny")
    drawn_round(studio, "dress", 1, seed=1)
    command = [str(tmp_path / "export"), "--data", str(data)]

    with pytest.raises(SystemExit, match="Another studio"):
        import_command.main(command)
    studio.stop()
    import_command.main(command)

    studio = Studio.open(data, generator, "tiny")
    assert [group.prompt for group in studio.history.find()] == ["dress, red", "dress"]
    studio.stop()


def test_a_full_disk_lets_no_half_import_behind(other, tmp_path):
    an_export(tmp_path, *[{} for _ in range(30)])
    database, images = other
    with database.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    with pytest.raises(StorageError, match="disk is full"):
        RoundImport(database, images).read_folder(tmp_path)

    assert GroupStore(database).latest_id() is None
