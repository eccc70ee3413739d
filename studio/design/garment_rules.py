"""Which values of a design go together."""

from studio.design.families import (
    BARE_NECKLINES,
    BOTTOMS,
    FAMILIES,
    LEGGED,
    NONE,
    PRINTS,
    SEE_THROUGH,
    SKIRTED,
)
from studio.design.rules import Rule, RuleSet


def _all_but(family: str, *values: str) -> tuple[str, ...]:
    return tuple(value for value in FAMILIES[family] if value not in values)


def _needs(family: str, values: tuple[str, ...] | str, **others: tuple[str, ...]) -> list[Rule]:
    """Rules with one condition; keyword `sleeve_length` stands for the family `sleeve length`."""
    values = (values,) if isinstance(values, str) else values
    return [
        Rule(family, values, other.replace("_", " "), allowed) for other, allowed in others.items()
    ]


_NO = (NONE,)
_SOLID = ("solid",)
_OUTER = (
    *("cotton", "denim", "leather", "tweed", "quilted", "faux fur", "linen", "velvet"),
    *("corduroy", "wool", "jersey", "jacquard", "suede"),
)
_PRINTED = (*("cotton", "satin", "knit", "sheer", "linen", "velvet", "wool", "jersey", "ribbed"),)
"""Cloth that can show a print; nets and crochet are mostly holes."""
_FINE_PRINTS = (
    *("solid", "polka dots", "floral", "leopard", "paisley", "tropical", "ditsy", "zebra"),
    *("tie-dye", "camouflage", "geometric"),
)

