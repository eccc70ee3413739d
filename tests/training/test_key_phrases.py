import pytest
import torch
import torch.nn.functional as F

from studio.perfusion.profile import Profile
from training.atelier.grammar import build_phrasebook
from training.data.groups import Round
from training.key_phrases import Phrases, key_phrases, main_phrases, with_key_phrases

NAMES = ("red", "sequins", "bell sleeves")
PHRASES = Phrases(NAMES, torch.eye(3))


def image(**nearness: float) -> torch.Tensor:
    return F.normalize(
        torch.tensor([nearness.get(name.replace(" ", "_"), 0.1) for name in NAMES]), dim=0
    )


IMAGES = {
    "red": image(red=1.0),
    "sequins": image(sequins=1.0),
    "bell": image(bell_sleeves=1.0),
    "plain": image(),
}


def answered(store: str, images: tuple[str, ...], ticked: int) -> Round:
    return Round(
        id=f"{store}-{'-'.join(images)}",
        profile=Profile.of(store_id=store),
        prompt="dress",
        images=images,
        labels=tuple(float(place < ticked) for place in range(len(images))),
    )


def test_each_store_s_ticks_speak_for_its_own_phrases():
    history = [
        answered("anna", ("bell", "sequins"), 1),
        answered("anna", ("bell", "plain"), 1),
        answered("berta", ("sequins", "bell", "plain"), 1),
        answered("berta", ("sequins", "red"), 1),
    ]

    found = key_phrases(history, IMAGES, PHRASES)

    assert found["anna"][0] == "bell sleeves"
    assert found["berta"][0] == "sequins"
    assert "sequins" not in found["anna"]
    assert {"red", "bell sleeves"}.isdisjoint(found["berta"])


@pytest.mark.parametrize("ticked", [0, 2])
def test_rounds_that_compare_nothing_say_nothing(ticked: int):
    assert key_phrases([answered("anna", ("red", "bell"), ticked)], IMAGES, PHRASES) == {}


def test_a_phrase_seen_in_many_rounds_is_surer_than_one_seen_once():
    history = [answered("anna", ("bell", "plain"), 1)] * 5 + [answered("anna", ("red", "bell"), 1)]

    assert key_phrases(history, IMAGES, PHRASES)["anna"][0] == "bell sleeves"


def test_the_main_phrases_are_known_and_say_one_thing_each():
    book = build_phrasebook()
    names = main_phrases(book)

    assert len(set(names)) == len(names) > 100
    assert all(len(book.phrases[name]) == 1 for name in names)


def test_key_phrases_join_a_prompt_and_never_touch_what_was_asked():
    book = build_phrasebook()
    prompt = book.parse("dress, red, short sleeves").prompt
    asked = book.parse(prompt).attributes

    joined = with_key_phrases(prompt, ("navy", "sequins", "long sleeves", "skirt", "lace"), book, 1)

    parsed = book.parse(joined)
    assert joined == f"{prompt}, sequins"
    assert not parsed.conflicts
    assert parsed.attributes.items() >= asked.items()


def test_every_prompt_stays_free_of_contradictions():
    book = build_phrasebook()
    for garment in book.families["category"]:
        prompt = book.canonical("category", garment)
        assert prompt is not None
        joined = with_key_phrases(prompt, main_phrases(book), book, most=8)
        assert not book.parse(joined).conflicts


def test_no_history_leaves_the_prompt_as_it_is():
    assert with_key_phrases("dress, red", (), build_phrasebook()) == "dress, red"
