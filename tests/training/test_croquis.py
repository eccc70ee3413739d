import random
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pytest

pytest.importorskip("skia", reason="skia draws the world, and needs libEGL", exc_type=ImportError)

from training.atelier.attributes import FAMILIES, NONE, Outfit, allowed_values, sample_outfit
from training.atelier.croquis import GROUND, draw
from training.data.tiles import world_fingerprint

# What the world looks like. Models are trained on these very pixels: whoever changes this value
# has changed the pictures, and every model of atelier has to be trained again.
WORLD = "6edf3232f312"

NOTHING: Mapping[str, str] = MappingProxyType({})
# Values that the rules seldom or never let an outfit exchange for another one and keep the rest.
NOT_EXCHANGED = {NONE, "sleeveless", *FAMILIES["category"]}


def outfits(count: int, seed: int = 5, fixed: Mapping[str, str] = NOTHING) -> Iterator[Outfit]:
    rng = random.Random(seed)
    return (sample_outfit(rng, **fixed) for _ in range(count))


def pair_that_differs_in(family: str, value: str) -> tuple[Outfit, Outfit] | None:
    """Two outfits that break no rule: one with the value, one with another of its family."""
    for outfit in outfits(24, fixed={family: value}):
        others = [other for other in allowed_values(family, outfit) if other != value]
        if others:
            return outfit, Outfit({**outfit, family: others[-1]})
    return None


def test_the_world_looks_as_it_did_when_the_models_were_trained():
    assert world_fingerprint(draw) == WORLD


def test_an_outfit_gives_the_same_picture_each_time():
    for outfit in outfits(10):
        assert np.array_equal(draw(outfit), draw(Outfit(dict(outfit))))


@pytest.mark.parametrize("height_px", [256, 384])
def test_a_picture_is_half_as_wide_as_high_and_has_three_bytes_a_pixel(height_px):
    [outfit] = outfits(1)

    picture = draw(outfit, height_px)

    assert picture.shape == (height_px, height_px // 2, 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous


def test_without_a_height_a_picture_is_256_pixels_high():
    [outfit] = outfits(1)

    assert np.array_equal(draw(outfit), draw(outfit, 256))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_can_be_told_from_another_one_of_its_family(family):
    pairs = {value: pair_that_differs_in(family, value) for value in FAMILIES[family]}
    compared = {value: pair for value, pair in pairs.items() if pair}

    same = [value for value, (one, other) in compared.items() if (draw(one) == draw(other)).all()]

    assert not same
    assert compared
    assert pairs.keys() - compared.keys() <= NOT_EXCHANGED


@pytest.mark.parametrize("category", FAMILIES["category"])
def test_every_category_stays_inside_the_page(category):
    for outfit in outfits(10, fixed={"category": category}):
        picture = draw(outfit)

        assert (picture[:, [0, -1]] == GROUND).all()
        assert (picture[-1] == GROUND).all()
        assert (picture != GROUND).any()


def test_every_outfit_that_the_rules_permit_can_be_drawn():
    for outfit in outfits(300, seed=11):
        draw(outfit, height_px=64)
