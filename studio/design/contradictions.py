"""Sentences about phrases that cannot be drawn together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studio.design.families import NONE
from studio.design.phrase_words import in_quotes
from studio.design.rules import Rule, RuleSet


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
        rules: tuple[Rule, ...],
    ) -> None:
        self._phrases = phrases
        self._main_phrases = main_phrases
        self._first_family = next(iter(families))
        self._rule_set = RuleSet(families, rules)

    def can_go_together(self, attributes: Mapping[str, str]) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell."""
        return self._rule_set.can_go_together(attributes)

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
            for rule in self._rule_set.rules:
                broken = other.get(rule.other, rule.allowed[0]) not in rule.allowed
                if asked.get(rule.family) in rule.values and broken:
                    return self._rule_sentence(reason, victim, rule)
        return f"{in_quotes([one, two])} cannot be drawn together: remove one of them."

    def _rule_sentence(self, reason: str, victim: str, rule: Rule) -> str:
        instead = [
            self._main_phrases.get((rule.other, each)) for each in rule.allowed if each != NONE
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
