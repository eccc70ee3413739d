"""What is known of the designs on pictures: their own records, or words of older rounds."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.design.families import NONE
from studio.design.spec import DesignSpec, Origin, spec_of_values
from studio.domain import MAX_PROMPT_CHARACTERS, Candidate, CandidateGroup, DesignError
from studio.perfusion.generator import Generator
from studio.services.recipe import Recipe, recipe_in_file
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.image_files import ImageFiles

SAME_WITHIN = 0.5
"""Distance (CIE76) that nobody sees; rounding makes less of one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KnownDesign:
    """What is known of one picture's design.

    Attributes:
        values: family -> value: all of them, or those that the words of an older round tell.
        asked: the families that phrases told.
        spec: the design itself; None where only words tell of it, and the picture may show more.
        colour_names: measure -> the name that was typed for this very colour.
    """

    values: Mapping[str, str]
    asked: frozenset[str] = frozenset()
    spec: DesignSpec | None = None
    colour_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_spec(cls, spec: DesignSpec) -> "KnownDesign":
        """Everything is known."""
        return cls(spec.outfit, spec.asked, spec)

    def origin(self, name: str) -> Origin:
        """Who chose a family's value."""
        if self.spec is not None:
            return self.spec.origin(name)
        return "asked" if name in self.asked else "generated"

    def worn(self, *families: str) -> dict[str, str]:
        """Family -> value of what is there, without what is absent; of these families, or all."""
        return {
            family: value
            for family, value in self.values.items()
            if value != NONE and (not families or family in families)
        }

    def whole(self) -> DesignSpec | None:
        """The design itself, or the usual one that the words of an older round tell.

        None where nothing is known but what was asked for: any design with that would do.
        """
        if self.spec is not None or self.values.keys() <= self.asked:
            return self.spec
        try:
            return spec_of_values(self.values, self.asked)
        except DesignError:  # words of other rules than today's
            return None


class KnownDesigns:
    """Looks up what is known of pictures: in the rounds, else in their files' recipes.

    Args:
        database: where the rounds are.
        images: where the pictures are.
        generator: reads the words of older rounds.
    """

    def __init__(self, database: Database, images: ImageFiles, generator: Generator) -> None:
        self._groups = GroupStore(database)
        self._images = images
        self._generator = generator

    @property
    def are_drawn(self) -> bool:
        """Whether the checkpoint draws designs, and not pictures."""
        return self._generator.pipeline.codec is not None

    def of(self, group: CandidateGroup, candidate: Candidate) -> KnownDesign:
        """What is known of a candidate; perhaps nothing."""
        own = _read(candidate.design)
        if own is not None:
            return replace(own, colour_names=self._colour_names(group, own))
        recipe = recipe_in_file(self._images.find(candidate.image))
        if recipe is None:
            return self._told(group.prompt, candidate.lots)
        return _read(recipe.design) or self._told(group.prompt, candidate.lots or recipe.lots)

    def _colour_names(self, group: CandidateGroup, known: KnownDesign) -> dict[str, str]:
        """The names that a round's phrases gave to colours which the design has."""
        typed, book = group.request.generation.prompt, self._generator.phrasebook
        if book is None or known.spec is None or len(typed) > MAX_PROMPT_CHARACTERS:
            return {}
        return {
            measure: each.name
            for measure, each in book.parse(typed).colours.items()
            if each.colour is not None
            and each.colour.distance(getattr(known.spec.measures, measure)) < SAME_WITHIN
        }

    def told(self, words: str) -> dict[str, str]:
        """Family -> value of all that words tell of a design; nothing without a phrasebook."""
        return dict(self._told(words[:MAX_PROMPT_CHARACTERS], "").values)

    def of_image(self, digest: str) -> KnownDesign | None:
        """What is known of a picture in the data folder; None where nothing is.

        Args:
            digest: the SHA-256 of its file.
        """
        group = self._groups.of_image(digest)
        if group is not None:  # it may know more than the file, or less
            shown = next(each for each in group.candidates if each.image == digest)
            known = self.of(group, shown)
            return known if known.values else None
        return self.of_recipe(recipe_in_file(self._images.find(digest)))

    def of_recipe(self, recipe: Recipe | None) -> KnownDesign | None:
        """What a picture's recipe tells; None where there is no recipe, or it tells nothing."""
        if recipe is None:
            return None
        known = _read(recipe.design) or self._told(recipe.prompt, recipe.lots)
        return known if known.values else None

    def phrases(self, values: Mapping[str, str]) -> dict[str, str]:
        """Family -> what people call its value, in English."""
        book = self._generator.phrasebook
        return {
            family: (book.canonical(family, value) if book else None) or value
            for family, value in values.items()
        }

    def phrases_of_image(self, digest: str) -> tuple[str, ...]:
        """What people call all that is worn on a picture; nothing where no design is known."""
        known = self.of_image(digest)
        return () if known is None else tuple(dict.fromkeys(self.phrases(known.worn()).values()))

    def start_of(self, digest: str) -> DesignSpec | None:
        """The design to start from where a round starts from a picture.

        None where the checkpoint starts from pictures themselves, or no design is known.
        """
        known = self.of_image(digest) if self.are_drawn else None
        return None if known is None else known.whole()

    def _told(self, prompt: str, lots: str) -> KnownDesign:
        """What words tell; the phrases of a prompt win against lots."""
        book = self._generator.phrasebook
        if book is None or not prompt or len(prompt) > MAX_PROMPT_CHARACTERS:
            return KnownDesign({})
        asked = book.parse(prompt).attributes
        left_open = book.parse(lots[:MAX_PROMPT_CHARACTERS]).attributes
        values = {**left_open, **asked}
        in_order = {family: values[family] for family in book.families if family in values}
        return KnownDesign(in_order, frozenset(asked))


def _read(text: str) -> KnownDesign | None:
    """A design's record; what can't be read is logged, and words have to do."""
    if not text:
        return None
    try:
        return KnownDesign.of_spec(DesignSpec.from_json(text))
    except DesignError as error:
        _log.warning("A kept design can't be used: %s", error)
        return None
