"""The phrases that a checkpoint understands: parse, explain, suggest.

A phrasebook is data (`phrasebook.json` in a checkpoint's folder). It says which attributes each
English phrase asks for, which English phrase stands for a Chinese one, and which attributes
cannot go together. It knows nothing of any particular world.
"""

import difflib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from heapq import nlargest
from itertools import zip_longest
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple

from studio.domain import (
    CheckpointError,
    ContradictoryPhrasesError,
    EmptyPromptError,
    NothingKnownError,
    PromptTooLongError,
)

ABSENT = "none"
"""The value of a family that does not apply or of a detail that is not there."""
PHRASEBOOK_FILE = "phrasebook.json"
SCHEMA_VERSION = 1
MAX_PROMPT_CHARACTERS = 1000
MOST_NEAREST = 3
MOST_EXPLAINED = 20  # unknown phrases that get nearest ones; nobody reads more

_BETWEEN_PHRASES = re.compile(r"[,;|\n\r\u3001\u3002\uff0c\uff1b]+|\.(?=\s|$)")
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[^\w\s]")
_NOT_A_PLURAL = ("ss", "us", "is")

Language = Literal["en", "zh"]


@dataclass(frozen=True)
class PhraseRule:
    """When `family` has one of `values`, `other` must have one of `allowed`."""

    family: str
    values: tuple[str, ...]
    other: str
    allowed: tuple[str, ...]


