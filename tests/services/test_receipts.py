"""Receipts: each line is what the model itself says of a change, and the lines add up."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.domain import CandidateGroup, NoScoresError, UnknownCandidateError
from studio.drawing.croquis import draw_croquis
from studio.drawing.raster import picture
from studio.services.receipts import HEIGHT_PX, Receipt
from studio.services.studio import Studio
from tests.tiny_reward_models import shake, tiny_reward_model


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


@pytest.fixture
def group(studio):
    return drawn(studio, "dress, red", 3)


@pytest.fixture
def receipt(studio, group) -> Receipt:
    store = studio.stores.add("Plain", {"style": ["minimalist"]})
    return studio.receipts.receipt(group, group.candidates[0].id, store.id)


def test_the_parts_add_up_to_the_score(studio, group, receipt):
    store_id = next(each.id for each in studio.stores.all() if each.name == "Plain")
    scores = studio.scores.of_round(group, store_id).by_candidate
    totals = [each.total for each in scores.values()]

    assert receipt.parts
    summed = sum(part.total for part in receipt.parts) + receipt.together
    assert summed == pytest.approx(receipt.total, abs=1e-4)
    assert receipt.total == pytest.approx(totals[0] - np.mean(totals), abs=1e-4)


def test_a_part_is_what_the_model_says_of_that_change_alone(studio, group, receipt):
    store_id = next(each.id for each in studio.stores.all() if each.name == "Plain")
    part = next(each for each in receipt.parts if each.family != "colour")
    own = DesignSpec.from_json(group.candidates[0].design)
    changed = replace(own, outfit=Outfit({**own.outfit, part.family: part.instead}))

    first, other = studio.scores.of_pictures(
        [picture(draw_croquis(each), HEIGHT_PX) for each in (own, changed)], group.prompt, store_id
    )

    assert own.outfit[part.family] == part.value
    assert part.total == pytest.approx(first.total - other.total, abs=1e-4)
    assert part.own == pytest.approx(first.own - other.own, abs=1e-4)


def test_what_was_asked_for_and_all_designs_share_is_no_part(receipt):
    assert not {"category"} & {part.family for part in receipt.parts}


def test_the_strongest_part_stands_first(receipt):
    strengths = [abs(part.total) for part in receipt.parts]

    assert strengths == sorted(strengths, reverse=True)


def test_a_receipt_of_an_unknown_design_is_refused(studio, group):
    with pytest.raises(UnknownCandidateError):
        studio.receipts.receipt(group, 99_999, None)


def test_without_a_reward_model_there_is_no_receipt(generator, database, images):
    studio = Studio(generator, "tiny", database, images)
    group = drawn(studio, "dress", 2)

    with pytest.raises(NoScoresError):
        studio.receipts.receipt(group, group.candidates[0].id, None)
    studio.stop()
