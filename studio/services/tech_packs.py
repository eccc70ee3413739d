"""Tech packs of designs: made, corrected by hand, revised, and taken away as files."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from io import BytesIO

from studio.design.spec import DesignSpec
from studio.domain import (
    Candidate,
    CandidateGroup,
    CorrectionError,
    DesignError,
    ForbiddenError,
    NothingTickedError,
    Revision,
    ValueKindError,
)
from studio.drawing.croquis import draw_croquis
from studio.drawing.flats.flat import draw_flat
from studio.drawing.record import Drawing
from studio.drawing.svg import svg
from studio.perfusion.generator import Generator
from studio.services.briefs import BriefWriter
from studio.services.known_designs import KnownDesigns
from studio.services.stores import StoreBook
from studio.storage.database import Database
from studio.storage.groups import GroupStore
from studio.storage.tech_packs import TechPackStore
from studio.techpack.corrections import checked
from studio.techpack.frame import Printing
from studio.techpack.pack import Brief, Pack, pack_of
from studio.techpack.said import LANGUAGES, Language
from studio.techpack.sheets import page_png, sheets_of, sheets_pdf

MOST_PACKS = 12
"""In one zip; each takes some seconds to draw."""

File = tuple[str, bytes]
"""Name and content."""

DRAWINGS: dict[str, Callable[[DesignSpec], Drawing]] = {
    "croquis-front": lambda spec: draw_croquis(spec, "front"),
    "croquis-back": lambda spec: draw_croquis(spec, "back"),
    "flat-front": lambda spec: draw_flat(spec, "front"),
    "flat-back": lambda spec: draw_flat(spec, "back"),
}
"""Drawings of a design, by the names of their files."""


class TechPacks:
    """The packs of a workspace's designs.

    Args:
        database: where rounds, corrections and revisions are.
        generator: has Chinese names for phrases.
        stores: who designs are for.
        known: the designs on pictures.
        person: who corrects; empty without a login.
        clock: what time it is.
    """

    def __init__(
        self,
        database: Database,
        generator: Generator,
        stores: StoreBook,
        known: KnownDesigns,
        person: str = "",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._groups = GroupStore(database)
        self._kept = TechPackStore(database)
        self._briefs = BriefWriter(generator, stores, known)
        self._known = known
        self._person = person
        self._clock = clock

    def find(self, candidate_id: int) -> tuple[CandidateGroup, Candidate]:
        """A design and its round.

        Raises:
            UnknownCandidateError: there is no such design.
        """
        group = self._groups.of_candidate(candidate_id)
        return group, next(each for each in group.candidates if each.id == candidate_id)

    def brief(self, candidate_id: int, zone: tzinfo | None = None) -> Brief:
        """What is known beside the design.

        Args:
            candidate_id: the design.
            zone: where the person is whose days are meant; None for this machine's.

        Raises:
            UnknownCandidateError: there is no such design.
        """
        return self._briefs.of(*self.find(candidate_id), zone)

    def spec(self, candidate_id: int) -> DesignSpec | None:
        """The design of a picture; None where only words tell of it.

        Raises:
            UnknownCandidateError: there is no such design.
        """
        return self._known.of(*self.find(candidate_id)).spec

    def pack(self, candidate_id: int, zone: tzinfo | None = None) -> Pack:
        """The pack of a design, with all that people have corrected in it; `zone` as for `brief`.

        Raises:
            UnknownCandidateError: there is no such design.
            DesignError: no design is known of that picture.
        """
        spec = self._spec(candidate_id)
        brief = self.brief(candidate_id, zone)
        return pack_of(spec, brief, self._kept.corrections(candidate_id))

    def correct(self, candidate_id: int, field: str, typed: str) -> Pack:
        """Set a field by hand; returns the pack as it is now.

        Raises:
            CorrectionError: there is no such field, or it can't say that; see `checked`.
            StudioError: there is no such design, or who asks may only look.
        """
        value = checked(self.pack(candidate_id), field, typed)
        self._kept.correct(candidate_id, field, value, self._clock(), self._person)
        return self.pack(candidate_id)

    def undo(self, candidate_id: int, field: str) -> Pack:
        """Take the newest correction of a field back; the one before it counts again.

        Raises:
            CorrectionError: nobody has corrected it.
            StudioError: there is no such design, or who asks may only look.
        """
        if not self._kept.undo(candidate_id, field, self._clock()):
            raise CorrectionError("Nobody has corrected that field, so there is nothing to undo.")
        return self.pack(candidate_id)

    def revision(self, candidate_id: int, pack: Pack) -> Revision:
        """Which revision a pack is; one whose content is new becomes the next.

        For who may only look, the next one is told and not kept.
        """
        digest, now = pack.digest(), self._clock()
        try:
            return self._kept.revise(candidate_id, digest, now)
        except ForbiddenError:
            latest = self._kept.latest_revision(candidate_id)
            if latest is not None and latest.digest == digest:
                return latest
            return Revision(number=latest.number + 1 if latest else 0, digest=digest, made_at=now)

    def printed(
        self, candidate_id: int, language: str, zone: tzinfo | None = None
    ) -> tuple[Pack, Printing]:
        """A pack that is taken away: with its revision, in a language; `zone` as for `brief`.

        Raises:
            ValueKindError: the sheets don't speak that language.
            StudioError: there is no such design, or none is known of that picture.
        """
        chosen = language_of(language)
        pack = self.pack(candidate_id, zone)
        return pack, Printing(chosen, self.revision(candidate_id, pack).letter)

    def pdf(self, candidate_id: int, language: str = "en", zone: tzinfo | None = None) -> File:
        """The three sheets as one PDF.

        Raises:
            StudioError: as for `printed`.
        """
        pack, printing = self.printed(candidate_id, language, zone)
        return f"{_name(pack, printing)}.pdf", sheets_pdf(pack, printing)

    def page(
        self, candidate_id: int, number: int, language: str = "en", zone: tzinfo | None = None
    ) -> File:
        """One sheet as a PNG file, A4 at 300 dpi.

        Args:
            candidate_id: the design.
            number: of the sheet, 1 to 3.
            language: of its words.
            zone: see `brief`.

        Raises:
            StudioError: as for `printed`, or there is no such sheet.
        """
        pack, printing = self.printed(candidate_id, language, zone)
        if not 1 <= number <= printing.sheets:
            raise ValueKindError(f"A tech pack has sheets 1 to {printing.sheets}.")
        sheet = sheets_of(pack, printing)[number - 1]
        return f"{_name(pack, printing)} sheet {number}.png", page_png(sheet)

    def drawing(self, candidate_id: int, name: str) -> File:
        """One drawing of a design as SVG.

        Args:
            candidate_id: the design.
            name: of the drawing, such as "croquis-front" or "flat-back".

        Raises:
            StudioError: there is no such design or drawing, or none is known of that picture.
        """
        if name not in DRAWINGS:
            raise ValueKindError(f"A drawing is {', '.join(DRAWINGS)}.")
        spec, number = self._spec(candidate_id), self.brief(candidate_id).number
        return f"{number} {name}.svg", svg(DRAWINGS[name](spec)).encode()

    def drawings(self, candidate_id: int) -> tuple[Drawing, ...]:
        """All drawings of a design.

        Raises:
            StudioError: there is no such design, or none is known of that picture.
        """
        spec = self._spec(candidate_id)
        return tuple(draw(spec) for draw in DRAWINGS.values())

    def zip(
        self, candidate_ids: Sequence[int], language: str = "en", zone: tzinfo | None = None
    ) -> File:
        """Whole packs in one zip file: a folder each, with PDF, PNG pages and SVG drawings.

        Raises:
            NothingTickedError: no design was given, or too many.
            StudioError: as for `printed`.
        """
        if not 1 <= len(candidate_ids) <= MOST_PACKS:
            raise NothingTickedError(f"Choose 1 to {MOST_PACKS} designs for tech packs.")
        content = BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
            for candidate_id in dict.fromkeys(candidate_ids):
                for name, data in self.files(candidate_id, language, zone):
                    archive.writestr(name, data)
        return "tech packs.zip", content.getvalue()

    def files(self, candidate_id: int, language: str, zone: tzinfo | None) -> Iterator[File]:
        """A whole pack as files in a folder: PDF, PNG pages and SVG drawings.

        Raises:
            StudioError: as for `printed`.
        """
        pack, printing = self.printed(candidate_id, language, zone)
        folder, name = pack.brief.number, _name(pack, printing)
        yield f"{folder}/{name}.pdf", sheets_pdf(pack, printing)
        for number, sheet in enumerate(sheets_of(pack, printing), 1):
            yield f"{folder}/{name} sheet {number}.png", page_png(sheet)
        for drawing, draw in DRAWINGS.items():
            yield f"{folder}/{folder} {drawing}.svg", svg(draw(pack.spec)).encode()

    def _spec(self, candidate_id: int) -> DesignSpec:
        spec = self.spec(candidate_id)
        if spec is None:
            raise DesignError(
                "No design is known of that picture, so there is no tech pack of it. Its blueprint "
                "says what is known."
            )
        return spec


def language_of(text: str) -> Language:
    """The language that sheets are to speak.

    Raises:
        ValueKindError: they don't speak it.
    """
    for language in LANGUAGES:
        if text == language:
            return language
    raise ValueKindError(f"Sheets speak {', '.join(LANGUAGES)}.")


def _name(pack: Pack, printing: Printing) -> str:
    return f"{pack.brief.number} tech pack rev {printing.letter}"
