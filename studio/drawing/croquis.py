"""Draw a design as a fashion croquis, from the front or from behind."""

from typing import Literal

from studio.design.families import (
    BOTTOMS,
    LEGGED,
    NONE,
    SEE_THROUGH,
    SKIRTED,
    TROUSERED,
)
from studio.design.spec import DesignSpec
from studio.drawing.base_layer import base_tee, base_trousers
from studio.drawing.cutting.hemlines import slit_hole
from studio.drawing.details.backs import draw_back
from studio.drawing.details.belts import draw_belt
from studio.drawing.details.bows import draw_neck_bow, draw_shoulder_bows
from studio.drawing.details.capes import below_slit, draw_slit, has_slits
from studio.drawing.details.collars import draw_collar_behind, draw_hood_behind, draw_neck
from studio.drawing.details.fronts import draw_front
from studio.drawing.details.hems import draw_hem, draw_longer_back
from studio.drawing.details.makes import draw_make
from studio.drawing.details.skirts import draw_skirt_details
from studio.drawing.details.trims import draw_edge_trim, draw_front_trim
from studio.drawing.details.waists import draw_waist
from studio.drawing.face import draw_face
from studio.drawing.figure import SIDES, WAIST, Figure
from studio.drawing.flesh import BARE_LEG, FROM_SHOULDER, draw_arm, draw_hips, draw_leg, draw_trunk
from studio.drawing.garment import Garment, cut
from studio.drawing.hair.styles import draw_hair_behind, draw_hair_beside, draw_hair_in_front
from studio.drawing.hands import draw_hand
from studio.drawing.head import Head
from studio.drawing.lines import at, joined, line, of_points, shares, warped
from studio.drawing.lining import draw_lining
from studio.drawing.paths import Box, Path, box, outside
from studio.drawing.pen import Pen
from studio.drawing.pieces.leg import draw_leg_piece
from studio.drawing.pieces.sleeve import draw_ruffle, draw_sleeve
from studio.drawing.pieces.trunk import (
    draw_inside_behind,
    draw_inside_of_front,
    draw_inside_of_slit,
    draw_trunk_piece,
)
from studio.drawing.record import Drawing
from studio.drawing.shadows import (
    cast_by_arm,
    cast_by_leg,
    cast_by_neckline,
    cast_by_sleeve,
    cast_on_legs,
    draw_floor_shadow,
)
from studio.drawing.shoes import draw_shoe
from studio.drawing.tones import Colour

View = Literal["front", "back"]

GROUND: Colour = (246, 243, 238)
PAGE: Box = (0.0, -4.0, 128.0, 252.0)
"""128 x 256 page units."""
_TUCKED = ("skinny", "leggings")
"""Legs narrow enough for boots to be worn over them."""


def draw_croquis(spec: DesignSpec, view: View = "front") -> Drawing:
    """The croquis of a design; the same design gives the same drawing."""
    return _Croquis(spec, view == "back").drawn()


