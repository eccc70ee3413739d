"""Collections: put together, changed, taken back, and taken away."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from PIL import Image

from studio.domain import (
    CollectedDesign,
    CollectionError,
    NothingTickedError,
    ValueKindError,
    Visitor,
)
from studio.services.history import History
from studio.services.studio import Studio
from studio.services.tables import Link, Table, csv_file, xlsx_file
from studio.storage.jobs import JobStore
from tests.serving import drawn_round, wait_until

HOSTILE = '=HYPERLINK("http://x","y") <script>alert(1)</script> "quoted", 连衣裙'


@pytest.fixture
def rounds(studio: Studio):
    studio.start()
    jobs = [studio.request_round(prompt, 2, seed=1) for prompt in ("dress, red", "skirt, navy")]
    wait_until(lambda: all(studio.status(job.id).job.state.is_final for job in jobs), limit_s=120)
    return [studio.status(job.id).group for job in jobs]


@pytest.fixture
def autumn(studio, rounds):
    """A collection of designs of both rounds."""
    ids = [rounds[0].candidates[0].id, rounds[1].candidates[1].id]
    return studio.collections.start("Autumn", ids)


def ids_of(collection) -> list[int]:
    return [each.candidate_id for each in collection.designs]


def test_designs_of_different_rounds_come_together_once_each(studio, rounds, autumn):
    first, other = rounds[0].candidates[0].id, rounds[0].candidates[1].id

    grown = studio.collections.add(autumn.id, [first, other, other])

    assert ids_of(grown) == [*ids_of(autumn), other]
    assert ids_of(studio.collections.drop(autumn.id, [other])) == ids_of(autumn)


def test_order_names_prices_and_notes_are_kept_and_undone_by_what_was_before(studio, autumn):
    one, two = autumn.designs
    changed = studio.collections.put(
        replace(autumn, name="Winter", notes="warm", designs=(two, replace(one, price="¥ 299")))
    )
    assert (changed.name, changed.notes, ids_of(changed)) == (
        "Winter",
        "warm",
        ids_of(autumn)[::-1],
    )
    assert changed.designs[1].price == "¥ 299"

    back = studio.collections.put(replace(autumn, revision=changed.revision))

    assert replace(back, revision=0) == replace(autumn, revision=0)


def test_a_change_on_top_of_an_unseen_one_is_refused(studio, autumn):
    studio.collections.put(replace(autumn, name="Winter"))

    with pytest.raises(CollectionError, match="another tab"):
        studio.collections.put(replace(autumn, name="Spring"))
    assert studio.collections.get(autumn.id).name == "Winter"


def test_deleting_is_undone(studio, autumn):
    studio.collections.delete(autumn.id)
    assert studio.collections.all() == ()
    with pytest.raises(CollectionError):
        studio.collections.get(autumn.id)

    assert studio.collections.undelete(autumn.id) == autumn


@pytest.mark.parametrize(
    "change",
    [
        {"name": "  "},
        {"name": "x" * 121},
        {"notes": "x" * 2001},
        {"designs": (CollectedDesign(candidate_id=10**6),)},
        {"designs": (CollectedDesign(candidate_id=1),) * 2},
        {"designs": tuple(CollectedDesign(candidate_id=each) for each in range(121))},
        {"designs": (CollectedDesign(candidate_id=1, price="x" * 41),)},
        {"id": 99},
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_changes(studio, autumn, change):
    with pytest.raises(CollectionError):
        studio.collections.put(replace(autumn, **change))

    assert studio.collections.get(autumn.id) == autumn


def test_another_workspace_sees_and_changes_nothing(studio, autumn):
    with studio.of(Visitor())._database.transaction() as connection:
        connection.execute("INSERT INTO workspaces (id, name, made_at) VALUES (2, 'other', 'now')")
    other = studio.of(Visitor(workspace_id=2)).collections

    assert other.all() == ()
    for act in (
        lambda: other.get(autumn.id),
        lambda: other.put(autumn),
        lambda: other.delete(autumn.id),
        lambda: other.start("Theirs", ids_of(autumn)),
    ):
        with pytest.raises(CollectionError):
            act()


def test_a_deleted_round_is_not_forgotten_while_a_collection_shows_it(
    database, generator, studio, rounds, autumn
):
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    history = History(database, generator, now=lambda: now[0])
    history.delete(rounds[0].id)
    for _ in range(31):
        now[0] += timedelta(days=1)
        JobStore(database).add(rounds[1].request, now[0])
    history.purge()
    assert studio.group(rounds[0].id).is_deleted

    studio.collections.delete(autumn.id)
    history.purge()

    assert ids_of(studio.collections.undelete(autumn.id)) == [rounds[1].candidates[1].id]


# --- Taken away ------------------------------------------------------------------------------


@pytest.fixture
def hostile(studio, autumn):
    one, two = autumn.designs
    designs = (replace(one, name=HOSTILE, price="<b>9</b>", note="a\nb"), two)
    return studio.collections.put(
        replace(autumn, name="<i>Été</i> / 秋", notes=HOSTILE, designs=designs)
    )


def test_the_page_is_one_file_without_scripts_or_other_addresses(studio, hostile):
    name, content = studio.line_sheets.page(hostile.id)

    text = content.decode()
    assert name == "i Été i 秋.html"
    assert text.count("data:image/png;base64,") == 2
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://x", "")
    assert "&lt;script&gt;" in text
    assert 'alt="dress, red"' in text


def test_pages_and_line_sheets_speak_the_language_that_is_asked_for(studio, autumn):
    text = studio.line_sheets.page(autumn.id, "zh")[1].decode()

    assert '<html lang="zh">' in text
    assert "AI 生成的设计" in text
    assert 'alt="dress，red"' in text  # the tiny phrasebook has no Chinese names
    assert studio.line_sheets.sheet(autumn.id, "both")[1].startswith(b"%PDF-")
    for write in (studio.line_sheets.page, studio.line_sheets.sheet):
        with pytest.raises(ValueKindError, match="speak"):
            write(autumn.id, "klingon")


def test_the_line_sheet_has_six_designs_a_page(studio, rounds, hostile):
    _, one = studio.line_sheets.sheet(hostile.id)
    assert one.startswith(b"%PDF-")
    assert one.count(b"/Type /Page\n") + one.count(b"/Type /Page ") == 1
    empty = studio.collections.start("Empty")

    assert studio.line_sheets.sheet(empty.id)[1].startswith(b"%PDF-")


def test_all_files_come_in_one_zip_in_the_order_of_the_collection(studio, hostile):
    name, content = studio.line_sheets.everything(hostile.id, "both")

    assert name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert [each.split(" ")[0] for each in names] == ["001"] * 6 + ["002"] * 6
        assert sorted(each.rsplit(".", 1)[-1] for each in names[:6]) == ["pdf", "png"] + ["svg"] * 4
        packs = [archive.read(each) for each in names if each.endswith("tech pack rev A.pdf")]
        assert [each[:5] for each in packs] == [b"%PDF-"] * 2
        assert all(".." not in each and not each.startswith("/") for each in names)
        first = archive.read(next(each for each in names if each.endswith("-1.png")))
    assert Image.open(io.BytesIO(first)).size[1] > 0


def test_a_pack_in_the_zip_has_what_was_corrected_and_a_language_it_speaks(studio, autumn):
    first = autumn.designs[0].candidate_id
    studio.packs.printed(first, "en")
    studio.packs.correct(first, "note.hem", "rolled by hand")

    _, content = studio.line_sheets.everything(autumn.id)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [each for each in archive.namelist() if each.endswith("rev B.pdf")]
    with pytest.raises(ValueKindError):
        studio.line_sheets.everything(autumn.id, "klingon")


def test_a_picture_of_no_known_design_brings_its_sheet(picture_studio):
    group = drawn_round(picture_studio, "a red dress", 1, seed=1)
    made = picture_studio.collections.start("Pictures", [group.candidates[0].id])

    _, content = picture_studio.line_sheets.everything(made.id)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = [each.rsplit("/", 1)[-1] for each in archive.namelist()]
    assert files == ["PF-000001-1.png", "PF-000001-1 blueprint.png"]


def test_deleted_collections_can_be_found_again_later(studio, autumn):
    studio.collections.delete(autumn.id)

    assert studio.collections.deleted() == ((autumn.id, "Autumn"),)
    studio.collections.undelete(autumn.id)
    assert studio.collections.deleted() == ()


def read_sheet(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [
        ["".join(cell.itertext()) for cell in row.iter(f"{space}c")]
        for row in sheet.iter(f"{space}row")
    ]


def test_tables_hold_the_same_cells_and_no_formula(studio, hostile):
    table = studio.line_sheets.table(hostile.id, lambda digest: f"http://here/images/{digest}.png")

    rows = list(csv.reader(io.StringIO(csv_file(table).decode("utf-8-sig"))))
    sheet = read_sheet(xlsx_file(table))

    assert rows[0] == sheet[0] == list(table.columns)
    assert sheet[1][1] == HOSTILE
    assert rows[1][1] == f"'{HOSTILE}"
    assert rows[1][4] == sheet[1][4] == "dress, red"
    assert rows[1][-1] == sheet[1][-1]
    assert rows[1][-1].startswith("http://here/images/")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r="])
def test_no_cell_of_a_csv_is_calculated(start):
    [_, [cell]] = csv.reader(
        io.StringIO(csv_file(Table(("Name",), ((f"{start}1+1",),))).decode("utf-8-sig"), newline="")
    )

    assert cell.startswith("'")


def test_a_workbook_takes_characters_that_xml_does_not():
    content = xlsx_file(Table(("Name", "Picture"), (("a\x00b\x1f]]>", Link("http://x/?a=1&b=2")),)))

    assert read_sheet(content)[1] == ["a\ufffdb\ufffd]]>", "http://x/?a=1&b=2"]


def test_picks_are_a_table_and_none_are_told(studio, rounds):
    with pytest.raises(NothingTickedError):
        studio.line_sheets.picks(None, str)
    studio.select(rounds[0].id, {rounds[0].candidates[1].id})

    table = studio.line_sheets.picks(None, str)

    assert [row[0] for row in table.rows] == [f"PF-{rounds[0].id:06d}-2"]
