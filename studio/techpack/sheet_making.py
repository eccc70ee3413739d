"""Sheet 3: materials, colours, print, construction and care."""

from collections.abc import Iterable

from studio.drawing.cloth import Cloth, Panel
from studio.drawing.lines import at
from studio.drawing.paths import polygon
from studio.drawing.patterns import draw_pattern
from studio.drawing.pen import Pen
from studio.drawing.record import Drawing
from studio.techpack.artwork import cm_per_unit
from studio.techpack.care_signs import CareSigns
from studio.techpack.fields import Field
from studio.techpack.frame import Heading, Printing, draw_frame, heading
from studio.techpack.pack import Dyed, Pack
from studio.techpack.page import (
    AMBER,
    BOTTOM,
    HAIRLINE,
    INK,
    LABEL,
    LEFT,
    MARK_MM,
    OPEN,
    RIGHT,
    SMALL,
    STRONG,
    TEXT,
    UNITS,
    Cell,
    Sheet,
    Table,
    largest_scale,
)
from studio.techpack.said import Said, listed
from studio.techpack.typesetting import Style

TOP_MM = 37.0
_GAP_MM = 6.0
_LEFT_COLUMN = (LEFT, 88.0)
_RIGHT_COLUMN = (94.0, RIGHT)
_SWATCH_CM = 8.0
_OPEN_TEXT = Style(TEXT.size_mm, "sans", AMBER)

_BILL = Said("Bill of materials", "物料清单")
_HEAD = (
    Said("part", "部位"),
    Said("material", "材料"),
    Said("composition", "成分"),
    Said("weight, size, count", "克重、尺寸、数量"),
    Said("colour", "颜色"),
)
_COLOURWAY = Said("Colourway 1", "配色 1")
_PRINT = Said("Print artwork", "印花图稿")
_SQUARE = Said("{size} × {size} cm of cloth", "{size} × {size} cm 面料")
_NOTES = Said("Construction", "工艺说明")
_CARE = Said("Care label, a proposal to test", "洗水标，建议，须测试")
_HOUSE = Said("To be said by the house", "由品牌方填写")
_NAMED = Said("{part}: {name}", "{part}：{name}")
_DYE = Said("dyed by: {reference}", "色样：{reference}")
_BY = Said("set by {by}, {day}: {what}", "{by} 于 {day} 设定：{what}")
_BY_HAND = Said("set by hand, {day}: {what}", "{day} 手工设定：{what}")
_BEFORE = Said("{what} (derived: {before})", "{what}（推算：{before}）")


def draw_making(pack: Pack, printing: Printing) -> Sheet:
    """The sheet."""
    sheet = Sheet(printing.language)
    draw_frame(sheet, Heading.of(pack), printing, 3)
    scale = largest_scale(lambda s: _Page(None, sheet, pack, s).set(), BOTTOM - 2.0)
    _Page(sheet, sheet, pack, scale).set()
    return sheet


def cell(speaker: Sheet, field: Field) -> Cell:
    """A field in a table: its text with the mark of its status, or that it is open."""
    if field.status == "open":
        return Cell(speaker.say(OPEN), _OPEN_TEXT, "open")
    style = Style(TEXT.size_mm, "medium") if field.status == "person" else TEXT
    return Cell(speaker.say(field.said), style, field.status)


def signed(fields: Iterable[tuple[Said, Field]]) -> Said:
    """Who set which fields by hand and when, with what was derived before, in one breath.

    Args:
        fields: what each is called, and the field.
    """
    by_hand: dict[tuple[str, str], list[Said]] = {}
    for what, field in fields:
        if field.at is None:
            continue
        told = _BEFORE.filled(what=what, before=field.before) if field.before else what
        by_hand.setdefault((field.by, field.at.date().isoformat()), []).append(told)
    sentences = [
        (_BY if by else _BY_HAND).filled(by=by, day=day, what=listed(told))
        for (by, day), told in by_hand.items()
    ]
    return Said("; ".join(each.en for each in sentences), "；".join(each.zh for each in sentences))


