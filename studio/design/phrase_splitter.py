"""The one splitter: a prompt, as people and other programs write it, becomes phrases.

The page, the endpoints, the command line and training all split here, so they never disagree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BETWEEN = re.compile(r"([,;|\n\r\u3001\u3002\uff0c\uff1b]+|\.(?=\s|$)|\bBREAK\b)")
_NEGATIVE_LINE = re.compile(
    r"(?:\bnegative[ _-]?prompts?|(?:负面|反向|反面)提示词|(?:負面|反向|反面)提示詞)\s*[:\uff1a]",
    re.IGNORECASE,
)
_POSITIVE_LINE = re.compile(r"^\s*(?:positive[ _-]?)?prompts?\s*[:\uff1a]", re.IGNORECASE)
_SETTINGS_LINE = re.compile(r"^\s*Steps\s*:\s*\d.*", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"<\s*\w+\s*:[^<>]*>")
_OPTION = re.compile(
    r"(?:(?<=\s)|^)(?:--|\u2014)([a-z]+)\b((?:(?!\s(?:--|\u2014)[a-z]).)*)", re.I | re.S
)
_WEIGHT = re.compile(r"(?<=[^\W\d]):{1,2}\s*(-?\d+(?:\.\d+)?)\s*(?=[)\]}]|,|\s|$)")
_BRACKETS = re.compile(r"[()\[\]{}]|\uff08|\uff09")
_REFUSING_OPTIONS = ("no", "not", "without", "negative", "neg")


@dataclass(frozen=True)
class TypedPhrase:
    """One phrase where it was typed.

    Attributes:
        text: as typed, on one line, without what other programs put around it.
        refused: it stands where only what is not wanted stands: after `--no` or in the line
            "Negative prompt:".
        joint: what stands between it and the phrase before it.
    """

    text: str
    refused: bool = False
    joint: str = ""


@dataclass(frozen=True)
class SplitPrompt:
    """A prompt cut into phrases.

    Attributes:
        phrases: in the order of typing.
        marks: what only other programs read: weights, tags, options, a line of settings.
    """

    phrases: tuple[TypedPhrase, ...]
    marks: tuple[str, ...] = ()


def split_prompt(prompt: str) -> SplitPrompt:
    """Cut a prompt into its phrases.

    Commas, semicolons, bars, new lines and full stops stand between phrases, Chinese ones too. A
    comma within a weighted bracket of another program does as well.
    """
    marks: list[str] = []

    def mark(found: re.Match[str]) -> str:
        marks.append(_one_line(found[0]))
        return " "

    text = _TAG.sub(mark, _SETTINGS_LINE.sub(mark, prompt))
    wanted, *refused = _NEGATIVE_LINE.split(text)
    phrases = list(_phrases(_POSITIVE_LINE.sub("", wanted), False, marks))
    for part in refused:
        phrases += _phrases(part, True, marks)
    return SplitPrompt(tuple(phrases), tuple(dict.fromkeys(marks)))


def _phrases(text: str, refused: bool, marks: list[str]) -> Iterator[TypedPhrase]:
    place = 0
    for option in _OPTION.finditer(text):
        yield from _plain(text[place : option.start()], refused, marks)
        place = option.end()
        if option[1].lower() in _REFUSING_OPTIONS:
            yield from _plain(option[2], True, marks)
        else:
            marks.append(_one_line(option[0]))
    yield from _plain(text[place:], refused, marks)


def _plain(text: str, refused: bool, marks: list[str]) -> Iterator[TypedPhrase]:
    parts = _BETWEEN.split(text)
    for part, joint in zip(parts[::2], ("", *parts[1::2]), strict=True):
        marks += [found[1] for found in _WEIGHT.finditer(part)]
        if line := _one_line(_unwrapped(_WEIGHT.sub(" ", part))):
            yield TypedPhrase(line, refused, joint.strip())


def _unwrapped(text: str) -> str:
    """The text without the brackets by which other programs stress it."""
    whole = text.strip()
    opened = whole[:1] in ("(", "[", "{", "\uff08")
    wrapped = opened or not set(whole) & set("([{\uff08")  # the rest of a bracket before a comma
    return _BRACKETS.sub(" ", whole) if wrapped else whole


def _one_line(text: str) -> str:
    return " ".join(text.split())
