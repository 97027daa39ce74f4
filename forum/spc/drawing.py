"""A chart as shapes on a page: where each line, point and word stands. `svg.py` and `png.py` put the same shapes on paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, log10

from forum.spc.summary import number, stage
from forum.spc.xmr import Chart, Settings

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; `look` names how it is drawn: "data", "mean", "limit", "target", "median", "axis", "phase"."""

    points: tuple[Point, ...]
    look: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One point of the series. Its shape tells what it is, also without colour."""

    x: float
    y: float
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text with its baseline at (x, y)."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    look: str = "label"


@dataclass(frozen=True)
class Drawing:
    """Everything that is drawn, in its order."""

    width: int
    height: int
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch that began on a day, with what changed."""

    start: date
    label: str


@dataclass(frozen=True)
class Scale:
    """From values and days to places on the page."""

    left: float
    right: float
    top: float
    bottom: float
    first: int
    last: int
    low: float
    high: float

    def x(self, day: date) -> float:
        span = self.last - self.first
        return round(self.left + (self.right - self.left) * ((day.toordinal() - self.first) / span if span else 0.5), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.bottom - (self.bottom - self.top) * share, 1)


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers that span low to high."""
    step = 10 ** floor(log10((high - low) / about))
    step = next(step * k for k in (1, 2, 2.5, 5, 10) if (high - low) / (step * k) <= about)
    return [k * step for k in range(floor(low / step), ceil(high / step) + 1)]


def draw(
    chart: Chart,
    settings: Settings,
    width: int = 760,
    unit: str = "",
    decimals: int = 1,
    phases: Sequence[Phase] = (),
    percent: bool = False,
) -> Drawing:
    """The drawing of a chart with six points or more. Limits are drawn from 13 points on; a run chart has its median."""
    narrow = width < 500
    height = 300 if narrow else 380
    values = [p.value for p in chart.points]
    shown = stage(len(chart.points))
    spread = [*values, *([settings.target] if settings.target is not None else [])]
    if shown in {"trial", "limits"}:
        spread += [v for p in chart.points for v in (p.lower, p.upper) if v is not None]
    low, high = min(spread), max(spread)
    if percent and min(values) >= 0 and max(values) <= 100:
        low, high = max(low, 0.0), min(high, 100.0)
    if low == high:
        low, high = low - (abs(low) * 0.1 or 1), high + (abs(high) * 0.1 or 1)
    ticks = nice_ticks(low, high, 4 if narrow else 6)
    days = [p.date.toordinal() for p in chart.points]
    left = 14 + 7.5 * max(len(_tick(t, unit)) for t in ticks)
    scale = Scale(left, width - (14 if narrow else 92), 34 if phases else 18, height - 34, days[0], days[-1], ticks[0], ticks[-1])
    drawing = Drawing(width, height)
    _axes(drawing, scale, ticks, unit, [p.date for p in chart.points], 3 if narrow else 6)
    _phases(drawing, scale, phases)
    if shown in {"trial", "limits"}:
        _limits(drawing, scale, chart, narrow, decimals)
    else:
        middle = _median(values)
        drawing.lines.append(Line(((scale.left, scale.y(middle)), (scale.right, scale.y(middle))), "median"))
    if settings.target is not None:
        y = scale.y(settings.target)
        drawing.lines.append(Line(((scale.left, y), (scale.right, y)), "target"))
        drawing.words.append(Words(scale.left + 4, y - 5, f"Target {number(settings.target, decimals)}", look="target"))
    drawing.lines.append(Line(tuple((scale.x(p.date), scale.y(p.value)) for p in chart.points), "data"))
    for p in chart.points:
        look = p.point_type.removeprefix("special_cause_") if shown in {"trial", "limits"} else "common_cause"
        title = f"{p.date:%-d %B %Y}: {number(p.value, decimals)}" + (f", {p.special_cause}" if look != "common_cause" else "")
        drawing.marks.append(Mark(scale.x(p.date), scale.y(p.value), look, title))
    return drawing


def _tick(value: float, unit: str) -> str:
    return f"{number(value, 4)}{'%' if unit == '%' else ''}"


def _median(values: Sequence[float]) -> float:
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _axes(drawing: Drawing, scale: Scale, ticks: Sequence[float], unit: str, days: Sequence[date], most: int) -> None:
    for tick in ticks:
        y = scale.y(tick)
        drawing.lines.append(Line(((scale.left, y), (scale.right, y)), "axis"))
        drawing.words.append(Words(scale.left - 8, y + 4, _tick(tick, unit), "end"))
    count = min(most, len(days))
    for k in range(count):
        day = days[round(k * (len(days) - 1) / (count - 1))] if count > 1 else days[0]
        anchor = "start" if k == 0 and count > 1 else "end" if k == count - 1 and count > 1 else "middle"
        long = (days[-1] - days[0]).days > 60
        drawing.words.append(Words(scale.x(day), scale.bottom + 22, f"{day:%b %Y}" if long else f"{day:%-d %b}", anchor))


def _phases(drawing: Drawing, scale: Scale, phases: Sequence[Phase]) -> None:
    for number_, phase in enumerate(p for p in phases if scale.first < p.start.toordinal() <= scale.last):
        x = scale.x(phase.start)
        drawing.lines.append(Line(((x, scale.top - 8), (x, scale.bottom)), "phase"))
        room = x < scale.right - 8 * len(phase.label)
        drawing.words.append(
            Words(x + (4 if room else -4), scale.top - 2 - 14 * (number_ % 2), phase.label, "start" if room else "end", "phase")
        )


def _limits(drawing: Drawing, scale: Scale, chart: Chart, narrow: bool, decimals: int) -> None:
    for index, group in enumerate(chart.groups):
        inside = [p for p in chart.points if p.group == index]
        x1 = scale.x(inside[0].date)
        x2 = scale.x(inside[-1].date) if len(inside) > 1 else x1 + 6
        for value, look, name in (
            (group.mean, "mean", "Average"),
            (group.upper, "limit", "Upper"),
            (group.lower, "limit", "Lower"),
        ):
            if value is None:
                continue
            y = scale.y(min(max(value, scale.low), scale.high))
            drawing.lines.append(Line(((x1, y), (x2, y)), look))
            if index == len(chart.groups) - 1 and not narrow:
                drawing.words.append(Words(x2 + 6, y + 4, f"{name} {number(value, decimals)}", look="limit"))
