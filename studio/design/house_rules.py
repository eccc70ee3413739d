"""House rules: what a store never sells, obeyed in every round like a refusal."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from studio.design.families import FAMILIES, GARMENT_FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.domain import HouseRulesError, ValueKindError
from studio.values import json_of

LONGEST = 20_000
"""Characters of the rules of one store as JSON; all values twice have some 5,000."""

Listed = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class HouseRules:
    """What a store sells and what it does not, family by family.

    Attributes:
        only: family -> the values that it sells; no others of that family. What is absent (no
            belt, no trim) may always be.
        never: family -> values that it does not sell.
    """

    only: Listed = field(default_factory=dict)
    never: Listed = field(default_factory=dict)

    @property
    def ruled_out(self) -> dict[str, frozenset[str]]:
        """Family -> the values that never come, in the canonical order of families."""
        found: dict[str, frozenset[str]] = {}
        for family in GARMENT_FAMILIES:
            out = set(self.never.get(family, ()))
            if family in self.only:
                out |= set(FAMILIES[family]) - {*self.only[family], NONE}
            if out:
                found[family] = frozenset(out)
        return found

    def to_json(self) -> str:
        """One line of JSON; empty where there are no rules."""
        if not (self.only or self.never):
            return ""
        record = {"only": dict(self.only), "never": dict(self.never)}
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "HouseRules":
        """Read what `to_json` wrote, perhaps for a studio with more values or fewer.

        What this studio does not draw needs no rule, and is left out.

        Raises:
            HouseRulesError: it is something else.
        """
        if not text:
            return NO_RULES
        try:
            record = json_of("The house rules", text, LONGEST)
            only, never = (
                {
                    family: tuple(value for value in values if value in FAMILIES.get(family, ()))
                    for family, values in record[name].items()
                    if family in GARMENT_FAMILIES
                }
                for name in ("only", "never")
            )
        except (ValueKindError, KeyError, TypeError, AttributeError) as error:
            raise HouseRulesError("These house rules can't be read. Set them again.") from error
        return cls(_filled(only), _filled(never))


NO_RULES = HouseRules()
"""It sells anything."""


def house_rules_of(only: Mapping[str, object], never: Mapping[str, object]) -> HouseRules:
    """Rules as a person or a program sets them.

    Args:
        only: family -> its values, a list; an empty list sets no rule.
        never: the same.

    Raises:
        HouseRulesError: there is no such family or value, or nothing is left to sell.
    """
    rules = HouseRules(_checked(only), _checked(never))
    ruled_out = rules.ruled_out
    for family, values in ruled_out.items():
        if values >= set(FAMILIES[family]):
            raise HouseRulesError(f"These rules leave no {family} to sell. Allow at least one.")
    if not GARMENT_RULES.can_go_together({}, ruled_out):
        raise HouseRulesError(
            "These rules leave nothing that can be worn. Allow more, such as another category."
        )
    return rules


def _checked(listed: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for family, values in listed.items():
        if family not in GARMENT_FAMILIES:
            raise HouseRulesError(
                f"There is no family “{family}”. These are: {', '.join(GARMENT_FAMILIES)}."
            )
        known = [value for value in FAMILIES[family] if value != NONE]
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise HouseRulesError(f"Say the values of {family} as a list.")
        for value in values:
            if value not in known:
                raise HouseRulesError(f"“{value}” is no {family}. These are: {', '.join(known)}.")
        found[family] = tuple(value for value in known if value in values)
    return _filled(found)


def _filled(listed: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Without the families of which nothing is listed, in the canonical order."""
    return {family: listed[family] for family in GARMENT_FAMILIES if listed.get(family)}


def told(rules: HouseRules) -> Iterator[str]:
    """Each rule as a line: "never fabric: satin, denim"."""
    for word, family, values in chain(
        (("only", *each) for each in rules.only.items()),
        (("never", *each) for each in rules.never.items()),
    ):
        yield f"{word} {family}: {', '.join(values)}"
