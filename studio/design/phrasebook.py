"""The phrases that a checkpoint understands: parse, explain, suggest.

A phrasebook is data (`phrasebook.json` in a checkpoint's folder). It says which attributes each
English phrase asks for, which English phrase stands for a Chinese one, and which attributes
cannot go together. It knows nothing of any particular world.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from studio.design.contradictions import Contradictions
from studio.design.families import NONE
from studio.design.house_reading import HouseReading, Taken, never_dyed, taken_from
from studio.design.house_rules import NO_RULES, HouseRules
from studio.design.kinds import HEADS, KINDS, kinds
from studio.design.lexicon import Lexicon
from studio.design.nearest_phrases import Explainer, NearestPhrases
from studio.design.phrase_splitter import split_prompt
from studio.design.phrase_words import stem, tokens
from studio.design.phrasebook_file import read_record, write_record
from studio.design.prompt_reader import Found, PromptReader
from studio.design.reading import ParsedPrompt, Split, UnknownPhrase
from studio.design.refusals import Refusal, joined_sets, ruled_out_by
from studio.design.rules import NOTHING_REFUSED, Rule
from studio.design.wishes import Wishes
from studio.domain import MAX_PROMPT_CHARACTERS, PromptTooLongError

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class Phrasebook:
    """The vocabulary of one checkpoint.

    Args:
        families: family -> its values, in canonical order.
        phrases: English phrase -> its attributes. The first phrase for one value alone is that
            value's main phrase.
        spelled_out: English name that the model was not taught -> the phrases it is read as.
        chinese: Chinese phrase -> the English phrase or name that stands for it. The first one
            of an English phrase is its label.
        rules: what cannot go together.
        family_names: family -> its Chinese name.
        spellings: word -> the word that it is read as ("gray" -> "grey").
        fillers: words that may stand beside a known phrase and ask for nothing.
        negations: words that turn the phrase after them into its opposite.
        related: unknown word -> phrases near in meaning.
        suggestions: phrases worth offering, the most useful first.

    Raises:
        ValueError: a phrase is ambiguous or names what is not there.
    """

    families: dict[str, tuple[str, ...]]
    phrases: dict[str, dict[str, str]]
    spelled_out: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chinese: dict[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    family_names: dict[str, str] = field(default_factory=dict)
    spellings: dict[str, str] = field(default_factory=dict)
    fillers: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    related: dict[str, tuple[str, ...]] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the parts agree."""
        named = [(rule.family, value) for rule in self.rules for value in rule.values]
        named += [(rule.other, value) for rule in self.rules for value in rule.allowed]
        named += [pair for asked in self.phrases.values() for pair in asked.items()]
        strange = [pair for pair in named if pair[1] not in self.families.get(pair[0], ())]
        pointed_at = [*self.chinese.values()]
        pointed_at += [phrase for near in self.related.values() for phrase in near]
        spelled = [phrase for phrases in self.spelled_out.values() for phrase in phrases]
        strange_phrases = {*spelled, *self.suggestions} - self.phrases.keys()
        strange_phrases |= set(pointed_at) - self.phrases.keys() - self.spelled_out.keys()
        if strange or strange_phrases or not all(self.phrases.values()):
            raise ValueError(
                f"The phrasebook names unknown things: {strange} {sorted(strange_phrases)}."
            )
        keys = Counter(self._key(text) for text in self._typeable)
        twice = [key for key, count in keys.items() if count > 1 or not key]
        if twice:
            raise ValueError(f"These phrases have more than one meaning: {twice}.")

    # --- Files -------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: Path) -> "Phrasebook":
        """Read a phrasebook from its file, or from the folder that holds `phrasebook.json`.

        Raises:
            CheckpointError: the file is missing, broken or of another version.
        """
        return read_record(path, lambda record: cls(**record))

    def save(self, path: Path) -> None:
        """Write the phrasebook to a file, or as `phrasebook.json` into a folder."""
        write_record(path, asdict(self))

    # --- Vocabulary --------------------------------------------------------------------------

    def known_phrases(self) -> tuple[str, ...]:
        """Every English phrase that the model was taught."""
        return tuple(self.phrases)

    def canonical(self, family: str, value: str) -> str | None:
        """The main phrase of a value; None where no phrase says it alone."""
        return self._main_phrases.get((family, value))

    def labels(self, language: Language) -> dict[str, str]:
        """English phrase or name -> what to show for it; those without a translation themselves."""
        if language == "en":
            return {phrase: phrase for phrase in (*self.phrases, *self.spelled_out)}
        chinese: dict[str, str] = {}
        for label, phrase in self.chinese.items():
            chinese.setdefault(phrase, label)
        return {name: chinese.get(name, name) for name in self.spelled_out} | {
            phrase: chinese.get(phrase) or self._value_label(asked, chinese) or phrase
            for phrase, asked in self.phrases.items()
        }

    def family_labels(self, language: Language) -> dict[str, str]:
        """Family -> its name for people."""
        names = self.family_names if language == "zh" else {}
        return {family: names.get(family, family) for family in self.families}

    def _value_label(self, asked: Mapping[str, str], chinese: Mapping[str, str]) -> str | None:
        main = [self.canonical(family, value) or "" for family, value in asked.items()]
        labels = [chinese.get(phrase, "") for phrase in main]
        return "·".join(labels) if all(labels) else None

    # --- Parsing -----------------------------------------------------------------------------

    def parse(self, prompt: str, house_rules: HouseRules = NO_RULES) -> ParsedPrompt:
        """Read a prompt: phrases between commas, in any order, in English or Chinese.

        Prose is read word by word: left to right the longest known words, then what they mean
        together. Nothing is dropped silently: `ParsedPrompt.read` says what became of each word.

        Args:
            prompt: as typed.
            house_rules: of the store that it is for; obeyed like refusals.

        Raises:
            PromptTooLongError: the prompt is longer than MAX_PROMPT_CHARACTERS.
        """
        if len(prompt) > MAX_PROMPT_CHARACTERS:
            raise PromptTooLongError(
                f"The prompt has {len(prompt):,} characters. Shorten it to at most "
                f"{MAX_PROMPT_CHARACTERS:,}: a few short phrases between commas work best."
            )
        split = split_prompt(prompt)
        found = self._reader.read(split)
        refused, house = _once(found.refused), self._house(house_rules)
        ruled_out = ruled_out_by((*refused, *house))
        found, taken = self._with_names_yielding(found, ruled_out, ruled_out_by(house))
        read = tuple(self._explainer.explained(found.read))
        wanted = sorted(self._wishes.merged(found.wanted), key=self.canonical_place)
        kept, left_out = self._contradictions.drawn_together(wanted)
        conflicts = self._contradictions.among(kept)
        conflicts = conflicts or self._contradictions.with_refused(kept, (*refused, *house))
        conflicts = conflicts or never_dyed(found.colours, house, wanted)
        colours = found.colours
        forced: tuple[str, ...] = ()
        if not conflicts:
            colours, ruled_out = self._wishes.two_coloured(
                colours, self._wishes.attributes(kept), ruled_out
            )
            if wanted or found.leanings or found.colours or not house:
                forced = tuple(self._wishes.forced(ruled_out, self._wishes.attributes(kept)))
            kept = (*kept, *forced)
        attributes = self._wishes.undisputed(kept)
        ordered = tuple(sorted(kept, key=self.canonical_place))
        return ParsedPrompt(
            attributes=attributes,
            phrases=ordered,
            plain_phrases=self._plain(attributes, ordered),
            unknown=tuple(
                UnknownPhrase(text, nearest)
                for text, nearest in {
                    each.text: each.nearest for each in read if each.nearest is not None
                }.items()
            ),
            conflicts=tuple(conflicts),
            splits=tuple(Split(each.text, each.phrases) for each in read if len(each.phrases) > 1),
            colours=colours,
            refused=refused,
            leanings=tuple(sorted(found.leanings, key=lambda each: each.name)),
            ignored=tuple(
                dict.fromkeys((*(text for each in read for text in each.ignored), *split.marks))
            ),
            left_out=left_out,
            ruled_out=joined_sets(ruled_out, house_rules.ruled_out),
            read=read,
            house=HouseReading(
                ruled_out=house_rules.ruled_out,
                only_these=tuple(each for each in forced if self._is_of(each, house)),
                taken_from=(*taken, *taken_from(found.leanings, house)),
            ),
        )

    def _house(self, rules: HouseRules) -> tuple[Refusal, ...]:
        """House rules as refusals, as far as there are such values here."""
        found = []
        for family, values in rules.ruled_out.items():
            here = tuple(each for each in self.families.get(family, ()) if each in values)
            if here and len(here) < len(self.families[family]):
                found.append(Refusal(family, {family: here}, is_house_rule=True))
        return tuple(found)

    def _with_names_yielding(
        self,
        found: Found,
        ruled_out: Mapping[str, Collection[str]],
        house: Mapping[str, Collection[str]],
    ) -> tuple[Found, tuple[Taken, ...]]:
        """Names of garments imply no part that was said otherwise, is refused, or is never sold.

        The last is told.
        """
        changed = self._wishes.yielding(found.wanted, found.implied, ruled_out)
        kept = [each for phrase in found.wanted for each in changed.get(phrase, (phrase,))]
        changed |= self._wishes.near_garment(kept)
        if not changed:
            return found, ()

        def now(phrases: Iterable[str]) -> tuple[str, ...]:
            return tuple(each for phrase in phrases for each in changed.get(phrase, (phrase,)))

        taken = [
            Taken(row.text, (value,))
            for row in found.read
            for phrase in row.phrases
            if phrase in changed
            for family, value in self.phrases[phrase].items()
            if value in house.get(family, ())
        ]
        read = [
            replace(each, phrases=now(each.phrases), wanted=now(each.wanted)) for each in found.read
        ]
        return replace(found, wanted=list(now(found.wanted)), read=read), tuple(taken)

    def _is_of(self, phrase: str, refused: Iterable[Refusal]) -> bool:
        return any(family in each.values for each in refused for family in self.phrases[phrase])

    def beyond(self, asked: ParsedPrompt, attributes: Mapping[str, str]) -> tuple[str, ...]:
        """The phrases for what attributes have beyond a prompt; what is absent is not told."""
        phrases = (
            self.canonical(family, value)
            for family, value in attributes.items()
            if family not in asked.attributes and value != NONE
        )
        return tuple(filter(None, phrases))

    def _plain(self, attributes: Mapping[str, str], phrases: Iterable[str]) -> tuple[str, ...]:
        """The main phrase of every attribute; where it has none, the phrase that was typed."""
        typed = {pair: phrase for phrase in phrases for pair in self.phrases[phrase].items()}
        return tuple(
            dict.fromkeys(self.canonical(*pair) or typed[pair] for pair in attributes.items())
        )

    def canonical_place(self, phrase: str) -> tuple[list[tuple[int, int]], str]:
        """Sort key of a known phrase: where it stands in the canonical order."""
        return sorted(self._place[pair] for pair in self.phrases[phrase].items()), phrase

    def _join(self, words: Iterable[str]) -> str:
        return "".join(self._stem(word) for word in words)

    def _key(self, text: str) -> str:
        return self._join(tokens(text))

    def _stem(self, word: str) -> str:
        return stem(word, self.spellings)

    def can_go_together(
        self,
        attributes: Mapping[str, str],
        ruled_out: Mapping[str, Collection[str]] = NOTHING_REFUSED,
    ) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell.

        Args:
            attributes: family -> the value that it has.
            ruled_out: family -> values that it does not have.
        """
        return self._contradictions.can_go_together(attributes, ruled_out)

    # --- Suggestions -------------------------------------------------------------------------

    def suggest(self, parsed: ParsedPrompt, limit: int = 12) -> tuple[str, ...]:
        """Phrases of families not yet asked for that go with what is there.

        The most useful families come first, one phrase of each; then their next phrases. While
        the first family (the kind of garment) is open, it gets the first third of the places.
        """
        queues: dict[str, list[str]] = {}
        for phrase in self.suggestions:
            asked = self.phrases[phrase]
            if not asked.keys() & parsed.attributes.keys() and self.can_go_together(
                {**parsed.attributes, **asked}, parsed.ruled_out
            ):
                queues.setdefault(next(iter(asked)), []).append(phrase)
        first = queues.get(next(iter(self.families)), [])
        offered = first[: limit // 3]
        del first[: limit // 3]
        for place in range(max(map(len, queues.values()), default=0)):
            offered += [queue[place] for queue in queues.values() if place < len(queue)]
        return tuple(offered[:limit])

    # --- Indexes, made once ------------------------------------------------------------------

    @cached_property
    def _typeable(self) -> tuple[str, ...]:
        """Everything that is understood as one phrase."""
        return (*self.phrases, *self.spelled_out, *self.chinese)

    @cached_property
    def _phrases_at(self) -> dict[str, tuple[str, ...]]:
        """Key of what is typed -> the phrases that it is read as."""
        english = {text: (text,) for text in self.phrases} | self.spelled_out
        chinese = {text: english[name] for text, name in self.chinese.items()}
        return {self._key(text): phrases for text, phrases in (english | chinese).items()}

    @cached_property
    def _longest_phrase(self) -> int:
        # One more than listed: "turtle neck" is typed for "turtleneck".
        return 1 + max(len(tokens(text)) for text in self._typeable)

    @cached_property
    def _main_phrases(self) -> dict[tuple[str, str], str]:
        main: dict[tuple[str, str], str] = {}
        for phrase, asked in self.phrases.items():
            if len(asked) == 1:
                main.setdefault(next(iter(asked.items())), phrase)
        return main

    @cached_property
    def _place(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Attribute -> where its family stands, and where its value stands in the family."""
        return {
            (family, value): (row, column)
            for row, (family, values) in enumerate(self.families.items())
            for column, value in enumerate(values)
        }

    @cached_property
    def _contradictions(self) -> Contradictions:
        return Contradictions(self.families, self.phrases, self._main_phrases, self.rules)

    @cached_property
    def _wishes(self) -> Wishes:
        return Wishes(self.families, self.phrases, self._main_phrases, self._contradictions)

    @cached_property
    def _reader(self) -> PromptReader:
        return PromptReader(
            self._phrases_at,
            self.phrases,
            self._main_phrases,
            Lexicon(self.families, self._key, self.fillers),
            self._stem,
            self._longest_phrase,
        )

    @cached_property
    def _explainer(self) -> Explainer:
        english = self.phrases.keys() | self.spelled_out.keys()
        near = NearestPhrases(
            {phrase: [self._stem(word) for word in tokens(phrase)] for phrase in self._typeable},
            kinds(KINDS, self._key, english)
            | {self._key(word): phrases for word, phrases in self.related.items()},
            kinds(HEADS, self._key, english),
        )
        return Explainer(near, self._stem, self.fillers, self.chinese)


def _once(refused: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Each refusal once, however often it was said."""
    return tuple({each.text: each for each in refused}.values())
