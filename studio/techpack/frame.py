"""What all sheets of a pack have: a head with name and revision, and a foot with the legend."""

from collections.abc import Mapping
from dataclasses import dataclass

from studio.techpack.fields import Status
from studio.techpack.pack import Brief, Pack
from studio.techpack.page import (
    BOTTOM,
    HEADING,
    INK,
    LABEL,
    LEFT,
    MARK_MM,
    RIGHT,
    SMALL,
    TEXT,
    TITLE,
    Sheet,
)
from studio.techpack.said import Language, Said
from studio.techpack.typesetting import Style, fitted, readable, width_mm

HEADER_RULE = 33.0
_NUMBER_MM = 46.0
_SMALLEST_TITLE = 0.72

STATUS_NAMES: dict[Status, Said] = {
    "asked": Said("asked for", "已指定"),
    "derived": Said("derived", "推算"),
    "person": Said("set by a person", "人工设定"),
    "open": Said("open", "待定"),
}
_KIND = Said("Tech pack", "工艺单")
_SHEET = Said("sheet {number} of {count}", "第 {number} 页，共 {count} 页")
_REVISION = Said("rev {letter}", "版次 {letter}")
_NO_LETTERS = Said("name in letters that no font here has", "名称含本处字体没有的字")
_LEFT_OUT = Said(
    "Letters that no font of the studio has were left out.", "工作室字体没有的字已略去。"
)
_DISCLOSED = Said(
    "Designed with AI (trainedAlgorithmicMedia). Derived values are proposals: confirm by sample.",
    "由人工智能设计（trainedAlgorithmicMedia）。推算值为建议，须以样衣确认。",
)


@dataclass(frozen=True)
class Printing:
    """How a pack is printed.

    Attributes:
        language: of its words.
        letter: of its revision, such as "A".
        sheets: how many there are.
    """

    language: Language = "en"
    letter: str = "A"
    sheets: int = 3


@dataclass(frozen=True)
class Heading:
    """What stands round a sheet.

    Attributes:
        title: the design's name.
        brief: what else is known of it.
        counts: how many fields there are on whose word.
    """

    title: Said
    brief: Brief
    counts: Mapping[Status, int]

    @classmethod
    def of(cls, pack: Pack) -> "Heading":
        """What a pack's sheets have."""
        return cls(pack.title, pack.brief, pack.counts())


def draw_frame(sheet: Sheet, about: Heading, printing: Printing, number: int) -> None:
    """Head and foot of a sheet."""
    brief = about.brief
    room = RIGHT - LEFT - _NUMBER_MM - 6.0
    _title(sheet, about.title, room)
    store = Said(_store(sheet, brief.store))
    sheet.write_in(LEFT, 30.2, store, Style(3.0, "sans", LABEL.colour), room)
    sheet.write(RIGHT, 16.2, sheet.say(_KIND), LABEL, "end")
    revision = f"{brief.number} · {sheet.say(_REVISION.filled(letter=printing.letter))}"
    lines, style = fitted(revision, Style(3.5, "medium"), _NUMBER_MM, 1)
    sheet.write(RIGHT, 21.8, lines[0], style, "end")
    place = _SHEET.filled(number=number, count=printing.sheets)
    dated = f"{brief.made_on.isoformat()} · {sheet.say(place)}"
    lines, style = fitted(dated, LABEL, _NUMBER_MM, 1)
    sheet.write(RIGHT, 26.6, lines[0], style, "end")
    sheet.line((LEFT, HEADER_RULE), (RIGHT, HEADER_RULE), INK, 0.45)
    _foot(sheet, about)


def heading(
    sheet: Sheet, x: float, baseline: float, said: Said, room: float, scale: float = 1.0
) -> None:
    """The name of a part of the sheet."""
    sheet.write_in(x, baseline, said, HEADING.scaled(scale), room)


def _title(sheet: Sheet, said: Said, room: float) -> None:
    """On one line where it fits, else on two, as large as may be; never cut off."""
    text = sheet.say(said)
    lines, style = fitted(text, TITLE, room, 1)
    if style.size_mm < _SMALLEST_TITLE * TITLE.size_mm:
        lines, style = fitted(text, TITLE.scaled(_SMALLEST_TITLE), room, 2)
    first = 24.2 - (len(lines) - 1) * 1.1 * style.size_mm
    for place, line in enumerate(lines):
        sheet.write(LEFT, first + place * 1.1 * style.size_mm, line, style)


def _store(sheet: Sheet, name: str) -> str:
    """A store's name as far as it can be printed; where nothing of it can be, that is said."""
    return readable(name) or (sheet.say(_NO_LETTERS) if name.strip() else "")


def _foot(sheet: Sheet, about: Heading) -> None:
    sheet.line((LEFT, BOTTOM), (RIGHT, BOTTOM), INK, 0.25)
    x = LEFT
    for status, count in about.counts.items():
        text = f"{sheet.say(STATUS_NAMES[status])} {count}"
        sheet.mark(status, x, BOTTOM + 4.4, TEXT.size_mm)
        sheet.write(x + MARK_MM, BOTTOM + 4.4, text, SMALL)
        x += MARK_MM + width_mm(text, SMALL) + 4.0
    room = RIGHT - x - 4.0
    lines, style = fitted(readable(about.brief.footer), SMALL, room, 1)
    sheet.write(RIGHT, BOTTOM + 4.4, lines[0], style, "end")
    notes = [_DISCLOSED]
    if any(_lost(text) for text in (about.brief.store, about.brief.typed)):
        notes.append(_LEFT_OUT)
    said = Said(" ".join(note.en for note in notes), "".join(note.zh for note in notes))
    sheet.write_in(LEFT, BOTTOM + 8.4, said, SMALL, RIGHT - LEFT)


def _lost(text: str) -> bool:
    return readable(text) != " ".join(text.split())
