import random
from dataclasses import replace

import pytest

from studio.design.families import FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.outfit import Outfit
from training.atelier.grammar import build_phrasebook, caption
from training.atelier.world import sample_outfit

BOOK = build_phrasebook()


def outfits(count: int) -> list[Outfit]:
    rng = random.Random(11)
    return [sample_outfit(rng) for _ in range(count)]


def test_the_vocabulary_is_large() -> None:
    assert len(BOOK.known_phrases()) >= 400
    assert len(BOOK.families) >= 20
    assert sum(len(values) for values in BOOK.families.values()) >= 130


def test_the_phrasebook_has_the_families_of_the_world_in_its_order() -> None:
    assert list(BOOK.families.items()) == list(FAMILIES.items())


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_has_a_main_phrase_synonyms_and_a_chinese_name(family: str) -> None:
    chinese = BOOK.labels("zh")

    for value in FAMILIES[family]:
        if value == NONE:
            continue
        main = BOOK.canonical(family, value)
        alone = [phrase for phrase, asked in BOOK.phrases.items() if asked == {family: value}]
        assert main is not None
        assert len(alone) >= 3, f"{value} has only {alone}"
        assert BOOK.parse(value).attributes == {family: value}
        assert not chinese[main].isascii()


def test_every_phrase_asks_for_what_some_outfit_can_be() -> None:
    for phrase, asked in BOOK.phrases.items():
        assert not GARMENT_RULES.broken(asked), phrase
        assert BOOK.can_go_together(asked), phrase


def test_every_phrase_is_read_as_its_own_attributes() -> None:
    for phrase, asked in BOOK.phrases.items():
        parsed = BOOK.parse(phrase)
        assert parsed.attributes == asked
        assert parsed.phrases == (phrase,)


def test_every_spelled_out_name_is_read_as_phrases_that_go_together() -> None:
    for name, phrases in BOOK.spelled_out.items():
        parsed = BOOK.parse(name)
        assert set(parsed.phrases) == set(phrases)
        assert not parsed.conflicts
        assert not parsed.unknown


def test_every_chinese_phrase_is_read_as_english_ones() -> None:
    for typed in BOOK.chinese:
        parsed = BOOK.parse(typed)
        assert parsed.phrases
        assert parsed.prompt.isascii()
        assert not parsed.unknown


def test_a_caption_tells_only_what_is_true() -> None:
    rng = random.Random(1)

    for outfit in outfits(300):
        parsed = BOOK.parse(caption(outfit, rng))
        assert parsed.attributes.items() <= outfit.items()
        assert not parsed.unknown
        assert not parsed.conflicts


def test_an_ordered_caption_is_what_the_phrasebook_makes_of_it() -> None:
    rng = random.Random(2)

    for outfit in outfits(200):
        ordered = caption(outfit, rng, shuffled=False)
        assert BOOK.parse(ordered).prompt == ordered


def test_shuffled_phrases_are_read_the_same() -> None:
    rng = random.Random(3)

    for outfit in outfits(100):
        phrases = caption(outfit, rng, keep=(4, 8)).split(", ")
        readings = [BOOK.parse(", ".join(rng.sample(phrases, len(phrases)))) for _ in range(4)]
        refused = [{each.text for each in reading.refused} for reading in readings]
        assert all(each == refused[0] for each in refused)  # told in the order they were typed
        readings = [replace(each, refused=()) for each in readings]
        assert all(each == readings[0] for each in readings)


def test_the_number_of_phrases_can_be_chosen() -> None:
    rng = random.Random(4)

    for outfit in outfits(50):
        assert caption(outfit, rng, keep=(3, 3)).count(", ") == 2


def test_captions_are_mostly_long_and_sometimes_short() -> None:
    rng = random.Random(5)
    sizes = [caption(outfit, rng).count(", ") + 1 for outfit in outfits(400)]

    assert 0.1 < sum(size <= 4 for size in sizes) / len(sizes) < 0.3
    assert max(sizes) <= 16


def test_captions_use_the_whole_vocabulary() -> None:
    rng = random.Random(6)
    told = {
        phrase
        for outfit in outfits(1500)
        for _ in range(4)
        for phrase in caption(outfit, rng).split(", ")
    }

    assert told <= set(BOOK.phrases)
    assert len(told) > 0.95 * len(BOOK.phrases)


def test_the_same_state_of_chance_gives_the_same_caption() -> None:
    outfit = outfits(1)[0]

    assert caption(outfit, random.Random(8)) == caption(outfit, random.Random(8))
