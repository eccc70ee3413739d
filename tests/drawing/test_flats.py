"""Flats: every value is drawn, no word meets another, and what is drawn is what is measured."""

import random
from itertools import pairwise, product
from xml.etree import ElementTree

import numpy as np
import pytest

from studio.design.families import FAMILIES, FIGURE_FAMILIES
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.flats.callout_words import CHINESE, ENGLISH
from studio.drawing.flats.callouts import Language, notes_of
from studio.drawing.flats.flat import BLUE, draw_flat
from studio.drawing.flats.form import Side
from studio.drawing.flats.ink import Ink, clipped, dense, inside
from studio.drawing.flats.parts import flat_side
from studio.drawing.flats.places import place_of
from studio.drawing.flats.spacing import cross, meets, overlap, spread
from studio.drawing.lines import line
from studio.drawing.record import Drawing, Fill, Group, Mark, Solid, Stroke, Text
from studio.drawing.svg import svg
from studio.patternmaking.draft import draft_of
from studio.patternmaking.points import points_of_measure
from studio.patternmaking.sizes import size_of
from training.atelier.world import sample_design

SVG = "{http://www.w3.org/2000/svg}"
SIDES: tuple[Side, ...] = ("front", "back")
LANGUAGES: tuple[tuple[Language, dict[str, str]], ...] = (("en", ENGLISH), ("zh", CHINESE))
NOT_ON_FLATS = {*FIGURE_FAMILIES, "colour", "pattern", "shoes"}
SHAPED = [
    {family: value}
    for family, values in FAMILIES.items()
    if family not in NOT_ON_FLATS
    for value in values
]
SQUARE = line((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0))


def marks_of(marks: tuple[Mark, ...]):
    for mark in marks:
        if isinstance(mark, Group):
            yield from marks_of(mark.marks)
        else:
            yield mark


def layer(drawing: Drawing, name: str) -> list[Mark]:
    return [
        mark
        for group in drawing.marks
        if isinstance(group, Group) and group.name == name
        for mark in marks_of((group,))
    ]


def assert_words_stay_apart(drawing: Drawing) -> None:
    texts = [mark for mark in marks_of(drawing.marks) if isinstance(mark, Text)]
    left, top, right, bottom = drawing.page
    boxes = [text.box() for text in texts]
    for place, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        assert left <= box[0], text.text
        assert top <= box[1], text.text
        assert right >= box[2], text.text
        assert bottom >= box[3], text.text
        for other, there in zip(texts[:place], boxes[:place], strict=True):
            assert not overlap(box, there), (text.text, other.text)
    leaders = [
        mark.path.pieces() for mark in layer(drawing, "Callouts") if isinstance(mark, Stroke)
    ]
    discs = [
        mark.path.box
        for mark in layer(drawing, "Measures")
        if isinstance(mark, Stroke) and is_disc(mark)
    ]
    for box in discs:  # no leader goes through a letter
        for start, end in (piece for leader in leaders for piece in leader):
            assert not meets(shrunk(box), complex(*start), complex(*end))


def is_disc(mark: Stroke) -> bool:
    return mark.path.verbs == "MCCCCZ" and mark.paint.colour == BLUE


def shrunk(box):
    width = (box[2] - box[0]) * 0.1
    return box[0] + width, box[1] + width, box[2] - width, box[3] - width


@pytest.mark.parametrize("values", SHAPED, ids=lambda values: "-".join(*values.items()))
def test_every_value_is_drawn_and_no_word_meets_another(values):
    spec = spec_of_values(values)
    for side in SIDES:
        assert_words_stay_apart(draw_flat(spec, side))


@pytest.mark.slow
def test_three_hundred_designs_are_drawn_and_no_word_meets_another():
    rng = random.Random(7)
    for _ in range(300):
        spec = sample_design(rng)
        for side in SIDES:
            assert_words_stay_apart(draw_flat(spec, side))


def test_colours_prints_and_wearers_change_no_flat():
    plain = spec_of_values({"category": "dress", "colour": "red"})
    other = spec_of_values(
        {"category": "dress", "colour": "black", "pattern": "floral", "hair": "bob"}
    )
    assert draw_flat(plain).marks == draw_flat(other).marks


