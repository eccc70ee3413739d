"""A collection on its way out: a page of one file, a line sheet to print, tables, and all files."""

import base64
import html
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from io import BytesIO

from PIL import Image

from studio.domain import Collection, NothingTickedError
from studio.drawing.raster import picture
from studio.services.collecting import CollectionBook, Placed
from studio.services.designs import DesignFiles
from studio.services.tables import Link, Table
from studio.services.tech_packs import DRAWINGS, TechPacks, language_of
from studio.storage.image_files import ImageFiles
from studio.techpack.page import HAIRLINE, INK, MUTED, Sheet
from studio.techpack.said import Language, Said
from studio.techpack.sheets import DPI, HEIGHT_PX, WIDTH_PX
from studio.techpack.typesetting import Style, fitted, readable

PX_PER_MM = DPI / 25.4
_LEFT, _RIGHT, _TOP, _BOTTOM = 15.0, 195.0, 24.0, 284.0
_COLUMNS, _LINES = 3, 2
_GAP = 6.0
_PICTURE_HEIGHT = 88.0
_TITLE, _NAME = Style(8.0, "medium"), Style(3.8, "medium")
_TEXT, _SMALL = Style(2.9), Style(2.5, "sans", MUTED)
_MADE = Said("Machine-made designs · PerFusion Studio", "AI 生成的设计 · PerFusion Studio")
_PAGES = Said("line sheet · {number} of {count}", "款式单 · 第 {number} 页，共 {count} 页")
_JPEG_QUALITY = 90
COLUMNS = ("Number", "Name", "Price", "Store", "Phrases", "Round", "Seed", "Note", "Picture")

_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f7f4ed; color: #1d1a17; font: 16px/1.45 "Hanken Grotesk",
  system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 56px 24px; }
h1 { font: 400 38px/1.15 Caladea, Cambria, Georgia, serif; margin: 0 0 12px; }
.notes { max-width: 640px; margin: 0 0 36px; color: #6b655c; white-space: pre-line; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 36px 24px;
  grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); }
