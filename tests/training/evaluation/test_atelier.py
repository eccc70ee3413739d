import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from studio.design.families import FAMILIES
from studio.perfusion.checkpoint import save_pipeline
from tests.training.evaluation.tiny_atelier import DEFAULTS, tiny_pipeline
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError
from training.data.designs import design_of
from training.evaluate import main
from training.evaluation.atelier import AtelierEvaluation, run
from training.evaluation.atelier_figures import Amounts
from training.evaluation.phrase_sets import phrase_sets
from training.results import Figure, read_results

COMMAND = "python -m training.evaluate atelier --seed 3"
AMOUNTS = Amounts(
    prompts=10,
    designs=20,
    rounds=3,
    candidates=2,
    colour_prompts=2,
    colour_designs=4,
    world=1_000,
    seed=3,
)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory) -> Path:
    folder: Path = tmp_path_factory.mktemp("atelier") / "tiny"
    save_pipeline(tiny_pipeline(), folder, phrasebook=build_phrasebook(), defaults=DEFAULTS)
    return folder


@pytest.fixture(scope="module")
def finished(checkpoint, tmp_path_factory) -> tuple[Path, dict[str, Figure]]:
    folder = tmp_path_factory.mktemp("finished")
    return folder, run(config_of(checkpoint, folder), COMMAND)


def config_of(checkpoint: Path, folder: Path) -> AtelierEvaluation:
    return AtelierEvaluation(
        checkpoint=checkpoint, amounts=AMOUNTS, images=folder / "images", results=folder
    )


def test_the_whole_evaluation_writes_its_figures_and_the_sheet(finished):
    folder, figures = finished
    record = json.loads((folder / "atelier.json").read_text())

    assert read_results(folder / "atelier.json") == figures
    assert (record["command"], record["seeds"]) == (COMMAND, [3])
    assert Image.open(folder / "images" / "atelier.png").width > 1000
    assert (figures["prompts"].value, figures["steps"].value) == (10, 2)
    for key in ("marginal_distance", "marginal_floor", "pair_distance", "pair_floor", "variety"):
        assert figures[key].value > 0
    assert {f"marginal_{family.replace(' ', '_')}" for family in FAMILIES} <= figures.keys()


def test_a_model_that_has_learnt_nothing_is_found_out_and_what_was_asked_is_kept(finished):
    _, figures = finished

    assert figures["asked_kept_free"].value < 0.6
    assert figures["asked_kept"] == Figure.exact(1.0)
    assert figures["repaired_families"].value > 0
    assert figures["broken_after_repair"].value == 0
    assert figures["marginal_distance"].value > figures["marginal_floor"].high + 0.02
    assert figures["pair_distance"].value > figures["pair_floor"].high + 0.02


def test_order_cannot_change_what_is_designed(finished):
    _, figures = finished

    assert figures["order_agreement"].value == 1.0


def test_phrase_sets_are_true_of_held_out_designs_and_always_the_same():
    book = build_phrasebook()
    sets = phrase_sets(10, seed=0)

    assert sets == phrase_sets(10, seed=0)
    for index, phrases in enumerate(sets):
        design = design_of(0, "held-out", index)
        assert phrases.seed == index
        assert 3 <= len(phrases.prompt.split(", ")) <= 9
        asked = book.parse(phrases.prompt).attributes
        assert all(design[family] == value for family, value in asked.items())


def test_another_seed_asks_for_other_things():
    prompts = {each.prompt for each in phrase_sets(10, seed=100)}

    assert prompts.isdisjoint(each.prompt for each in phrase_sets(10, seed=0))


def test_reordered_phrases_are_the_same_ones_in_another_order():
    for phrases in phrase_sets(10, seed=0):
        other = phrases.reordered()

        assert other.prompt != phrases.prompt
        assert sorted(other.prompt.split(", ")) == sorted(phrases.prompt.split(", "))
        assert other == phrases.reordered()


def test_a_folder_that_cannot_be_made_is_told_before_the_work(checkpoint, tmp_path):
    (tmp_path / "file").write_text("")
    config = replace(config_of(checkpoint, tmp_path), images=tmp_path / "file")

    with pytest.raises(ConfigError, match="file can't be made: File exists"):
        run(config, COMMAND)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--checkpoint", "nowhere"], "nowhere"),
        (["--candidates", "1"], "--candidates takes at least 2, not 1"),
        (["--designs", "3"], "--designs takes at least 20, not 3"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(capsys, tmp_path, options, sentence):
    folders = ["--images", str(tmp_path), "--results", str(tmp_path)]

    assert main(["atelier", *options, *folders]) == 2

    assert sentence in capsys.readouterr().err
