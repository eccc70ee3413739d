import pytest

from studio.design.families import FAMILIES, NONE
from studio.design.spec import spec_of_values
from studio.domain import CorrectionError
from studio.techpack.care import care_of
from studio.techpack.construction import notes_of
from studio.techpack.corrections import checked
from studio.techpack.fibres import FIBRES, shell_of
from studio.techpack.pack import pack_of
from studio.techpack.said import Said
from tests.techpack.packs import NOW, brief, design, designs_with_every_value, pack


def test_what_was_typed_is_what_is_printed():
    spec = design(asked=("category", "colour"))
    whole = pack(spec)

    colour = next(each for each in whole.choices if each.family == "colour")
    assert colour.said.said.en == "baby blue"
    assert colour.said.status == "asked"
    assert whole.title.en.startswith("Baby blue")
    assert whole.materials[0].colour.said.en.startswith("baby blue #")


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("天蓝", "blue", "天蓝"),
        ("baby blue", "baby blue", "蓝色"),
        ("bébé blue", "bébé blue", "蓝色"),
    ],
)
def test_what_was_typed_stands_in_the_language_it_was_typed_in(typed, english, chinese):
    spec = design({"category": "dress", "colour": "blue"}, asked=("colour",))

    said = brief(spec, typed_of={"colour": typed}).value(spec, "colour")

    assert said == Said(english, chinese)


def test_what_only_the_wearer_is_asked_for_is_printed_too():
    spec = design({"category": "dress", "build": "curvy build"}, asked=("category", "build"))

    told = {each.family: each.said.said.en for each in pack(spec).choices}

    assert told["build"] == "plus size"
    assert "hair" not in told


def test_every_field_has_a_status_and_all_are_counted():
    whole = pack(None, ("point.chest.38", "50.0"))

    counts = whole.counts()
    fields = [each for each in whole.fields() if each.status != "open" or each.question]
    assert sum(counts.values()) == len(fields)
    assert counts["asked"] == 2
    assert counts["person"] == 1
    assert counts["open"] == sum(each.status == "open" for each in fields)
    keys = [each.key for each in whole.fields()]
    assert len(keys) == len(set(keys))


def test_open_fields_are_questions_and_hold_no_text():
    whole = pack()

    open_fields = [each for each in whole.fields() if each.status == "open"]
    assert open_fields
    assert not [each for each in open_fields if each.said]
    assert any("factory" in each.en for each in whole.open_questions())
    assert all(each.zh for each in whole.open_questions())


def test_a_correction_says_who_and_when_and_what_was_derived_before():
    before = pack().find("point.waist.38")
    field = pack(None, ("point.waist.38", "41.0"), ("point.waist.38", "44.5")).find(
        "point.waist.38"
    )

    assert before is not None
    assert field is not None
    assert (field.said.en, field.status, field.by, field.at) == ("44.5", "person", "Ann", NOW)
    assert field.before == before.said


def test_a_correction_of_the_base_size_moves_the_sizes_that_nobody_corrected():
    plain, moved = pack(), pack(None, ("point.waist.38", "44.5"), ("point.waist.42", "60.0"))
    row, other = (next(r for r in each.points if r.key == "waist") for each in (plain, moved))
    by = 44.5 - float(row.cells[2].said.en)

    for place, (cell, after) in enumerate(zip(row.cells, other.cells, strict=True)):
        if place == 4:
            assert (after.said.en, after.status) == ("60.0", "person")
        elif place != 2:
            assert after.number == pytest.approx((cell.number or 0) + by, abs=0.06)
            assert after.status == "derived"


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("point.chest.38", "47,5", "47.5"),
        ("point.chest.38", " 47.54 cm ", "47.5"),
        ("point.chest.38", "47厘米", "47.0"),
        ("tolerance.chest", "1", "1.0"),
        ("material.shell.composition", " silk  100 % ", "silk 100 %"),
        ("note.hem", "底边 3 cm", "底边 3 cm"),
        ("house.factory", "Ateliers du Nord", "Ateliers du Nord"),
    ],
)
def test_a_correction_is_kept_as_it_is_printed(key, typed, kept):
    assert checked(pack(), key, typed) == kept


