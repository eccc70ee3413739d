"""The families of a design, and their values.

A design gives every family one value. `none` says that the family does not apply to this garment
(a skirt has no neckline) or that the detail is absent (no belt).
"""

NONE = "none"

FAMILIES: dict[str, tuple[str, ...]] = {
    "category": (
        "dress",
        "top",
        "shirt",
        "sweater",
        "jacket",
        "coat",
        "skirt",
        "trousers",
        "shorts",
        "jumpsuit",
        "waistcoat",
        "cape",
        "kimono",
        "polo shirt",
        "dungarees",
        "swimsuit",
    ),
    "colour": (
        "black",
        "white",
        "grey",
        "beige",
        "camel",
        "brown",
        "burgundy",
        "red",
        "coral",
        "orange",
        "mustard",
        "yellow",
        "olive",
        "green",
        "mint",
        "teal",
        "sky blue",
        "blue",
        "navy",
        "purple",
        "lilac",
        "pink",
        "fuchsia",
    ),
    "pattern": (
        "solid",
        "horizontal stripes",
        "vertical stripes",
        "polka dots",
        "gingham",
        "windowpane",
        "floral",
        "leopard",
        "chevron",
        "argyle",
        "colour block",
        "ombre",
        "tartan",
        "houndstooth",
        "herringbone",
        "paisley",
        "tropical",
        "ditsy",
        "zebra",
        "tie-dye",
        "camouflage",
        "toile",
        "geometric",
    ),
    "fabric": (
        "cotton",
        "satin",
        "denim",
        "knit",
        "leather",
        "sheer",
        "tweed",
        "quilted",
        "faux fur",
        "linen",
        "velvet",
        "corduroy",
        "wool",
        "jersey",
        "ribbed",
        "crochet",
        "broderie",
        "jacquard",
        "suede",
        "mesh",
    ),
    "length": (
        NONE,
        "cropped",
        "hip-length",
        "longline",
        "mini",
        "knee-length",
        "midi",
        "maxi",
        "full-length",
    ),
    "silhouette": (NONE, "straight", "a-line", "full", "pencil", "mermaid", "tiered"),
    "leg": (NONE, "skinny", "straight-leg", "wide-leg", "flared", "leggings", "joggers"),
    "fit": ("regular fit", "slim fit", "oversized"),
    "neckline": (
        NONE,
        "crew neck",
        "v-neck",
        "scoop neck",
        "square neck",
        "boat neck",
        "off-shoulder",
        "halter neck",
        "sweetheart neck",
        "turtleneck",
        "one-shoulder",
        "keyhole neck",
        "strapless",
        "spaghetti straps",
        "cowl neck",
        "open back",
        "plunging neck",
    ),
    "collar": (
        NONE,
        "shirt collar",
        "notched lapels",
        "peter pan collar",
        "stand collar",
        "hood",
        "shawl collar",
        "sailor collar",
    ),
    "sleeve length": (
        NONE,
        "sleeveless",
        "short sleeves",
        "three-quarter sleeves",
        "long sleeves",
    ),
    "sleeve shape": (
        NONE,
        "straight sleeves",
        "puff sleeves",
        "bell sleeves",
        "bishop sleeves",
        "flutter sleeves",
        "cap sleeves",
        "kimono sleeves",
    ),
    "cuffs": (NONE, "ribbed cuffs", "contrast cuffs", "ruffled cuffs"),
    "waist": (
        NONE,
        "empire waist",
        "drop waist",
        "peplum",
        "gathered waist",
        "smocked waist",
        "elastic waist",
        "high waist",
    ),
    "hem": (
        NONE,
        "ruffled hem",
        "fringed hem",
        "scalloped hem",
        "asymmetric hem",
        "high-low hem",
        "handkerchief hem",
    ),
    "closure": (
        NONE,
        "button front",
        "double-breasted",
        "zip front",
        "wrap front",
        "lace-up front",
        "frog closure",
        "toggle closure",
    ),
    "trim": (
        NONE,
        "sequins",
        "lace yoke",
        "front ruffles",
        "contrast piping",
        "embroidery",
        "pearls",
        "cut-outs",
        "feathers",
    ),
    "belt": (NONE, "belt", "tied sash", "corset belt"),
    "pockets": (NONE, "patch pockets", "chest pocket", "cargo pockets"),
    "bow": (NONE, "neck bow", "shoulder bows"),
    "slit": (NONE, "side slit", "front slit"),
    "pleats": (NONE, "knife pleats", "box pleats"),
    "hair": (
        "long hair",
        "short hair",
        "bob",
        "bun",
        "ponytail",
        "curly hair",
        "braids",
        "headscarf",
    ),
    "hair colour": ("black hair", "brown hair", "blonde hair", "red hair", "silver hair"),
    "skin": ("fair skin", "tan skin", "brown skin", "deep skin"),
    "build": ("average build", "slender build", "curvy build"),
    "pose": ("standing", "hand on hip", "walking", "arms out"),
    "shoes": ("heels", "flats", "boots", "sneakers", "sandals"),
}
"""Family -> its values, in the canonical order of captions."""

FIGURE_FAMILIES = ("hair", "hair colour", "skin", "build", "pose")
"""The families of the person who wears it; within a round it is the same person."""
GARMENT_FAMILIES = tuple(family for family in FAMILIES if family not in FIGURE_FAMILIES)
"""The families of what is worn."""

BOTTOMS = ("skirt", "trousers", "shorts", "dungarees")
TROUSERED = ("trousers", "shorts", "dungarees")
SKIRTED = ("dress", "skirt", "coat", "kimono")
LEGGED = ("trousers", "shorts", "jumpsuit", "dungarees")
NO_SHOULDERS = ("off-shoulder", "halter neck", "strapless", "spaghetti straps", "open back")
"""Necklines of garments that have no shoulder."""
STRAPPED = ("sweetheart neck", "cowl neck")
"""Necklines that hang from straps where there are no sleeves."""
BARE_NECKLINES = (*NO_SHOULDERS, *STRAPPED, "one-shoulder")
PRINTS = FAMILIES["pattern"][1:]
KNITTED = ("knit", "jersey", "ribbed", "crochet")
"""Fabrics of loops, which stretch and need no darts."""
SEE_THROUGH = ("sheer", "mesh")
"""Fabrics through which one sees what is worn below."""

SETTLING_ORDER = tuple(
    dict.fromkeys(
        (
            "category",
            "collar",
            "neckline",
            "sleeve length",
            "sleeve shape",
            "silhouette",
            "length",
            "leg",
            "hem",
            "pleats",
            "slit",
            "waist",
            "bow",
            "closure",
            "trim",
            "belt",
            "pockets",
            "pattern",
            "fabric",
            *FAMILIES,
        )
    )
)
"""The order in which an open design is settled: rare details before cloth and print, which would
rule them out."""
