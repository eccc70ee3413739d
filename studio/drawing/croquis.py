"""Draw a design as a fashion croquis."""

from studio.design.families import BOTTOMS
from studio.design.spec import DesignSpec
from studio.drawing.base_layer import draw_base_layer
from studio.drawing.details.belts import draw_belt
from studio.drawing.details.bows import draw_neck_bow
from studio.drawing.details.collars import draw_hood_behind, draw_neck
from studio.drawing.details.fronts import draw_front
from studio.drawing.details.hems import draw_hem
from studio.drawing.details.skirts import draw_skirt_details
from studio.drawing.details.sleeve_details import draw_sleeve_details
from studio.drawing.details.trims import draw_front_trim
from studio.drawing.details.waists import draw_waist
from studio.drawing.figure import CENTRE, Figure, draw_arms, draw_body, draw_hands
from studio.drawing.garment import Garment, cut
from studio.drawing.hair import draw_hair_behind, draw_hair_in_front
from studio.drawing.head import draw_face
from studio.drawing.laying import lay
from studio.drawing.paths import Box, box
from studio.drawing.pen import Pen
from studio.drawing.record import Drawing
from studio.drawing.shoes import draw_shoes
from studio.drawing.tones import Colour

GROUND: Colour = (240, 238, 233)
PAGE: Box = (0.0, -4.0, 128.0, 252.0)
"""128 x 256 page units."""

_SHADOW: Colour = (120, 112, 104)


def draw_croquis(spec: DesignSpec) -> Drawing:
    """The croquis of a design from the front; the same design gives the same drawing."""
    pen = Pen()
    figure = Figure.of(spec)
    garment = cut(spec, figure)
    with pen.layer("Figure"):
        pen.glow(CENTRE, 244, (30, 5.2), _SHADOW, 0.4)
        draw_hair_behind(pen, figure, spec["hair"])
        draw_hood_behind(pen, garment)
        draw_body(pen, figure)
        _draw_shoes_and_base_layer(pen, spec, figure)
    with pen.layer("Garment"):
        _draw_garment(pen, garment)
    with pen.layer("Details"):
        draw_front(pen, garment)
        draw_hands(pen, figure)
        draw_neck(pen, garment)
        draw_neck_bow(pen, garment)
    with pen.layer("Head"):
        draw_face(pen, figure)
        draw_hair_in_front(pen, figure, spec["hair"])
    return pen.drawing(PAGE, GROUND, _title(spec))


def _title(spec: DesignSpec) -> str:
    return f"{spec['colour']} {spec['category']}".capitalize()


def _draw_garment(pen: Pen, garment: Garment) -> None:
    _draw_lining(pen, garment)
    draw_hem(pen, garment)
    lay(pen, garment.cloth, garment.body)
    draw_skirt_details(pen, garment)
    draw_waist(pen, garment)
    draw_front_trim(pen, garment)
    draw_belt(pen, garment)
    if not garment.has("category", *BOTTOMS):  # with those, the base layer has drawn the arms
        draw_arms(pen, garment.figure)
    for sleeve in garment.sleeves:
        lay(pen, garment.cloth, sleeve)
    draw_sleeve_details(pen, garment)


def _draw_shoes_and_base_layer(pen: Pen, spec: DesignSpec, figure: Figure) -> None:
    """Shoes are under long trousers of the design, but over those of the base layer."""
    if spec["category"] in ("trousers", "jumpsuit"):
        draw_shoes(pen, figure, spec["shoes"])
        draw_base_layer(pen, spec, figure)
    else:
        draw_base_layer(pen, spec, figure)
        draw_shoes(pen, figure, spec["shoes"])


def _draw_lining(pen: Pen, garment: Garment) -> None:
    """What keeps sheer cloth decent."""
    if garment.has("fabric", "sheer"):
        bust, end = garment.figure.bust, min(garment.hem - 8, 124)
        lining = box(CENTRE - bust, 58, CENTRE + bust, end, 6)
        pen.fill(lining, garment.cloth.colour, 0.75)
