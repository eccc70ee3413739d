"""The words that people type: is what they mean understood, and nothing else made up?

A list of prompts says what a person means by each. `understood` is the share of the meant
attributes that the reading has; `invented` the share of the read attributes that nobody meant;
`refused_wrongly` counts prompts with a meaning that would not be drawn.
"""

import argparse
import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from studio.design.colour_names import listed_colours, of_hex
from studio.design.colours import NAMED_COLOURS, Lab
from studio.design.families import FAMILIES
from studio.design.phrasebook import Phrasebook
from studio.design.reading import ParsedPrompt
from studio.domain import SettingsError, StudioError
from training.atelier.grammar import build_phrasebook
from training.evaluation.meanings import COLOURS_MEANT, IMPLIED, MEANT, REFUSED_MEANT
from training.results import RESULTS, Figure, write_results

NAME = "words"
OWN_PROMPTS = Path(__file__).with_name("prompts.tsv")
COLOUR_WITHIN = 24.0
"""Distance (CIE76) within which a named colour counts as the one that is meant."""
_ROLES = {"print colour": "second_colour", "second colour": "second_colour", "trim colour": ""}


@dataclass(frozen=True)
class Meaning:
    """One prompt and what a person means by it.

    Attributes:
        language: "en" or "zh".
        prompt: as typed.
        meant: what the design should have.
        refused: what it must not have.
    """

    language: str
    prompt: str
    meant: tuple[str, ...]
    refused: tuple[str, ...]


@dataclass
class Tally:
    """Counts over prompts.

    Attributes:
        prompts: how many.
        meant: attributes that people mean.
        understood: those of them that the reading has.
        read: attributes that the reading has.
        invented: those of them that nobody meant.
        refused: prompts with a meaning that would not be drawn.
        missed: what was meant and not read, in order.
        made_up: what was read and not meant, in order.
    """

    prompts: int = 0
    meant: int = 0
    understood: int = 0
    read: int = 0
    invented: int = 0
    refused: int = 0
    missed: list[str] = field(default_factory=list)
    made_up: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class WordsEvaluation:
    """What is read.

    Attributes:
        prompts: lists of prompts; empty takes the project's own.
        checkpoint: whose phrasebook reads them; None takes the one of the code.
        results: folder of the result files.
    """

    prompts: tuple[Path, ...] = ()
    checkpoint: Path | None = None
    results: Path = RESULTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `python -m training.evaluate words`."""
    parser.add_argument(
        "--prompts",
        type=Path,
        action="append",
        default=[],
        metavar="TSV",
        help="list of prompts with the columns language, prompt, meant, refused, ignored; "
        "repeatable; the project's own list without it",
    )
    parser.add_argument("--checkpoint", type=Path, help="whose phrasebook reads them")
    parser.add_argument("--results", type=Path, default=RESULTS)


def from_options(options: argparse.Namespace) -> WordsEvaluation:
    """The parsed command line as a configuration."""
    return WordsEvaluation(
        prompts=tuple(options.prompts), checkpoint=options.checkpoint, results=options.results
    )


def run(config: WordsEvaluation, command: str) -> dict[str, Figure]:
    """Read all prompts and write the result file.

    Raises:
        SettingsError: a list isn't there or can't be read.
        CheckpointError: the checkpoint has no phrasebook that can be read.
    """
    book = build_phrasebook() if config.checkpoint is None else Phrasebook.load(config.checkpoint)
    figures: dict[str, Figure] = {}
    for path in (OWN_PROMPTS, *config.prompts):
        name = "own" if path == OWN_PROMPTS else path.stem
        tallies = tallies_of(read_meanings(path), book)
        for language, tally in tallies.items():
            figures |= _figures(f"{name}_{language}", tally)
    write_results(NAME, command, [0], figures, config.results)
    return figures


def read_meanings(path: Path) -> list[Meaning]:
    """The prompts of a list.

    Raises:
        SettingsError: the file isn't there or has other columns.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        return [
            Meaning(
                row["language"],
                row["prompt"].replace("\\n", "\n"),
                _listed(row["meant"]),
                _listed(row["refused"]),
            )
            for row in rows
        ]
    except OSError as error:
        raise SettingsError(
            f"The list of prompts {path} can't be read. Name another one with --prompts."
        ) from error
    except (KeyError, AttributeError, UnicodeDecodeError, csv.Error) as error:
        raise SettingsError(
            f"{path} is no list of prompts: it needs the columns language, prompt, meant, refused "
            "and ignored, with tabs between them."
        ) from error


def tallies_of(meanings: Iterable[Meaning], book: Phrasebook) -> dict[str, Tally]:
    """The counts of all prompts, and of each language."""
    tallies: dict[str, Tally] = {"all": Tally()}
    for meaning in meanings:
        for name in ("all", meaning.language):
            count(meaning, book.parse(meaning.prompt), tallies.setdefault(name, Tally()))
    return tallies


def count(meaning: Meaning, read: ParsedPrompt, tally: Tally) -> None:
    """Add one prompt's reading to the counts."""
    tally.prompts += 1
    for each in meaning.meant:
        tally.meant += 1
        if is_understood(each, read):
            tally.understood += 1
        else:
            tally.missed.append(each)
    for each in meaning.refused:
        tally.meant += 1
        if is_refused(each, read):
            tally.understood += 1
        else:
            tally.missed.append(f"no {each}")
    for text, invented in read_attributes(meaning, read):
        tally.read += 1
        tally.invented += invented
        if invented:
            tally.made_up.append(text)
    tally.refused += meaning.meant != () and would_be_refused(meaning, read)