@dataclass(frozen=True)
class UnknownPhrase:
    """Words that the model was never taught, and up to three known phrases near to them."""

    text: str
    nearest: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Phrases that cannot all be drawn, and a sentence that says what to do."""

    phrases: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Split:
    """A phrase as typed, and the known phrases that it was read as."""

    text: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class ParsedPrompt:
    """What a prompt asks for.

    `phrases` are in the canonical order of families, so that the order of typing cannot change
    the design. They are the English phrases that the text tower reads.
    """

    attributes: dict[str, str]
    phrases: tuple[str, ...]
    unknown: tuple[UnknownPhrase, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    splits: tuple[Split, ...] = ()

    @property
    def prompt(self) -> str:
        """The known phrases in canonical order, as the text tower reads them."""
        return ", ".join(self.phrases)

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
        words = _in_quotes([each.text for each in self.unknown[:3]])
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
    rules: tuple[PhraseRule, ...] = ()
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
        pointed_at = [*self.chinese.values(), *self.suggestions]
        pointed_at += [phrase for near in self.related.values() for phrase in near]
        spelled = [phrase for phrases in self.spelled_out.values() for phrase in phrases]
        strange_phrases = set(spelled) - self.phrases.keys()
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
        except (ValueError, TypeError, KeyError, AttributeError) as error:
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
                splits.append(Split(_one_line(typed), tuple(found.phrases)))
        kept = self._merge(phrases)
        ordered = tuple(sorted(kept, key=self.canonical_place))
        return ParsedPrompt(
            attributes=self._attributes(kept),
            phrases=ordered,
            unknown=tuple(
                UnknownPhrase(text, self._nearest(text) if place < MOST_EXPLAINED else ())
                for place, text in enumerate(dict.fromkeys(unknown))
            ),
            conflicts=tuple(self._conflicts(ordered)),
            splits=tuple(splits),
        )

    def _cut(self, typed: str) -> _Found:
        tokens = self._tokens(typed)
        phrases: list[str] = []
        unknown: list[str] = []
        loose: list[str] = []  # unknown words that stand together
        negated = False
        place = 0
        while place < len(tokens):
            known, size = self._longest_known(tokens, place)
            if not known:
                loose.append(tokens[place])
                negated = negated or tokens[place] in self.negations
                place += 1
                continue
            if negated:
                # "no sequins" must not become "sequins".
                loose += tokens[place : place + size]
                negated = False
            else:
                phrases += known
                unknown += self._unknown_words(loose)
                loose = []
            place += size
        if not phrases:
            return _Found([], [_one_line(typed)])
        return _Found(phrases, unknown + self._unknown_words(loose))

    def _unknown_words(self, loose: list[str]) -> list[str]:
        words = list(loose)
        while words and words[0] in self.fillers:
            words.pop(0)
        while words and words[-1] in self.fillers:
            words.pop()
        return [_joined(words)] if words else []

    def _longest_known(self, tokens: list[str], start: int) -> tuple[tuple[str, ...], int]:
        for size in range(min(self._longest_phrase, len(tokens) - start), 0, -1):
            phrases = self._phrases_at.get(self._join(tokens[start : start + size]))
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

    def canonical_place(self, phrase: str) -> tuple[list[tuple[int, int]], str]:
        """Sort key of a known phrase: where it stands in the canonical order."""
        places = [
            (self._family_place[family], self._bit[family, value])
            for family, value in self.phrases[phrase].items()
        ]
        return sorted(places), phrase

    def _tokens(self, text: str) -> list[str]:
        """Words in normal form; each Chinese character and each emoji is a word of its own."""
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        plain = re.sub(r"['\u2018\u2019\u200d\ufe0f]", "", plain)
        tokens = _TOKEN.findall(unicodedata.normalize("NFKC", plain))
        return [t for t in tokens if t.isalnum() or unicodedata.category(t[0]) == "So"]

    def _join(self, tokens: Iterable[str]) -> str:
        return "".join(self._stem(token) for token in tokens)

    def _key(self, text: str) -> str:
        return self._join(self._tokens(text))

    def _stem(self, word: str) -> str:
        if word in self.spellings:
            return self.spellings[word]
        singular = word
        if word.endswith(("sses", "shes", "ches", "xes")):
            singular = word[:-2]
        elif len(word) > 2 and word.endswith("s") and not word.endswith(_NOT_A_PLURAL):
            singular = word[:-1]
        return self.spellings.get(singular, singular)

    # --- What goes together ------------------------------------------------------------------

    def can_go_together(self, attributes: Mapping[str, str]) -> bool:
        """Whether some design has all of these attributes, as far as the rules tell."""
        return self._narrowed(attributes) is not None

    def _narrowed(self, attributes: Mapping[str, str]) -> list[int] | None:
        """What each family can still be, given some attributes; None if nothing is left.

        A family's values are the bits of one whole number. Values without a partner in another
        family are struck out until nothing changes (arc consistency).
        """
        left = [(1 << len(values)) - 1 for values in self.families.values()]
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

    def _conflicts(self, phrases: tuple[str, ...]) -> list[Conflict]:
        asked = [pair for phrase in phrases for pair in self.phrases[phrase].items()]
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
        while not self.can_go_together(self._attributes(clear)):
            core = self._smallest_conflict(clear)
            message = f"{_in_quotes(core)} cannot be drawn together: remove one of them."
            conflicts.append(Conflict(tuple(core), message))
            clear.remove(core[-1])
        return conflicts

    def _agree(self, one: str, two: str) -> bool:
        return not self._clashing_family(one, two) and self.can_go_together(
            {**self.phrases[one], **self.phrases[two]}
        )

    def _clashing_family(self, one: str, two: str) -> str | None:
        asked = self.phrases[one]
        other = self.phrases[two]
        return next((name for name in asked if other.get(name, asked[name]) != asked[name]), None)

    def _explain(self, one: str, two: str) -> Conflict:
        family = self._clashing_family(one, two)
        if family is not None:
            message = (
                f"{_in_quotes([one, two])} contradict each other ({family}): keep one of them."
            )
        else:
            message = self._broken_rule_message(one, two)
        return Conflict((one, two), message)

    def _broken_rule_message(self, one: str, two: str) -> str:
        for reason, victim in ((one, two), (two, one)):
            asked, other = self.phrases[reason], self.phrases[victim]
            for rule in self.rules:
                broken = other.get(rule.other, rule.allowed[0]) not in rule.allowed
                if asked.get(rule.family) in rule.values and broken:
                    return self._rule_sentence(reason, victim, rule)
        return f"{_in_quotes([one, two])} cannot be drawn together: remove one of them."

    def _rule_sentence(self, reason: str, victim: str, rule: PhraseRule) -> str:
        instead = [self.canonical(rule.other, each) for each in rule.allowed if each != ABSENT]
        options = [phrase for phrase in instead if phrase is not None][:3]
        if options:
            return (
                f"\u201c{reason}\u201d does not go with \u201c{victim}\u201d: remove one of them, "
                f"or ask for {_in_quotes(options, 'or')} instead of \u201c{victim}\u201d."
            )
        if rule.family == next(iter(self.families)):
            return (
                f"\u201c{reason}\u201d has no {rule.other}, so \u201c{victim}\u201d "
                "cannot be drawn: remove one of them."
            )
        return f"{_in_quotes([reason, victim])} cannot be drawn together: remove one of them."

    def _smallest_conflict(self, phrases: list[str]) -> list[str]:
        core = list(phrases)
        for phrase in phrases:
            without = [other for other in core if other != phrase]
            if not self.can_go_together(self._attributes(without)):
                core = without
        return core

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
        """Known phrases near to unknown words, in letters or (by hand) in meaning."""
        tokens = self._tokens(text)
        if tokens and tokens[0] in self.negations:
            return self._instead_of_negation(tokens)
        words = [self._stem(token) for token in tokens if token not in self.fillers]
        whole = self._alike(words)
        found = list(self._related_to.get("".join(words), ()))
        found += [phrase for likeness, phrase in whole if likeness >= 0.85]
        by_word = zip_longest(*self._near_each_word(words))
        found += [phrase for turn in by_word for phrase in turn if phrase is not None]
        found += [phrase for _, phrase in whole]
        return tuple(dict.fromkeys(found))[:MOST_NEAREST]

    def _near_each_word(self, words: list[str]) -> list[tuple[str, ...]]:
        rows = []
        place = 0
        while place < len(words):
            windows = [
                (size, self._related_to.get("".join(words[place : place + size])))
                for size in range(min(self._longest_phrase, len(words) - place), 0, -1)
            ]
            size, near = next(filter(itemgetter(1), windows), (1, None))
            rows.append(near or tuple(phrase for _, phrase in self._alike([words[place]])[:2]))
            place += size
        return rows

    def _instead_of_negation(self, tokens: list[str]) -> tuple[str, ...]:
        """What to ask for instead of "no sequins": "untrimmed", if there is a word for it."""
        phrases, _ = next(
            filter(all, (self._longest_known(tokens, place) for place in range(1, len(tokens)))),
            ((), 0),
        )
        families = [family for phrase in phrases for family in self.phrases[phrase]]
        absent = [self.canonical(family, ABSENT) for family in families]
        return tuple(phrase for phrase in absent if phrase is not None)[:MOST_NEAREST]

    def _alike(self, words: list[str]) -> list[tuple[float, str]]:
        """The phrases most like these words in their letters, with how alike they are."""
        pairs = _letter_pairs("".join(words))
        shared: Counter[str] = Counter()
        for pair in pairs:
            shared.update(self._with_pair.get(pair, ()))
        likely = nlargest(
            6, shared, key=lambda phrase: shared[phrase] / (len(pairs) + self._pair_counts[phrase])
        )
        typed = " ".join(words)
        scored = [(self._likeness(typed, words, phrase), phrase) for phrase in likely]
        alike = [(likeness, phrase) for likeness, phrase in scored if likeness >= 0.7]
        alike.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(likeness, self.chinese.get(phrase, phrase)) for likeness, phrase in alike]

    def _likeness(self, typed: str, words: list[str], phrase: str) -> float:
        spelled = self._stems[phrase]
        letters = difflib.SequenceMatcher(None, typed, " ".join(spelled)).ratio()
        return letters + 0.3 * len(set(words) & set(spelled)) / len(spelled)

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
        return 1 + max(len(self._tokens(text)) for text in self._typeable)

    @cached_property
    def _main_phrases(self) -> dict[tuple[str, str], str]:
        main: dict[tuple[str, str], str] = {}
        for phrase, asked in self.phrases.items():
            if len(asked) == 1:
                main.setdefault(next(iter(asked.items())), phrase)
        return main

    @cached_property
    def _family_place(self) -> dict[str, int]:
        return {family: place for place, family in enumerate(self.families)}

    @cached_property
    def _bit(self) -> dict[tuple[str, str], int]:
        return {
            (family, value): 1 << place
            for family, values in self.families.items()
            for place, value in enumerate(values)
        }

    @cached_property
    def _partners(self) -> list[list[tuple[int, int, int]]]:
        """Place of a family -> (another family's place, one value there, its partners here)."""
        allowed: dict[tuple[int, int, int], int] = {}
        for rule in self.rules:
            here, there = self._family_place[rule.other], self._family_place[rule.family]
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

    @cached_property
    def _related_to(self) -> dict[str, tuple[str, ...]]:
        return {self._key(word): phrases for word, phrases in self.related.items()}

    @cached_property
    def _stems(self) -> dict[str, list[str]]:
        return {
            phrase: [self._stem(token) for token in self._tokens(phrase)]
            for phrase in self._typeable
        }

    @cached_property
    def _with_pair(self) -> dict[str, list[str]]:
        index: dict[str, list[str]] = {}
        for phrase, stems in self._stems.items():
            for pair in _letter_pairs("".join(stems)):
                index.setdefault(pair, []).append(phrase)
        return index

    @cached_property
    def _pair_counts(self) -> Counter[str]:
        return Counter(phrase for phrases in self._with_pair.values() for phrase in phrases)


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
            PhraseRule(rule["family"], tuple(rule["values"]), rule["other"], tuple(rule["allowed"]))
            for rule in record["rules"]
        ),
        **{name: tuple(record[name]) for name in ("fillers", "negations", "suggestions")},
    }


def _letter_pairs(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[place : place + 2] for place in range(len(padded) - 1)}


def _in_quotes(phrases: list[str], last: str = "and") -> str:
    quoted = [f"\u201c{phrase}\u201d" for phrase in phrases]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _joined(words: list[str]) -> str:
    """Words with spaces between them, but none between Chinese characters."""
    return re.sub(rf"(?<=[{_CJK}]) (?=[{_CJK}])", "", " ".join(words))
