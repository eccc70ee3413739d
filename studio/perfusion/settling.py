"""What of each candidate is settled before the U-Net is asked, and what the U-Net is told of it.

What phrases ask for, who wears it, and what is kept of an earlier design stand whatever the
latents say. The rest is the U-Net's to draw.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.design.colours import Lab
from studio.design.families import FAMILIES, FIGURE_FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.leanings import drawn_by_lot
from studio.design.measures import MEASURES
from studio.design.phrasebook import Phrasebook
from studio.design.reading import ParsedPrompt
from studio.design.spec import DesignSpec
from studio.domain import DesignError, GenerationRequest
from studio.perfusion.design_codec import Settled


@dataclass(frozen=True)
class Told:
    """What is known of a round before it is drawn.

    Attributes:
        prompts: what the U-Net reads of each candidate: the same for all, but for what a style
            leans them to.
        settled: what stands in each candidate.
    """

    prompts: tuple[str, ...]
    settled: tuple[Settled, ...]


def tell(
    request: GenerationRequest,
    asked: ParsedPrompt,
    book: Phrasebook | None = None,
    starts: Sequence[DesignSpec] = (),
) -> Told:
    """Settle what a request settles.

    Args:
        request: its `kept` design stands but for what is free.
        asked: the reading of its prompt; what it asks for stands.
        book: that it was read with; None if there is none.
        starts: designs to vary, in turn; their wearers stand.

    Raises:
        DesignError: what is kept can't be read, or goes with nothing that is asked for.
    """
    if request.kept:
        kept = _kept(request, asked)
        prompt = _prompt(kept.values, asked, book)
        return Told((prompt,) * request.num_candidates, (kept,) * request.num_candidates)
    wearer = wearer_by_lot(request.seed if request.wearer_seed is None else request.wearer_seed)
    wearers = [{name: each[name] for name in FIGURE_FAMILIES} for each in starts] or [wearer]
    settled = [
        _settled(seed, wearers[index % len(wearers)], asked)
        for index, seed in enumerate(request.candidate_seeds)
    ]
    if book is None or not asked.leanings:
        return Told((asked.plain_prompt,) * len(settled), tuple(settled))
    leant = [asked.attributes | leant_to(seed, asked) for seed in request.candidate_seeds]
    return Told(tuple(_prompt(values, asked, book) for values in leant), tuple(settled))


def leant_to(seed: int, asked: ParsedPrompt) -> dict[str, str]:
    """What styles and stand-ins of a prompt lean one candidate to, the same on any machine."""
    return drawn_by_lot(asked.leanings, asked.attributes, asked.ruled_out, random.Random(seed))


def dyed(asked: ParsedPrompt) -> dict[str, float | Lab]:
    """The exact colours that a prompt names; a second one is the trims', too, if no other is."""
    colours: dict[str, float | Lab] = {
        measure: typed.colour
        for measure, typed in asked.colours.items()
        if typed.colour is not None
    }
    if "second_colour" in colours:
        colours.setdefault("trim_colour", colours["second_colour"])
    return colours


def wearer_by_lot(seed: int) -> dict[str, str]:
    """Who wears a round: a value for each of FIGURE_FAMILIES, the same on any machine."""
    lot = random.Random(seed)
    return {
        family: FAMILIES[family][int(lot.random() * len(FAMILIES[family]))]
        for family in FIGURE_FAMILIES
    }


def _settled(seed: int, wearer: Mapping[str, str], asked: ParsedPrompt) -> Settled:
    """What stands in one candidate. A wearer's refused value is left to the U-Net."""
    worn_by = {
        family: value
        for family, value in wearer.items()
        if value not in asked.ruled_out.get(family, ())
    }
    colours = dyed(asked)
    return Settled(
        {**worn_by, **leant_to(seed, asked), **asked.attributes},
        colours,
        asked=frozenset(asked.attributes) | frozenset(colours),
        ruled_out=asked.ruled_out,
        never_sold=asked.house.ruled_out,
    )


def _kept(request: GenerationRequest, asked: ParsedPrompt) -> Settled:
    """A design but for its free parts. What a person set by hand stands even against phrases."""
    spec, free = DesignSpec.from_json(request.kept), set(request.free)
    unknown = free - {*FAMILIES, *MEASURES}
    if unknown or not free:
        raise DesignError(
            f"A design has no {', '.join(sorted(unknown))} to draw anew."
            if unknown
            else "Say what of the design to draw anew, such as its sleeve length."
        )
    refused = {name for name, values in asked.ruled_out.items() if spec[name] in values}
    free |= refused - asked.attributes.keys()
    fixed = spec.fixed - free
    by_hand = {name: spec[name] for name in fixed if name in FAMILIES}
    values = {name: value for name, value in spec.outfit.items() if name not in free}
    values |= {**asked.attributes, **by_hand}
    _check_together(values)
    measures: dict[str, float | Lab] = {
        name: getattr(spec.measures, name) for name in MEASURES if name not in free
    }
    if values.get("colour") != spec["colour"]:  # another name, so no longer this dye
        measures.pop("colour", None)
    measures |= {name: each for name, each in dyed(asked).items() if name not in fixed}
    told = frozenset(asked.attributes) | (spec.asked - free)
    return Settled(values, measures, told - fixed, fixed, asked.ruled_out, asked.house.ruled_out)


def _check_together(values: Mapping[str, str]) -> None:
    for rule in GARMENT_RULES.broken(values):
        raise DesignError(
            f"“{values[rule.family]}” does not go with “{rule.other}: {values[rule.other]}”. "
            "Draw one of them anew, or ask for something else."
        )
    if not GARMENT_RULES.can_go_together(values):
        raise DesignError(
            "What is asked for and what is kept of the design can't be drawn together. Draw more "
            "of it anew."
        )


def _prompt(values: Mapping[str, str], asked: ParsedPrompt, book: Phrasebook | None) -> str:
    """Values as plain phrases; what is absent is told only where it is asked for."""
    if book is None:
        return asked.plain_prompt
    typed = {pair: text for text in asked.plain_phrases for pair in book.phrases[text].items()}
    phrases = [
        typed.get((family, values[family])) or book.canonical(family, values[family])
        for family in book.families
        if family in values and (values[family] != NONE or (family, NONE) in typed)
    ]
    return ", ".join(dict.fromkeys(filter(None, phrases)))
