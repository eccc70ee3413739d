import json
import random
from pathlib import Path

import pytest

from studio.design.phrasebook import Phrasebook
from studio.design.phrasebook_file import PHRASEBOOK_FILE, SCHEMA_VERSION
from studio.design.rules import Rule
from studio.domain import (
    CheckpointError,
    ContradictoryPhrasesError,
    EmptyPromptError,
    NothingKnownError,
    PromptTooLongError,
)
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


def small_book(**changes: object) -> Phrasebook:
    parts = {
        "families": {"item": ("hat", "scarf"), "rim": ("none", "wide"), "end": ("none", "knot")},
        "phrases": {"hat": {"item": "hat"}, "scarf": {"item": "scarf"}, "rim": {"rim": "wide"}},
        "rules": (Rule("item", ("scarf",), "rim", ("none",)),),
    }
    return Phrasebook(**(parts | changes))  # type: ignore[arg-type]  # any part may be replaced


def test_the_missions_example_is_known_word_for_word() -> None:
    parsed = BOOK.parse("dress, v-neck, slim-fit, long sleeves, long-hair model")

    assert parsed.attributes == {
        "category": "dress",
        "fit": "slim fit",
        "neckline": "v-neck",
        "sleeve length": "long sleeves",
        "hair": "long hair",
    }
    assert parsed.prompt == "dress, slim fit, v-neck, long sleeves, long-hair model"
    assert not parsed.unknown
    assert not parsed.conflicts


def test_the_order_of_typing_does_not_matter() -> None:
    phrases = ["red", "midi", "dress", "bell sleeves", "walking", "no pockets"]
    first = BOOK.parse(", ".join(phrases))

    for seed in range(5):
        shuffled = random.Random(seed).sample(phrases, len(phrases))
        assert BOOK.parse(", ".join(shuffled)) == first


@pytest.mark.parametrize(
    ("typed", "phrase"),
    [
        ("  V  NECK ", "v-neck"),
        ("vneck", "v-neck"),
        ("v\u2011neckline", "v-neck"),
        ("A-Line", "a-line"),
        ("ombré", "ombre"),
        ("turtle neck", "turtleneck"),
        ("long-sleeved", "long sleeves"),
        ("a long sleeve", "long sleeves"),
        ("Dresses", "dress"),
        ("with patch pocket", "patch pockets"),
        ("gray", "grey"),
        ("color block", "colour block"),
        ("¾ sleeves", "3/4 sleeves"),
        ("\uff44\uff52\uff45\uff53\uff53", "dress"),
        ("bob.", "bob"),
    ],
)
def test_spelling_is_forgiven(typed: str, phrase: str) -> None:
    assert BOOK.parse(typed).phrases == (phrase,)


def test_a_synonym_stays_as_typed_and_the_generator_reads_the_main_phrase() -> None:
    parsed = BOOK.parse("frock, scarlet")

    assert parsed.phrases == ("frock", "scarlet")
    assert parsed.plain_prompt == "dress, red"
    assert parsed.attributes == {"category": "dress", "colour": "red"}


def test_a_phrase_can_ask_for_several_attributes() -> None:
    assert BOOK.parse("jeans").attributes == {"category": "trousers", "fabric": "denim"}
    assert BOOK.parse("hoodie").attributes == {"category": "sweater", "collar": "hood"}


def test_every_phrase_has_plain_words_that_ask_for_the_same() -> None:
    for phrase in BOOK.phrases:
        parsed = BOOK.parse(phrase)

        assert BOOK.parse(parsed.plain_prompt).attributes == parsed.attributes
        assert BOOK.parse(parsed.plain_prompt).plain_prompt == parsed.plain_prompt


def test_a_value_that_no_phrase_tells_alone_keeps_the_words_that_were_typed() -> None:
    book = small_book(phrases={"boater": {"item": "hat", "rim": "wide"}, "hat": {"item": "hat"}})

    assert book.parse("boater").plain_phrases == ("hat", "boater")


def test_known_phrases_without_a_comma_are_split_and_told() -> None:
    parsed = BOOK.parse("a long-sleeved floral maxi dress with pockets, bun")

    assert set(parsed.phrases) == {"dress", "floral", "maxi", "long sleeves", "pockets", "bun"}
    assert [split.text for split in parsed.splits] == [
        "a long-sleeved floral maxi dress with pockets"
    ]
    assert not parsed.unknown


def test_the_longest_known_phrase_wins() -> None:
    assert BOOK.parse("black hair").attributes == {"hair colour": "black hair"}
    assert BOOK.parse("shirt collar").attributes == {"collar": "shirt collar"}
    assert BOOK.parse("short hair").attributes == {"hair": "short hair"}


