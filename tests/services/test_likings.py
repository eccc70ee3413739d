"""Cards of what stores like: counted in ticks, and true of planted tastes."""

import random

import pytest

from studio.design.families import FAMILIES, FIGURE_FAMILIES, NONE
from studio.design.spec import DesignSpec
from studio.services.likings import AnsweredDesigns, likings_of
from training.atelier.world import sample_measures, sample_outfit

ROUNDS, DESIGNS = 12, 8
SALEABLE = [family for family in FAMILIES if family not in FIGURE_FAMILIES]


def design(lot: random.Random) -> DesignSpec:
    outfit = sample_outfit(lot)
    return DesignSpec(outfit, sample_measures(outfit, lot))


def rounds_of(lot: random.Random, family: str, value: str, *, likes: bool) -> list[AnsweredDesigns]:
    """Rounds of a store that ticks what has the value, or what has not, and nothing else counts."""
    found: list[AnsweredDesigns] = []
    while len(found) < ROUNDS:
        designs = [design(lot) for _ in range(DESIGNS)]
        ticked = [(each.outfit[family] == value) == likes for each in designs]
        if any(ticked) and not all(ticked):
            found.append(AnsweredDesigns(len(found), designs, ticked))
    return found


@pytest.mark.slow  # it samples tens of thousands of designs
def test_planted_tastes_are_named_first_in_nearly_all_cases():
    lot, first = random.Random(7), 0
    for case in range(100):
        shown = design(random.Random(case))
        family = lot.choice([each for each in SALEABLE if shown.outfit[each] != NONE])
        value, likes = shown.outfit[family], case % 2 == 0
        lines = likings_of(rounds_of(lot, family, value, likes=likes))
        surest = [each for each in lines if each.confidence == lines[0].confidence]
        first += any(
            (each.family, each.value, each.is_liked) == (family, value, likes) for each in surest
        )

    assert first >= 95


def test_a_liked_colour_is_named_with_its_rounds():
    lines = likings_of(rounds_of(random.Random(1), "category", "dress", likes=True))

    best = lines[0]
    assert (best.family, best.value, best.is_liked) == ("category", "dress", True)
    assert best.lean == 1
    assert best.confidence > 0.99
    assert best.rounds == tuple(range(ROUNDS))


def test_ticks_by_lot_give_no_sure_line():
    lot = random.Random(3)
    rounds = [
        AnsweredDesigns(
            number, [design(lot) for _ in range(6)], [lot.random() < 0.4 for _ in range(6)]
        )
        for number in range(6)
    ]

    surest = max((each.confidence for each in likings_of(rounds)), default=0.0)

    assert surest < 0.9999


def test_one_round_is_no_evidence_and_none_is_no_line():
    assert likings_of([]) == ()
    assert likings_of(rounds_of(random.Random(1), "category", "dress", likes=True)[:1]) == ()
