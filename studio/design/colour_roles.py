"""What of a design each colour of a prompt is for: the cloth, its print, a second part, a trim."""

from collections.abc import Callable, Iterable, Sequence

from studio.design.lexicon import Kind, Lexicon
from studio.design.other_things import TWO_COLOURED
from studio.design.word_items import ADJECTIVES, Item, Role, Roles, is_small

_PART_FAMILIES = frozenset(("belt", "bow", "cuffs", "collar", "closure", "trim"))
_PART_WORDS = frozenset(("collar", "cuff", "button", "trim", "lace", "ruffle", "stitching", "seam"))


class ColourRoles:
    """Gives colours their roles by grammar.

    Args:
        lexicon: nouns of prints.
        stem: of one word.
    """

    def __init__(self, lexicon: Lexicon, stem: Callable[[str], str]) -> None:
        self._lexicon = lexicon
        self._stem = stem

    def of(self, rows: Sequence[list[Item]]) -> Roles:
        """Role -> its colours, in the order of typing."""
        roles: Roles = {role: [] for role in Role}
        for row in rows:
            self._give_roles(row, roles)
        if _is_two_coloured(rows):
            _take_turns(roles)
        return roles

    def _give_roles(self, row: list[Item], roles: Roles) -> None:
        mains: list[Item] = []
        for place, item in enumerate(row):
            if item.kind is not Kind.COLOUR or not item.alive:
                continue
            role = self._role(row, place, mains)
            if role is Role.MAIN:
                mains.append(item)
            roles[role].append(item)
            item.role = role

    def _role(self, row: list[Item], place: int, mains: list[Item]) -> Role:
        after = [item for item in row[place + 1 :] if not is_small(item)]
        next_is_part = bool(after) and after[0].alive and self._is_part(after[0])
        if _leads_to_garment(after):
            if next_is_part and _leads_to_colour(after):
                return Role.TRIM
            beside = mains and not _garment_between(row, mains[-1], place)
            return Role.SECOND if beside else Role.MAIN
        if after and after[0].alive and self._is_print(after[0]):
            return Role.PRINT
        if next_is_part:
            return Role.TRIM
        before = [item for item in row[:place] if not is_small(item)]
        if len(before) > 1 and before[-1].text in ("in", "of"):
            if mains and self._is_print(before[-2]):
                return Role.PRINT
            if self._is_part(before[-2]):
                return Role.TRIM
        return Role.SECOND if mains else Role.MAIN

    def _is_print(self, item: Item) -> bool:
        return "".join(map(self._stem, item.words)) in self._lexicon.prints

    def _is_part(self, item: Item) -> bool:
        if item.kind is Kind.PHRASE and not item.is_garment:
            return bool(item.asked.keys() & _PART_FAMILIES)
        return self._stem(item.words[-1]) in _PART_WORDS


def _is_two_coloured(rows: Sequence[Sequence[Item]]) -> bool:
    """Whether a pattern is asked for that says no more than that there are two colours."""
    items = (item for row in rows for item in row if item.alive)
    return any(item.asked.get("pattern") in TWO_COLOURED for item in items)


def _take_turns(roles: Roles) -> None:
    """The first colour is the cloth's, all others come after it."""
    others = roles[Role.MAIN][1:]
    for item in others:
        item.role = Role.SECOND
    roles[Role.SECOND] += others
    del roles[Role.MAIN][1:]


def _leads_to_garment(after: Iterable[Item]) -> bool:
    """Whether adjectives only stand between here and a garment."""
    for item in after:
        if item.is_garment:
            return True
        if item.kind not in (*ADJECTIVES, Kind.LISTING):
            return False
        if item.kind is Kind.PHRASE and item.asked.keys() & {"shoes"}:
            return False
    return False


def _leads_to_colour(after: Iterable[Item]) -> bool:
    """Whether another colour stands before the garment: "gold buttons navy coat"."""
    for item in after:
        if item.is_garment or item.kind is Kind.COLOUR:
            return item.kind is Kind.COLOUR
    return False


def _garment_between(row: list[Item], first: Item, place: int) -> bool:
    start = next(index for index, item in enumerate(row) if item is first)
    return any(item.is_garment for item in row[start:place])
