"""The blueprint: one design on one printable sheet, A4 at 300 dpi, for a pattern maker's wall."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

import numpy as np
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from studio.services.enlarging import enlarged_drawing
from studio.services.typesetting import (
    DPI,
    PX_PER_MM,
    Sheet,
    Style,
    shortened,
    width_mm,
    wrapped,
)

PAGE = (210.0, 297.0)
LEFT, RIGHT, TOP, BOTTOM = 15.0, 195.0, 13.0, 284.0
HEADER_RULE = 31.0
FRAME = (15.0, 37.0, 118.0, 217.0)  # left, top, right, bottom
FIGURE = (26.0, 45.0, 84.0, 162.0)  # left, top, and the room for the picture
TABLES = (125.0, 37.0, 195.0, 276.0)

INK, MUTED, HAIRLINE, ACCENT, PAPER = "#1d1a17", "#6f695f", "#cfc8bb", "#8c2a38", "#fbf9f4"
TITLE = Style(9.2, "serif", INK)
HEADING = Style(5.0, "serif", INK)
LABEL = Style(3.1, "sans", MUTED)
TEXT = Style(3.4, "sans", INK)
OPEN = Style(3.4, "sans", "#8a5a12")
SMALL = Style(2.7, "sans", MUTED)

TO_CONFIRM = "to confirm"
FIGURE_HEIGHT_PX = round(FIGURE[3] * PX_PER_MM)
"""Height of a picture that needs no enlarging on the sheet."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Section:
    """What one hand chose of a design: phrases, the generator, a person.

    Attributes:
        heading: above it.
        rows: (question, answer, the answer in Chinese or "").
        note: below the heading; may be empty.
    """

    heading: str
    rows: tuple[tuple[str, str, str], ...]
    note: str = ""


@dataclass(frozen=True)
class Swatch:
    """A colour of the palette: its hex value, and what it is of."""

    hex: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the sheet says about a design.

    Attributes:
        image: the picture, of any size; one of FIGURE_HEIGHT_PX is shown as it is.
        title: the design's name, in phrases.
        subtitle: parts of the second line: the same in Chinese, store, season ...
        number: of the sheet, such as "PF-000015-3".
        made_on: day of the round.
        told: what was asked for, and what was chosen otherwise.
        palette: its colours, the largest first; at most five.
        palette_note: where these come from.
        measurements: (letter, point and how to measure it, tolerance in cm).
        materials: (part, material, colour); an empty text is to be confirmed.
        footer: seed, checkpoint and so on.
        texts: of the PNG: its recipe.
    """

    image: Image.Image
    title: str
    subtitle: tuple[str, ...]
    number: str
    made_on: date
    told: tuple[Section, ...]
    palette: tuple[Swatch, ...]
    palette_note: str
    measurements: tuple[tuple[str, str, str], ...]
    materials: tuple[tuple[str, str, str], ...]
    footer: str
    texts: PngInfo


@dataclass(frozen=True)
class Table:
    """A table of the right column.

    Attributes:
        heading: above it.
        columns: width of each, in parts of the whole.
        head: names of the columns; empty for none.
        rows: texts.
        note: below the heading.
        is_draft: whether an empty text is to be confirmed.
    """

    heading: str
    columns: tuple[float, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    is_draft: bool = True

    def shorter(self, whole: int) -> "Table":
        """With a row less; the last one says how many of the whole table are left out."""
        kept = self.rows[:-2]
        return replace(self, rows=(*kept, ("more", f"{whole - len(kept)} in the recipe", "")))


def blueprint_png(facts: Facts) -> bytes:
    """The sheet as a PNG file that prints at A4 and carries the design's recipe."""
    sheet = Sheet(*PAGE)
    _header(sheet, facts)
    _figure(sheet, facts.image)
    _palette(sheet, facts)
    _sign_off(sheet)
    _tables(sheet, facts)
    _footer(sheet, facts)
    file = BytesIO()
    sheet.image.save(file, format="PNG", dpi=(DPI, DPI), pnginfo=facts.texts)
    return file.getvalue()


