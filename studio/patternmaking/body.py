"""The body that garments are made for: women's measures in centimetres, and how sizes grow.

A proposal, not a standard. Values are those of EU 38, stature 168 cm; a size of the same stature
differs by `step` for every two numbers. Each row names its sources. EU = bust / 2 - 6.

Sources (figures at EU 38, and their step from size to size):
    A  regression on bust and stature over 1,986 women of ANSUR II, the US Army's survey of 2012
    W  a textbook's table for pattern cutters; a cross-check only
    F  a French table for T38; a cross-check only
    H  a shop's chart; a cross-check only
    judgement  ours, where sources differ too much or say nothing
"""

from dataclasses import dataclass
from functools import lru_cache

from studio.patternmaking.sizes import BASE, Size

STATURE_CM = 168.0


@dataclass(frozen=True)
class BodyMeasure:
    """One measure of the body.

    Attributes:
        at_base_cm: of EU 38.
        step_cm: from one EU size to the next, which is two numbers up.
        source: where both are from.
    """

    at_base_cm: float
    step_cm: float
    source: str


BODY: dict[str, BodyMeasure] = {
    "bust": BodyMeasure(88.0, 4.0, "W, H, F 88 (4)"),
    "waist": BodyMeasure(72.0, 4.0, "W, H 72; F 68"),
    "hip": BodyMeasure(96.0, 4.0, "W, H 96; F 94; A 99 (2.5)"),
    "high hip": BodyMeasure(86.0, 4.0, "F 85 (4)"),
    "neck base": BodyMeasure(36.5, 0.8, "W 37 (1); F 36 (1); A 36.6 (0.6)"),
    "shoulder width": BodyMeasure(39.0, 1.0, "A 37.1 straight (0.1); the step is a judgement"),
    "shoulder length": BodyMeasure(12.3, 0.25, "W 12.25; F 12"),
    "across back": BodyMeasure(35.0, 1.0, "W 34.4 (1); F 35 (0.5); A 36.1 (0.9)"),
    "nape to waist": BodyMeasure(41.0, 0.4, "W 41 (0.4); F 41 (0.5)"),
    "high shoulder point to waist": BodyMeasure(42.8, 0.45, "nape to waist + 1.8"),
    "armscye depth": BodyMeasure(21.0, 0.4, "W 21 (0.4)"),
    "waist to hip": BodyMeasure(20.5, 0.2, "W 20.6 (0.3); F 22"),
    "waist to knee": BodyMeasure(58.5, 0.3, "W 58.5 (0.5); F 58 (1)"),
    "waist to floor": BodyMeasure(105.0, 0.3, "W 104 (1); F 105 (0.5); A 102.4 to 109.4"),
    "body rise": BodyMeasure(27.0, 0.6, "W 28 (0.7); F 26.5 (0.5)"),
    "upper arm": BodyMeasure(28.0, 1.1, "W 28.4 (1.2); F 26 (1); A flexed 28.9"),
    "wrist": BodyMeasure(16.0, 0.3, "W 16 (0.5); F 16 (0.25); A 15.5"),
    "shoulder to wrist": BodyMeasure(59.0, 0.3, "F 60; A 56.1"),
    "thigh": BodyMeasure(58.0, 1.8, "A 59.3 (1.8)"),
    "ankle": BodyMeasure(22.5, 0.3, "W 24 (0.5); A 21.5 (0.2)"),
    "ankle height": BodyMeasure(7.0, 0.0, "judgement"),
    "shoulder drop": BodyMeasure(4.2, 0.05, "judgement: slope of 18 degrees over the shoulder"),
}
"""Measure -> what it is at the base size, and how it grows."""


@dataclass(frozen=True)
class Body:
    """The body of one size; `body["waist"]` is its waist in centimetres.

    Attributes:
        size: which one.
    """

    size: Size = BASE

    def __getitem__(self, name: str) -> float:
        """A measure in centimetres."""
        return self._measured[name]

    @property
    def _measured(self) -> dict[str, float]:
        return _measured(self.size.eu)

    @property
    def inseam(self) -> float:
        """From the crotch to the floor: what the waist is above it, less the rise."""
        return self["waist to floor"] - self["body rise"]


@lru_cache(maxsize=64)
def _measured(eu: float) -> dict[str, float]:
    steps = (eu - BASE.eu) / 2
    return {
        name: round(measure.at_base_cm + steps * measure.step_cm, 3)
        for name, measure in BODY.items()
    }
