"""The phrases that a checkpoint understands: parse, explain, suggest.

A phrasebook is data (`phrasebook.json` in a checkpoint's folder). It says which attributes each
English phrase asks for, which English phrase stands for a Chinese one, and which attributes
cannot go together. It knows nothing of any particular world.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from studio.design.contradictions import Conflict, Contradictions
from studio.design.families import NONE
from studio.design.nearest_phrases import NearestPhrases
from studio.design.phrase_words import in_quotes, joined, one_line, stem, tokens
from studio.design.rules import Rule
from studio.domain import (
    CheckpointError,
    ContradictoryPhrasesError,
    EmptyPromptError,
    NothingKnownError,
    PromptTooLongError,
)

PHRASEBOOK_FILE = "phrasebook.json"
SCHEMA_VERSION = 2
MAX_PROMPT_CHARACTERS = 1000
MOST_NEAREST = 3
MOST_EXPLAINED = 20  # unknown phrases that get nearest ones; nobody reads more

_BETWEEN_PHRASES = re.compile(r"[,;|\n\r\u3001\u3002\uff0c\uff1b]+|\.(?=\s|$)")

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class UnknownPhrase:
    """Words that the model was never taught, and up to three known phrases near to them."""

    text: str
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Split:
    """A phrase as typed, and the known phrases that it was read as."""

    text: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class ParsedPrompt:
    """What a prompt asks for.

    `phrases` are the known ones, in English and in the canonical order of families, so that the
    order of typing cannot change the design. `plain_phrases` say the same with each value's main
    phrase, so that synonyms cannot change it either; the generator reads those.
    """

    attributes: dict[str, str]
    phrases: tuple[str, ...]
    plain_phrases: tuple[str, ...] = ()
    unknown: tuple[UnknownPhrase, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    splits: tuple[Split, ...] = ()

    @property
    def prompt(self) -> str:
        """The known phrases in canonical order."""
        return ", ".join(self.phrases)

    @property
    def plain_prompt(self) -> str:
        """What the generator reads."""
        return ", ".join(self.plain_phrases)

    def check(self) -> None:
        """Refuse a prompt that cannot become a design.

        Raises:
            EmptyPromptError: nothing was typed.
            NothingKnownError: none of the phrases is known.
            ContradictoryPhrasesError: some of the phrases cannot go together.
        """
        if self.conflicts:
            raise ContradictoryPhrasesError(" ".join(each.message for each in self.conflicts))
        if self.phrases:
            return
        if not self.unknown:
            raise EmptyPromptError(
                "Type what you want to see, in short phrases between commas: dress, v-neck, red."
            )
        nearest = [phrase for each in self.unknown[:3] for phrase in each.nearest]
        hint = f" Near to it: {', '.join(dict.fromkeys(nearest))}." if nearest else ""
        words = in_quotes([each.text for each in self.unknown[:3]])
        raise NothingKnownError(f"The model does not know {words}.{hint} Start with a garment.")


class _Found(NamedTuple):
    """One typed phrase cut into known phrases and unknown words."""

    phrases: list[str]
    unknown: list[str]


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
        path = _file_at(path)
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            version = record.pop("schema_version")
            if version == SCHEMA_VERSION:
                return cls(**_from_json(record))
        except OSError as error:
            raise CheckpointError(
                f"The phrasebook {path} cannot be read. Restore it from the checkpoint."
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise CheckpointError(
                f"The phrasebook {path} is broken. Restore it from the checkpoint."
            ) from error
        raise CheckpointError(
            f"The phrasebook {path} has version {version}, but this studio reads version "
            f"{SCHEMA_VERSION}. Use the studio that came with the checkpoint."
        )

    def save(self, path: Path) -> None:
        """Write the phrasebook to a file, or as `phrasebook.json` into a folder."""
        record = {"schema_version": SCHEMA_VERSION, **asdict(self)}
        text = json.dumps(record, ensure_ascii=False, indent=1)
        _file_at(path).write_text(text + "\n", encoding="utf-8")

    # --- Vocabulary --------------------------------------------------------------------------

    def known_phrases(self) -> tuple[str, ...]:
        """Every English phrase that the model was taught."""
        return tuple(self.phrases)

    def canonical(self, family: str, value: str) -> str | None:
        """The main phrase of a value; None where no phrase says it alone."""
        return self._main_phrases.get((family, value))

    def labels(self, language: Language) -> dict[str, str]:
        """English phrase -> what to show for it; phrases without a translation show themselves."""
        if language == "en":
            return {phrase: phrase for phrase in self.phrases}
        chinese: dict[str, str] = {}
        for label, phrase in self.chinese.items():
            chinese.setdefault(phrase, label)
        return {
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

    def parse(self, prompt: str) -> ParsedPrompt:
        """Read a prompt: phrases between commas, in any order, in English or Chinese.

        A phrase that is not known as a whole is cut, left to right, into the longest known
        phrases. Nothing is dropped silently: what is left over is reported as unknown.

        Raises:
            PromptTooLongError: the prompt is longer than MAX_PROMPT_CHARACTERS.
        """
        if len(prompt) > MAX_PROMPT_CHARACTERS:
            raise PromptTooLongError(
                f"The prompt has {len(prompt):,} characters. Shorten it to at most "
                f"{MAX_PROMPT_CHARACTERS:,}: a few short phrases between commas work best."
            )
        phrases: list[str] = []
        unknown: list[str] = []
        splits: list[Split] = []
        for typed in filter(None, map(str.strip, _BETWEEN_PHRASES.split(prompt))):
            found = self._cut(typed)
            phrases += found.phrases
            unknown += found.unknown
            if len(found.phrases) > 1:
                splits.append(Split(one_line(typed), tuple(found.phrases)))
        kept = self._merge(phrases)
        ordered = tuple(sorted(kept, key=self.canonical_place))
        attributes = self._attributes(kept)
        return ParsedPrompt(
            attributes=attributes,
            phrases=ordered,
            plain_phrases=self._plain(attributes, ordered),
            unknown=tuple(
                UnknownPhrase(text, self._nearest(text) if place < MOST_EXPLAINED else ())
                for place, text in enumerate(dict.fromkeys(unknown))
            ),
            conflicts=tuple(self._contradictions.among(ordered)),
            splits=tuple(splits),
        )

    def beyond(self, asked: ParsedPrompt, attributes: Mapping[str, str]) -> tuple[str, ...]:
        """The phrases for what attributes have beyond a prompt; what is absent is not told."""
        phrases = (
            self.canonical(family, value)
            for family, value in attributes.items()
            if family not in asked.attributes and value != NONE
        )
        return tuple(filter(None, phrases))

    def _cut(self, typed: str) -> _Found:
        words = tokens(typed)
        phrases: list[str] = []
        unknown: list[str] = []
        loose: list[str] = []  # unknown words that stand together
        negated = False
        place = 0
        while place < len(words):
            known, size = self._longest_known(words, place)
            if not known:
                loose.append(words[place])
                negated = negated or words[place] in self.negations
                place += 1
                continue
            if negated:
                # "no sequins" must not become "sequins".
                loose += words[place : place + size]
                negated = False
            else:
                phrases += known
                unknown += self._unknown_words(loose)
                loose = []
            place += size
        if not phrases:
            return _Found([], [one_line(typed)])
        return _Found(phrases, unknown + self._unknown_words(loose))

    def _unknown_words(self, loose: list[str]) -> list[str]:
        words = list(loose)
        while words and words[0] in self.fillers:
            words.pop(0)
        while words and words[-1] in self.fillers:
            words.pop()
        return [joined(words)] if words else []

    def _longest_known(self, words: list[str], start: int) -> tuple[tuple[str, ...], int]:
        for size in range(min(self._longest_phrase, len(words) - start), 0, -1):
            phrases = self._phrases_at.get(self._join(words[start : start + size]))
            if phrases:
                return phrases, size
        return (), 0

    def _merge(self, phrases: Iterable[str]) -> list[str]:
        """Drop repetitions, and phrases that ask for less than another one asks for."""
        kept: list[str] = []
        for phrase in phrases:
            asked = self.phrases[phrase].items()
            if any(asked <= self.phrases[other].items() for other in kept):
                continue
            kept = [other for other in kept if not self.phrases[other].items() <= asked]
            kept.append(phrase)
        return kept

    def _attributes(self, phrases: Iterable[str]) -> dict[str, str]:
        """Family -> value in canonical order; the first phrase wins where two disagree."""
        asked: dict[str, str] = {}
        for phrase in phrases:
            asked = {**self.phrases[phrase], **asked}
        return {family: asked[family] for family in self.families if family in asked}

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

    def can_go_together(self, attributes: Mapping[str, str]) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell."""
        return self._contradictions.can_go_together(attributes)

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
                {**parsed.attributes, **asked}
            ):
                queues.setdefault(next(iter(asked)), []).append(phrase)
        first = queues.get(next(iter(self.families)), [])
        offered = first[: limit // 3]
        del first[: limit // 3]
        for place in range(max(map(len, queues.values()), default=0)):
            offered += [queue[place] for queue in queues.values() if place < len(queue)]
        return tuple(offered[:limit])

    # --- Nearest phrases ---------------------------------------------------------------------

    def _nearest(self, text: str) -> tuple[str, ...]:
        words = tokens(text)
        if words and words[0] in self.negations:
            return self._instead_of_negation(words)
        near = self._near.near([self._stem(word) for word in words if word not in self.fillers])
        english = [self.chinese.get(phrase, phrase) for phrase in near]
        return tuple(dict.fromkeys(english))[:MOST_NEAREST]

    def _instead_of_negation(self, words: list[str]) -> tuple[str, ...]:
        """What to ask for instead of "no sequins": "untrimmed", if there is a word for it."""
        phrases, _ = next(
            filter(all, (self._longest_known(words, place) for place in range(1, len(words)))),
            ((), 0),
        )
        families = [family for phrase in phrases for family in self.phrases[phrase]]
        absent = [self.canonical(family, NONE) for family in families]
        return tuple(phrase for phrase in absent if phrase is not None)[:MOST_NEAREST]

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
    def _near(self) -> NearestPhrases:
        return NearestPhrases(
            {phrase: [self._stem(word) for word in tokens(phrase)] for phrase in self._typeable},
            {self._key(word): phrases for word, phrases in self.related.items()},
        )


def _file_at(path: Path) -> Path:
    return path / PHRASEBOOK_FILE if path.is_dir() else path


def _from_json(record: dict[str, Any]) -> dict[str, Any]:
    """The constructor's arguments, with JSON's lists as tuples again."""
    return {
        **record,
        "families": {family: tuple(values) for family, values in record["families"].items()},
        **{
            name: {typed: tuple(phrases) for typed, phrases in record[name].items()}
            for name in ("related", "spelled_out")
        },
        "rules": tuple(
            Rule(
                rule["family"],
                tuple(rule["values"]),
                rule["other"],
                tuple(rule["allowed"]),
                rule["also"] and (rule["also"][0], tuple(rule["also"][1])),
            )
            for rule in record["rules"]
        ),
        **{name: tuple(record[name]) for name in ("fillers", "negations", "suggestions")},
    }
