"""What a sheet says, in English and in Chinese."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

Language = Literal["en", "zh", "both"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Said(NamedTuple):
    """A text in both languages; names, numbers and what a person typed are the same in either."""

    en: str
    zh: str = ""

    def told(self, language: Language) -> str:
        """The text in a language; in both, English on a line before Chinese, once where alike."""
        chinese = self.zh or self.en
        if language == "zh":
            return chinese
        if language == "en" or chinese == self.en:
            return self.en
        return f"{self.en}\n{chinese}"

    def filled(self, **values: object) -> "Said":
        """With values in its places, in both languages."""
        in_english = {name: _in(value, "en") for name, value in values.items()}
        in_chinese = {name: _in(value, "zh") for name, value in values.items()}
        return Said(self.en.format(**in_english), (self.zh or self.en).format(**in_chinese))

    def __bool__(self) -> bool:
        """Whether it says anything."""
        return bool(self.en or self.zh)


NOTHING = Said("")


def listed(parts: Iterable[Said]) -> Said:
    """Several in one breath."""
    kept = [part for part in parts if part]
    return Said(", ".join(part.en for part in kept), "，".join(part.zh or part.en for part in kept))


def _in(value: object, language: Language) -> object:
    return value.told(language) if isinstance(value, Said) else value
