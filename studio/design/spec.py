"""What a design is: a value for every family, the measures that words can't say, and who chose."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from studio.design.colours import Lab
from studio.design.families import FAMILIES, NONE
from studio.design.garment_rules import GARMENT_RULES
from studio.design.measures import COLOURS, MEASURES, Measures, typical_measures
from studio.design.outfit import Outfit
from studio.design.repair import likeliest
from studio.domain import DesignError, ValueKindError
from studio.values import json_of

SPEC_VERSION = 1
MAX_SPEC_CHARACTERS = 16_384

_SETS = ("asked", "repaired", "fixed", "by_rules")

Origin = Literal["asked", "generated", "repaired", "person", "house"]


@dataclass(frozen=True)
class DesignSpec:
    """A whole design, ready to be drawn, listed and cut.

    Attributes:
        outfit: a value for each family.
        measures: what words can't say.
        asked: the families that the phrases told.
        repaired: those whose generated value went with nothing and was replaced.
        fixed: families and measures that a person set by hand.
        by_rules: families whose likeliest value the store never sells, so that another came.

    All else was generated. A family stands in one of the four sets at most.
    """

    outfit: Outfit
    measures: Measures
    asked: frozenset[str] = field(default_factory=frozenset)
    repaired: frozenset[str] = field(default_factory=frozenset)
    fixed: frozenset[str] = field(default_factory=frozenset)
    by_rules: frozenset[str] = field(default_factory=frozenset)

    def __getitem__(self, family: str) -> str:
        """The value of a family."""
        return self.outfit[family]

    def origin(self, name: str) -> Origin:
        """Who chose a family's value, or a measure."""
        if name in self.fixed:
            return "person"
        if name in self.asked:
            return "asked"
        if name in self.by_rules:
            return "house"
        return "repaired" if name in self.repaired else "generated"

    def check(self) -> None:
        """Refuse a design that can't be worn.

        Raises:
            DesignError: its values break a rule.
        """
        for rule in GARMENT_RULES.broken(self.outfit):
            value, other = self.outfit[rule.family], self.outfit[rule.other]
            raise DesignError(
                f"This design can't be drawn: “{value}” does not go with "
                f"“{rule.other}: {other}”. Change one of them."
            )

    def to_json(self) -> str:
        """One line of JSON; the same design gives the same text."""
        record: dict[str, Any] = {
            "version": SPEC_VERSION,
            "values": dict(self.outfit),
            "measures": {name: getattr(self.measures, name) for name in MEASURES},
            "asked": sorted(self.asked),
            "repaired": sorted(self.repaired),
            "fixed": sorted(self.fixed),
        }
        if self.by_rules:
            record["by_rules"] = sorted(self.by_rules)
        return json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "DesignSpec":
        """Read what `to_json` wrote, in this program or another one.

        Raises:
            DesignError: it is too long, of another version, or names what isn't known; a measure
                is out of range; values don't go together.
        """
        return _read(text)


def spec_of_values(values: Mapping[str, str], asked: Collection[str] = ()) -> DesignSpec:
    """The design that only words are known of: families left out are absent, or the usual.

    Args:
        values: family -> value, for some or all families; unknown ones are left out.
        asked: which of them phrases told.

    Raises:
        DesignError: they don't go together.
    """
    known = {family: value for family, value in values.items() if value in FAMILIES.get(family, ())}
    if not GARMENT_RULES.can_go_together(known):
        raise DesignError("These phrases don't make one design: they can't be drawn together.")
    costs = {
        family: {value: float(place) for place, value in enumerate(_usual_first(family, options))}
        for family, options in FAMILIES.items()
    }
    outfit = likeliest(costs, known).outfit
    return DesignSpec(outfit, typical_measures(outfit), frozenset(asked))


def _usual_first(family: str, options: tuple[str, ...]) -> Iterable[str]:
    return options if NONE not in options else (NONE, *(each for each in options if each != NONE))


@lru_cache(maxsize=4096)
def _read(text: str) -> DesignSpec:
    if len(text) > MAX_SPEC_CHARACTERS:
        raise DesignError(
            f"This design has {len(text):,} characters; one of the studio has at most "
            f"{MAX_SPEC_CHARACTERS:,}. It was not written by the studio."
        )
    try:
        record = json_of("This design", text)
    except ValueKindError as error:
        raise DesignError(f"This design is no JSON that can be read. {error}") from error
    if not isinstance(record, dict):
        raise DesignError("This design is not a record of values and measures.")
    version = record.get("version")
    if version != SPEC_VERSION:
        raise DesignError(
            f"This design is of version {version!r}, and this studio reads version "
            f"{SPEC_VERSION}. Use the studio that it was made with."
        )
    spec = _from_record(record)
    spec.check()
    return spec


def _from_record(record: Mapping[str, Any]) -> DesignSpec:
    try:
        values, measures = record["values"], record["measures"]
        sets = {name: _names(record.get(name, [])) for name in _SETS}
        if not isinstance(values, dict) or not isinstance(measures, dict):
            raise ValueError("values and measures must be records")
        if measures.keys() != set(MEASURES):
            raise ValueError(f"its measures must be {', '.join(MEASURES)}")
        numbers: dict[str, Any] = {
            name: Lab(*each) if name in COLOURS else each for name, each in measures.items()
        }
        return DesignSpec(Outfit(values), Measures(**numbers), **sets)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise DesignError(f"This design can't be used: {error}.") from error


def _names(listed: object) -> frozenset[str]:
    known = {*FAMILIES, *MEASURES}
    if not isinstance(listed, list) or not all(each in known for each in listed):
        raise ValueError("it names families that there are not")
    return frozenset(listed)
