"""The likeliest design that can be worn, where a generated one breaks rules."""

import heapq
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count

from studio.design.families import FAMILIES, SETTLING_ORDER
from studio.design.garment_rules import GARMENT_RULES
from studio.design.outfit import Outfit
from studio.design.rules import Rule

Costs = Mapping[str, Mapping[str, float]]
"""Family -> value -> how much less likely it is than the family's likeliest, in nats; 0 or more."""

_MOST_TRIED = 500
"""A trained model needs a hundred at most; where one does not, `_in_turn` finds a design."""


@dataclass(frozen=True)
class Repaired:
    """A design that breaks no rule.

    Attributes:
        outfit: its values.
        changed: the families whose likeliest value it does not have; none that was settled.
    """

    outfit: Outfit
    changed: frozenset[str]


def likeliest(costs: Costs, settled: Mapping[str, str]) -> Repaired:
    """The valid values with the least cost together; settled ones are never touched.

    Best first: of the designs found so far the least costly one is looked at. If it breaks a
    rule, one of the rule's families must change, so each of those changes gives a next one to
    look at, and the first that breaks none is the best there is.

    Args:
        costs: of the values that may come of each family; the others never do.
        settled: what was asked for or set by a person; it goes together.
    """
    ranked = {family: sorted(costs[family], key=costs[family].__getitem__) for family in FAMILIES}
    first = {family: settled.get(family) or ranked[family][0] for family in FAMILIES}
    tie = count()
    queue: list[tuple[float, int, dict[str, str]]] = [(0.0, next(tie), first)]
    seen = {tuple(first.values())}
    for _ in range(_MOST_TRIED):
        if not queue:
            break
        cost, _, values = heapq.heappop(queue)
        rule = GARMENT_RULES.first_broken(values)
        if rule is None:
            return _repaired(values, first)
        for family, allowed in _ways_out(rule, settled):
            for value in (each for each in allowed if each in costs[family]):
                changed = {**values, family: value}
                key = tuple(changed.values())
                if key not in seen:
                    seen.add(key)
                    more = costs[family][value] - costs[family][values[family]]
                    heapq.heappush(queue, (cost + more, next(tie), changed))
    return _repaired(_in_turn(ranked, settled), first)


def _repaired(values: Mapping[str, str], first: Mapping[str, str]) -> Repaired:
    changed = frozenset(family for family in FAMILIES if values[family] != first[family])
    return Repaired(Outfit(values), changed)


def _ways_out(rule: Rule, settled: Collection[str]) -> list[tuple[str, Collection[str]]]:
    """Each family of a broken rule that is not settled, with the values that mend it."""
    ways: list[tuple[str, Collection[str]]] = [
        (rule.other, rule.allowed),
        (rule.family, [each for each in FAMILIES[rule.family] if each not in rule.values]),
    ]
    if rule.also is not None:
        family, values = rule.also
        ways.append((family, [each for each in FAMILIES[family] if each not in values]))
    return [way for way in ways if way[0] not in settled]


def _in_turn(ranked: Mapping[str, list[str]], settled: Mapping[str, str]) -> dict[str, str]:
    """Family after family the likeliest value with which some design is still possible.

    Where pairs of values promised a design that three of them don't allow, it goes back. Should
    there be none at all, what comes back breaks a rule, and whoever checks it says so.
    """
    ruled_out = {
        family: [value for value in values if value not in ranked[family]]
        for family, values in FAMILIES.items()
    }
    order = [family for family in SETTLING_ORDER if family not in settled]

    def settle(chosen: dict[str, str], place: int) -> dict[str, str] | None:
        if place == len(order):
            return chosen
        family = order[place]
        allowed = GARMENT_RULES.allowed(family, chosen)
        for value in (each for each in ranked[family] if each in allowed):
            more = {**chosen, family: value}
            if GARMENT_RULES.can_go_together(more, ruled_out):
                whole = settle(more, place + 1)
                if whole is not None:
                    return whole
        return None

    likely = {family: values[0] for family, values in ranked.items() if values}
    return settle(dict(settled), 0) or {**likely, **settled}
