"""Twenty designs whose measurements were worked out by hand from the tables of this package.

The levels of the base body, in cm below the high point of the shoulder, are
    waist 42.8, hip 42.8 + 20.5 = 63.3, crotch 42.8 + 27 = 69.8, knee 42.8 + 58.5 = 101.3,
    ankle 42.8 + 105 - 7 = 140.8, floor 147.8;
on the drawn figure they lie at 84, 104, 118, 171, 225 and 243.
"""

import pytest

from studio.design.spec import spec_of_values
from studio.patternmaking.points import points_of_measure
from studio.patternmaking.sizes import size_of

WITHIN_CM = 0.5

MINI = 69.8 + (136 - 118) / (171 - 118) * (101.3 - 69.8)  # 80.5
KNEE_LENGTH = 69.8 + (166 - 118) / (171 - 118) * (101.3 - 69.8)  # 98.3
MIDI = 101.3 + (192 - 171) / (225 - 171) * (140.8 - 101.3)  # 116.7
MAXI = 101.3 + (218 - 171) / (225 - 171) * (140.8 - 101.3)  # 135.7
HIP_LENGTH = 63.3 + (110 - 104) / (118 - 104) * (69.8 - 63.3)  # 66.1

DRESS = {"category": "dress", "neckline": "crew neck", "sleeve length": "sleeveless"}
LONG = {"sleeve length": "long sleeves", "sleeve shape": "straight sleeves"}

