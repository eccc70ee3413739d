"""The Sell tab as its script shows it: listings on the board, one listing, and imports."""

import dataclasses
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from studio.selling.board import Progress, Row
from studio.selling.deciding import TopUp
from studio.selling.fibres import for_customers
from studio.selling.forecast import Forecast
from studio.selling.instants import in_zone
from studio.selling.likeness import Alike
from studio.selling.money import Money
from studio.selling.production_desk import Delivery
from studio.selling.production_pack import order_number
from studio.selling.records import Event, Listing, ProductionOrder, Scope, State, Units
from studio.selling.storage.orders import Batch
from studio.selling.terms_form import FIELDS, as_typed
from studio.selling.threshold import Comparison, Outcome
from studio.ui.words import Words

View = dict[str, Any]
_LONG = ("description", "composition")
_CHOICES = {"scope": ("style", "colour"), "trigger": ("threshold", "close")}


def row_view(row: Row, words: Words) -> View:
    """A listing on the board."""
    listing = row.listing
    return {
        "id": listing.id,
        "image": listing.listed.image,
        "title": listing.terms.title,
        "number": listing.listed.number,
        "is_simulated": listing.is_simulated,
        "state": words[f"sell_state_{listing.state.replace(' ', '_')}"],
        "is_live": listing.state in (State.OPEN, State.REACHED),
        "left": left_told(row.left, listing.state, words),
        "lots": [lot_view(each, listing, words) for each in row.lots],
    }


def lot_view(progress: Progress, listing: Listing, words: Words) -> View:
    """What is counted together, with its bar."""
    firm, minimum = progress.units.firm, listing.terms.minimum
    paid = words["sell_paid"].format(count=progress.units.paid)
    counted = words["sell_of_minimum"].format(firm=firm, minimum=minimum)
    return {
        "colour": progress.lot.colour,
        "state": words[f"sell_state_{progress.lot.state.replace(' ', '_')}"],
        "key": str(progress.lot.state),
        "share": min(firm / minimum, 1.0),
        "counted": counted,
        "paid": paid,
        "chance": ""
        if progress.chance is None
        else words["sell_chance"].format(percent=round(100 * progress.chance)),
        "decision": words[f"sell_decide_{progress.decision.replace(' ', '_')}"]
        if progress.decision
        else "",
    }


def left_told(left: timedelta, state: State, words: Words) -> str:
    """How long a listing is still open; nothing where that is over or has not begun."""
    if state not in (State.OPEN, State.REACHED, State.IN_PRODUCTION):
        return ""
    if left <= timedelta():
        return words["sell_closed"]
    if left < timedelta(days=2):
        return words["sell_hours_left"].format(count=max(1, round(left / timedelta(hours=1))))
    return words["sell_days_left"].format(count=left.days)


def sizes_view(row: Row) -> View:
    """Firm and paid pieces by size and colour."""
    listing = row.listing

    def cell(colour: str, size: str) -> list[Any]:
        found = [
            row.units.get(each.id, Units())
            for each in listing.variants
            if (each.colour, each.size) == (colour, size)
        ]
        units = sum(found, Units())
        return [units.firm, units.paid]

    terms = listing.terms
    return {
        "sizes": list(terms.sizes),
        "rows": [
            {
                "colour": colour,
                "is_dropped": all(
                    each.is_dropped for each in listing.variants if each.colour == colour
                ),
                "cells": [cell(colour, size) for size in terms.sizes],
            }
            for colour in terms.colours
        ],
    }


def form_view(listing: Listing, hint: str, words: Words) -> list[View]:
    """The fields of a draft, in order."""
    typed = as_typed(listing.terms)
    return [
        {
            "name": name,
            "label": words[f"sell_field_{name}"],
            "value": typed[name],
            "is_long": name in _LONG,
            "hint": words["sell_composition_hint"].format(usual=hint)
            if name == "composition"
            else words.get(f"sell_hint_{name}", ""),
            "choices": [
                [choice, words[f"sell_{name}_{choice}"]] for choice in _CHOICES.get(name, ())
            ],
        }
        for name in FIELDS
    ]


def terms_view(listing: Listing, words: Words) -> list[list[str]]:
    """What a listing says, once it can't be changed any more."""
    terms = listing.terms
    minimum = words["sell_minimum_each" if terms.scope is Scope.COLOUR else "sell_minimum_all"]
    told = {
        "price": money_told(terms.price),
        "unit_cost": money_told(terms.unit_cost),
        "minimum": minimum.format(count=terms.minimum),
        "cap": "" if terms.cap is None else str(terms.cap),
        "opens": in_zone(terms.opens, terms.time_zone),
        "closes": in_zone(terms.closes, terms.time_zone),
        "trigger": words[f"sell_trigger_{terms.trigger}"],
        "lead_days": words["sell_lead_days"].format(*terms.lead_days),
        "composition": for_customers(terms.composition),
        "incoterm": " ".join(terms.incoterm),
    }
    return [[words[f"sell_field_{name}"], value] for name, value in told.items() if value]


def alike_told(alike: Alike, words: Words) -> str:
    """That something else is nearly the same, and in what it differs."""
    differs = ", ".join(map(words.phrase, alike.differs)) or "–"
    key = "sell_alike_catalogue" if alike.other.source else "sell_alike"
    other = alike.other
    facts = {"title": other.name, "source": other.source, "told": alike.told}
    return words.told(key, {**facts, "differs": differs})


