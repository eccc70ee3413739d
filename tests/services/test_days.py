"""Days on sheets are those of the person, not of Greenwich."""

import sqlite3
import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from studio.services.studio import Studio
from tests.serving import drawn_round


@pytest.fixture
def design(tmp_path, generator):
    """A studio, and a design that was drawn at half past five in the afternoon in Greenwich."""
    studio = Studio.open(tmp_path, generator, "tiny")
    candidate_id = drawn_round(studio, "dress, red", 1, 7).candidates[0].id
    with sqlite3.connect(tmp_path / "studio.db") as connection:
        connection.execute("UPDATE groups SET made_at = '2026-11-29T17:30:00+00:00'")
    yield studio, candidate_id
    studio.stop()


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Asia/Shanghai", 30),
        ("Europe/Berlin", 29),
        ("America/Los_Angeles", 29),
        ("Pacific/Kiritimati", 30),
        ("Pacific/Pago_Pago", 29),
        ("Asia/Kathmandu", 29),
    ],
)
def test_a_sheet_has_the_day_of_the_page_that_asks_and_else_that_of_the_house(
    design, monkeypatch, zone, day
):
    studio, candidate_id = design

    assert studio.packs.brief(candidate_id, ZoneInfo(zone)).made_on == date(2026, 11, day)

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert studio.packs.brief(candidate_id).made_on == date(2026, 11, day)
    finally:
        monkeypatch.undo()
        time.tzset()