def test_layers_are_named_and_hold_what_they_say():
    spec = spec_of_values({"category": "shirt", "pockets": "chest pocket"})
    drawing = draw_flat(spec)
    root = ElementTree.fromstring(svg(drawing))
    names = [group.get("id") for group in root.iter(f"{SVG}g") if group.get("id")]

    assert names == [
        "layer-outline",
        "layer-seams",
        "layer-stitches",
        "layer-details",
        "layer-measures",
        "layer-callouts",
    ]
    rows = layer(drawing, "Stitches")
    assert all(isinstance(mark, Stroke) and mark.dash for mark in rows)
    outline = [mark.width for mark in layer(drawing, "Outline") if isinstance(mark, Stroke)]
    seams = [mark.width for mark in layer(drawing, "Seams") if isinstance(mark, Stroke)]
    stitches = [mark.width for mark in layer(drawing, "Stitches") if isinstance(mark, Stroke)]
    assert min(outline) > max(seams) > max(stitches)
    paints = [mark.paint for mark in layer(drawing, "Outline") if isinstance(mark, Fill)]
    greys = {paint.colour for paint in paints if isinstance(paint, Solid)}
    assert all(min(grey) >= 220 for grey in greys)


def test_what_is_not_asked_for_is_not_written():
    spec = spec_of_values({"category": "coat"})
    bare = draw_flat(spec, "front", points=(), callouts=False)
    assert not [mark for mark in marks_of(bare.marks) if isinstance(mark, Text)]

    chest = [point for point in points_of_measure(spec) if point.key == "chest"]
    only = draw_flat(spec, "front", points=chest, callouts=False)
    texts = [mark.text for mark in marks_of(only.marks) if isinstance(mark, Text)]
    assert texts == [chest[0].letter]
    for language, words in LANGUAGES:
        told = [
            t.text
            for t in layer(draw_flat(spec, language=language), "Callouts")
            if isinstance(t, Text)
        ]
        assert told
        assert set(told) <= set(words.values())


def test_every_letter_of_the_table_is_on_one_of_the_two_sides():
    rng = random.Random(11)
    for _ in range(10):
        spec = sample_design(rng)
        letters = [point.letter for point in points_of_measure(spec)]
        drawn = [
            mark.text
            for side in SIDES
            for mark in layer(draw_flat(spec, side), "Measures")
            if isinstance(mark, Text)
        ]
        assert sorted(drawn) == sorted(letters)


@pytest.mark.parametrize(
    ("category", "key"),
    [
        ("dress", "chest"),
        ("dress", "waist"),
        ("skirt", "hip"),
        ("coat", "hem"),
        ("jacket", "armhole"),
        ("jacket", "shoulders"),
        ("shirt", "upper_arm"),
        ("top", "neck_width"),
        ("top", "front_drop"),
        ("dress", "body_length"),
        ("trousers", "rise"),
        ("trousers", "inseam"),
        ("trousers", "outseam"),
        ("trousers", "knee"),
        ("trousers", "leg_hem"),
        ("dungarees", "bib_height"),
        ("dungarees", "bib_width"),
        ("dungarees", "strap_width"),
        ("swimsuit", "leg_opening"),
        ("waistcoat", "body_length"),
        ("cape", "hem"),
    ],
)
@pytest.mark.parametrize("size", ["EU 38", "EU 46"])
def test_what_is_drawn_is_as_long_as_what_is_measured(category, key, size):
    values = {"category": category}
    if category in ("jacket", "coat", "shirt"):
        values |= {"sleeve length": "long sleeves", "sleeve shape": "straight sleeves"}
    spec = spec_of_values(values)
    point = next(p for p in points_of_measure(spec, size_of(size)) if p.key == key)
    place = place_of(flat_side(spec, point.name.view, size_of(size)), key)

    assert place is not None
    assert abs(place.end - place.start) == pytest.approx(point.value_cm, abs=1.05)


def test_flats_are_symmetrical_where_designs_are():
    spec = spec_of_values({"category": "dress", "sleeve length": "long sleeves", "length": "midi"})
    for side in SIDES:
        drawn = draw_flat(spec, side, points=(), callouts=False)
        strokes = [mark for mark in layer(drawn, "Outline") if isinstance(mark, Stroke)]
        points = np.concatenate([np.array(s.path.numbers).view(complex) for s in strokes])
        far = np.abs(points[:, None] + np.conj(points)[None, :])  # from everybody's mirror image
        assert far.min(axis=1).max() < 0.7  # cut lines have a point every half centimetre


