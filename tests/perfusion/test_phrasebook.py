import json
import math
import random
from collections import Counter
from pathlib import Path

import pytest

from studio.domain import (
    CheckpointError,
    ContradictoryPhrasesError,
    EmptyPromptError,
    NothingKnownError,
    PromptTooLongError,
)
from studio.perfusion.phrasebook import ABSENT, PHRASEBOOK_FILE, Phrasebook, PhraseRule
from training.atelier.attributes import GARMENT_FAMILIES, Outfit, sample_outfit
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


def small_book(**changes: object) -> Phrasebook:
    parts = {
        "families": {"item": ("hat", "scarf"), "rim": ("none", "wide"), "end": ("none", "knot")},
        "phrases": {"hat": {"item": "hat"}, "scarf": {"item": "scarf"}, "rim": {"rim": "wide"}},
        "rules": (PhraseRule("item", ("scarf",), "rim", ("none",)),),
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
    ["红色的连衣裙，长袖，V领", "连衣裙、红色；长袖\nv-neck", "红色连衣裙长袖V领", "紅色 dress"],
)
def test_chinese_becomes_english(typed: str) -> None:
    parsed = BOOK.parse(typed)

    if "紅" in typed:  # a character that the phrasebook does not have
        assert parsed.phrases == ("dress",)
        assert [each.text for each in parsed.unknown] == ["紅"]
    else:
        assert parsed.prompt == "dress, red, v-neck, long sleeves"


def test_repetitions_are_merged() -> None:
    assert BOOK.parse("red, dress, Red, scarlet, dress").phrases == ("dress", "red")
    assert BOOK.parse("hoodie, sweater, hood").phrases == ("hoodie",)


def test_unknown_words_are_told_with_the_nearest_known_ones() -> None:
    parsed = BOOK.parse("dress, velvt, knee-lenght, plaid")

    nearest = {each.text: each.nearest for each in parsed.unknown}
    assert list(nearest) == ["velvt", "knee-lenght", "plaid"]
    assert nearest["knee-lenght"][0] == "knee-length"
    assert "gingham" in nearest["plaid"]
    assert all(len(phrases) <= 3 for phrases in nearest.values())
    assert parsed.phrases == ("dress",)


def test_general_words_and_things_of_other_worlds_lead_to_what_there_is() -> None:
    parsed = BOOK.parse("sleeves, 旗袍, silver dress")

    assert [each.text for each in parsed.unknown] == ["sleeves", "旗袍", "silver"]
    assert parsed.unknown[0].nearest[0] == "long sleeves"
    assert "stand collar" in parsed.unknown[1].nearest
    assert "grey" in parsed.unknown[2].nearest


def test_words_left_over_beside_a_known_phrase_are_unknown_too() -> None:
    parsed = BOOK.parse("glorious red dress")

    assert parsed.phrases == ("dress", "red")
    assert [each.text for each in parsed.unknown] == ["glorious"]


def test_a_refused_detail_is_never_read_as_a_wanted_one() -> None:
    parsed = BOOK.parse("dress, no sequins, without a belt, not red")

    assert parsed.attributes == {"category": "dress", "belt": "none"}
    assert [each.text for each in parsed.unknown] == ["no sequins", "not red"]
    assert parsed.unknown[0].nearest == ("untrimmed",)


@pytest.mark.parametrize(
    ("typed", "phrases", "words"),
    [
        ("mini, maxi", ("mini", "maxi"), "keep one"),
        ("skirt, v-neck", ("skirt", "v-neck"), "has no neckline"),
        ("double-breasted, shirt collar", ("shirt collar", "double-breasted"), "“notched lapels”"),
        ("wrap front, hood", ("hood", "wrap front"), "remove one"),
    ],
)
def test_contradictions_are_explained(typed: str, phrases: tuple[str, ...], words: str) -> None:
    parsed = BOOK.parse(typed)

    assert [conflict.phrases for conflict in parsed.conflicts] == [phrases]
    assert words in parsed.conflicts[0].message
    with pytest.raises(ContradictoryPhrasesError, match=words):
        parsed.check()


