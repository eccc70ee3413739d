"""House rules: what a store never sells, and what that does to a prompt."""

import pytest

from studio.design.families import FAMILIES, GARMENT_FAMILIES, NONE
from studio.design.house_rules import NO_RULES, HouseRules, house_rules_of, told
from studio.domain import ContradictoryPhrasesError, HouseRulesError, NothingKnownError
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


def test_only_these_rules_all_others_out_but_never_the_absence() -> None:
    rules = house_rules_of({"trim": ["pearls"], "fabric": ["cotton", "denim"]}, {})

    assert rules.ruled_out["trim"] == set(FAMILIES["trim"]) - {"pearls", NONE}
    assert rules.ruled_out["fabric"] == set(FAMILIES["fabric"]) - {"cotton", "denim"}


def test_rules_come_back_from_their_text() -> None:
    rules = house_rules_of({"fabric": ["cotton"]}, {"colour": ["pink", "red"]})

    assert HouseRules.from_json(rules.to_json()) == rules
    assert (NO_RULES.to_json(), HouseRules.from_json("")) == ("", NO_RULES)
    assert list(told(rules)) == ["only fabric: cotton", "never colour: red, pink"]


def test_what_this_studio_does_not_draw_needs_no_rule() -> None:
    text = '{"only": {"fabric": ["moon dust"]}, "never": {"wings": ["blue"], "trim": ["pearls"]}}'

    assert HouseRules.from_json(text) == house_rules_of({}, {"trim": ["pearls"]})


@pytest.mark.parametrize(
    "text", ["{", "[]", '"a"', '{"only": 3, "never": {}}', '{"only": {}}', "x"]
)
def test_a_text_that_holds_no_rules_is_told(text: str) -> None:
    with pytest.raises(HouseRulesError, match="Set them again"):
        HouseRules.from_json(text)


@pytest.mark.parametrize(
    ("only", "never", "words"),
    [
        ({"wings": ["blue"]}, {}, "no family"),
        ({}, {"fabric": ["moon dust"]}, "is no fabric"),
        ({}, {"fabric": "satin"}, "as a list"),
        ({}, {"fabric": 3}, "as a list"),
        ({}, {"fabric": [{"a": 1}]}, "is no fabric"),
        ({}, {"hair": ["bob"]}, "no family"),
        ({}, {"trim": ["none"]}, "is no trim"),
        ({}, {"category": list(FAMILIES["category"])}, "leave no category"),
        ({"fabric": ["denim"]}, {"fabric": ["denim"]}, "leave no fabric"),
    ],
)
def test_rules_that_cannot_be_obeyed_are_refused_with_what_helps(only, never, words) -> None:
    with pytest.raises(HouseRulesError, match=words):
        house_rules_of(only, never)


def test_a_rule_is_obeyed_like_a_refusal_and_asks_for_nothing() -> None:
    rules = house_rules_of({}, {"fabric": ["satin"], "colour": ["pink"]})

    read = BOOK.parse("dress, midi", rules)

    assert read.attributes == {"category": "dress", "length": "midi"}
    assert read.ruled_out == {"fabric": {"satin"}, "colour": {"pink"}}
    assert (read.refused, read.conflicts) == ((), ())
    read.check()


@pytest.mark.parametrize("typed", ["satin dress", "dusty pink dress", "white dress, pink collar"])
def test_asking_for_what_is_never_sold_is_told_with_what_is(typed: str) -> None:
    rules = house_rules_of({}, {"fabric": ["satin"], "colour": ["pink"]})

    [conflict] = BOOK.parse(typed, rules).conflicts

    assert "this store never sells" in conflict.message
    assert conflict.options
    assert not {"satin", "pink"} & set(conflict.options)
    with pytest.raises(ContradictoryPhrasesError, match="never sells"):
        BOOK.parse(typed, rules).check()
    assert not BOOK.parse(typed).conflicts


def test_what_is_offered_instead_of_a_colour_looks_like_it() -> None:
    rules = house_rules_of({}, {"colour": ["navy", "blue"]})

    [conflict] = BOOK.parse("navy coat", rules).conflicts

    assert conflict.options[0] in ("black", "purple", "teal")
    assert conflict.rest == ()


def test_a_compound_keeps_what_the_store_does_sell() -> None:
    [conflict] = BOOK.parse("denim skirt", house_rules_of({}, {"fabric": ["denim"]})).conflicts

    assert (conflict.phrases, conflict.rest) == (("denim skirt",), ("skirt",))


def test_a_garment_that_needs_what_is_never_sold_is_told() -> None:
    rules = house_rules_of({}, {"sleeve length": ["long sleeves", "three-quarter sleeves"]})

    [conflict] = BOOK.parse("coat, no short sleeves, with sleeves", rules).conflicts or [None]

    assert conflict is None or "never sells" in conflict.message


def test_the_only_value_that_is_left_is_drawn_and_told() -> None:
    read = BOOK.parse("dress", house_rules_of({"fabric": ["cotton"]}, {}))

    assert read.attributes["fabric"] == "cotton"
    assert read.house.only_these == ("cotton",)


def test_rules_alone_make_no_prompt() -> None:
    rules = house_rules_of({"fabric": ["cotton"]}, {})

    with pytest.raises(NothingKnownError):
        BOOK.parse("qwxz", rules).check()


def test_what_a_rule_takes_from_a_style_or_a_name_is_told() -> None:
    rules = house_rules_of({}, {"belt": ["belt"], "trim": ["embroidery"]})

    read = BOOK.parse("boho trench coat", rules)

    assert "belt" not in read.attributes
    assert {each.name: each.values for each in read.house.taken_from} == {
        "boho trench coat": ("belt",),
        "boho": ("embroidery",),
    }


def test_no_suggestion_is_never_sold() -> None:
    rules = house_rules_of({"colour": ["red"]}, {"length": ["midi", "maxi"]})
    read = BOOK.parse("dress", rules)

    offered = BOOK.suggest(read, 200)

    for phrase in offered:
        for family, value in BOOK.phrases[phrase].items():
            assert value not in read.ruled_out.get(family, ())


def test_rules_are_about_garments_and_never_about_people() -> None:
    assert not {"hair", "skin", "build"} & set(GARMENT_FAMILIES)
