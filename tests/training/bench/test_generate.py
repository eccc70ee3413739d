import pytest

from studio.perfusion.checkpoint import save_pipeline
from tests.tiny_models import TINY_DEFAULTS, tiny_phrasebook
from tests.tiny_reward_models import tiny_reward_model
from training.bench.__main__ import main
from training.bench.generate import GenerateBench, measure
from training.results import read_results


def test_the_parts_are_measured_without_and_with_previews(generator):
    figures = measure(generator, GenerateBench(prompt="dress, red", candidates=2, repeats=3))

    for prefix in ("", "watched_"):
        parts = [figures[f"{prefix}{part}_s"].value for part in ("text", "unet", "decoder")]
        assert 0 < sum(parts) <= figures[f"{prefix}total_s"].value
        assert 0 < figures[f"{prefix}decoder_share"].value < 1
    assert figures["watched_decoder_s"].value > figures["decoder_s"].value
    assert (figures["images"].value, figures["steps"].value) == (2, 4)


def test_with_a_reward_model_scoring_a_group_is_measured_in_the_same_run(generator):
    config = GenerateBench(prompt="dress, red", candidates=2, repeats=2)

    figures = measure(generator, config, tiny_reward_model())

    share = figures["scoring_s"].value / figures["total_s"].value
    assert figures["scoring_share"].value == pytest.approx(share, rel=0.5)
    assert "scoring_s" not in measure(generator, config)


def test_the_command_writes_its_result_file_with_the_line_that_made_it(pipeline, tmp_path):
    folder = tmp_path / "tiny"
    save_pipeline(pipeline, folder, phrasebook=tiny_phrasebook(), defaults=TINY_DEFAULTS)
    line = ["generate", "--checkpoint", str(folder), "--prompt", "dress, red", "--repeats", "1"]

    status = main([*line, "--candidates", "2", "--results", str(tmp_path)])

    assert status == 0
    assert read_results(tmp_path / "generate.json")["images"].value == 2
    assert "python -m training.bench generate" in (tmp_path / "generate.json").read_text()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--checkpoint", "nowhere"], "no checkpoint folder at nowhere"),
        (["--device", "cuda:99"], "no device"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(capsys, options, sentence):
    assert main(["generate", *options]) == 2

    assert sentence in capsys.readouterr().err
