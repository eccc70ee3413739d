import random
import re
import zlib
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest

from studio.drawing.croquis import draw_croquis
from studio.drawing.paths import box, circle, polygon, straight
from studio.drawing.pdf import pdf
from studio.drawing.pen import Pen
from studio.drawing.raster import picture
from studio.drawing.record import Drawing
from studio.drawing.svg import svg
from training.atelier.world import sample_design

SVG = "{http://www.w3.org/2000/svg}"
INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
HOSTILE = '</title><script>alert("1")</script>&amp;\x00\ud800 ]]> 龙 🧵'
RED, BLUE, PAPER = (200, 0, 0), (0, 0, 200), (240, 240, 240)


def croquis(count: int, seed: int = 2) -> list[Drawing]:
    rng = random.Random(seed)
    return [draw_croquis(sample_design(rng)) for _ in range(count)]


def page_of(pen: Pen, title: str = "") -> Drawing:
    return pen.drawing((0.0, 0.0, 40.0, 80.0), PAPER, title)


def pixels(pen: Pen, height_px: int = 80) -> np.ndarray:
    return np.asarray(picture(page_of(pen), height_px)).astype(int)


def test_svg_is_xml_with_named_layers():
    for drawing in croquis(20):
        root = ElementTree.fromstring(svg(drawing))

        layers = [group for group in root.iter(f"{SVG}g") if f"{INKSCAPE}groupmode" in group.attrib]
        names = [layer.get("id") for layer in layers]
        wanted = [
            "layer-figure",
            "layer-garment",
            "layer-details",
            "layer-head",
            "layer-face",
            "layer-hair",
        ]
        if "layer-details" not in names:  # of a cape, which hides the arms, nothing may be left
            assert "cape" in drawing.title
            wanted.remove("layer-details")
        assert [name for name in names if name != "layer-base-layer"] == wanted
        assert root.get("viewBox") == "0 -4 128 256"
        assert not [element for element in root.iter() if element.tag in (f"{SVG}image", f"{SVG}a")]


def test_everything_that_svg_refers_to_is_there():
    for drawing in croquis(20):
        text = svg(drawing)
        names = re.findall(r'\bid="([^"]+)"', text)

        assert len(names) == len(set(names))
        assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(names)


def test_hostile_text_stays_text():
    pen = Pen()
    with pen.layer(HOSTILE):
        pen.fill(circle(20, 20, 5), RED)
    with pen.layer(HOSTILE):
        pen.fill(circle(20, 40, 5), RED)

    root = ElementTree.fromstring(svg(page_of(pen, HOSTILE)).encode("utf-8"))

    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.text == '</title><script>alert("1")</script>&amp; ]]> 龙 🧵'
    assert not list(root.iter(f"{SVG}script"))
    ids = [group.get("id") for group in root.iter(f"{SVG}g")]
    assert len(set(ids)) == 2
    assert pdf([page_of(pen, HOSTILE)]).startswith(b"%PDF-1.7")


def test_a_pdf_has_a_page_per_drawing_and_only_vectors():
    made = pdf(croquis(3), height_pt=420.0)

    document = pypdfium2.PdfDocument(made)
    assert len(document) == 3
    assert document[2].get_size() == (210.0, 420.0)
    assert document.get_metadata_value("Title")
    assert b"/Image" not in made
    document.close()


def test_the_file_shows_the_same_as_the_raster():
    for drawing in croquis(5):
        document = pypdfium2.PdfDocument(pdf([drawing], height_pt=drawing.height))
        of_file = np.asarray(document[0].render(scale=4).to_pil().convert("RGB")).astype(int)
        document.close()

        assert np.abs(of_file - np.asarray(picture(drawing, 1024)).astype(int)).mean() < 0.5


def test_streams_of_a_file_are_compressed():
    made = pdf(croquis(1))
    [start] = [found.end() for found in re.finditer(rb"/FlateDecode >>\nstream\n", made)][-1:]

    assert zlib.decompressobj().decompress(made[start:])


def test_marks_lie_over_earlier_ones_and_inside_their_clip():
    pen = Pen()
    pen.fill(box(5, 5, 35, 75, 3), RED)
    with pen.inside(circle(20, 40, 10)):
        pen.fill(box(0, 0, 40, 80, 0.5), BLUE)

    seen = pixels(pen)

    assert tuple(seen[40, 20]) == BLUE
    assert tuple(seen[20, 20]) == RED
    assert tuple(seen[2, 2]) == PAPER


def test_a_veil_covers_all_of_its_marks_as_one():
    pen = Pen()
    with pen.veiled(0.5):
        pen.fill(box(5, 5, 25, 75, 1), RED)
        pen.fill(box(15, 5, 35, 75, 1), RED)

    seen = pixels(pen)

    assert np.abs(seen[40, 10] - seen[40, 20]).max() <= 1
    assert np.abs(seen[40, 20] - (220, 120, 120)).max() <= 2


def test_a_gradient_runs_from_its_start_to_its_end():
    pen = Pen()
    stops = [(0.0, RED, 1.0), (1.0, BLUE, 1.0)]
    pen.shade(box(0, 0, 40, 80, 0.5), (0.0, 0.0), (0.0, 80.0), stops)

    seen = pixels(pen)

    assert np.abs(seen[1, 20] - RED).max() < 8
    assert np.abs(seen[40, 20] - (100, 0, 100)).max() < 8
    assert np.abs(seen[78, 20] - BLUE).max() < 8


def test_a_fading_gradient_lets_the_paper_through():
    pen = Pen()
    pen.shade(box(0, 0, 40, 80, 0.5), (0.0, 0.0), (0.0, 80.0), [(0.0, RED, 0.0), (1.0, RED, 1.0)])
    pen.glow(20, 40, (10, 20), BLUE, 0.0)

    seen = pixels(pen)

    assert np.abs(seen[1, 20] - PAPER).max() < 8
    assert np.abs(seen[40, 20] - (220, 120, 120)).max() < 8


def test_a_line_narrower_than_a_pixel_is_fainter_instead_of_wider():
    pen = Pen()
    pen.line(straight((10.0, 0.0), (10.0, 80.0)), (0, 0, 0), 0.25)

    ink = (240 - pixels(pen)[40, :, 0]).sum() / 240

    assert ink == pytest.approx(0.25, abs=0.05)


def test_dots_are_discs_of_their_radius():
    pen, discs = Pen(), Pen()
    pen.dots([(10.0, 20.0), (25.0, 50.0)], 4.0, RED)
    for x, y in ((10.0, 20.0), (25.0, 50.0)):
        discs.fill(circle(x, y, 4.0), RED)

    assert np.abs(pixels(pen, 320) - pixels(discs, 320)).mean() < 0.5


def test_points_along_a_path_are_evenly_spaced():
    square = polygon([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)])

    points = [point for point, _ in square.every(4.0)]

    expected = [
        (0, 0),
        (4, 0),
        (8, 0),
        (10, 2),
        (10, 6),
        (10, 10),
        (6, 10),
        (2, 10),
        (0, 8),
        (0, 4),
    ]
    assert np.array(points) == pytest.approx(np.array(expected))