def test_a_name_that_was_not_taught_is_spelled_out() -> None:
    parsed = BOOK.parse("wedding gown")

    assert parsed.attributes == {"category": "dress", "colour": "white", "length": "maxi"}
    assert parsed.prompt == "dress, white, maxi"
    assert parsed.splits


@pytest.mark.parametrize(
    "typed",
    [
        "红色的连衣裙，长袖，V领",
        "连衣裙、红色；长袖\nv-neck",
        "红色连衣裙长袖V领",
        "紅色連衣裙長袖V領",
    ],
)
def test_chinese_becomes_english(typed: str) -> None:
    parsed = BOOK.parse(typed)

    assert parsed.prompt == "dress, red, v-neck, long sleeves"


def test_repetitions_are_merged() -> None:
    assert BOOK.parse("red, dress, Red, scarlet, dress").phrases == ("dress", "red")
    assert BOOK.parse("hoodie, sweater, hood").phrases == ("hoodie",)


def test_unknown_words_are_told_with_the_nearest_known_ones() -> None:
    parsed = BOOK.parse("dress, snake, patern, sequinz")

    nearest = {each.text: each.nearest for each in parsed.unknown}
    assert list(nearest) == ["snake", "patern"]
    assert nearest["snake"][0] == "leopard"
    assert all(len(phrases) <= 3 for phrases in nearest.values())
    assert parsed.phrases == ("dress", "sequins")


def test_general_words_and_things_of_other_worlds_lead_to_what_there_is() -> None:
    parsed = BOOK.parse("sleeves, moto, dress")

    assert [each.text for each in parsed.unknown] == ["sleeves", "moto"]
    assert parsed.unknown[0].nearest[0] == "long sleeves"


def test_words_left_over_beside_a_known_phrase_are_ignored() -> None:
    parsed = BOOK.parse("glorious red dress")

    assert parsed.phrases == ("dress", "red")
    assert parsed.ignored == ("glorious",)
    assert not parsed.unknown


def test_a_refused_detail_is_never_read_as_a_wanted_one() -> None:
    parsed = BOOK.parse("dress, no sequins, without a belt, not red")

    assert parsed.attributes == {"category": "dress", "belt": "none"}
    assert [each.text for each in parsed.refused] == ["sequins", "belt", "red"]
    assert parsed.ruled_out["trim"] == {"sequins"}
    assert parsed.ruled_out["colour"] == {"red"}
    assert not parsed.unknown


@pytest.mark.parametrize(
    ("typed", "phrases", "words"),
    [
        ("mini, maxi", ("mini", "maxi"), "keep one"),
        ("skirt, v-neck", ("skirt", "v-neck"), "has no neckline"),
        ("trousers, bell sleeves", ("trousers", "bell sleeves"), "has no sleeve shape"),
    ],
)
def test_contradictions_are_explained(typed: str, phrases: tuple[str, ...], words: str) -> None:
    parsed = BOOK.parse(typed)

    assert [conflict.phrases for conflict in parsed.conflicts] == [phrases]
    assert words in parsed.conflicts[0].message
    with pytest.raises(ContradictoryPhrasesError, match=words):
        parsed.check()


def test_what_cannot_be_drawn_beside_two_others_is_left_out_and_told() -> None:
    book = Phrasebook(
        families={"a": ("1", "2"), "b": ("1", "2"), "c": ("1", "2"), "d": ("1", "2", "3")},
        phrases={"ay": {"a": "1"}, "bee": {"b": "1"}, "see": {"c": "1"}},
        rules=(
            Rule("a", ("1",), "d", ("1", "2")),
            Rule("b", ("1",), "d", ("2", "3")),
            Rule("c", ("1",), "d", ("1", "3")),
        ),
    )

    assert not book.parse("ay, bee").left_out
    read = book.parse("ay, bee, see")
    assert [(each.phrase, each.beside) for each in read.left_out] == [("see", "")]
    assert not read.conflicts


@pytest.mark.parametrize("typed", ["", "   ", ", ,\n;"])
def test_an_empty_prompt_asks_for_phrases(typed: str) -> None:
    parsed = BOOK.parse(typed)

    assert parsed.prompt == ""
    with pytest.raises(EmptyPromptError, match="Type"):
        parsed.check()


@pytest.mark.parametrize(
    "typed", ["👗", "👩🏽‍🎤✨", "<script>alert(1)</script>", "zzz qqq", "a, the", "!!!"]
)
def test_a_prompt_with_nothing_known_says_so(typed: str) -> None:
    parsed = BOOK.parse(typed)

    assert parsed.unknown
    with pytest.raises(NothingKnownError, match="does not know"):
        parsed.check()


