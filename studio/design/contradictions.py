"""Sentences about phrases that cannot be drawn together."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from studio.design.families import NONE
from studio.design.phrase_words import in_quotes
from studio.design.refusals import Refusal, ruled_out_by
from studio.design.rules import NOTHING_REFUSED, Rule, RuleSet


@dataclass(frozen=True)
class Conflict:
    """Phrases that cannot all be drawn, and a sentence that says what to do.

    Attributes:
        phrases: of which one has to go.
        message: says so.
        refused: refusals of which one may go in their place.
    """

    phrases: tuple[str, ...]
    message: str
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeftOut:
    """A phrase that can't be drawn yet beside another one of the prompt.

    Attributes:
        phrase: that is left out.
        beside: the one that stays; empty where several together leave no room for it.
    """

    phrase: str
    beside: str = ""


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
        self._absent = {
            (garment, rule.other)
            for rule in rules
            if rule.family == self._first_family and rule.allowed == (NONE,)
            for garment in rule.values
        }

    def can_go_together(
        self,
        attributes: Mapping[str, str],
        ruled_out: Mapping[str, Collection[str]] = NOTHING_REFUSED,
    ) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell."""
        return self._rule_set.can_go_together(attributes, ruled_out)

    def drawn_together(self, phrases: Iterable[str]) -> tuple[tuple[str, ...], tuple[LeftOut, ...]]:
        """What is drawn of phrases, and what has to be left out since it can't be drawn beside it.

        A real contradiction stays in, for a person to decide: two values of one family, or a
        part that such a garment does not have.

        Args:
            phrases: the most important ones first.
        """
        phrases = tuple(phrases)
        asked = [pair for phrase in phrases for pair in self._phrases[phrase].items()]
        together = dict(asked)
        clash = len(set(asked)) > len(together)
        if not (clash or self._rule_set.first_broken(together)) and self.can_go_together(together):
            return phrases, ()
        kept: list[str] = []
        left_out: list[LeftOut] = []
        for phrase in phrases:
            if any(self._contradict(other, phrase) for other in kept):
                kept.append(phrase)
                continue
            together = self._together([*kept, phrase])
            if self.can_go_together(together) and not self._rule_set.first_broken(together):
                kept.append(phrase)
                continue
            beside = next((other for other in kept if not self._agree(other, phrase)), "")
            if not beside and not self.can_go_together(self._together(kept)):
                kept.append(phrase)  # something else is wrong already
                continue
            left_out.append(LeftOut(phrase, beside))
        return tuple(kept), tuple(left_out)

    def with_refused(self, phrases: tuple[str, ...], refused: Iterable[Refusal]) -> list[Conflict]:
        """Why these phrases can't be drawn without what is refused."""
        refused = list(refused)
        conflicts = [
            Conflict(
                (phrase,),
                f"\u201c{phrase}\u201d is asked for, and \u201c{each.text}\u201d is refused: "
                "keep one of them.",
                (each.text,),
            )
            for each in refused
            for phrase in phrases
            if any(
                value in each.values.get(family, ())
                for family, value in self._phrases[phrase].items()
            )
        ]
        together = self._together(phrases)
        if conflicts or self.can_go_together(together, ruled_out_by(refused)):
            return conflicts
        core = list(refused)
        for each in refused:
            others = [other for other in core if other is not each]
            if not self.can_go_together(together, ruled_out_by(others)):
                core = others
        at_fault = list(phrases)
        for phrase in phrases:
            rest = self._together(other for other in at_fault if other != phrase)
            if not self.can_go_together(rest, ruled_out_by(core)):
                at_fault.remove(phrase)
        named = in_quotes([each.text for each in core])
        message = f"Nothing is left to draw without {named}: refuse less of it."
        if at_fault:
            garment = in_quotes(at_fault)
            message = f"{garment} can't be drawn without {named}: take one of them out."
        return [Conflict(tuple(at_fault), message, tuple(each.text for each in core))]

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

    def _contradict(self, one: str, two: str) -> bool:
        """Whether two phrases can't both be meant, however a garment is drawn."""
        return self._clashing_family(one, two) is not None or self._lacks(one, two)

    def _lacks(self, one: str, two: str) -> bool:
        """Whether one of them names a garment that has no such part as the other names."""
        return any(
            (self._phrases[garment].get(self._first_family, ""), family) in self._absent
            for garment, part in ((one, two), (two, one))
            for family, value in self._phrases[part].items()
            if value != NONE
        )

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
