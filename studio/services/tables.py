"""Tables for people's other programs: CSV and XLSX, written so that no cell is ever a formula.

XLSX is a zip of a few XML files (ECMA-376, part 1: sections 18.2, 18.3 and 18.5); the part of it
that a plain table with links needs is written here.
"""

import csv
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from xml.sax.saxutils import escape, quoteattr

_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r]")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WIDTHS = {"Phrases": 60, "Picture": 40, "Note": 40}
_USUAL_WIDTH = 18


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    address: str


Cell = str | int | Link


@dataclass(frozen=True)
class Table:
    """Columns' names, and rows of as many cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def csv_file(table: Table) -> bytes:
    """UTF-8 with a byte order mark, by which spreadsheets know it.

    A text that a spreadsheet would calculate gets an apostrophe before it.
    """
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def xlsx_file(table: Table) -> bytes:
    """A workbook with one sheet, its first line fixed, its links alive."""
    links = [
        (f"{_letter(column)}{row}", cell.address)
        for row, cells in enumerate(table.rows, 2)
        for column, cell in enumerate(cells)
        if isinstance(cell, Link)
    ]
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (
            ("[Content_Types].xml", _content_types()),
            ("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml", False)])),
            ("xl/workbook.xml", _workbook()),
            (
                "xl/_rels/workbook.xml.rels",
                _relations([("worksheet", "worksheets/sheet1.xml", False)]),
            ),
            ("xl/worksheets/sheet1.xml", _sheet(table, links)),
            (
                "xl/worksheets/_rels/sheet1.xml.rels",
                _relations([("hyperlink", address, True) for _, address in links]),
            ),
        ):
            book.writestr(name, _DECLARATION + content)
    return file.getvalue()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, Link):
        return cell.address
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _text(cell: Cell) -> str:
    text = cell.address if isinstance(cell, Link) else str(cell)
    return escape(_NOT_XML.sub("\ufffd", text))


def _content_types() -> str:
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        "</Types>"
    )


def _workbook() -> str:
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Designs" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _relations(listed: Sequence[tuple[str, str, bool]]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target={quoteattr(target)}'
        + (' TargetMode="External"/>' if is_outside else "/>")
        for number, (kind, target, is_outside) in enumerate(listed, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _sheet(table: Table, links: Sequence[tuple[str, str]]) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{_WIDTHS.get(name, _USUAL_WIDTH)}" '
        'customWidth="1"/>'
        for place, name in enumerate(table.columns, 1)
    )
    lines = "".join(
        f'<row r="{number}">{"".join(_cell(number, *each) for each in enumerate(cells))}</row>'
        for number, cells in enumerate((table.columns, *table.rows), 1)
    )
    alive = "".join(
        f'<hyperlink ref="{place}" r:id="rId{number}"/>'
        for number, (place, _) in enumerate(links, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheetViews><sheetView '
        'workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{widths}</cols><sheetData>{lines}</sheetData>"
        f"{f'<hyperlinks>{alive}</hyperlinks>' if alive else ''}</worksheet>"
    )


def _cell(row: int, column: int, cell: Cell) -> str:
    place = f"{_letter(column)}{row}"
    if isinstance(cell, int):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'
