import zipfile
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.domain import (
    FIRST_WORKSPACE,
    CorrectionError,
    DesignError,
    ForbiddenError,
    NothingTickedError,
    Revision,
    Role,
    UnknownCandidateError,
    ValueKindError,
    Visitor,
)
from studio.services.studio import Studio
from studio.storage.database import Database
from studio.storage.users import UserStore
from tests.serving import drawn_round
from tests.techpack.packs import NOW


@pytest.fixture
def group(studio):
    return drawn_round(studio, "dress, red, v-neck", 2, seed=3)


@pytest.fixture
def candidate_id(group):
    return group.candidates[0].id


def letter(studio: Studio, candidate_id: int) -> str:
    return studio.packs.printed(candidate_id, "en")[1].letter


def test_a_correction_is_kept_with_the_design_and_can_be_undone_step_by_step(studio, candidate_id):
    packs, key = studio.packs, "point.chest.38"
    derived = packs.pack(candidate_id).find(key).said.en

    packs.correct(candidate_id, key, "47,5")
    corrected = packs.correct(candidate_id, key, "48").find(key)
    assert (corrected.said.en, corrected.status, corrected.by) == ("48.0", "person", "")

    assert packs.undo(candidate_id, key).find(key).said.en == "47.5"
    assert packs.undo(candidate_id, key).find(key).said.en == derived
    with pytest.raises(CorrectionError, match="nothing to undo"):
        packs.undo(candidate_id, key)


def test_a_refused_correction_changes_nothing(studio, candidate_id):
    before = studio.packs.pack(candidate_id).digest()

    with pytest.raises(CorrectionError):
        studio.packs.correct(candidate_id, "point.chest.38", "wide")

    assert studio.packs.pack(candidate_id).digest() == before


def test_a_pack_with_changed_content_is_the_next_revision(studio, candidate_id):
    assert letter(studio, candidate_id) == "A"
    assert letter(studio, candidate_id) == "A"

    studio.packs.correct(candidate_id, "note.hem", "3 cm")
    assert letter(studio, candidate_id) == "B"
    assert studio.packs.pack(candidate_id).find("note.hem").said.en == "3 cm"

    studio.packs.undo(candidate_id, "note.hem")
    assert letter(studio, candidate_id) == "C"


@pytest.mark.parametrize(
    ("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")]
)
def test_revisions_go_on_after_z(number, letters):
    assert Revision(number=number, digest="", made_at=NOW).letter == letters


def test_corrections_and_revisions_outlive_the_studio(generator, tmp_path):
    studio = Studio.open(tmp_path / "data", generator, "tiny")
    candidate = drawn_round(studio, "dress", 1, seed=1).candidates[0].id
    studio.packs.correct(candidate, "house.factory", "Ateliers du Nord")
    assert letter(studio, candidate) == "A"
    studio.stop()

    again = Studio.open(tmp_path / "data", generator, "tiny")

    field = again.packs.pack(candidate).find("house.factory")
    assert field is not None
    assert field.said.en == "Ateliers du Nord"
    assert letter(again, candidate) == "A"
    again.stop()


def test_who_has_logged_in_signs_with_their_name(studio, candidate_id):
    ann = studio.of(Visitor(workspace_id=FIRST_WORKSPACE, role=Role.EDITOR, name="Ann"))

    ann.packs.correct(candidate_id, "note.hem", "3 cm")

    assert studio.packs.pack(candidate_id).find("note.hem").by == "Ann"


def test_who_may_only_look_takes_packs_away_and_changes_nothing(studio, candidate_id):
    viewer = studio.of(Visitor(workspace_id=FIRST_WORKSPACE, role=Role.VIEWER, name="Vi"))

    for change in (
        lambda: viewer.packs.correct(candidate_id, "note.hem", "3 cm"),
        lambda: viewer.packs.undo(candidate_id, "note.hem"),
    ):
        with pytest.raises(ForbiddenError):
            change()
    assert letter(viewer, candidate_id) == "A"
    assert letter(studio, candidate_id) == "A"
    studio.packs.correct(candidate_id, "note.hem", "3 cm")
    assert letter(viewer, candidate_id) == "B"


def test_another_workspace_sees_and_changes_no_pack_of_mine(
    studio, database: Database, candidate_id
):
    studio.packs.correct(candidate_id, "note.hem", "3 cm")
    workspace_id = UserStore(database).workspace("bea's", NOW)
    bea = studio.of(Visitor(workspace_id=workspace_id, name="Bea"))

    for ask in (
        lambda: bea.packs.pack(candidate_id),
        lambda: bea.packs.pdf(candidate_id),
        lambda: bea.packs.drawing(candidate_id, "flat-front"),
        lambda: bea.packs.zip([candidate_id]),
        lambda: bea.packs.correct(candidate_id, "note.hem", "4 cm"),
        lambda: bea.packs.undo(candidate_id, "note.hem"),
        lambda: bea.designs.saved([candidate_id], "svg"),
    ):
        with pytest.raises(UnknownCandidateError):
            ask()
    assert studio.packs.pack(candidate_id).find("note.hem").said.en == "3 cm"


def test_a_zip_holds_each_design_in_a_folder_with_all_its_files(studio, group):
    name, content = studio.packs.zip([each.id for each in group.candidates], "both")

    assert name == "tech packs.zip"
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        page = archive.read("PF-000001-2/PF-000001-2 tech pack rev A sheet 2.png")
        drawing = archive.read("PF-000001-1/PF-000001-1 flat-back.svg")
    assert len(names) == 2 * (1 + 3 + 4)
    assert "PF-000001-1/PF-000001-1 tech pack rev A.pdf" in names
    with Image.open(BytesIO(page)) as image:
        assert image.size == (2480, 3508)
    assert drawing.startswith(b"<svg")


@pytest.mark.parametrize("ids", [[], list(range(13))])
def test_a_zip_of_no_pack_or_of_too_many_is_refused(studio, ids):
    with pytest.raises(NothingTickedError, match="1 to 12"):
        studio.packs.zip(ids)


def test_sheets_speak_three_ways_and_no_other(studio, candidate_id):
    with pytest.raises(ValueKindError, match="en, zh, both"):
        studio.packs.pdf(candidate_id, "fr")
    with pytest.raises(ValueKindError, match="sheets 1 to 3"):
        studio.packs.page(candidate_id, 4)
    with pytest.raises(ValueKindError, match="flat-front"):
        studio.packs.drawing(candidate_id, "flat-left")


def test_a_design_of_another_version_has_a_blueprint_and_no_pack(studio, database, candidate_id):
    with database.transaction() as connection:
        connection.execute("""UPDATE candidates SET design = '{"version": 0}'""")
    (path,) = [studio.images.find(each.image) for each in studio.group(1).candidates[:1]]
    with Image.open(path) as kept:  # its file tells of the design as well
        kept.load()
        texts = {"perfusion": kept.info["perfusion"].replace('\\"version\\":1', '\\"version\\":0')}
    assert texts["perfusion"] != kept.info["perfusion"]
    info = PngInfo()
    info.add_itxt("perfusion", texts["perfusion"])
    kept.save(path, pnginfo=info)

    with pytest.raises(DesignError, match="no tech pack"):
        studio.packs.pack(candidate_id)
    assert studio.designs.blueprint(candidate_id)[0] == "PF-000001-1 blueprint.png"
