"""The blueprint of a picture that no design is known of: one sheet with what its words tell.

A design's own blueprint is the first sheet of its tech pack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from studio.drawing.raster import picture
from studio.techpack.fields import Status
from studio.techpack.frame import Heading, Printing, draw_frame, heading
from studio.techpack.page import (
    BOTTOM,
    HAIRLINE,
    LABEL,
    LEFT,
    RIGHT,
    SMALL,
    TEXT,
    Cell,
    Sheet,
    Table,
    largest_scale,
)
from studio.techpack.said import Said
from studio.techpack.sheets import DPI, HEIGHT_PX, WIDTH_PX

FRAME = (LEFT, 37.0, 127.0, 240.0)
TABLES = (133.0, 37.0, RIGHT, BOTTOM - 3.0)
PX_PER_MM = DPI / 25.4

_TOLD = Said("What words tell", "文字所述")
_COLOURS = Said("Colours", "颜色")
_SEEN = Said("read from the middle of the picture", "取自图片中部")
_NO_DESIGN = Said(
    "No design is known of this picture, so it has no measurements and no tech pack.",
    "此图没有已知的设计，因此没有尺寸和工艺单。",
)
_ONE_SHEET = 1

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class PictureFacts:
    """What the sheet of a picture says.

    Attributes:
        image: the picture, of any size.
        heading: name, number and counts.
        rows: (question, answer, on whose word it is).
        texts: of the PNG: its recipe.
    """

    image: Image.Image
    heading: Heading
    rows: tuple[tuple[Said, Said, Status], ...]
    texts: PngInfo


def picture_sheet_png(facts: PictureFacts, printing: Printing) -> bytes:
    """The sheet as a PNG file that prints at A4 and carries the picture's recipe."""
    sheet = Sheet(printing.language)
    alone = Printing(printing.language, printing.letter, _ONE_SHEET)
    draw_frame(sheet, facts.heading, alone, 1)
    sheet.box(FRAME, _ground(facts.image), HAIRLINE)
    _palette(sheet, facts.image)
    _told(sheet, facts)
    page = picture(sheet.drawing(facts.heading.title.en), HEIGHT_PX)
    page = page.crop((0, 0, WIDTH_PX, HEIGHT_PX))
    _paste(page, facts.image)
    file = BytesIO()
    page.save(file, format="PNG", dpi=(DPI, DPI), pnginfo=facts.texts)
    return file.getvalue()


def _paste(page: Image.Image, image: Image.Image) -> None:
    """The picture in the middle of its frame, as large as fits."""
    left, top, right, bottom = (round(edge * PX_PER_MM) for edge in FRAME)
    room = (right - left - 60, bottom - top - 60)
    scale = min(room[0] / image.width, room[1] / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    shown = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    page.paste(shown, ((left + right - size[0]) // 2, (top + bottom - size[1]) // 2))


def _palette(sheet: Sheet, image: Image.Image) -> None:
    top = FRAME[3] + 9.0
    heading(sheet, LEFT, top, _COLOURS, 40.0)
    sheet.write(FRAME[2], top, sheet.say(_SEEN), SMALL, "end")
    width = (FRAME[2] - LEFT - 4 * 3.0) / 5
    for place, (hex_value, share) in enumerate(seen_colours(image)):
        x = LEFT + place * (width + 3.0)
        red, green, blue = (int(hex_value[at : at + 2], 16) for at in (1, 3, 5))
        sheet.box((x, top + 3.4, x + width, top + 12.4), (red, green, blue), HAIRLINE)
        sheet.write_in(x, top + 16.2, Said(f"{hex_value} · {share:.0%}"), SMALL, width)


def _told(sheet: Sheet, facts: PictureFacts) -> None:
    left, top, right, bottom = TABLES
    rows = tuple(
        (Cell(sheet.say(question), LABEL), Cell(sheet.say(answer), TEXT, status))
        for question, answer, status in facts.rows
    )
    table = Table((0.36, 0.64), rows, pad=0.8)
    note = Table((1.0,), ((Cell(sheet.say(_NO_DESIGN), SMALL),),), pad=0.6)

    def ends(scale: float, on: Sheet | None = None) -> float:
        y = table.set(on, (left, top + 6.2 * scale, right), scale)
        return note.set(on, (left, y + 2.0 * scale, right), scale)

    scale = largest_scale(ends, bottom, 0.2)
    heading(sheet, left, top + 4.2 * scale, _TOLD, right - left)
    ends(scale, sheet)


def seen_colours(image: Image.Image, most: int = 5) -> list[tuple[str, float]]:
    """The colours in the middle of a picture, where the garment is: (hex value, share).

    The ground, whose colour is that of the corner, is left out; so are traces.
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
