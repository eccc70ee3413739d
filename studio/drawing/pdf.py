"""Drawings as PDF: vectors, with no library. The rasteriser draws from the same pages.

Source of the format: ISO 32000-1 (PDF 1.7), sections 7.5 (file), 8 (graphics), 11 (transparency).
"""

import cmath
import math
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from studio.drawing.outline_fonts import Glyph
from studio.drawing.paths import Path
from studio.drawing.pdf_lettering import Lettering
from studio.drawing.record import (
    Drawing,
    Group,
    Linear,
    Mark,
    Paint,
    Radial,
    Solid,
    Stop,
    Stroke,
    Text,
)
from studio.drawing.tones import Colour

_OPERATORS = str.maketrans(
    {
        "M": "%.2f %.2f m\n",
        "L": "%.2f %.2f l\n",
        "C": "%.2f %.2f %.2f %.2f %.2f %.2f c\n",
        "Z": "h\n",
    }
)
_CAPS = {"butt": 0, "round": 1}
_A4_HEIGHT_PT = 841.89


def pdf(drawings: Sequence[Drawing], height_pt: float = _A4_HEIGHT_PT) -> bytes:
    """A document with one page per drawing.

    Args:
        drawings: at least one.
        height_pt: of each page, in points; 72 are an inch.
    """
    file = _File(compressed=True)
    for drawing in drawings:
        file.add_page(drawing, height_pt / drawing.height, None)
    return file.written(drawings[0].title)


def pdf_for_raster(drawing: Drawing, unit_px: float) -> bytes:
    """One page of a point per page unit, to be drawn at once at so many pixels per unit."""
    file = _File(compressed=False)
    file.add_page(drawing, 1.0, unit_px)
    return file.written("")


class _File:
    """The objects of a file. Numbers of objects begin at 1; the first two are reserved."""

    def __init__(self, compressed: bool) -> None:
        self._compressed = compressed
        self._objects: list[bytes] = [b"", b""]  # the catalogue, and the list of pages
        self._pages: list[int] = []
        self.lettering = Lettering()
        self._fonts: dict[int, int] = {}

    def font(self, number: int) -> str:
        """One of the document's fonts; it is written at the end, when all its letters are known."""
        if number not in self._fonts:
            self._fonts[number] = self.add("")
        return f"{self._fonts[number]} 0 R"

    def _write_fonts(self) -> None:
        for number, place in self._fonts.items():
            body = self.lettering.font(number, self.add_stream)
            self._objects[place - 1] = body.encode("latin-1")

    def add(self, body: str) -> int:
        self._objects.append(body.encode("latin-1"))
        return len(self._objects)

    def add_stream(self, content: str, entries: str = "") -> int:
        data = content.encode("latin-1")
        if self._compressed:
            data, entries = zlib.compress(data), f"{entries} /Filter /FlateDecode"
        head = f"<< /Length {len(data)} {entries} >>\nstream\n".encode("latin-1")
        self._objects.append(head + data + b"\nendstream")
        return len(self._objects)

    def add_page(self, drawing: Drawing, scale: float, unit_px: float | None) -> None:
        left, top, right, bottom = drawing.page
        content = _Content(_Resources(self, _numbers(left, top, right, bottom)), unit_px)
        content.fill_page(drawing)
        turned_over = _numbers(scale, 0, 0, -scale, -left * scale, bottom * scale)
        stream = self.add_stream(f"{turned_over} cm\n{content.text()}")
        size = _numbers(drawing.width * scale, drawing.height * scale)
        self._pages.append(
            self.add(
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {stream} 0 R "
                f"/Resources {content.resources.written()} >>"
            )
        )

    def written(self, title: str) -> bytes:
        self._write_fonts()
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        self._objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
        self._objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>".encode()
        heading = title.encode("utf-16-be", "replace").hex()
        info = self.add(f"<< /Title <FEFF{heading}> >>")
        out, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
        for number, body in enumerate(self._objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        root = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(places) + 1, info)
        out += b"trailer %b\nstartxref\n%d\n%%%%EOF\n" % (root, start)
        return bytes(out)


