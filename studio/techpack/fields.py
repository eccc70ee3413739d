"""Fields of a tech pack: what each says, and on whose word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from studio.domain import Correction
from studio.techpack.said import NOTHING, Said

Status = Literal["asked", "derived", "person", "open"]
STATUSES: tuple[Status, ...] = ("asked", "derived", "person", "open")

Kind = Literal["number", "text"]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that a factory has to know.

    Attributes:
        key: which one; corrections name it.
        said: the text; empty while it is open.
        status: asked for in the phrases; derived from design and tables; set by a person; or open.
        kind: what a correction of it has to be.
        number: of a field that is a number, in cm; None while it is open.
        by: who set it, where a person did.
        at: when that was.
        before: what was derived, where a person set something else.
        question: what the factory is asked while it is open.
    """

    key: str
    said: Said = NOTHING
    status: Status
    kind: Kind = "text"
    number: float | None = None
    by: str = ""
    at: datetime | None = None
    before: Said = NOTHING
    question: Said = NOTHING


class Corrections:
    """What people have set by hand, by field; the newest of a field counts.

    Args:
        made: in the order of making.
    """

    def __init__(self, made: Iterable[Correction] = ()) -> None:
        self._newest: Mapping[str, Correction] = {each.field: each for each in made}

    def get(self, key: str) -> Correction | None:
        """The correction of a field; None where nobody made one."""
        return self._newest.get(key)

    def text(
        self,
        key: str,
        said: Said = NOTHING,
        status: Status | None = None,
        question: Said = NOTHING,
    ) -> Field:
        """A field of text, as it was derived or asked for, or as a person has set it.

        Args:
            key: of the field.
            said: what is known without a person; empty for nothing.
            status: of that; None for derived, or open where nothing is known.
            question: what to ask while it is open.
        """
        made = self.get(key)
        if made is not None:
            return Field(
                key=key,
                said=Said(made.value),
                status="person",
                by=made.by,
                at=made.made_at,
                before=said,
            )
        found = status or ("derived" if said else "open")
        return Field(key=key, said=said, status=found, question=question)

    def number(
        self, key: str, derived: float | None, digits: int = 1, question: Said = NOTHING
    ) -> Field:
        """A field of a number in cm, as it was derived, or as a person has set it."""
        made = self.get(key)
        before = NOTHING if derived is None else Said(written(derived, digits))
        if made is not None:
            number = float(made.value)
            return Field(
                key=key,
                said=Said(written(number, digits)),
                status="person",
                kind="number",
                number=number,
                by=made.by,
                at=made.made_at,
                before=before,
            )
        return Field(
            key=key,
            said=before,
            status="open" if derived is None else "derived",
            kind="number",
            number=derived,
            question=question,
        )


def written(number: float, digits: int = 1) -> str:
    """A number as the sheets print it, with a point in every language."""
    return f"{number:.{digits}f}"
