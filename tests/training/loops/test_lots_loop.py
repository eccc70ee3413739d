import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.domain import GenerationRequest
from studio.perfusion.generator import Generator
from studio.perfusion.phrasebook import Phrasebook
from tests.training.loops.tiny_checkpoint import tiny_checkpoint
from training.atelier.attributes import FAMILIES
from training.atelier.grammar import build_phrasebook
from training.config import ConfigError, load_config
from training.data.captions import plain_captions
from training.loops import lots
from training.losses.reconstruction import edges_missed

TINY = Path(__file__).parents[3] / "training" / "recipes" / "tiny.toml"


def places_of(**families: str) -> list[int]:
    """An outfit's places, the first value of each family unless it is named."""
    return [
        values.index(families[family]) if family in families else 0
        for family, values in FAMILIES.items()
    ]


@pytest.fixture(scope="module")
def made(tmp_path_factory, tiles):
    return tiny_checkpoint(tmp_path_factory.mktemp("lots"), tiles)


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


def test_what_is_missed_is_measured_on_what_the_studio_draws(made, tiles):
    generator = Generator.load(made / "atelier", dtype="float32", device="cpu")
    train, _ = tiles
    rows = [3, 0]

    missed = lots.missed_of(train, rows, generator.pipeline, generator.defaults)

    generator.phrasebook = replace(build_phrasebook(), lots={})  # all is told
    for row, share in zip(rows, missed, strict=True):
        told = plain_captions([train.outfit(row)], random.Random(0), 0.0, 1.0)[0]
        request = GenerationRequest(prompt=told, num_candidates=1, seed=row)
        drawn = generator.generate(request).candidates[0].image
        pixels = torch.from_numpy(np.array(drawn)).permute(2, 0, 1).unsqueeze(0).float() / 255
        assert edges_missed(pixels, train.tensors([row])).item() == pytest.approx(share, abs=0.02)


def test_lots_lean_to_what_is_drawn_well(made, tiles, monkeypatch):
    train, _ = tiles
    place = list(FAMILIES).index("pattern")
    plain = FAMILIES["pattern"].index("solid")

    def prints_are_missed(tiles, rows, *_):
        return (tiles.attributes[list(rows), place] != plain).astype(float)

    monkeypatch.setattr(lots, "missed_of", prints_are_missed)
    settings = replace(
        load_config("lots", TINY),
        checkpoint=str(made / "atelier"),
        drawings=len(train),
        rare_share=0.0,
        families=("pattern",),
        ridge=0.1,
    )

    figures = lots.run(settings, *tiles)

    world, book = build_phrasebook(), Phrasebook.load(made / "atelier")
    assert figures["edges_missed"] == (train.attributes[:, place] != plain).mean()
    assert figures["pattern: solid"] == book.lots["pattern"]["solid"]
    assert book.lots["pattern"]["solid"] > 1.5 * world.lots["pattern"]["solid"]
    assert replace(book, lots={**book.lots, "pattern": world.lots["pattern"]}) == world

    lots.run(replace(settings, sharpness=0.0), *tiles)
    assert Phrasebook.load(made / "atelier") == build_phrasebook()


@pytest.mark.parametrize("family", ["skin", "category", "sleeves"])
def test_lots_of_who_wears_it_and_of_what_it_is_never_lean(made, tiles, family):
    settings = replace(load_config("lots", TINY), checkpoint=str(made / "atelier"))

    with pytest.raises(ConfigError, match=family):
        lots.run(replace(settings, families=(family,)), *tiles)