class _Page:
    """The sheet's parts below each other, drawn, or measured where there is no sheet."""

    def __init__(self, sheet: Sheet | None, speaker: Sheet, pack: Pack, scale: float) -> None:
        self.sheet = sheet
        self.say = speaker.say
        self.speaker = speaker
        self.pack = pack
        self.scale = scale

    def set(self) -> float:
        """Everything; returns where the lower of both columns ends."""
        y = self._bill(TOP_MM) + _GAP_MM * self.scale
        left = self._left(y)
        right = self._right(y)
        return max(left, right)

    def _heading(self, said: Said, left: float, right: float, y: float) -> float:
        if self.sheet is not None:
            heading(self.sheet, left, y + 4.0 * self.scale, said, right - left, self.scale)
        return y + 5.6 * self.scale

    def _bill(self, y: float) -> float:
        y = self._heading(_BILL, LEFT, RIGHT, y)
        rows = tuple(
            (Cell(self.say(line.part), STRONG), *(cell(self.speaker, f) for f in line.fields))
            for line in self.pack.materials
        )
        head = tuple(self.say(said) for said in _HEAD)
        table = Table((0.15, 0.25, 0.25, 0.17, 0.18), rows, head, pad=0.9)
        return table.set(self.sheet, (LEFT, y, RIGHT), self.scale)

    def _left(self, y: float) -> float:
        left, right = _LEFT_COLUMN
        y = self._colours(y, left, right) + 4.0 * self.scale
        if self.pack.artwork is not None:
            y = self._artwork(y, left, right) + 4.0 * self.scale
        y = self._care(y, left, right) + 4.0 * self.scale
        y = self._heading(_HOUSE, left, right, y)
        rows = tuple(
            (Cell(self.say(line.part), LABEL), cell(self.speaker, line.said))
            for line in self.pack.house
            if line.said.question or line.said.status == "person"
        )
        return Table((0.4, 0.6), rows, pad=0.7).set(self.sheet, (left, y, right), self.scale)

    def _right(self, y: float) -> float:
        left, right = _RIGHT_COLUMN
        y = self._heading(_NOTES, left, right, y)
        rows = tuple(
            (Cell(self.say(note.part), LABEL), cell(self.speaker, note.said))
            for note in self.pack.notes
        )
        y = Table((0.2, 0.8), rows, pad=0.8).set(self.sheet, (left, y, right), self.scale)
        return self._signed(y + 2.0 * self.scale, left, right)

    def _signed(self, y: float, left: float, right: float) -> float:
        """Who set what by hand on this sheet."""
        named = [
            (listed([line.part, what]), field)
            for line in self.pack.materials
            for what, field in zip(_HEAD[1:], line.fields, strict=True)
        ]
        named += [(note.part, note.said) for note in (*self.pack.notes, *self.pack.house)]
        named += [(dyed.part, dyed.reference) for dyed in self.pack.colours]
        named += [(_CARE, self.pack.care_note)]
        if self.pack.artwork is not None:
            named += self.pack.artwork.fields
        told = signed(named)
        if not told:
            return y
        rows = ((Cell(self.say(told), SMALL, "person"),),)
        return Table((1.0,), rows, pad=0.5).set(self.sheet, (left, y, right), self.scale)

    def _colours(self, y: float, left: float, right: float) -> float:
        """For each colour a swatch, and three lines beside it."""
        y = self._heading(_COLOURWAY, left, right, y)
        step, height = 3.8 * self.scale, 12.4 * self.scale
        x, room = left + 13.0 * self.scale, right - left - 13.0 * self.scale
        for dyed in self.pack.colours:
            if self.sheet is not None:
                red, green, blue = (int(dyed.hex[at : at + 2], 16) for at in (1, 3, 5))
                frame = (left, y + 0.6, x - 2.0 * self.scale, y + height - 1.0)
                self.sheet.box(frame, (red, green, blue), HAIRLINE)
                name = _NAMED.filled(part=dyed.part, name=dyed.name)
                self.sheet.write_in(x, y + step, name, TEXT.scaled(self.scale), room)
                self.sheet.write_in(x, y + 2 * step, _numbers(dyed), SMALL.scaled(self.scale), room)
                self._reference(dyed.reference, x, y + 3 * step, room)
            y += height
        return y

    def _reference(self, field: Field, x: float, baseline: float, room: float) -> None:
        if self.sheet is None:
            return
        said = _DYE.filled(reference=OPEN if field.status == "open" else field.said)
        style = _OPEN_TEXT if field.status == "open" else Style(TEXT.size_mm, "medium")
        indent = MARK_MM * self.scale
        self.sheet.mark(field.status, x, baseline, style.size_mm * self.scale)
        self.sheet.write_in(x + indent, baseline, said, style.scaled(self.scale), room - indent)

    def _artwork(self, y: float, left: float, right: float) -> float:
        artwork = self.pack.artwork
        if artwork is None:
            return y
        y = self._heading(_PRINT, left, right, y)
        side = 26.0 * self.scale
        if self.sheet is not None:
            frame = (left, y + 1.0, left + side, y + 1.0 + side)
            self.sheet.place(_swatch(self.pack), frame, "Print")
            self.sheet.box(frame, None, HAIRLINE)
            if artwork.across or artwork.along:  # else it is no cloth by the metre
                label, style = _SQUARE.filled(size=f"{_SWATCH_CM:g}"), SMALL.scaled(self.scale)
                self.sheet.write_in(left, y + 1.0 + side + 3.0 * self.scale, label, style, side)
        rows = tuple(
            (Cell(self.say(name), LABEL), cell(self.speaker, field))
            for name, field in artwork.fields
        )
        table = Table((0.45, 0.55), rows, pad=0.6)
        end = table.set(self.sheet, (left + side + 3.0, y, right), self.scale)
        return max(end, y + 1.0 + side + 4.0 * self.scale)

    def _care(self, y: float, left: float, right: float) -> float:
        y = self._heading(_CARE, left, right, y)
        size = 8.0 * self.scale
        if self.sheet is not None:
            step = (right - left) / 6 * UNITS
            signs = CareSigns(self.sheet.pen, size * UNITS, INK)
            signs.row(self.pack.care, left * UNITS, (y + 1.0) * UNITS, step)
        y += size * 1.3 + 1.5
        row = (cell(self.speaker, self.pack.care_note),)
        return Table((1.0,), (row,), pad=0.7).set(self.sheet, (left, y, right), self.scale)


def _numbers(dyed: Dyed) -> Said:
    """A colour's numbers, for screens and for dyers."""
    lab = f"Lab {dyed.lab.lightness:.1f} {dyed.lab.a:.1f} {dyed.lab.b:.1f}".replace("-", "−")
    return Said(f"{dyed.hex} · {lab}")


def _swatch(pack: Pack) -> Drawing:
    """A square of the printed cloth."""
    side = _SWATCH_CM / cm_per_unit()
    cloth = Cloth.of(pack.spec)
    path = polygon([(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)])
    panel = Panel(path, side / 2, side, lambda across, along: at(across, along) + side / 2)
    pen = Pen()
    with pen.inside(path):
        pen.fill(path, cloth.colour)
        draw_pattern(pen, cloth, panel)
    return pen.drawing((0.0, 0.0, side, side), cloth.colour)
