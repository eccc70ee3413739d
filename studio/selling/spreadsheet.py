"""Tables for shops and spreadsheets: CSV with the same bytes for the same rows."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from studio.selling.errors import FeedError
from studio.selling.tables import FORMULA

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def written(
    columns: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str = ","
) -> bytes:
    """A table in UTF-8 with its header; columns that a row leaves out are empty.

    Raises:
        FeedError: a cell would be run by a spreadsheet.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        for name, cell in row.items():
            if cell.startswith(FORMULA) and not _NUMBER.fullmatch(cell):
                raise FeedError(
                    f"{name} begins with {cell[0]!r}, which spreadsheets would run. Change that in "
                    "the listing."
                )
        writer.writerow(row)
    return text.getvalue().encode()
