"""A chart as shapes on a page: where each line, point and word stands. `svg.py` and `png.py` put the same shapes on paper."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from forum.kernel.wording import say_date
from forum.spc.amounts import amount, brief
from forum.spc.draw.labels import ROW, Phase, draw_dates, draw_phases, draw_side, place_phases, rows_of
from forum.spc.draw.scale import Scale, nice_ticks, tick_texts, value_range, width_of
from forum.spc.draw.shapes import Band, Dot, Drawing, Label, Line
from forum.spc.summary import cause_words, has_limits, stage_of
from forum.spc.xmr import Chart, Reading, Settings

__all__ = ["ChartStyle", "Drawing", "Phase", "draw"]


@dataclass(frozen=True)
class ChartStyle:
    """How a chart is drawn.

    `targets` are in force from their day on; without any, the target of the settings is drawn through. `provisional` days are
    hollow, `notes` are added to the title of their mark, `gaps` are dates without a figure, and why. `scale` fixes the range of
    values, so that charts beside each other can be compared, and `compact` makes one of those: small, without the names of its
    lines. `height` is for places of another shape.
    """

    width: int = 760
    unit: str = ""
    decimals: int = 1
    phases: Sequence[Phase] = ()
    percent: bool = False
    targets: Sequence[tuple[date, float]] = ()
    provisional: Collection[date] = ()
    notes: Mapping[date, str] = field(default_factory=dict)
    gaps: Mapping[date, str] = field(default_factory=dict)
    scale: tuple[float, float] | None = None
    compact: bool = False
    height: int = 0

    @property
    def narrow(self) -> bool:
        """Whether there is no room for words beside the plot."""
        return self.compact or self.width < 500

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture."""
        if self.compact:
            return min(self.width, 300), 150
        return self.width, self.height or (300 if self.narrow else 380)


def draw(chart: Chart, settings: Settings, style: ChartStyle | None = None) -> Drawing:
    """The drawing of a chart with six points or more. Each group has limits from 13 points on, before that its median."""
    style = style or ChartStyle()
    steps = _steps(chart, settings, style)
    low, high = style.scale or _range(chart, [value for _, value in steps], style.percent)
    ticks = nice_ticks(low, high, 3 if style.compact else 4 if style.narrow else 6)
    if style.scale:
        ticks = [t for t in ticks if low <= t <= high] or [low, high]
    else:
        low, high = ticks[0], ticks[-1]
    ticks = ticks[::2] if style.compact and len(ticks) > 3 else ticks
    names = [] if style.narrow else _names(chart, steps, style)
    texts = tick_texts(ticks, style.unit)
    width, height = style.size
    letters = 11 if style.compact else 13
    left = 16 + max(width_of(t, letters) for t in texts)
    right = width - (14 if style.narrow else max([92.0, *(1.12 * width_of(text, bold=True) + 14 for _, text, _ in names)]))
    days = [p.date for p in chart.points]
    flat = Scale(left, right, 0, 1, days[0].toordinal(), days[-1].toordinal(), low, high)
    placed = place_phases(style.phases, flat, width)
    top = (10 if style.compact else 18) + (ROW * rows_of(placed) if not style.compact else 0)
    scale = Scale(left, right, top, height - (24 if style.compact else 34), flat.first, flat.last, low, high)
    drawing = Drawing(width, height)
    for tick, text in zip(ticks, texts, strict=True):
        y = scale.y(tick)
        drawing.lines.append(Line(((left, y), (right, y)), "axis"))
        drawing.labels.append(Label(left - 8, y + 4, text, "end", size=letters))
    draw_dates(drawing, scale, days, 2 if style.compact else 3 if style.narrow else 6, letters)
    draw_phases(drawing, scale, placed, not style.compact)
    for index in range(len(chart.groups)):
        _group(drawing, scale, chart, index)
    _target(drawing, scale, steps, style)
    draw_side(drawing, scale, [(scale.y(value), text, kind) for value, text, kind in names])
    drawing.lines.extend(_data(chart, scale, style.gaps))
    space = (right - left) / max(len(days) - 1, 1)
    size = 0.7 if style.compact else 1.0 if space >= 8 else 0.8 if space >= 5 else 0.6 if space >= 2.5 else 0.4
    drawing.dots.extend(_no_figure(day, why, scale, size) for day, why in style.gaps.items() if days[0] <= day <= days[-1])
    drawing.dots.extend(_dot(p, has_limits(chart.groups[p.group]), scale, style, size) for p in chart.points)
    return drawing


