import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import CLIPModel

from studio.perfusion.checkpoint import save_pipeline
from studio.perfusion.config import GenerationDefaults
from tests.tiny_reward_models import tiny_backbone
from tests.training.evaluation.tiny_atelier import tiny_pipeline, tiny_reader
from tests.training.tiny_world import draw_blocks
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError, TilesConfig
from training.evaluate import main
from training.evaluation.atelier import AtelierEvaluation, run
from training.evaluation.atelier_parts import PARTS, Amounts
from training.evaluation.subject import Sources, Subject
from training.reader import AttributeReader
from training.results import read_results

SHARES = (
    "reader_accuracy",
    "reader_worst_family",
    "reconstruction_reading",
    "reading_mean",
    "reading_worst_family",
    "order_agreement",
    "near_copies",
)
COMMAND = "python -m training.evaluate atelier --seed 0"


def save_clip(folder: Path) -> None:
    clip = tiny_backbone("clip")
    assert isinstance(clip, CLIPModel)
    clip.save_pretrained(folder)


@pytest.fixture(scope="session")
def sources(tmp_path_factory) -> Sources:
    """Tiny models and a few drawings; tests that change them make copies."""
    folder: Path = tmp_path_factory.mktemp("atelier")
    defaults = GenerationDefaults(height_px=256, width_px=128, num_inference_steps=2)
    save_pipeline(
        tiny_pipeline(), folder / "tiny", phrasebook=build_phrasebook(), defaults=defaults
    )
    save_clip(folder / "tiny" / "clip")
    tiny_reader().save_pretrained(folder / "reader")
    tiles = TilesConfig(folder=str(folder / "tiles"), count=12, held_out=10, workers=1)
    return Sources(folder / "tiny", folder / "reader", tiles, draw_blocks)


@pytest.fixture
def config(sources, tmp_path) -> AtelierEvaluation:
    return AtelierEvaluation(
        sources=sources,
        amounts=Amounts(sets=5, order_sets=3, drawings=6, images=tmp_path / "images"),
        kept=tmp_path / "kept",
        results=tmp_path,
    )


def test_the_whole_evaluation_writes_its_figures_and_pictures(config, tmp_path):
    figures = run(config, COMMAND)

    assert read_results(tmp_path / "atelier.json") == figures
    record = json.loads((tmp_path / "atelier.json").read_text())
    assert (record["command"], record["seeds"]) == (COMMAND, [0])
    for key in SHARES:
        assert 0 <= figures[key].low <= figures[key].value <= figures[key].high <= 1
    assert figures["reconstruction_psnr_db"].value > 0
    assert figures["copy_ratio"].value > 0
    assert {"kid_generated", "kid_reconstructed", "kid_drawn"} <= figures.keys()
    assert (figures["phrase_sets"].value, figures["order_sets"].value) == (5, 3)
    for name in ("atelier", "atelier-nearest"):
        assert Image.open(tmp_path / "images" / f"{name}.png").width > 300


def test_order_cannot_change_what_is_drawn(config):
    assert run(replace(config, only=("order",)), COMMAND)["order_agreement"].value == 1.0


def test_parts_measured_one_by_one_are_one_result(config, tmp_path):
    whole = run(config, COMMAND)

    for name in PARTS:
        pieces = replace(config, only=(name,), kept=tmp_path / "pieces")
        merged = run(pieces, f"{COMMAND} --only {name}")

    assert merged == whole
    assert json.loads((tmp_path / "atelier.json").read_text())["command"] == COMMAND


def test_figures_of_other_settings_are_left_out(config):
    run(replace(config, only=("reader",)), COMMAND)

    other = replace(config, only=("order",), sources=replace(config.sources, seed=1))

    assert "reader_accuracy" not in run(other, COMMAND)


def test_the_reader_can_be_measured_before_there_is_a_generator(config):
    sources = replace(config.sources, checkpoint=Path("nowhere"))

    figures = run(replace(config, sources=sources, only=("reader",)), COMMAND)

    assert figures.keys() == {"reader_accuracy", "reader_worst_family"}


def test_phrase_sets_are_true_of_held_out_outfits_and_always_the_same(sources):
    subject, again = Subject(sources), Subject(sources)
    sets = subject.phrase_sets(10)

    assert sets == again.phrase_sets(10)
    assert [phrases.seed for phrases in sets] == list(range(10))
    for index, phrases in enumerate(sets):
        outfit = subject.held_out.outfit(index)
        assert 3 <= len(phrases.prompt.split(", ")) <= 9
        assert all(outfit[family] == value for family, value in phrases.asked.items())


def test_another_seed_asks_for_other_things(sources):
    other = Subject(replace(sources, seed=100)).phrase_sets(10)

    assert [each.seed for each in other] == list(range(100, 110))
    assert {each.prompt for each in other}.isdisjoint(
        each.prompt for each in Subject(sources).phrase_sets(10)
    )


def test_reordered_phrases_are_the_same_ones_in_another_order(sources):
    for phrases in Subject(sources).phrase_sets(10):
        other = phrases.reordered()

        assert other.prompt != phrases.prompt
        assert sorted(other.prompt.split(", ")) == sorted(phrases.prompt.split(", "))
        assert (other.asked, other.seed) == (phrases.asked, phrases.seed)
        assert other == phrases.reordered()


def test_a_generated_image_is_the_studios(sources):
    subject = Subject(sources)
    phrases = subject.phrase_sets(1)[0]

    image = subject.generate(phrases)

    assert image.shape == (3, 256, 128)
    torch.testing.assert_close(image, subject.generate(phrases.reordered()))


def test_too_few_held_out_drawings_are_a_sentence(config):
    wanting = replace(config, amounts=replace(config.amounts, sets=6), only=("generation",))

    with pytest.raises(ConfigError, match="twice as many held-out drawings"):
        run(wanting, COMMAND)


def test_a_folder_that_cannot_be_made_is_told_before_the_work(config, tmp_path):
    (tmp_path / "file").write_text("")
    images = replace(config.amounts, images=tmp_path / "file")

    with pytest.raises(ConfigError, match="file can't be made: File exists"):
        run(replace(config, amounts=images), COMMAND)


def test_a_reader_of_another_world_is_refused(config, tmp_path, capsys):
    AttributeReader(["shape"], [["round", "square"]], [4, 8], [1, 1]).save_pretrained(
        tmp_path / "other"
    )

    status = main(["atelier", "--only", "reader", "--reader", str(tmp_path / "other")])

    assert status == 2
    assert "reads other attributes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--only", "reader", "--reader", "nowhere"], "no attribute reader at nowhere"),
        (["--only", "reeding"], "--only takes parts out of reader, reconstruction"),
        (["--only", "sheet", "--checkpoint", "nowhere"], "nowhere"),
        (["--recipe", "nowhere.toml"], "Cannot read the recipe nowhere.toml"),
    ],
)
def test_what_cannot_be_measured_is_a_sentence(capsys, options, sentence):
    assert main(["atelier", *options]) == 2

    assert sentence in capsys.readouterr().err
