import random

from training.atelier.attributes import FAMILIES, sample_outfit
from training.data.captions import LONG, SHORT, WHOLE, batch_captions, told_values
from training.losses.attributes import UNTOLD


def told_range(outfit, rng, shuffled, keep):
    """Stands for the world's captions: tells only what it was asked for."""
    return f"{keep} {shuffled}"


def test_the_asked_share_of_captions_is_short():
    outfits = [sample_outfit(random.Random(0))] * 400

    captions = batch_captions(outfits, random.Random(1), told_range, 0.25, shuffled=False)

    assert set(captions) == {f"{SHORT} False", f"{LONG} False"}
    assert 60 < captions.count(f"{SHORT} False") < 140


def test_the_asked_share_of_captions_tells_all():
    outfits = [sample_outfit(random.Random(0))] * 400

    captions = batch_captions(outfits, random.Random(1), told_range, 0.25, False, whole_share=0.5)

    assert set(captions) == {f"{SHORT} False", f"{WHOLE} False", f"{LONG} False"}
    assert 150 < captions.count(f"{WHOLE} False") < 250


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
