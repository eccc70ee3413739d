"""The stores that come with the studio: one of each school, to try the loop with at once."""

from dataclasses import dataclass

from studio.domain import SAMPLE_KEY
from studio.perfusion.profile import FieldValue


@dataclass(frozen=True)
class SampleStore:
    """A made-up store.

    Attributes:
        key: what models and exports call it.
        name: what people call it.
        answers: question -> answer.
    """

    key: str
    name: str
    answers: dict[str, FieldValue]


def _store(name: str, style: str, **answers: FieldValue) -> SampleStore:
    return SampleStore(f"{SAMPLE_KEY}{style}", name, {"style": (style,), **answers})


SAMPLE_STORES: tuple[SampleStore, ...] = (
    _store(
        "Maison Nord",
        "minimalist",
        price=140.0,
        age_group="30 to 44",
        region="north",
        season="autumn",
        occasion=("work", "everyday"),
        channel="own web shop",
        audience="conscious",
    ),
    _store(
        "Palazzo Vero",
        "luxurious",
        price=420.0,
        age_group="45 to 59",
        region="metropolis",
        season="winter",
        occasion=("party", "wedding"),
        channel="boutique",
        audience="fashion-forward",
    ),
    _store(
        "Luna & Sage",
        "bohemian",
        price=75.0,
        age_group="20 to 29",
        region="coast",
        season="summer",
        occasion=("holiday", "everyday"),
        channel="marketplace",
        audience="conscious",
    ),
    _store(
        "Block 17",
        "street",
        price=45.0,
        age_group="under 20",
        region="metropolis",
        season="spring",
        occasion=("everyday", "party"),
        channel="live stream",
        audience="fashion-forward",
    ),
    _store(
        "Monday & Co.",
        "office",
        price=95.0,
        age_group="30 to 44",
        region="metropolis",
        season="autumn",
        occasion=("work",),
        channel="department store",
        audience="mainstream",
    ),
    _store(
        "Rose Lane",
        "romantic",
        price=85.0,
        age_group="20 to 29",
        region="south",
        season="spring",
        occasion=("wedding", "holiday"),
        channel="boutique",
        audience="modest",
    ),
    _store(
        "Stride",
        "sporty",
        price=55.0,
        age_group="20 to 29",
        region="mountains",
        season="summer",
        occasion=("sport", "everyday"),
        channel="own web shop",
        audience="mainstream",
    ),
    _store(
        "Second Spring",
        "vintage",
        price=60.0,
        age_group="30 to 44",
        region="countryside",
        season="spring",
        occasion=("everyday", "party"),
        channel="marketplace",
        audience="conscious",
    ),
)
