"""What the studio understood of a prompt while it is being typed: chips, notes, ways out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from studio.design.contradictions import Conflict, LeftOut, Reason
from studio.design.house_reading import HouseReading
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
        dyed: phrases of colours among these, each with the name that was typed for it.
    """

    text: str
    label: str
    trouble: Literal["unknown", "contradicted", "ignored"] | None = None
    nearest: tuple[str, ...] = ()
    refused: bool = False
    read_as: tuple[str, ...] = ()
    dyed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WayOut:
    """One way out of a contradiction.

    Attributes:
        keep: what stays, is left out, or is taken instead.
        kind: which of these: "keep", "refuse" (it stays refused), "leave" or "instead".
        prompt: what is typed then.
    """

    keep: str
    kind: Literal["keep", "refuse", "leave", "instead"]
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
        house: what the house rules of the store change.
        hints: ignored words that mean nearly the same as known phrases, with these.
    """

    chips: tuple[Chip, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    suggestions: tuple[str, ...] = ()
    leanings: tuple[Leaning, ...] = ()
    ignored: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    house: HouseReading = field(default_factory=HouseReading)
    hints: tuple[tuple[str, tuple[str, ...]], ...] = ()


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
        house=parsed.house,
        hints=tuple(dict(hint for each in parsed.read for hint in each.hints).items()),
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
        yield Chip(text, text, trouble, read_as=read_as, dyed=read.dyed)
    for each in dict.fromkeys(read.refused):
        contradicted = each in refused
        yield Chip(REFUSED + each, each, "contradicted" if contradicted else None, refused=True)


def _ways_out(conflict: Conflict, chips: tuple[Chip, ...]) -> Iterator[WayOut]:
    """Keep one side, take the other one out; or take what the store sells."""
    if conflict.reason is Reason.NEVER_SOLD:
        yield from _ways_of_house(conflict, chips)
        return
    if conflict.refused:
        phrases, refused = " + ".join(conflict.phrases), ", ".join(conflict.refused)
        if phrases:
            yield WayOut(phrases, "keep", _without(chips, (), conflict.refused))
        yield WayOut(refused, "refuse", _without(chips, conflict.phrases, ()))
        return
    for keep in conflict.phrases:
        others = tuple(phrase for phrase in conflict.phrases if phrase != keep)
        if others:
            yield WayOut(keep, "keep", _without(chips, others, ()))


def _ways_of_house(conflict: Conflict, chips: tuple[Chip, ...]) -> Iterator[WayOut]:
    """Leave out what the store never sells, or take what it does sell."""
    [phrase] = conflict.phrases
    without = _without(chips, (phrase,), (), conflict.rest)
    if without:
        yield WayOut(phrase, "leave", without)
    for option in conflict.options:
        instead = _without(chips, (phrase,), (), (*conflict.rest, option))
        yield WayOut(option, "instead", instead)


def _without(
    chips: tuple[Chip, ...],
    phrases: tuple[str, ...],
    refused: tuple[str, ...],
    instead: tuple[str, ...] = (),
) -> str:
    """The prompt without some phrases and refusals, and with others in place of the phrases."""
    texts: list[str] = []
    for chip in chips:
        if chip.refused:
            texts += [] if chip.label in refused else [chip.text]
        elif set(phrases) & set(chip.read_as):
            gone = {*phrases, *(name for phrase, name in chip.dyed if phrase in phrases)}
            texts += [each for each in chip.read_as if each not in gone]
            texts += [each for each in instead if each not in texts]
        else:
            texts.append(chip.text)
    return ", ".join(texts)