class _Resources:
    """What the content of one page calls by name: opacities, gradients, groups."""

    def __init__(self, file: _File, box: str) -> None:
        self._file = file
        self._box = box
        self._kinds: dict[str, dict[str, str]] = {
            kind: {} for kind in ("ExtGState", "Shading", "XObject", "Font")
        }
        self._names: dict[object, str] = {}

    def _named(self, kind: str, key: object, made: Callable[[], str]) -> str:
        if key not in self._names:
            entries = self._kinds[kind]
            name = self._names[key] = f"{kind[0]}{len(entries)}"
            entries[name] = made()
        return self._names[key]

    def opacity(self, alpha: float) -> str:
        """The name of a state that is so opaque."""
        share = f"{alpha:.3f}"
        return self._named("ExtGState", share, lambda: f"<< /ca {share} /CA {share} >>")

    def letter(self, letter: str, glyph: Glyph) -> tuple[str, int]:
        """The name of a font that has the letter, and the letter's code in it."""
        number, code = self._file.lettering.place(letter, glyph)
        return self._named("Font", ("font", number), lambda: self._file.font(number)), code

    def shading(self, paint: Linear | Radial) -> str:
        """The name of a gradient's colours."""
        return self._named("Shading", paint, lambda: self._shading(paint, "DeviceRGB", _of_colour))

    def mask(self, paint: Linear | Radial) -> str:
        """The name of a state that is as opaque as a gradient."""
        return self._named("ExtGState", ("mask", paint), lambda: self._mask(paint))

    def group(self, content: str) -> str:
        """The name of marks that are drawn as one."""
        entries = (
            f"/Type /XObject /Subtype /Form /BBox [{self._box}] "
            f"/Group << /S /Transparency >> /Resources {self.written()}"
        )
        made = self._file.add_stream(content, entries)
        return self._named("XObject", made, lambda: f"{made} 0 R")

    def _shading(self, paint: Linear | Radial, space: str, value: Callable[[Stop], str]) -> str:
        if isinstance(paint, Linear):
            kind, places = 2, _numbers(*paint.start, *paint.end)
        else:
            kind, places = 3, f"0 0 0 0 0 {paint.radius:.2f}"
        made = self._file.add(
            f"<< /ShadingType {kind} /ColorSpace /{space} /Coords [{places}] "
            f"/Extend [true true] /Function {_function(paint.stops, value)} >>"
        )
        return f"{made} 0 R"

    def _mask(self, paint: Linear | Radial) -> str:
        greys = self._shading(paint, "DeviceGray", lambda stop: f"{stop.alpha:.3f}")
        form = self._file.add_stream(
            f"{_frame(paint)}/S sh",
            f"/Type /XObject /Subtype /Form /BBox [{self._box}] "
            f"/Group << /S /Transparency /CS /DeviceGray >> "
            f"/Resources << /Shading << /S {greys} >> >>",
        )
        return f"<< /SMask << /Type /Mask /S /Luminosity /G {form} 0 R >> >>"

    def written(self) -> str:
        """The dictionary."""
        kinds = [
            f"/{kind} << {' '.join(f'/{name} {body}' for name, body in entries.items())} >>"
            for kind, entries in self._kinds.items()
            if entries or kind != "Font"  # pictures of designs have no letters
        ]
        return f"<< {' '.join(kinds)} >>"


