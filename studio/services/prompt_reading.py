"""What the studio understood of a prompt while it is being typed: chips, notes, ways out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from studio.design.contradictions import Conflict, LeftOut
from studio.design.leanings import Leaning
from studio.design.reading import ParsedPrompt, ReadPhrase

REFUSED = "no "
"""How the chip of a refusal begins; read again, it says the same."""


@dataclass(frozen=True)
class Chip:
    """One phrase, as the field keeps it.

    Attributes:
        text: what is typed for it; all chips with commas between them are the prompt.
        label: what to show in its place; for a refusal what is refused, without the "no".
        trouble: "unknown" when nothing of it was understood, "contradicted" when it can't be
            drawn together with another one, "ignored" when it decides nothing, or None.
        nearest: for an unknown one, what to use instead; may be empty.
        refused: whether it is a refusal.
        read_as: the phrases, colours and styles that it was read as.
    """

    text: str
    label: str
    trouble: Literal["unknown", "contradicted", "ignored"] | None = None
    nearest: tuple[str, ...] = ()
    refused: bool = False
    read_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class WayOut:
    """One way out of a contradiction.

    Attributes:
        keep: what stays.
        refused: whether that is a refusal.
        prompt: without the other side.
    """

    keep: str
    refused: bool
    prompt: str


@dataclass(frozen=True)
class Contradiction:
    """A contradiction, and a way out for each side of it."""

    conflict: Conflict
    ways_out: tuple[WayOut, ...]


@dataclass(frozen=True)
class PromptReading:
    """What the studio understood of a prompt.

    Attributes:
        chips: the prompt, phrase by phrase.
        contradictions: what can't be drawn as it stands.
        suggestions: phrases worth adding.
        leanings: styles, and stand-ins for what can't be drawn yet.
        ignored: words that decide nothing.
        mended: typing errors, each with the phrase that it was read as.
        left_out: what can't be drawn yet beside the rest.
    """

    chips: tuple[Chip, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    suggestions: tuple[str, ...] = ()
    leanings: tuple[Leaning, ...] = ()
    ignored: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def reading_of(parsed: ParsedPrompt, suggestions: tuple[str, ...]) -> PromptReading:
    """A parsed prompt as the field shows it."""
    in_conflict = {phrase for each in parsed.conflicts for phrase in each.phrases}
    refused_in_conflict = {text for each in parsed.conflicts for text in each.refused}
    chips = tuple(
        chip for each in parsed.read for chip in _chips(each, in_conflict, refused_in_conflict)
    )
    return PromptReading(
        chips=chips,
        contradictions=tuple(
            Contradiction(each, tuple(_ways_out(each, chips))) for each in parsed.conflicts
        ),
        suggestions=suggestions,
        leanings=parsed.leanings,
        ignored=parsed.ignored,
        mended=tuple(pair for each in parsed.read for pair in each.mended),
        left_out=parsed.left_out,
    )


def _chips(read: ReadPhrase, in_conflict: set[str], refused: set[str]) -> Iterator[Chip]:
    wanted = tuple(phrase for phrase in read.phrases if not read.refused or phrase in read.wanted)
    read_as = tuple(dict.fromkeys((*wanted, *read.colours, *read.leanings)))
    if read.unknown:
        yield Chip(read.text, read.text, "unknown", read.nearest or ())
    elif read_as or not read.refused:
        text = read.rest if read.refused else read.text
        trouble: Literal["contradicted", "ignored"] | None = None
        if in_conflict & {*wanted}:
            trouble = "contradicted"
        elif not read_as:
            trouble = "ignored"
        yield Chip(text, text, trouble, read_as=read_as)
    for each in dict.fromkeys(read.refused):
        contradicted = each in refused
        yield Chip(REFUSED + each, each, "contradicted" if contradicted else None, refused=True)


def _ways_out(conflict: Conflict, chips: tuple[Chip, ...]) -> Iterator[WayOut]:
    """Keep one side, take the other one out."""
    if conflict.refused:
        phrases, refused = " + ".join(conflict.phrases), ", ".join(conflict.refused)
        if phrases:
            yield WayOut(phrases, False, _without(chips, (), conflict.refused))
        yield WayOut(refused, True, _without(chips, conflict.phrases, ()))
        return
    for keep in conflict.phrases:
        others = tuple(phrase for phrase in conflict.phrases if phrase != keep)
        yield WayOut(keep, False, _without(chips, others, ()))


def _without(chips: tuple[Chip, ...], phrases: tuple[str, ...], refused: tuple[str, ...]) -> str:
    texts: list[str] = []
    for chip in chips:
        if chip.refused:
            texts += [] if chip.label in refused else [chip.text]
        elif set(phrases) & set(chip.read_as):
            texts += [each for each in chip.read_as if each not in phrases]
        else:
            texts.append(chip.text)
    return ", ".join(texts)
