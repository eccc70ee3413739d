"""Sentences about phrases that cannot be drawn together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from studio.design.colours import NAMED_COLOURS
from studio.design.families import BOTTOMS, LEGGED, NONE, STRAPPED
from studio.design.phrase_words import in_quotes
from studio.design.refusals import Refusal, ruled_out_by
from studio.design.rules import NOTHING_REFUSED, Rule, RuleSet

_PARTS_ABOVE = ("neckline", "collar", "sleeve length", "sleeve shape", "cuffs", "bow")
HELD_BY_STRAPS = "spaghetti straps"
MOST_OPTIONS = 3
"""What is offered in place of a phrase."""


class Reason(StrEnum):
    """Why phrases can't be drawn; each has a sentence in every language of the page."""

    CONTRADICT = "contradict"
    INSTEAD = "instead"
    NO_SUCH_PART = "no_such_part"
    NOT_TOGETHER = "not_together"
    REFUSED = "refused"
    NEEDS_REFUSED = "needs_refused"
    NOTHING_LEFT = "nothing_left"
    NEVER_SOLD = "never_sold"
    NEEDS_NEVER_SOLD = "needs_never_sold"


@dataclass(frozen=True)
class Conflict:
    """Phrases that cannot all be drawn, and a sentence that says what to do.

    Attributes:
        phrases: of which one has to go.
        message: says so, in English.
        refused: refusals of which one may go in their place.
        reason: why.
        options: what can be asked for in place of the last phrase.
        rest: what the phrase of a house rule asks for beside what is never sold.
    """

    phrases: tuple[str, ...]
    message: str
    refused: tuple[str, ...] = ()
    reason: Reason = Reason.NOT_TOGETHER
    options: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()


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
        self._families = families
        self._first_family = next(iter(families))
        self._rule_set = RuleSet(families, rules)
        self._absent = {
            (garment, rule.other)
            for rule in rules
            if rule.family == self._first_family and rule.allowed == (NONE,)
            for garment in rule.values
            if _never_has(garment, rule.other)
        }

    def can_go_together(
        self,
        attributes: Mapping[str, str],
        ruled_out: Mapping[str, Collection[str]] = NOTHING_REFUSED,
    ) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell."""
        return self._rule_set.can_go_together(attributes, ruled_out)

    def can_be_worn(self, attributes: Mapping[str, str]) -> bool:
        """The same, and no rule of three families is broken either."""
        return self.can_go_together(attributes) and not self._rule_set.first_broken(attributes)

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
            clashing = [other for other in kept if self._contradict(other, phrase)]
            gone = self._said_beside(clashing[0], phrase) if len(clashing) == 1 else None
            if gone is not None:
                kept = [other for other in (*kept, phrase) if other != gone]
                left_out.append(LeftOut(gone, phrase if gone != phrase else clashing[0]))
                continue
            if clashing:
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
        """Why these phrases can't be drawn without what is refused, or what is never sold."""
        refused = list(refused)
        conflicts = [
            self._never_sold(phrase, each)
            if each.is_house_rule
            else Conflict(
                (phrase,),
                f"\u201c{phrase}\u201d is asked for, and \u201c{each.text}\u201d is refused: "
                "keep one of them.",
                (each.text,),
                Reason.REFUSED,
            )
            for each in refused
            for phrase in phrases
            if _asks_for(self._phrases[phrase], each)
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
        return [_needs(tuple(at_fault), core)]

    def _never_sold(self, phrase: str, rule: Refusal) -> Conflict:
        """A phrase that asks for what the store never sells, and what it does sell like it."""
        asked = self._phrases[phrase]
        kept = {
            family: value
            for family, value in asked.items()
            if value not in rule.values.get(family, ())
        }
        families = [family for family in asked if family not in kept]
        options = tuple(
            option
            for family in families
            for value in near_values(family, asked[family], self._families[family])
            if value != NONE and value not in rule.values[family]
            if self.can_go_together({**kept, family: value}, rule.values)
            if (option := self._main_phrases.get((family, value))) is not None
        )[:MOST_OPTIONS]
        rest = tuple(filter(None, map(self._main_phrases.get, kept.items())))
        named = " or ".join(asked[family] for family in families)
        said = f"\u201c{phrase}\u201d is asked for, and this store never sells {named}: "
        said += (
            f"leave it out, or take {in_quotes(list(options), 'or')}."
            if options
            else ("leave it out, or change its house rules.")
        )
        return Conflict((phrase,), said, (), Reason.NEVER_SOLD, options, rest)

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

    def _said_beside(self, one: str, two: str) -> str | None:
        """Which of two necklines gives way, where one says what holds it and not its line.

        "cowl neck, spaghetti straps" is no contradiction: such a neckline hangs from straps as it
        is. A line that can't be drawn with such straps gives way to them.
        """
        for phrase, other in ((one, two), (two, one)):
            if self._phrases[phrase].get("neckline") == HELD_BY_STRAPS:
                line = self._phrases[other].get("neckline")
                return phrase if line in STRAPPED else other if line else None
        return None

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
            return Conflict((one, two), message, reason=Reason.CONTRADICT)
        return self._broken_rule(one, two)

    def _broken_rule(self, one: str, two: str) -> Conflict:
        for reason, victim in ((one, two), (two, one)):
            asked, other = self._phrases[reason], self._phrases[victim]
            for rule in self._rule_set.rules:
                broken = other.get(rule.other, rule.allowed[0]) not in rule.allowed
                if asked.get(rule.family) in rule.values and broken:
                    return self._of_rule(reason, victim, rule)
        message = f"{in_quotes([one, two])} cannot be drawn together: remove one of them."
        return Conflict((one, two), message)

    def _of_rule(self, reason: str, victim: str, rule: Rule) -> Conflict:
        """What a rule says of two phrases, of which the first needs the second to be otherwise."""
        instead = [
            self._main_phrases.get((rule.other, each)) for each in rule.allowed if each != NONE
        ]
        options = [phrase for phrase in instead if phrase is not None][:MOST_OPTIONS]
        if options:
            message = (
                f"\u201c{reason}\u201d does not go with \u201c{victim}\u201d: remove one of them, "
                f"or ask for {in_quotes(options, 'or')} instead of \u201c{victim}\u201d."
            )
            return Conflict((reason, victim), message, (), Reason.INSTEAD, tuple(options))
        if rule.family == self._first_family:
            message = (
                f"\u201c{reason}\u201d has no {rule.other}, so \u201c{victim}\u201d "
                "cannot be drawn: remove one of them."
            )
            return Conflict((reason, victim), message, reason=Reason.NO_SUCH_PART)
        message = f"{in_quotes([reason, victim])} cannot be drawn together: remove one of them."
        return Conflict((reason, victim), message)

    def _smallest_conflict(self, phrases: list[str]) -> list[str]:
        core = list(phrases)
        for phrase in phrases:
            without = [other for other in core if other != phrase]
            if not self.can_go_together(self._together(without)):
                core = without
        return core

    def _together(self, phrases: Iterable[str]) -> dict[str, str]:
        return {family: value for each in phrases for family, value in self._phrases[each].items()}


def _never_has(garment: str, family: str) -> bool:
    """Whether no such garment in the world has the part; all else only can't be drawn yet."""
    if family == "leg":
        return garment not in LEGGED
    return garment in BOTTOMS and family in _PARTS_ABOVE


def near_values(family: str, value: str, values: Sequence[str]) -> list[str]:
    """A family's other values, the nearest first where that can be said: of colours."""
    others = [each for each in values if each != value]
    if family != "colour" or value not in NAMED_COLOURS:
        return others
    return sorted(others, key=lambda each: NAMED_COLOURS[value].distance(NAMED_COLOURS[each]))


def _asks_for(asked: Mapping[str, str], refused: Refusal) -> bool:
    return any(value in refused.values.get(family, ()) for family, value in asked.items())


def _needs(phrases: tuple[str, ...], core: Sequence[Refusal]) -> Conflict:
    """Phrases that no design has without what is refused, or without what is never sold."""
    refused = tuple(each.text for each in core if not each.is_house_rule)
    house = [each for each in core if each.is_house_rule]
    if house and not (phrases or refused):
        message = "The house rules of this store leave nothing to draw: allow more."
        return Conflict((), message, reason=Reason.NEEDS_NEVER_SOLD)
    if house:
        without = " or ".join(
            f"{family} ({', '.join(values)})"
            for each in house
            for family, values in each.values.items()
        )
        message = (
            f"This store never sells {without}, and nothing is left to draw for "
            f"{in_quotes(list(phrases) or list(refused))}: take it out, or change its house rules."
        )
        return Conflict(phrases, message, refused, Reason.NEEDS_NEVER_SOLD)
    named = in_quotes(list(refused))
    if phrases:
        message = (
            f"{in_quotes(list(phrases))} can't be drawn without {named}: take one of them out."
        )
        return Conflict(phrases, message, refused, Reason.NEEDS_REFUSED)
    message = f"Nothing is left to draw without {named}: refuse less of it."
    return Conflict((), message, refused, Reason.NOTHING_LEFT)
