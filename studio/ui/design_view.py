"""What is known of a design, as the full screen tells it: who chose what, and its exact colours."""

from typing import Any

from studio.design.dyes import dyes_of
from studio.design.spec import Origin
from studio.services.known_designs import KnownDesign, KnownDesigns
from studio.services.parts import Part
from studio.ui.words import Words

View = dict[str, Any]

NOTHING: View = {"told": [], "colours": [], "can_change": False, "has_design": False}
"""Of a picture that shows no known design."""

_HANDS: dict[Origin, str] = {
    "asked": "asked_for",
    "person": "set_by_hand",
    "generated": "generated",
    "repaired": "replaced",
    "house": "by_house_rules",
}
_PARTS = {
    Part.NECKLINE: "part_neckline",
    Part.SLEEVES: "part_sleeves",
    Part.SHAPE: "part_shape",
    Part.COLOUR: "part_colour",
    Part.PRINT: "part_print",
    Part.FABRIC: "part_fabric",
    Part.DETAILS: "part_details",
    Part.WEARER: "part_wearer",
}


def design_view(design: KnownDesign, known: KnownDesigns, words: Words) -> View:
    """Phrases by who chose them, colours with their hex values, and whether parts can change.

    Args:
        design: what is known of it.
        known: has the phrases for values.
        words: for the screen.
    """
    phrases = known.phrases(design.worn())
    told = []
    for hand, label in _HANDS.items():
        chosen = [words.phrase(phrases[each]) for each in phrases if design.origin(each) == hand]
        if chosen:
            told.append([words[label], ", ".join(chosen)])
    dyes = () if design.spec is None else dyes_of(design.spec, design.colour_names)
    return {
        "told": told,
        "colours": [{"hex": dye.hex, "name": words.phrase(dye.name)} for dye in dyes],
        "can_change": known.are_drawn and design.whole() is not None,
        "has_design": design.spec is not None,
    }


def part_names(words: Words) -> list[list[str]]:
    """Every part that can be drawn again, with what it is called."""
    return [[str(part), words[_PARTS[part]]] for part in Part]


def parts_told(parts: tuple[Part, ...], words: Words) -> str:
    """Parts in one breath."""
    return ", ".join(words[_PARTS[part]] for part in parts)
