"""Known phrases that are near to unknown words."""

import difflib
from collections import Counter
from collections.abc import Mapping
from heapq import nlargest
from itertools import zip_longest
from operator import itemgetter

MOST_WORDS = 8  # of an unknown phrase; what comes after them is not looked at
LIKE = 0.7
VERY_LIKE = 0.85


class NearestPhrases:
    """Finds known phrases by meaning, as a table tells, or by their letters.

    Args:
        stems: known phrase -> its words, each reduced to its stem.
        related: stems of unknown words, joined -> known phrases near in meaning.
    """

    def __init__(
        self, stems: Mapping[str, list[str]], related: Mapping[str, tuple[str, ...]]
    ) -> None:
        self._stems = stems
        self._related = related
        self._with_pair: dict[str, list[str]] = {}
        for phrase, words in stems.items():
            for pair in _letter_pairs("".join(words)):
                self._with_pair.setdefault(pair, []).append(phrase)
        self._pair_counts = Counter(
            phrase for phrases in self._with_pair.values() for phrase in phrases
        )

    def near(self, words: list[str]) -> list[str]:
        """Phrases near to these stems, the nearest first: to all of them, then to each one."""
        words = words[:MOST_WORDS]
        whole = self._alike(words)
        found = list(self._related.get("".join(words), ()))
        found += [phrase for likeness, phrase in whole if likeness >= VERY_LIKE]
        by_word = zip_longest(*self._near_each_word(words))
        found += [phrase for turn in by_word for phrase in turn if phrase is not None]
        found += [phrase for _, phrase in whole]
        return list(dict.fromkeys(found))

    def _near_each_word(self, words: list[str]) -> list[tuple[str, ...]]:
        rows = []
        place = 0
        while place < len(words):
            windows = [
                (size, self._related.get("".join(words[place : place + size])))
                for size in range(len(words) - place, 0, -1)
            ]
            size, near = next(filter(itemgetter(1), windows), (1, None))
            rows.append(near or tuple(phrase for _, phrase in self._alike([words[place]])[:2]))
            place += size
        return rows

    def _alike(self, words: list[str]) -> list[tuple[float, str]]:
        """The phrases most like these words in their letters, with how alike they are."""
        pairs = _letter_pairs("".join(words))
        shared: Counter[str] = Counter()
        for pair in pairs:
            shared.update(self._with_pair.get(pair, ()))
        likely = nlargest(
            6, shared, key=lambda phrase: shared[phrase] / (len(pairs) + self._pair_counts[phrase])
        )
        scored = [(self._likeness(words, phrase), phrase) for phrase in likely]
        alike = [(likeness, phrase) for likeness, phrase in scored if likeness >= LIKE]
        return sorted(alike, key=lambda pair: (-pair[0], pair[1]))

    def _likeness(self, words: list[str], phrase: str) -> float:
        stems = self._stems[phrase]
        letters = difflib.SequenceMatcher(None, " ".join(words), " ".join(stems)).ratio()
        return letters + 0.3 * len(set(words) & set(stems)) / len(stems)


def _letter_pairs(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[place : place + 2] for place in range(len(padded) - 1)}
