"""Suggestions by meaning: what a word is, never how it is written."""

import pytest

from studio.design.kinds import HEADS, KINDS
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


def nearest(typed: str) -> tuple[str, ...]:
    [unknown] = BOOK.parse(typed).unknown
    return unknown.nearest


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("negligee", "camisole"),
        ("rhinestones", "pearls"),
        ("angora", "knit"),
        ("latex", "leather"),
        ("windcheater", "anorak"),
        ("batwing sleeves", "kimono sleeves"),
        ("peignoir", "wrap coat"),
        ("petal hem", "asymmetric hem"),
        ("ruching", "gathered waist"),
        ("knickerbockers", "culottes"),
        ("cosy", "knit"),
        ("莱卡", "slim fit"),
        ("羊腿袖", "puff sleeves"),
        ("拖尾", "maxi"),
        ("燕尾服", "blazer"),
        ("奶牛", "leopard"),
    ],
)
def test_an_unknown_word_suggests_what_means_nearly_the_same(typed: str, near: str) -> None:
    assert near in nearest(typed)


@pytest.mark.parametrize(
    ("typed", "far"),
    [
        ("lingerie", "tangerine"),
        ("negligee", "beige"),
        ("mens shirt", "melon"),
        ("streetwear", "sweetheart"),
        ("open back", "black"),
        ("corsage", "corset belt"),
        ("lapis", "lapels"),
        ("tangelo", "tangerine"),
    ],
)
def test_letters_alone_suggest_nothing(typed: str, far: str) -> None:
    read = BOOK.parse(typed)

    for unknown in read.unknown:
        assert far not in unknown.nearest


@pytest.mark.parametrize(
    ("typed", "family"),
    [
        ("glarvy sleeves", "sleeve"),
        ("zibble neckline", "neck"),
        ("quorn hem", "hem"),
        ("某某袖", "sleeve"),
    ],
)
def test_the_noun_of_an_unknown_phrase_says_what_it_is(typed: str, family: str) -> None:
    found = nearest(typed)

    assert found
    assert all(family in phrase for phrase in found)


def test_a_slip_of_the_fingers_is_still_found() -> None:
    assert nearest("embrodierd")[0] in ("embroidered", "embroidery")


def test_a_word_within_a_phrase_that_was_understood_has_its_suggestion_too() -> None:
    [read] = BOOK.parse("red dress with rhinestones").read

    assert read.phrases
    assert dict(read.hints)["rhinestones"][0] in ("pearls", "sequins")


def test_every_row_says_something_that_is_known() -> None:
    known = BOOK.phrases.keys() | BOOK.spelled_out.keys()

    for table in (KINDS, HEADS):
        for words, near in table.items():
            assert {each.strip() for each in near.split(";")} <= known, words
