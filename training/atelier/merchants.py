"""Simulated stores: what they tell of themselves, and what they really like.

A store's hidden taste is a number for every trait of a design (`traits.py`), a sum of what all
stores like, what its profile explains and what is its own (`tastes.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from studio.design.spec import DesignSpec
from studio.perfusion.profile import FASHION_SCHEMA, FieldValue, Profile
from training.atelier.schools import PEOPLE, World, schools
from training.atelier.tastes import make_tastes
from training.atelier.traits import Floats, traits_of

SCHOOLS = FASHION_SCHEMA.field("style").values
_SECOND_STYLE_CHANCE = 0.3
_SECOND_OCCASION_CHANCE = 0.3
_UNTOLD_CHANCE = 0.06
_PRICE_LEVELS = {"luxurious": 1.2, "office": 0.3, "street": -0.3, "sporty": -0.4}
_TYPICAL_PRICE = 85.0


@dataclass(frozen=True)
class Merchant:
    """A simulated store.

    Attributes:
        id: its name.
        profile: what it tells; some fields stay untold.
        school: its main style.
        shared: (T,) liking of each trait that all stores have. Likings are hidden: only ticks and
            evaluation use them.
        told: (T,) what its true answers explain beyond that.
        own: (T,) the rest.
        is_new: kept out of training altogether.
    """

    id: str
    profile: Profile
    school: str
    shared: Floats
    told: Floats
    own: Floats
    is_new: bool

    @property
    def taste(self) -> Floats:
        """(T,) its whole liking of each trait."""
        return self.shared + self.told + self.own


def make_merchants(
    known: int,
    new: int,
    designs: Sequence[DesignSpec],
    seed: int,
    world: World | None = None,
) -> tuple[Merchant, ...]:
    """Stores of all schools in equal numbers.

    Args:
        known: stores for training.
        new: stores that training never sees.
        designs: of the world; the strengths of likings are measured in them.
        seed: of everything that is drawn.
        world: how strong each part of a taste is; by default that of people.
    """
    rng = np.random.default_rng((seed, 1))
    answers = [_draw_answers(index, rng) for index in range(known + new)]
    binned = [each | {"price": (_price_bin(each["price"][0]),)} for each in answers]
    tastes = make_tastes(binned, traits_of(designs), world or schools().worlds[PEOPLE], rng)
    counts = dict.fromkeys(SCHOOLS, 0)
    merchants = []
    for index, answer in enumerate(answers):
        school = answer["style"][0]
        counts[school] += 1
        name = f"{school}-{counts[school]:02d}"
        likings = tastes.shared[index], tastes.told[index], tastes.own[index]
        told = _told(name, answer, rng)
        merchants.append(Merchant(name, told, school, *likings, index >= known))
    return tuple(merchants)


def _draw_answers(index: int, rng: np.random.Generator) -> dict[str, tuple[str, ...]]:
    """The true answers of a store, the main one first; its price as a number."""
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


def _price_bin(price: str) -> str:
    field = FASHION_SCHEMA.field("price")
    return field.answers[int(np.searchsorted(field.edges, float(price), "right"))]
