"""Prose, refusals, colours and words of something else, read word by word."""

import pytest

from studio.design.colours import hex_of, lab_of
from studio.domain import ContradictoryPhrasesError, NothingKnownError
from training.atelier.grammar import build_phrasebook

BOOK = build_phrasebook()


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        ("dress without belt and pockets", {"belt", "pockets"}),
        ("dress, no sequins, lace or bows", {"trim", "bow"}),
        ("dress, not red or blue", {"colour"}),
        ("dress, neither belt nor pockets", {"belt", "pockets"}),
        ("red dress --no belt, buttons", {"belt", "closure"}),
        ("dress, belt-free", {"belt"}),
        ("pocketless dress", {"pockets"}),
        ("dress free of lace", {"trim"}),
        ("dress, avoid pockets", {"pockets"}),
        ("dress, nothing red", {"colour"}),
        ("连衣裙，不要口袋和腰带", {"belt", "pockets"}),
        ("连衣裙，没有口袋、腰带、蝴蝶结", {"belt", "pockets", "bow"}),
        ("沒有口袋的連衣裙", {"pockets"}),
        ("dress, red\nNegative prompt: long sleeves, pockets\nSteps: 20, Seed: 5",
         {"sleeve length", "pockets"}),
    ],
)  # fmt: skip
def test_what_is_refused_is_never_wanted(typed: str, refused: set[str]) -> None:
    read = BOOK.parse(typed)

    assert set(read.ruled_out) == refused
    for family in refused:
        assert read.attributes.get(family, "none") not in read.ruled_out[family]
    assert read.attributes["category"] == "dress"
    assert not read.conflicts


def test_a_refusal_ends_where_a_wish_begins() -> None:
    assert BOOK.parse("a dress without any pockets, but with a belt").attributes["belt"] == "belt"
    assert BOOK.parse("dress with no pockets and long sleeves").attributes["sleeve length"] == (
        "long sleeves"
    )
    assert BOOK.parse("no lace dress").attributes == {"category": "dress"}
    assert BOOK.parse("dress, no belt, red").attributes["colour"] == "red"


def test_a_refusal_of_what_is_never_drawn_is_heard() -> None:
    [refusal] = BOOK.parse("red coat, nothing with logos").refused

    assert (refusal.text, dict(refusal.values)) == ("logos", {})


def test_wanting_what_is_refused_contradicts_itself() -> None:
    read = BOOK.parse("red dress, not red")

    assert read.conflicts[0].phrases == ("red",)
    assert read.conflicts[0].refused == ("red",)
    with pytest.raises(ContradictoryPhrasesError, match="keep one of them"):
        read.check()


def test_a_garment_that_needs_what_is_refused_contradicts_itself() -> None:
    read = BOOK.parse("jacket, red, no buttons, no zip, no double-breasted, no closure")

    assert read.conflicts[0].phrases == ("jacket",)
    assert "can't be drawn without" in read.conflicts[0].message


def test_only_refusals_ask_for_a_wish() -> None:
    with pytest.raises(NothingKnownError, match="only what you don't want"):
        BOOK.parse("no red, no belt").check()


@pytest.mark.parametrize(
    ("typed", "ignored"),
    [
        ("dress, white background", ("white background",)),
        ("dress, model with green eyes", ("green eyes",)),
        ("dress, black boots", ("black",)),
        ("dress, full body photo", ("full body photo",)),
        ("dress, pink flowers behind her", ("pink flowers behind her",)),
        ("dress, top-handle bag", ("top-handle bag",)),
        ("dress, holding a red bag", ("holding a red bag",)),
        ("dress with lace-up sandals", ("lace-up",)),
        ("连衣裙，白色背景", ("白色背景",)),
        ("<lora:red_dress_v2:0.7> dress", ("<lora:red_dress_v2:0.7>",)),
        ("(dress:1.3), --ar 3:4", ("1.3", "--ar 3:4")),
    ],
)
def test_words_of_something_else_never_decide_the_garment(
    typed: str, ignored: tuple[str, ...]
) -> None:
    read = BOOK.parse(typed)

    assert read.attributes.keys() <= {"category", "shoes"}
    assert read.attributes["category"] == "dress"
    assert read.ignored == ignored
    assert not read.unknown


