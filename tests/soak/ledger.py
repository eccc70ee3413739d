"""What the people of a soak were told, to hold the studio to it."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Ledger:
    """Promises that the studio made, and requests that it never answered.

    Attributes:
        jobs: ids of the jobs that it took on.
        rounds: id -> candidate ids of the rounds that it showed.
        answers: round -> the ticks that it said were saved.
        unanswered: round -> ticks that were sent when it died: saved or not, both are right.
        sent: round -> all ticks that were ever sent.
        imports: prompt of an import -> whether it came to its end.
        backups: file -> whether it came to its end, and the answers saved before it was begun.
        listings: id -> the state that it was last said to be in.
        articles: of the listings that were opened: SKU, price and currency.
        orders: name of an order that was taken -> its pieces.
        doing: who -> what they were at.
    """

    jobs: set[int] = field(default_factory=set)
    rounds: dict[int, frozenset[int]] = field(default_factory=dict)
    answers: dict[int, frozenset[int]] = field(default_factory=dict)
    unanswered: dict[int, frozenset[int]] = field(default_factory=dict)
    sent: dict[int, set[frozenset[int]]] = field(default_factory=dict)
    imports: dict[str, bool] = field(default_factory=dict)
    backups: dict[Path, tuple[bool, frozenset[int]]] = field(default_factory=dict)
    listings: dict[int, str] = field(default_factory=dict)
    articles: list[tuple[str, str, str]] = field(default_factory=list)
    orders: dict[str, int] = field(default_factory=dict)
    doing: dict[str, str] = field(default_factory=dict)

    def ask(self, round_id: int, ticks: frozenset[int]) -> None:
        """Ticks are on their way."""
        self.unanswered[round_id] = ticks
        self.sent.setdefault(round_id, set()).add(ticks)

    def hear(self, round_id: int, ticks: frozenset[int]) -> None:
        """The studio said that these ticks are saved."""
        self.answers[round_id] = ticks
        self.unanswered.pop(round_id, None)

    def settle(self, stored: dict[int, frozenset[int]]) -> None:
        """Take what was found for requests without an answer as what holds from now on."""
        for round_id in self.unanswered:
            if round_id in stored:
                self.answers[round_id] = stored[round_id]
        self.unanswered.clear()
