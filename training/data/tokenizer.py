"""The tokenizer of atelier's text tower, made from the words of its phrasebook."""

import json
from collections.abc import Iterable
from itertools import pairwise

import torch
from transformers import CLIPTextModel, CLIPTokenizer

BEGIN, END = "<|startoftext|>", "<|endoftext|>"
UNKNOWN = "<|unknown|>"  # of its own: the text tower pools at the first END
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_MARKS = ",.-'/&"


def build_tokenizer(phrases: Iterable[str], context_tokens: int) -> CLIPTokenizer:
    """A CLIP tokenizer in which every word of the phrases is one token.

    Pairs of pieces are merged as long as any word of the phrases is in two pieces. Other words
    fall apart into pieces of known words, at worst into letters; foreign letters are unknown.

    Args:
        phrases: what the model is to understand.
        context_tokens: most tokens of a prompt, begin and end included; stored with it.
    """
    empty = CLIPTokenizer(vocab={BEGIN: 0, END: 1, UNKNOWN: 2}, merges=[], unk_token=UNKNOWN)
    words = sorted(_words(empty, phrases))
    pieces = [*_LETTERS, *_MARKS, *(f"{piece}</w>" for piece in _LETTERS + _MARKS)]
    pieces += sorted({letter for word in words for letter in word} - set(pieces))
    pieces += sorted({f"{word[-1]}</w>" for word in words} - set(pieces))
    merges = _merges([[*word[:-1], f"{word[-1]}</w>"] for word in words])
    return _numbered([BEGIN, END, UNKNOWN, *pieces], merges, context_tokens)


def grown_tokenizer(older: CLIPTokenizer, phrases: Iterable[str]) -> CLIPTokenizer:
    """A tokenizer for more phrases, in which everything that the older one knows keeps its number.

    Words of new phrases become one token each; `grow_embeddings` gives a text tower room for them.
    """
    model = older.backend_tokenizer.model
    known = json.loads(older.backend_tokenizer.to_str())["model"]
    words = sorted(_words(older, phrases))
    letters = {letter for word in words for letter in word}
    letters |= {f"{word[-1]}</w>" for word in words}
    strange = sorted(letters - known["vocab"].keys())
    merges = [(left, right) for left, right in known["merges"]]
    merges += _merges(
        [
            [*word[:-1], f"{word[-1]}</w>"]
            if set(word) & set(strange)
            else [piece.value for piece in model.tokenize(word)]
            for word in words
        ]
    )
    pieces = sorted(known["vocab"], key=known["vocab"].__getitem__)
    return _numbered([*pieces, *strange], merges, older.model_max_length)


@torch.no_grad()
def grow_embeddings(text_model: CLIPTextModel, older: CLIPTokenizer, grown: CLIPTokenizer) -> None:
    """Give a text tower room for new words; each begins as the mean of the pieces that it was."""
    embedding = text_model.get_input_embeddings()
    known = embedding.weight.clone()
    if len(grown) == len(known):
        return
    text_model.resize_token_embeddings(len(grown), mean_resizing=False)
    weight = text_model.get_input_embeddings().weight
    for number in range(len(known), len(grown)):
        word = grown.convert_ids_to_tokens(number).removesuffix("</w>")
        pieces = older(word, add_special_tokens=False).input_ids
        weight[number] = known[pieces].mean(dim=0)


def _numbered(
    pieces: Iterable[str], merges: list[tuple[str, str]], context_tokens: int
) -> CLIPTokenizer:
    # Two ways of building one piece give it one number.
    tokens = dict.fromkeys([*pieces, *(left + right for left, right in merges)])
    vocabulary = {token: number for number, token in enumerate(tokens)}
    return CLIPTokenizer(
        vocab=vocabulary,
        merges=merges,
        unk_token=UNKNOWN,
        pad_token=END,
        model_max_length=context_tokens,
    )


def _words(tokenizer: CLIPTokenizer, phrases: Iterable[str]) -> set[str]:
    """The words that the tokenizer's own splitting finds, as it spells them inside."""
    backend = tokenizer.backend_tokenizer
    return {
        word
        for phrase in phrases
        for word, _ in backend.pre_tokenizer.pre_tokenize_str(
            backend.normalizer.normalize_str(phrase)
        )
    }


def _merges(words: list[list[str]]) -> list[tuple[str, str]]:
    """Byte-pair merges, commonest pair first, until each word is whole."""
    merges: list[tuple[str, str]] = []
    while True:
        counts: dict[tuple[str, str], int] = {}
        for word in words:
            for pair in pairwise(word):
                counts[pair] = counts.get(pair, 0) + 1
        if not counts:
            return merges
        chosen = max(counts, key=lambda pair: (counts[pair], pair))
        merges.append(chosen)
        words = [_merged(word, chosen) for word in words]


def _merged(word: list[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    for piece in word:
        if merged and (merged[-1], piece) == pair:
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged
