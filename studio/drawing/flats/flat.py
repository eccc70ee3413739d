"""Draw a design as a technical flat: its lines, points of measure with letters, and callouts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from studio.design.spec import DesignSpec
from studio.drawing.flats.callouts import Language, Note, notes_of
from studio.drawing.flats.form import Side
from studio.drawing.flats.ink import INK, WHITE
from studio.drawing.flats.parts import FlatSide, flat_side
from studio.drawing.flats.places import Place, place_of
from studio.drawing.flats.spacing import cross, grown, meets, overlap, spread
from studio.drawing.lines import chain, line
from studio.drawing.paths import Box, circle
from studio.drawing.pen import Pen
from studio.drawing.record import Drawing, Text
from studio.drawing.tones import Colour
from studio.patternmaking.points import PointOfMeasure, points_of_measure
from studio.patternmaking.sizes import BASE, Size

BLUE: Colour = (24, 84, 148)
GREY: Colour = (96, 96, 104)

_SHARES = (0.5, 0.38, 0.62, 0.27, 0.73, 0.17, 0.83, 0.08, 0.92)
_AROUND = tuple(
    complex(x, y)
    for reach in (1.9, 2.8, 3.9, 5.2, 6.8)
    for x, y in (
        (0, -reach),
        (reach, 0),
        (-reach, 0),
        (0, reach),
        (reach * 0.7, -reach * 0.7),
        (-reach * 0.7, -reach * 0.7),
        (reach * 0.7, reach * 0.7),
        (-reach * 0.7, reach * 0.7),
    )
)


def draw_flat(
    spec: DesignSpec,
    side: Side = "front",
    points: Sequence[PointOfMeasure] | None = None,
    callouts: bool = True,
    language: Language = "both",
    size: Size = BASE,
) -> Drawing:
    """One side of a design laid flat, in centimetres, with layers.

    The layers are called Outline, Seams, Stitches, Details, Measures and Callouts. No word
    overlaps another, and none leaves the page.

    Args:
        spec: the design.
        side: which side is seen.
        points: those that are drawn, if they lie on this side; None for all of the design's that
            this side shows, and an empty list for none.
        callouts: whether short texts say what is where.
        language: of the callouts.
        size: that it is drawn in.
    """
    drawn = flat_side(spec, side, size)
    if points is None:
        points = points_of_measure(spec, size)
    shown = [point for point in points if point.name.view == side]
    notes = notes_of(drawn, language) if callouts else []
    return _Page(drawn).laid_out(shown, notes).drawing(f"{spec['category']}, {side}")


@dataclass
class _Page:
    """A flat with what is written round it."""

    side: FlatSide
    texts: list[Text] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    leaders: list[tuple[complex, complex, complex]] = field(default_factory=list)
    arrows: list[tuple[complex, complex]] = field(default_factory=list)
    witnesses: list[tuple[complex, complex]] = field(default_factory=list)
    letters: list[tuple[complex, str]] = field(default_factory=list)
    links: list[tuple[complex, complex]] = field(default_factory=list)

    @cached_property
    def box(self) -> Box:
        """Round the garment."""
        return self.side.ink.box()

    @cached_property
    def unit(self) -> float:
        """Sizes of words and marks grow with the garment."""
        left, top, right, bottom = self.box
        return min(max(max(bottom - top, 0.72 * (right - left)) / 88.0, 0.5), 1.5)

    @property
    def radius(self) -> float:
        """Of the disc round a letter."""
        return 1.7 * self.unit

    def laid_out(self, points: Sequence[PointOfMeasure], notes: Sequence[Note]) -> "_Page":
        """Place everything: measured lines, callouts beside them, then the letters."""
        placed = []
        for point in points:
            place = place_of(self.side, point.key)
            if place is not None:
                placed.append((point, place))
        lines = self._lanes(placed)
        self.arrows += lines
        self._write(notes)
        for (point, place), ends in zip(placed, lines, strict=True):
            self._letter(point.letter, ends, place.lane is not None)
        return self

    # Callouts.

    def _write(self, notes: Sequence[Note]) -> None:
        if not notes:
            return
        unit = self.unit
        size = 2.15 * unit
        reach = [end.real for arrow in self.arrows for end in arrow]
        x = max(self.box[2] + 5.5 * unit, *(each + 4.0 * unit for each in reach), 0.0)
        ordered = sorted(notes, key=lambda note: (note.anchor.imag, -note.anchor.real))
        heights = [size * 1.25 * len(note.lines) for note in ordered]
        for _ in range(len(ordered) ** 2):
            middles = spread([note.anchor.imag for note in ordered], heights, 0.55 * size)
            swap = self._crossing(ordered, middles, x)
            if swap is None:
                break
            ordered[swap], ordered[swap + 1] = ordered[swap + 1], ordered[swap]
            heights[swap], heights[swap + 1] = heights[swap + 1], heights[swap]
        for note, middle in zip(ordered, middles, strict=True):
            elbow = complex(x - 2.0 * unit, middle)
            self.leaders.append((note.anchor, elbow, complex(x - 0.7 * unit, middle)))
            top = middle - size * 1.25 * len(note.lines) / 2
            for number, words in enumerate(note.lines):
                baseline = top + size * (1.25 * number + 0.95)
                self.texts.append(Text(words, (x, baseline), size, INK))
                self.boxes.append(self.texts[-1].box())

    def _crossing(self, notes: Sequence[Note], middles: Sequence[float], x: float) -> int | None:
        """The first label whose leader crosses that of the next."""
        elbows = [complex(x - 2.0 * self.unit, middle) for middle in middles]
        for number in range(len(notes) - 1):
            one = (notes[number].anchor, elbows[number])
            other = (notes[number + 1].anchor, elbows[number + 1])
            if cross(one, other):
                return number
        return None

    # Measured lines.

    def _lanes(
        self, placed: Sequence[tuple[PointOfMeasure, Place]]
    ) -> list[tuple[complex, complex]]:
        """The lines that are drawn; those beside the garment each have a lane of their own."""
        left, top, _, bottom = self.box
        found = []
        beside, below = 0, 0
        for _, place in placed:
            if place.lane == "left":
                beside += 1
                x = left - (1.0 + 3.6 * beside) * self.unit
                ends = complex(x, place.start.imag), complex(x, place.end.imag)
                self._witness(place.start, ends[0])
                self._witness(place.end, ends[1])
            elif place.lane is not None:
                below += place.lane == "below"
                y = bottom + (0.4 + 3.4 * below) * self.unit
                way = 1j * self.unit
                if place.lane == "above":
                    y, way = top - 2.6 * self.unit, -way
                ends = complex(place.start.real, y), complex(place.end.real, y)
                for end, mark in zip((place.start, place.end), ends, strict=True):
                    self.witnesses.append((end + 0.8 * way, mark + 0.7 * way))
            else:
                ends = place.start, place.end
            found.append(ends)
        return found

    def _witness(self, place: complex, mark: complex) -> None:
        """A thin line from beside the garment to the end of a measured line."""
        left = self.box[0]
        near = complex(left - 0.6 * self.unit, place.imag)
        self.witnesses.append((near, mark - 0.8 * self.unit))

    # Letters.

    def _letter(self, letter: str, ends: tuple[complex, complex], lane: bool) -> None:
        """Put a letter where it hides no word, no other letter and no other line's end."""
        start, end = ends
        on_line = [start + (end - start) * share for share in _SHARES]
        if abs(end - start) < 4.2 * self.radius and not lane:
            on_line = []  # the disc would hide the line
        middle = (start + end) / 2
        beside = [middle + step * self.unit for step in _AROUND]
        far = [end + step * self.unit * 1.4 for step in _AROUND]
        for place in (*on_line, *beside, *far):
            if self._free(place):
                break
        self.letters.append((place, letter))
        if place not in on_line:
            self.links.append((middle if place in beside else end, place))

    def _free(self, place: complex) -> bool:
        r = self.radius * 1.12
        box = (place.real - r, place.imag - r, place.real + r, place.imag + r)
        if any(overlap(box, words) for words in self.boxes):
            return False
        if any(abs(other - place) < 2 * r for other, _ in self.letters):
            return False
        leaders = [
            part for anchor, elbow, end in self.leaders for part in ((anchor, elbow), (elbow, end))
        ]
        if any(meets(box, *part) for part in leaders):
            return False
        ends = [end for arrow in self.arrows for end in arrow]
        return all(abs(end - place) > 1.5 * r for end in ends)

    # The page.

    def drawing(self, title: str) -> Drawing:
        """The record of it all."""
        pen = Pen()
        self.side.ink.put_on(pen)
        unit = self.unit
        with pen.layer("Measures"):
            for start, end in self.witnesses:
                pen.line(chain(line(*_points(start, end))), BLUE, 0.1 * unit, 0.75)
            for start, end in (*self.arrows, *self.links):
                pen.line(chain(line(*_points(start, end))), BLUE, 0.17 * unit)
            for start, end in self.arrows:
                self._heads(pen, start, end)
            for place, letter in self.letters:
                disc = circle(place.real, place.imag, self.radius)
                pen.fill(disc, WHITE)
                pen.line(disc, BLUE, 0.2 * unit)
                size = 2.3 * unit
                baseline = (place.real, place.imag + 0.35 * size)
                pen.text(Text(letter, baseline, size, BLUE, "middle", "medium"))
        with pen.layer("Callouts"):
            for anchor, elbow, end in self.leaders:
                path = chain(line(*_points(anchor, elbow), *_points(end)))
                pen.line(path, GREY, 0.14 * unit)
                pen.fill(circle(anchor.real, anchor.imag, 0.42 * unit), GREY)
            for text in self.texts:
                pen.text(text)
        return pen.drawing(self._page(pen), WHITE, title)

    def _heads(self, pen: Pen, start: complex, end: complex) -> None:
        length = abs(end - start)
        if length < 0.5:
            return
        way = (end - start) / length
        reach = min(1.7 * self.unit, 0.32 * length)
        for tip, into in ((start, way), (end, -way)):
            wing = into * reach + into * 1j * reach * 0.28, into * reach - into * 1j * reach * 0.28
            pen.fill(chain(line(*_points(tip, tip + wing[0], tip + wing[1])), closed=True), BLUE)

    def _page(self, pen: Pen) -> Box:
        reach = pen.drawing((0.0, 0.0, 1.0, 1.0), WHITE).reach()
        return grown(reach, 2.5 * self.unit)


def _points(*places: complex) -> list[tuple[float, float]]:
    return [(place.real, place.imag) for place in places]
