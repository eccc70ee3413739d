"""The little programs that outlines of letters are written in.

Source: Adobe Technical Note 5177, The Type 2 Charstring Format.
"""

from collections.abc import Callable, Sequence

from studio.drawing.paths import Path

_DEEPEST = 12  # subroutines that may call each other


def short_number(data: bytes, place: int) -> tuple[float, int]:
    """A number of one to five bytes, and the place behind it."""
    first = data[place]
    if first == 28:
        return int.from_bytes(data[place + 1 : place + 3], "big", signed=True), place + 3
    if first == 255:
        return int.from_bytes(data[place + 1 : place + 5], "big", signed=True) / 65_536, place + 5
    if first < 247:
        return first - 139, place + 1
    if first < 251:
        return (first - 247) * 256 + data[place + 1] + 108, place + 2
    return -(first - 251) * 256 - data[place + 1] - 108, place + 2


class Charstring:
    """Runs the little programs that outlines are written in."""

    def __init__(
        self, common: Callable[[int], bytes], own: Callable[[int], bytes], em: int
    ) -> None:
        self._calls = {29: common, 10: own}
        self._em = em
        self._verbs: list[str] = []
        self._numbers: list[float] = []
        self._here = (0.0, 0.0)
        self._stack: list[float] = []
        self._hints = 0
        self._ended = False

    def path(self, program: bytes) -> Path:
        """The outline of a program."""
        self._run(program, 0)
        if self._verbs:
            self._verbs.append("Z")
        return Path("".join(self._verbs), tuple(self._numbers))

    def _run(self, program: bytes, depth: int) -> None:
        place = 0
        while place < len(program) and not self._ended and depth < _DEEPEST:
            code = program[place]
            if code >= 32 or code == 28:
                number, place = short_number(program, place)
                self._stack.append(number)
                continue
            place += 1
            if code in self._calls:
                self._run(self._calls[code](int(self._stack.pop())), depth + 1)
            elif code == 11:
                return
            elif code in (1, 3, 18, 19, 20, 23):
                self._hints += len(self._stack) // 2
                self._stack.clear()
                place += (self._hints + 7) // 8 if code in (19, 20) else 0
            else:
                place = self._draw(code, program, place)

    def _draw(self, code: int, program: bytes, place: int) -> int:
        if code == 12:
            code, place = 1200 + program[place], place + 1
        if code == 14:
            self._ended = True
        elif code in _DRAWN:
            _DRAWN[code](self, self._stack)
        self._stack.clear()
        return place

    def _to(self, dx: float, dy: float) -> tuple[float, float]:
        self._here = (self._here[0] + dx, self._here[1] + dy)
        return self._here[0] / self._em, self._here[1] / self._em

    def move(self, dx: float, dy: float) -> None:
        """Begin the next contour."""
        self._verbs.append("ZM" if self._verbs else "M")
        self._numbers += self._to(dx, dy)

    def lines(self, steps: Sequence[float]) -> None:
        """Straight lines, dx and dy of each in turn."""
        for dx, dy in zip(steps[0::2], steps[1::2], strict=False):
            self._verbs.append("L")
            self._numbers += self._to(dx, dy)

    def curves(self, steps: Sequence[float]) -> None:
        """Curves, six numbers each."""
        for start in range(0, len(steps) - 5, 6):
            self._verbs.append("C")
            for pair in (0, 2, 4):
                self._numbers += self._to(*steps[start + pair : start + pair + 2])

    def curves_then_line(self, steps: Sequence[float]) -> None:
        """Curves, and a straight line at the end."""
        self.curves(steps[:-2])
        self.lines(steps[-2:])

    def lines_then_curve(self, steps: Sequence[float]) -> None:
        """Straight lines, and a curve at the end."""
        self.lines(steps[:-6])
        self.curves(steps[-6:])

    def straight(self, steps: Sequence[float], level: bool) -> None:
        """Lines that are level and upright in turn."""
        for step in steps:
            self.lines((step, 0.0) if level else (0.0, step))
            level = not level

    def turning(self, steps: Sequence[float], level: bool) -> None:
        """Curves that start level and end upright, or the other way round, in turn."""
        for start in range(0, len(steps) - 3, 4):
            a, b, c, d = steps[start : start + 4]
            rest = steps[start + 4] if len(steps) - start == 5 else 0.0
            self.curves((a, 0, b, c, rest, d) if level else (0, a, b, c, d, rest))
            level = not level

    def along(self, steps: Sequence[float], level: bool) -> None:
        """Curves that start and end level, or start and end upright."""
        aside = 0.0
        if len(steps) % 4:
            aside, steps = steps[0], steps[1:]
        for start in range(0, len(steps) - 3, 4):
            a, b, c, d = steps[start : start + 4]
            self.curves((a, aside, b, c, d, 0) if level else (aside, a, b, c, 0, d))
            aside = 0.0

    def flex(self, steps: Sequence[float]) -> None:
        """Two flat curves whose last step goes on along the longer way."""
        dx, dy = sum(steps[0:10:2]), sum(steps[1:10:2])
        rest = (steps[10], -dy) if abs(dx) > abs(dy) else (-dx, steps[10])
        self.curves((*steps[:10], *rest))


_Step = Callable[[Charstring, list[float]], None]
_DRAWN: dict[int, _Step] = {
    21: lambda pen, s: pen.move(s[-2], s[-1]),
    22: lambda pen, s: pen.move(s[-1], 0.0),
    4: lambda pen, s: pen.move(0.0, s[-1]),
    5: lambda pen, s: pen.lines(s),
    6: lambda pen, s: pen.straight(s, True),
    7: lambda pen, s: pen.straight(s, False),
    8: lambda pen, s: pen.curves(s),
    24: lambda pen, s: pen.curves_then_line(s),
    25: lambda pen, s: pen.lines_then_curve(s),
    26: lambda pen, s: pen.along(s, False),
    27: lambda pen, s: pen.along(s, True),
    30: lambda pen, s: pen.turning(s, False),
    31: lambda pen, s: pen.turning(s, True),
    1234: lambda pen, s: pen.curves((s[0], 0, s[1], s[2], s[3], 0, s[4], 0, s[5], -s[2], s[6], 0)),
    1235: lambda pen, s: pen.curves(s[:12]),
    1236: lambda pen, s: pen.curves(
        (*s[:4], s[4], 0, s[5], 0, *s[6:8], s[8], -(s[1] + s[3] + s[7]))
    ),
    1237: lambda pen, s: pen.flex(s),
}
