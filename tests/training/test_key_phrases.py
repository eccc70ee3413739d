import pytest

from studio.design.spec import spec_of_values
from studio.perfusion.profile import Profile
from training.atelier.grammar import build_phrasebook
from training.data.groups import Round
from training.key_phrases import key_phrases, logit_phrases, main_phrases, with_key_phrases

BOOK = build_phrasebook()
PLAIN = {"category": "dress", "colour": "beige", "sleeve length": "long sleeves"}
DESIGNS = {
    "plain": spec_of_values(PLAIN),
    "red": spec_of_values({**PLAIN, "colour": "red"}),
    "sequins": spec_of_values({**PLAIN, "trim": "sequins"}),
    "bell": spec_of_values({**PLAIN, "sleeve shape": "bell sleeves"}),
}


def answered(store: str, shown: tuple[str, ...], ticked: int) -> Round:
    return Round(
        id=f"{store}-{'-'.join(shown)}",
        profile=Profile.of(store_id=store),
        prompt="dress",
        images=(),
        labels=tuple(float(place < ticked) for place in range(len(shown))),
        designs=tuple(DESIGNS[name].to_json() if name else "" for name in shown),
    )


def test_each_store_s_ticks_speak_for_its_own_phrases():
    history = [
        answered("anna", ("bell", "sequins"), 1),
        answered("anna", ("bell", "plain"), 1),
        answered("berta", ("sequins", "bell", "plain"), 1),
        answered("berta", ("sequins", "red"), 1),
    ]

    found = key_phrases(history, BOOK)

    assert found["anna"][0] == "bell sleeves"
    assert "sequins" in found["berta"]
    assert "sequins" not in found["anna"]
    assert {"red", "bell sleeves"}.isdisjoint(found["berta"])


def test_a_logit_finds_what_each_store_likes_beside_what_all_like():
    history = [
        *(answered("anna", ("bell", "sequins", "plain"), 1) for _ in range(6)),
        *(answered("berta", ("sequins", "bell", "plain"), 1) for _ in range(6)),
        *(answered(store, ("red", "plain"), 1) for store in ("anna", "berta") for _ in range(6)),
    ]

    found = logit_phrases(history, BOOK)

    for store, own, other in (
        ("anna", "bell sleeves", "sequins"),
        ("berta", "sequins", "bell sleeves"),
    ):
        assert {own, "red"} <= set(found[store])
        liked = [phrase for phrase in found[store] if phrase in (own, other)]
        assert liked[0] == own
    assert logit_phrases([], BOOK) == {}


@pytest.mark.parametrize(("shown", "ticked"), [(("red", "bell"), 0), (("red", "bell"), 2)])
def test_rounds_that_compare_nothing_say_nothing(shown, ticked):
    assert key_phrases([answered("anna", shown, ticked)], BOOK) == {}


def test_rounds_that_do_not_say_what_was_shown_are_passed_over():
    assert key_phrases([answered("anna", ("red", ""), 1)], BOOK) == {}


def test_a_phrase_seen_in_many_rounds_is_surer_than_one_seen_once():
    history = [answered("anna", ("bell", "plain"), 1)] * 5 + [answered("anna", ("red", "bell"), 1)]

    assert key_phrases(history, BOOK)["anna"][0] == "bell sleeves"


def test_the_main_phrases_are_known_and_say_what_they_stand_for():
    names = main_phrases(BOOK)

    assert len(set(names.values())) == len(names) > 100
    assert all(BOOK.phrases[name] == dict([pair]) for pair, name in names.items())


def test_key_phrases_join_a_prompt_and_never_touch_what_was_asked():
    prompt = BOOK.parse("dress, red, short sleeves").prompt
    asked = BOOK.parse(prompt).attributes

    joined = with_key_phrases(prompt, ("navy", "sequins", "long sleeves", "skirt", "lace"), BOOK, 1)

    parsed = BOOK.parse(joined)
    assert joined == f"{prompt}, sequins"
    assert not parsed.conflicts
    assert parsed.attributes.items() >= asked.items()


def test_every_prompt_stays_free_of_contradictions():
    for garment in BOOK.families["category"]:
        prompt = BOOK.canonical("category", garment)
        assert prompt is not None
        joined = with_key_phrases(prompt, tuple(main_phrases(BOOK).values()), BOOK, most=8)
        assert not BOOK.parse(joined).conflicts


def test_no_history_leaves_the_prompt_as_it_is():
    assert with_key_phrases("dress, red", (), BOOK) == "dress, red"