class _Croquis:
    """One croquis in the making: the design, who wears it, and what is worn beside."""

    def __init__(self, spec: DesignSpec, back: bool) -> None:
        self.spec = spec
        self.figure = Figure.of(spec, back)
        self.head = Head.of(self.figure)
        self.garment = cut(spec, self.figure)
        self.trousers = base_trousers(spec, self.figure, self.garment.cloth.colour)
        self.tee = base_tee(spec, self.figure, self.garment.cloth.colour)
        below = spec["category"] in (*BOTTOMS, "waistcoat", "cape")
        self.sleeved = self.tee if below and self.tee else self.garment  # whose sleeves are seen
        self.cape = spec["category"] == "cape"  # it hangs over the arms
        self.pen = Pen()
        self.posed = self.pen.posed(self.figure.posture.warp)

    def drawn(self) -> Drawing:
        """All layers, from back to front."""
        with self.pen.layer("Figure"):
            self._draw_figure()
        with self.pen.layer("Garment"):
            self._draw_garment()
        with self.pen.layer("Details"):
            self._draw_details()
        with self.pen.layer("Head"):
            draw_hair_beside(self.pen, self.head, self.spec["hair"])
            with self.pen.layer("Face"):
                draw_face(self.pen, self.head)
            with self.pen.layer("Hair"):
                draw_hair_in_front(self.pen, self.head, self.spec["hair"])
        title = f"{self.spec['colour']} {self.spec['category']}".capitalize()
        return self.pen.drawing(PAGE, GROUND, title)

    def _draw_figure(self) -> None:
        """The body with its shoes and what is worn beside the design."""
        pen, spec, figure = self.pen, self.spec, self.figure
        draw_floor_shadow(pen, figure)
        draw_inside_behind(self.posed, self.garment)
        draw_inside_of_slit(self.posed, self.garment)
        draw_longer_back(self.posed, self.garment)
        draw_hair_behind(pen, self.head, spec["hair"])
        draw_hood_behind(self.posed, self.garment)
        first = figure.posture.of_viewer(figure.posture.pose.first_leg)
        boots_on_top = spec["shoes"] == "boots" and (self.trousers or spec["leg"] in _TUCKED)
        with pen.inside(self._where_legs_show()):
            for side in (first, -first):
                draw_leg(pen, figure, side, self._leg_begins(side))
                if not boots_on_top and not self._hides_foot(side):
                    draw_shoe(pen, figure, side, spec["shoes"])
        draw_collar_behind(self.posed, self.garment)
        draw_inside_of_front(self.posed, self.garment)
        draw_trunk(pen, figure)
        if spec["category"] == "swimsuit":
            draw_hips(pen, figure)
        cast_by_neckline(self.posed, self.tee or self.garment)
        with pen.layer("Base layer"):
            self._draw_base_layer()

    def _draw_base_layer(self) -> None:
        """What is worn beside the design."""
        if self.trousers:
            self._draw_trousers(self.trousers)
            self._draw_boots_over(self.trousers)
        if self.tee:
            self._draw_tee(self.tee)

    def _draw_trousers(self, trousers: Garment) -> None:
        """What shows of them below a hem: they are not to stick out beside a narrow waist."""
        left, _, right, bottom = PAGE
        upper = self.tee or self.garment
        hem = upper.edge.edge()[::-1]
        above = 12.0 if upper.has("fabric", *SEE_THROUGH) else 2.0
        hem = hem - 1j * above * (1 - shares(len(hem), -1.0, 1.0) ** 8) + 0.2j
        ends = at([right, right, left, left], [hem[-1].imag, bottom, bottom, hem[0].imag])
        with self.posed.inside(joined(hem, *[ends[i : i + 1] for i in range(4)])):
            self._draw_legs(trousers)
            draw_waist(self.posed, trousers)

    def _draw_tee(self, tee: Garment) -> None:
        """Tucked into a skirt or trousers, or hanging below a jacket."""
        if self.spec["category"] not in BOTTOMS:
            with self.posed.inside(self._below_shoulders()):
                draw_trunk_piece(self.posed, tee)
            draw_neck(self.posed, tee)
            return
        left, top, right, _ = PAGE
        with self.posed.inside(box(left, top, right, WAIST + 1.5, 0.0)):
            draw_trunk_piece(self.posed, tee)

    def _below_shoulders(self) -> Path:
        """Where a tee may show: not above the shoulders of what is worn over it; straight."""
        left, top, right, bottom = PAGE
        garment = self.garment
        if not (garment.sleeves or self.cape):
            return box(left, top, right, bottom, 0.0)
        edge = of_points(garment.neckline) + 0.4j
        middle = len(edge) // 2
        first, last = int(edge[:middle].imag.argmin()), middle + int(edge[middle:].imag.argmin())
        start, end = edge[: first + 1], edge[last:]
        x = [right, right, left, left]
        corners = at(x, [end[-1].imag, bottom, bottom, start[0].imag])
        neck = at([start[-1].real, end[0].real], [top, top])
        ends = [corners[i : i + 1] for i in range(4)]
        return joined(start, neck[:1], neck[1:], end, *ends)

    def _leg_begins(self, side: int) -> float:
        """The place of a leg from which it is bare; whatever is above lies in a trouser leg."""
        if self.spec["category"] == "swimsuit":
            return BARE_LEG
        worn = self.trousers or self.garment
        end = next((leg.end for leg in worn.legs if leg.side == side), 0.0)
        return -0.02 if worn.has("fabric", *SEE_THROUGH) else max(end - 0.12, -0.02)

    def _hides_foot(self, side: int) -> bool:
        """Whether wide trousers leave but a scrap of the foot that is behind in a step."""
        posture, worn = self.figure.posture, self.trousers or self.garment
        pose = posture.pose.legs[0 if posture.of_viewer(side) < 0 else 1]
        full = worn.has("leg", "wide-leg", "flared") and worn.has("length", "full-length")
        return bool(worn.legs) and pose.foot < 1 and full

    def _where_legs_show(self) -> Path:
        """Below the hem of a skirt, and within it where it is slit or sheer; else anywhere."""
        garment, warp = self.garment, self.figure.posture.warp
        left, top, right, bottom = PAGE
        if self.spec["category"] not in SKIRTED:
            return box(left, top, right, bottom, 0.0)
        hem = warp(garment.edge.edge())[::-1] - 2j
        ends = line((right, hem[-1].imag), (right, bottom), (left, bottom), (left, hem[0].imag))
        below = joined(hem, *[ends[i : i + 1] for i in range(4)])
        if garment.has("fabric", *SEE_THROUGH) or garment.has("hem", "high-low hem"):
            return below + warped(garment.body.path, warp)
        if self.spec["slit"] != NONE:
            return below + warped(slit_hole(garment.edge), warp)
        return below

    def _draw_legs(self, garment: Garment) -> None:
        if len(garment.legs) == 2 and garment.has("fabric", *SEE_THROUGH):
            first, second = garment.legs  # where they overlap, sheer cloth is not to be doubled
            with self.pen.inside(outside(second.panel.path, PAGE)):
                draw_leg_piece(self.pen, garment, first)
            draw_leg_piece(self.pen, garment, second)
            return
        for number, leg in enumerate(garment.legs):
            if number:
                cast_by_leg(self.pen, garment)
            draw_leg_piece(self.pen, garment, leg)

    def _draw_boots_over(self, worn: Garment) -> None:
        """Boots, with the legs of narrow trousers tucked into them."""
        if self.spec["shoes"] == "boots" and worn.has("leg", *_TUCKED):
            for leg in worn.legs:
                draw_shoe(self.pen, self.figure, leg.side, "boots")

    def _draw_garment(self) -> None:
        spec, garment, posed = self.spec, self.garment, self.posed
        draw_lining(posed, garment)
        self._draw_legs(garment)
        self._draw_boots_over(garment)
        if spec["category"] not in LEGGED:
            cast_on_legs(self.pen, garment, self.trousers)
            draw_hem(posed, garment)
        if self.cape:
            with self.pen.inside(self._below_hem()):
                self._draw_arms()
        elif self._arms_grow_out_of_neckline():  # no ground shows beside the cloth over them
            for side in SIDES:
                draw_arm(self.pen, self.figure, side)
        if spec["category"] not in TROUSERED:
            draw_trunk_piece(posed, garment)
            draw_skirt_details(posed, garment)
        draw_waist(posed, garment)
        draw_make(posed, garment)
        draw_front_trim(posed, garment)
        if self.figure.back:
            draw_back(posed, garment)
        else:
            draw_front(posed, garment)
        draw_belt(posed, garment)
        if self.cape:
            self._draw_hands_through_slits()
        else:
            self._draw_arms()

    def _arms_grow_out_of_neckline(self) -> bool:
        """Whether bare shoulders are to be seen beside cloth that lies over them."""
        low = self.spec["neckline"] == "off-shoulder" and self.sleeved is self.garment
        return low or self.sleeved.bare_arms

    def _draw_arms(self) -> None:
        for side in SIDES:
            if not self.cape:
                cast_by_arm(self.pen, self.garment, side)
            self._draw_arm(side)
            if self.cape:
                draw_hand(self.pen, self.figure, side)

    def _below_hem(self) -> Path:
        """All of the page that is below the garment's lower edge."""
        left, _, right, bottom = PAGE
        hem = self.figure.posture.warp(self.garment.edge.edge())[::-1] - 1j
        ends = at([right, right, left, left], [hem[-1].imag, bottom, bottom, hem[0].imag])
        return joined(hem, *[ends[i : i + 1] for i in range(4)])

    def _draw_hands_through_slits(self) -> None:
        """The forearms that come out of a cape's slits, with their hands."""
        if not has_slits(self.garment) or self.tee is None:
            return
        for sleeve in self.tee.sleeves:
            with self.pen.inside(below_slit(sleeve)):
                self._draw_arm(sleeve.side)
            draw_hand(self.pen, self.figure, sleeve.side)
            draw_slit(self.pen, self.garment, sleeve)

    def _draw_arm(self, side: int) -> None:
        """What is bare of an arm, then its sleeve."""
        upper = self.sleeved
        sleeve = next((sleeve for sleeve in upper.sleeves if sleeve.side == side), None)
        if sleeve is None or upper.bare_arms:
            draw_arm(
                self.pen,
                self.figure,
                side,
                armhole=upper.armhole(side),
                underarm=upper.underarm(side),
            )
            if sleeve is not None:
                cast_by_sleeve(self.pen, self.figure, sleeve)
                draw_sleeve(self.pen, upper, sleeve)
            return
        seen_through = upper.has("fabric", *SEE_THROUGH)
        start = FROM_SHOULDER if seen_through else max(sleeve.end - 0.12, 0.0)
        draw_arm(self.pen, self.figure, side, start, sleeve.cap[::-1] if seen_through else None)
        cast_by_sleeve(self.pen, self.figure, sleeve)
        draw_sleeve(self.pen, upper, sleeve)

    def _draw_details(self) -> None:
        posed, garment = self.posed, self.garment
        draw_edge_trim(posed, garment)
        draw_shoulder_bows(posed, garment)
        for side in SIDES if not self.cape else ():
            draw_hand(self.pen, self.figure, side)
        for sleeve in garment.sleeves if garment.has("cuffs", "ruffled cuffs") else ():
            draw_ruffle(self.pen, garment, sleeve)
        draw_neck(posed, garment)
        draw_neck_bow(posed, garment)
