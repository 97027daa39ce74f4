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
    look: str = "range"


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `look` names how it is drawn: "data", "mean", "limit", "target", "median", "axis", "phase"."""

    points: tuple[Point, ...]
    look: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of the series. Its shape tells what it is, also without colour; a provisional one is hollow."""

    x: float
    y: float
    look: str
    title: str
    date: date
    hollow: bool = False
    noted: bool = False
    size: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its baseline at (x, y). `title` has all of it where `text` was shortened."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = "label"
    size: int = 13
    title: str = ""


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn, in its order."""

    width: int
    height: int
    bands: list[Band] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


def outline(mark: Mark) -> list[Point]:
    """The corners of a mark's shape: a diamond for better, a triangle for worse, a square for neither, a cross for left out.

    Empty for a circle.
    """
    x, y, r = mark.x, mark.y, 6.0 * mark.size
    if mark.look == "improvement":
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if mark.look == "concern":
        return [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)]
    if mark.look.startswith("neutral"):
        s = r * 5 / 6
        return [(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)]
    if mark.look == "left_out":
        near, far = r * 0.42, r * 1.1
        return [
            *[(x - far, y - far + near), (x - far + near, y - far), (x, y - near), (x + far - near, y - far)],
            *[(x + far, y - far + near), (x + near, y), (x + far, y + far - near), (x + far - near, y + far)],
            *[(x, y + near), (x - far + near, y + far), (x - far, y + far - near), (x - near, y)],
        ]
    return []