@pytest.mark.parametrize(
    ("key", "typed", "problem"),
    [
        ("point.chest.38", "wide", "is no number"),
        ("point.chest.38", "1e9", "is no number"),
        ("point.chest.38", "-44", "can’t be right"),
        ("point.chest.38", "0", "can’t be right"),
        ("point.chest.38", "445", "decimal point"),
        ("point.chest.38", "9" * 500, "is no number"),
        ("point.chest.38", "", "Type what"),
        ("tolerance.chest", "7", "can’t be right"),
        ("note.hem", "x" * 201, "Say it shorter"),
        ("note.hem", "حافة", "no font"),
        ("note.hem", "   ", "Type what"),
        ("point.bogus.38", "4", "no such field"),
        ("choice.colour", "red", "no such field"),
    ],
)
def test_what_no_garment_can_have_is_refused_with_a_sentence(key, typed, problem):
    with pytest.raises(CorrectionError, match=problem):
        checked(pack(), key, typed)


def test_a_wrong_correction_leads_back_to_what_was_derived():
    """The range is that of the derived value, whatever a person set in between."""
    whole = pack(None, ("point.chest.38", "20.0"))

    assert checked(whole, "point.chest.38", "47") == "47.0"


def test_the_same_content_has_the_same_digest_and_another_one_has_not():
    assert pack().digest() == pack().digest()
    assert pack().digest() != pack(None, ("note.hem", "3 cm")).digest()


def test_a_typed_fibre_stands_in_the_bill_as_asked_for():
    spec = design({"category": "dress", "fabric": "satin"}, asked=("fabric",))
    shell = pack_of(spec, brief(spec, "silk dress")).materials[0]

    assert shell.composition.status == "asked"
    assert shell.composition.said.en == "silk, shares to confirm"


def test_compositions_use_the_names_of_the_regulation_and_make_a_hundred():
    for category in FAMILIES["category"]:
        for fabric in FAMILIES["fabric"]:
            try:
                spec = design({"category": category, "fabric": fabric})
            except Exception:
                continue
            text = shell_of(spec).composition.en
            if fabric in ("leather", "suede"):
                assert not text
                continue
            for part in text.split("; "):
                shares = [each.rsplit(" ", 2) for each in part.split(": ")[-1].split(", ")]
                assert sum(int(share) for _, share, _ in shares) == 100
                assert all(name in FIBRES for name, _, _ in shares)


def test_every_detail_that_is_sewn_has_its_note_and_every_cloth_its_care():
    for spec in designs_with_every_value():
        keys = {note.key for note in notes_of(spec)}
        assert {"seams", "hem", "pressing"} <= keys
        for family in ("cuffs", "closure", "trim", "belt", "pockets", "bow", "slit", "pleats"):
            assert (family in keys) == (spec[family] != NONE), (family, spec[family])
        assert care_of(spec).wash in ("none", "hand", "30", "40")


def test_what_stretches_needs_no_zip_and_feathers_no_water():
    def keys(**values: str) -> set[str]:
        return {line.key for line in pack(spec_of_values(values)).materials}

    assert "fly" in keys(category="trousers")
    assert not {"fly", "zip"} & keys(category="trousers", waist="elastic waist")
    assert "zip" in keys(category="dress")
    assert "zip" not in keys(category="dress", waist="smocked waist")
    assert care_of(spec_of_values({"category": "top", "trim": "feathers"})).wash == "none"


def test_a_print_has_its_repeat_in_centimetres_by_its_scale():
    values = {"category": "dress", "pattern": "gingham"}
    spec = design(values)
    small = pack(spec).artwork
    large = pack(type(spec)(spec.outfit, spec.measures.but(print_scale=2.0))).artwork

    assert small is not None
    assert large is not None
    assert small.across is not None
    assert large.across is not None
    assert large.across.number == pytest.approx(2 * (small.across.number or 0), abs=0.15)
    assert pack(design()).artwork is None


def test_trousers_that_are_pulled_on_have_elastic_and_no_fly():
    joggers = pack(design({"category": "trousers", "leg": "joggers"}))

    parts = {line.key for line in joggers.materials}
    assert {"waist-elastic", "drawstring", "leg-rib"} <= parts
    assert "fly" not in parts
    assert "fly" in {line.key for line in pack(design({"category": "trousers"})).materials}
