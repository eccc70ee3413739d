"""Bad input: each kind gets one sentence that says what to do, and nothing is lost."""

import pytest

from studio.domain import (
    ContradictoryPhrasesError,
    EmptyPromptError,
    NothingKnownError,
    PromptTooLongError,
)
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


def test_ten_thousand_characters_are_refused_with_how_many_may_be_typed() -> None:
    with pytest.raises(PromptTooLongError, match=r"10,000 characters.*at most 1,000"):
        BOOK.parse("dress, " * 1428 + "coat")


@pytest.mark.parametrize(
    "typed", ["no red, no belt", "不要口袋", "--no lace, bows", "without sleeves, no lace"]
)
def test_only_refusals_ask_what_to_draw(typed: str) -> None:
    read = BOOK.parse(typed)

    assert read.refused
    if not any(value == "sleeveless" for value in read.attributes.values()):
        with pytest.raises(NothingKnownError, match="only what you don't want"):
            read.check()


@pytest.mark.parametrize("typed", ["qwxz", "qwxz, plugh, xyzzy", "魑魅魍魉"])
def test_only_unknown_words_are_named_and_lead_to_a_garment(typed: str) -> None:
    with pytest.raises(NothingKnownError, match=r"does not know.*Start with a garment"):
        BOOK.parse(typed).check()


@pytest.mark.parametrize("typed", ["", " , ;\n", "，、。"])
def test_nothing_at_all_asks_for_phrases(typed: str) -> None:
    with pytest.raises(EmptyPromptError, match="short phrases"):
        BOOK.parse(typed).check()


@pytest.mark.parametrize(
    ("typed", "two"),
    [
        ("dress, red, not red", ("red",)),
        ("mini, maxi dress", ("mini", "maxi")),
        ("cotton satin dress", ("cotton", "satin")),
        ("skirt, v-neck", ("skirt", "v-neck")),
        ("连衣裙，超短，及踝", ("mini", "maxi")),
        ("红色连衣裙，不要红色", ("red",)),
        ("hoodie, no hood", ("hoodie",)),
    ],
)
def test_a_real_contradiction_names_its_sides_in_one_sentence(
    typed: str, two: tuple[str, ...]
) -> None:
    read = BOOK.parse(typed)

    [conflict] = read.conflicts
    assert conflict.phrases == two
    assert conflict.message.count(". ") == 0
    for phrase in (*conflict.phrases, *conflict.refused):
        assert phrase in conflict.message
    with pytest.raises(ContradictoryPhrasesError):
        read.check()


@pytest.mark.parametrize(
    ("typed", "ignored"),
    [
        ("(red dress:1.3)", "1.3"),
        ("red dress::2", "2"),
        ("<lora:blue_coat:0.8> red dress", "<lora:blue_coat:0.8>"),
        ("red dress --ar 2:3", "--ar 2:3"),
        ("red dress --v 6.1 --style raw", "--v 6.1"),
        ("red dress\nSteps: 20, Sampler: Euler a, Seed: 5", "Steps: 20, Sampler: Euler a, Seed: 5"),
    ],
)
def test_marks_of_other_programs_are_said_to_be_ignored(typed: str, ignored: str) -> None:
    read = BOOK.parse(typed)

    assert read.attributes == {"category": "dress", "colour": "red"}
    assert ignored in read.ignored
    read.check()


@pytest.mark.parametrize(
    ("typed", "attributes"),
    [
        ("v-neck t-shirt", {"neckline": "v-neck", "sleeve length": "short sleeves"}),
        ("long sleeve polo", {"sleeve length": "long sleeves", "category": "polo shirt"}),
        ("midi cocktail dress", {"length": "midi", "fabric": "satin"}),
        ("denim jacket with a zip", {"closure": "zip front", "fabric": "denim"}),
        ("pink wedding dress", {"colour": "pink", "length": "maxi"}),
        ("trench coat without belt", {"closure": "double-breasted", "belt": "none"}),
        ("長袖T恤", {"sleeve length": "long sleeves", "neckline": "crew neck"}),
    ],
)
def test_what_only_the_name_of_a_garment_implies_yields_to_what_is_said(
    typed: str, attributes: dict[str, str]
) -> None:
    read = BOOK.parse(typed)

    assert not read.conflicts
    assert not read.left_out
    for family, value in attributes.items():
        assert read.attributes.get(family, "none") == value


def test_what_the_name_says_in_so_many_words_does_not_yield() -> None:
    assert BOOK.parse("maxi skirt, mini").conflicts
    assert BOOK.parse("little black dress, red").conflicts
    assert BOOK.parse("小黑裙，红色").conflicts
