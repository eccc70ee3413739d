"""The attributes that a croquis is made of, and which of them go together.

An outfit gives every family one value. `none` says that the family does not apply to this
garment (a skirt has no neckline) or that the detail is absent (no belt).
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    "leg": (NONE, "skinny", "straight-leg", "wide-leg", "flared"),
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
    ),
    "collar": (NONE, "shirt collar", "notched lapels", "peter pan collar", "stand collar", "hood"),
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
    ),
    "cuffs": (NONE, "ribbed cuffs", "contrast cuffs", "ruffled cuffs"),
    "waist": (NONE, "empire waist", "drop waist", "peplum", "gathered waist"),
    "hem": (
        NONE,
        "ruffled hem",
        "fringed hem",
        "scalloped hem",
        "asymmetric hem",
        "high-low hem",
    ),
    "closure": (
        NONE,
        "button front",
        "double-breasted",
        "zip front",
        "wrap front",
        "lace-up front",
    ),
    "trim": (
        NONE,
        "sequins",
        "lace yoke",
        "front ruffles",
        "contrast piping",
        "embroidery",
        "pearls",
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
"""The families that are the model's."""
GARMENT_FAMILIES = tuple(family for family in FAMILIES if family not in FIGURE_FAMILIES)
"""The families of what is worn."""

BOTTOMS = ("skirt", "trousers", "shorts")
SKIRTED = ("dress", "skirt", "coat")
LEGGED = ("trousers", "shorts", "jumpsuit")
BARE_NECKLINES = ("off-shoulder", "halter neck", "one-shoulder", "sweetheart neck")
PRINTS = FAMILIES["pattern"][1:]