def seen_colours(image: Image.Image, most: int = 5) -> list[tuple[str, float]]:
    """The colours in the middle of a picture, where the garment is: (hex value, share).

    For pictures of which no design is known. The ground, whose colour is that of the corner, is
    left out; so are traces.
    """
    image = image.convert("RGB")
    width, height = image.size
    middle = image.crop(
        (round(0.3 * width), round(0.2 * height), round(0.7 * width), round(0.72 * height))
    )
    ground = Image.new("RGB", middle.size, _ground(image))
    differs = np.asarray(ImageChops.difference(middle, ground).convert("L")) > 10
    few = middle.quantize(colors=12, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    colours, counts = np.unique(np.asarray(few.convert("RGB"))[differs], axis=0, return_counts=True)
    seen = [
        ((int(r), int(g), int(b)), int(n)) for (r, g, b), n in zip(colours, counts, strict=True)
    ]
    merged = _merged(sorted(seen, key=lambda item: -item[1]))
    total = sum(count for _, count in merged) or 1
    shares = [(_hex(colour), count / total) for colour, count in merged]
    return [each for each in shares[:most] if each[1] >= 0.02]


def _merged(counts: Sequence[tuple[Colour, int]]) -> list[tuple[Colour, int]]:
    """Colours that nobody tells apart at a glance count as the most frequent one of them."""
    merged: list[tuple[Colour, int]] = []
    for colour, count in counts:
        near = next(
            (
                place
                for place, (kept, _) in enumerate(merged)
                if sum(abs(a - b) for a, b in zip(kept, colour, strict=True)) < 48
            ),
            None,
        )
        if near is None:
            merged.append((colour, count))
        else:
            merged[near] = (merged[near][0], merged[near][1] + count)
    return sorted(merged, key=lambda item: -item[1])


def _ground(image: Image.Image) -> Colour:
    """The colour that the figure stands on: that of the corner."""
    red, green, blue = image.convert("RGB").crop((0, 0, 1, 1)).tobytes()
    return red, green, blue


def _hex(colour: Colour) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)


def _header(sheet: Sheet, facts: Facts) -> None:
    number_width = max(width_mm(f"{facts.number} · rev A", TEXT), 42.0)
    room = RIGHT - LEFT - number_width - 8
    sheet.write(LEFT, 22.0, shortened(facts.title, TITLE, room), TITLE)
    subtitle = " · ".join(part for part in facts.subtitle if part)
    sheet.write(LEFT, 28.0, shortened(subtitle, TEXT, room), Style(3.4, "sans", MUTED))
    sheet.write(RIGHT, 17.0, "Design blueprint", LABEL, "right")
    sheet.write(RIGHT, 22.4, f"{facts.number} · rev A", Style(3.8, "medium", INK), "right")
    sheet.write(RIGHT, 28.0, f"{facts.made_on.isoformat()} · sheet 1 of 1", LABEL, "right")
    sheet.line((LEFT, HEADER_RULE), (RIGHT, HEADER_RULE), INK, 0.5)