img { display: block; width: 100%; aspect-ratio: 3 / 4; object-fit: contain;
  background: #efece4; border-radius: 8px; }
h2 { font: 400 20px/1.25 Caladea, Cambria, Georgia, serif; margin: 12px 0 2px; display: flex;
  justify-content: space-between; gap: 12px; overflow-wrap: anywhere; }
.price { font: 16px/1.6 "Hanken Grotesk", system-ui, sans-serif; white-space: nowrap; }
p { margin: 0 0 6px; overflow-wrap: anywhere; white-space: pre-line; }
.facts { color: #6b655c; font-size: 14px; }
footer { margin-top: 48px; color: #6b655c; font-size: 14px; white-space: pre-line; }
@media print { body { background: #fff; } li { break-inside: avoid; } }
"""


class LineSheets:
    """Writes collections into files of other programs.

    Args:
        book: the collections.
        images: their pictures.
        packs: tech packs of their designs, and the drawings in them.
        files: PNG files and blueprints of single designs.
        names: gives what phrases are called in Chinese.
    """

    def __init__(
        self,
        book: CollectionBook,
        images: ImageFiles,
        packs: TechPacks,
        files: DesignFiles,
        names: Callable[[], Mapping[str, str]],
    ) -> None:
        self._names = names
        self._book = book
        self._images = images
        self._packs = packs
        self._files = files

    def page(self, collection_id: int, language: str = "en") -> tuple[str, bytes]:
        """A page of one file, pictures included, for a browser anywhere.

        Args:
            collection_id: which one.
            language: of what is not a person's own: "en", "zh" or "both".

        Returns:
            File name and content.

        Raises:
            StudioError: the collection is not there, a picture is missing, or pages don't speak
                that language.
        """
        chosen = language_of(language)
        collection = self._book.get(collection_id)
        items = "".join(self._item(each, chosen) for each in self._book.placed(collection))
        notes = f'<p class="notes">{html.escape(collection.notes)}</p>' if collection.notes else ""
        name = html.escape(collection.name)
        text = (
            f'<!doctype html><html lang="{"zh" if chosen == "zh" else "en"}"><head>'
            '<meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            '<meta http-equiv="content-security-policy" content="default-src \'none\'; '
            "img-src data:; style-src 'unsafe-inline'\">"
            f"<title>{name}</title><style>{_STYLE}</style></head><body><main>"
            f"<h1>{name}</h1>{notes}<ol>{items}</ol>"
            f"<footer>{_MADE.told(chosen)}</footer></main></body></html>"
        )
        return f"{_file_name(collection.name)}.html", text.encode()

    def sheet(self, collection_id: int, language: str = "en") -> tuple[str, bytes]:
        """A line sheet to print, A4, six designs a page, as PDF.

        Args:
            collection_id: which one.
            language: see `page`.

        Returns:
            File name and content.

        Raises:
            StudioError: as for `page`.
        """
        chosen = language_of(language)
        collection = self._book.get(collection_id)
        placed = self._book.placed(collection)
        size = _COLUMNS * _LINES
        lots = [placed[start : start + size] for start in range(0, len(placed), size)] or [()]
        pages = [
            self._sheet_page(
                Sheet(chosen), collection, lot, _PAGES.filled(number=number, count=len(lots))
            )
            for number, lot in enumerate(lots, 1)
        ]
        file = BytesIO()
        pages[0].save(
            file,
            "PDF",
            save_all=True,
            append_images=pages[1:],
            resolution=DPI,
            quality=_JPEG_QUALITY,
            title=collection.name,
            creator="PerFusion Studio",
        )
        return f"{_file_name(collection.name)}.pdf", file.getvalue()

    def table(self, collection_id: int, picture_address: Callable[[str], str]) -> Table:
        """Its designs as a table.

        Args:
            collection_id: which one.
            picture_address: a picture's digest -> where it is shown.

        Raises:
            StudioError: the collection is not there.
        """
        return table_of(self._book.placed(self._book.get(collection_id)), picture_address)

    def picks(self, store_id: int | None, picture_address: Callable[[str], str]) -> Table:
        """Every design that was ticked, as a table.

        Args:
            store_id: of this store only; None for all.
            picture_address: see `table`.

        Raises:
            NothingTickedError: nothing was ticked yet.
        """
        placed = self._book.picks(store_id)
        if not placed:
            raise NothingTickedError("Nothing was picked yet. Tick designs and save them first.")
        return table_of(placed, picture_address)

    def everything(
        self, collection_id: int, language: str = "en", zone: tzinfo | None = None
    ) -> tuple[str, bytes]:
        """All PNG files, vectors and tech packs of a collection in one zip file.

        Args:
            collection_id: which one.
            language: of the tech packs: "en", "zh" or "both".
            zone: where the person is whose days are meant; None for this machine's.

        Returns:
            File name and content.

        Raises:
            StudioError: the collection is not there, a picture is missing, or packs don't speak
                that language.
        """
        collection = self._book.get(collection_id)
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for place, placed in enumerate(self._book.placed(collection), 1):
                folder = f"{place:03} {_file_name(placed.title)}"
                for name, content in self._files_of(placed.candidate.id, language, zone):
                    archive.writestr(f"{folder}/{name}", content)
        return f"{_file_name(collection.name)}.zip", file.getvalue()

    def _files_of(
        self, candidate_id: int, language: str, zone: tzinfo | None
    ) -> Iterable[tuple[str, bytes]]:
        """Of a picture that no design is known of, a sheet stands for the pack."""
        yield self._files.png(candidate_id)
        if self._packs.spec(candidate_id) is None:
            yield self._files.blueprint(candidate_id, language, zone)
            return
        yield self._packs.pdf(candidate_id, language, zone)
        for name in DRAWINGS:
            yield self._packs.drawing(candidate_id, name)

    def _phrases(self, placed: Placed) -> Said:
        """What was asked for, phrase by phrase."""
        names, prompt = self._names(), placed.group.prompt
        return Said(prompt, "，".join(names.get(each, each) for each in prompt.split(", ")))

    def _item(self, placed: Placed, language: Language) -> str:
        """One design of the page."""
        phrases = html.escape(self._phrases(placed).told(language))
        image = self._images.load(placed.candidate.image).convert("RGB")
        png = base64.b64encode(_png(image)).decode()
        price, note = html.escape(placed.design.price), html.escape(placed.design.note)
        facts = " · ".join(filter(None, (placed.number, placed.store)))
        return (
            f'<li><img alt="{phrases}" style="background: '
            f'{_ground(image)}" src="data:image/png;base64,{png}">'
            f"<h2><span>{html.escape(placed.title)}</span>"
            f'<span class="price">{price}</span></h2>'
            + (f"<p>{note}</p>" if note else "")
            + f'<p class="facts">{phrases}<br>'
            + f"{html.escape(facts)}</p></li>"
        )

    def _sheet_page(
        self, sheet: Sheet, collection: Collection, lot: Sequence[Placed], number: Said
    ) -> Image.Image:
        name, notes = collection.name, collection.notes
        sheet.write_in(_LEFT, _TOP - 4, Said(name), _TITLE, _RIGHT - _LEFT - 34)
        (told,), style = fitted(sheet.say(number), _SMALL, 33, 1)
        sheet.write(_RIGHT, _TOP - 4, told, style, "end")
        sheet.line((_LEFT, _TOP), (_RIGHT, _TOP), INK, 0.4)
        top = _TOP + 3.0
        if notes.strip():
            top = sheet.paragraph(_LEFT, top, Said(notes), _SMALL, _RIGHT - _LEFT)
        top += 3.0
        width = (_RIGHT - _LEFT - (_COLUMNS - 1) * _GAP) / _COLUMNS
        height = (_BOTTOM - top) / _LINES
        corners = [
            (_LEFT + place % _COLUMNS * (width + _GAP), top + place // _COLUMNS * height)
            for place in range(len(lot))
        ]
        for placed, corner in zip(lot, corners, strict=True):
            _write_card(sheet, placed, sheet.say(self._phrases(placed)), corner, width)
        sheet.write_in(_LEFT, _BOTTOM + 5, _MADE, _SMALL, _RIGHT - _LEFT)
        page = picture(sheet.drawing(name), HEIGHT_PX).crop((0, 0, WIDTH_PX, HEIGHT_PX))
        for placed, corner in zip(lot, corners, strict=True):
            self._paste(page, placed, corner, width)
        return page

    def _paste(
        self, page: Image.Image, placed: Placed, corner: tuple[float, float], width: float
    ) -> None:
        """A design's picture, as large as fits above its words, on its own ground."""
        image = self._images.load(placed.candidate.image).convert("RGB")
        left, top, room_x, room_y = (
            round(mm * PX_PER_MM) for mm in (*corner, width, _PICTURE_HEIGHT)
        )
        page.paste(_ground(image), (left, top, left + room_x, top + room_y))
        scale = min(room_x / image.width, room_y / image.height)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        shown = image.resize(size, Image.Resampling.LANCZOS)
        page.paste(shown, (left + (room_x - size[0]) // 2, top + (room_y - size[1]) // 2))


def _write_card(
    sheet: Sheet, placed: Placed, phrases: str, corner: tuple[float, float], width: float
) -> None:
    """What is said of a design, below where its picture comes."""
    left, top = corner
    sheet.box((left, top, left + width, top + _PICTURE_HEIGHT), None, HAIRLINE)
    baseline = top + _PICTURE_HEIGHT + 6.0
    room = width
    if placed.design.price.strip():
        (price,), style = fitted(readable(placed.design.price), _TEXT, width / 2, 1)
        sheet.write(left + width, baseline, price, style, "end")
        room = width / 2 - 2.0
    sheet.write_in(left, baseline, Said(placed.title), _NAME, room)
    facts = " · ".join(filter(None, (placed.number, placed.store)))
    told = ((placed.design.note, _TEXT, 2), (phrases, _SMALL, 2), (facts, _SMALL, 1))
    for text, style, most in told:
        if not text.strip():
            continue
        lines, fits = fitted(readable(" ".join(text.split())), style, width, most)
        for line in lines:
            baseline += style.line_mm + 0.4
            sheet.write(left, baseline, line, fits)


def table_of(placed: Iterable[Placed], picture_address: Callable[[str], str]) -> Table:
    """Designs as a table: what they are called, what was asked for, and a link to each picture."""
    return Table(
        COLUMNS,
        tuple(
            (
                each.number,
                each.design.name,
                each.design.price,
                each.store,
                each.group.prompt,
                each.group.id,
                str(each.candidate.seed),
                each.design.note,
                Link(picture_address(each.candidate.image)),
            )
            for each in placed
        ),
    )


def _ground(image: Image.Image) -> str:
    """The colour of a picture's corner: its ground goes on where it ends."""
    corner = image.crop((0, 0, min(8, image.width), min(8, image.height)))
    return "#" + corner.resize((1, 1), Image.Resampling.BOX).tobytes().hex()


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _file_name(name: str) -> str:
    """A name that every file system takes."""
    plain = "".join(each if each.isalnum() or each in " -_" else " " for each in name)
    return " ".join(plain.split())[:60].strip() or "collection"
