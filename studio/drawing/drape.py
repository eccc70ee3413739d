"""How cloth falls: what depth, light, lines and gloss its folds have."""

from typing import NamedTuple

from studio.drawing.cloth import Cloth


class Drape(NamedTuple):
    """How strong each part of a fold is, 1 for plain cotton.

    Attributes:
        shade: in the depth of the fold.
        light: on its flank.
        line: along its sharp edge.
        crease: where the cloth is drawn tight, at bust, waist and elbow.
        gloss: of a soft sheen; 0 for cloth that has none.
    """

    shade: float
    light: float
    line: float
    crease: float
    gloss: float


_DRAPES = {
    "cotton": Drape(1.0, 0.9, 1.0, 1.0, 0.0),
    "satin": Drape(1.2, 1.5, 0.55, 0.75, 1.0),
    "denim": Drape(0.95, 0.5, 1.1, 1.2, 0.0),
    "knit": Drape(0.75, 0.4, 0.25, 0.5, 0.0),
    "leather": Drape(1.1, 1.0, 1.0, 1.3, 0.5),
    "sheer": Drape(0.6, 0.8, 0.8, 0.6, 0.0),
    "tweed": Drape(0.75, 0.4, 0.6, 0.5, 0.0),
    "quilted": Drape(0.55, 0.3, 0.3, 0.35, 0.0),
    "faux fur": Drape(0.6, 0.3, 0.0, 0.0, 0.0),
    "linen": Drape(0.95, 0.8, 1.15, 1.4, 0.0),
    "velvet": Drape(1.25, 1.2, 0.2, 0.6, 0.0),
    "corduroy": Drape(0.85, 0.4, 0.7, 0.7, 0.0),
    "wool": Drape(0.8, 0.4, 0.3, 0.4, 0.0),
    "jersey": Drape(0.9, 0.6, 0.4, 0.9, 0.0),
    "ribbed": Drape(0.85, 0.5, 0.2, 0.4, 0.0),
    "crochet": Drape(0.55, 0.3, 0.2, 0.3, 0.0),
    "broderie": Drape(0.8, 0.8, 0.8, 0.7, 0.0),
    "jacquard": Drape(0.9, 0.8, 0.6, 0.6, 0.0),
    "suede": Drape(0.9, 0.5, 0.8, 0.9, 0.0),
    "mesh": Drape(0.5, 0.6, 0.6, 0.5, 0.0),
}

_BUSY = ("jacquard", "tweed")
"""Woven figures hide a fold as prints do."""
_OVER_PRINT = (1.4, 1.3)
"""How much more shade and light a fold needs to be seen over a print."""
_DARK = 0.32
"""Lightness from which down folds are told by their light, more than by their shade."""


def drape_of(cloth: Cloth) -> Drape:
    """The fabric's drape: weaker on pale cloth, brighter on dark one, deeper over a print."""
    drape = _DRAPES[cloth.fabric]
    plain = cloth.pattern == "solid" and cloth.fabric not in _BUSY
    pale = 0.85 if cloth.lightness > 0.8 and not drape.gloss and plain else 1.0
    dark = min(max((_DARK - cloth.lightness) / _DARK, 0.0), 1.0)
    shade, light = (1.0, 1.0) if plain else (_OVER_PRINT[0] / drape.shade**0.5, _OVER_PRINT[1])
    return Drape(
        shade=drape.shade * pale * shade,
        light=drape.light * (1.0 + 0.9 * dark) * light,
        line=drape.line * pale if plain else max(drape.line, 0.7),
        crease=drape.crease * (0.7 if dark > 0.6 else pale) * (1.0 if plain else _OVER_PRINT[1]),
        gloss=drape.gloss,
    )
