"""Every word on the screen that is not a person's own, in two languages."""

from collections.abc import Mapping, Sequence
from string import Formatter

from studio.design.contradictions import Conflict
from studio.ui.words_chinese import CHINESE
from studio.ui.words_english import ENGLISH

__all__ = ["CHINESE", "ENGLISH", "EXAMPLES", "Words"]

EXAMPLES = {
    "en": (
        "dress, v-neck, slim-fit, long sleeves, long-hair model",
        "blouse, puff sleeves, lace yoke, white",
        "coat, belt, knee-length, camel",
    ),
    "zh": (
        "连衣裙，V领，修身，长袖，长发",
        "上衣，泡泡袖，蕾丝，白色",
        "大衣，腰带，及膝，驼色",
    ),
}


class Counting(Formatter):
    """Fills sentences: `{count:vote|votes}` becomes "1 vote", or "2 votes"."""

    def format_field(self, value: object, format_spec: str) -> str:
        """A value in its place, with its noun where there is one."""
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if str(value) == '1' else many}"


_COUNTING = Counting()


class Words(dict[str, str]):
    """The words of one language, and what the phrases of the model are called in it.

    Args:
        words: `ENGLISH` or `CHINESE`.
        phrases: English phrase -> what to show for it; what is missing shows itself.
    """

    def __init__(self, words: Mapping[str, str], phrases: Mapping[str, str]) -> None:
        super().__init__(words)
        self._phrases = phrases

    def told(self, key: str, values: Mapping[str, object]) -> str:
        """A sentence with values in its places, and its nouns in the number that they ask for."""
        return _COUNTING.vformat(self[key], (), values)

    def phrase(self, phrase: str) -> str:
        """A phrase of the model, as it is shown."""
        return self._phrases.get(phrase, phrase)

    def prompt(self, prompt: str) -> str:
        """Phrases between commas, as they are shown."""
        return ", ".join(map(self.phrase, prompt.split(", ")))

    def conflict(self, conflict: Conflict) -> str:
        """Why phrases can't be drawn, and what to do; in English the phrasebook says it itself."""
        key = f"conflict:{conflict.reason}"
        sentence = self.get(key, conflict.message)
        if not conflict.options:
            sentence = self.get(f"{key}_plain", sentence)
        if sentence == conflict.message:
            return sentence
        return sentence.format(
            phrases=self._quoted(conflict.phrases),
            first=self.phrase(conflict.phrases[0]) if conflict.phrases else "",
            last=self.phrase(conflict.phrases[-1]) if conflict.phrases else "",
            refused=self._quoted(conflict.refused),
            options=self._quoted(conflict.options),
        )

    def _quoted(self, phrases: Sequence[str]) -> str:
        return "、".join(f"“{self.phrase(each)}”" for each in phrases)

    def question(self, name: str, label: str) -> str:
        """What a store is asked."""
        return self.get(f"question:{name}", label)

    def answer(self, answer: object) -> str:
        """What a store has answered, as a person reads it."""
        if isinstance(answer, tuple):
            return ", ".join(map(self.answer, answer))
        text = f"{answer:g}" if isinstance(answer, float) else str(answer)
        return self.get(f"answer:{text}", text)

    def error(self, error: Exception) -> str:
        """What went wrong, as a sentence."""
        return self.get(type(error).__name__, str(error))
