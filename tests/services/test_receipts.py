"""Receipts: each line is a difference of the model's own scores, and the lines add up."""

import random
from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

import pytest

from studio.design.garment_rules import GARMENT_RULES
from studio.design.spec import DesignSpec
from studio.domain import (
    Candidate,
    CandidateGroup,
    NoScoresError,
    UnknownCandidateError,
)
from studio.services.receipts import DETAILS, Receipt, _walk
from studio.services.studio import Studio
from studio.services.twins import drawn as pictures_of
from tests.tiny_reward_models import shake, tiny_reward_model
from training.atelier.world import sample_measures, sample_outfit


@pytest.fixture
def studio(generator, database, images) -> Iterator[Studio]:
    reward_model = shake(tiny_reward_model(variant="text-only"))
    studio = Studio(generator, "tiny", database, images, reward_model)
    yield studio
    studio.stop()


def drawn(studio: Studio, prompt: str, count: int) -> CandidateGroup:
    """A round drawn at once, however busy the machine is."""
    job = studio.request_round(prompt, count, seed=3)
    studio._line.run_next()
    group = studio.status(job.id).group
    assert group is not None, studio.status(job.id).job.message
    return group


def of_designs(group: CandidateGroup, designs: list[DesignSpec]) -> CandidateGroup:
    """The round with other designs on its pictures."""
    candidates: list[Candidate] = [
        replace(each, design=design.to_json())
        for each, design in zip(group.candidates, designs, strict=True)
    ]
    return replace(group, candidates=tuple(candidates))


def a_design(lot: random.Random) -> DesignSpec:
    outfit = sample_outfit(lot)
    return DesignSpec(outfit, sample_measures(outfit, lot))


@pytest.fixture
def group(studio):
    return drawn(studio, "dress, red", 3)


@pytest.fixture
def store_id(studio) -> int:
    return studio.stores.add("Plain", {"style": ["minimalist"]}).id


@pytest.fixture
def receipt(studio, group, store_id) -> Receipt:
    return studio.receipts.receipt(group, group.candidates[0].id, store_id)


@pytest.mark.parametrize("seed", range(2))
def test_the_parts_are_the_difference_to_what_was_compared_with(studio, group, store_id, seed):
    lot = random.Random(seed)
    designs = [a_design(lot) for _ in group.candidates]
    group = of_designs(group, designs)
    asked = group.candidates[seed]

    receipt = studio.receipts.receipt(group, asked.id, store_id)

    others = [each for each in designs if each is not designs[seed]]
    own, *theirs = studio.scores.of_pictures(
        pictures_of([designs[seed], *others]), group.prompt, store_id
    )
    mean = fmean(each.total for each in theirs)
    assert sum(part.total for part in receipt.parts) == pytest.approx(own.total - mean, abs=1e-4)
    general = fmean(each.general for each in theirs)
    assert sum(part.general for part in receipt.parts) == pytest.approx(
        own.general - general, abs=1e-4
    )
    totals = studio.scores.of_round(group, store_id).by_candidate
    above = totals[asked.id].total - fmean(each.total for each in totals.values())
    assert sum(each.total for each in receipt.parts) + receipt.rest == pytest.approx(
        above, abs=1e-4
    )


@pytest.mark.parametrize("is_reversed", [False, True])
def test_on_the_way_between_two_designs_all_can_be_worn(is_reversed):
    lot = random.Random(4)
    for _ in range(30):
        start, end = a_design(lot), a_design(lot)
        steps = [*_walk(start, end, is_reversed=is_reversed)]

        assert not any(GARMENT_RULES.first_broken(each.design.outfit) for each in steps)
        assert steps[-1].design.outfit == end.outfit
        assert steps[-1].design.measures == end.measures
        changed = [thing for each in steps for thing in each.changed]
        assert len(changed) == len({*changed})


def test_a_single_change_is_told_as_what_the_model_says_of_it(studio, group, store_id):
    own = DesignSpec.from_json(group.candidates[0].design)
    dyed = replace(own, measures=own.measures.but(length=-own.measures.length or 0.5))
    group = of_designs(group, [own, dyed, dyed])

    receipt = studio.receipts.receipt(group, group.candidates[0].id, store_id)

    first, other = studio.scores.of_pictures(pictures_of([own, dyed]), group.prompt, store_id)
    (part,) = receipt.parts
    assert (part.family, part.is_measure) == ("length", True)
    assert part.total == pytest.approx(first.total - other.total, abs=1e-4)
    assert part.own == pytest.approx(first.own - other.own, abs=1e-4)


def test_what_was_asked_for_and_all_designs_share_is_no_part(receipt):
    assert not {"category", "colour"} & {
        part.family for part in receipt.parts if not part.is_measure
    }


def test_the_strongest_part_stands_first(receipt):
    strengths = [abs(part.total) for part in receipt.parts]

    assert strengths == sorted(strengths, reverse=True)


def test_two_walks_compare_with_two_designs_about_the_mean(studio, store_id):
    group = drawn(studio, "dress", 5)
    scores = studio.scores.of_round(group, store_id).by_candidate
    mean = fmean(each.total for each in scores.values())

    receipt = studio.receipts.receipt(group, group.candidates[0].id, store_id)

    assert len(receipt.compared) == 2
    assert group.candidates[0].id not in receipt.compared
    chosen = abs(fmean(scores[each].total for each in receipt.compared) - mean)
    others = [each.id for each in group.candidates[1:]]
    assert (
        chosen
        <= min(
            abs((scores[one].total + scores[two].total) / 2 - mean)
            for one in others
            for two in others
            if one < two
        )
        + 1e-9
    )


def test_shades_that_no_word_tells_are_one_part(studio, group):
    own = DesignSpec.from_json(group.candidates[0].design)
    lighter = replace(own, measures=own.measures.but(length=own.measures.length * 0.98))
    group = of_designs(group, [own, lighter, lighter])

    receipt = studio.receipts.receipt(group, group.candidates[0].id, None)

    assert [each.family for each in receipt.parts] == [DETAILS]
    assert receipt.parts[0].own == 0


def test_a_design_without_others_has_no_parts(studio, group):
    alone = replace(group, candidates=group.candidates[:1])

    receipt = studio.receipts.receipt(alone, alone.candidates[0].id, None)

    assert (receipt.parts, receipt.compared) == ((), ())
    assert receipt.total == receipt.rest == 0


def test_a_receipt_of_an_unknown_design_is_refused(studio, group):
    with pytest.raises(UnknownCandidateError):
        studio.receipts.receipt(group, 99_999, None)


def test_without_a_reward_model_there_is_no_receipt(generator, database, images):
    studio = Studio(generator, "tiny", database, images)
    group = drawn(studio, "dress", 2)

    with pytest.raises(NoScoresError):
        studio.receipts.receipt(group, group.candidates[0].id, None)
    studio.stop()
