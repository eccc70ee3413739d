"""Points of measure as fields of the pack: lettered, graded over the size run, with tolerances."""

from dataclasses import dataclass

from studio.design.spec import DesignSpec
from studio.patternmaking.points import SizeRow, size_run
from studio.patternmaking.sizes import BASE, Size, size_of, usual_run
from studio.techpack.fields import Corrections, Field
from studio.techpack.said import Said

_LETTER_SIZES = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "3XL")
_HOW = Said("{start} to {end}", "{start}至{end}")

_LANDMARKS: dict[str, str] = {
    "high point of the shoulder": "肩颈点",
    "high point of the shoulder, left": "左肩颈点",
    "high point of the shoulder, right": "右肩颈点",
    "lowest point of the hem": "底边最低点",
    "highest point of the hem": "底边最高点",
    "centre front, upper edge": "前中上口",
    "leg hem": "脚口",
    "upper edge": "上口",
    "waist seam": "腰缝",
    "waist": "腰口",
    "crotch": "裆底",
    "underarm, left": "左腋下点",
    "underarm, right": "右腋下点",
    "underarm": "腋下点",
    "waist, left side": "腰部左侧",
    "waist, right side": "腰部右侧",
    "waist seam, left side": "腰缝左侧",
    "waist seam, right side": "腰缝右侧",
    "hip, left side": "臀部左侧",
    "hip, right side": "臀部右侧",
    "hem, left side": "底边左侧",
    "hem, right side": "底边右侧",
    "tip of the left shoulder": "左肩点",
    "tip of the right shoulder": "右肩点",
    "tip of the shoulder": "肩点",
    "neckline, centre front": "前领口中点",
    "neckline, centre back": "后领口中点",
    "neck seam, centre back": "后领缝中点",
    "collar edge, centre back": "领外口后中",
    "sleeve end": "袖口",
    "fold of the sleeve": "袖折线",
    "underarm seam": "袖底缝",
    "sleeve end, underarm seam": "袖口底缝",
    "sleeve end, fold": "袖口折线",
    "cuff seam": "袖头缝",
    "cuff edge": "袖头边",
    "outer side": "外侧",
    "inner side, knee": "膝部内侧",
    "outer side, knee": "膝部外侧",
    "inner side, hem": "脚口内侧",
    "outer side, hem": "脚口外侧",
    "waistband, upper edge": "腰头上口",
    "waistband, seam": "腰头缝",
    "belt, upper edge": "腰带上边",
    "belt, lower edge": "腰带下边",
    "top of the slit": "开衩顶点",
    "hem": "底边",
}
"""Landmarks that points are measured between, in Chinese."""


@dataclass(frozen=True)
class PointRow:
    """One point of measure over the whole run.

    Attributes:
        letter: on the flat.
        key: its name for programs.
        name: what people call it.
        how: from where to where.
        tolerance: up or down, in cm.
        cells: its value in each size, in cm.
    """

    letter: str
    key: str
    name: Said
    how: Said
    tolerance: Field
    cells: tuple[Field, ...]


def point_rows(
    spec: DesignSpec, made: Corrections
) -> tuple[tuple[str, ...], int, tuple[PointRow, ...]]:
    """The run's sizes by name, the place of the base size among them, and its points."""
    sizes = usual_run()
    run = size_run(spec, sizes)
    base = next(place for place, size in enumerate(sizes) if size.eu == BASE.eu)
    rows = tuple(_row(row, sizes, base, made) for row in run.rows)
    return tuple(size.label for size in sizes), base, rows


def other_labels(label: str) -> str:
    """What a size is called elsewhere, such as "US 8 · S"; both are common, and no standard."""
    size = size_of(label)
    letters = [each for each in _LETTER_SIZES if abs(size_of(each).eu - size.eu) <= 1.0]
    american = next(each.label for each in _american() if each.eu == size.eu)
    return " · ".join([american, *letters[:1]])


def _american() -> tuple[Size, ...]:
    return tuple(size_of(f"US {number}") for number in range(0, 30, 2))


def _row(row: SizeRow, sizes: tuple[Size, ...], base: int, made: Corrections) -> PointRow:
    """A person's value at the base size moves the sizes that nobody corrected along with it."""
    point = row.point
    key = point.key
    base_made = made.get(cell_key(key, sizes[base]))
    moved = 0.0 if base_made is None else float(base_made.value) - row.values[base]
    cells = []
    for place, (size, value) in enumerate(zip(sizes, row.values, strict=True)):
        derived = value if place == base else max(round(value + moved, 1), 0.0)
        cells.append(made.number(cell_key(key, size), derived))
    name = point.name
    how = _HOW.filled(start=_landmark(name.start), end=_landmark(name.end))
    return PointRow(
        point.letter,
        key,
        Said(name.english, name.chinese),
        how,
        made.number(f"tolerance.{key}", point.tolerance_cm),
        tuple(cells),
    )


def cell_key(key: str, size: Size) -> str:
    """The field of a point in a size."""
    return f"point.{key}.{size.eu:g}"


def _landmark(english: str) -> Said:
    return Said(english, _LANDMARKS.get(english, english))
