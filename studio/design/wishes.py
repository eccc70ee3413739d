"""What phrases ask for together: names yield to what is said, and refusals leave the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from studio.design.colour_names import TypedColour
from studio.design.contradictions import Contradictions

PATTERN, SOLID = "pattern", "solid"
SECOND_COLOUR = "second_colour"

NEAR_GARMENTS = {"top": "shirt"}
"""Garment -> the one that has the parts which it lacks, and that people call by the same names."""

Pair = tuple[str, str]
RuledOut = dict[str, frozenset[str]]


class Wishes:
    """Puts the phrases of a prompt together.

    Args:
        families: family -> its values, in canonical order.
        phrases: phrase -> its attributes.
        main_phrases: (family, value) -> its main phrase.
        contradictions: knows what can't be drawn together.
    """

    def __init__(
        self,
        families: Mapping[str, Sequence[str]],
        phrases: Mapping[str, Mapping[str, str]],
        main_phrases: Mapping[Pair, str],
        contradictions: Contradictions,
    ) -> None:
        self._families = families
        self._phrases = phrases
        self._main_phrases = main_phrases
        self._contradictions = contradictions

    def attributes(self, phrases: Iterable[str]) -> dict[str, str]:
        """Family -> value in canonical order; the first phrase wins where two disagree."""
        asked: dict[str, str] = {}
        for phrase in phrases:
            asked = {**self._phrases[phrase], **asked}
        return {family: asked[family] for family in self._families if family in asked}

    def undisputed(self, phrases: Sequence[str]) -> dict[str, str]:
        """The same without the families of which phrases ask for two values: neither is wanted."""
        asked = [pair for phrase in phrases for pair in self._phrases[phrase].items()]
        values: dict[str, set[str]] = {}
        for family, value in asked:
            values.setdefault(family, set()).add(value)
        found = self.attributes(phrases)
        return {family: value for family, value in found.items() if len(values[family]) == 1}

    def merged(self, phrases: Iterable[str]) -> list[str]:
        """Without repetitions, and without phrases that ask for less than another one asks for."""
        kept: list[str] = []
        for phrase in phrases:
            asked = self._phrases[phrase].items()
            if any(asked <= self._phrases[other].items() for other in kept):
                continue
            kept = [other for other in kept if not self._phrases[other].items() <= asked]
            kept.append(phrase)
        return kept

    def yielding(
        self,
        wanted: Iterable[str],
        implied: Mapping[str, Collection[Pair]],
        ruled_out: Mapping[str, Collection[str]],
    ) -> dict[str, tuple[str, ...]]:
        """What becomes of names whose parts were said otherwise: "t-shirt, v-neck".

        Args:
            wanted: phrases.
            implied: phrase -> what of it only the name of a garment implies.
            ruled_out: family -> the values that never come.

        Returns:
            Phrase -> the phrases that stand for it; only those that change.
        """
        asked = {phrase: list(self._phrases[phrase].items()) for phrase in wanted}
        firm: dict[str, set[str]] = {}
        for phrase, pairs in asked.items():
            for family, value in pairs:
                if (family, value) not in implied.get(phrase, ()):
                    firm.setdefault(family, set()).add(value)
        certain = {family: min(values) for family, values in firm.items()}
        is_sound = all(len(values) == 1 for values in firm.values()) and (
            self._contradictions.can_go_together(certain)
        )
        found: dict[str, tuple[str, ...]] = {}
        for phrase, pairs in asked.items():
            gone = {
                (family, value)
                for family, value in pairs
                if (family, value) in implied.get(phrase, ())
                and (
                    (family in firm and value not in firm[family])
                    or value in ruled_out.get(family, ())
                    or (is_sound and not self._can_be({**certain, family: value}))
                )
            }
            if gone:
                kept = (self._main_phrases.get(pair) for pair in pairs if pair not in gone)
                found[phrase] = tuple(filter(None, kept))
        return found

    def near_garment(self, wanted: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """A blouse with a collar is what we call a shirt: such a garment in place of the other.

        Returns:
            As `yielding`.
        """
        together = self.attributes(wanted)
        if self._contradictions.can_go_together(together):
            return {}
        for phrase in wanted:
            [*asked] = self._phrases[phrase].items()
            near = NEAR_GARMENTS.get(asked[0][1]) if len(asked) == 1 else None
            if near is None or asked[0][0] != "category":
                continue
            instead = self._main_phrases.get(("category", near))
            if instead and self._contradictions.can_go_together({**together, "category": near}):
                return {phrase: (instead,)}
        return {}

    def _can_be(self, attributes: Mapping[str, str]) -> bool:
        return self._contradictions.can_be_worn(attributes)

    def two_coloured(
        self,
        colours: Mapping[str, TypedColour],
        attributes: Mapping[str, str],
        ruled_out: RuledOut,
    ) -> tuple[dict[str, TypedColour], RuledOut]:
        """A second colour needs a print to show on."""
        found = dict(colours)
        if SECOND_COLOUR not in found or attributes.get(PATTERN, SOLID) != SOLID:
            return found, ruled_out
        printed = {**ruled_out, PATTERN: ruled_out.get(PATTERN, frozenset()) | {SOLID}}
        if PATTERN not in attributes and self._contradictions.can_go_together(attributes, printed):
            return found, printed
        return found, ruled_out

    def forced(
        self, ruled_out: Mapping[str, frozenset[str]], attributes: Mapping[str, str]
    ) -> Iterator[str]:
        """Phrases for what is left where a refusal leaves one value of a family only."""
        for family, values in ruled_out.items():
            left = [value for value in self._families[family] if value not in values]
            if len(left) == 1 and family not in attributes:
                phrase = self._main_phrases.get((family, left[0]))
                together = {**attributes, family: left[0]}
                if phrase is not None and self._contradictions.can_go_together(together):
                    yield phrase
