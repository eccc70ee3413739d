"""Details by name: each family has a table from its values to the functions that draw them."""

from collections.abc import Callable, Mapping

from studio.drawing.garment import Garment
from studio.drawing.pen import Pen

Detail = Callable[[Pen, Garment], None]


def draw_chosen(family: str, table: Mapping[str, Detail], pen: Pen, garment: Garment) -> None:
    """Draw what the table has for the design's value of the family, if anything."""
    detail = table.get(garment.spec[family])
    if detail:
        detail(pen, garment)
