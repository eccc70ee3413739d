"""A thin pen over skia: points in, anti-aliased shapes out. Units are those of a 128 x 256 page."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import skia

Point = tuple[float, float]
Colour = tuple[int, int, int]


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The colour `share` (0..1) of the way from `first` to `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def lightness(colour: Colour) -> float:
    """Perceived lightness of a colour, 0 (black) to 1 (white)."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def polygon(points: Sequence[Point], closed: bool = True) -> skia.Path:
    """Straight lines through the points."""
    path = skia.Path()
    path.addPoly([skia.Point(x, y) for x, y in points], closed)
    return path


def curve(points: Sequence[Point], closed: bool = False) -> skia.Path:
    """A smooth line through the points (Catmull-Rom)."""
    path = skia.Path()
    path.moveTo(*points[0])
    count = len(points)
    for index in range(count if closed else count - 1):
        if closed:
            before, start, end, after = (points[(index + k) % count] for k in (-1, 0, 1, 2))
        else:
            before, start = points[max(index - 1, 0)], points[index]
            end, after = points[index + 1], points[min(index + 2, count - 1)]
        path.cubicTo(
            start[0] + (end[0] - before[0]) / 6,
            start[1] + (end[1] - before[1]) / 6,
            end[0] - (after[0] - start[0]) / 6,
            end[1] - (after[1] - start[1]) / 6,
            *end,
        )
    if closed:
        path.close()
    return path


def circle(x: float, y: float, radius: float) -> skia.Path:
    """A disc."""
    return skia.Path.Circle(x, y, radius)


def oval(x: float, y: float, half_width: float, half_height: float) -> skia.Path:
    """An upright ellipse around its centre."""
    return skia.Path.Oval(
        skia.Rect.MakeLTRB(x - half_width, y - half_height, x + half_width, y + half_height)
    )


def box(left: float, top: float, right: float, bottom: float, radius: float = 0.0) -> skia.Path:
    """A rectangle with round corners."""
    return skia.Path.RRect(
        skia.RRect.MakeRectXY(skia.Rect(left, top, right, bottom), radius, radius)
    )


def without(path: skia.Path, hole: skia.Path) -> skia.Path:
    """The part of `path` outside `hole`."""
    return skia.Op(path, hole, skia.kDifference_PathOp)


def together(paths: Sequence[skia.Path]) -> skia.Path:
    """One path around all of these."""
    union = paths[0]
    for path in paths[1:]:
        union = skia.Op(union, path, skia.kUnion_PathOp)
    return union


class Pen:
    """Draws filled and stroked paths on one canvas."""

    def __init__(self, canvas: skia.Canvas) -> None:
        self._canvas = canvas

    def fill(self, path: skia.Path, colour: Colour, alpha: float = 1.0, blur: float = 0.0) -> None:
        """Fill the path; `blur` is the standard deviation of its soft edge."""
        paint = skia.Paint(AntiAlias=True, Color=_rgba(colour, alpha))
        if blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        self._canvas.drawPath(path, paint)

    def line(
        self,
        path: skia.Path,
        colour: Colour,
        width: float = 1.0,
        alpha: float = 1.0,
        dashes: tuple[float, float] | None = None,
    ) -> None:
        """Stroke the path with round ends, or with dashes (on, off)."""
        paint = skia.Paint(
            AntiAlias=True,
            Style=skia.Paint.kStroke_Style,
            StrokeWidth=width,
            StrokeCap=skia.Paint.kButt_Cap if dashes else skia.Paint.kRound_Cap,
            StrokeJoin=skia.Paint.kRound_Join,
            Color=_rgba(colour, alpha),
        )
        if dashes:
            paint.setPathEffect(skia.DashPathEffect.Make(list(dashes), 0.0))
        self._canvas.drawPath(path, paint)

    def shade(
        self,
        path: skia.Path,
        start: Point,
        end: Point,
        stops: Sequence[tuple[float, Colour, float]],
    ) -> None:
        """Fill the path with a linear gradient; a stop is (place 0..1, colour, alpha)."""
        shader = skia.GradientShader.MakeLinear(
            points=[skia.Point(*start), skia.Point(*end)],
            colors=[_rgba(colour, alpha) for _, colour, alpha in stops],
            positions=[place for place, _, _ in stops],
        )
        self._canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=shader))

    @contextmanager
    def inside(self, path: skia.Path) -> Iterator[None]:
        """Whatever is drawn in this block stays inside the path."""
        self._canvas.save()
        self._canvas.clipPath(path, skia.ClipOp.kIntersect, True)
        yield
        self._canvas.restore()


def _rgba(colour: Colour, alpha: float) -> int:
    return int(skia.ColorSetARGB(round(255 * alpha), *colour))


def limb(
    joints: Sequence[Point], half_width: Callable[[float], float], start: float, end: float
) -> list[tuple[Point, Point]]:
    """Pairs of opposite edge points along a bent limb.

    Args:
        joints: three points, e.g. shoulder, elbow, wrist.
        half_width: half of the limb's width at a place 0 (first joint) to 1 (last joint).
        start: first place, 0..1.
        end: last place; beyond 1 goes on straight.

    Returns:
        (left, right) edge points at 13 places from `start` to `end`.
    """
    pairs = []
    for step in range(13):
        place = start + (end - start) * step / 12
        (x, y), (dx, dy) = along(joints, place)
        half = half_width(place)
        pairs.append(((x + dy * half, y - dx * half), (x - dy * half, y + dx * half)))
    return pairs


def along(joints: Sequence[Point], place: float) -> tuple[Point, Point]:
    """Position and direction on the quadratic curve that bends round the middle joint."""
    (ax, ay), (bx, by), (cx, cy) = joints
    # The control point makes the curve pass through the middle joint at one half.
    kx, ky = 2 * bx - (ax + cx) / 2, 2 * by - (ay + cy) / 2
    t = min(max(place, 0.0), 1.0)
    x = (1 - t) ** 2 * ax + 2 * t * (1 - t) * kx + t * t * cx
    y = (1 - t) ** 2 * ay + 2 * t * (1 - t) * ky + t * t * cy
    dx = 2 * (1 - t) * (kx - ax) + 2 * t * (cx - kx)
    dy = 2 * (1 - t) * (ky - ay) + 2 * t * (cy - ky)
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    beyond = place - t
    return (x + dx * beyond, y + dy * beyond), (dx / length, dy / length)


def outline(pairs: Sequence[tuple[Point, Point]]) -> skia.Path:
    """The closed smooth path round a limb's edge points."""
    path = curve([pair[0] for pair in pairs])
    path.addPath(curve([pair[1] for pair in reversed(pairs)]), skia.Path.kExtend_AddPathMode)
    path.close()
    return path