WORKED_OUT: list[tuple[dict[str, str], str, dict[str, float]]] = [
    (
        DRESS | {"silhouette": "straight", "length": "knee-length"},
        "EU 38",
        {
            "body_length": KNEE_LENGTH,
            "skirt_length": KNEE_LENGTH - 42.8,
            "chest": (88 + 8) / 2,
            "waist": (72 + 9) / 2,
            "hip": (96 + 8) / 2,
            "hem": (96 + 8 + 3) / 2,
            "shoulders": 39 - 5,
            "neck_width": 18,
            "front_drop": 9,
        },
    ),
    (
        DRESS | LONG | {
            "neckline": "v-neck",
            "silhouette": "a-line",
            "length": "midi",
            "fit": "slim fit",
            "fabric": "satin",
        },
        "EU 38",
        {
            "body_length": MIDI,
            "chest": (88 + 4) / 2,
            "waist": (72 + 4) / 2,
            "hip": (96 + 5) / 2,
            "hem": (101 + 14 + 0.72 * (MIDI - 63.3)) / 2,
            "sleeve_length": 59,
            "upper_arm": (28 + 4) / 2,
            "sleeve_end": (16 + 5) / 2,
            "front_drop": 22,
            "shoulders": 39,
        },
    ),
    (
        DRESS | {"silhouette": "full", "length": "mini", "fit": "oversized"},
        "EU 38",
        {
            "body_length": MINI,
            "chest": (88 + 24) / 2,
            "waist": (72 + 38) / 2,
            "hem": (122 + 28 + 1.25 * (MINI - 63.3)) / 2,
            "hem_edge": 1.5 * (122 + 28 + 1.25 * (MINI - 63.3)) / 2,
        },
    ),
    (
        DRESS | {"silhouette": "pencil", "length": "midi"},
        "EU 38",
        {"hem": (104 - 1 - 0.16 * (MIDI - 63.3)) / 2, "hip": 52},
    ),
    (
        DRESS | {"silhouette": "mermaid", "length": "maxi", "fit": "slim fit"},
        "EU 38",
        {"body_length": MAXI, "hem": (101 + 46) / 2, "hem_edge": 1.25 * (101 + 46) / 2},
    ),
    (
        DRESS | {"silhouette": "tiered", "length": "knee-length"},
        "EU 38",
        {"hem": (104 + 22 + 0.85 * (KNEE_LENGTH - 63.3)) / 2},
    ),
    (
        {"category": "skirt", "silhouette": "a-line", "length": "knee-length"},
        "EU 38",
        {
            "skirt_length": KNEE_LENGTH - 42.8,
            "waist": (72 + 2) / 2,
            "hip": (96 + 7) / 2,
            "hem": (103 + 14 + 0.72 * (KNEE_LENGTH - 63.3)) / 2,
            "waistband": 4,
        },
    ),
    (
        {"category": "skirt", "silhouette": "pencil", "length": "knee-length", "fit": "slim fit"},
        "EU 38",
        {
            "waist": (72 + 1) / 2,
            "hip": (96 + 4) / 2,
            "hem": (100 - 1 - 0.16 * (KNEE_LENGTH - 63.3)) / 2,
        },
    ),
    (
        {"category": "trousers", "leg": "wide-leg", "length": "full-length"},
        "EU 38",
        {
            "rise": 27 + 1.5,
            "inseam": 0.975 * 78 - 1.5,
            "outseam": 28.5 + 0.975 * 78 - 1.5,
            "thigh": (58 + 12 + 2) / 2,
            "knee": (64 + 2) / 2,
            "leg_hem": (68 + 1) / 2,
        },
    ),
    (
        {"category": "trousers", "leg": "skinny", "length": "cropped", "fit": "slim fit"},
        "EU 38",
        {
            "rise": 27.5,
            "inseam": 0.7 * 78 - 0.5,  # 54.1: 23.1 below the knee of 39.5 down to the ankle
            "thigh": (58 + 1 - 1) / 2,
            "knee": (39 - 1) / 2,
            "leg_hem": (38 - 8.5 * 23.1 / 39.5) / 2,
        },
    ),
    (
        {"category": "shorts", "leg": "straight-leg"},
        "EU 38",
        {
            "rise": 28.5,
            "inseam": 0.2 * 78 - 1.5,
            "thigh": (58 + 6 + 2) / 2,
            "leg_hem": (66 - 18 * 14.1 / 30 * 0.4 + 1) / 2,
        },
    ),
    (
        {
            "category": "top",
            "length": "hip-length",
            "neckline": "crew neck",
            "sleeve length": "sleeveless",
        },
        "EU 38",
        {"body_length": HIP_LENGTH, "chest": 48, "waist": 40.5, "hem": 52},
    ),
    (
        LONG | {
            "category": "shirt",
            "length": "hip-length",
            "collar": "shirt collar",
            "closure": "button front",
            "fit": "slim fit",
        },
        "EU 38",
        {
            "chest": (88 + 6) / 2,
            "waist": (72 + 12) / 2,
            "sleeve_end": (16 + 6) / 2,
            "cuff": 6,
            "collar": 7.5,
            "neck_width": 16.5,
        },
    ),
    (
        LONG | {
            "category": "sweater",
            "length": "hip-length",
            "neckline": "crew neck",
            "fabric": "knit",
            "cuffs": "ribbed cuffs",
        },
        "EU 38",
        {
            "chest": (88 + 12 - 4) / 2,
            "waist": (72 + 22 - 4) / 2,
            "upper_arm": (28 + 8 - 3) / 2,
            "sleeve_end": (16 + 3) / 2,
        },
    ),
    (
        LONG | {
            "category": "jacket",
            "length": "hip-length",
            "collar": "notched lapels",
            "closure": "double-breasted",
            "fabric": "tweed",
        },
        "EU 38",
        {
            "chest": (88 + 14 + 1) / 2,
            "waist": (72 + 18 + 1) / 2,
            "shoulders": 39 + 1 + 2,
            "sleeve_length": 59 + 1,
            "front_drop": 42.8 - 5,
        },
    ),
    (
        LONG | {
            "category": "coat",
            "length": "maxi",
            "collar": "stand collar",
            "closure": "button front",
            "silhouette": "straight",
            "fit": "oversized",
        },
        "EU 38",
        {
            "body_length": MAXI,
            "chest": (88 + 32) / 2,
            "shoulders": 39 + 9 + 2,
            "sleeve_length": 59 + 1 - 4.5,
        },
    ),
    (
        {
            "category": "jumpsuit",
            "leg": "straight-leg",
            "length": "full-length",
            "neckline": "crew neck",
            "sleeve length": "sleeveless",
        },
        "EU 38",
        {
            "rise": 27 + 1.5 + 1.5,
            "inseam": 0.955 * 78 - 3,
            "full_length": 42.8 + 30 + 0.955 * 78 - 3,
        },
    ),
    (
        {
            "category": "top",
            "neckline": "crew neck",
            "sleeve length": "short sleeves",
            "sleeve shape": "puff sleeves",
            "fit": "slim fit",
        },
        "EU 38",
        {
            "fullest_sleeve": (28 + 4 + 16) / 2,
            "sleeve_end": (28 + 3) / 2,
            "sleeve_length": 0.4 * 59,
            "shoulders": 39 - 2,
        },
    ),
    (
        DRESS | {"silhouette": "a-line", "length": "midi", "waist": "empire waist"},
        "EU 38",
        {"bodice_length": 42.8 * (70 - 41.3) / (84 - 41.3), "seam": (72 + 9 + 4) / 2},
    ),
    (
        DRESS | {"silhouette": "straight", "length": "knee-length"},
        "EU 46",  # bust 104, waist 88, hip 112, shoulders 43, crotch 74.0, knee 104.3
        {
            "body_length": 74.0 + 48 / 53 * (104.3 - 74.0),
            "chest": (104 + 8) / 2,
            "waist": (88 + 9) / 2,
            "hip": (112 + 8) / 2,
            "shoulders": 43 - 5,
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("values", "size", "expected"), WORKED_OUT)
def test_measurements_are_those_worked_out_by_hand(values, size, expected):
    points = points_of_measure(spec_of_values(values), size_of(size))
    found = {point.key: point.value_cm for point in points}

    assert len(WORKED_OUT) == 20
    assert {key: found[key] for key in expected} == pytest.approx(expected, abs=WITHIN_CM)
