from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.perfusion.checkpoint import load_pipeline
from studio.perfusion.phrasebook import Phrasebook
from tests.training.loops.tiny_paths import tiny_paths
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError, load_config
from training.data.paths import load_paths
from training.loops import lots

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


def places_of(**families: str) -> list[int]:
    """An outfit's places, the first value of each family unless it is named."""
    return [
        values.index(families[family]) if family in families else 0
        for family, values in FAMILIES.items()
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory, tiles):
    return tiny_paths(tmp_path_factory.mktemp("lots"), tiles)


def test_of_a_drawing_itself_no_edge_is_missed_and_of_an_even_picture_all():
    drawing = torch.rand(2, 3, 16, 8, generator=torch.Generator().manual_seed(0))

    torch.testing.assert_close(lots.edges_missed(drawing, drawing), torch.zeros(2))
    torch.testing.assert_close(lots.edges_missed(0 * drawing, drawing), torch.ones(2))
    torch.testing.assert_close(lots.edges_missed(drawing + 0.1, drawing), torch.zeros(2))
    torch.testing.assert_close(lots.edges_missed(2 * drawing, drawing), torch.ones(2))


def test_a_value_is_blamed_for_what_it_adds_and_not_for_its_company():
    rng = np.random.default_rng(0)
    rows, errors = [], []
    for _ in range(600):
        coat = rng.random() < 0.5
        fur = rng.random() < (0.8 if coat else 0.2)  # fur comes as coats
        chosen = {
            "category": "coat" if coat else "dress",
            "fabric": "faux fur" if fur else "cotton",
        }
        rows.append(places_of(**chosen))
        errors.append(0.3 + 0.2 * coat + 0.01 * rng.standard_normal())

    found = lots.effects(np.array(rows, dtype=np.int8), np.array(errors), ridge=1.0)

    assert found["category"]["coat"] - found["category"]["dress"] == pytest.approx(0.2, abs=0.01)
    assert found["fabric"]["faux fur"] - found["fabric"]["cotton"] == pytest.approx(0, abs=0.01)
    assert found["hem"]["none"] == pytest.approx(0, abs=1e-9)  # all have it


def test_a_path_that_ends_at_its_drawing_misses_what_the_autoencoder_misses(made):
    folder, config = made
    pipeline = load_pipeline(folder / "atelier", dtype=torch.float32)
    drawn = load_paths(Path(config.folder))
    believed = drawn.believed.clone()
    believed[0, -1] = drawn.latents[0]
    before, after = (
        lots.edges_missed_on(paths, pipeline)
        for paths in (drawn, replace(drawn, believed=believed))
    )

    assert after[0] < before[0]
    np.testing.assert_allclose(after[1:], before[1:])


def test_lots_lean_to_what_is_drawn_well(made, tiles, monkeypatch):
    folder, config = made
    drawn = load_paths(Path(config.folder))
    shown = drawn.attributes[:, list(FAMILIES).index("pattern")]
    plain = FAMILIES["pattern"].index("solid")
    wrong = (shown != plain).double().numpy()  # prints are missed, plain cloth is not
    assert 0 < wrong.mean() < 1
    monkeypatch.setattr(lots, "edges_missed_on", lambda *_: wrong)
    settings = replace(
        load_config("lots", TINY),
        checkpoint=str(folder / "atelier"),
        paths=config.folder,
        families=("pattern",),
        ridge=0.1,
    )

    figures = lots.run(settings, *tiles)

    world, book = build_phrasebook(), Phrasebook.load(folder / "atelier")
    assert figures["edges_missed"] == wrong.mean()
    assert figures["pattern: solid"] == book.lots["pattern"]["solid"]
    assert book.lots["pattern"]["solid"] > 1.5 * world.lots["pattern"]["solid"]
    assert replace(book, lots={**book.lots, "pattern": world.lots["pattern"]}) == world

    lots.run(replace(settings, sharpness=0.0), *tiles)
    assert Phrasebook.load(folder / "atelier") == build_phrasebook()


@pytest.mark.parametrize("family", ["skin", "category", "sleeves"])
def test_lots_of_who_wears_it_and_of_what_it_is_never_lean(made, tiles, family):
    folder, config = made
    places = {"checkpoint": str(folder / "atelier"), "paths": config.folder}

    with pytest.raises(ConfigError, match=family):
        lots.run(replace(load_config("lots", TINY), **places, families=(family,)), *tiles)
