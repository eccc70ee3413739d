"""Scenes and things in a phrase: they are ignored, with all that is said of them."""

from collections.abc import Callable

from studio.design.lexicon import Kind
from studio.design.word_items import Item, is_small

_STOPS = frozenset(("wearing", "wears", "dressed", "穿", "穿着", "身穿"))
_DESCRIBING = frozenset(
    ("colour", "fabric", "pattern", "length", "silhouette", "leg", "fit", "closure", "trim")
) | frozenset(("pleats", "cuffs", "hem", "waist", "build", "hair", "hair colour", "sleeve shape"))
_WEARER_THINGS = frozenset(("shoes", "hair", "hair colour"))
_OF_THINGS = frozenset(("colour", "fabric", "pattern", "closure", "trim", "length"))


def set_scene(row: list[Item]) -> None:
    """Ignore what stands in a scene: after "in front of", before "behind her"."""
    for place, item in enumerate(row):
        if item.kind is Kind.BEFORE:
            for other in row[place:]:
                if other.text in _STOPS:
                    break
                other.ignored = True
        elif item.kind is Kind.AFTER:
            for other in reversed(row[: place + 1]):
                if other.is_garment:
                    break
                other.ignored = True


def ignore_things(row: list[Item]) -> None:
    """Ignore what describes things: the colour of eyes and bags is not the garment's."""
    for place, item in enumerate(row):
        if item.kind is Kind.THING:
            _ignore_before(row, place, _describes_thing)
            _ignore_after(row, place)
        elif item.asked.keys() & _WEARER_THINGS and not item.is_garment:
            _ignore_before(row, place, _describes_shoe)


def _describes_thing(item: Item) -> bool:
    if item.kind in (Kind.COLOUR, Kind.LEANING, Kind.UNKNOWN):
        return True
    return item.kind is Kind.PHRASE and item.asked.keys() <= _DESCRIBING


def _describes_shoe(item: Item) -> bool:
    if item.kind is Kind.COLOUR or (item.leaning is not None and item.leaning.stands_in):
        return True
    return item.kind is Kind.PHRASE and item.asked.keys() <= _OF_THINGS


def _ignore_before(row: list[Item], place: int, describes: Callable[[Item], bool]) -> None:
    for before in range(place - 1, -1, -1):
        item = row[before]
        beyond = row[before - 1] if before else None
        if describes(item) and item.alive:
            item.ignored = True
        elif item.kind is Kind.LISTING and beyond is not None and beyond.kind is Kind.COLOUR:
            if row[before + 1].kind is not Kind.COLOUR:
                return
        elif not (is_small(item) or item.text in ("color", "colour", "colored")):
            return


def _ignore_after(row: list[Item], place: int) -> None:
    """What is said of a thing: "a field of yellow flowers", "street in Paris"."""
    after = row[place + 1 :]
    if not after or after[0].text != "of" or any(item.is_garment for item in after):
        return
    for item in after:
        if item.text in ("with", "wearing", "wears"):
            return
        item.ignored = True
