"""What a design is in words: one value for every family."""

from collections.abc import Iterator, Mapping, Sequence

from studio.design.families import FAMILIES, NONE

_PLACE = {family: place for place, family in enumerate(FAMILIES)}


class Outfit(Mapping[str, str]):
    """One value for every family; immutable, hashable, equal by value.

    It may break rules about what goes together: who makes one that is to be worn checks them.

    Raises:
        ValueError: a family is missing, or a value isn't known.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        missing = FAMILIES.keys() - values.keys()
        wrong = [
            f"{family}={value}"[:40]
            for family, value in values.items()
            if value not in FAMILIES.get(family, ())
        ]
        if missing or wrong:
            raise ValueError(
                f"An outfit lacks {sorted(missing)} or has unknown values {wrong[:3]}."
            )
        self._values = tuple(values[family] for family in FAMILIES)

    @classmethod
    def of_places(cls, places: Sequence[int]) -> "Outfit":
        """The inverse of `places`."""
        pairs = zip(FAMILIES.items(), places, strict=True)
        return cls({family: values[place] for (family, values), place in pairs})

    def __getitem__(self, family: str) -> str:
        return self._values[_PLACE[family]]

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

    def places(self) -> list[int]:
        """Position of each family's value within its family, in the order of FAMILIES."""
        return [FAMILIES[family].index(self[family]) for family in FAMILIES]
