import pytest
import torch
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from training.atelier.grammar import build_phrasebook
from training.data.tokenizer import UNKNOWN, build_tokenizer, grow_embeddings, grown_tokenizer


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


NEW = ["dress", "houndstooth", "tie-dye", "appliqu\u0153", "v-neck coat"]


def test_a_grown_tokenizer_knows_new_words_whole_and_keeps_the_numbers_of_the_old_ones(tokenizer):
    grown = grown_tokenizer(tokenizer, ["polka dots", *NEW])

    for phrase in NEW:
        assert all(piece.endswith("</w>") for piece in grown.tokenize(phrase)), phrase
    for phrase in ("dress, v-neck, polka dots", "3/4 sleeves"):
        assert grown(phrase).input_ids == tokenizer(phrase).input_ids
    assert grown.model_max_length == 16
    assert len(grown) > len(tokenizer)


def test_a_tokenizer_that_knows_all_words_does_not_grow(tokenizer):
    assert len(grown_tokenizer(tokenizer, ["dress", "v-neck"])) == len(tokenizer)


def test_a_text_tower_that_grows_reads_old_words_as_before_and_new_ones_like_their_pieces(
    tokenizer,
):
    grown = grown_tokenizer(tokenizer, NEW)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=8, intermediate_size=8, num_hidden_layers=1,
        num_attention_heads=1, max_position_embeddings=16, eos_token_id=1,
    )  # fmt: skip
    tower = CLIPTextModel(config)
    before = tower.get_input_embeddings().weight.clone()

    grow_embeddings(tower, tokenizer, grown)

    after = tower.get_input_embeddings().weight
    assert after.shape == (len(grown), 8)
    assert tower.config.vocab_size == len(grown)
    assert torch.equal(after[: len(before)], before)
    pieces = tokenizer("houndstooth", add_special_tokens=False).input_ids
    number = grown.convert_tokens_to_ids("houndstooth</w>")
    assert torch.allclose(after[number], before[pieces].mean(0), atol=1e-6)
