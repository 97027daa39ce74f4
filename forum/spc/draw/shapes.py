"""The shapes that a drawing is made of. They know places and looks, nothing of charts."""

from dataclasses import dataclass, field
from datetime import date

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Band:
    """A shaded rectangle: the range to be expected between two limits."""

    x: float
    y: float
    width: float
    height: float
    style: str = "range"


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `style` names how it is drawn: "data", "mean", "limit", "target", "median", "axis", "phase"."""

    points: tuple[Point, ...]
    style: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of the series. Its shape tells what it is, also without colour; a provisional one is hollow."""

    x: float
    y: float
    style: str
    title: str
    date: date
    hollow: bool = False
    noted: bool = False
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """A text with its baseline at (x, y). `title` has all of it where `text` was shortened."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    style: str = "label"
    size: int = 13
    title: str = ""


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn, in its order."""

    width: int
    height: int
    bands: list[Band] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def outline(dot: Dot) -> list[Point]:
    """The corners of a mark's shape: a diamond for better, a triangle for worse, a square for neither, a cross for left out.

    Empty for a circle.
    """
    x, y, r = dot.x, dot.y, 6.0 * dot.size
    if dot.style == "improvement":
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if dot.style == "concern":
        return [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    if dot.style.startswith("neutral"):
        s = r * 5 / 6
        return [(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)]
    if dot.style == "left_out":
        near, far = r * 0.42, r * 1.1
        return [
            *[(x - far, y - far + near), (x - far + near, y - far), (x, y - near), (x + far - near, y - far)],
            *[(x + far, y - far + near), (x + near, y), (x + far, y + far - near), (x + far - near, y + far)],
            *[(x, y + near), (x - far + near, y + far), (x - far, y + far - near), (x - near, y)],
        ]
    return []
