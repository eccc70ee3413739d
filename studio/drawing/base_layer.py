"""Plain grey clothes that complete a design; they are not the design."""

from studio.design.families import NONE
from studio.design.measures import typical_measures
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.drawing.cloth import Cloth
from studio.drawing.figure import Figure, draw_arms
from studio.drawing.garment import Garment, cut
from studio.drawing.laying import lay
from studio.drawing.pen import Pen
from studio.drawing.tones import Colour

_GREY: Colour = (206, 204, 200)
_CLOTH = Cloth(_GREY, _GREY, _GREY, (120, 118, 116), _GREY, "solid", "cotton")
_PLAIN = {
    "colour": "grey",
    "pattern": "solid",
    "fabric": "cotton",
    "silhouette": NONE,
    "fit": "slim fit",
    "collar": NONE,
    "cuffs": NONE,
    "waist": NONE,
    "hem": NONE,
    "closure": NONE,
    "trim": NONE,
    "belt": NONE,
    "pockets": NONE,
    "bow": NONE,
    "slit": NONE,
    "pleats": NONE,
}
_TROUSERS = {
    **_PLAIN,
    "category": "trousers",
    "length": "full-length",
    "leg": "skinny",
    "neckline": NONE,
    "sleeve length": NONE,
    "sleeve shape": NONE,
}
_TEE = {
    **_PLAIN,
    "category": "top",
    "length": "hip-length",
    "leg": NONE,
    "neckline": "crew neck",
    "sleeve length": "short sleeves",
    "sleeve shape": "straight sleeves",
}


def draw_base_layer(pen: Pen, spec: DesignSpec, figure: Figure) -> None:
    """What the model wears beside the design, with the arms where a tee covers them."""
    for draw_layer in _LAYERS.get(spec["category"], ()):
        draw_layer(pen, spec, figure)


def _worn_beside(spec: DesignSpec, values: dict[str, str]) -> DesignSpec:
    outfit = Outfit({**spec.outfit, **values})
    return DesignSpec(outfit, typical_measures(outfit))


def _trousers(pen: Pen, spec: DesignSpec, figure: Figure) -> None:
    lay(pen, _CLOTH, cut(_worn_beside(spec, _TROUSERS), figure).body)


def _undershirt(pen: Pen, spec: DesignSpec, figure: Figure) -> Garment:
    """A tee whose sleeves the design hides."""
    tee = cut(_worn_beside(spec, _TEE), figure)
    lay(pen, _CLOTH, tee.body)
    return tee


def _tee(pen: Pen, spec: DesignSpec, figure: Figure) -> None:
    tee = _undershirt(pen, spec, figure)
    draw_arms(pen, figure)
    for sleeve in tee.sleeves:
        lay(pen, _CLOTH, sleeve)


_LAYERS = {
    "top": (_trousers,),
    "shirt": (_trousers,),
    "sweater": (_trousers,),
    "jacket": (_trousers, _undershirt),
    "coat": (_undershirt,),
    "skirt": (_tee,),
    "trousers": (_tee,),
    "shorts": (_tee,),
}
