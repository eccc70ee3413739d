import random

import pytest

from studio.design.families import FAMILIES, NONE
from training.atelier.grammar import build_phrasebook
from training.atelier.world import sample_outfit
from training.data.captions import (
    LONG,
    SHORT,
    batch_captions,
    plain_caption,
    told_families,
    told_values,
)
from training.losses.attributes import UNTOLD


def told_range(outfit, rng, shuffled, keep):
    """Stands for the world's captions: tells only what it was asked for."""
    return f"{keep} {shuffled}"


def test_the_asked_share_of_captions_is_short():
    outfits = [sample_outfit(random.Random(0))] * 400

    captions = batch_captions(outfits, random.Random(1), told_range, 0.25, shuffled=False)

    assert set(captions) == {f"{SHORT} False", f"{LONG} False"}
    assert 60 < captions.count(f"{SHORT} False") < 140


def test_the_same_chance_gives_the_same_captions():
    outfits = [sample_outfit(random.Random(0))] * 20

    first, second = (
        batch_captions(outfits, random.Random(2), told_range, 0.5, shuffled=True) for _ in range(2)
    )

    assert first == second


def test_told_values_are_the_places_of_what_a_caption_asks_for():
    told = told_values(["dress, red", "no known word"])

    families = list(FAMILIES)
    assert told.shape == (2, len(families))
    assert told[0, families.index("colour")] == FAMILIES["colour"].index("red")
    assert told[0, families.index("category")] == FAMILIES["category"].index("dress")
    assert (told[0] != UNTOLD).sum() == 2
    assert (told[1] == UNTOLD).all()


def test_plain_captions_are_worded_as_the_studio_words_what_is_typed():
    rng, book = random.Random(0), build_phrasebook()
    for seed in range(50):
        outfit = sample_outfit(random.Random(seed))
        told = told_families(outfit, rng, (0.0, 0.2, 0.1))

        parsed = book.parse(plain_caption(outfit, told))

        assert parsed.plain_prompt == plain_caption(outfit, told)
        assert set(parsed.attributes) <= set(told)
        assert all(outfit[family] == value for family, value in parsed.attributes.items())


@pytest.mark.parametrize(
    ("shares", "counts"),
    [((1.0, 0.0, 0.0), (0, 0)), ((0.0, 1.0, 0.0), SHORT), ((0.0, 0.0, 0.0), LONG)],
)
def test_a_share_decides_how_much_is_told(shares, counts):
    rng = random.Random(1)
    outfits = [sample_outfit(rng) for _ in range(100)]

    told = [len(told_families(each, rng, shares)) for each in outfits]

    assert counts[0] <= min(told)
    assert max(told) <= counts[1]


def test_a_whole_caption_tells_all_that_has_words():
    rng = random.Random(1)
    book = build_phrasebook()
    outfits = [sample_outfit(rng) for _ in range(200)]

    for outfit in outfits:
        told = told_families(outfit, rng, (0.0, 0.0, 1.0))

        assert told == [f for f in FAMILIES if book.canonical(f, outfit[f]) is not None]


def test_what_is_absent_is_told_as_often_as_what_is_there():
    rng = random.Random(2)
    outfits = [sample_outfit(rng) for _ in range(3_000)]
    optional = ("belt", "pockets", "trim", "hem", "bow")

    told = [told_families(each, rng, (0.0, 1.0, 0.0)) for each in outfits]

    shares = [
        [
            f in some
            for each, some in zip(outfits, told, strict=True)
            for f in optional
            if (each[f] == NONE) == absent
        ]
        for absent in (True, False)
    ]
    absent, there = (sum(each) / len(each) for each in shares)
    assert abs(absent - there) < 0.02
