import pytest
from transformers import CLIPTokenizer

from training.atelier.grammar import build_phrasebook
from training.data.tokenizer import UNKNOWN, build_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer(["v-neck", "polka dots", "3/4 sleeves", "dress"], context_tokens=16)


def pieces(tokenizer: CLIPTokenizer, prompt: str) -> list[str]:
    return [piece.removesuffix("</w>") for piece in tokenizer.tokenize(prompt)]


def test_every_word_of_the_phrases_is_one_token(tokenizer):
    assert pieces(tokenizer, "dress, v-neck, polka dots") == [
        *("dress", ",", "v", "-", "neck", ",", "polka", "dots")
    ]


def test_an_unknown_word_falls_apart_into_known_pieces(tokenizer):
    split = pieces(tokenizer, "dresses")

    assert len(split) > 1
    assert "".join(split) == "dresses"


def test_a_foreign_letter_does_not_look_like_the_end_of_the_prompt(tokenizer):
    ids = tokenizer("dress ж dots").input_ids

    assert UNKNOWN in tokenizer.convert_ids_to_tokens(ids)
    assert ids.count(tokenizer.eos_token_id) == 1


def test_it_loads_as_a_stock_clip_tokenizer(tokenizer, tmp_path):
    tokenizer.save_pretrained(tmp_path)

    loaded = CLIPTokenizer.from_pretrained(tmp_path)

    prompt = "polka dots, 3/4 sleeves, zebra"
    assert loaded(prompt).input_ids == tokenizer(prompt).input_ids
    assert loaded.model_max_length == 16
    assert loaded.pad_token_id == tokenizer.eos_token_id


def test_the_whole_phrasebook_is_words_of_one_token():
    phrases = build_phrasebook().phrases
    tokenizer = build_tokenizer(phrases, context_tokens=77)

    for phrase in phrases:
        assert all(piece.endswith("</w>") for piece in tokenizer.tokenize(phrase)), phrase
