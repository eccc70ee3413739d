import pytest

from studio.services.import_rounds import open_import
from tests.serving import served
from training.bench.__main__ import main
from training.bench.studio import StudioBench, measure_drawing, measure_history, write_history
from training.data.groups import read_rounds


@pytest.fixture
def data(tmp_path):
    """A data folder with a history as the bench makes it."""
    write_history(tmp_path / "export", 60)
    rounds, database = open_import(tmp_path / "data")
    rounds.read_folder(tmp_path / "export")
    database.close()
    return tmp_path / "data"


@pytest.mark.slow
def test_a_round_and_the_history_are_measured_through_the_doors(generator, data):
    config = StudioBench(prompt="dress, red", repeats=2)

    with served(data, generator) as address:
        drawing = measure_drawing(address, config)
        history = measure_history(address, repeats=1)

    assert 0 < drawing["first_preview_s"].value < drawing["grid_s"].value
    assert (drawing["tiles"].value, drawing["scored_tiles"].value) == (8, 0)
    assert history["history_10k_p95_s"].value > 0


def test_the_history_to_measure_with_is_an_export_of_different_rounds(tmp_path):
    write_history(tmp_path, 500)

    rounds = read_rounds(tmp_path)

    assert rounds.skipped == {}
    assert len({(each.prompt, each.images) for each in rounds.rounds}) == 500
    assert len(list((tmp_path / "images").iterdir())) == 8


def test_a_studio_that_does_not_answer_is_told_in_a_sentence(capsys):
    assert main(["studio", "--address", "http://127.0.0.1:9/"]) == 2

    assert "No studio answers" in capsys.readouterr().err
