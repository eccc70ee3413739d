"""Paths: shapes that are cut out of the page."""

import numpy as np
import pytest

from studio.drawing.paths import box, circle, outside, polygon
from studio.drawing.pen import Pen
from studio.drawing.raster import picture

PAGE = (0.0, 0.0, 20.0, 40.0)


@pytest.mark.parametrize(
    "shape",
    [
        circle(10.0, 20.0, 5.0),
        box(5.0, 15.0, 15.0, 25.0, 0.0),
        polygon([(5.0, 15.0), (5.0, 25.0), (15.0, 25.0), (15.0, 15.0)]),
    ],
)
def test_outside_of_a_shape_is_all_but_the_shape_whichever_way_it_runs(shape):
    pen = Pen()
    with pen.inside(outside(shape, PAGE)):
        pen.fill(box(*PAGE, 0.0), (0, 0, 0))

    image = np.asarray(picture(pen.drawing(PAGE, (255, 255, 255)), 80))

    assert image[40, 20].tolist() == [255, 255, 255]
    assert image[10, 20].tolist() == image[70, 4].tolist() == [0, 0, 0]
