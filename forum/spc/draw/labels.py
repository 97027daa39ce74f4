"""Words on a drawing that must not cover each other: dates below it, phases above it, the names of lines beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from forum.kernel.wording import say_date
from forum.spc.draw.scale import Scale, shortened, width_of
from forum.spc.draw.shapes import Drawing, Label, Line

ROW = 16.0
MOST_ROWS = 4


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch that began on a day, with what changed."""

    start: date
    label: str


@dataclass(frozen=True, slots=True)
class _Placed:
    phase: Phase
    x: float
    row: int
    text: str
    anchor: str

    @property
    def span(self) -> tuple[float, float]:
        width = width_of(self.text, bold=True) + 6
        return (self.x, self.x + width) if self.anchor == "start" else (self.x - width, self.x)


def place_phases(phases: Sequence[Phase], scale: Scale, width: int) -> list[_Placed]:
    """Return the phases inside the chart, last first, each in the lowest row where it covers no other label and no other's line."""
    placed: list[_Placed] = []
    inside = sorted((p for p in phases if scale.first < p.start.toordinal() <= scale.last), key=lambda p: p.start, reverse=True)
    for n, phase in enumerate(inside):
        x = scale.x(phase.start)
        before, after, whole = x - 8, width - x - 8, width_of(phase.label, bold=True) + 4
        anchor = "start" if after >= whole or (before < whole and after >= width / 4) else "end"
        room = after if anchor == "start" else before
        text = shortened(phase.label, min(room, width * (0.75 if width >= 500 else 0.5)))
        new = _Placed(phase, x, 0, text, anchor)
        taken = {p.row for p in placed if _meet(new, p)}
        below = {p.row for p in placed if new.span[0] < p.x < new.span[1]}
        # Earlier phases, which are placed next, need the rows below this label where their lines would cut through it.
        least = max(sum(new.span[0] < scale.x(p.start) < x for p in inside[n + 1 :]), max(below, default=-1) + 1)
        row = next(r for r in range(least, least + len(placed) + 1) if r not in taken)
        placed.append(_Placed(phase, x, row, text, anchor))
    used = sorted({p.row for p in placed})
    return [replace(p, row=used.index(p.row)) for p in placed]


def _meet(new: _Placed, old: _Placed) -> bool:
    return new.span[0] < old.span[1] + 4 and old.span[0] < new.span[1] + 4


def rows_of(placed: Sequence[_Placed]) -> int:
    """Return how many rows of words stand above the plot."""
    return min(max((p.row + 1 for p in placed), default=0), MOST_ROWS)


def draw_phases(drawing: Drawing, scale: Scale, placed: Sequence[_Placed], words: bool) -> None:
    """A line for each phase, up to its label. Beyond some rows there is no room for words; the line keeps its title."""
    for one in sorted(placed, key=lambda p: p.x):
        told = words and one.row < MOST_ROWS
        top = scale.top - (ROW * one.row + 18 if told else 0)
        title = f"{say_date(one.phase.start)}: {one.phase.label}"
        drawing.lines.append(Line(((one.x, top), (one.x, scale.bottom)), "phase", title))
        if told:
            x = one.x + (5 if one.anchor == "start" else -5)
            cut = one.phase.label if one.text != one.phase.label else ""
            drawing.labels.append(Label(x, scale.top - 8 - ROW * one.row, one.text, one.anchor, "phase", title=cut))


def draw_dates(drawing: Drawing, scale: Scale, days: Sequence[date], most: int, size: int) -> None:
    """The first and the last day, and as many between them as there is room for."""
    form = "%b %Y" if (days[-1] - days[0]).days > 60 else "%-d %b"
    y = scale.bottom + (22 if size > 11 else 16)
    first, last = days[0], days[-1]
    if first == last:
        drawing.labels.append(Label(scale.x(first), y, f"{first:{form}}", "middle", size=size))
        return
    drawing.labels.append(Label(scale.left, y, f"{first:{form}}", "start", size=size))
    free, told = scale.left + width_of(f"{first:{form}}", size) + 12, {f"{first:{form}}", f"{last:{form}}"}
    end = scale.right - width_of(f"{last:{form}}", size) - 12
    for k in range(1, most - 1):
        day = days[round(k * (len(days) - 1) / (most - 1))]
        text, x = f"{day:{form}}", scale.x(day)
        half = width_of(text, size) / 2
        if text not in told and x - half >= free and x + half <= end:
            drawing.labels.append(Label(x, y, text, "middle", size=size))
            told.add(text)
            free = x + half + 12
    if f"{last:{form}}" != f"{first:{form}}":
        drawing.labels.append(Label(scale.right, y, f"{last:{form}}", "end", size=size))


def draw_side(drawing: Drawing, scale: Scale, names: Sequence[tuple[float, str, str]]) -> None:
    """Names of lines at their height to the right of the plot, moved apart where lines are close: (y, text, look)."""
    heights: list[float] = []
    for y, _, _ in sorted(names):
        heights.append(max(y, heights[-1] + ROW) if heights else y)
    over = heights[-1] - scale.bottom if heights else 0.0
    for n in range(len(heights) - 1, -1, -1):
        limit = heights[n + 1] - ROW if n + 1 < len(heights) else heights[n] - max(over, 0.0)
        heights[n] = min(heights[n], limit)
    for height, (_, text, style) in zip(heights, sorted(names), strict=True):
        drawing.labels.append(Label(scale.right + 8, round(height + 4, 1), text, style=style))
