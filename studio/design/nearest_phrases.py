"""Known phrases that are near to unknown words: by what they mean, or a slip of the fingers."""

import difflib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import zip_longest

from studio.design.phrase_words import joined, tokens
from studio.design.reading import ReadPhrase

MOST_NEAREST = 3
MOST_EXPLAINED = 20  # unknown phrases that get nearest ones; nobody reads more
MOST_WORDS = 8  # of an unknown phrase; what comes after them is not looked at
ALIKE = 0.8
"""Likeness of letters above which a word may be a slip of another; less says nothing."""
SHORTEST = 4
"""Letters of a word that can be told to be a slip."""


class NearestPhrases:
    """Finds known phrases by what words mean, as tables tell, and by their letters for slips.

    Args:
        stems: known phrase -> its words, each reduced to its stem.
        related: stems of unknown words, joined -> known phrases near in meaning.
        heads: stem of a phrase's last word -> known phrases of that kind.
    """

    def __init__(
        self,
        stems: Mapping[str, list[str]],
        related: Mapping[str, tuple[str, ...]],
        heads: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._stems = stems
        self._related = related
        self._heads = heads
        self._with_pair: dict[str, list[str]] = {}
        for phrase, words in stems.items():
            for pair in _letter_pairs("".join(words)):
                self._with_pair.setdefault(pair, []).append(phrase)
        self._pair_counts = Counter(
            phrase for phrases in self._with_pair.values() for phrase in phrases
        )

    def near(self, words: Sequence[str]) -> list[str]:
        """Phrases near to these stems, the nearest first.

        What the words mean comes first, all of them before each one; then what they may be a slip
        of; then what the last of them is a kind of.
        """
        words = list(words[:MOST_WORDS])
        rows = [near or self._slips_of(each) for each, near in self._meant(words)]
        found = [phrase for turn in zip_longest(*rows) for phrase in turn if phrase is not None]
        found += self._slips_of(words)
        if not found:
            found += self._kind_of(words)
        return list(dict.fromkeys(found))

    def by_meaning(self, words: Sequence[str]) -> list[tuple[tuple[int, int], tuple[str, ...]]]:
        """Where in the words a table knows a meaning: (start, end) and the phrases near to it."""
        found = []
        place = 0
        for each, near in self._meant(list(words[:MOST_WORDS])):
            if near:
                found.append(((place, place + len(each)), near))
            place += len(each)
        return found

    def _meant(self, words: list[str]) -> Iterator[tuple[list[str], tuple[str, ...]]]:
        """The longest words that a table knows, left to right, and single ones that it doesn't."""
        place = 0
        while place < len(words):
            for size in range(len(words) - place, 0, -1):
                window = words[place : place + size]
                near = self._related.get("".join(window), ())
                if near or size == 1:
                    yield window, near
                    place += size
                    break

    def _kind_of(self, words: Sequence[str]) -> tuple[str, ...]:
        for place in range(len(words)):  # Chinese nouns are several characters
            found = self._heads.get("".join(words[place:]))
            if found:
                return found
        return ()

    def _slips_of(self, words: Sequence[str]) -> tuple[str, ...]:
        """The phrases that these words are written almost like."""
        typed = "".join(words)
        if len(typed) < SHORTEST or not typed.isascii():
            return ()
        pairs = _letter_pairs(typed)
        shared: Counter[str] = Counter()
        for pair in pairs:
            shared.update(self._with_pair.get(pair, ()))
        likely = nlargest(
            6, shared, key=lambda phrase: shared[phrase] / (len(pairs) + self._pair_counts[phrase])
        )
        scored = [(_likeness(typed, "".join(self._stems[phrase])), phrase) for phrase in likely]
        alike = [(likeness, phrase) for likeness, phrase in scored if likeness >= ALIKE]
        return tuple(phrase for _, phrase in sorted(alike, key=lambda pair: (-pair[0], pair[1])))


class Explainer:
    """Says of what was read which known phrases are near to its unknown words.

    Args:
        near: finds them.
        stem: of one word.
        fillers: words that ask for nothing.
        chinese: Chinese phrase -> the English one that stands for it.
    """

    def __init__(
        self,
        near: NearestPhrases,
        stem: Callable[[str], str],
        fillers: Collection[str],
        chinese: Mapping[str, str],
    ) -> None:
        self._near = near
        self._stem = stem
        self._fillers = fillers
        self._chinese = chinese

    def explained(self, read: Sequence[ReadPhrase]) -> Iterator[ReadPhrase]:
        """The same, with what is near to whole phrases, and to words within understood ones."""
        explained = 0
        for each in read:
            if explained >= MOST_EXPLAINED:
                yield each
            elif each.unknown:
                explained += 1
                yield replace(each, nearest=self._nearest(each.text))
            else:
                hints = tuple(hint for text in each.ignored for hint in self._hints(text))
                explained += len(hints)
                yield replace(each, hints=hints) if hints else each

    def _nearest(self, text: str) -> tuple[str, ...]:
        words = [self._stem(word) for word in tokens(text) if word not in self._fillers]
        english = [self._chinese.get(phrase, phrase) for phrase in self._near.near(words)]
        return tuple(dict.fromkeys(english))[:MOST_NEAREST]

    def _hints(self, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        words = tokens(text)
        for (start, end), near in self._near.by_meaning([self._stem(word) for word in words]):
            yield joined(words[start:end]), near[:MOST_NEAREST]


def _likeness(typed: str, known: str) -> float:
    """From 0 to 1; people rarely miss the first letter of a word."""
    if typed[0] != known[0]:
        return 0.0
    return difflib.SequenceMatcher(None, typed, known).ratio()


def _letter_pairs(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[place : place + 2] for place in range(len(padded) - 1)}
