"""Rounds that show what a generator made of the phrases."""

from dataclasses import replace
from pathlib import Path

import pytest

from studio.design.families import FIGURE_FAMILIES
from studio.design.garment_rules import GARMENT_RULES
from studio.design.spec import DesignSpec
from studio.domain import GenerationRequest
from studio.perfusion.checkpoint import save_pipeline
from studio.perfusion.generator import Generator
from tests.tiny_models import TINY_DEFAULTS, tiny_pipeline
from training.atelier.grammar import build_phrasebook
from training.atelier.market import MarketConfig, main, make_pool, write_market
from training.atelier.oracle import Oracle
from training.atelier.own_designs import OwnDesigns
from training.data.groups import Rounds, read_rounds

CONFIG = MarketConfig(
    stores=16, new_stores=8, rounds_per_store=10, briefs=5, designs_per_brief=6, seed=7
)
BOTH = replace(CONFIG, generated_briefs=3)
BOOK = build_phrasebook()


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> OwnDesigns:
    folder = tmp_path_factory.mktemp("own")
    defaults = replace(TINY_DEFAULTS, num_inference_steps=2)
    save_pipeline(tiny_pipeline(), folder / "tiny", phrasebook=BOOK, defaults=defaults)
    return OwnDesigns.open(folder / "tiny", "cpu")


@pytest.fixture(scope="module")
def market(own, tmp_path_factory) -> tuple[Rounds, Oracle]:
    folder = tmp_path_factory.mktemp("both")
    write_market(BOTH, folder / "rounds", folder / "oracle", folder / "pool", own=own)
    return read_rounds(folder / "rounds"), Oracle.load(folder / "oracle")


def test_rounds_show_the_world_s_designs_or_the_generator_s_and_say_which(market):
    rounds, _ = market

    assert not rounds.skipped
    models = {each.model for each in rounds.rounds}
    assert models == {"world", "tiny"}
    of_world, of_tiny = (
        {text for each in rounds.rounds if each.model == model for text in each.designs}
        for model in ("world", "tiny")
    )
    assert not of_world & of_tiny
    assert {each.model for each in rounds.of_split("test").rounds} == models


def test_a_store_likes_what_the_designs_are(market):
    rounds, oracle = market
    each = next(each for each in rounds.rounds if each.model == "tiny")
    designs = [DesignSpec.from_json(text) for text in each.designs]

    judged = oracle.judge(each.store_id, designs)

    assert judged == pytest.approx(oracle.utilities[each.id], abs=1e-4)


def test_drawn_briefs_are_the_same_with_and_without_generated_ones(own, tmp_path):
    for name in ("without", "both"):
        (tmp_path / name).mkdir()

    without = make_pool(CONFIG, tmp_path / "without")
    both = make_pool(BOTH, tmp_path / "both", own=own)

    assert both.training[: CONFIG.briefs] == without.training
    assert [brief.model for brief in both.training[CONFIG.briefs :]] == ["tiny"] * 3


def test_designs_keep_what_is_asked_and_the_wearer(own):
    asked = [BOOK.parse(prompt) for prompt in ("dress, red", "trousers, silver hair")]

    for prompt, designs in zip(asked, own.designs(asked, 5, seed=3), strict=True):
        assert len(designs) == 5
        for design in designs:
            assert prompt.attributes.items() <= dict(design.outfit).items()
            assert design.asked == frozenset(prompt.attributes)
            assert not GARMENT_RULES.broken(design.outfit)
        assert len({tuple(design[name] for name in FIGURE_FAMILIES) for design in designs}) == 1


def test_they_are_those_that_the_studio_would_show(own):
    generator = Generator(own.pipeline, own.defaults, own.book)
    request = GenerationRequest(prompt="red dress", num_candidates=3, seed=40)

    (designs,) = own.designs([BOOK.parse("red dress")], 3, seed=40)

    shown = generator.generate(request, preview_every=0).candidates
    assert [each.outfit for each in designs] == [
        each.design and each.design.outfit for each in shown
    ]


def test_a_prompt_s_designs_do_not_depend_on_how_many_prompts_there_are(own):
    asked = [BOOK.parse(each) for each in ("dress", "skirt", "coat, red")]

    together = own.designs(asked, 4, seed=0)
    alone = own.designs(asked[1:2], 4, seed=4)

    assert [each.outfit for each in together[1]] == [each.outfit for each in alone[0]]


def test_a_checkpoint_of_pictures_is_refused_in_a_sentence(capsys, tmp_path: Path):
    save_pipeline(tiny_pipeline(decoder="vae"), tmp_path / "tiny", defaults=TINY_DEFAULTS)
    line = ["--generated", "2", "--out", str(tmp_path / "out")]

    assert main([*line, "--checkpoint", str(tmp_path / "tiny")]) == 2
    assert "draws pictures, and simulated stores like designs" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
