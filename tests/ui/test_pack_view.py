import json

import pytest

from studio.ui.pack_view import pack_view
from studio.ui.words import CHINESE, ENGLISH, Words
from tests.techpack.packs import design, pack


def fields(view):
    for table in (view["points"], view["materials"]):
        for row in table:
            yield from row["fields"]
    for _, rows in view["lists"]:
        yield from (field for _, field in rows)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_the_panel_shows_every_field_that_people_may_correct(words):
    whole = pack(design({"category": "dress", "pattern": "gingham", "trim": "contrast piping"}))

    view = pack_view(3, whole, Words(words, {}))

    shown = [field["key"] for field in fields(view)]
    assert sorted(shown) == sorted(
        each.key for each in whole.fields() if not each.key.startswith("choice.")
    )
    assert len(shown) == len(set(shown))
    assert json.loads(json.dumps(view, ensure_ascii=False))["candidate_id"] == 3


def test_what_a_person_set_says_who_and_when_and_what_was_derived():
    view = pack_view(3, pack(None, ("point.waist.38", "44.5")), Words(ENGLISH, {}))

    field = next(each for each in fields(view) if each["key"] == "point.waist.38")
    assert (field["text"], field["status"]) == ("44.5", "person")
    assert field["note"].startswith("set by Ann, 2026-11-30; derived ")


def test_a_correction_without_a_login_was_made_by_hand():
    view = pack_view(3, pack(None, ("note.hem", "3 cm"), by=""), Words(CHINESE, {}))

    field = next(each for each in fields(view) if each["key"] == "note.hem")
    assert "手工" in field["note"]
