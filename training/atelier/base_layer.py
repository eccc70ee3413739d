"""Plain grey clothes that complete an outfit; they are not the design."""

from training.atelier.attributes import NONE, Outfit
from training.atelier.cloth import Cloth
from training.atelier.figure import Figure, draw_arms
from training.atelier.garment import Garment, cut
from training.atelier.laying import lay
from training.atelier.pen import Colour, Pen

_GREY: Colour = (206, 204, 200)
_CLOTH = Cloth(_GREY, _GREY, (120, 118, 116), _GREY, "solid", "cotton")
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


def draw_base_layer(pen: Pen, outfit: Outfit, figure: Figure) -> None:
    """What the model wears beside the design, with the arms where a tee covers them."""
    for draw_layer in _LAYERS.get(outfit["category"], ()):
        draw_layer(pen, outfit, figure)


def _trousers(pen: Pen, outfit: Outfit, figure: Figure) -> None:
    lay(pen, _CLOTH, cut(Outfit({**outfit, **_TROUSERS}), figure).body)


def _undershirt(pen: Pen, outfit: Outfit, figure: Figure) -> Garment:
    """A tee whose sleeves the design hides."""
    tee = cut(Outfit({**outfit, **_TEE}), figure)
    lay(pen, _CLOTH, tee.body)
    return tee


def _tee(pen: Pen, outfit: Outfit, figure: Figure) -> None:
    tee = _undershirt(pen, outfit, figure)
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