def test_sleeves_are_as_long_and_as_wide_as_they_measure():
    for shape, length in (("straight", "long"), ("bishop", "long"), ("bell", "three-quarter")):
        values = {"category": "dress", "sleeve length": f"{length} sleeves"}
        side = flat_side(spec_of_values(values | {"sleeve shape": f"{shape} sleeves"}), "front")
        sleeve = side.sleeve
        assert sleeve is not None
        edge = dense(np.append(sleeve.outer, sleeve.end[0]))
        along = float(np.abs(np.diff(edge)).sum())
        if shape == "straight":  # the others swing out
            assert along == pytest.approx(sleeve.sleeve.length, rel=0.03)
        assert along >= sleeve.sleeve.length - 1.0
        assert abs(sleeve.end[0] - sleeve.end[1]) == pytest.approx(sleeve.sleeve.opening / 2)


def test_every_callout_has_words_in_both_languages():
    rng = random.Random(5)
    for _ in range(12):
        spec = sample_design(rng)
        for side in SIDES:
            for note in notes_of(flat_side(spec, side)):
                assert note.lines == (ENGLISH[note.key], CHINESE[note.key])
    assert all(words.isascii() for words in ENGLISH.values())
    assert max(len(words) for words in ENGLISH.values()) <= 36


def test_a_part_on_top_hides_what_is_below():
    ink = Ink(1.0)
    ink.seam(line((-5.0, 5.0), (15.0, 5.0)))
    ink.seam(line((20.0, 0.0), (20.0, 9.0)))
    ink.patch(*[SQUARE[[i, (i + 1) % 4]] for i in range(4)])
    seams = [stroke.dense for stroke in ink._strokes if stroke.layer == "seams"]

    assert len(seams) == 3
    assert not any(inside(seam, SQUARE * 0.98 + 0.1 + 0.1j).any() for seam in seams)
    assert [float(seams[0][-1].real), float(seams[1][0].real)] == pytest.approx(
        [0.0, 10.0], abs=0.03
    )


def test_lines_are_clipped_at_the_edge():
    pieces = clipped(line((-5.0, 5.0), (15.0, 5.0)), SQUARE)
    assert [[float(p[0].real), float(p[-1].real)] for p in pieces] == [
        pytest.approx([0.0, 10.0], abs=0.03)
    ]
    assert clipped(line((-5.0, -5.0), (-1.0, -5.0)), SQUARE) == []


def test_labels_are_moved_as_little_as_possible():
    rng = random.Random(1)
    for _ in range(40):
        count = rng.randint(1, 4)
        wanted = [rng.uniform(0, 6) for _ in range(count)]
        heights = [rng.choice([1.0, 2.0]) for _ in range(count)]
        found = spread(wanted, heights, 0.5)
        for (one, here), (other, there) in pairwise(zip(found, heights, strict=True)):
            assert other - one >= (here + there) / 2 + 0.5 - 1e-9
        cost = sum((a - b) ** 2 for a, b in zip(found, wanted, strict=True))
        for shifts in product((-0.05, 0.0, 0.05), repeat=count):
            moved = [a + b for a, b in zip(found, shifts, strict=True)]
            gaps = [
                b - a - (here + there) / 2 - 0.5
                for (a, here), (b, there) in pairwise(zip(moved, heights, strict=True))
            ]
            if all(gap >= -1e-9 for gap in gaps):
                dearer = sum((a - b) ** 2 for a, b in zip(moved, wanted, strict=True))
                assert dearer >= cost - 1e-9


def test_boxes_and_lines_that_meet():
    assert overlap((0, 0, 2, 2), (1, 1, 3, 3))
    assert not overlap((0, 0, 2, 2), (2, 0, 3, 2))  # they share an edge
    assert meets((0, 0, 2, 2), -1 + 1j, 3 + 1j)
    assert not meets((0, 0, 2, 2), -1 + 3j, 3 + 3j)
    assert not meets((0, 0, 2, 2), 3 + 1j, 5 + 1j)
    assert cross((0j, 2 + 2j), (2j, 2 + 0j))
    assert not cross((0j, 2 + 2j), (1j, 2 + 3j))


def test_a_lopsided_hem_is_lopsided_the_other_way_behind():
    values = {
        "category": "skirt",
        "length": "midi",
        "silhouette": "a-line",
        "hem": "asymmetric hem",
    }
    spec: DesignSpec = spec_of_values(values)
    front, back = (flat_side(spec, side).form for side in SIDES)
    assert front.right[-1].imag == pytest.approx(back.left[-1].imag)
    rise = draft_of(spec).hem - draft_of(spec).short_hem
    assert abs(front.right[-1].imag - front.left[-1].imag) == pytest.approx(rise, abs=0.5)
