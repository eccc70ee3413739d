import pytest

from studio.perfusion.checkpoint import save_pipeline
from tests.tiny_models import TINY_DEFAULTS, tiny_personal_generator, tiny_phrasebook
from tests.tiny_reward_models import tiny_reward_model
from training.bench.__main__ import main
from training.bench.generate import GenerateBench, measure
from training.results import read_results

CONFIG = GenerateBench(prompt="dress, red", candidates=2, repeats=3)


def test_the_parts_of_a_scored_round_make_up_its_time():
    figures = measure(tiny_personal_generator(), CONFIG, tiny_reward_model())

    parts = ("text", "unet", "drawing", "scoring")
    seconds = sum(figures[f"{part}_s"].value for part in parts)
    assert 0 < seconds <= figures["grid_s"].value
    assert 0.5 < sum(figures[f"{part}_share"].value for part in parts) <= 1
    assert 0 < figures["first_preview_s"].value < figures["grid_s"].value
    assert (figures["tiles"].value, figures["steps"].value) == (2, 4)
    assert figures["height_px"].value == TINY_DEFAULTS.height_px


def test_without_a_reward_model_nothing_is_said_of_scoring(generator):
    figures = measure(generator, CONFIG)

    assert not [key for key in figures if key.startswith("scoring")]


def test_the_command_writes_its_result_file_with_the_line_that_made_it(pipeline, tmp_path):
    folder = tmp_path / "tiny"
    save_pipeline(pipeline, folder, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    line = ["generate", "--checkpoint", str(folder), "--prompt", "dress, red", "--repeats", "1"]

    status = main([*line, "--candidates", "2", "--results", str(tmp_path)])

    assert status == 0
    assert read_results(tmp_path / "generate.json")["tiles"].value == 2
    assert "python -m training.bench generate" in (tmp_path / "generate.json").read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--checkpoint", "nowhere"], "no checkpoint folder at nowhere"),
        (["--device", "cuda:99"], "no device"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(capsys, pipeline, tmp_path, options, sentence):
    save_pipeline(pipeline, tmp_path / "tiny", defaults=TINY_DEFAULTS)
    checkpoint = ["--checkpoint", str(tmp_path / "tiny"), "--results", str(tmp_path)]

    assert main(["generate", *checkpoint, *options]) == 2

    assert sentence in capsys.readouterr().err
