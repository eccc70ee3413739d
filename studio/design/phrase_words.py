"""Words as they are typed, made comparable; and words as messages quote them."""

import re
import unicodedata
from collections.abc import Mapping

CJK = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{CJK}]|[^\W_{CJK}]+|[^\w\s]")
_WITHIN_WORDS = re.compile(r"['\u2018\u2019\u200d\ufe0f]")
_NOT_A_PLURAL = ("ss", "us", "is")
_BETWEEN_PHRASES = re.compile(r"[,;|\n\r\u3001\u3002\uff0c\uff1b]+")


def tokens(text: str) -> list[str]:
    """Words without case, accents and punctuation.

    Each Chinese character and each emoji is a word of its own.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    found = _TOKEN.findall(unicodedata.normalize("NFKC", _WITHIN_WORDS.sub("", plain)))
    return [word for word in found if word.isalnum() or unicodedata.category(word[0]) == "So"]


def stem(word: str, spellings: Mapping[str, str]) -> str:
    """The singular of a word, in the spelling that the vocabulary uses.

    Wrong singulars do no harm as long as the vocabulary itself is read in the same way.
    """
    if word in spellings:
        return spellings[word]
    singular = word
    if word.endswith(("sses", "shes", "ches", "xes")):
        singular = word[:-2]
    elif len(word) > 2 and word.endswith("s") and not word.endswith(_NOT_A_PLURAL):
        singular = word[:-1]
    return spellings.get(singular, singular)


def joined(words: list[str]) -> str:
    """Words with spaces between them, but none between Chinese characters."""
    return re.sub(rf"(?<=[{CJK}]) (?=[{CJK}])", "", " ".join(words))


def typed_phrases(prompt: str) -> tuple[str, ...]:
    """The phrases of a prompt as they were typed, each on one line."""
    phrases = map(one_line, _BETWEEN_PHRASES.split(prompt))
    return tuple(phrase for phrase in phrases if phrase)


def one_line(text: str) -> str:
    """The text with single spaces."""
    return " ".join(text.split())


def in_quotes(phrases: list[str], last: str = "and") -> str:
    """A list for a sentence: each phrase in quotation marks, `last` before the last one."""
    quoted = [f"\u201c{phrase}\u201d" for phrase in phrases]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