@pytest.mark.parametrize(
    ("typed", "colours"),
    [
        ("white dress with small blue flowers", {"second_colour": "blue"}),
        ("navy skirt with white polka dots", {"second_colour": "white"}),
        ("navy dress, white collar", {"trim_colour": "white"}),
        ("navy blazer, contrast piping in red", {"trim_colour": "red"}),
        ("gold buttons navy coat", {"trim_colour": "gold"}),
        ("black and white striped top", {"second_colour": "white"}),
        ("blue floral dress", {}),
        ("dusty pink dress", {"colour": "dusty pink"}),
        ("light sage green dress", {"colour": "light sage green"}),
        ("dress in #C9A0A8", {"colour": "#C9A0A8"}),
        ("雾霾蓝连衣裙", {"colour": "雾霾蓝"}),
    ],
)
def test_colours_go_where_grammar_puts_them(typed: str, colours: dict[str, str]) -> None:
    assert {name: each.name for name, each in BOOK.parse(typed).colours.items()} == colours


def test_a_hex_colour_is_exact_and_its_family_has_the_nearest_name() -> None:
    read = BOOK.parse("slip dress in #c9a0a8")

    typed = read.colours["colour"].colour
    assert typed is not None
    assert hex_of(typed) == "#C9A0A8"
    assert typed.distance(lab_of((0xC9, 0xA0, 0xA8))) < 0.01
    assert read.attributes["colour"] == "pink"


def test_a_second_colour_rules_plain_cloth_out() -> None:
    assert BOOK.parse("black and white dress").ruled_out["pattern"] == {"solid"}
    assert "pattern" not in BOOK.parse("black dress").ruled_out


def test_styles_lean_and_ask_for_nothing() -> None:
    read = BOOK.parse("boho maxi dress for a wedding guest")

    assert [each.name for each in read.leanings] == ["boho", "wedding guest"]
    assert read.attributes == {"category": "dress", "length": "maxi"}


def test_what_cannot_be_drawn_yet_has_a_stand_in() -> None:
    [viscose] = BOOK.parse("viscose dress").leanings

    assert viscose.stands_in
    assert viscose.values == {"fabric": ("cotton",)}


@pytest.mark.parametrize(
    ("typed", "family", "value"),
    [
        ("linen dress", "fabric", "linen"),
        ("crushed velvet dress", "fabric", "velvet"),
        ("wool coat", "fabric", "wool"),
        ("wool sweater", "fabric", "wool"),
        ("ribbed dress with long sleeves", "fabric", "ribbed"),
        ("cable knit sweater", "fabric", "knit"),
        ("broderie anglaise top", "fabric", "broderie"),
        ("plaid shirt", "pattern", "tartan"),
        ("houndstooth skirt", "pattern", "houndstooth"),
        ("ditsy floral dress", "pattern", "ditsy"),
        ("tie dye top", "pattern", "tie-dye"),
        ("camo trousers", "pattern", "camouflage"),
        ("亚麻连衣裙", "fabric", "linen"),
        ("灯芯绒长裤", "fabric", "corduroy"),
        ("千鸟格大衣", "pattern", "houndstooth"),
        ("扎染上衣", "pattern", "tie-dye"),
    ],
)
def test_cloths_and_prints_of_shops_are_read_as_themselves(
    typed: str, family: str, value: str
) -> None:
    read = BOOK.parse(typed)

    assert read.attributes[family] == value
    assert not read.conflicts
    assert not read.unknown
    assert not read.leanings


def test_plaid_is_refused_with_all_checks() -> None:
    refused = BOOK.parse("shirt, no plaid").ruled_out["pattern"]

    assert {"tartan", "gingham"} <= set(refused)


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("dres, v nek, long sleves", ("dress", "v-neck", "long sleeves")),
        ("jakcet", ("jacket",)),
        ("turtelneck", ("turtleneck",)),
        ("short while bell face", ()),
    ],
)
def test_a_slip_of_one_letter_is_mended(typed: str, phrases: tuple[str, ...]) -> None:
    read = BOOK.parse(typed)

    assert read.phrases == phrases
    assert all(each.mended for each in read.read if each.phrases)


def test_one_garment_is_drawn_of_an_outfit() -> None:
    read = BOOK.parse("white shirt with blue jeans")

    assert read.attributes == {"category": "shirt", "colour": "white"}
    assert read.ignored == ("blue jeans",)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("strapless dress", {"category": "dress", "neckline": "strapless"}),
        ("tube top", {"category": "top", "neckline": "strapless"}),
        ("cami dress", {"category": "dress", "neckline": "spaghetti straps"}),
        ("backless dress", {"category": "dress", "neckline": "open back"}),
        ("top, draped neck", {"category": "top", "neckline": "cowl neck"}),
        ("cap sleeve top", {"category": "top", "sleeve shape": "cap sleeves"}),
        ("shirred dress", {"category": "dress", "waist": "smocked waist"}),
        ("drawstring shorts", {"category": "shorts", "waist": "elastic waist"}),
        ("high-waisted trousers", {"category": "trousers", "waist": "high waist"}),
        ("盘扣上衣", {"category": "top", "closure": "frog closure"}),
        ("高腰半身裙", {"category": "skirt", "waist": "high waist"}),
        ("露背連衣裙", {"category": "dress", "neckline": "open back"}),
    ],
)
def test_details_that_had_a_stand_in_are_asked_for_by_name(
    typed: str, asked: dict[str, str]
) -> None:
    read = BOOK.parse(typed)

    assert read.attributes == asked
    assert not read.leanings


def test_what_the_engine_cannot_draw_together_is_left_out_and_told() -> None:
    read = BOOK.parse("navy skirt with white polka dots, denim")

    assert [(each.phrase, each.beside) for each in read.left_out] == [("denim", "polka dots")]
    assert not read.conflicts


def test_every_word_is_accounted_for() -> None:
    typed = "glorious boho dress, dusty pink, no belt, green eyes, qwxz"
    rows = {each.text: each for each in BOOK.parse(typed).read}

    assert rows["glorious boho dress"].ignored == ("glorious",)
    assert rows["glorious boho dress"].leanings == ("boho",)
    assert rows["dusty pink"].colours == ("dusty pink",)
    assert rows["no belt"].refused == ("belt",)
    assert rows["green eyes"].ignored == ("green eyes",)
    assert rows["qwxz"].unknown


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("red poncho with fringe", {"category": "cape"}),
        ("tweed vest", {"category": "waistcoat", "fabric": "tweed"}),
        ("playsuit", {"category": "jumpsuit", "length": "mini"}),
        ("black sweatpants", {"leg": "joggers"}),
        ("beach kaftan", {"category": "dress", "sleeve shape": "kimono sleeves"}),
        ("denim overalls", {"category": "dungarees", "fabric": "denim"}),
        ("黑色马甲", {"category": "waistcoat", "colour": "black"}),
        ("連體短褲", {"category": "jumpsuit", "length": "mini"}),
        ("瑜伽裤", {"leg": "leggings"}),
    ],
)
def test_garments_are_read_as_themselves(typed: str, meant: dict[str, str]) -> None:
    read = BOOK.parse(typed)

    assert meant.items() <= read.attributes.items()
    assert not read.conflicts


@pytest.mark.parametrize(
    ("prompt", "neckline", "gone"),
    [
        ("slip dress, spaghetti straps, cowl neck", "cowl neck", "spaghetti straps"),
        ("top, sweetheart neck, spaghetti straps", "sweetheart neck", "spaghetti straps"),
        ("dress, v-neck, spaghetti straps", "spaghetti straps", "v-neck"),
    ],
)
def test_straps_and_the_line_that_hangs_from_them_are_no_contradiction(prompt, neckline, gone):
    read = build_phrasebook().parse(prompt)

    assert not read.conflicts
    assert read.attributes["neckline"] == neckline
    assert [each.phrase for each in read.left_out] == [gone]
