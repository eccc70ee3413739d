"""The life of a listing: which event leads to which state, and which are possible."""

from collections.abc import Iterable
from dataclasses import dataclass

from studio.selling.errors import ListingStateError
from studio.selling.records import Event, Scope, State, Terms

LEADS_TO: dict[str, State] = {
    "drafted": State.DRAFT,
    "opened": State.OPEN,
    "reached": State.REACHED,
    "fell back": State.OPEN,
    "expired": State.EXPIRED,
    "extended": State.OPEN,
    "topped up": State.REACHED,
    "colours given up": State.OPEN,
    "refunding": State.REFUNDING,
    "refunded": State.REFUNDED,
    "cancelled": State.CANCELLED,
    "sent": State.IN_PRODUCTION,
    "delivered": State.DELIVERED,
    "settled": State.SETTLED,
}
"""Kind of event -> the state that it leads to; other kinds tell of something else."""

_FROM: dict[str, tuple[State, ...]] = {
    "opened": (State.DRAFT,),
    "reached": (State.OPEN, State.EXPIRED),
    "fell back": (State.REACHED,),
    "expired": (State.OPEN,),
    "extended": (State.EXPIRED,),
    "topped up": (State.EXPIRED,),
    "colours given up": (State.EXPIRED,),
    "refunding": (State.EXPIRED,),
    "refunded": (State.REFUNDING,),
    "cancelled": (State.DRAFT, State.OPEN, State.REACHED, State.EXPIRED),
    "sent": (State.REACHED,),
    "delivered": (State.IN_PRODUCTION,),
    "settled": (State.DELIVERED,),
}

BEFORE_PRODUCTION = (State.OPEN, State.REACHED, State.EXPIRED)
SELLING = (State.OPEN, State.REACHED, State.IN_PRODUCTION)
"""States in which orders are taken, up to the close."""


def after(state: State, kind: str) -> State:
    """The state after an event.

    Raises:
        ListingStateError: that can't happen now.
    """
    if state not in _FROM.get(kind, ()):
        raise ListingStateError(
            f"This listing is {state}, so it can't be {kind}. Reload the page to see how it stands."
        )
    return LEADS_TO[kind]


@dataclass(frozen=True)
class Replayed:
    """What events say about a listing: colour of a lot -> its state."""

    states: dict[str, State]


def replay(events: Iterable[Event]) -> Replayed:
    """The states that a listing's events lead to, from nothing but the events.

    Args:
        events: of one listing, the oldest first.
    """
    states: dict[str, State] = {}
    for event in events:
        if event.kind == "drafted":
            states = dict.fromkeys(event.facts["lots"], State.DRAFT)
        elif event.kind in LEADS_TO:
            states[event.colour] = LEADS_TO[event.kind]
    return Replayed(states)


def lots_of(terms: Terms) -> tuple[str, ...]:
    """The names of the lots that the terms make."""
    return terms.colours if terms.scope is Scope.COLOUR else ("",)
