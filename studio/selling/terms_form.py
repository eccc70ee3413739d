"""What a listing says, as people type it: read, checked, and written back."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from studio.domain import ValueKindError
from studio.selling.errors import ListingError
from studio.selling.fibres import read_composition, told
from studio.selling.instants import from_local, zone_of
from studio.selling.money import Money
from studio.selling.records import Scope, Terms, Trigger
from studio.selling.tables import FORMULA
from studio.values import typed_whole

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_NAME = 150, 5_000, 30
MOST_SIZES, MOST_COLOURS = 20, 30
MOST_PIECES = 1_000_000
LONGEST_LEAD_DAYS = 365
INCOTERMS = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")

FIELDS = (
    "title",
    "description",
    "brand",
    "currency",
    "price",
    "unit_cost",
    "minimum",
    "scope",
    "cap",
    "opens",
    "closes",
    "time_zone",
    "lead_days",
    "trigger",
    "composition",
    "sizes",
    "colours",
    "tolerance",
    "incoterm",
)
"""The fields of the form, in order."""


def as_typed(terms: Terms) -> dict[str, str]:
    """Terms as the form shows them."""
    zone = zone_of(terms.time_zone)

    def local(instant: datetime) -> str:
        return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"

    return {
        "title": terms.title,
        "description": terms.description,
        "brand": terms.brand,
        "currency": terms.price.currency,
        "price": str(terms.price),
        "unit_cost": str(terms.unit_cost),
        "minimum": str(terms.minimum),
        "scope": terms.scope,
        "cap": "" if terms.cap is None else str(terms.cap),
        "opens": local(terms.opens),
        "closes": local(terms.closes),
        "time_zone": terms.time_zone,
        "lead_days": "/".join(map(str, terms.lead_days)),
        "trigger": terms.trigger,
        "composition": told(terms.composition),
        "sizes": ", ".join(terms.sizes),
        "colours": ", ".join(terms.colours),
        "tolerance": str(terms.tolerance),
        "incoterm": " ".join(terms.incoterm),
    }


def changed(terms: Terms, typed: Mapping[str, str]) -> Terms:
    """Terms with what was typed in place of what they said; fields left out stay.

    Raises:
        ListingError: a field can't be used; the sentence says which and what to do.
        MoneyError: an amount or the currency can't be.
    """
    form = {**as_typed(terms), **typed}
    unknown = set(typed) - set(FIELDS)
    if unknown:
        raise ListingError(f"A listing has no {sorted(unknown)[0][:40]!r}.")
    zone = form["time_zone"].strip()
    zone_of(zone)
    currency = form["currency"].strip().upper()
    price, cost = (Money.parse(form[name], currency) for name in ("price", "unit_cost"))
    made = replace(
        terms,
        title=_line("title", form["title"], LONGEST_TITLE),
        description=_prose(form["description"]),
        brand=_line("brand", form["brand"], LONGEST_TITLE),
        price=price,
        unit_cost=cost,
        minimum=_pieces("minimum", form["minimum"]),
        scope=Scope(_one_of("scope", form["scope"], tuple(Scope))),
        cap=_pieces("cap", form["cap"]) if form["cap"].strip() else None,
        opens=from_local(form["opens"], zone),
        closes=from_local(form["closes"], zone),
        time_zone=zone,
        lead_days=_lead_days(form["lead_days"]),
        trigger=Trigger(_one_of("trigger", form["trigger"], tuple(Trigger))),
        composition=read_composition(form["composition"]),
        sizes=_names("sizes", form["sizes"], MOST_SIZES),
        colours=_names("colours", form["colours"], MOST_COLOURS),
        tolerance=_whole("tolerance", form["tolerance"], 0, 50),
        incoterm=_incoterm(form["incoterm"]),
    )
    _check(made)
    return made


def _check(terms: Terms) -> None:
    if terms.price.minor <= 0 or terms.unit_cost.minor <= 0:
        raise ListingError("Price and unit cost are more than nothing.")
    if terms.closes <= terms.opens:
        raise ListingError("The listing closes before it opens. Choose a later deadline.")
    if terms.cap is not None and terms.cap < terms.minimum:
        raise ListingError("The cap is below the minimum, so nothing could ever be made.")


def _line(name: str, text: str, longest: int) -> str:
    text = " ".join(text.split())
    if not 1 <= len(text) <= longest or not text.isprintable():
        raise ListingError(f"The {name} has 1 to {longest} characters that can be printed.")
    if text.startswith(FORMULA):
        raise ListingError(
            f"The {name} begins with {text[0]!r}, which spreadsheets would run. Begin with a word."
        )
    return text


def _prose(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_DESCRIPTION or text.startswith(FORMULA):
        raise ListingError(
            f"The description has at most {LONGEST_DESCRIPTION:,} characters and begins with a "
            "word."
        )
    return text


def _names(name: str, text: str, most: int) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(_line(name, each, LONGEST_NAME) for each in _split(text)))
    if not 1 <= len(found) <= most:
        raise ListingError(f"Write 1 to {most} {name}, with commas between them.")
    return found


def _split(text: str) -> list[str]:
    return [each for each in re.split(r"[,，、;\n]", text) if each.strip()]


def _pieces(name: str, text: str) -> int:
    return _whole(name, text, 1, MOST_PIECES)


def _whole(name: str, text: str, lowest: int, highest: int) -> int:
    try:
        return typed_whole(f"The {name}", text, lowest, highest)
    except ValueKindError as error:
        raise ListingError(str(error)) from None


def _one_of(name: str, text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise ListingError(f"The {name} is {' or '.join(choices)}.")
    return text


def _lead_days(text: str) -> tuple[int, int, int]:
    parts = re.split(r"[/,\-–]", text)
    if len(parts) != 3:
        raise ListingError("Write the days to delivery as quickest/usual/slowest: 3/7/20.")
    low, usual, high = (_whole("lead time", part, 0, LONGEST_LEAD_DAYS) for part in parts)
    if not low <= usual <= high:
        raise ListingError("The days to delivery go up from the quickest to the slowest: 3/7/20.")
    return low, usual, high


def _incoterm(text: str) -> tuple[str, str]:
    term, _, place = " ".join(text.split()).partition(" ")
    if term.upper() not in INCOTERMS or not place:
        raise ListingError(
            "Write an Incoterm with its place, such as FOB Ningbo. There are "
            f"{', '.join(INCOTERMS)}."
        )
    return term.upper(), _line("place", place, 60)
