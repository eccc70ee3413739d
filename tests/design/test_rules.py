import random
from itertools import product

import pytest

from studio.design.families import BOTTOMS, FAMILIES, NONE, PRINTS
from studio.design.garment_rules import GARMENT_RULES, RULES
from studio.design.rules import Rule, RuleSet
from training.atelier.world import sample_outfit

SMALL = {"item": ("hat", "scarf"), "rim": (NONE, "wide", "narrow"), "end": (NONE, "knot")}
SCARF_HAS_NO_RIM = Rule("item", ("scarf",), "rim", (NONE,))
KNOT_NEEDS_SCARF = Rule("end", ("knot",), "item", ("scarf",))
HAT_WITHOUT_KNOT_HAS_RIM = Rule("item", ("hat",), "rim", ("wide", "narrow"), ("end", (NONE,)))
RULE_SET = RuleSet(SMALL, (SCARF_HAS_NO_RIM, KNOT_NEEDS_SCARF, HAT_WITHOUT_KNOT_HAS_RIM))


def all_whole() -> list[dict[str, str]]:
    return [dict(zip(SMALL, values, strict=True)) for values in product(*SMALL.values())]


def test_a_rule_says_nothing_of_values_that_are_not_there():
    assert not SCARF_HAS_NO_RIM.forbids({})
    assert not SCARF_HAS_NO_RIM.forbids({"item": "scarf"})
    assert not SCARF_HAS_NO_RIM.forbids({"item": "hat", "rim": "wide"})
    assert SCARF_HAS_NO_RIM.forbids({"item": "scarf", "rim": "wide"})


def test_a_rule_with_two_conditions_needs_both():
    assert not HAT_WITHOUT_KNOT_HAS_RIM.forbids({"item": "hat", "rim": NONE})
    assert not HAT_WITHOUT_KNOT_HAS_RIM.forbids({"item": "hat", "rim": NONE, "end": "knot"})
    assert HAT_WITHOUT_KNOT_HAS_RIM.forbids({"item": "hat", "rim": NONE, "end": NONE})


def test_allowed_values_are_those_that_break_nothing():
    for values in all_whole():
        for family in SMALL:
            rest = {other: value for other, value in values.items() if other != family}
            expected = [
                value
                for value in SMALL[family]
                if not any(rule.forbids({**rest, family: value}) for rule in RULE_SET.rules)
            ]
            if not RULE_SET.broken(rest):
                assert RULE_SET.allowed(family, rest) == expected


def test_values_go_together_where_some_whole_design_has_them():
    valid = [values for values in all_whole() if not RULE_SET.broken(values)]
    for families in (("item",), ("rim",), ("item", "rim"), ("end", "item"), ("rim", "end")):
        for values in product(*(SMALL[family] for family in families)):
            asked = dict(zip(families, values, strict=True))
            some = any(asked.items() <= each.items() for each in valid)
            # Pairs of families alone may leave a hope that three destroy, never the other way.
            assert RULE_SET.can_go_together(asked) or not some


def test_values_that_pairs_of_families_rule_out_do_not_go_together():
    assert not RULE_SET.can_go_together({"item": "scarf", "rim": "wide"})
    assert not RULE_SET.can_go_together({"end": "knot", "rim": "wide"})  # by way of the item


def test_every_design_of_the_world_breaks_nothing():
    for seed in range(300):
        outfit = sample_outfit(random.Random(seed))
        assert GARMENT_RULES.broken(outfit) == []
        assert GARMENT_RULES.can_go_together(outfit)


@pytest.mark.parametrize(
    "values",
    [
        {"category": "skirt", "neckline": "v-neck"},
        {"category": "skirt", "sleeve length": "long sleeves"},
        {"category": "dress", "silhouette": NONE},
        {"category": "trousers", "leg": NONE},
        {"collar": "hood", "neckline": "v-neck"},
        {"sleeve length": "sleeveless", "cuffs": "ribbed cuffs"},
        {"pattern": "floral", "fabric": "leather"},
        {"fabric": "knit", "trim": "sequins"},
        {"belt": "belt", "waist": "peplum"},
        {"neckline": "strapless", "sleeve length": "long sleeves"},
        {"waist": "elastic waist", "category": "dress"},
        {"closure": "toggle closure", "category": "top"},
        {"trim": "cut-outs", "belt": "belt"},
    ],
)
def test_what_cannot_be_sewn_is_forbidden(values):
    assert GARMENT_RULES.broken(values)
    assert not GARMENT_RULES.can_go_together(values)


def test_an_upper_garment_has_a_neckline_or_a_collar():
    neither = {"category": "dress", "neckline": NONE, "collar": NONE}

    assert GARMENT_RULES.broken(neither)
    assert not GARMENT_RULES.broken({**neither, "collar": "shirt collar"})
    assert not GARMENT_RULES.broken({**neither, "category": BOTTOMS[0]})


def test_every_rule_names_families_and_values_that_there_are():
    for rule in RULES:
        assert {*rule.values} <= {*FAMILIES[rule.family]}
        assert {*rule.allowed} < {*FAMILIES[rule.other]}
        assert rule.allowed
        if rule.also is not None:
            assert {*rule.also[1]} <= {*FAMILIES[rule.also[0]]}


@pytest.mark.parametrize(
    ("family", "value"), [(family, value) for family in FAMILIES for value in FAMILIES[family]]
)
def test_every_value_is_possible_in_some_design(family, value):
    assert GARMENT_RULES.can_go_together({family: value})


def test_every_print_can_be_pleated_if_its_cloth_can():
    for pleats in ("knife pleats", "box pleats"):
        assert all(
            GARMENT_RULES.can_go_together({"category": "skirt", "pattern": each, "pleats": pleats})
            for each in PRINTS
            if GARMENT_RULES.can_go_together({"pattern": each, "fabric": "cotton"})
        )


def test_every_print_can_be_had_as_a_dress():
    assert all(
        GARMENT_RULES.can_go_together({"category": "dress", "pattern": each}) for each in PRINTS
    )


@pytest.mark.parametrize(
    ("told", "family", "allowed"),
    [
        ({"category": "jumpsuit", "length": "mini"}, "leg", {"straight-leg", "wide-leg"}),
        ({"leg": "leggings"}, "category", {"trousers"}),
        ({"leg": "joggers"}, "closure", {NONE}),
        ({"category": "dungarees"}, "sleeve length", {NONE}),
        ({"category": "waistcoat"}, "sleeve length", {"sleeveless"}),
        ({"category": "kimono"}, "sleeve shape", {"kimono sleeves"}),
        ({"category": "swimsuit"}, "length", {NONE}),
    ],
)
def test_garments_of_a_make_have_only_what_they_can_have(told, family, allowed):
    assert set(GARMENT_RULES.allowed(family, told)) == allowed


@pytest.mark.parametrize("fabric", ["mesh", "crochet"])
def test_cloth_that_is_mostly_holes_has_no_print(fabric):
    assert GARMENT_RULES.allowed("pattern", {"fabric": fabric}) == ["solid"]
    assert not any(GARMENT_RULES.can_go_together({"fabric": fabric, "pattern": p}) for p in PRINTS)
