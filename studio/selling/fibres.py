"""Fibre composition as EU Regulation 1007/2011 wants it: names of its Annex I, with percentages."""

import re

from studio.selling.errors import ListingError
from studio.selling.records import Component

FIBRES = frozenset(
    name
    for line in """
        wool, alpaca, llama, camel, cashmere, mohair, angora, vicuna, yak, guanaco, cashgora
        beaver, otter, animal hair, horsehair, silk, cotton, kapok, flax, linen, true hemp, hemp
        jute, abaca, alfa, coir, broom, ramie, sisal, sunn, henequen, maguey, acetate, alginate
        cupro, modal, protein, triacetate, viscose, acrylic, chlorofibre, fluorofibre
        modacrylic, polyamide, nylon, aramid, polyimide, lyocell, polylactide, polyester
        polyethylene, polypropylene, polycarbamide, polyurethane, vinylal, trivinyl
        elastodiene, elastane, glass fibre, elastomultiester, elastolefin, melamine
        polyacrylate, metal fibre, metallised fibre
    """.strip().splitlines()
    for name in line.strip().split(", ")
)
"""The names by which fibres may be told to customers."""
LEATHER = "leather"
"""No fibre, and what leather goods are told to be made of."""
USUAL = {
    "cotton": "shell: cotton 100",
    "satin": "shell: polyester 100",
    "denim": "shell: cotton 98, elastane 2",
    "knit": "shell: wool 70, polyamide 30",
    "leather": "shell: leather 100",
    "sheer": "shell: silk 100",
    "tweed": "shell: wool 80, polyamide 20",
    "quilted": "shell: polyamide 100; filling: polyester 100",
    "faux fur": "shell: modacrylic 80, polyester 20",
    "linen": "shell: linen 100",
    "velvet": "shell: viscose 82, silk 18",
    "corduroy": "shell: cotton 98, elastane 2",
    "wool": "shell: wool 80, polyamide 20",
    "jersey": "shell: cotton 95, elastane 5",
    "ribbed": "shell: viscose 65, polyamide 30, elastane 5",
    "crochet": "shell: cotton 100",
    "broderie": "shell: cotton 100",
    "jacquard": "shell: viscose 60, polyester 40",
    "suede": "shell: leather 100",
    "mesh": "shell: polyester 100",
}
"""Fabric of a design -> what it is usually made of: a hint to a person, never a claim."""
MOST_COMPONENTS = 8
_FIBRE = re.compile(r"([a-z][a-z ]*?)\s+(\d{1,3})\s*%?|(\d{1,3})\s*%?\s+([a-z][a-z ]*)")


def read_composition(text: str) -> tuple[Component, ...]:
    """Read "shell: cotton 95, elastane 5; lining: polyester 100"; empty for not yet known.

    Raises:
        ListingError: a fibre has no such name, or the percentages of a part are not 100 together.
    """
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(parts) > MOST_COMPONENTS:
        raise ListingError(f"A composition has at most {MOST_COMPONENTS} parts.")
    return tuple(_component(part) for part in parts)


def told(composition: tuple[Component, ...]) -> str:
    """A composition as `read_composition` reads it, and as customers do."""
    return "; ".join(
        f"{each.part}: {', '.join(f'{fibre} {share}' for fibre, share in each.fibres)}"
        for each in composition
    )


def for_customers(composition: tuple[Component, ...]) -> str:
    """A composition as it is told to customers, the largest share first."""
    return "; ".join(
        f"{each.part} "
        + ", ".join(
            f"{share}% {fibre}" for fibre, share in sorted(each.fibres, key=lambda each: -each[1])
        )
        for each in composition
    )


def _component(text: str) -> Component:
    name, between, rest = text.partition(":")
    if not between:
        name, rest = "shell", text
    fibres = []
    for piece in re.split(r"[,/]", rest.casefold()):
        found = _FIBRE.fullmatch(piece.strip())
        if found is None:
            raise ListingError(
                f"Write each fibre with its percentage, as in “shell: cotton 95, elastane 5”, not "
                f"{piece.strip()[:40]!r}."
            )
        fibre, share = (found[1] or found[4]).strip(), int(found[2] or found[3])
        if fibre not in FIBRES and fibre != LEATHER:
            raise ListingError(
                f"{fibre[:40]!r} is no fibre name that customers may be told in the EU. Use one of "
                "Regulation 1007/2011, such as cotton, polyester, elastane, viscose or wool."
            )
        fibres.append((fibre, share))
    total = sum(share for _, share in fibres)
    if total != 100 or len({fibre for fibre, _ in fibres}) != len(fibres):
        raise ListingError(
            f"The percentages of {name.strip()[:40]!r} are {total} together; they have to be 100, "
            "with each fibre once."
        )
    return Component(" ".join(name.split())[:40], tuple(fibres))
