"""What selling talks about: listings, orders, production. Plain frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from studio.selling.money import Money

WHOLE_STYLE = ""
"""The name of the only lot where a minimum counts all colours together."""


class State(StrEnum):
    """Where a lot of a listing is: the style, or one colour of it."""

    DRAFT = "draft"
    OPEN = "open"
    REACHED = "reached"
    IN_PRODUCTION = "in production"
    DELIVERED = "delivered"
    SETTLED = "settled"
    EXPIRED = "expired"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class Scope(StrEnum):
    """What has to reach the minimum: all colours together, or each for itself."""

    STYLE = "style"
    COLOUR = "colour"


class Trigger(StrEnum):
    """When a production order is drawn up: as soon as the minimum is reached, or at the close."""

    THRESHOLD = "threshold"
    CLOSE = "close"


@dataclass(frozen=True)
class Component:
    """What a part of a garment is made of: fibres of the EU's Annex I with their percentages."""

    part: str
    fibres: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a listing says, all of it to be changed while it is a draft.

    Attributes:
        price: for one piece.
        unit_cost: what a piece costs to make.
        minimum: pieces that have to be ordered before any is made.
        scope: whether that counts for the style or for each colour.
        cap: pieces that are sold at most; None for any number.
        opens: first moment at which orders count.
        closes: first moment at which they no longer do.
        time_zone: of the store; deadlines are typed and shown in it.
        lead_days: days from production order to delivery: quickest, usual, slowest.
        trigger: when the production order is drawn up.
        composition: by component; has to be there before anything is offered.
        sizes: in order.
        colours: in order; the first is the design's own.
        tolerance: percent that a delivery may fall short of what was ordered.
        incoterm: with its place, such as ("FOB", "Ningbo").
    """

    title: str
    description: str
    brand: str
    price: Money
    unit_cost: Money
    minimum: int
    scope: Scope
    cap: int | None
    opens: datetime
    closes: datetime
    time_zone: str
    lead_days: tuple[int, int, int]
    trigger: Trigger
    composition: tuple[Component, ...]
    sizes: tuple[str, ...]
    colours: tuple[str, ...]
    tolerance: int
    incoterm: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The design that a listing is of, by id, and as it was when it was listed.

    Attributes:
        store_id: the store that sells it; None for nobody in particular.
        candidate_id: the design in its round.
        number: what people call it, such as "PF-000015-3".
        image: SHA-256 of its picture.
        design: JSON of it; empty where only a picture is known.
    """

    store_id: int | None
    candidate_id: int
    number: str
    image: str
    design: str


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A size of a colour, which is what is ordered.

    Attributes:
        gtin: allocated by the brand's owner; empty for none.
        is_dropped: no longer made, since its colourway was given up.
    """

    id: int
    size: str
    colour: str
    sku: str
    gtin: str = ""
    is_dropped: bool = False


@dataclass(frozen=True)
class Lot:
    """What is counted together against the minimum.

    Attributes:
        colour: of it; `WHOLE_STYLE` for all.
        state: where it is.
        topped_up: pieces that the merchant buys beside the orders.
    """

    colour: str
    state: State
    topped_up: int = 0


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A design on offer.

    Attributes:
        is_simulated: sold to simulated shoppers; nothing of it ever counts beside real sales.
        shopping_since: when those set out, by this machine's clock.
    """

    id: int
    listed: Listed
    terms: Terms
    variants: tuple[Variant, ...]
    lots: tuple[Lot, ...]
    is_simulated: bool
    made_at: datetime
    shopping_since: datetime | None = None

    def lot_of(self, variant: Variant) -> Lot:
        """What a variant counts towards."""
        name = variant.colour if self.terms.scope is Scope.COLOUR else WHOLE_STYLE
        return next(lot for lot in self.lots if lot.colour == name)

    def variants_of(self, lot: Lot) -> tuple[Variant, ...]:
        """The variants that are counted together, those of dropped colours left out."""
        return tuple(
            each
            for each in self.variants
            if not each.is_dropped and lot.colour in (WHOLE_STYLE, each.colour)
        )

    @property
    def state(self) -> State:
        """The state of the lot that is the least far; expired ones ask for a decision first."""
        return min((lot.state for lot in self.lots), key=_URGENCY.index)

    @property
    def ships_by(self) -> timedelta:
        """How long delivery takes at the slowest."""
        return timedelta(days=self.terms.lead_days[2])


_URGENCY = (
    State.EXPIRED,
    State.REACHED,
    State.DRAFT,
    State.OPEN,
    State.IN_PRODUCTION,
    State.REFUNDING,
    State.DELIVERED,
    State.SETTLED,
    State.REFUNDED,
    State.CANCELLED,
)


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """A line of an order, as a shop tells it.

    Attributes:
        key: what tells it from the order's other lines.
        sku: of the variant.
        ordered: pieces at first.
        cancelled: of these, no longer wanted.
        returned: sent back, as far as that is told; None where nothing is said about it.
        price: for one piece.
    """

    key: str
    sku: str
    ordered: int
    cancelled: int
    returned: int | None
    price: Money


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order without anything about the person who placed it.

    Attributes:
        source: the shop that it came by.
        external_id: what that shop calls it.
        name: what people call it, such as "#1001".
        placed_at: when it was placed.
        as_of: when this was so; what is older changes nothing.
        is_firm: neither cancelled nor voided, expired or refunded before it was sent.
        is_paid: money has come for it.
        is_fulfilled: all of it was sent.
    """

    source: str
    external_id: str
    name: str
    placed_at: datetime
    as_of: datetime
    is_firm: bool
    is_paid: bool
    is_fulfilled: bool
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True)
class Units:
    """Pieces of a variant or a lot.

    Attributes:
        firm: ordered and not cancelled.
        paid: those of them that money has come for.
        returned: sent back.
    """

    firm: int = 0
    paid: int = 0
    returned: int = 0

    def __add__(self, other: "Units") -> "Units":
        """Both together."""
        return Units(self.firm + other.firm, self.paid + other.paid, self.returned + other.returned)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a listing; events are only ever added.

    Attributes:
        colour: of the lot; empty for all.
        kind: see `lifecycle.LEADS_TO`.
        facts: plain values.
        cause: what made it happen, as words for the log.
    """

    number: int
    listing_id: int
    colour: str
    at: datetime
    kind: str
    facts: Mapping[str, Any]
    cause: str


class ProductionState(StrEnum):
    """Where a production order is."""

    DRAFT = "draft"
    SENT = "sent"
    CONFIRMED = "confirmed"
    PART_RECEIVED = "part received"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class ProductionOrder:
    """What a factory is to make of a lot.

    Attributes:
        batch: its number within the listing, from 1; there is one order for each.
        quantities: variant id -> pieces; frozen once it is sent.
        received: variant id -> pieces that came.
        tolerance: percent that a delivery may fall short.
        ship_by: when the goods are to leave at the latest.
        digest: SHA-256 of the zip as it was sent; empty before.
    """

    id: int
    listing_id: int
    colour: str
    batch: int
    state: ProductionState
    quantities: Mapping[int, int]
    received: Mapping[int, int]
    tolerance: int
    incoterm: tuple[str, str]
    made_at: datetime
    ship_by: datetime
    sent_at: datetime | None = None
    digest: str = ""

    @property
    def ordered(self) -> int:
        """Pieces in all."""
        return sum(self.quantities.values())


@dataclass(frozen=True)
class Waiting:
    """Pieces of an order that no delivery has been set aside for."""

    order: str
    sku: str
    pieces: int
