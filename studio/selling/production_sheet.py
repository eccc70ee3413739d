"""The order sheet of a production order: one page for people at a factory, in both languages."""

import html
from collections.abc import Sequence

from studio.selling.fibres import told
from studio.selling.instants import in_zone
from studio.selling.records import Listing, ProductionOrder

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:32px auto;max-width:820px;padding:0 20px}"
    "h1{font-size:24px}table{border-collapse:collapse;margin:18px 0;width:100%}"
    "th,td{border:1px solid #999;padding:6px 10px;text-align:left}td.n,th.n{text-align:right}"
    ".simulated{border:2px solid #a60;padding:8px 12px;color:#a60}"
)


def order_sheet(listing: Listing, order: ProductionOrder, number: str, is_simulated: bool) -> bytes:
    """What is to be made, by whom it is ordered, how much, and until when; as a page of one file.

    Args:
        listing: what it is of.
        order: with its quantities.
        number: what people call the order.
        is_simulated: made of orders by simulated shoppers; the page says so first.
    """
    terms, zone = listing.terms, listing.terms.time_zone
    issued = "not sent · 未发出" if order.sent_at is None else in_zone(order.sent_at, zone)
    facts = (
        ("Production order · 生产订单", number),
        ("Buyer · 买方", terms.brand),
        ("Style · 款式", f"{terms.title} ({listing.listed.number})"),
        ("Issued · 日期", issued),
        ("Ship by · 最晚发货", in_zone(order.ship_by, zone)),
        ("Incoterm · 贸易术语", " ".join(order.incoterm)),
        ("Unit price · 单价", f"{terms.unit_cost} {terms.unit_cost.currency}"),
        ("Total · 总价", f"{terms.unit_cost * order.ordered} {terms.unit_cost.currency}"),
        ("Fewer pieces accepted · 允许短少", f"{order.tolerance} %"),
        ("Composition · 成分", told(terms.composition)),
    )
    rows = "".join(
        f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in facts
    )
    note = (
        '<p class="simulated">SIMULATED: made of orders by simulated shoppers. Nothing of this is '
        "to be produced. · 模拟订单，请勿生产。</p>"
        if is_simulated
        else ""
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{_text(number)}</title>'
        f"<style>{_STYLE}</style><h1>{_text(number)}</h1>{note}<table>{rows}</table>"
        f"{_quantities(listing, order)}</html>\n"
    ).encode()


def _quantities(listing: Listing, order: ProductionOrder) -> str:
    """Pieces by colour and size, with their sums."""
    made = [each for each in listing.variants if order.quantities.get(each.id)]
    sizes = list(dict.fromkeys(each.size for each in listing.variants if each in made))
    lines = [_line(["Colour · 颜色", *sizes, "All · 合计"], "th")]
    for colour in dict.fromkeys(each.colour for each in made):
        pieces = [
            sum(
                order.quantities[each.id]
                for each in made
                if (each.colour, each.size) == (colour, size)
            )
            for size in sizes
        ]
        lines.append(_line([colour, *map(str, pieces), str(sum(pieces))], "td"))
    lines.append(_line(["All · 合计", *([""] * len(sizes)), str(order.ordered)], "th"))
    return f"<table>{''.join(lines)}</table>"


def _line(cells: Sequence[str], tag: str) -> str:
    first, *rest = map(_text, cells)
    return f"<tr><th>{first}</th>{''.join(f'<{tag} class=n>{each}</{tag}>' for each in rest)}</tr>"


def _text(text: str) -> str:
    return html.escape(text)