RULES: tuple[Rule, ...] = tuple(
    # What each category can have.
    _needs(
        "category",
        BOTTOMS,
        neckline=_NO,
        collar=_NO,
        sleeve_length=_NO,
        sleeve_shape=_NO,
        cuffs=_NO,
        bow=_NO,
        closure=(NONE, "button front", "zip front"),
        trim=(NONE, "sequins", "embroidery", "contrast piping", "feathers"),
        waist=(NONE, "gathered waist", "elastic waist", "high waist"),
        belt=(NONE, "belt"),
        pockets=(NONE, "patch pockets", "cargo pockets"),
    )
    + _needs(
        "category", _all_but("category", *BOTTOMS), sleeve_length=_all_but("sleeve length", NONE)
    )
    + _needs("category", _all_but("category", *SKIRTED), silhouette=_NO, slit=_NO, pleats=_NO)
    + _needs("category", SKIRTED, silhouette=_all_but("silhouette", NONE))
    + _needs("category", SKIRTED, length=("mini", "knee-length", "midi", "maxi"))
    + _needs("category", _all_but("category", *LEGGED), leg=_NO)
    + _needs("category", LEGGED, hem=_NO)
    + _needs("category", "shorts", length=_NO, leg=("straight-leg", "wide-leg"))
    + _needs("category", ("trousers", "jumpsuit", "dungarees"), leg=_all_but("leg", NONE))
    + _needs("category", "trousers", length=("cropped", "full-length"))
    + _needs("category", ("jumpsuit", "dungarees"), length=("mini", "cropped", "full-length"))
    + _needs("length", "mini", leg=(NONE, "straight-leg", "wide-leg"))
    + _needs(
        "leg",
        ("leggings", "joggers"),
        category=("trousers",),
        waist=_NO,
        closure=_NO,
        belt=_NO,
        trim=(NONE, "contrast piping"),
    )
    + _needs(
        "leg",
        "leggings",
        fabric=("cotton", "knit", "leather", "velvet", "jersey", "ribbed"),
        pockets=_NO,
    )
    + _needs("leg", "joggers", fabric=("cotton", "satin", "knit", "leather", "velvet", "jersey"))
    + _needs(
        "category",
        ("top", "shirt", "sweater"),
        length=("cropped", "hip-length", "longline"),
        belt=(NONE, "corset belt"),
    )
    + _needs(
        "category",
        "top",
        collar=_NO,
        closure=(NONE, "button front", "wrap front", "lace-up front", "frog closure"),
        fabric=(
            *("cotton", "satin", "leather", "sheer", "denim", "linen", "velvet", "wool", "jersey"),
            *("ribbed", "crochet", "broderie", "jacquard", "suede", "mesh"),
        ),
        pockets=(NONE, "chest pocket"),
        hem=(NONE, "ruffled hem", "fringed hem", "scalloped hem"),
        waist=(NONE, "peplum", "smocked waist"),
    )
    + _needs(
        "category",
        "shirt",
        collar=("shirt collar", "peter pan collar", "stand collar", "sailor collar"),
        closure=("button front", "frog closure"),
        fabric=(
            *("cotton", "satin", "denim", "sheer", "linen", "velvet", "corduroy", "wool"),
            *("jersey", "broderie", "suede", "mesh"),
        ),
        pockets=(NONE, "chest pocket"),
        hem=_NO,
        waist=(NONE, "peplum"),
        trim=(NONE, "contrast piping", "embroidery", "front ruffles", "pearls"),
    )
    + _needs(
        "category",
        "sweater",
        neckline=(
            NONE,
            "crew neck",
            "v-neck",
            "turtleneck",
            "boat neck",
            "off-shoulder",
            "cowl neck",
        ),
        collar=(NONE, "hood", "shawl collar"),
        sleeve_length=("three-quarter sleeves", "long sleeves"),
        sleeve_shape=("straight sleeves", "bishop sleeves"),
        fabric=("knit", "faux fur", "velvet", "wool", "jersey", "ribbed", "crochet"),
        closure=(NONE, "button front", "zip front"),
        pockets=(NONE, "patch pockets"),
        hem=_NO,
        waist=_NO,
        trim=(NONE, "pearls", "embroidery"),
        bow=_NO,
    )
    + _needs(
        "category",
        "jacket",
        neckline=(NONE, "crew neck", "v-neck"),
        length=("cropped", "hip-length"),
        sleeve_length=("three-quarter sleeves", "long sleeves"),
        sleeve_shape=("straight sleeves", "puff sleeves"),
        closure=(
            "button front",
            "double-breasted",
            "zip front",
            "frog closure",
            "toggle closure",
        ),
        fabric=_OUTER,
        hem=(NONE, "fringed hem"),
        waist=(NONE, "peplum"),
        trim=(NONE, "contrast piping", "sequins", "pearls", "feathers"),
        belt=(NONE, "belt"),
        pockets=(NONE, "patch pockets", "chest pocket"),
        bow=_NO,
    )
    + _needs(
        "category",
        "coat",
        neckline=(NONE, "crew neck", "v-neck"),
        length=("knee-length", "midi", "maxi"),
        sleeve_length=("three-quarter sleeves", "long sleeves"),
        sleeve_shape=("straight sleeves", "bell sleeves"),
        closure=(
            "button front",
            "double-breasted",
            "zip front",
            "wrap front",
            "frog closure",
            "toggle closure",
        ),
        silhouette=("straight", "a-line"),
        fabric=_OUTER,
        hem=(NONE, "scalloped hem", "fringed hem"),
        waist=_NO,
        trim=(NONE, "contrast piping", "embroidery", "feathers"),
        belt=(NONE, "belt", "tied sash"),
        pockets=(NONE, "patch pockets"),
        slit=_NO,
        pleats=_NO,
        bow=_NO,
    )
    + _needs(
        "category",
        ("dress", "jumpsuit"),
        collar=(
            NONE,
            "shirt collar",
            "peter pan collar",
            "stand collar",
            "shawl collar",
            "sailor collar",
        ),
        pockets=(NONE, "patch pockets"),
        fabric=(
            *("cotton", "satin", "denim", "knit", "leather", "sheer", "linen", "velvet"),
            *("corduroy", "wool", "jersey", "ribbed", "crochet", "broderie", "jacquard"),
            *("suede", "mesh"),
        ),
    )
    + _needs(
        "category", "jumpsuit", waist=(NONE, "empire waist", "gathered waist", "smocked waist")
    )
    + _needs(
        "category",
        ("skirt", "trousers", "shorts"),
        fabric=(
            *("cotton", "satin", "denim", "knit", "leather", "tweed", "quilted", "linen"),
            *("velvet", "corduroy", "wool", "jersey", "ribbed", "crochet", "broderie"),
            *("jacquard", "suede"),
        ),
    )
    + _needs(
        "category",
        "waistcoat",
        neckline=(NONE, "crew neck", "v-neck"),
        collar=(NONE, "notched lapels", "stand collar", "hood"),
        length=("cropped", "hip-length", "longline"),
        sleeve_length=("sleeveless",),
        closure=("button front", "double-breasted", "zip front"),
        fabric=_all_but("fabric", *SEE_THROUGH),
        hem=_NO,
        waist=_NO,
        trim=(NONE, "contrast piping", "embroidery"),
        belt=_NO,
        pockets=(NONE, "patch pockets", "chest pocket"),
        bow=_NO,
    )
    + _needs(
        "category",
        "cape",
        neckline=(NONE, "crew neck", "v-neck", "turtleneck"),
        collar=(NONE, "stand collar", "peter pan collar", "hood"),
        length=("hip-length", "knee-length", "midi"),
        sleeve_length=("sleeveless",),
        closure=(NONE, "button front"),
        fabric=_all_but("fabric", *SEE_THROUGH, "denim"),
        hem=(NONE, "fringed hem", "scalloped hem"),
        waist=_NO,
        trim=(NONE, "contrast piping", "embroidery"),
        belt=_NO,
        pockets=_NO,
        bow=_NO,
    )
    + _needs(
        "category",
        "kimono",
        neckline=("v-neck",),
        collar=_NO,
        sleeve_length=("three-quarter sleeves", "long sleeves"),
        sleeve_shape=("kimono sleeves",),
        closure=("wrap front",),
        silhouette=("straight",),
        fabric=("cotton", "satin", "linen", "velvet", "jacquard"),
        hem=_NO,
        trim=(NONE, "contrast piping"),
        belt=(NONE, "tied sash"),
        pockets=_NO,
        slit=_NO,
        pleats=_NO,
    )
    + _needs(
        "category",
        "polo shirt",
        collar=("shirt collar",),
        length=("cropped", "hip-length", "longline"),
        sleeve_length=("short sleeves", "long sleeves"),
        sleeve_shape=("straight sleeves",),
        closure=_NO,
        fabric=("cotton", "knit", "jersey", "ribbed"),
        hem=_NO,
        waist=_NO,
        trim=(NONE, "contrast piping", "embroidery"),
        belt=_NO,
        pockets=(NONE, "chest pocket"),
        bow=_NO,
    )
    + _needs(
        "category",
        "dungarees",
        closure=_NO,
        waist=_NO,
        belt=_NO,
        trim=(NONE, "embroidery"),
        fabric=("cotton", "denim", "leather", "linen", "corduroy"),
    )
    + _needs(
        "category",
        "swimsuit",
        neckline=(
            "v-neck",
            "scoop neck",
            "square neck",
            "halter neck",
            "sweetheart neck",
            "one-shoulder",
            "strapless",
            "spaghetti straps",
            "open back",
            "plunging neck",
        ),
        collar=_NO,
        length=_NO,
        sleeve_length=("sleeveless",),
        closure=(NONE, "lace-up front"),
        fabric=("cotton", "satin", "ribbed"),
        hem=_NO,
        waist=_NO,
        trim=(NONE, "contrast piping", "sequins", "front ruffles"),
        belt=(NONE, "belt"),
        pockets=_NO,
    )
    # An upper garment has either a neckline or a collar.
    + _needs("collar", _all_but("collar", NONE), neckline=_NO)
    + _needs(
        "collar",
        "shawl collar",
        category=("dress", "sweater", "jacket", "coat", "jumpsuit"),
        waist=_all_but("waist", "empire waist", "smocked waist"),
        closure=(NONE, "button front", "zip front"),
        trim=(NONE, "contrast piping", "sequins", "feathers"),
        pockets=_all_but("pockets", "chest pocket"),
    )
    + _needs(
        "collar",
        "sailor collar",
        category=("dress", "shirt", "jumpsuit"),
        closure=(NONE, "button front"),
        trim=_NO,
        waist=_all_but("waist", "empire waist", "smocked waist"),
        pockets=_all_but("pockets", "chest pocket"),
    )
    + [
        Rule(
            "category",
            _all_but("category", *BOTTOMS),
            "neckline",
            _all_but("neckline", NONE),
            also=("collar", _NO),
        )
    ]
    # Sleeves.
    + _needs("sleeve length", "sleeveless", sleeve_shape=_NO)
    + _needs(
        "sleeve length",
        "short sleeves",
        sleeve_shape=("straight sleeves", "puff sleeves", "flutter sleeves", "cap sleeves"),
    )
    + _needs(
        "sleeve shape",
        "cap sleeves",
        neckline=_all_but("neckline", *BARE_NECKLINES),
        fit=("regular fit", "slim fit"),
    )
    + _needs(
        "sleeve length",
        "three-quarter sleeves",
        sleeve_shape=("straight sleeves", "bell sleeves", "kimono sleeves"),
    )
    + _needs(
        "sleeve length",
        "long sleeves",
        sleeve_shape=(
            "straight sleeves",
            "puff sleeves",
            "bell sleeves",
            "bishop sleeves",
            "kimono sleeves",
        ),
    )
    + _needs(
        "sleeve shape",
        "kimono sleeves",
        category=("dress", "top", "kimono"),
        neckline=_all_but("neckline", *BARE_NECKLINES),
    )
    + _needs("sleeve length", (NONE, "sleeveless", "short sleeves"), cuffs=_NO)
    + _needs(
        "sleeve shape",
        ("puff sleeves", "bell sleeves", "flutter sleeves", "kimono sleeves"),
        cuffs=_NO,
    )
    + _needs(
        "neckline",
        ("halter neck", "strapless", "spaghetti straps", "open back"),
        sleeve_length=("sleeveless",),
    )
    + _needs(
        "neckline",
        ("strapless", "spaghetti straps", "cowl neck", "open back", "plunging neck"),
        pockets=_all_but("pockets", "chest pocket"),
    )
    + _needs("neckline", "one-shoulder", sleeve_length=("sleeveless", "long sleeves"))
    + _needs("neckline", "sweetheart neck", sleeve_length=("sleeveless", "short sleeves"))
    + _needs(
        "neckline", "off-shoulder", sleeve_length=_all_but("sleeve length", NONE, "sleeveless")
    )
    + _needs(
        "neckline",
        BARE_NECKLINES,
        closure=_NO,
        trim=(NONE, "sequins", "pearls", "cut-outs", "feathers"),
        bow=_NO,
    )
    + _needs(
        "neckline",
        "plunging neck",
        closure=_NO,
        trim=(NONE, "sequins", "pearls", "contrast piping", "feathers"),
        bow=_NO,
        waist=_all_but("waist", "empire waist", "smocked waist"),
    )
    + _needs("neckline", "keyhole neck", closure=_NO, trim=(NONE, "sequins"), bow=_NO)
    # Closures.
    + _needs("closure", "wrap front", neckline=("v-neck",), bow=_NO, waist=_NO)
    + _needs("closure", "lace-up front", neckline=("v-neck", "scoop neck", "square neck"), bow=_NO)
    + _needs("closure", "zip front", neckline=(NONE, "crew neck", "turtleneck"), bow=_NO)
    + _needs(
        "closure",
        "double-breasted",
        neckline=(NONE, "v-neck"),
        collar=(NONE, "notched lapels", "stand collar"),
        bow=_NO,
        pockets=(NONE, "patch pockets"),
    )
    + _needs(
        "closure",
        "button front",
        neckline=(NONE, "crew neck", "v-neck", "scoop neck", "square neck"),
        trim=(
            NONE,
            "contrast piping",
            "sequins",
            "embroidery",
            "pearls",
            "front ruffles",
            "cut-outs",
            "feathers",
        ),
    )
    + _needs(
        "closure",
        ("wrap front", "zip front", "lace-up front", "double-breasted"),
        trim=(NONE, "contrast piping", "sequins"),
    )
    + _needs(
        "closure",
        ("frog closure", "toggle closure"),
        neckline=(NONE, "crew neck"),
        trim=(NONE, "contrast piping", "embroidery"),
        bow=_NO,
        waist=_all_but("waist", "smocked waist", "elastic waist"),
        pockets=_all_but("pockets", "chest pocket"),
        fabric=_all_but("fabric", "faux fur"),
        slit=_all_but("slit", "front slit"),
    )
    + _needs("closure", "frog closure", collar=(NONE, "stand collar"))
    + _needs(
        "closure",
        "toggle closure",
        category=("jacket", "coat"),
        collar=(NONE, "hood", "stand collar", "shirt collar"),
    )
    # Shape of the skirt, waist and hem.
    + _needs(
        "silhouette",
        "tiered",
        pleats=_NO,
        hem=_NO,
        slit=_NO,
        length=("knee-length", "midi", "maxi"),
    )
    + _needs("silhouette", "mermaid", pleats=_NO, length=("midi", "maxi"), slit=_NO)
    + _needs("silhouette", "pencil", pleats=_NO, length=("mini", "knee-length", "midi"))
    + _needs("silhouette", "full", slit=_NO, length=("mini", "knee-length", "midi"))
    + _needs(
        "silhouette",
        ("pencil", "mermaid", "tiered"),
        hem=(NONE, "ruffled hem", "fringed hem", "scalloped hem"),
    )
    + _needs(
        "length",
        "mini",
        slit=_NO,
        hem=_all_but("hem", "asymmetric hem", "high-low hem", "handkerchief hem"),
    )
    + _needs(
        "slit",
        ("side slit", "front slit"),
        pleats=_NO,
        hem=_NO,
        closure=_all_but("closure", "button front", "zip front"),
    )
    + _needs(
        "pleats",
        ("knife pleats", "box pleats"),
        hem=_NO,
        fabric=("cotton", "satin", "leather", "linen", "velvet", "wool"),
        pockets=_NO,
        trim=_all_but("trim", "sequins", "feathers"),
    )
    + _needs(
        "waist",
        "peplum",
        silhouette=(NONE, "straight", "pencil"),
        length=("hip-length", "knee-length", "midi"),
        hem=_NO,
        pockets=(NONE, "chest pocket"),
    )
    + _needs(
        "waist",
        "drop waist",
        silhouette=("straight", "full", "a-line"),
        length=("knee-length", "midi", "mini"),
    )
    + _needs(
        "waist",
        "smocked waist",
        closure=_NO,
        trim=(NONE, "pearls", "contrast piping", "lace yoke", "feathers"),
        fabric=_all_but("fabric", "leather", "tweed"),
        pockets=_all_but("pockets", "chest pocket"),
    )
    + _needs("waist", "elastic waist", category=BOTTOMS, closure=_NO)
    + _needs("waist", "high waist", category=BOTTOMS)
    + _needs("waist", _all_but("waist", NONE), belt=_NO)
    + _needs("belt", ("tied sash", "corset belt"), waist=_NO)
    # One thing at a time on the bodice and on the cloth, so that each can be seen.
    + _needs(
        "bow",
        "neck bow",
        neckline=(NONE, "crew neck", "v-neck", "turtleneck"),
        collar=(NONE, "shirt collar", "stand collar"),
        trim=(NONE, "contrast piping", "sequins"),
        pockets=_all_but("pockets", "chest pocket"),
    )
    + _needs(
        "bow",
        "shoulder bows",
        neckline=("v-neck", "scoop neck", "square neck"),
        sleeve_length=("sleeveless",),
    )
    + _needs("trim", "lace yoke", neckline=("crew neck", "boat neck", "turtleneck", "scoop neck"))
    + _needs(
        "trim",
        ("lace yoke", "front ruffles"),
        pockets=_all_but("pockets", "chest pocket"),
        fabric=("cotton", "satin", "sheer", "linen", "velvet", "jersey", "broderie", "mesh"),
    )
    + _needs(
        "trim",
        ("sequins", "embroidery"),
        pattern=_SOLID,
        fabric=(
            *("cotton", "satin", "sheer", "denim", "linen", "velvet", "wool", "jersey"),
            *("suede", "mesh"),
        ),
    )
    + _needs("trim", "pearls", pattern=_SOLID)
    + _needs(
        "trim",
        "cut-outs",
        category=("dress", "top", "jumpsuit"),
        waist=_NO,
        belt=_NO,
        fit=("regular fit", "slim fit"),
        pockets=_NO,
        closure=(NONE, "button front"),
        collar=_NO,
        length=_all_but("length", "cropped"),
    )
    + _needs(
        "trim", "feathers", category=("dress", "top", "skirt", "jacket", "coat"), hem=_NO, slit=_NO
    )
    + _needs("pattern", PRINTS, fabric=_PRINTED)
    + _needs(
        "pattern",
        ("ombre", "colour block"),
        fabric=("cotton", "knit", "linen", "wool", "jersey", "ribbed"),
    )
    + _needs(
        "fabric",
        "knit",
        pattern=("solid", "horizontal stripes", "argyle", "colour block", "ombre"),
        trim=_all_but("trim", "sequins", "lace yoke", "front ruffles"),
        category=(
            "dress",
            "sweater",
            "skirt",
            "trousers",
            "waistcoat",
            "cape",
            "polo shirt",
        ),
        leg=(NONE, "leggings", "joggers", "wide-leg"),
    )
    + _needs("fabric", ("satin", "sheer", "velvet"), pattern=_FINE_PRINTS)
    + _needs("fabric", ("crochet", "mesh"), pattern=_SOLID)
    + _needs(
        "fabric",
        "wool",
        pattern=(
            *("solid", "vertical stripes", "windowpane", "colour block", "ombre", "tartan"),
            *("houndstooth", "herringbone"),
        ),
    )
    + _needs(
        "fabric",
        "ribbed",
        pattern=("solid", "horizontal stripes", "colour block", "ombre"),
    )
    + _needs("pattern", "toile", fabric=("cotton", "linen"))
    + _needs(
        "fabric",
        ("faux fur", "quilted"),
        pockets=_NO,
        trim=_NO,
        collar=_all_but("collar", "peter pan collar"),
    )
)

GARMENT_RULES = RuleSet(FAMILIES, RULES)
"""The same, ready to be asked."""
