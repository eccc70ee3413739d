"""What a garment has more than the body: ease by fit and fabric, and widths that fashion sets.

All numbers are centimetres; girths are whole girths. They are our judgement of usual trade values
at the base size, and no standard; a pattern maker corrects them for the house's block.
"""

from typing import NamedTuple


class Ease(NamedTuple):
    """Room round the body: whole girths at bust, waist and hip."""

    bust: float
    waist: float
    hip: float


_FITTED = {
    "slim fit": Ease(4.0, 4.0, 5.0),
    "regular fit": Ease(8.0, 9.0, 8.0),
    "oversized": Ease(24.0, 38.0, 26.0),
}
_HANGING = {
    "slim fit": Ease(6.0, 12.0, 6.0),
    "regular fit": Ease(12.0, 22.0, 10.0),
    "oversized": Ease(28.0, 46.0, 28.0),
}
_OUTER = {
    "slim fit": Ease(9.0, 11.0, 9.0),
    "regular fit": Ease(14.0, 18.0, 13.0),
    "oversized": Ease(32.0, 46.0, 32.0),
}
_WAISTED = {
    "slim fit": Ease(0.0, 1.0, 4.0),
    "regular fit": Ease(0.0, 2.0, 7.0),
    "oversized": Ease(0.0, 4.0, 18.0),
}
_BIBBED = {
    "slim fit": Ease(0.0, 3.0, 5.0),
    "regular fit": Ease(0.0, 7.0, 9.0),
    "oversized": Ease(0.0, 16.0, 22.0),
}
_STRETCHED = dict.fromkeys(("slim fit", "regular fit", "oversized"), Ease(-2.0, -2.0, -2.0))
EASE = {
    "dress": _FITTED,
    "top": _FITTED,
    "jumpsuit": _FITTED,
    "shirt": _HANGING,
    "sweater": _HANGING,
    "jacket": _OUTER,
    "coat": _OUTER,
    "skirt": _WAISTED,
    "trousers": _WAISTED,
    "shorts": _WAISTED,
    "waistcoat": _FITTED,
    "cape": _HANGING,
    "kimono": _HANGING,
    "polo shirt": _HANGING,
    "dungarees": _BIBBED,
    "swimsuit": _STRETCHED,
}
"""Category -> fit -> ease. Bottoms are held by their waistband, so they have hardly any there."""

FABRIC_EASE = {
    "knit": -4.0,
    "quilted": 4.0,
    "faux fur": 4.0,
    "tweed": 1.0,
    "jersey": -2.0,
    "ribbed": -6.0,
    "crochet": -2.0,
    "wool": 1.5,
    "corduroy": 1.0,
    "suede": 1.0,
}
"""Fabric -> what it adds to the ease of each girth: knits stretch, thick cloth takes room."""

EASE_SHARE, EASE_MORE = 0.35, 1.5
"""What the measure `ease` changes at its ends: a share of the ease, and centimetres."""


class Opening(NamedTuple):
    """A neckline laid flat.

    Attributes:
        width: between its sides at the shoulder.
        front: how far its front lies below the high point of the shoulder.
        back: likewise its back.
        reach: how far the measure `neck_depth` moves the front.
    """

    width: float
    front: float
    back: float
    reach: float


NECKLINES = {
    "crew neck": Opening(18.0, 9.0, 2.2, 1.5),
    "v-neck": Opening(19.0, 22.0, 2.2, 6.0),
    "scoop neck": Opening(24.0, 20.0, 3.0, 5.0),
    "square neck": Opening(24.0, 18.0, 3.0, 4.5),
    "boat neck": Opening(28.0, 6.5, 3.0, 1.5),
    "turtleneck": Opening(16.0, 7.0, 1.8, 1.0),
    "keyhole neck": Opening(17.0, 8.5, 2.2, 1.5),
    "one-shoulder": Opening(18.0, 9.0, 2.2, 1.5),
    "off-shoulder": Opening(40.0, 15.0, 15.0, 2.0),
    "halter neck": Opening(12.0, 15.0, 24.0, 4.0),
    "sweetheart neck": Opening(22.0, 23.0, 22.0, 3.0),
    "strapless": Opening(40.0, 19.6, 22.0, 1.0),
    "spaghetti straps": Opening(19.0, 23.0, 22.0, 3.0),
    "cowl neck": Opening(24.0, 23.0, 3.0, 3.0),
    "open back": Opening(12.0, 8.5, 41.5, 1.2),
    "plunging neck": Opening(20.0, 36.0, 2.2, 2.0),
    "shirt collar": Opening(16.5, 8.0, 1.8, 1.0),
    "peter pan collar": Opening(17.0, 8.5, 2.0, 1.0),
    "stand collar": Opening(17.0, 8.5, 2.0, 1.0),
    "hood": Opening(19.0, 10.0, 2.2, 1.0),
    "notched lapels": Opening(17.0, 36.0, 2.0, 3.0),
    "shawl collar": Opening(17.0, 36.0, 2.0, 3.0),
    "sailor collar": Opening(17.0, 20.0, 2.0, 3.0),
}
"""Neckline, or the collar sewn to it -> its opening at the base size."""

COLLAR_HEIGHTS = {
    "turtleneck": 9.0,
    "shirt collar": 7.5,
    "peter pan collar": 6.5,
    "stand collar": 4.5,
    "notched lapels": 7.0,
    "shawl collar": 7.5,
    "sailor collar": 20.0,
    "hood": 34.0,
}
"""Collar -> its height at the back; a turtleneck's is folded once, a hood's from neck to crown."""

