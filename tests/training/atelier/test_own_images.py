"""Rounds that show what a generator made of the phrases."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio.perfusion.checkpoint import save_pipeline
from studio.perfusion.pictures import to_images
from tests.tiny_models import TINY_DEFAULTS
from tests.training.evaluation.tiny_atelier import tiny_pipeline, tiny_reader
from tests.training.tiny_world import draw_blocks
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig, draw_pool, main, write_market
from training.atelier.oracle import Oracle
from training.atelier.own_images import OwnImages
from training.data.groups import read_rounds

CONFIG = MarketConfig(
    stores=16, new_stores=8, rounds_per_store=10, briefs=5, designs_per_brief=6, seed=7
)


def _named(name: str) -> OwnImages:
    """A generator that is never asked, because its images are there."""
    return OwnImages(None, None, name)  # type: ignore[arg-type]  # not opened


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> OwnImages:
    defaults = replace(TINY_DEFAULTS, num_inference_steps=2)
    folder = tmp_path_factory.mktemp("own")
    save_pipeline(
        tiny_pipeline(), folder / "tiny", phrasebook=build_phrasebook(), defaults=defaults
    )
    tiny_reader().save_pretrained(folder / "reader")
    return OwnImages.open(folder / "tiny", folder / "reader", "cpu")


@pytest.fixture(scope="module")
def both(own, tmp_path_factory):
    folder = tmp_path_factory.mktemp("both")
    config = replace(CONFIG, generated_briefs=3)
    write_market(config, folder / "rounds", folder / "oracle", folder / "pool", draw_blocks, own)
    return folder, config


def test_rounds_show_drawings_or_the_generator_s_images_and_say_which(both):
    rounds = read_rounds(both[0] / "rounds")

    assert not rounds.skipped
    models = {each.model for each in rounds.rounds}
    assert models == {"drawings", "tiny"}
    of_drawings, of_tiny = (
        {name for each in rounds.rounds if each.model == model for name in each.images}
        for model in ("drawings", "tiny")
    )
    assert not of_drawings & of_tiny
    assert {each.model for each in rounds.of_split("test").rounds} == models


def test_a_store_likes_what_the_reader_sees_in_them(both, own):
    folder, _ = both
    rounds, oracle = read_rounds(folder / "rounds"), Oracle.load(folder / "oracle")
    each = next(each for each in rounds.rounds if each.model == "tiny")
    pictures: list[Image.Image] = [Image.open(folder / "rounds" / name) for name in each.images]

    read, _ = own.reader.read(to_images(pictures))

    np.testing.assert_allclose(
        oracle.judge(each.store_id, read), oracle.utilities[each.id], atol=1e-4
    )


def test_drawings_are_the_same_with_and_without_them(both, tmp_path):
    folder, config = both
    without = draw_pool(CONFIG, tmp_path, draw_blocks)

    with_them = draw_pool(
        config, folder / "pool", lambda _: pytest.fail("drawn again"), _named("tiny")
    )

    assert with_them.training[: CONFIG.briefs] == without.training
    assert len(with_them.training) == CONFIG.briefs + 3


def test_more_designs_than_a_group_holds_are_made_in_several(own):
    made = own.designs("dress, red", 18, seed=5)

    assert len(made) == 18
    assert len({picture.tobytes() for *_, picture in made}) == 18
    _, lots, picture = made[17]
    again = own.designs(f"dress, red, {lots}", 1, seed=5 + 17)[0]
    assert again[1] == ""  # nothing is left open
    assert again[2].tobytes() == picture.tobytes()


def test_a_missing_reader_is_a_sentence(capsys, tmp_path):
    save_pipeline(
        tiny_pipeline(),
        tmp_path / "tiny",
        phrasebook=build_phrasebook(),
        defaults=TINY_DEFAULTS,
    )
    folders = ["--checkpoint", str(tmp_path / "tiny"), "--reader", str(tmp_path / "nowhere")]

    assert main(["--generated", "2", "--out", str(tmp_path / "out"), *folders]) == 2
    assert "no attribute reader" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_colourway_of_the_generator_is_one_design_in_several_colours(own, tmp_path):
    book = build_phrasebook()
    config = replace(CONFIG, generated_briefs=2, colourway_briefs=1, designs_per_brief=3)

    pool = draw_pool(config, tmp_path, draw_blocks, own)

    made = [brief for brief in pool.training if brief.model == "tiny"]
    assert len(made) == config.generated_briefs
    for brief in made:
        asked = book.parse(brief.prompt)
        told = [book.parse(lots).attributes for lots in brief.lots]
        assert len({each.pop("colour") for each in told}) == config.designs_per_brief
        assert all(each == told[0] for each in told)
        assert told[0]
        assert "colour" not in asked.attributes
    ordinary = [brief for brief in pool.evaluation if brief.model == "tiny"]
    assert len(ordinary) == 1
