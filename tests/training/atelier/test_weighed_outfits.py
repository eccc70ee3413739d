import random
from collections import Counter, defaultdict

import pytest

from training.atelier.world import sample_outfit, weighed_outfits


def shares(counts):
    whole = sum(counts.values())
    return {value: count / whole for value, count in counts.items()}


@pytest.mark.parametrize(
    ("told", "family"),
    [
        ({"closure": "zip front", "pattern": "solid"}, "neckline"),
        pytest.param({"trim": "sequins"}, "category", marks=pytest.mark.slow),
    ],
)
def test_weights_tell_what_the_world_has_beside_what_is_told(told, family):
    rng = random.Random(0)
    every = (sample_outfit(rng) for _ in range(8_000))
    kept = [each for each in every if all(each[name] == told[name] for name in told)]
    world = shares(Counter(each[family] for each in kept))

    outfits, weights = weighed_outfits(told, 600, rng)

    weighed: dict[str, float] = defaultdict(float)
    for outfit, weight in zip(outfits, weights, strict=True):
        weighed[outfit[family]] += weight
        assert told.items() <= dict(outfit).items()
    unweighed = shares(Counter(outfit[family] for outfit in outfits))
    gap, gap_without = (
        sum(abs(world.get(value, 0) - some.get(value, 0)) for value in {*world, *some}) / 2
        for some in (shares(weighed), unweighed)
    )
    assert len(kept) > 80
    assert gap < 0.12
    assert gap < gap_without


def test_outfits_of_nothing_told_weigh_the_same():
    _, weights = weighed_outfits({}, 20, random.Random(0))

    assert weights == pytest.approx([1.0] * 20)
