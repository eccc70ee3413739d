"""Drawings as SVG 1.1: named layers, paths, gradients; no filters, no pictures, no scripts.

Text is written as outlines, with what it says as their label: no font has to be installed.
"""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from studio.drawing.paths import Path
from studio.drawing.record import (
    Drawing,
    Fill,
    Group,
    Linear,
    Mark,
    Paint,
    Radial,
    Solid,
    Stroke,
    Text,
)
from studio.drawing.tones import Colour

_LETTERS = str.maketrans(
    {
        "M": "M%.2f %.2f",
        "L": "L%.2f %.2f",
        "C": "C%.2f %.2f %.2f %.2f %.2f %.2f",
        "Z": "Z",
    }
)
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"


def svg(drawing: Drawing) -> str:
    """A whole file. Layers are groups with an id, and are layers in Inkscape and Illustrator."""
    left, top, _, _ = drawing.page
    place = f"{left:g} {top:g} {drawing.width:g} {drawing.height:g}"
    writer = _Writer()
    body = writer.written(drawing.marks)
    ground = (
        f'<rect x="{left:g}" y="{top:g}" width="{drawing.width:g}" height="{drawing.height:g}" '
        f'fill="{_hex(drawing.ground)}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="{_INKSCAPE}" '
        f'viewBox="{place}" stroke-linecap="round" stroke-linejoin="round">'
        f"<title>{escape(_plain(drawing.title))}</title>"
        f"<defs>{''.join(writer.definitions)}</defs>{ground}{body}</svg>"
    )


class _Writer:
    """Marks as elements, and what they refer to as definitions."""

    def __init__(self) -> None:
        self.definitions: list[str] = []
        self._gradients: dict[Paint, str] = {}
        self._clips: dict[int, str] = {}
        self._layers: set[str] = set()

    def written(self, marks: Sequence[Mark]) -> str:
        """The elements of these marks."""
        return "".join(self._element(mark) for mark in marks)

    def _element(self, mark: Mark) -> str:
        if isinstance(mark, Group):
            return f"<g{self._group(mark)}>{self.written(mark.marks)}</g>"
        if isinstance(mark, Text):
            label = quoteattr(_plain(mark.text))
            shape = f'd="{_data(mark.outline())}" fill="{_hex(mark.colour)}"'
            return f"<path {shape} aria-label={label}/>"
        if isinstance(mark, Fill):
            return f'<path d="{_data(mark.path)}"{self._paint(mark.paint)}/>'
        return f'<path d="{_data(mark.path)}" fill="none"{_stroke(mark)}/>'

    def _group(self, mark: Group) -> str:
        attributes = "" if mark.alpha >= 1 else f' opacity="{mark.alpha:.3f}"'
        if mark.clip is not None:
            attributes += f' clip-path="url(#{self._clip(mark.clip)})"'
        if mark.name:
            label = quoteattr(_plain(mark.name))
            attributes += f' id="{self._layer(mark.name)}" inkscape:groupmode="layer"'
            attributes += f" inkscape:label={label}"
        return attributes

    def _layer(self, name: str) -> str:
        """An id that XML allows and no other layer has."""
        base = "layer-" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
        found, number = base, 2
        while found in self._layers:
            found, number = f"{base}-{number}", number + 1
        self._layers.add(found)
        return found

    def _clip(self, path: Path) -> str:
        if id(path) not in self._clips:
            name = self._clips[id(path)] = f"clip{len(self._clips)}"
            self.definitions.append(f'<clipPath id="{name}"><path d="{_data(path)}"/></clipPath>')
        return self._clips[id(path)]

    def _paint(self, paint: Paint) -> str:
        if isinstance(paint, Solid):
            return f' fill="{_hex(paint.colour)}"{_opacity("fill", paint.alpha)}'
        if paint not in self._gradients:
            name = self._gradients[paint] = f"paint{len(self._gradients)}"
            self.definitions.append(_gradient(paint, name))
        return f' fill="url(#{self._gradients[paint]})"'


def _gradient(paint: Linear | Radial, name: str) -> str:
    if isinstance(paint, Linear):
        (x1, y1), (x2, y2) = paint.start, paint.end
        kind, place = "linear", f'x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}"'
    else:
        x, y = paint.centre
        kind = "radial"
        place = (
            f'cx="0" cy="0" r="{paint.radius:.2f}" '
            f'gradientTransform="translate({x:.2f} {y:.2f}) scale(1 {paint.height:.4f})"'
        )
    stops = "".join(
        f'<stop offset="{stop.place:.4f}" stop-color="{_hex(stop.colour)}"'
        f"{_opacity('stop', stop.alpha)}/>"
        for stop in paint.stops
    )
    return (
        f'<{kind}Gradient id="{name}" gradientUnits="userSpaceOnUse" {place}>'
        f"{stops}</{kind}Gradient>"
    )


def _stroke(mark: Stroke) -> str:
    attributes = f' stroke="{_hex(mark.paint.colour)}" stroke-width="{mark.width:.3f}"'
    attributes += _opacity("stroke", mark.paint.alpha)
    if mark.cap != "round":
        attributes += f' stroke-linecap="{mark.cap}"'
    if mark.dash:
        attributes += f' stroke-dasharray="{" ".join(f"{part:.2f}" for part in mark.dash)}"'
    return attributes


def _opacity(what: str, alpha: float) -> str:
    return "" if alpha >= 1 else f' {what}-opacity="{alpha:.3f}"'


def _data(path: Path) -> str:
    return path.verbs.translate(_LETTERS) % path.numbers


def _plain(text: str) -> str:
    """Without the characters that XML can't hold."""
    return _NOT_XML.sub("", text)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
