"""Sheet 1: the design as a croquis and as a flat, front and back, and what was asked for."""

from studio.drawing.croquis import GROUND, draw_croquis
from studio.drawing.flats.flat import draw_flat
from studio.drawing.flats.form import Side
from studio.drawing.placing import alike
from studio.techpack.fields import STATUSES
from studio.techpack.frame import STATUS_NAMES, Heading, Printing, draw_frame, heading
from studio.techpack.pack import Pack
from studio.techpack.page import (
    BOTTOM,
    HAIRLINE,
    INK,
    LABEL,
    LEFT,
    RIGHT,
    SMALL,
    STRONG,
    TEXT,
    Cell,
    Sheet,
    Table,
    largest_scale,
)
from studio.techpack.said import Said

CROQUIS = (LEFT, 37.0, 127.0, 149.0)
FLATS = (LEFT, 152.0, 127.0, 228.0)
COLUMN = (133.0, RIGHT)
_SWATCHES_TOP = 236.0
_SIGNED_TOP = 260.0

SIDES: tuple[Side, ...] = ("front", "back")
FRONT, BACK = Said("front", "正面"), Said("back", "背面")
_SPECIFICATION = Said("Specification", "规格")
_TYPED = Said("As typed", "输入原文")
_KNOWN = Said("How much is known", "已知程度")
_QUESTIONS = Said("Open questions for the factory", "向工厂确认的问题")
_MORE = Said("and {count} more, see sheets 2 and 3", "另有 {count} 项，见第 2、3 页")
_COLOURS = Said("Colours", "颜色")
_SIGNED = (
    Said("designer", "设计"),
    Said("pattern maker", "制版"),
    Said("approved, date", "批准，日期"),
)
_REPLACED = Said("{value} (replaced to go with the rest)", "{value}（替换以相配）")


def draw_look(pack: Pack, printing: Printing) -> Sheet:
    """The sheet."""
    sheet = Sheet(printing.language)
    draw_frame(sheet, Heading.of(pack), printing, 1)
    _croquis(sheet, pack)
    _flats(sheet, pack)
    _colours(sheet, pack)
    _signatures(sheet)
    _column(sheet, pack)
    return sheet


def _croquis(sheet: Sheet, pack: Pack) -> None:
    left, top, right, bottom = CROQUIS
    middle = (left + right) / 2
    sheet.box(CROQUIS, GROUND)
    sheet.place(draw_croquis(pack.spec, "front"), (left, top, middle, bottom), "Croquis front")
    sheet.place(draw_croquis(pack.spec, "back"), (middle, top, right, bottom), "Croquis back")
    sheet.box(CROQUIS, None, HAIRLINE)
    _sides(sheet, (left, middle), top, (right - left) / 2)


def _flats(sheet: Sheet, pack: Pack) -> None:
    left, top, right, bottom = FLATS
    middle = (left + right) / 2
    inner = (top + 4.5, bottom - 1.0)
    front, back = alike([draw_flat(pack.spec, side, (), callouts=False) for side in SIDES])
    sheet.place(front, (left + 1, inner[0], middle - 1, inner[1]), "Flat front")
    sheet.place(back, (middle + 1, inner[0], right - 1, inner[1]), "Flat back")
    sheet.box(FLATS, None, HAIRLINE)
    _sides(sheet, (left, middle), top, (right - left) / 2)


def _sides(sheet: Sheet, lefts: tuple[float, float], top: float, room: float) -> None:
    for x, said in zip(lefts, (FRONT, BACK), strict=True):
        sheet.write_in(x + 2.0, top + 4.0, said, SMALL, room - 4.0)