def test_three_phrases_can_contradict_each_other_though_no_two_do() -> None:
    book = Phrasebook(
        families={"a": ("1", "2"), "b": ("1", "2"), "c": ("1", "2"), "d": ("1", "2", "3")},
        phrases={"ay": {"a": "1"}, "bee": {"b": "1"}, "see": {"c": "1"}},
        rules=(
            PhraseRule("a", ("1",), "d", ("1", "2")),
            PhraseRule("b", ("1",), "d", ("2", "3")),
            PhraseRule("c", ("1",), "d", ("1", "3")),
        ),
    )

    assert not book.parse("ay, bee").conflicts
    assert [each.phrases for each in book.parse("ay, bee, see").conflicts] == [("ay", "bee", "see")]


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
    assert [each.text for each in parsed.unknown] == ["👗"]


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
    assert BOOK.labels("zh").keys() == BOOK.labels("en").keys() == set(BOOK.known_phrases())
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


def test_what_a_prompt_leaves_open_is_drawn_by_lot() -> None:
    asked = BOOK.parse("dress, long-hair model, v-neck")
    designs = [BOOK.completed(asked, seed) for seed in range(200)]

    for design in designs:
        assert design.attributes.items() >= asked.attributes.items()
        assert not design.conflicts
        assert not design.unknown
        everything = {family: design.attributes.get(family, ABSENT) for family in BOOK.families}
        Outfit(everything)  # nothing that each outfit has is missing
        assert BOOK.can_go_together(everything)
    for family in ("skin", "colour", "length"):
        lengths = {design.attributes[family] for design in designs}
        assert lengths == {
            value
            for value in BOOK.families[family]
            if BOOK.can_go_together({**asked.attributes, family: value}) and value != ABSENT
        }


def test_designs_drawn_by_lot_are_those_of_the_world() -> None:
    drawn = [BOOK.completed(BOOK.parse("dress"), seed).attributes for seed in range(600)]
    world = [sample_outfit(random.Random(seed), category="dress") for seed in range(600)]

    for family in GARMENT_FAMILIES:
        shares = [
            Counter(design.get(family, ABSENT) for design in designs) for designs in (drawn, world)
        ]
        apart = sum(abs(shares[0][value] - shares[1][value]) for value in BOOK.families[family])
        # Half the sum is the part of 600 that differs; chance alone gives 0.12 for 23 colours.
        assert apart / 2 < 0.15 * 600, family


def test_a_store_has_a_taste_in_all_that_lots_settle_of_the_design() -> None:
    of_design = [family for family in BOOK.lots if family not in BOOK.wearer]
    assert BOOK.taste == tuple(family for family in of_design if family != "category")


def test_a_design_is_told_with_what_it_has_and_never_against_what_was_asked_for() -> None:
    asked = BOOK.parse("dress, red")
    design = {"colour": "blue", "length": "midi", "trim": "none"}
    assert BOOK.told(asked, design).plain_prompt == "dress, red, midi"


def test_a_design_like_another_has_its_wearer_and_a_share_of_the_rest() -> None:
    asked = BOOK.parse("dress, v-neck")
    other = BOOK.completed(asked, 5)

    def kept(share: float, seed: int) -> float:
        like = BOOK.varied(asked, other.plain_prompt, seed, share)
        assert not like.conflicts
        assert like.attributes.items() >= asked.attributes.items()
        design = [family for family in BOOK.families if family not in BOOK.wearer]
        assert all(like.attributes[one] == other.attributes[one] for one in BOOK.wearer)
        same = [like.attributes.get(one) == other.attributes.get(one) for one in design]
        return sum(same) / len(same)

    shares = [sum(kept(share, seed) for seed in range(40)) / 40 for share in (0.0, 0.3, 1.0)]
    assert shares[0] == 1
    assert 1 > shares[1] > shares[2] + 0.1
    assert BOOK.varied(asked, other.plain_prompt, 3, 0.5) == BOOK.varied(
        asked, other.plain_prompt, 3, 0.5
    )


