"""Which drawing engine this is. Models are trained on its very pictures."""

import hashlib
from collections.abc import Iterator

from studio.design.families import FAMILIES
from studio.design.measures import RANGES
from studio.design.spec import DesignSpec, spec_of_values
from studio.drawing.croquis import draw_croquis
from studio.drawing.pdf import pdf_for_raster

ENGINE_VERSION = "d2260d29ce7a"
"""Changes when any picture does. Models that see pictures are then to be trained again."""


def fingerprint() -> str:
    """What `ENGINE_VERSION` has to be: a digest of what the engine draws."""
    digest = hashlib.sha256()
    for spec in _probes():
        digest.update(pdf_for_raster(draw_croquis(spec), 1.0))
    return digest.hexdigest()[:12]


def _probes() -> Iterator[DesignSpec]:
    """Designs in which every value of every family, and every measure, is to be seen."""
    for family, values in FAMILIES.items():
        for value in values:
            yield spec_of_values({family: value})
    usual = spec_of_values(
        {"category": "dress", "pattern": "floral", "sleeve length": "long sleeves"}
    )
    for name, ends in RANGES.items():
        for end in ends:
            yield DesignSpec(usual.outfit, usual.measures.but(**{name: end}))
