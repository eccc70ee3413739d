"""What stands in every candidate before the model has a say, and what the model is told."""

from collections import Counter

import pytest

from studio.design.families import FAMILIES, FIGURE_FAMILIES
from studio.design.measures import MEASURES
from studio.design.spec import MAX_SPEC_CHARACTERS, DesignSpec, spec_of_values
from studio.domain import DesignError, GenerationRequest
from studio.perfusion.settling import tell, wearer_by_lot
from tests.tiny_models import tiny_phrasebook

BOOK = tiny_phrasebook()
KEPT = spec_of_values(
    {
        "category": "dress",
        "colour": "red",
        "neckline": "v-neck",
        "length": "midi",
        "sleeve length": "sleeveless",
        "trim": "sequins",
    },
    asked=("category", "colour"),
)


def told(prompt: str = "dress", starts: tuple[DesignSpec, ...] = (), **options):
    request = GenerationRequest(**{"prompt": prompt, "num_candidates": 3, "seed": 5, **options})
    return tell(request, BOOK.parse(prompt), BOOK, starts)


def keep(*free: str, prompt: str = "dress", spec: DesignSpec = KEPT):
    return told(prompt, kept=spec.to_json(), free=free)


# --- The wearer ------------------------------------------------------------------------------


def test_the_wearer_has_a_value_for_each_family_of_figures_and_every_value_comes_up():
    wearers = [wearer_by_lot(seed) for seed in range(500)]

    for family in FIGURE_FAMILIES:
        counts = Counter(wearer[family] for wearer in wearers)
        assert counts.keys() == set(FAMILIES[family])
        assert min(counts.values()) > 0.5 * 500 / len(FAMILIES[family])
    assert all(tuple(wearer) == FIGURE_FAMILIES for wearer in wearers)


def test_a_seed_has_the_same_wearer_on_every_machine():
    assert tuple(wearer_by_lot(0).values()) == (
        "braids",
        "red hair",
        "tan skin",
        "average build",
        "walking",
    )


def test_all_candidates_of_a_round_have_the_wearer_of_its_seed():
    settled = told().settled

    assert len(settled) == 3
    assert all(each == settled[0] for each in settled)
    assert settled[0].values == {"category": "dress", **wearer_by_lot(5)}


def test_a_candidate_asked_for_again_can_have_the_wearer_of_its_round():
    [alone] = told(num_candidates=1, seed=7, wearer_seed=5).settled

    assert alone == told().settled[2]
    assert told(num_candidates=1, seed=7).settled[0] != alone


def test_the_model_is_told_what_is_asked_for_and_not_the_wearer():
    assert told("red, dress").prompts[0] == "dress, red"


# --- Variations ------------------------------------------------------------------------------


def test_variations_have_the_wearers_of_their_designs_in_turn_and_what_is_asked_for():
    other = DesignSpec(KEPT.outfit.but(hair="bun", skin="deep skin"), KEPT.measures)

    settled = told("dress, navy", (KEPT, other), variation=0.5).settled

    assert [each.values["hair"] for each in settled] == [KEPT["hair"], "bun", KEPT["hair"]]
    assert all(each.values["colour"] == "navy" for each in settled)
    assert set(settled[0].values) == {"category", "colour", *FIGURE_FAMILIES}
    assert settled[0].asked == {"category", "colour"}


# --- Keeping all but some parts --------------------------------------------------------------


def test_all_is_kept_but_what_is_free():
    settled = keep("sleeve length", "sleeve_length", "neck_depth").settled[0]

    assert set(settled.values) == set(FAMILIES) - {"sleeve length"}
    assert all(settled.values[family] == KEPT[family] for family in settled.values)
    assert set(settled.measures) == set(MEASURES) - {"sleeve_length", "neck_depth"}


def test_a_name_that_a_family_and_a_measure_share_frees_both():
    settled = keep("length").settled[0]

    assert "length" not in settled.values
    assert "length" not in settled.measures


def test_the_model_is_told_what_is_kept_in_plain_phrases_and_in_the_books_order():
    assert keep("sleeve length").prompts[0] == "dress, v-neck, midi, red"
    assert keep("neckline", "collar").prompts[0] == "dress, midi, red"


def test_who_chose_what_is_kept_is_remembered_but_for_what_is_drawn_anew():
    spec = DesignSpec(
        KEPT.outfit, KEPT.measures, KEPT.asked, fixed=frozenset({"trim", "neck_depth"})
    )

    settled = keep("colour", "neck_depth", spec=spec, prompt="dress, midi").settled[0]

    assert settled.asked == {"category", "length"}
    assert settled.fixed == {"trim"}


def test_what_is_asked_for_stands_even_where_something_else_was_kept():
    settled = keep("sleeve length", prompt="dress, navy").settled[0]

    assert settled.values["colour"] == "navy"
    assert "colour" not in settled.measures
    assert keep("colour", prompt="red").settled[0].values["colour"] == "red"


def test_what_a_person_set_by_hand_stands_even_where_phrases_say_something_else():
    by_hand = spec_of_values({**KEPT.outfit, "colour": "teal"})
    spec = DesignSpec(by_hand.outfit, by_hand.measures, fixed=frozenset({"colour"}))

    settled = keep("sleeve length", prompt="dress, red", spec=spec).settled[0]

    assert settled.values["colour"] == "teal"
    assert settled.measures["colour"] == by_hand.measures.colour
    assert settled.fixed == {"colour"}
    assert settled.asked == {"category"}


def test_without_a_phrasebook_only_the_prompt_is_told():
    request = GenerationRequest(prompt="gown", kept=KEPT.to_json(), free=("trim",))

    assert tell(request, BOOK.parse("dress")).prompts[0] == "dress"


def test_what_goes_with_nothing_that_is_asked_for_is_a_sentence():
    with pytest.raises(DesignError, match=r"“skirt” does not go with “\w.*”\. Draw one of them"):
        keep("trim", prompt="skirt")


@pytest.mark.parametrize(
    ("free", "sentence"),
    [(("wings",), "no wings to draw anew"), ((), "Say what of the design to draw anew")],
)
def test_what_a_design_does_not_have_is_a_sentence(free, sentence):
    with pytest.raises(DesignError, match=sentence):
        keep(*free)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "no JSON"),
        ("[]", "not a record"),
        ('{"version":0}', "version 0"),
        (KEPT.to_json().replace('"red"', '"infrared"'), "infrared"),
        (KEPT.to_json().replace('"print_scale":1.0', '"print_scale":9'), "from 0.5 to 2"),
        (KEPT.to_json().replace('"sleeveless"', '"long sleeves"'), "does not go with"),
        (KEPT.to_json() + " " * MAX_SPEC_CHARACTERS, "at most 16,384"),
    ],
)
def test_a_design_that_can_not_be_used_is_a_sentence(text, sentence):
    with pytest.raises(DesignError, match=sentence):
        told(kept=text, free=("trim",))