def _figure(sheet: Sheet, image: Image.Image) -> None:
    """The picture on its own ground; dimension lines and their words stay in the margins."""
    left, top, right, bottom = FRAME
    sheet.box((left, top), (right - left, bottom - top), _hex(_ground(image)), HAIRLINE)
    sheet.write(right - 3, top + 5.2, "front view · not to scale", SMALL, "right")
    x, y, wide, high = FIGURE
    scale = min(wide * PX_PER_MM / image.width, high * PX_PER_MM / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    corner = (x + (wide - size[0] / PX_PER_MM) / 2, y + (high - size[1] / PX_PER_MM) / 2)
    sheet.paste(image if image.size == size else enlarged_drawing(image, size), corner)
    box = _figure_box(image)
    begins = (corner[0] + box[0] * scale / PX_PER_MM, corner[1] + box[1] * scale / PX_PER_MM)
    ends = (corner[0] + box[2] * scale / PX_PER_MM, corner[1] + box[3] * scale / PX_PER_MM)
    _dimensions(sheet, begins, ends)


def _dimensions(sheet: Sheet, begins: tuple[float, float], ends: tuple[float, float]) -> None:
    gutter_x, gutter_y = FRAME[0] + 8.0, FRAME[3] - 5.5
    sheet.line((gutter_x, begins[1]), (gutter_x, ends[1]), MUTED, 0.2)
    for y in (begins[1], ends[1]):
        sheet.line((gutter_x - 1.2, y), (gutter_x + 1.2, y), MUTED, 0.2)
        sheet.line((gutter_x + 2.2, y), (min(begins[0] - 1, gutter_x + 7), y), HAIRLINE, 0.15)
    middle = (begins[1] + ends[1]) / 2
    sheet.write_upwards(gutter_x - 2.6, middle, f"overall height · {TO_CONFIRM}", SMALL)
    sheet.line((begins[0], gutter_y), (ends[0], gutter_y), MUTED, 0.2)
    for x in (begins[0], ends[0]):
        sheet.line((x, gutter_y - 1.2), (x, gutter_y + 1.2), MUTED, 0.2)
    middle = (begins[0] + ends[0]) / 2
    sheet.write(middle, gutter_y + 3.9, f"overall width · {TO_CONFIRM}", SMALL, "middle")


def _figure_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Where the figure is in the picture: all that is not the corner's colour."""
    picture = image.convert("RGB")
    ground = Image.new("RGB", picture.size, _ground(picture))
    differs = ImageChops.difference(picture, ground).convert("L").point(lambda v: 255 * (v > 24))
    return differs.getbbox() or (0, 0, *picture.size)


def _palette(sheet: Sheet, facts: Facts) -> None:
    top = FRAME[3] + 9.5
    sheet.write(LEFT, top, "Palette", HEADING)
    sheet.write(FRAME[2], top, facts.palette_note, SMALL, "right")
    width = (FRAME[2] - LEFT - 4 * 3.0) / 5
    for place, swatch in enumerate(facts.palette):
        x = LEFT + place * (width + 3.0)
        sheet.box((x, top + 3.4), (width, 9.0), swatch.hex, HAIRLINE)
        sheet.write(x, top + 16.4, swatch.hex, Style(2.7, "medium", INK))
        sheet.write(x, top + 20.0, shortened(swatch.label, SMALL, width), SMALL)


def _sign_off(sheet: Sheet) -> None:
    top = 253.4
    sheet.write(LEFT, top, "Notes", HEADING)
    for line in range(1, 4):
        sheet.line((LEFT, top + 6.2 * line), (FRAME[2], top + 6.2 * line), HAIRLINE, 0.15)
    for place, name in enumerate(("designer", "pattern maker", "date")):
        x = LEFT + place * 35.0
        sheet.line((x, top + 25.0), (x + 31.0, top + 25.0), INK, 0.2)
        sheet.write(x, top + 28.6, name, SMALL)


def _tables(sheet: Sheet, facts: Facts) -> None:
    """The right column; when there is much to say, everything in it becomes smaller."""
    told = [
        Table(each.heading, (0.34, 0.40, 0.26), (), each.rows, each.note, is_draft=False)
        for each in facts.told
    ]
    whole = [len(table.rows) for table in told]
    rest = [
        Table(
            "Measurements, base size",
            (0.08, 0.53, 0.24, 0.15),
            ("", "point", "cm", "±"),
            tuple((letter, point, "", spread) for letter, point, spread in facts.measurements),
        ),
        Table("Materials", (0.30, 0.36, 0.34), ("part", "material", "colour"), facts.materials),
        Table(
            "Check before production",
            (0.2,) * 5,
            (),
            (("material", "craft", "pattern", "colour", "fit"), ("0  1  2",) * 5),
        ),
    ]
    left, top, right, bottom = TABLES
    scale = 1.0
    while _column(None, [*told, *rest], left, top, right, scale) > bottom and scale > 0.5:
        scale -= 0.04
    while _column(None, [*told, *rest], left, top, right, scale) > bottom:
        longest = max(range(len(told)), key=lambda place: len(told[place].rows))
        if len(told[longest].rows) < 2:
            break
        told[longest] = told[longest].shorter(whole[longest])
    _column(sheet, [*told, *rest], left, top, right, scale)


def _column(
    sheet: Sheet | None,
    tables: Sequence[Table],
    left: float,
    top: float,
    right: float,
    scale: float,
) -> float:
    """Set the tables below each other, or only measure them; returns where they end."""
    y = top
    for table in tables:
        y += 4.6 * scale
        if sheet is not None:
            sheet.write(left, y, table.heading, HEADING.scaled(scale))
            sheet.write(left, y + 4.4 * scale, table.note, SMALL.scaled(scale))
        y += (6.0 if table.note else 2.4) * scale
        if table.head:
            y = _row(sheet, table, table.head, (left, y, right), scale, LABEL)
        for row in table.rows:
            y = _row(sheet, table, row, (left, y, right), scale, TEXT)
        y += 5.0 * scale
    return y - 5.0 * scale


def _row(
    sheet: Sheet | None,
    table: Table,
    texts: Sequence[str],
    place: tuple[float, float, float],
    scale: float,
    style: Style,
) -> float:
    left, y, right = place
    width, pad = right - left, 1.9 * scale**2
    cells = []
    x = left
    for share, text in zip(table.columns, texts, strict=True):
        is_open = style is TEXT and not text and table.is_draft
        look = (OPEN if is_open else style).scaled(scale)
        cells.append((x, wrapped(TO_CONFIRM if is_open else text, look, share * width - 1.5), look))
        x += share * width
    lines = max(len(each) for _, each, _ in cells)
    height = lines * style.scaled(scale).line_mm + 2 * pad
    if sheet is not None:
        for x, cell, look in cells:
            for number, line in enumerate(cell):
                sheet.write(x, y + pad + (number + 0.78) * look.line_mm, line, look)
        sheet.line((left, y + height), (right, y + height), HAIRLINE, 0.15)
    return y + height


def _footer(sheet: Sheet, facts: Facts) -> None:
    sheet.line((LEFT, BOTTOM), (RIGHT, BOTTOM), INK, 0.25)
    told = (
        "Image generated by AI (trainedAlgorithmicMedia). "
        "Recipe inside this PNG: drop it on the studio."
    )
    sheet.write(LEFT, BOTTOM + 4.6, told, SMALL)
    room = RIGHT - LEFT - width_mm(told, SMALL) - 6
    sheet.write(RIGHT, BOTTOM + 4.6, shortened(facts.footer, SMALL, room), SMALL, "right")
