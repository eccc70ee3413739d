"""Draw an outfit as a fashion croquis."""

import numpy as np
import skia

from training.atelier.attributes import NONE, Outfit
from training.atelier.cloth import Cloth, lay
from training.atelier.details import (
    draw_bodice_details,
    draw_collar,
    draw_hem,
    draw_hood_behind,
    draw_skirt_details,
    draw_sleeve_details,
    draw_waist,
)
from training.atelier.figure import (
    Figure,
    draw_arm,
    draw_body,
    draw_hair_behind,
    draw_hand,
    draw_head,
    draw_shoes,
)
from training.atelier.garment import base_layer, cut
from training.atelier.pen import Colour, Pen, box, oval

GROUND: Colour = (240, 238, 233)
_BASE: Colour = (206, 204, 200)


def draw(outfit: Outfit, height_px: int = 256) -> np.ndarray:
    """The croquis of an outfit; the same outfit gives the same picture.

    Args:
        outfit: what to draw.
        height_px: height of the page; its width is half of that.

    Returns:
        (height_px, height_px // 2, 3) uint8, RGB.
    """
    surface = skia.Surface(height_px // 2, height_px)
    canvas = surface.getCanvas()
    canvas.scale(height_px / 256, height_px / 256)
    canvas.clear(skia.ColorSetARGB(255, *GROUND))
    _draw_page(Pen(canvas), outfit)
    return np.ascontiguousarray(surface.toarray(colorType=skia.kRGBA_8888_ColorType)[..., :3])


def _draw_page(pen: Pen, outfit: Outfit) -> None:
    figure = Figure.of(outfit)
    garment = cut(outfit, figure)
    pen.fill(oval(64, 244, 26, 3.4), (120, 112, 104), 0.25, 1.6)
    draw_hair_behind(pen, figure, outfit["hair"])
    if garment.has("collar", "hood"):
        draw_hood_behind(pen, garment)
    draw_body(pen, figure)
    if garment.has("category", "trousers", "jumpsuit"):
        draw_shoes(pen, figure, outfit["shoes"])
    _draw_base_layer(pen, outfit, figure)
    if not garment.has("category", "trousers", "jumpsuit"):
        draw_shoes(pen, figure, outfit["shoes"])
    if garment.cloth.fabric == "sheer":
        pen.fill(
            box(64 - figure.bust, 58, 64 + figure.bust, min(garment.hem - 8, 124), 6),
            garment.cloth.colour,
            0.75,
        )
    draw_hem(pen, garment)
    lay(pen, garment.cloth, garment.body)
    draw_skirt_details(pen, garment)
    draw_waist(pen, garment)
    if base_layer(outfit) != "tee":
        for side in (0, 1):
            draw_arm(pen, figure, side)
    for sleeve in garment.sleeves:
        lay(pen, garment.cloth, sleeve)
    draw_sleeve_details(pen, garment)
    draw_bodice_details(pen, garment)
    for side in (0, 1):
        draw_hand(pen, figure, side)
    draw_collar(pen, garment)
    draw_head(pen, figure, outfit["hair"])


def _draw_base_layer(pen: Pen, outfit: Outfit, figure: Figure) -> None:
    """Plain grey clothes that complete the outfit; they are not the design."""
    plain = dict.fromkeys(
        (
            "collar",
            "cuffs",
            "waist",
            "hem",
            "closure",
            "trim",
            "belt",
            "pockets",
            "bow",
            "slit",
            "pleats",
        ),
        NONE,
    )
    body = {
        family: outfit[family]
        for family in ("hair", "hair colour", "skin", "build", "pose", "shoes")
    }
    worn = {
        "colour": "grey",
        "pattern": "solid",
        "fabric": "cotton",
        "fit": "slim fit",
        "silhouette": NONE,
    }
    cloth = Cloth(_BASE, _BASE, (120, 118, 116), _BASE, "solid", "cotton")
    kind = base_layer(outfit)
    if kind == "trousers":
        lower = {
            "category": "trousers",
            "length": "full-length",
            "leg": "skinny",
            "neckline": NONE,
            "sleeve length": NONE,
            "sleeve shape": NONE,
        }
        lay(pen, cloth, cut(Outfit({**plain, **body, **worn, **lower}), figure).body)
    if kind == "tee" or outfit["category"] in ("jacket", "coat"):
        upper = {
            "category": "top",
            "length": "hip-length",
            "leg": NONE,
            "neckline": "crew neck",
            "sleeve length": "short sleeves",
            "sleeve shape": "straight sleeves",
        }
        tee = cut(Outfit({**plain, **body, **worn, **upper}), figure)
        lay(pen, cloth, tee.body)
        if kind == "tee":
            for side in (0, 1):
                draw_arm(pen, figure, side)
            for sleeve in tee.sleeves:
                lay(pen, cloth, sleeve)
