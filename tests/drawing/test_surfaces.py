"""Cloths: which have a surface of their own, and what one sees through them."""

import numpy as np
import pytest

from studio.design.families import FAMILIES, KNITTED, SEE_THROUGH
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.croquis import draw_croquis
from studio.drawing.drape import _DRAPES
from studio.drawing.fabrics import _FABRICS
from studio.drawing.flats.parts import flat_side
from studio.drawing.flats.surfaces import _SURFACES
from studio.drawing.raster import picture


def dress(fabric: str, **more: str) -> DesignSpec:
    return spec_of_values({"category": "dress", "colour": "green", "fabric": fabric, **more})


def test_every_cloth_falls_and_all_but_smooth_ones_have_a_surface() -> None:
    fabrics = set(FAMILIES["fabric"])

    assert set(_DRAPES) == fabrics
    assert fabrics - set(_FABRICS) == {"cotton", "satin", "sheer"}
    assert {*KNITTED, *SEE_THROUGH, *_SURFACES} <= fabrics


def test_one_sees_skin_through_mesh_and_none_through_linen() -> None:
    skin, others = (
        {
            fabric: np.asarray(picture(draw_croquis(dress(fabric, skin=each)), 256))[:, 40:88]
            for fabric in ("mesh", "sheer", "linen")
        }
        for each in ("fair skin", "deep skin")
    )
    seen = {
        fabric: (np.abs(skin[fabric].astype(int) - others[fabric]).max(axis=2) > 8)[58:74].sum()
        for fabric in skin
    }

    assert seen["mesh"] > seen["linen"] + 100
    assert seen["sheer"] > seen["linen"] + 100


@pytest.mark.parametrize("fabric", _SURFACES)
@pytest.mark.parametrize("side", ["front", "back"])
def test_a_flat_has_the_surface_of_its_cloth_and_it_stays_in_the_garment(fabric, side):
    plain, filled = (flat_side(dress(each), side) for each in ("linen", fabric))

    assert len(filled.ink._strokes) + len(filled.ink._dots) > len(plain.ink._strokes)
    left, top, right, bottom = filled.ink.box()
    assert left >= filled.form.shape.real.min() - 0.6
    assert right <= filled.form.shape.real.max() + 0.6
    assert bottom <= filled.form.shape.imag.max() + 0.6
    assert top >= plain.ink.box()[1] - 0.01
