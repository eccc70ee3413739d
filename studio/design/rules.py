"""Rules about values that can't go together, and what they leave possible."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

NOTHING_REFUSED: Mapping[str, Collection[str]] = MappingProxyType({})


@dataclass(frozen=True)
class Rule:
    """When `family` has one of `values`, `other` must have one of `allowed`.

    Attributes:
        family: the one that the rule starts from.
        values: those of it that it is about.
        other: the family that it binds.
        allowed: what that may be then.
        also: a further family and its values; the rule holds only with one of these. None for
            rules with one condition.
    """

    family: str
    values: tuple[str, ...]
    other: str
    allowed: tuple[str, ...]
    also: tuple[str, tuple[str, ...]] | None = None

    def forbids(self, values: Mapping[str, str]) -> bool:
        """Whether these (possibly partial) values break the rule."""
        return (
            values.get(self.family) in self.values
            and self.other in values
            and values[self.other] not in self.allowed
            and (self.also is None or values.get(self.also[0]) in self.also[1])
        )


class RuleSet:
    """Some families with the rules between their values.

    Args:
        families: family -> its values.
        rules: what cannot go together.
    """

    def __init__(self, families: Mapping[str, tuple[str, ...]], rules: tuple[Rule, ...]) -> None:
        self.families = families
        self.rules = rules
        self._place = {family: place for place, family in enumerate(families)}
        self._bit = {
            (family, value): 1 << place
            for family, values in families.items()
            for place, value in enumerate(values)
        }
        self._about = {
            family: tuple(rule for rule in rules if family in _families_of(rule))
            for family in families
        }
        self._starting: dict[tuple[str, str], list[Rule]] = {}
        for rule in rules:
            for value in rule.values:
                self._starting.setdefault((rule.family, value), []).append(rule)
        self._partners = self._find_partners()

    def broken(self, values: Mapping[str, str]) -> list[Rule]:
        """The rules that these (possibly partial) values break."""
        return list(self._broken(values))

    def first_broken(self, values: Mapping[str, str]) -> Rule | None:
        """One of the rules that these values break; None if they break none."""
        return next(self._broken(values), None)

    def _broken(self, values: Mapping[str, str]) -> Iterator[Rule]:
        for start in values.items():
            for rule in self._starting.get(start, ()):
                if rule.forbids(values):
                    yield rule

    def allowed(self, family: str, values: Mapping[str, str]) -> list[str]:
        """The values of a family that break no rule with what is there."""
        rules, tried = self._about[family], dict(values)
        found = []
        for value in self.families[family]:
            tried[family] = value
            if not any(rule.forbids(tried) for rule in rules):
                found.append(value)
        return found

    def can_go_together(
        self,
        values: Mapping[str, str],
        refused: Mapping[str, Collection[str]] = NOTHING_REFUSED,
    ) -> bool:
        """Whether some design has all of these values, as far as pairs of families tell.

        A family's values are the bits of one whole number. Values without a partner in another
        family are struck out until nothing changes (arc consistency).

        Args:
            values: family -> the value that it has.
            refused: family -> values that it does not have; of other families they say nothing.
        """
        refused = {family: each for family, each in refused.items() if family in self._place}
        left = self._left(values, refused)
        if not all(left):
            return False
        changed = {self._place[family] for family in (*values, *refused)}
        while changed:
            place = changed.pop()
            for other, bit, partners in self._partners[place]:
                if left[other] & bit and not left[place] & partners:
                    left[other] &= ~bit
                    if not left[other]:
                        return False
                    changed.add(other)
        return True

    def _left(self, values: Mapping[str, str], refused: Mapping[str, Collection[str]]) -> list[int]:
        """What each family can have before its rules are looked at, as bits."""
        left = [(1 << len(each)) - 1 for each in self.families.values()]
        for family, value in values.items():
            left[self._place[family]] &= self._bit[family, value]
        for family, others in refused.items():
            for value in others:
                left[self._place[family]] &= ~self._bit.get((family, value), 0)
        return left

    def _find_partners(self) -> list[list[tuple[int, int, int]]]:
        """Place of a family -> (another family's place, one value there, its partners here)."""
        allowed: dict[tuple[int, int, int], int] = {}
        for rule in self.rules:
            if rule.also is not None:  # says nothing of a pair alone
                continue
            here, there = self._place[rule.other], self._place[rule.family]
            everything = (1 << len(self.families[rule.other])) - 1
            kept = sum(self._bit[rule.other, value] for value in rule.allowed)
            condition = sum(self._bit[rule.family, value] for value in rule.values)
            unless = ((1 << len(self.families[rule.family])) - 1) & ~condition
            for value in rule.values:
                key = (here, there, self._bit[rule.family, value])
                allowed[key] = allowed.get(key, everything) & kept
            for place in range(len(self.families[rule.other])):
                if not kept >> place & 1:  # the rule read backwards
                    key = (there, here, 1 << place)
                    before = allowed.get(key, (1 << len(self.families[rule.family])) - 1)
                    allowed[key] = before & unless
        partners: list[list[tuple[int, int, int]]] = [[] for _ in self.families]
        for (here, there, bit), mask in allowed.items():
            partners[here].append((there, bit, mask))
        return partners


def _families_of(rule: Rule) -> tuple[str, ...]:
    also = () if rule.also is None else (rule.also[0],)
    return (rule.family, rule.other, *also)
