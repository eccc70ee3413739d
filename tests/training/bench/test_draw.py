from training.bench import draw
from training.bench.__main__ import main
from training.results import read_results


def test_every_way_of_drawing_is_timed_and_a_round_is_eight_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr(draw, "PACKS", 2)

    assert main(["draw", "--designs", "8", "--results", str(tmp_path)]) == 0

    figures = read_results(tmp_path / "draw.json")
    assert all(figure.value > 0 for figure in figures.values())
    assert figures["strokes_s"].value < figures["croquis_s"].value
    assert figures["grid_of_eight_s"].value > 4 * figures["croquis_s"].value
    assert figures["designs"].value == 8


def test_less_than_a_round_is_a_sentence(tmp_path, capsys):
    assert main(["draw", "--designs", "7", "--results", str(tmp_path)]) == 2

    assert "--designs takes at least 8" in capsys.readouterr().err