def _colours(sheet: Sheet, pack: Pack) -> None:
    heading(sheet, LEFT, _SWATCHES_TOP, _COLOURS, 60.0)
    width = (CROQUIS[2] - LEFT - 2 * 3.0) / 3
    for place, dyed in enumerate(pack.colours):
        x = LEFT + place * (width + 3.0)
        top = _SWATCHES_TOP + 3.0
        colour = tuple(int(dyed.hex[at : at + 2], 16) for at in (1, 3, 5))
        sheet.box((x, top, x + 9.0, top + 12.0), (colour[0], colour[1], colour[2]), HAIRLINE)
        room = width - 11.0
        label = Said("{part}: {name}", "{part}：{name}").filled(part=dyed.part, name=dyed.name)
        sheet.write_in(x + 11.0, top + 3.2, label, SMALL, room)
        sheet.write_in(x + 11.0, top + 7.2, Said(dyed.hex), STRONG.scaled(0.85), room)
        lab = f"Lab {dyed.lab.lightness:.0f} {dyed.lab.a:.0f} {dyed.lab.b:.0f}".replace("-", "−")
        sheet.write_in(x + 11.0, top + 11.0, Said(lab), SMALL, room)


def _signatures(sheet: Sheet) -> None:
    width = (CROQUIS[2] - LEFT - 2 * 4.0) / 3
    for place, said in enumerate(_SIGNED):
        x = LEFT + place * (width + 4.0)
        sheet.line((x, _SIGNED_TOP + 14.0), (x + width, _SIGNED_TOP + 14.0), INK, 0.2)
        sheet.write_in(x, _SIGNED_TOP + 17.6, said, SMALL, width)


def _column(sheet: Sheet, pack: Pack) -> None:
    """What was asked for, how much is known, and what is open; smaller where there is much."""
    bottom = BOTTOM - 3.0
    questions = list(pack.open_questions())
    left_out = 0
    scale = largest_scale(lambda s: _set(None, sheet, pack, questions, left_out, s), bottom)
    while questions and _set(None, sheet, pack, questions, left_out, scale) > bottom:
        questions.pop()
        left_out += 1
    _set(sheet, sheet, pack, questions, left_out, scale)


def _set(
    sheet: Sheet | None,
    speaker: Sheet,
    pack: Pack,
    questions: list[Said],
    left_out: int,
    scale: float,
) -> float:
    left, right = COLUMN
    room = right - left
    y = 37.0

    def head(said: Said, y: float) -> float:
        if sheet is not None:
            heading(sheet, left, y + 4.2 * scale, said, room, scale)
        return y + 6.2 * scale

    if pack.brief.typed:
        y = head(_TYPED, y)
        typed = Table((1.0,), ((Cell(speaker.say(Said(f"“{pack.brief.typed}”"))),),))
        y = typed.set(sheet, (left, y, right), scale) + 4.0 * scale
    y = head(_SPECIFICATION, y)
    y = _choices(speaker, pack).set(sheet, (left, y, right), scale) + 4.0 * scale
    y = head(_KNOWN, y)
    counts = pack.counts()
    rows = tuple(
        (Cell(speaker.say(STATUS_NAMES[status]), LABEL, status), Cell(str(counts[status])))
        for status in STATUSES
    )
    known = Table((0.7, 0.3), rows, aligned=("start", "end"), pad=0.7)
    y = known.set(sheet, (left, y, right), scale) + 4.0 * scale
    if questions or left_out:
        y = head(_QUESTIONS, y)
        asked = [(Cell(speaker.say(each), TEXT, "open"),) for each in questions]
        if left_out:
            asked.append((Cell(speaker.say(_MORE.filled(count=left_out)), LABEL),))
        y = Table((1.0,), tuple(asked), pad=0.6).set(sheet, (left, y, right), scale)
    return y


def _choices(speaker: Sheet, pack: Pack) -> Table:
    rows = []
    for choice in pack.choices:
        said = choice.said.said
        value = _REPLACED.filled(value=said) if choice.replaced else said
        rows.append(
            (
                Cell(speaker.say(choice.name), LABEL),
                Cell(speaker.say(value), TEXT, choice.said.status),
            )
        )
    return Table((0.36, 0.64), tuple(rows), pad=0.8)
