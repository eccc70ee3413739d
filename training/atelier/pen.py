"""A thin pen over skia: points in, anti-aliased shapes out. Units are those of a 128 x 256 page."""

from collections.abc import Iterator, Sequence
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


def straight(*points: Point) -> skia.Path:
    """Straight lines from point to point, open."""
    path = skia.Path()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    return path


def polygon(points: Sequence[Point]) -> skia.Path:
    """Straight lines round the points, closed."""
    path = straight(*points)
    path.close()
    return path


def curve(points: Sequence[Point]) -> skia.Path:
    """A smooth line through the points (Catmull-Rom), open."""
    return _spline([points[0], *points, points[-1]])


def loop(points: Sequence[Point]) -> skia.Path:
    """A smooth line round the points (Catmull-Rom), closed."""
    path = _spline([points[-1], *points, *points[:2]])
    path.close()
    return path


def _spline(points: Sequence[Point]) -> skia.Path:
    """Through all but the first and the last point, which only give directions."""
    path = skia.Path()
    path.moveTo(*points[1])
    spans = zip(points, points[1:], points[2:], points[3:], strict=False)
    for before, (start_x, start_y), (end_x, end_y), after in spans:
        path.cubicTo(
            start_x + (end_x - before[0]) / 6,
            start_y + (end_y - before[1]) / 6,
            end_x - (after[0] - start_x) / 6,
            end_y - (after[1] - start_y) / 6,
            end_x,
            end_y,
        )
    return path


def circle(x: float, y: float, radius: float) -> skia.Path:
    """A disc."""
    return skia.Path.Circle(x, y, radius)


def oval(x: float, y: float, half_width: float, half_height: float) -> skia.Path:
    """An upright ellipse around its centre."""
    return skia.Path.Oval(
        skia.Rect.MakeLTRB(x - half_width, y - half_height, x + half_width, y + half_height)
    )


def box(left: float, top: float, right: float, bottom: float, radius: float) -> skia.Path:
    """A rectangle with round corners."""
    return skia.Path.RRect(
        skia.RRect.MakeRectXY(skia.Rect(left, top, right, bottom), radius, radius)
    )


def without(path: skia.Path, hole: skia.Path) -> skia.Path:
    """The part of `path` outside `hole`."""
    return skia.Op(path, hole, skia.kDifference_PathOp)


class Pen:
    """Draws filled and stroked paths on one canvas."""

    def __init__(self, canvas: skia.Canvas) -> None:
        self._canvas = canvas
        # Used again for every plain path: making a paint costs more than drawing a small path.
        self._fill = skia.Paint(AntiAlias=True)
        self._stroke = _stroke()

    def fill(self, path: skia.Path, colour: Colour, alpha: float = 1.0) -> None:
        """Fill the path."""
        self._fill.setColor(_argb(colour, alpha))
        self._canvas.drawPath(path, self._fill)

    def soft_fill(self, path: skia.Path, colour: Colour, alpha: float, blur: float) -> None:
        """Fill the path; `blur` is the standard deviation of its soft edge."""
        paint = skia.Paint(AntiAlias=True, Color=_argb(colour, alpha))
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        self._canvas.drawPath(path, paint)

    def line(self, path: skia.Path, colour: Colour, width: float = 1.0, alpha: float = 1.0) -> None:
        """Stroke the path with round ends."""
        self._stroke.setStrokeWidth(width)
        self._stroke.setColor(_argb(colour, alpha))
        self._canvas.drawPath(path, self._stroke)

    def dashes(
        self, path: skia.Path, colour: Colour, width: float, pattern: tuple[float, float]
    ) -> None:
        """Stroke the path with dashes: so many units on, so many off."""
        paint = _stroke()
        paint.setStrokeCap(skia.Paint.kButt_Cap)
        paint.setPathEffect(skia.DashPathEffect.Make(list(pattern), 0.0))
        paint.setStrokeWidth(width)
        paint.setColor(_argb(colour, 1.0))
        self._canvas.drawPath(path, paint)

    def patch(self, path: skia.Path, colour: Colour, ink: Colour, width: float = 1.0) -> None:
        """Fill the path and line its edge."""
        self.fill(path, colour)
        self.line(path, ink, width)

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
            colors=[_argb(colour, alpha) for _, colour, alpha in stops],
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


def _stroke() -> skia.Paint:
    return skia.Paint(
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


def _argb(colour: Colour, alpha: float) -> int:
    red, green, blue = colour
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue
