"""Plain clothes that complete a design, in a quiet colour that suits it."""

from collections.abc import Mapping

from studio.design.families import BOTTOMS, NONE
from studio.design.measures import typical_measures
from studio.design.outfit import Outfit
from studio.design.spec import DesignSpec
from studio.drawing.cloth import INK, Cloth
from studio.drawing.figure import Figure
from studio.drawing.garment import Garment, cut
from studio.drawing.tones import Colour, lightness, mix

# Tees: to dark and to pale cloth, of warm, of cool and of hardly any colour.
_TEES: dict[tuple[bool, str], Colour] = {
    (True, "warm"): (246, 238, 225),
    (True, "cool"): (238, 242, 246),
    (True, "grey"): (247, 245, 240),
    (False, "warm"): (186, 166, 148),
    (False, "cool"): (150, 160, 176),
    (False, "grey"): (208, 199, 186),
}
_PALE = 0.8
_NEARLY_GREY = 26
_SLATE: Colour = (104, 109, 120)
_STONE: Colour = (172, 168, 162)
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
_LONG_SLEEVED = {**_TEE, "sleeve length": "long sleeves"}
_SHIRT = {**_LONG_SLEEVED, "neckline": NONE, "collar": "shirt collar"}
_OVER_TROUSERS = ("top", "shirt", "sweater", "jacket", "waistcoat", "cape", "polo shirt")
_OVER_TEE = (*BOTTOMS, "jacket", "coat", "waistcoat", "cape")
_OPEN_NECKS = ("v-neck", NONE)
_HIGH_COLLARS = ("stand collar", "hood")


def base_trousers(spec: DesignSpec, figure: Figure, colour: Colour) -> Garment | None:
    """The trousers below a design of this colour, if it needs some."""
    if spec["category"] not in _OVER_TROUSERS:
        return None
    tone = _STONE if lightness(colour) < 0.42 else _SLATE
    return _worn_beside(spec, figure, _TROUSERS, tone)


def base_tee(spec: DesignSpec, figure: Figure, colour: Colour) -> Garment | None:
    """The tee above or below a design of this colour, if it needs one."""
    if spec["category"] not in _OVER_TEE:
        return None
    red, _, blue = colour
    tint = "warm" if red >= blue else "cool"
    if max(colour) - min(colour) < _NEARLY_GREY:
        tint = "grey"
    tone = _TEES[lightness(colour) < _PALE, tint]
    return _worn_beside(spec, figure, _upper_values(spec), tone)


def _upper_values(spec: DesignSpec) -> Mapping[str, str]:
    """A tee; a shirt with its collar in the open neck of a waistcoat; sleeves below a cape."""
    if spec["category"] == "cape":
        return _LONG_SLEEVED
    if spec["category"] != "waistcoat":
        return _TEE
    open_neck = spec["neckline"] in _OPEN_NECKS and spec["collar"] not in _HIGH_COLLARS
    return _SHIRT if open_neck else _LONG_SLEEVED


def _worn_beside(
    spec: DesignSpec, figure: Figure, values: Mapping[str, str], tone: Colour
) -> Garment:
    outfit = Outfit({**spec.outfit, **values})
    ink = mix(tone, INK, 0.72)
    cloth = Cloth(tone, tone, tone, ink, mix(tone, INK, 0.4), "solid", "cotton")
    return cut(DesignSpec(outfit, typical_measures(outfit)), figure, cloth)
