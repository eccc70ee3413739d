"""Callouts of a flat: what the design says of each part, and which place that is about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.design.families import KNITTED, TROUSERED
from studio.drawing.flats.backs import top_of
from studio.drawing.flats.callout_words import CHINESE, ENGLISH
from studio.drawing.flats.closures import front_span
from studio.drawing.flats.legs import UNCREASED
from studio.drawing.flats.makes import has_cinch, has_welts, strap_behind, welt_height
from studio.drawing.flats.necklines import cut_out_edge
from studio.drawing.flats.parts import FlatSide
from studio.drawing.flats.pockets import has_fly
from studio.drawing.flats.seams import has_bust_darts, has_princess_seams, has_waist_darts
from studio.drawing.flats.skirts import slit_ends
from studio.drawing.flats.waists import belt_height
from studio.drawing.lines import smooth
from studio.patternmaking.allowances import WAISTBAND
from studio.patternmaking.points import bib_height, bib_width

Language = Literal["en", "zh", "both"]


@dataclass(frozen=True)
class Note:
    """One callout.

    Attributes:
        anchor: what it is about, on the flat.
        key: of its words.
        lines: the words, a line each.
    """

    anchor: complex
    key: str
    lines: tuple[str, ...]


def notes_of(side: FlatSide, language: Language = "both") -> list[Note]:
    """The callouts of a side, in no order."""
    found = []
    seen: set[str] = set()
    for write in _FRONT if side.form.side == "front" else _BACK:
        for key, anchor in write(side):
            if key not in seen:
                seen.add(key)
                found.append(Note(anchor, key, _lines(key, language)))
    return found


def _lines(key: str, language: Language) -> tuple[str, ...]:
    words = {"en": (ENGLISH[key],), "zh": (CHINESE[key],)}
    return words["en"] + words["zh"] if language == "both" else words[language]


Notes = Iterator[tuple[str, complex]]


def _neck(side: FlatSide) -> Notes:
    form, neck = side.form, side.form.draft.neck
    if neck is None:
        return
    if neck.kind in _COLLAR_ANCHORS:
        across, down = _COLLAR_ANCHORS[neck.kind]
        yield neck.kind, complex(neck.width / 2 + across, down * neck.front)
        return
    edge = smooth(form.neck.opening, 6)
    right = edge[edge.real > 0.35 * float(edge.real.max())]
    yield neck.kind, complex(right[len(right) // 3])


_COLLAR_ANCHORS = {  # beside the neck, and in shares of the front's depth
    "turtleneck": (-2.0, -0.5),
    "shirt collar": (-0.4, 0.5),
    "notched lapels": (0.5, 0.5),
    "peter pan collar": (1.6, 0.8),
    "stand collar": (-2.2, 0.25),
    "hood": (1.0, -1.2),
    "shawl collar": (1.6, 0.45),
    "sailor collar": (3.0, 0.4),
}


def _straps(side: FlatSide) -> Notes:
    if side.form.has("bow", "shoulder bows"):
        yield "shoulder bows", complex(np.mean(side.form.neck.shoulder)) + 0.8
    if side.form.has("bow", "neck bow") and side.form.draft.neck:
        yield "neck bow", complex(3.6, min(side.form.draft.neck.front, 9.0) + 0.2)


def _armholes(side: FlatSide) -> Notes:
    form = side.form
    if form.has("category", "cape"):
        return
    if side.sleeve is None:
        if len(form.neck.armhole) and not form.neck.one_sided:
            yield "bare armhole", complex(smooth(form.neck.armhole, 6)[12])
        return
    if form.neck.one_sided and form.neck.mirror < 0:
        return
    shape = form.draft.spec["sleeve shape"]
    outer = smooth(side.sleeve.outer, 4)
    inward = side.sleeve.out * -2.5
    yield shape, complex(outer[len(outer) // 2]) + inward
    yield _sleeve_end(side), _end_of_sleeve(side)


def _sleeve_end(side: FlatSide) -> str:
    sleeve = side.sleeve
    assert sleeve is not None
    cuffs = side.form.draft.spec["cuffs"]
    if cuffs != "none":
        return cuffs
    if sleeve.sleeve.cuff:
        return "band" if sleeve.sleeve.cuff < 4 else "button cuff"
    if side.form.has("category", "polo shirt"):
        return "ribbed sleeve end"
    flared = side.form.has("sleeve shape", "bell sleeves", "flutter sleeves")
    return "narrow sleeve hem" if flared else "sleeve hem"


def _end_of_sleeve(side: FlatSide) -> complex:
    sleeve = side.sleeve
    assert sleeve is not None
    outer, inner = sleeve.outer[-1], sleeve.inner[-1]
    below = sleeve.along * (sleeve.sleeve.cuff / 2 if sleeve.sleeve.cuff else -1.0)
    return complex(outer + (inner - outer) * 0.22 + below)


def _closure(side: FlatSide) -> Notes:
    form = side.form
    value = form.draft.spec["closure"]
    start, end = front_span(form)
    if form.has("category", "kimono"):
        return
    if value == "wrap front":
        low = form.at(0.86, min(form.draft.waist, end - 8.0))
        yield value, (complex(0.0, start) + low) / 2
    elif value == "double-breasted":
        yield value, complex(5.2, start + 3.0)
    elif value == "lace-up front":
        yield value, complex(1.4, start + 7.0)
    elif value == "button front" and form.has("category", "jacket", "coat", "waistcoat", "cape"):
        yield "lapped front", complex(2.2, start + 0.3 * (end - start))
    elif value != "none":
        yield value, complex(0.9, start + 0.42 * (end - start))


def _shaping(side: FlatSide) -> Notes:
    """Darts or princess seams, and the seam at the waist."""
    form, draft = side.form, side.form.draft
    waist = draft.spec["waist"]
    if waist != "none":
        y = draft.seam if not form.bottom else draft.waist + WAISTBAND / 2
        yield waist, form.at(0.82, y + (4.0 if waist == "peplum" else 0.0))
    if has_princess_seams(form):
        yield "princess seams", form.at(0.53, min(draft.waist - 4.0, draft.hem - 6.0))
    elif has_bust_darts(form):
        yield "bust darts", form.at(0.82, draft.underarm + 4.6)


def _pockets(side: FlatSide) -> Notes:
    form, value = side.form, side.form.draft.spec["pockets"]
    if form.has("category", *TROUSERED) and not form.elastic and side.leg:
        y = form.draft.waist + WAISTBAND + 6.0
        denim = form.has("fabric", "denim")
        yield "jeans pockets" if denim else "slant pockets", complex(form.half(y) - 2.6, y)
    spot = _pocket_spot(side)
    if value != "none" and spot is not None:
        key = "welt pocket" if value == "chest pocket" and form.has(*_WELTED) else value
        yield key, spot


_WELTED = ("category", "jacket", "waistcoat")


def _pocket_spot(side: FlatSide) -> complex | None:
    """On the right pocket; drawn where `pockets` puts it."""
    form, draft = side.form, side.form.draft
    if form.has("pockets", "chest pocket"):
        return complex(form.half(draft.underarm) * 0.52 + 3.0, draft.underarm + 3.0)
    if side.leg is not None and form.has("category", *TROUSERED):
        deep = form.has("pockets", "cargo pockets") and draft.hem - draft.crotch > 28
        y = (
            draft.crotch + 10.0
            if deep
            else draft.hip + (4.0 if form.has("category", "shorts") else 6.0)
        )
        return complex(form.half(draft.hip) - 4.0, y)
    y = draft.waist + 12.0
    if draft.hem - draft.waist < 16 and not form.legged:
        y = draft.hem - 9.0
    return complex(form.half(y) * 0.54 + 4.0, y)


def _belts(side: FlatSide) -> Notes:
    value = side.form.draft.spec["belt"]
    if value != "none":
        y = belt_height(side.form)
        yield value, side.form.at(0.86, y)


def _band(side: FlatSide) -> Notes:
    form = side.form
    if form.bottom and form.has("waist", "none"):
        y = form.draft.waist + WAISTBAND / 2
        key = "skirt band" if form.has("category", "skirt", "dungarees") else "trouser band"
        key = _LEG_BANDS.get(form.draft.spec["leg"], key)
        yield key, form.at(0.84, y)
    if has_fly(form):
        yield "fly", complex(3.2, form.draft.waist + 12.0)


_LEG_BANDS = {"joggers": "drawstring band", "leggings": "wide band"}


def _makes(side: FlatSide) -> Notes:
    """What tells the category from others."""
    form, draft = side.form, side.form.draft
    if form.has("category", "dungarees"):
        top = draft.waist - bib_height(draft)
        yield "bib", complex(bib_width(draft) / 2, top + 7.0)
        yield "straps", complex(bib_width(draft) / 2, top - 6.0)
    elif form.has("category", "polo shirt") and draft.neck:
        yield "polo placket", complex(1.6, draft.neck.front + 7.0)
    elif form.has("category", "kimono"):
        yield "kimono band", complex(-6.5, draft.waist + 16.0)
        if form.has("belt", "none"):
            yield "obi", form.at(0.86, draft.waist)
    elif form.has("category", "cape") and not form.has("closure", "none"):
        yield "arm slits", form.at(0.62, draft.underarm + 22.0)
    elif has_welts(form):
        y = welt_height(form)
        yield "waist welts", complex(form.half(y) * 0.56 + 4.0, y + 1.0)


def _skirt(side: FlatSide) -> Notes:
    form, draft = side.form, side.form.draft
    if not form.skirted:
        return
    low = draft.hem - 0.34 * (draft.hem - draft.waist)
    if form.has("slit", "side slit", "front slit"):
        yield draft.spec["slit"], slit_ends(form)[0] + 0.4
    if form.has("pleats", "knife pleats", "box pleats"):
        yield draft.spec["pleats"], form.at(0.72, low)
    elif not form.has("category", "coat", "kimono"):
        yield draft.spec["silhouette"], form.at(0.8, low)


def _trims(side: FlatSide) -> Notes:
    form, draft, value = side.form, side.form.draft, side.form.draft.spec["trim"]
    if value == "none":
        return
    if value == "front ruffles" and draft.neck:
        yield value, complex(5.0, draft.neck.front + 8.0)
    elif value == "embroidery":
        low = min(draft.hem - 9.0, draft.waist + 22.0)
        spot = form.at(0.5, max(low, draft.underarm + 6.0))
        yield value, form.at(0.55, draft.waist + 12.0) if form.bottom else spot
    elif value == "lace yoke":
        yield value, form.at(0.5, draft.underarm - 6.0)
    elif value == "cut-outs":
        yield value, complex(cut_out_edge(form)[6]) - 0.4
    elif value in ("contrast piping", "feathers"):
        yield value, _on_lower_edge(side)
    else:
        yield value, form.at(0.7, draft.underarm + 8.0 if draft.neck else draft.hip)


def _on_lower_edge(side: FlatSide) -> complex:
    """A place just above the hem, or beside the edge of a leg."""
    if side.leg is not None:
        return complex(side.leg.outer[len(side.leg.outer) * 2 // 3]) - 0.8
    form = side.form
    return complex(form.half(form.draft.hem) * 0.5, float(form.hem_y(0.5)) - 0.7)


def _hem(side: FlatSide) -> Notes:
    form, draft = side.form, side.form.draft
    if side.leg is not None:
        outer, inner = complex(side.leg.mouth[0]), complex(side.leg.mouth[-1])
        key = "leg cuff" if form.has("leg", "joggers") else "leg hem"
        yield key, outer + (inner - outer) * 0.25 - 1.6j
        return
    half = form.half(draft.hem)
    key = draft.spec["hem"]
    if key == "none":
        key = _plain_hem(side)
    yield key, complex(half * 0.74, float(form.hem_y(0.74)) - 1.2)


def _plain_hem(side: FlatSide) -> str:
    form = side.form
    if form.has("category", "swimsuit"):
        return "leg edge"
    if form.has("category", "sweater"):
        return "ribbed hem"
    if form.has("category", "jacket", "coat"):
        return "deep hem"
    return "narrow hem" if form.has("silhouette", "full", "tiered", "mermaid") else "plain hem"


def _crease(side: FlatSide) -> Notes:
    leg = side.leg
    creased = side.form.has("category", "trousers") and side.form.has(
        "leg", "straight-leg", "wide-leg"
    )
    plain = not side.form.has("fabric", *UNCREASED)
    if leg is not None and creased and plain:
        yield "crease", (leg.knee[0] + leg.knee[1]) / 2


# --- Backs ---------------------------------------------------------------------------------


def _back_opening(side: FlatSide) -> Notes:
    form, draft = side.form, side.form.draft
    category = draft.spec["category"]
    if category in ("dress", "jumpsuit", "skirt"):
        if form.has("closure", "none", "lace-up front") and _zipped(side):
            yield "back zip", complex(0.4, (top_of(form) + draft.hip) / 2)
    elif category == "top" and _slit_at_neck(side):
        yield "neck slit", complex(0.5, top_of(form) + 8.0)
    elif category == "shirt":
        yield "yoke", complex(draft.shoulder * 0.28, 9.0)
    elif category in ("jacket", "coat") and not form.has("fabric", "quilted", "faux fur"):
        y = min(draft.waist - 2.0, float(form.hem_y(0.0)) - 6.0)
        yield "back seam", complex(0.0, y)
        if float(form.hem_y(0.0)) - draft.waist >= 9.0 and form.has("waist", "none"):
            yield "vent", complex(2.0, float(form.hem_y(0.0)) - 5.0)


def _zipped(side: FlatSide) -> bool:
    form = side.form
    if form.bottom:
        return form.has("waist", "none", "high waist") and form.has("pleats", "none")
    return not form.has("fabric", *KNITTED) and not form.has("waist", "smocked waist")


def _slit_at_neck(side: FlatSide) -> bool:
    close = side.form.has("neckline", "crew neck", "boat neck", "turtleneck", "keyhole neck")
    return close and side.form.has("closure", "none")


def _back_pockets(side: FlatSide) -> Notes:
    form, draft = side.form, side.form.draft
    if not form.has("category", *TROUSERED) or form.elastic:
        return
    y = draft.waist + 15.0
    patched = form.has("fabric", "denim") or not form.has("pockets", "none")
    spot = complex(form.half(y) * 0.52 + 4.0, y - (2.2 if not patched else 0.0))
    yield "back patch pockets" if patched else "back welt pockets", spot
    yield (
        "yoked back" if form.has("fabric", "denim") else "back darts",
        form.at(0.5, draft.waist + 7.5),
    )


def _back_neck(side: FlatSide) -> Notes:
    neck = side.form.draft.neck
    if neck is None:
        return
    if neck.kind in _COLLAR_ANCHORS:
        yield (
            f"{neck.kind}, back",
            complex(neck.width / 2 - 3.0, 0.2 if neck.kind != "hood" else -8.0),
        )
    elif len(side.form.neck.shoulder):
        edge = smooth(side.form.neck.opening, 6)
        yield "back neck", complex(edge[len(edge) * 3 // 4])


def _back_makes(side: FlatSide) -> Notes:
    form, draft = side.form, side.form.draft
    if form.has("category", "dungarees"):
        yield "crossed straps", complex(strap_behind(form)[0]) + 8.0j
    elif form.has("category", "waistcoat") and has_cinch(form):
        yield "cinch", form.at(0.6, draft.waist + 1.5)
    elif form.has("category", "kimono") and form.has("belt", "none"):
        yield "obi", form.at(0.86, draft.waist)


def _back_darts(side: FlatSide) -> Notes:
    form, draft = side.form, side.form.draft
    if has_waist_darts(form):
        yield "waist darts", form.at(0.5, draft.waist - 9.0)


_FRONT: tuple[Callable[[FlatSide], Notes], ...] = (
    _neck,
    _straps,
    _armholes,
    _closure,
    _shaping,
    _pockets,
    _band,
    _belts,
    _makes,
    _skirt,
    _trims,
    _crease,
    _hem,
)
_BACK: tuple[Callable[[FlatSide], Notes], ...] = (
    _back_neck,
    _back_opening,
    _back_darts,
    _back_pockets,
    _back_makes,
    _hem,
)