def is_understood(meant: str, read: ParsedPrompt) -> bool:
    """Whether a reading has what somebody means."""
    if meant.startswith("style "):
        style = meant.removeprefix("style ").casefold()
        if any(each.name.casefold() == style for each in read.leanings):
            return True
    if any(each.name == meant and not each.stands_in for each in read.leanings):
        return True
    for role, measure in _ROLES.items():
        if meant.startswith(f"{role} "):
            return _has_colour(meant.removeprefix(f"{role} "), measure or "trim_colour", read)
    if _is_colour(meant):
        return _has_colour(meant.removeprefix("colour "), "colour", read)
    wanted = attributes_meant(meant)
    had = [*read.attributes.items(), *_left_out(read)]
    if wanted is None:  # a value that there may be one day
        return any(value == meant for _, value in had)
    return any(all(pair in had for pair in way) for way in wanted)


def is_refused(meant: str, read: ParsedPrompt) -> bool:
    """Whether a reading rules out all of what somebody does not want."""
    ruled_out = {(family, value) for family, values in read.ruled_out.items() for value in values}
    wanted = REFUSED_MEANT.get(meant)
    if wanted is None:
        known = attributes_meant(meant) or ()
        wanted = tuple(value for way in known for _, value in way)
    if not wanted:  # never drawn anyway; it has to be heard, though
        return any(each.text == meant for each in read.refused)
    return all(any(value == other for _, other in ruled_out) for value in wanted)


def attributes_meant(meant: str) -> Sequence[Sequence[tuple[str, str]]] | None:
    """The ways in which a design can have what is meant; None for values that there are not."""
    if meant in MEANT:
        return [[_pair(value) for value in _listed(way)] for way in MEANT[meant].split("|")]
    if any(meant in values for values in FAMILIES.values()):
        return [[_pair(meant)]]
    return None


def read_attributes(meaning: Meaning, read: ParsedPrompt) -> list[tuple[str, bool]]:
    """Everything that a reading would put into the design, and whether nobody meant it."""
    allowed: set[tuple[str, str]] = set()
    for each in meaning.meant:
        for way in attributes_meant(each) or ():
            allowed |= set(way)
        for pair in IMPLIED.get(each, ()):
            allowed.add(pair)
    refused = {value for each in meaning.refused for value in REFUSED_MEANT.get(each, (each,))}
    colour_meant = any(map(_is_colour, meaning.meant))
    found = []
    for family, value in read.attributes.items():
        fine = (family, value) in allowed or (family == "colour" and colour_meant)
        absent = value == "none" and any(other in refused for other in FAMILIES[family])
        found.append((f"{family}: {value}", not fine and not absent))
    for measure in ("second_colour", "trim_colour"):
        if measure in read.colours:
            roles = [role for role, name in _ROLES.items() if (name or "trim_colour") == measure]
            meant = any(each.startswith(tuple(roles)) for each in meaning.meant)
            found.append((f"{measure}: {read.colours[measure].name}", not meant))
    return found


def would_be_refused(meaning: Meaning, read: ParsedPrompt) -> bool:
    """Whether a prompt that means something would not be drawn, for no real contradiction."""
    try:
        read.check()
    except StudioError:
        clashing = {phrase for each in read.conflicts for phrase in each.phrases}
        return not clashing or bool(clashing & set(meaning.meant)) or not _repeats(read)
    return False


def _repeats(read: ParsedPrompt) -> bool:
    """Whether the conflict is between two values of one family, as in "mini, maxi"."""
    return all("contradict each other" in each.message for each in read.conflicts)


def _has_colour(meant: str, measure: str, read: ParsedPrompt) -> bool:
    wanted = _colour(meant)
    if wanted is None:
        return False
    typed = read.colours.get(measure)
    found = typed.colour if typed is not None else None
    if found is None and measure == "colour" and "colour" in read.attributes:
        found = NAMED_COLOURS[read.attributes["colour"]]
    return found is not None and found.distance(wanted) <= COLOUR_WITHIN


def _is_colour(meant: str) -> bool:
    return meant.startswith("colour #") or meant in COLOURS_MEANT or meant in listed_colours()


def _colour(meant: str) -> Lab | None:
    """As the table says, or a family's own; of any other name what the public list says."""
    text = COLOURS_MEANT.get(meant, meant)
    return of_hex(text) or NAMED_COLOURS.get(meant) or listed_colours().get(meant)


def _left_out(read: ParsedPrompt) -> list[tuple[str, str]]:
    """What was understood, and told to be left out beside the rest."""
    book = build_phrasebook()
    return [pair for each in read.left_out for pair in book.phrases[each.phrase].items()]


def _pair(value: str) -> tuple[str, str]:
    if ":" in value:
        family, _, value = value.partition(":")
        return family.strip(), value.strip()
    return next((family, value) for family, values in FAMILIES.items() if value in values)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in (text or "").split(";") if each.strip())


def _figures(name: str, tally: Tally) -> Mapping[str, Figure]:
    return {
        f"prompts_{name}": Figure.exact(tally.prompts),
        f"understood_{name}": Figure.exact(tally.understood / max(tally.meant, 1)),
        f"invented_{name}": Figure.exact(tally.invented / max(tally.read, 1)),
        f"refused_wrongly_{name}": Figure.exact(tally.refused),
    }
