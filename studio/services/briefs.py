"""What the studio knows of a design beside the design itself, for its sheets."""

from datetime import tzinfo

from studio.design.families import FAMILIES
from studio.design.phrase_splitter import split_prompt
from studio.design.reading import ReadPhrase
from studio.domain import MAX_PROMPT_CHARACTERS, Candidate, CandidateGroup
from studio.perfusion.generator import Generator
from studio.services.known_designs import KnownDesigns
from studio.services.stores import StoreBook
from studio.techpack.pack import Brief
from studio.techpack.said import Said


class BriefWriter:
    """Finds the words for what is known of designs, in both languages.

    Args:
        generator: has Chinese names for phrases.
        stores: who designs are for.
        known: has the phrases for values.
    """

    def __init__(self, generator: Generator, stores: StoreBook, known: KnownDesigns) -> None:
        self._generator = generator
        self._stores = stores
        self._known = known

    def of(self, group: CandidateGroup, candidate: Candidate, zone: tzinfo | None = None) -> Brief:
        """What is known of a candidate; days are those of `zone`, None for this machine's."""
        known = self._known.of(group, candidate)
        typed = group.request.generation.prompt
        store_id = group.request.store_id
        return Brief(
            number=number_of(group, candidate),
            made_on=group.made_at.astimezone(zone).date(),
            store="" if store_id is None else self._stores.get(store_id).name,
            typed=" ".join(typed.split()),
            phrases=tuple(each.text for each in split_prompt(typed).phrases if not each.refused),
            typed_of=self._typed_of(typed),
            names=self._names(dict(known.values)),
            family_names=self._family_names(),
            colour_names=known.colour_names,
            footer=" · ".join(filter(None, (f"seed {candidate.seed}", group.checkpoint))),
        )

    def _typed_of(self, prompt: str) -> dict[str, str]:
        """Family -> the words that asked for it and for nothing else, as they were typed."""
        book = self._generator.phrasebook
        if book is None or len(prompt) > MAX_PROMPT_CHARACTERS:
            return {}
        found: dict[str, str] = {}
        parsed = book.parse(prompt)
        for read in parsed.read:
            for phrase in read.wanted:
                asked = book.phrases.get(phrase, {})
                if len(asked) == 1 and phrase in parsed.phrases:
                    found[next(iter(asked))] = _typed(read, phrase)
        return found

    def _names(self, values: dict[str, str]) -> dict[str, Said]:
        book = self._generator.phrasebook
        chinese = book.labels("zh") if book else {}
        phrases = self._known.phrases(values)
        phrases |= {f"colour:{name}": name for name in FAMILIES["colour"]}
        return {key: Said(phrase, chinese.get(phrase, phrase)) for key, phrase in phrases.items()}

    def _family_names(self) -> dict[str, Said]:
        book = self._generator.phrasebook
        if book is None:
            return {}
        return {family: Said(family, name) for family, name in book.family_labels("zh").items()}


def _typed(read: ReadPhrase, phrase: str) -> str:
    """What was typed where it says no more than this phrase; else the phrase."""
    says_more = len(read.wanted) > 1 or read.ignored or read.refused or read.leanings
    return phrase if says_more else read.text


def number_of(group: CandidateGroup, candidate: Candidate) -> str:
    """What people call a design: round and place in it."""
    return f"PF-{group.id:06d}-{candidate.position}"
