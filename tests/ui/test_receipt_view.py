"""A receipt on the page: its lines add up, and say what can be corrected."""

from datetime import UTC, datetime

import pytest

from studio.domain import Candidate, CandidateGroup, GenerationRequest, RoundRequest
from studio.services.receipts import DETAILS, Part, Receipt
from studio.ui.receipt_view import CLOSED, SHOWN, Named, problem_view, receipt_view, working_view
from studio.ui.words import ENGLISH, Words

WORDS = Words(ENGLISH, {})
NAMED = Named("Maison Nord", {"pattern": "Print"}, {("pattern", "leopard"): "leopard print"})
NOBODY = Named("", {}, {})


def a_group() -> CandidateGroup:
    return CandidateGroup(
        id=7,
        parent_id=None,
        request=RoundRequest(generation=GenerationRequest(prompt="dress", num_candidates=3)),
        prompt="dress",
        made_at=datetime(2026, 11, 30, tzinfo=UTC),
        candidates=tuple(
            Candidate(id=70 + place, position=place, seed=place, image="a" * 64)
            for place in range(3)
        ),
        checkpoint="tiny",
        selected_ids=None,
        is_favourite=False,
        is_deleted=False,
    )


def a_receipt(*parts: Part) -> Receipt:
    total = sum(each.total for each in parts) + 0.25
    return Receipt(total, 0.0, parts, (71, 72), 0.25)


LEOPARD = Part("pattern", "leopard", ("solid", "none"), -1.5, 0.25, (9, 8))
FLARE = Part("flare", "-0.4", ("+0.3",), 0.5, 0.5, is_measure=True)
SHADES = Part(DETAILS, "", ("",), 0.1, 0.1, is_measure=True)


def test_a_line_says_what_it_is_instead_of_what_and_whose_part_it_is():
    view = receipt_view(a_group(), 70, a_receipt(LEOPARD, FLARE, SHADES), NAMED, WORDS)

    leopard, flare, shades = view["lines"]
    assert (leopard["label"], leopard["told"]) == ("Print", "leopard print")
    assert leopard["instead"] == "instead of solid / nothing"
    assert leopard["total"] == "−1.50"
    assert leopard["detail"] == "general +0.25, this store −1.75"
    assert (leopard["share"], leopard["rounds"], leopard["can_say"]) == (-1.0, [9, 8], True)
    assert (flare["label"], flare["told"], flare["can_say"]) == ("flare", "−0.4", False)
    assert (shades["told"], shades["instead"]) == ("", "")
    assert view["lead"].startswith("For Maison Nord.")
    assert "design 2 and design 3" in view["lead"]
    assert view["title"] == "Design 1: −0.65 against this round’s mean"


def test_for_nobody_there_is_nothing_to_correct():
    view = receipt_view(a_group(), 70, a_receipt(LEOPARD), NOBODY, WORDS)

    assert not view["lines"][0]["can_say"]
    assert view["lines"][0]["detail"] == ""
    assert view["lead"].startswith("For nobody in particular.")


@pytest.mark.parametrize("count", [1, SHOWN, SHOWN + 3])
def test_smaller_parts_fold_away_and_all_figures_add_up(count):
    parts = [Part("flare", "+0.1", ("+0.2",), 0.25, 0.0, is_measure=True)] * count
    view = receipt_view(a_group(), 70, a_receipt(*parts), NAMED, WORDS)

    shown = [each["total"] for each in view["lines"]]
    smaller = [] if view["smaller"] is None else [view["smaller"]["total"]]
    summed = sum(float(each) for each in (*shown, *smaller, view["rest"]))
    assert summed == pytest.approx(float(view["total"]))
    assert (view["smaller"] is None) == (count <= SHOWN)


def test_the_panel_says_that_it_works_and_what_went_wrong():
    assert working_view(7, 70, WORDS)["is_working"]
    assert problem_view(7, 70, "No.", WORDS)["problem"] == "No."
    assert CLOSED["candidate_id"] is None


def test_a_design_without_others_says_so():
    view = receipt_view(a_group(), 70, Receipt(0.0, 0.0, (), (), 0.0), NAMED, WORDS)

    assert view["lines"] == []
    assert "nothing to compare with" in view["lead"]
