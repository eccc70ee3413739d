"""Which attributes go together, and sentences about phrases that do not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studio.perfusion.phrase_words import in_quotes

ABSENT = "none"
"""The value of a family that does not apply or of a detail that is not there."""


@dataclass(frozen=True)
class PhraseRule:
    """When `family` has one of `values`, `other` must have one of `allowed`."""

    family: str
    values: tuple[str, ...]
    other: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Phrases that cannot all be drawn, and a sentence that says what to do."""

    phrases: tuple[str, ...]
    message: str


class Contradictions:
    """Finds what cannot be drawn together, and says what to do.

    Args:
        families: family -> its values.
        phrases: phrase -> its attributes.
        main_phrases: (family, value) -> its main phrase, for advice.
        rules: what cannot go together.
    """

    def __init__(
        self,
        families: Mapping[str, tuple[str, ...]],
        phrases: Mapping[str, Mapping[str, str]],
        main_phrases: Mapping[tuple[str, str], str],
        rules: tuple[PhraseRule, ...],
    ) -> None:
        self._families = families
        self._phrases = phrases
        self._main_phrases = main_phrases
        self._rules = rules
        self._first_family = next(iter(families))
        self._family_place = {family: place for place, family in enumerate(families)}
        self._bit = {
            (family, value): 1 << place
            for family, values in families.items()
            for place, value in enumerate(values)
        }
        self._partners = self._find_partners(rules)

    def can_go_together(self, attributes: Mapping[str, str]) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell."""
        return self._narrowed(attributes) is not None

    def _narrowed(self, attributes: Mapping[str, str]) -> list[int] | None:
        """What each family can still be, given some attributes; None if nothing is left.

        A family's values are the bits of one whole number. Values without a partner in another
        family are struck out until nothing changes (arc consistency).
        """
        left = [(1 << len(values)) - 1 for values in self._families.values()]
        for family, value in attributes.items():
            left[self._family_place[family]] &= self._bit[family, value]
        changed = {self._family_place[family] for family in attributes}
        while changed:
            place = changed.pop()
            for other, bit, partners in self._partners[place]:
                if left[other] & bit and not left[place] & partners:
                    left[other] &= ~bit
                    if not left[other]:
                        return None
                    changed.add(other)
        return left

    def among(self, phrases: tuple[str, ...]) -> list[Conflict]:
        """Why these phrases cannot all be drawn: pairs first, then larger groups."""
        asked = [pair for phrase in phrases for pair in self._phrases[phrase].items()]
        together = dict(asked)
        if len(set(asked)) == len(together) and self.can_go_together(together):
            return []
        conflicts = []
        clear: list[str] = []  # phrases that do not contradict an earlier one by themselves
        for phrase in phrases:
            partners = [other for other in clear if not self._agree(other, phrase)]
            conflicts += [self._explain(other, phrase) for other in partners]
            if not partners:
                clear.append(phrase)
        while not self.can_go_together(self._together(clear)):
            core = self._smallest_conflict(clear)
            message = f"{in_quotes(core)} cannot be drawn together: remove one of them."
            conflicts.append(Conflict(tuple(core), message))
            clear.remove(core[-1])
        return conflicts

    def _agree(self, one: str, two: str) -> bool:
        return not self._clashing_family(one, two) and self.can_go_together(
            {**self._phrases[one], **self._phrases[two]}
        )

    def _clashing_family(self, one: str, two: str) -> str | None:
        asked = self._phrases[one]
        other = self._phrases[two]
        return next((name for name in asked if other.get(name, asked[name]) != asked[name]), None)

    def _explain(self, one: str, two: str) -> Conflict:
        family = self._clashing_family(one, two)
        if family is not None:
            message = f"{in_quotes([one, two])} contradict each other ({family}): keep one of them."
        else:
            message = self._broken_rule_message(one, two)
        return Conflict((one, two), message)

    def _broken_rule_message(self, one: str, two: str) -> str:
        for reason, victim in ((one, two), (two, one)):
            asked, other = self._phrases[reason], self._phrases[victim]
            for rule in self._rules:
                broken = other.get(rule.other, rule.allowed[0]) not in rule.allowed
                if asked.get(rule.family) in rule.values and broken:
                    return self._rule_sentence(reason, victim, rule)
        return f"{in_quotes([one, two])} cannot be drawn together: remove one of them."

    def _rule_sentence(self, reason: str, victim: str, rule: PhraseRule) -> str:
        instead = [
            self._main_phrases.get((rule.other, each)) for each in rule.allowed if each != ABSENT
        ]
        options = [phrase for phrase in instead if phrase is not None][:3]
        if options:
            return (
                f"\u201c{reason}\u201d does not go with \u201c{victim}\u201d: remove one of them, "
                f"or ask for {in_quotes(options, 'or')} instead of \u201c{victim}\u201d."
            )
        if rule.family == self._first_family:
            return (
                f"\u201c{reason}\u201d has no {rule.other}, so \u201c{victim}\u201d "
                "cannot be drawn: remove one of them."
            )
        return f"{in_quotes([reason, victim])} cannot be drawn together: remove one of them."

    def _smallest_conflict(self, phrases: list[str]) -> list[str]:
        core = list(phrases)
        for phrase in phrases:
            without = [other for other in core if other != phrase]
            if not self.can_go_together(self._together(without)):
                core = without
        return core

    def _together(self, phrases: Iterable[str]) -> dict[str, str]:
        return {family: value for each in phrases for family, value in self._phrases[each].items()}

    def _find_partners(self, rules: tuple[PhraseRule, ...]) -> list[list[tuple[int, int, int]]]:
        """Place of a family -> (another family's place, one value there, its partners here)."""
        allowed: dict[tuple[int, int, int], int] = {}
        for rule in rules:
            here, there = self._family_place[rule.other], self._family_place[rule.family]
            everything = (1 << len(self._families[rule.other])) - 1
            kept = sum(self._bit[rule.other, value] for value in rule.allowed)
            condition = sum(self._bit[rule.family, value] for value in rule.values)
            unless = ((1 << len(self._families[rule.family])) - 1) & ~condition
            for value in rule.values:
                key = (here, there, self._bit[rule.family, value])
                allowed[key] = allowed.get(key, everything) & kept
            for place in range(len(self._families[rule.other])):
                if not kept >> place & 1:  # the rule read backwards
                    key = (there, here, 1 << place)
                    before = allowed.get(key, (1 << len(self._families[rule.family])) - 1)
                    allowed[key] = before & unless
        partners: list[list[tuple[int, int, int]]] = [[] for _ in self._families]
        for (here, there, bit), mask in allowed.items():
            partners[here].append((there, bit, mask))
        return partners