@dataclass(frozen=True)
class Rule:
    """When `family` has one of `values`, `other` must have one of `allowed`."""

    family: str
    values: tuple[str, ...]
    other: str
    allowed: tuple[str, ...]

    def forbids(self, attributes: Mapping[str, str]) -> bool:
        """Whether these (possibly partial) attributes break the rule."""
        return (
            attributes.get(self.family) in self.values
            and self.other in attributes
            and attributes[self.other] not in self.allowed
        )


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
_PRINTED = (
    *("cotton", "satin", "knit", "sheer", "linen", "velvet", "wool", "jersey", "ribbed"),
    *("crochet", "mesh"),
)
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
        trim=(NONE, "sequins", "embroidery", "contrast piping"),
        waist=(NONE, "gathered waist"),
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
    + _needs("category", ("trousers", "jumpsuit"), leg=_all_but("leg", NONE))
    + _needs("category", ("trousers", "jumpsuit"), length=("cropped", "full-length"))
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
        closure=(NONE, "button front", "wrap front", "lace-up front"),
        fabric=(
            *("cotton", "satin", "leather", "sheer", "denim", "linen", "velvet", "wool", "jersey"),
            *("ribbed", "crochet", "broderie", "jacquard", "suede", "mesh"),
        ),
        pockets=(NONE, "chest pocket"),
        hem=(NONE, "ruffled hem", "fringed hem", "scalloped hem"),
        waist=(NONE, "peplum"),
    )
    + _needs(
        "category",
        "shirt",
        collar=("shirt collar", "peter pan collar", "stand collar"),
        closure=("button front",),
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
        neckline=(NONE, "crew neck", "v-neck", "turtleneck", "boat neck", "off-shoulder"),
        collar=(NONE, "hood"),
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
        closure=("button front", "double-breasted", "zip front"),
        fabric=_OUTER,
        hem=(NONE, "fringed hem"),
        waist=(NONE, "peplum"),
        trim=(NONE, "contrast piping", "sequins", "pearls"),
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
        closure=("button front", "double-breasted", "zip front", "wrap front"),
        silhouette=("straight", "a-line"),
        fabric=_OUTER,
        hem=(NONE, "scalloped hem", "fringed hem"),
        waist=_NO,
        trim=(NONE, "contrast piping", "embroidery"),
        belt=(NONE, "belt", "tied sash"),
        pockets=(NONE, "patch pockets"),
        slit=_NO,
        pleats=_NO,
        bow=_NO,
    )
    + _needs(
        "category",
        ("dress", "jumpsuit"),
        collar=(NONE, "shirt collar", "peter pan collar", "stand collar"),
        pockets=(NONE, "patch pockets"),
        fabric=(
            *("cotton", "satin", "denim", "knit", "leather", "sheer", "linen", "velvet"),
            *("corduroy", "wool", "jersey", "ribbed", "crochet", "broderie", "jacquard"),
            *("suede", "mesh"),
        ),
    )
    + _needs("category", "jumpsuit", waist=(NONE, "empire waist", "gathered waist"))
    + _needs(
        "category",
        ("skirt", "trousers", "shorts"),
        fabric=(
            *("cotton", "satin", "denim", "knit", "leather", "tweed", "quilted", "linen"),
            *("velvet", "corduroy", "wool", "jersey", "ribbed", "crochet", "broderie"),
            *("jacquard", "suede"),
        ),
    )
    # An upper garment has either a neckline or a collar.
    + _needs("collar", _all_but("collar", NONE), neckline=_NO)
    # Sleeves.
    + _needs("sleeve length", "sleeveless", sleeve_shape=_NO)
    + _needs(
        "sleeve length",
        "short sleeves",
        sleeve_shape=("straight sleeves", "puff sleeves", "flutter sleeves"),
    )
    + _needs(
        "sleeve length", "three-quarter sleeves", sleeve_shape=("straight sleeves", "bell sleeves")
    )
    + _needs(
        "sleeve length",
        "long sleeves",
        sleeve_shape=("straight sleeves", "puff sleeves", "bell sleeves", "bishop sleeves"),
    )
    + _needs("sleeve length", (NONE, "sleeveless", "short sleeves"), cuffs=_NO)
    + _needs("sleeve shape", ("puff sleeves", "bell sleeves", "flutter sleeves"), cuffs=_NO)
    + _needs("neckline", "halter neck", sleeve_length=("sleeveless",))
    + _needs("neckline", "one-shoulder", sleeve_length=("sleeveless", "long sleeves"))
    + _needs("neckline", "sweetheart neck", sleeve_length=("sleeveless", "short sleeves"))
    + _needs(
        "neckline", "off-shoulder", sleeve_length=_all_but("sleeve length", NONE, "sleeveless")
    )
    + _needs("neckline", BARE_NECKLINES, closure=_NO, trim=(NONE, "sequins", "pearls"), bow=_NO)
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
        trim=(NONE, "contrast piping", "sequins", "embroidery", "pearls", "front ruffles"),
    )
    + _needs(
        "closure",
        ("wrap front", "zip front", "lace-up front", "double-breasted"),
        trim=(NONE, "contrast piping", "sequins"),
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
    + _needs("length", "mini", slit=_NO, hem=_all_but("hem", "asymmetric hem", "high-low hem"))
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
        pattern=("solid", "tartan"),
        fabric=("cotton", "satin", "leather", "linen", "velvet", "wool"),
        pockets=_NO,
        trim=_all_but("trim", "sequins"),
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
    + _needs("pattern", PRINTS, fabric=_PRINTED)
    + _needs(
        "pattern",
        ("ombre", "colour block"),
        fabric=("cotton", "knit", "linen", "wool", "jersey", "ribbed", "crochet"),
    )
    + _needs(
        "fabric",
        "knit",
        pattern=("solid", "horizontal stripes", "argyle", "colour block", "ombre"),
        trim=_all_but("trim", "sequins", "lace yoke", "front ruffles"),
        category=("dress", "sweater", "skirt"),
    )
    + _needs("fabric", ("satin", "sheer", "velvet", "mesh"), pattern=_FINE_PRINTS)
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
        ("ribbed", "crochet"),
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


class Outfit(Mapping[str, str]):
    """One value for every family; immutable, hashable, equal by value."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        missing = FAMILIES.keys() - attributes.keys()
        wrong = [
            f"{family}={value}"
            for family, value in attributes.items()
            if value not in FAMILIES.get(family, ())
        ]
        if missing or wrong:
            raise ValueError(f"An outfit lacks {sorted(missing)} or has unknown values {wrong}.")
        self._values = tuple(attributes[family] for family in FAMILIES)

    def __getitem__(self, family: str) -> str:
        return self._values[_FAMILY_INDEX[family]]

    def __iter__(self) -> Iterator[str]:
        return iter(FAMILIES)

    def __len__(self) -> int:
        return len(FAMILIES)

    def __hash__(self) -> int:
        return hash(self._values)

    def __repr__(self) -> str:
        worn = ", ".join(value for value in self._values if value != NONE)
        return f"Outfit({worn})"

    def but(self, **changes: str) -> "Outfit":
        """The same outfit with some families changed; `sleeve_length` means `sleeve length`."""
        changed = {family.replace("_", " "): value for family, value in changes.items()}
        return Outfit({**self, **changed})

    def class_indices(self) -> list[int]:
        """Position of each family's value within its family, in the order of FAMILIES."""
        return [FAMILIES[family].index(self[family]) for family in FAMILIES]


_FAMILY_INDEX = {family: index for index, family in enumerate(FAMILIES)}

# How likely an optional detail is, given that the garment can have it.
_DETAIL_CHANCE = {
    "cuffs": 0.4,
    "collar": 0.3,
    "waist": 0.3,
    "hem": 0.33,
    "closure": 0.35,
    "trim": 0.36,
    "belt": 0.3,
    "pockets": 0.3,
    "bow": 0.3,
    "slit": 0.5,
    "pleats": 0.4,
}
# Rare details are drawn before cloth and print, which would otherwise rule them out.
DRAWING_ORDER = tuple(
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
_COMMON_CHANCE = {"pattern": 0.35, "fabric": 0.3, "fit": 0.4, "build": 0.4, "pose": 0.4}
_CATEGORY_WEIGHTS = {"dress": 5, "shorts": 1}
# Values that few garments can have are drawn more often where they can be.
_RARE_WEIGHTS = {
    "asymmetric hem": 6,
    "high-low hem": 5,
    "wrap front": 4,
    "lace-up front": 4,
    "lace yoke": 5,
    "front ruffles": 2,
    "shoulder bows": 5,
    "drop waist": 4,
    "peplum": 2,
    "notched lapels": 4,
    "quilted": 3,
    "faux fur": 2,
    "tweed": 2,
    "gingham": 2,
    "windowpane": 2,
    "vertical stripes": 2,
    "chevron": 2,
}

_RULES_OF = {
    family: tuple(rule for rule in RULES if family in (rule.family, rule.other))
    for family in FAMILIES
}


def broken_rules(attributes: Mapping[str, str]) -> list[Rule]:
    """The rules that these (possibly partial) attributes break."""
    return [rule for rule in RULES if rule.forbids(attributes)]


def allowed_values(family: str, attributes: Mapping[str, str]) -> list[str]:
    """The values of `family` that go with the attributes chosen so far."""
    values = [
        value
        for value in FAMILIES[family]
        if not any(rule.forbids({**attributes, family: value}) for rule in _RULES_OF[family])
    ]
    needs_neckline = attributes.get("collar") == NONE and attributes.get("category") not in BOTTOMS
    if family == "neckline" and needs_neckline and NONE in values:
        values.remove(NONE)
    return values


def lot_weights(family: str) -> dict[str, float]:
    """The chance of a family's first value, and the weights of its others, see `sample_outfit`.

    Of the figure all values are alike: nobody is drawn more often than others. A neckline is
    absent only where nothing else is possible.
    """
    first, *others = FAMILIES[family]
    if family == "category":
        weights = {value: float(_CATEGORY_WEIGHTS.get(value, 2)) for value in FAMILIES[family]}
    else:
        weights = {value: float(_RARE_WEIGHTS.get(value, 1)) for value in FAMILIES[family]}
    chance = weights[first] / sum(weights.values())
    if family in _DETAIL_CHANCE:
        chance = 1 - _DETAIL_CHANCE[family]
    elif family == "neckline":
        chance = 0.0
    elif family not in FIGURE_FAMILIES:
        chance = _COMMON_CHANCE.get(family, chance)
    return {first: chance, **{value: weights[value] for value in others}}


def sample_outfit(rng: random.Random, **fixed: str) -> Outfit:
    """An outfit drawn by lot that breaks no rule.

    Args:
        rng: source of chance; the same state gives the same outfit.
        fixed: attributes that it must have; `sleeve_length` means `sleeve length`.

    Raises:
        ValueError: the fixed attributes do not go together.
    """
    wanted = {family.replace("_", " "): value for family, value in fixed.items()}
    if broken_rules(wanted):
        raise ValueError(f"These do not go together: {broken_rules(wanted)}")
    for _ in range(2000):
        attributes = dict(wanted)
        for family in DRAWING_ORDER:
            if family in wanted:
                continue
            values = allowed_values(family, attributes)
            if not values:  # a dead end, e.g. a fixed sleeve that the drawn category cannot have
                break
            attributes[family] = _draw(family, values, rng)
        else:
            return Outfit(attributes)
    raise ValueError(f"No outfit has all of {wanted}.")


def _draw(family: str, values: list[str], rng: random.Random) -> str:
    first = FAMILIES[family][0]
    if len(values) > 1 and first in values:
        if family in _DETAIL_CHANCE and rng.random() >= _DETAIL_CHANCE[family]:
            return first
        if family in _COMMON_CHANCE and rng.random() < _COMMON_CHANCE[family]:
            return first
        if family in _DETAIL_CHANCE or family in _COMMON_CHANCE:
            values = [value for value in values if value != first]
    if family == "category":
        return rng.choices(values, [_CATEGORY_WEIGHTS.get(value, 2) for value in values])[0]
    return rng.choices(values, [_RARE_WEIGHTS.get(value, 1) for value in values])[0]