def _data(chart: Chart, scale: Scale, gaps: Collection[date]) -> list[Line]:
    """The line through the points, broken where a date has no figure."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for n, point in enumerate(chart.points):
        if n and any(chart.points[n - 1].date < day < point.date for day in gaps):
            pieces.append([])
        pieces[-1].append((scale.x(point.date), scale.y(point.value)))
    return [Line(tuple(piece), "data") for piece in pieces if len(piece) > 1]


def _no_figure(day: date, why: str, scale: Scale, size: float) -> Dot:
    """A small cross at the foot of the chart: no value, and never zero."""
    return Dot(scale.x(day), scale.y(scale.low), "left_out", f"{say_date(day)}: no figure ({why})", day, False, True, 0.6 * size)


def _range(chart: Chart, targets: Sequence[float], percent: bool) -> tuple[float, float]:
    """Return what has to be seen: values, targets, and the limits that are shown. Percentages end at 0 and 100."""
    values = [p.value for p in chart.points]
    lines = [v for g in chart.groups if has_limits(g) for v in (g.lower, g.upper) if v is not None]
    clipped = percent and min(values) >= 0 and max(values) <= 100
    return value_range([*values, *targets, *lines], (0.0, 100.0) if clipped else None)


def _steps(chart: Chart, settings: Settings, style: ChartStyle) -> list[tuple[date, float]]:
    """The targets that were in force while the series ran, each from its day on."""
    first, last = chart.points[0].date, chart.points[-1].date
    if not style.targets:
        return [] if settings.target is None else [(first, settings.target)]
    known = sorted(style.targets)
    before = [(first, value) for day, value in known if day <= first][-1:]
    return [*before, *((day, value) for day, value in known if first < day <= last)]


def _names(chart: Chart, steps: Sequence[tuple[date, float]], style: ChartStyle) -> list[tuple[float, str, str]]:
    """The lines of the last group and the target in force, to be named beside the plot: (value, text, look)."""
    group, names = chart.groups[-1], [] if not steps else [("Target", steps[-1][1], "target")]
    if stage_of(group) == "run-chart":
        names.append(("Median", _median(chart, len(chart.groups) - 1), "limit"))
    elif has_limits(group):
        names.append(("Average", group.mean, "limit"))
        if group.upper is not None and group.lower is not None and group.upper > group.lower:
            names += [("Upper", group.upper, "limit"), ("Lower", group.lower, "limit")]
    return [(value, f"{name} {brief(value, style.unit, max(style.decimals, 1))}", kind) for name, value, kind in names]


def _median(chart: Chart, index: int) -> float:
    return median(p.value for p in chart.of_group(index) if not p.left_out)


def _group(drawing: Drawing, scale: Scale, chart: Chart, index: int) -> None:
    """The lines that the points of a group allow, and the range between its limits."""
    group, inside = chart.groups[index], chart.of_group(index)
    x1, x2 = scale.x(inside[0].date), scale.x(inside[-1].date)

    def across(value: float, style: str) -> None:
        drawing.lines.append(Line(((x1, scale.y(value)), (x2, scale.y(value))), style))

    if stage_of(group) == "run-chart":
        across(_median(chart, index), "median")
    if not has_limits(group):
        return
    if group.upper is not None and group.lower is not None and group.upper > group.lower:
        y1, y2 = scale.y(group.upper), scale.y(group.lower)
        drawing.bands.append(Band(x1, y1, round(x2 - x1, 1), round(y2 - y1, 1)))
        across(group.upper, "limit")
        across(group.lower, "limit")
    across(group.mean, "mean")


def _target(drawing: Drawing, scale: Scale, steps: Sequence[tuple[date, float]], style: ChartStyle) -> None:
    """The target as steps; where no words stand beside the plot it is named on the line."""
    if not steps:
        return
    corners: list[tuple[float, float]] = []
    for n, (day, value) in enumerate(steps):
        start = scale.left if n == 0 and day.toordinal() == scale.first else scale.x(day)
        end = scale.x(steps[n + 1][0]) if n + 1 < len(steps) else scale.right
        corners += [(start, scale.y(value)), (end, scale.y(value))]
    drawing.lines.append(Line(tuple(corners), "target"))
    if style.narrow and not style.compact:
        (x, y), value = corners[0], steps[0][1]
        low = y + 16 if y - 18 < scale.top else y - 6
        drawing.labels.append(Label(x + 4, low, f"Target {brief(value, style.unit, style.decimals)}", style="target"))


def _dot(point: Reading, judged: bool, scale: Scale, style: ChartStyle, size: float) -> Dot:
    """One point, judged by the limits of its group where it has any."""
    kind = point.point_type.removeprefix("special_cause_") if judged else "common_cause"
    note, hollow = style.notes.get(point.date, ""), point.date in style.provisional
    parts = [f"{say_date(point.date)}: {amount(point.value, style.unit, style.decimals)}"]
    if kind != "common_cause":
        meaning = f"{kind}: " if kind in {"improvement", "concern"} else ""
        parts.append(f"{meaning}{cause_words(point.special_cause)}")
    parts += [*(["left out of the limits"] if point.left_out else []), *(["provisional"] if hollow else [])]
    title = ", ".join(parts) + (f". {note}" if note else "")
    shape = "left_out" if point.left_out else kind
    return Dot(scale.x(point.date), scale.y(point.value), shape, title, point.date, hollow, bool(note), size)
