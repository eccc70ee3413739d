"""What house rules change of a prompt: told to people, never done silently."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from studio.design.colour_names import TypedColour
from studio.design.contradictions import MOST_OPTIONS, Conflict, Reason, near_values
from studio.design.families import FAMILIES
from studio.design.leanings import Leaning
from studio.design.phrase_words import in_quotes
from studio.design.refusals import Refusal, ruled_out_by


@dataclass(frozen=True)
class Taken:
    """What the store's rules take from a style, or from the stand-in of a word.

    Attributes:
        name: of the style or the word.
        values: that it leans to and that the store never sells.
    """

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class HouseReading:
    """What the house rules of a store do to a prompt.

    Attributes:
        ruled_out: family -> the values that the store never sells.
        only_these: phrases for values that are drawn since the store sells no other.
        taken_from: what they take from styles and stand-ins.
    """

    ruled_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    only_these: tuple[str, ...] = ()
    taken_from: tuple[Taken, ...] = ()


def taken_from(leanings: Iterable[Leaning], house: Sequence[Refusal]) -> tuple[Taken, ...]:
    """What house rules take from leanings."""
    ruled_out = ruled_out_by(house)
    found = []
    for leaning in leanings:
        values = tuple(
            value
            for family, several in leaning.values.items()
            for value in several
            if value in ruled_out.get(family, ())
        )
        if values:
            found.append(Taken(leaning.name, values))
    return tuple(found)


def never_dyed(
    colours: Mapping[str, TypedColour], house: Sequence[Refusal], wanted: Sequence[str]
) -> list[Conflict]:
    """Colours of prints and trims that the store never sells; the cloth's is a phrase."""
    never = ruled_out_by(house).get("colour", frozenset())
    found = []
    for measure, typed in colours.items():
        if measure == "colour" or typed.value not in never or typed.name in wanted:
            continue
        near = near_values("colour", typed.value, FAMILIES["colour"])
        options = tuple(each for each in near if each not in never)[:MOST_OPTIONS]
        message = (
            f"\u201c{typed.name}\u201d is asked for, and this store never sells {typed.value}: "
            f"leave it out, or take {in_quotes(list(options), 'or')}."
        )
        found.append(Conflict((typed.name,), message, (), Reason.NEVER_SOLD, options))
    return found
