import json

import pytest

from tests.soak import fill, load


@pytest.mark.slow
def test_a_disk_that_is_full_now_and_then_loses_nothing(tmp_path):
    try:
        with fill.small_disk(tmp_path / "probe", 1):
            pass
    except OSError as error:
        pytest.skip(str(error))

    report = fill.run(fill.FillSoak(cycles=2, seed=3), print)

    assert report.cycles == 2
    assert report.rounds
    assert report.refusals


def test_a_short_load_makes_no_errors_and_is_written_down(tmp_path):
    config = load.LoadSoak(sessions=3, minutes=0.15, settled_minutes=0.05, results=tmp_path)

    report = load.run(config, print)

    assert report.errors == []
    figures = json.loads((tmp_path / "load.json").read_text())["figures"]
    assert {"errors", "tick_p95_s", "rss_growth"} <= figures.keys()
    assert figures["events"]["value"] == len(report.ticks_s) > 0
