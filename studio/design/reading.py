"""What was understood of a prompt: wanted, refused, leaned to, ignored, unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.design.colour_names import TypedColour
from studio.design.contradictions import Conflict, LeftOut
from studio.design.families import NONE
from studio.design.house_reading import HouseReading
from studio.design.leanings import Leaning
from studio.design.phrase_words import in_quotes
from studio.design.refusals import Refusal
from studio.domain import ContradictoryPhrasesError, EmptyPromptError, NothingKnownError


@dataclass(frozen=True)
class UnknownPhrase:
    """Words that the model was never taught, and up to three known phrases near to them."""

    text: str
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """A phrase as typed, and the known phrases that it was read as."""

    text: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class ReadPhrase:
    """One phrase where it was typed, and what became of its words.

    Attributes:
        text: as typed, on one line.
        phrases: known phrases that it was read as, colours and leanings included.
        colours: those of it that are exact, by the names that were typed.
        leanings: styles and stand-ins.
        refused: what it refuses.
        ignored: words that decide nothing.
        mended: typing errors, each with the phrase that it was read as.
        nearest: known phrases near to it, where nothing of it was understood.
        hints: ignored words that mean nearly the same as known phrases, with these.
        wanted: those of `phrases` that are wished for; the others say that something is absent.
        rest: its words without its refusals.
        dyed: phrases of colours, each with the name that was typed for it.
    """

    text: str
    phrases: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    leanings: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    nearest: tuple[str, ...] | None = None
    hints: tuple[tuple[str, tuple[str, ...]], ...] = ()
    wanted: tuple[str, ...] = ()
    rest: str = ""
    dyed: tuple[tuple[str, str], ...] = ()

    @property
    def unknown(self) -> bool:
        """Whether nothing of it was understood."""
        return self.nearest is not None


@dataclass(frozen=True)
class ParsedPrompt:
    """What a prompt asks for.

    `phrases` are the known ones, in English and in the canonical order of families, so that the
    order of typing cannot change the design. `plain_phrases` say the same with each value's main
    phrase, so that synonyms cannot change it either; the generator reads those.

    Attributes:
        attributes: family -> the value that is asked for.
        phrases: see above.
        plain_phrases: see above.
        unknown: phrases of which nothing was understood.
        conflicts: what contradicts itself.
        splits: typed phrases that were read as several known ones.
        colours: measure (`colour`, `second_colour`, `trim_colour`) -> the colour that was named.
        refused: what never comes.
        leanings: styles, occasions, and stand-ins for what can't be drawn yet.
        ignored: words that decide nothing, and marks of other programs.
        left_out: what can't be drawn yet beside the rest.
        ruled_out: family -> the values that never come: what is refused or never sold, and plain
            cloth where a second colour has to show.
        read: every typed phrase with what became of its words.
        house: what the house rules of the store do to it.
    """

    attributes: dict[str, str]
    phrases: tuple[str, ...]
    plain_phrases: tuple[str, ...] = ()
    unknown: tuple[UnknownPhrase, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    splits: tuple[Split, ...] = ()
    colours: Mapping[str, TypedColour] = field(default_factory=dict)
    refused: tuple[Refusal, ...] = ()
    leanings: tuple[Leaning, ...] = ()
    ignored: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    ruled_out: Mapping[str, frozenset[str]] = field(default_factory=dict)
    read: tuple[ReadPhrase, ...] = field(default=(), compare=False)
    house: HouseReading = field(default_factory=HouseReading, compare=False)

    @property
    def prompt(self) -> str:
        """The known phrases in canonical order."""
        return ", ".join(self.phrases)

    @property
    def plain_prompt(self) -> str:
        """What the generator reads."""
        return ", ".join(self.plain_phrases)

    @property
    def negative_prompt(self) -> str:
        """What is refused, as models of pictures read it."""
        return ", ".join(dict.fromkeys(each.text for each in self.refused))

    def check(self) -> None:
        """Refuse a prompt that cannot become a design.

        Raises:
            EmptyPromptError: nothing was typed.
            NothingKnownError: none of the phrases is known, or all are refusals.
            ContradictoryPhrasesError: some of the phrases cannot go together.
        """
        if self.conflicts:
            raise ContradictoryPhrasesError(" ".join(each.message for each in self.conflicts))
        wanted = any(value != NONE for value in self.attributes.values())
        wanted = wanted or (not self.attributes and any(each.wanted for each in self.read))
        if wanted or self.leanings or self.colours or (self.phrases and not self.refused):
            return
        if not self.unknown and not self.ignored and not self.refused:
            raise EmptyPromptError(
                "Type what you want to see, in short phrases between commas: dress, v-neck, red."
            )
        if self.refused:
            raise NothingKnownError(
                "This says only what you don't want. Say what to draw, too; start with a garment."
            )
        nearest = [phrase for each in self.unknown[:3] for phrase in each.nearest]
        hint = f" Near to it: {', '.join(dict.fromkeys(nearest))}." if nearest else ""
        strange = [each.text for each in self.unknown] or list(self.ignored)
        words = in_quotes(strange[:3])
        raise NothingKnownError(f"The model does not know {words}.{hint} Start with a garment.")
