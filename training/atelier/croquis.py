"""Draw an outfit as a fashion croquis."""

import numpy as np
import skia

from training.atelier.attributes import BOTTOMS, Outfit
from training.atelier.base_layer import draw_base_layer
from training.atelier.details.belts import draw_belt
from training.atelier.details.bows import draw_neck_bow
from training.atelier.details.collars import draw_hood_behind, draw_neck
from training.atelier.details.fronts import draw_front
from training.atelier.details.hems import draw_hem
from training.atelier.details.skirts import draw_skirt_details
from training.atelier.details.sleeve_details import draw_sleeve_details
from training.atelier.details.waists import draw_waist
from training.atelier.figure import CENTRE, Figure, draw_arms, draw_body, draw_hands
from training.atelier.garment import Garment, cut
from training.atelier.hair import draw_hair_behind, draw_hair_in_front
from training.atelier.head import draw_face
from training.atelier.laying import lay
from training.atelier.pen import Colour, Pen, box, oval
from training.atelier.shoes import draw_shoes

Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

GROUND: Colour = (240, 238, 233)
_SHADOW: Colour = (120, 112, 104)
_PAGE_HEIGHT = 256


def draw(outfit: Outfit, height_px: int = 256) -> Picture:
    """The croquis of an outfit; the same outfit gives the same picture.

    Args:
        outfit: what to draw.
        height_px: height of the page; its width is half of that.

    Returns:
        (height_px, height_px // 2, 3) uint8, RGB.
    """
    surface = skia.Surface(height_px // 2, height_px)
    canvas = surface.getCanvas()
    canvas.scale(height_px / _PAGE_HEIGHT, height_px / _PAGE_HEIGHT)
    canvas.clear(skia.ColorSetARGB(255, *GROUND))
    _draw_page(Pen(canvas), outfit)
    rgba: Picture = surface.toarray(colorType=skia.kRGBA_8888_ColorType)
    return np.stack([rgba[..., channel] for channel in range(3)], axis=-1)


def _draw_page(pen: Pen, outfit: Outfit) -> None:
    """From back to front."""
    figure = Figure.of(outfit)
    garment = cut(outfit, figure)
    pen.soft_fill(oval(CENTRE, 244, 26, 3.4), _SHADOW, 0.25, 1.6)
    draw_hair_behind(pen, figure, outfit["hair"])
    draw_hood_behind(pen, garment)
    draw_body(pen, figure)
    _draw_shoes_and_base_layer(pen, outfit, figure)
    _draw_lining(pen, garment)
    draw_hem(pen, garment)
    lay(pen, garment.cloth, garment.body)
    draw_skirt_details(pen, garment)
    draw_waist(pen, garment)
    draw_belt(pen, garment)
    if outfit["category"] not in BOTTOMS:  # with those, the base layer has drawn the arms
        draw_arms(pen, figure)
    for sleeve in garment.sleeves:
        lay(pen, garment.cloth, sleeve)
    draw_sleeve_details(pen, garment)
    draw_front(pen, garment)
    draw_hands(pen, figure)
    draw_neck(pen, garment)
    draw_neck_bow(pen, garment)
    draw_face(pen, figure)
    draw_hair_in_front(pen, figure, outfit["hair"])


def _draw_shoes_and_base_layer(pen: Pen, outfit: Outfit, figure: Figure) -> None:
    """Shoes are under long trousers of the design, but over those of the base layer."""
    if outfit["category"] in ("trousers", "jumpsuit"):
        draw_shoes(pen, figure, outfit["shoes"])
        draw_base_layer(pen, outfit, figure)
    else:
        draw_base_layer(pen, outfit, figure)
        draw_shoes(pen, figure, outfit["shoes"])


def _draw_lining(pen: Pen, garment: Garment) -> None:
    """What keeps sheer cloth decent."""
    if garment.has("fabric", "sheer"):
        bust, end = garment.figure.bust, min(garment.hem - 8, 124)
        lining = box(CENTRE - bust, 58, CENTRE + bust, end, 6)
        pen.fill(lining, garment.cloth.colour, 0.75)