def test_emoji_beside_known_phrases_are_reported() -> None:
    parsed = BOOK.parse("👗 red dress")

    assert parsed.phrases == ("dress", "red")
    assert parsed.ignored == ("👗",)


def test_ten_thousand_characters_are_refused_with_the_limit() -> None:
    with pytest.raises(PromptTooLongError, match=r"10,000 characters.*1,000"):
        BOOK.parse("x" * 10_000)


def test_suggestions_go_with_what_is_there() -> None:
    for typed in ("", "skirt", "dress, v-neck", "sweater, hood", "trousers, denim, red"):
        parsed = BOOK.parse(typed)
        suggested = BOOK.suggest(parsed, 20)
        assert len(suggested) == 20
        assert len(set(suggested)) == 20
        for phrase in suggested:
            richer = BOOK.parse(f"{typed}, {phrase}")
            assert not richer.conflicts
            assert len(richer.attributes) > len(parsed.attributes)


def test_suggestions_start_with_garments_and_then_leave_them_alone() -> None:
    assert BOOK.suggest(BOOK.parse(""), 6)[:2] == ("dress", "shirt")
    assert "shirt" not in BOOK.suggest(BOOK.parse("dress"), 100)


def test_labels_are_the_phrases_themselves_or_chinese() -> None:
    assert BOOK.labels("en")["v-neck"] == "v-neck"
    assert BOOK.labels("zh")["v-neck"] == "V领"
    named = {*BOOK.known_phrases(), *BOOK.spelled_out}
    assert BOOK.labels("zh").keys() == BOOK.labels("en").keys() == named
    assert BOOK.family_labels("zh")["neckline"] == "领口"
    assert BOOK.family_labels("en")["neckline"] == "neckline"


def test_a_saved_phrasebook_comes_back_equal(tmp_path: Path) -> None:
    BOOK.save(tmp_path)

    assert Phrasebook.load(tmp_path) == BOOK
    assert Phrasebook.load(tmp_path / PHRASEBOOK_FILE) == BOOK


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"schema_version": 1}',
        '{"schema_version": 1, "families": 3, "phrases": {}}',
        '{"schema_version": 99}',
        "\x00\x01",
        "[" * 100_000,
    ],
)
def test_a_broken_file_is_reported_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / PHRASEBOOK_FILE
    path.write_text(text, encoding="utf-8")

    with pytest.raises(CheckpointError, match="phrasebook"):
        Phrasebook.load(path)


def test_what_a_design_has_beyond_the_prompt_is_told_in_plain_phrases() -> None:
    asked = BOOK.parse("frock, red")
    design = {"category": "dress", "colour": "blue", "length": "midi", "trim": "none"}

    assert BOOK.beyond(asked, design) == ("midi",)
    assert BOOK.beyond(BOOK.parse("dress"), design) == ("blue", "midi")


def test_a_phrasebook_of_another_version_is_refused(tmp_path: Path) -> None:
    small_book().save(tmp_path)
    path = tmp_path / PHRASEBOOK_FILE
    record = json.loads(path.read_text(encoding="utf-8"))
    record["schema_version"] = 1  # of the studio that had lots
    path.write_text(json.dumps(record), encoding="utf-8")

    with pytest.raises(CheckpointError, match=f"version 1, .* version {SCHEMA_VERSION}"):
        Phrasebook.load(tmp_path)


def test_a_missing_file_and_a_cut_one_are_reported(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        Phrasebook.load(tmp_path)
    BOOK.save(tmp_path)
    path = tmp_path / PHRASEBOOK_FILE
    record = json.loads(path.read_text(encoding="utf-8"))
    record["phrases"]["dress"] = {"category": "teapot"}
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(CheckpointError, match="broken"):
        Phrasebook.load(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"phrases": {"hat": {"item": "hat"}, "Hats": {"item": "scarf"}}},
        {"phrases": {"hat": {"item": "boat"}}},
        {"phrases": {"hat": {}}},
        {"chinese": {"帽": "cap"}},
        {"spelled_out": {"panama": ("hat", "brim")}},
        {"rules": (Rule("item", ("cap",), "rim", ("none",)),)},
        {"suggestions": ("cap",)},
    ],
)
def test_an_ambiguous_or_dangling_phrasebook_is_refused(changes: dict[str, object]) -> None:
    small_book()
    with pytest.raises(ValueError, match="phrase"):
        small_book(**changes)