class _Content:
    """Marks as operators. What the graphics state already says is not said again.

    `unit_px` is told where the page is rastered at once: no line is then narrower than a pixel,
    so narrower ones are written as wide as that and fainter instead.
    """

    def __init__(self, resources: _Resources, unit_px: float | None) -> None:
        self.resources = resources
        self._unit_px = unit_px
        self._out: list[str] = []
        self._paths: dict[int, str] = {}
        self._state: dict[str, object] = {}

    def text(self) -> str:
        """All operators so far."""
        return "".join(self._out)

    def fill_page(self, drawing: Drawing) -> None:
        """The ground, then all marks."""
        ground = _numbers(*drawing.page[:2], drawing.width, drawing.height)
        self._out.append(f"{_colour(drawing.ground)} rg {ground} re f\n1 j\n")
        self.draw(drawing.marks)

    def draw(self, marks: Sequence[Mark]) -> None:
        """The marks, from back to front."""
        for mark in marks:
            if isinstance(mark, Stroke):
                self._stroke(mark)
            elif isinstance(mark, Text):
                self._text(mark)
            elif isinstance(mark, Group):
                self._group(mark)
            elif isinstance(mark.paint, Solid):
                self._fill(mark.path, mark.paint)
            else:
                self._grade(mark.path, mark.paint)

    def _set(self, what: str, value: object, operator: str) -> None:
        if self._state.get(what) != value:
            self._state[what] = value
            self._out.append(operator)

    def _set_opacity(self, alpha: float) -> None:
        if self._state.get("opacity", 1.0) != alpha:
            self._state["opacity"] = alpha
            self._out.append(f"/{self.resources.opacity(alpha)} gs\n")

    def _path(self, path: Path) -> str:
        text = self._paths.get(id(path))
        if text is None:
            text = self._paths[id(path)] = _operators(path)
        return text

    def _fill(self, path: Path, paint: Solid) -> None:
        self._set_opacity(paint.alpha)
        self._set("fill", paint.colour, f"{_colour(paint.colour)} rg\n")
        self._out.append(f"{self._path(path)}f\n")

    def _stroke(self, mark: Stroke) -> None:
        width, alpha = mark.width, mark.paint.alpha
        if self._unit_px and width * self._unit_px < 1:
            alpha = round(alpha * width * self._unit_px, 2)
            width = 1 / self._unit_px
        self._set_opacity(alpha)
        self._set("stroke", mark.paint.colour, f"{_colour(mark.paint.colour)} RG\n")
        self._set("width", width, f"{width:.3f} w\n")
        self._set("cap", mark.cap, f"{_CAPS[mark.cap]} J\n")
        if mark.dash != self._state.get("dash", ()):
            self._set("dash", mark.dash, f"[{_numbers(*mark.dash)}] 0 d\n")
        self._out.append(f"{self._path(mark.path)}S\n")

    def _text(self, mark: Text) -> None:
        self._set_opacity(1.0)
        self._set("fill", mark.colour, f"{_colour(mark.colour)} rg\n")
        if self._unit_px:  # a picture needs no letters, only their shapes
            self._out.append(f"{_operators(mark.outline())}f\n")
            return
        along = cmath.rect(mark.size, math.radians(mark.turn))
        turned = f"{along.real:.4f} {along.imag:.4f} {along.imag:.4f} {-along.real:.4f}"
        shown = []
        for letter, glyph, start in mark.letters():
            font, code = self.resources.letter(letter, glyph)
            place = _numbers(start.real, start.imag)
            shown.append(f"/{font} 1 Tf {turned} {place} Tm <{code:02x}> Tj\n")
        self._out.append(f"BT\n{''.join(shown)}ET\n")

    def _grade(self, path: Path, paint: Linear | Radial) -> None:
        self._set_opacity(1.0)
        masked = any(stop.alpha < 1 for stop in paint.stops)
        state = f"/{self.resources.mask(paint)} gs " if masked else ""
        first = paint.stops[0].colour
        if masked and all(stop.colour == first for stop in paint.stops):  # quicker than a gradient
            self._out.append(f"q {state}{_colour(first)} rg\n{self._path(path)}f Q\n")
            return
        shading = f"{_frame(paint)}/{self.resources.shading(paint)} sh"
        self._out.append(f"q\n{self._path(path)}W n {state}{shading} Q\n")

    def _group(self, mark: Group) -> None:
        if mark.alpha < 1:
            self._see_through(mark)
            return
        if mark.clip is None:
            self.draw(mark.marks)
            return
        state = dict(self._state)
        self._out.append(f"q\n{self._path(mark.clip)}W n\n")
        self.draw(mark.marks)
        self._out.append("Q\n")
        self._state = state

    def _see_through(self, mark: Group) -> None:
        inner = _Content(self.resources, self._unit_px)
        inner._out.append("1 j\n")
        inner.draw((mark._replace(alpha=1.0),))
        name = self.resources.group(inner.text())
        self._set_opacity(mark.alpha)
        self._out.append(f"/{name} Do\n")


def _operators(path: Path) -> str:
    return path.verbs.translate(_OPERATORS) % path.numbers


def _frame(paint: Paint) -> str:
    """Radial gradients are written round a circle at the origin."""
    if isinstance(paint, Radial):
        return f"1 0 0 {paint.height:.4f} {_numbers(*paint.centre)} cm "
    return ""


def _function(stops: Sequence[Stop], value: Callable[[Stop], str]) -> str:
    """A gradient's colours or opacities, from 0 to 1."""
    first, last = stops[0], stops[-1]
    whole = [first._replace(place=0.0), *stops, last._replace(place=1.0)]
    spans = [(one, other) for one, other in pairwise(whole) if other.place > one.place]
    parts = [
        f"<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [{value(one)}] /C1 [{value(other)}] >>"
        for one, other in spans
    ]
    bounds = " ".join(f"{other.place:.4f}" for _, other in spans[:-1])
    ends = " ".join(["0 1"] * len(spans))
    return (
        f"<< /FunctionType 3 /Domain [0 1] /Functions [{' '.join(parts)}] "
        f"/Bounds [{bounds}] /Encode [{ends}] >>"
    )


def _of_colour(stop: Stop) -> str:
    return _colour(stop.colour)


@lru_cache(maxsize=4096)
def _colour(colour: Colour) -> str:
    return " ".join(f"{part / 255:.4f}" for part in colour)


def _numbers(*numbers: float) -> str:
    return " ".join(f"{number:.2f}" for number in numbers)
