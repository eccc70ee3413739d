"""Simulated stores: what they tell of themselves, and what they really like.

A store's hidden taste is a number for every attribute of a croquis. It is a sum of parts, each
brought to its own strength:

- *style*, *signature* and *other fields*: what its profile explains, answer by answer
  (`schools.toml`);
- *crossing*: what only two answers together explain. Averaged over either of the two fields it
  is zero, so no sum of single answers can stand in for it;
- *quirk*: its own, told by nothing but its ticks;
- *general*: what all stores share.

A style's signature is of single attributes. All other parts go along a few moods (dark, ornate,
long ...), each a direction in the space of attributes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from studio.design.families import FAMILIES
from studio.design.outfit import Outfit
from studio.perfusion.profile import FASHION_SCHEMA, FieldValue, Profile
from training.atelier.schools import Likings, schools

Floats = NDArray[np.float64]

ATTRIBUTES: tuple[tuple[str, str], ...] = tuple(
    (family, value) for family, values in FAMILIES.items() for value in values
)
"""All (family, value) pairs; a taste is a vector of this length."""
_PLACE = {pair: place for place, pair in enumerate(ATTRIBUTES)}

SCHOOLS = FASHION_SCHEMA.field("style").values
CROSSED_FIELDS = (("style", "season"), ("age_group", "audience"))
_SECOND_STYLE_CHANCE = 0.3
_SECOND_ANSWER_SHARE = 0.35
_SECOND_OCCASION_CHANCE = 0.3
_UNTOLD_CHANCE = 0.06
_PRICE_LEVELS = {"luxurious": 1.2, "office": 0.3, "street": -0.3, "sporty": -0.4}
_TYPICAL_PRICE = 85.0


@dataclass(frozen=True, kw_only=True)
class TasteStrengths:
    """Standard deviation of each part's utility over outfits, in units of the ticks' noise.

    Ticks add a Gumbel draw (standard deviation 1.28) to the utility.
    """

    style: float = 7.0
    signature: float = 2.0
    other_fields: float = 2.4
    crossing: float = 2.0
    quirk: float = 1.0
    general: float = 0.8


@dataclass(frozen=True)
class Merchant:
    """A simulated store.

    Attributes:
        id: its name.
        profile: what it tells; some fields stay untold.
        school: its main style.
        taste: (A,) liking of each of ATTRIBUTES. Hidden: only ticks and evaluation use it.
        is_new: kept out of training altogether.
    """

    id: str
    profile: Profile
    school: str
    taste: Floats
    is_new: bool


def make_merchants(
    known: int,
    new: int,
    outfits: Sequence[Outfit],
    seed: int,
    strengths: TasteStrengths | None = None,
) -> tuple[Merchant, ...]:
    """Stores of all schools in equal numbers.

    Args:
        known: stores for training.
        new: stores that training never sees.
        outfits: the world that strengths are measured in.
        seed: of everything that is drawn.
        strengths: how much each part of a taste counts.
    """
    rng = np.random.default_rng((seed, 1))
    answers = [_draw_answers(index, rng) for index in range(known + new)]
    worn = one_hot(outfits)
    parts = _taste_parts(answers, rng)
    chosen = strengths or TasteStrengths()
    taste = sum(
        (
            getattr(chosen, name) * part / _spread(part, worn)
            for name, part in parts.items()
            if getattr(chosen, name)
        ),
        np.zeros((len(answers), len(ATTRIBUTES))),
    )
    counts = dict.fromkeys(SCHOOLS, 0)
    merchants = []
    for index, answer in enumerate(answers):
        school = answer["style"][0]
        counts[school] += 1
        name = f"{school}-{counts[school]:02d}"
        merchants.append(
            Merchant(name, _told(name, answer, rng), school, taste[index], index >= known)
        )
    return tuple(merchants)


def one_hot(outfits: Sequence[Mapping[str, str]]) -> Floats:
    """(n, A) with 1 where an outfit has the attribute; unknown families count nothing."""
    worn = np.zeros((len(outfits), len(ATTRIBUTES)))
    for row, outfit in enumerate(outfits):
        worn[row, [_PLACE[pair] for pair in outfit.items() if pair in _PLACE]] = 1
    return worn


def _draw_answers(index: int, rng: np.random.Generator) -> dict[str, tuple[str, ...]]:
    """The true answers of a store, the main one first; prices as the name of their bin."""
    style = [SCHOOLS[index % len(SCHOOLS)]]
    if rng.random() < _SECOND_STYLE_CHANCE:
        style.append(str(rng.choice([other for other in SCHOOLS if other != style[0]])))
    price = _TYPICAL_PRICE * np.exp(rng.normal(_PRICE_LEVELS.get(style[0], 0.0), 0.7))
    answers = {"style": tuple(style), "price": (f"{price:.0f}",)}
    for field in FASHION_SCHEMA.fields:
        if field.name in ("store_id", *answers):
            continue
        count = 2 if field.kind == "multi" and rng.random() < _SECOND_OCCASION_CHANCE else 1
        answers[field.name] = tuple(map(str, rng.choice(field.values, size=count, replace=False)))
    return answers


def _told(name: str, answers: Mapping[str, tuple[str, ...]], rng: np.random.Generator) -> Profile:
    fields: dict[str, FieldValue] = {"store_id": name}
    for field in FASHION_SCHEMA.fields:
        if field.name == "store_id":
            continue
        if field.name != "style" and rng.random() < _UNTOLD_CHANCE:
            continue
        answer = answers[field.name]
        if field.kind == "multi":
            fields[field.name] = answer
        else:
            fields[field.name] = float(answer[0]) if field.kind == "numeric" else answer[0]
    return Profile.of(**fields)


def _taste_parts(
    answers: Sequence[Mapping[str, tuple[str, ...]]], rng: np.random.Generator
) -> dict[str, Floats]:
    """Part -> (stores, A) likings, before they get their strength."""
    tables = schools()
    moods = np.stack([_vector(likings) for likings in tables.moods.values()])  # (M, A)
    signatures = {style: _vector(likings) for style, likings in tables.signatures.items()}
    fields = {
        name: {answer: _in_moods(weights) for answer, weights in table.items()}
        for name, table in tables.fields.items()
    }
    styles = fields.pop("style")
    others = [
        sum(_mixed(table, _bins(name, answer)) for name, table in fields.items())
        for answer in answers
    ]
    crossing = sum(_crossing_part(pair, answers, rng) for pair in CROSSED_FIELDS)
    quirk = rng.normal(size=(len(answers), len(moods)))
    general = np.tile(rng.normal(size=len(moods)), (len(answers), 1))
    return {
        "style": np.stack([_mixed(styles, answer["style"]) for answer in answers]) @ moods,
        "signature": np.stack([_mixed(signatures, answer["style"]) for answer in answers]),
        "other_fields": np.stack(others) @ moods,
        "crossing": crossing @ moods,
        "quirk": quirk @ moods,
        "general": general @ moods,
    }


def _vector(likings: Likings) -> Floats:
    vector = np.zeros(len(ATTRIBUTES))
    for pair, weight in likings.items():
        vector[_PLACE[pair]] = weight
    return vector


def _in_moods(weights: Mapping[str, float]) -> Floats:
    return np.array([weights.get(mood, 0.0) for mood in schools().moods])


def _bins(name: str, answers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    if name != "price":
        return answers[name]
    field = FASHION_SCHEMA.field("price")
    return (field.answers[int(np.searchsorted(field.edges, float(answers[name][0]), "right"))],)


def _mixed(table: Mapping[str, Floats], answers: tuple[str, ...]) -> Floats:
    """The likings of one answer, or of two with less weight on the second."""
    if len(answers) == 1:
        return table[answers[0]]
    first, second = (table[answer] for answer in answers)
    return (1 - _SECOND_ANSWER_SHARE) * first + _SECOND_ANSWER_SHARE * second


def crossing_table(
    pair: tuple[str, str], rng: np.random.Generator
) -> dict[tuple[str, str], Floats]:
    """(answer, answer) -> (M,) weights of moods; their mean over either field is zero."""
    first, second = (FASHION_SCHEMA.field(name).values for name in pair)
    table = rng.normal(size=(len(first), len(second), len(schools().moods)))
    table -= table.mean(axis=0, keepdims=True)
    table -= table.mean(axis=1, keepdims=True)
    return {
        (one, other): table[i, j]
        for (i, one), (j, other) in product(enumerate(first), enumerate(second))
    }


def _crossing_part(
    pair: tuple[str, str],
    answers: Sequence[Mapping[str, tuple[str, ...]]],
    rng: np.random.Generator,
) -> Floats:
    table = crossing_table(pair, rng)
    return np.stack([table[answer[pair[0]][0], answer[pair[1]][0]] for answer in answers])


def _spread(part: Floats, worn: Floats) -> float:
    """Standard deviation of the part's utility over outfits, averaged over stores."""
    return float((worn @ part.T).std(axis=0).mean())