def plot_view(
    listing: Listing, come: list[int], time: float, found: Forecast | None, words: Words
) -> View:
    """The plot: what has come, and what is expected, in days from the opening."""
    days = (listing.terms.closes - listing.terms.opens) / timedelta(days=1)
    steps = max(1, len(come))
    reached = [[time * days * (place + 1) / steps, count] for place, count in enumerate(come)]
    fan = [] if found is None else [[at * days, *values] for at, values in found.fan]
    return {
        "days": days,
        "minimum": listing.terms.minimum,
        "come": [[0, 0], *reached],
        "fan": fan,
        "title": words["sell_plot_title"],
        "minimum_label": words["sell_plot_minimum"].format(count=listing.terms.minimum),
        "day_label": words["sell_plot_day"],
        "come_label": words["sell_plot_come"],
        "fan_label": words["sell_plot_fan"],
    }


def production_view(
    listing: Listing, order: ProductionOrder, delivery: Delivery | None, words: Words
) -> View:
    """A production order, with what can be done about it."""
    variants = {each.id: each for each in listing.variants}
    return {
        "id": order.id,
        "number": order_number(order),
        "state": words[f"sell_po_{order.state.replace(' ', '_')}"],
        "key": str(order.state),
        "told": words.told(
            "sell_po_told",
            {
                "pieces": order.ordered,
                "tolerance": order.tolerance,
                "incoterm": " ".join(order.incoterm),
                "ship_by": in_zone(order.ship_by, listing.terms.time_zone)[:10],
            },
        ),
        "digest": order.digest[:12],
        "lines": [
            {
                "id": variant,
                "name": f"{variants[variant].colour} {variants[variant].size}",
                "quantity": pieces,
                "received": order.received.get(variant, 0),
            }
            for variant, pieces in order.quantities.items()
        ],
        "delivery": None if delivery is None else delivery_view(delivery, words),
    }


def delivery_view(delivery: Delivery, words: Words) -> View:
    """What came, who waits, and what is left over."""
    surplus = sum(delivery.surplus.values())
    return {
        "told": words["sell_received"].format(
            received=delivery.received, ordered=delivery.ordered, least=delivery.least
        ),
        "needs_decision": delivery.needs_decision,
        "waiting": [[each.order, each.sku, each.pieces] for each in delivery.waiting[:50]],
        "surplus": words.told("sell_surplus", {"count": surplus}) if surplus else "",
    }


def decision_view(
    listing: Listing, progress: Progress, cost: TopUp, due: int, words: Words
) -> View:
    """The four ways on, for a lot that missed its minimum."""
    return {
        "colour": progress.lot.colour,
        "key": str(progress.lot.state),
        "missed": words["sell_missed"].format(
            lot=progress.lot.colour or listing.terms.title, missing=cost.missing
        ),
        "top_up": words.told(
            "sell_top_up",
            {
                "missing": cost.missing,
                "cost": money_told(cost.cost),
                "earned": money_told(cost.earned),
            },
        ),
        "refund": words.told("sell_refund", {"count": due}),
        "colours": [] if listing.terms.scope is Scope.COLOUR else list(listing.terms.colours),
        "minimum": listing.terms.minimum,
    }


def event_view(event: Event, listing: Listing, words: Words) -> list[str]:
    """A line of the log: when, what, and of which colour."""
    facts: Mapping[str, Any] = {**event.facts, "count": event.facts.get("pieces", "")}
    told = words.told(f"sell_event_{event.kind.replace(' ', '_')}", _Known(facts))
    return [in_zone(event.at, listing.terms.time_zone), told, event.colour]


def batch_view(batch: Batch, words: Words) -> View:
    """What became of a file."""
    return {
        "told": words.told("sell_batch", dataclasses.asdict(batch)),
        "reasons": [[number, reason] for number, reason in batch.reasons[:20]],
    }


def comparison_view(comparison: Comparison, currency: str, words: Words) -> View:
    """Sold first beside made first, line by line."""
    first, made = comparison.sold_first, comparison.made_first

    def money(minor: float) -> str:
        return money_told(Money(round(minor), currency))

    def line(name: str, told: str, other: str) -> list[str]:
        return [words[f"sell_what_if_{name}"], told, other]

    def pieces(outcome: Outcome) -> tuple[str, str]:
        return f"{outcome.made:.0f}", f"{outcome.leftover:.0f}"

    return {
        "head": ["", words["sell_sold_first"], words["sell_made_first"]],
        "rows": [
            line("chance", f"{first.chance:.0%}", f"{made.chance:.0%}"),
            line("made", pieces(first)[0], pieces(made)[0]),
            line("leftover", pieces(first)[1], pieces(made)[1]),
            line("at_risk", money(first.at_risk), money(made.at_risk)),
            line("earned", money(first.earned), money(made.earned)),
            line("worst", money(first.worst), money(made.worst)),
            line("waiting", f"{first.waiting_days:.0f}", f"{made.waiting_days:.0f}"),
        ],
    }


def money_told(money: Money) -> str:
    """An amount with its currency, thousands apart."""
    whole, point, rest = str(money).partition(".")
    return f"{int(whole):,}{point}{rest} {money.currency}"


class _Known(dict[str, Any]):
    """Facts of an event; one that an older event lacks is left out of its sentence."""

    def __missing__(self, key: str) -> str:
        return ""