def test_a_design_like_another_follows_what_is_asked_for_now() -> None:
    other = BOOK.completed(BOOK.parse("trousers, blue"), 5)

    like = BOOK.varied(BOOK.parse("dress, red"), other.plain_prompt, 3, 0.0)

    assert (like.attributes["category"], like.attributes["colour"]) == ("dress", "red")
    assert not like.conflicts
    assert like.attributes["skin"] == other.attributes["skin"]
    blue = BOOK.varied(BOOK.parse("dress"), other.plain_prompt, 3, 0.0)
    assert blue.attributes["colour"] == "blue"


@pytest.mark.parametrize("value", ["black", "teal"])
def test_lots_lean_by_log_odds(value: str) -> None:
    asked = BOOK.parse("dress")
    usual = [BOOK.completed(asked, seed) for seed in range(900)]
    leaning = {"colour": {value: 3.0}}

    drawn = [BOOK.completed(asked, seed, leaning=leaning) for seed in range(900)]

    share = sum(each.attributes["colour"] == value for each in drawn) / len(drawn)
    before = sum(each.attributes["colour"] == value for each in usual) / len(usual)
    odds = before / (1 - before) * math.exp(3)
    assert share == pytest.approx(odds / (1 + odds), abs=0.06)
    nothing = {"colour": dict.fromkeys(BOOK.families["colour"], 0.0)}
    assert [BOOK.completed(asked, seed, leaning=nothing) for seed in range(20)] == usual[:20]
    assert all(
        after in (before, BOOK.completed(asked, seed, leaning={"colour": {value: 50.0}}))
        for seed, (before, after) in enumerate(zip(usual, drawn, strict=True))
        if before.attributes["colour"] != next(iter(BOOK.lots["colour"]))
    )


def test_lots_that_lean_for_everybody_are_those_that_lean_for_one() -> None:
    odds = {"colour": {"black": 2.0, "teal": -1.0}, "pattern": {"solid": 1.5}}
    leaning = BOOK.with_odds(odds)
    asked = BOOK.parse("dress")

    for seed in range(60):
        assert leaning.completed(asked, seed) == BOOK.completed(asked, seed, leaning=odds)
    assert leaning.lots["trim"] == BOOK.lots["trim"]
    assert BOOK.with_odds({}).lots == BOOK.lots


def test_a_seed_gives_the_same_design_again_and_another_one_another() -> None:
    asked = BOOK.parse("dress")

    assert BOOK.completed(asked, 1) == BOOK.completed(asked, 1)
    assert BOOK.completed(asked, 1) != BOOK.completed(asked, 2)


def test_asking_for_one_thing_leaves_what_goes_with_it_as_it_was() -> None:
    for seed in range(20):
        before = BOOK.completed(BOOK.parse("dress"), seed).attributes
        after = BOOK.completed(BOOK.parse("walking, dress"), seed).attributes

        assert after == {**before, "pose": "walking"}


def test_a_lot_that_contradicts_the_prompt_is_not_drawn() -> None:
    book = small_book(lots={"rim": {"none": 0.0, "wide": 1.0}})

    assert book.completed(book.parse("hat"), 1).attributes == {"item": "hat", "rim": "wide"}
    assert book.completed(book.parse("scarf"), 1).attributes == {"item": "scarf"}


def test_without_lots_a_prompt_stays_as_it_is() -> None:
    book = small_book()

    assert book.completed(book.parse("hat"), 1) == book.parse("hat")


def test_a_phrasebook_from_before_there_were_lots_can_be_read(tmp_path: Path) -> None:
    small_book().save(tmp_path)
    path = tmp_path / PHRASEBOOK_FILE
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["lots"]
    path.write_text(json.dumps(record), encoding="utf-8")

    assert Phrasebook.load(tmp_path) == small_book()


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
        {"rules": (PhraseRule("item", ("cap",), "rim", ("none",)),)},
        {"suggestions": ("cap",)},
        {"lots": {"boots": {"none": 1.0}}},
        {"wearer": ("boots",)},
        {"taste": ("boots",)},
        {"lots": {"rim": {"wide": 1.0, "none": 0.0}}},
    ],
)
def test_an_ambiguous_or_dangling_phrasebook_is_refused(changes: dict[str, object]) -> None:
    small_book()
    with pytest.raises(ValueError, match="phrase"):
        small_book(**changes)