SHOULDER_MORE = {"slim fit": 0.0, "regular fit": 1.0, "oversized": 9.0}
"""Fit -> how much wider than the body's the shoulders are, from tip to tip."""
OUTER_SHOULDER = 2.0
BARE_SHOULDER = -5.0
PUFFED_SHOULDER = -2.0

CAPE_SHOULDER, CAPE_ROUND, CAPE_ASIDE = 1.0, 15.0, 9.0
"""A cape's shoulders: wider than the body's by so much; their curve over the arms goes down so far
and outwards so far."""
CAPE_FLARE = 0.36
"""How far a side of a cape goes outwards for each centimetre that it goes down."""

ARMHOLE_MORE = {"slim fit": 1.0, "regular fit": 2.5, "oversized": 7.5}
"""Fit -> how much lower than the body's armscye the underarm lies."""
OUTER_ARMHOLE = 1.5
KIMONO_ARMHOLE = 7.0

SLEEVE_EASE = {"slim fit": 4.0, "regular fit": 8.0, "oversized": 18.0}
"""Fit -> room round the upper arm."""
OUTER_SLEEVE = 4.0
WRIST_EASE = {"slim fit": 5.0, "regular fit": 8.0, "oversized": 11.0}
"""Fit -> room round the wrist of a straight sleeve without cuffs."""
SLEEVE_VOLUME = {
    "straight sleeves": 0.0,
    "puff sleeves": 16.0,
    "bell sleeves": 22.0,
    "bishop sleeves": 18.0,
    "flutter sleeves": 26.0,
    "cap sleeves": 0.0,
    "kimono sleeves": 22.0,
}
"""Shape -> how much wider than the upper arm it is at its fullest."""
CUFF_EASE = {"none": 6.0, "contrast cuffs": 6.0, "ribbed cuffs": 3.0, "ruffled cuffs": 6.0}
"""Cuffs -> room of the finished cuff round wrist or arm."""
CUFF_HEIGHTS = {"none": 6.0, "contrast cuffs": 6.5, "ribbed cuffs": 7.0, "ruffled cuffs": 6.0}
SHORT_CUFF = 3.0


class LegWidths(NamedTuple):
    """A leg's girths: what it has more than the thigh, and its knee and hem at the base size."""

    thigh_ease: float
    knee: float
    hem: float


LEGS = {
    "skinny": LegWidths(1.0, 39.0, 30.0),
    "straight-leg": LegWidths(6.0, 46.0, 40.0),
    "wide-leg": LegWidths(12.0, 64.0, 68.0),
    "flared": LegWidths(3.0, 44.0, 62.0),
    "leggings": LegWidths(-4.0, 35.0, 22.0),
    "joggers": LegWidths(10.0, 50.0, 25.0),
}
LEG_FIT = {"slim fit": -2.0, "regular fit": 2.0, "oversized": 10.0}
"""Fit -> what it adds to a leg's girths; half of that to skinny ones, nothing to leggings."""
LEG_CUFF = 6.5
"""Height of the ribs that hold a jogger's leg at the ankle."""
RISE_MORE = {"slim fit": 0.5, "regular fit": 1.5, "oversized": 3.5}
JUMPSUIT_RISE = 1.5

HEM_FLARE = 0.12
"""What share of a hem's girth the measure `flare` adds or takes at its ends."""
SLEEVE_VARIES = 0.15
"""What share of a shaped sleeve's girth the measure `sleeve_volume` adds or takes."""


class SkirtHem(NamedTuple):
    """The girth of a skirt's hem laid flat: the hip's, and more with the fall below the hip.

    Attributes:
        more: than the hip's.
        per_cm: more for every centimetre from the hip down to the hem.
        fullness: how many times as long the cloth along the edge is as the hem laid flat.
    """

    more: float
    per_cm: float
    fullness: float


SKIRTS = {
    "straight": SkirtHem(3.0, 0.0, 1.0),
    "pencil": SkirtHem(-1.0, -0.16, 1.0),
    "a-line": SkirtHem(14.0, 0.72, 1.0),
    "full": SkirtHem(28.0, 1.25, 1.5),
    "mermaid": SkirtHem(46.0, 0.0, 1.25),
    "tiered": SkirtHem(22.0, 0.85, 1.5),
}
PLEAT_FULLNESS = {"knife pleats": 3.0, "box pleats": 3.0}
"""Pleats that meet take three times the cloth of what is seen."""
PEPLUM_MORE, PEPLUM_LENGTH, PEPLUM_FULLNESS = 26.0, 15.0, 1.2

WAISTBAND = 4.0
HIGH_WAIST = 9.0
"""How far the band of a high waist reaches above the waist."""
BIB_HEIGHT, BIB_WIDTH, STRAP_WIDTH = 0.62, 0.27, 3.5
"""A bib's height as a share of the way from shoulder to waist, its upper edge as a share of the
waist's girth, and how wide a strap is in centimetres."""
GUSSET = 0.13
"""What share of the hip's width lies between the leg openings of a swimsuit."""
BELT_WIDTHS = {"belt": 4.0, "tied sash": 5.0, "corset belt": 13.0}
HEM_ALLOWANCE = 2.0
RIB_HEIGHT = 6.0
