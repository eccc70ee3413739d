"""A receipt as its panel shows it: a line for each part, as a bar and in figures that add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.design.families import FIGURE_FAMILIES, NONE
from studio.domain import CandidateGroup
from studio.services.receipts import Part, Receipt
from studio.ui.score_view import signed
from studio.ui.taste_view import swatch_of
from studio.ui.words import Words

View = dict[str, Any]

CLOSED: View = {"candidate_id": None}
"""The panel before anybody has opened it."""
SHOWN = 8
"""Lines; those of smaller parts can be unfolded."""


@dataclass(frozen=True)
class Named:
    """What things are called: the store or nobody, families, and values by family."""

    store: str
    families: Mapping[str, str]
    phrases: Mapping[tuple[str, str], str]


def working_view(group_id: int, candidate_id: int, words: Words) -> View:
    """The panel while a receipt is made out."""
    return _view(group_id, candidate_id) | {
        "title": words["receipt"],
        "lead": words["receipt_working"],
        "is_working": True,
    }


def problem_view(group_id: int, candidate_id: int, problem: str, words: Words) -> View:
    """The panel where there is no receipt."""
    return _view(group_id, candidate_id) | {"title": words["receipt"], "problem": problem}


def receipt_view(
    group: CandidateGroup, candidate_id: int, receipt: Receipt, named: Named, words: Words
) -> View:
    """The panel with a receipt.

    Args:
        group: the round.
        candidate_id: the design.
        receipt: of it.
        named: what its values are called, in English.
        words: for the screen.
    """
    numbers = {each.id: place + 1 for place, each in enumerate(group.candidates)}
    compared = [words["receipt_design"].format(number=numbers[each]) for each in receipt.compared]
    longest = max((abs(each.total) for each in receipt.parts), default=1.0) or 1.0
    lines = [_line(each, longest, named, words) for each in receipt.parts]
    smaller = receipt.parts[SHOWN:]
    return _view(group.id, candidate_id) | {
        "title": words["receipt_title"].format(
            number=numbers[candidate_id], total=signed(receipt.total)
        ),
        "lead": _lead(compared, named.store, words),
        "lines": lines[:SHOWN],
        "smaller": None
        if not smaller
        else {
            "told": words["receipt_smaller"].format(count=len(smaller)),
            "total": signed(sum(each.total for each in smaller)),
            "lines": lines[SHOWN:],
        },
        "rest": signed(receipt.rest),
        "total": signed(receipt.total),
    }


def _view(group_id: int, candidate_id: int) -> View:
    return {
        "group_id": group_id,
        "candidate_id": candidate_id,
        "is_working": False,
        "title": "",
        "lead": "",
        "problem": "",
        "told": "",
        "lines": [],
        "smaller": None,
        "rest": "",
        "total": "",
    }


def _lead(compared: Sequence[str], store: str, words: Words) -> str:
    if not compared:
        return words["receipt_alone"]
    both = compared[0]
    if len(compared) > 1:
        both = words["receipt_and"].format(first=compared[0], second=compared[1])
    told = words["receipt_for" if store else "receipt_general"]
    return told.format(name=store, compared=both)


def _line(part: Part, longest: float, named: Named, words: Words) -> View:
    """One part; the bar's lengths are shares of half of its width."""
    is_said = bool(named.store) and not part.is_measure and part.family not in FIGURE_FAMILIES
    return {
        "family": part.family,
        "value": part.value,
        "label": _label(part, named, words),
        "told": _value(part, part.value, named, words),
        "instead": _instead(part, named, words),
        "hex": None if part.is_measure else swatch_of(part.family, part.value),
        "total": signed(part.total),
        "detail": words["receipt_own"].format(general=signed(part.general), own=signed(part.own))
        if named.store
        else "",
        "share": part.total / longest,
        "general_share": part.general / longest,
        "rounds": list(part.rounds[:SHOWN]),
        "can_say": is_said and part.value != NONE,
    }


def _instead(part: Part, named: Named, words: Words) -> str:
    values = [_value(part, each, named, words) for each in part.instead if each]
    return words["receipt_instead"].format(values=" / ".join(values)) if values else ""


def _label(part: Part, named: Named, words: Words) -> str:
    if part.is_measure:
        return words[f"measure_{part.family}"]
    return named.families.get(part.family, part.family)


def _value(part: Part, value: str, named: Named, words: Words) -> str:
    if part.is_measure:
        return value.replace("-", "−")
    phrase = named.phrases.get((part.family, value), value)
    return words["receipt_nothing"] if phrase == NONE else words.phrase(phrase)
