"""XmR charts: limits, special causes and icons from a series of values. Pure functions, no drawing.

A series is cut into limit groups at the dates where limits are recalculated; each group has its own mean and limits, and no rule
looks across two groups. Which of the known differences between tools apply is said by `Rules`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from forum.spc.causes import ABOVE, BELOW, COMMON, Direction, is_high, label, point_type, special_causes
from forum.spc.rules import ABSPC, NHS_ENGLAND_EXCEL, OURS, PLOT_THE_DOTS, RULES, Rules

__all__ = [
    "ABOVE",
    "ABSPC",
    "BELOW",
    "COMMON",
    "NHS_ENGLAND_EXCEL",
    "OURS",
    "PLOT_THE_DOTS",
    "RULES",
    "Chart",
    "Direction",
    "Group",
    "Reading",
    "Rules",
    "Settings",
    "assurance",
    "limits",
    "read",
    "signal",
    "variation",
]

#: 3.267 is D4 for two values, by which outlying moving ranges are left out (Nelson 1982).
SCREEN = 3.267
#: Upper limit of moving ranges, in average moving ranges (D₄).
RANGE_LIMIT = 3.268


@dataclass(frozen=True, slots=True)
class Settings:
    """How one series is read.

    `screen` leaves outlying moving ranges out. `baseline` fixes the limits of each group from its first so many points that
    count. `left_out` names the days whose points do not count for mean and moving ranges.
    """

    direction: Direction = "neither"
    target: float | None = None
    screen: bool = False
    baseline: int | None = None
    recalculate: Collection[date] = ()
    rules: Rules = OURS
    left_out: Collection[date] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One point with the limits of its group. Limits are None in a group of one point, which has no moving range."""

    date: date
    value: float
    group: int
    mean: float
    lower: float | None
    upper: float | None
    special_cause: str
    point_type: str
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Mean, mean moving range and limits as exact fractions, and from how many points they come. Exact, because rounding must not
    move a point that lies on a line to one side of it."""

    used: int
    mean: Fraction
    moving_range: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None

    def rounded(self) -> tuple[float, float | None, float | None, float | None]:
        """Mean, mean moving range, lower and upper limit as numbers to draw."""
        moving_range, lower, upper = (None if line is None else float(line) for line in (self.moving_range, self.lower, self.upper))
        return float(self.mean), moving_range, lower, upper


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch with limits of its own: how many points it has, how many its limits come from, and what they are."""

    size: int
    used: int
    mean: float
    moving_range: float | None
    lower: float | None
    upper: float | None
    left_out: int = 0

    @property
    def counted(self) -> int:
        """How many points count: all but those left out. Says what may be shown."""
        return self.size - self.left_out

    @property
    def moving_range_limit(self) -> float | None:
        """The upper limit of moving ranges; they have no lower one."""
        return None if self.moving_range is None else RANGE_LIMIT * self.moving_range


@dataclass(frozen=True, slots=True)
class Chart:
    """A series read: its points in order of date, its groups, and its icons; None where there is none."""

    points: tuple[Reading, ...]
    groups: tuple[Group, ...]
    variation: str | None
    assurance: str | None

    def of_group(self, number: int) -> tuple[Reading, ...]:
        """The points of one group; -1 is the last."""
        wanted = number % len(self.groups)
        return tuple(p for p in self.points if p.group == wanted)


def read(series: Iterable[tuple[date, float]], settings: Settings) -> Chart:
    """The chart of a series of at least one point, given in any order. Raises ValueError for none."""
    ordered = sorted(series, key=lambda point: point[0])
    if not ordered:
        raise ValueError("a chart needs at least one point")
    points: list[Reading] = []
    groups: list[Group] = []
    out = set(settings.left_out)
    for stretch in _stretches(ordered, settings.recalculate):
        values, flags = [written(value) for _, value in stretch], [day in out for day, _ in stretch]
        lines = limits(values, settings, flags)
        group = Group(len(values), lines.used, *lines.rounded(), sum(flags))
        causes = special_causes(values, lines.mean, lines.lower, lines.upper, settings.rules)
        for (day, value), cause in zip(stretch, causes, strict=True):
            told, kind = label(cause, settings.rules), point_type(cause, settings.direction)
            points.append(Reading(day, value, len(groups), group.mean, group.lower, group.upper, told, kind, left_out=day in out))
        groups.append(group)
    last = [p for p in points if p.group == len(groups) - 1]
    if groups[-1].counted < settings.rules.icon_minimum:
        return Chart(tuple(points), tuple(groups), None, None)
    return Chart(tuple(points), tuple(groups), variation(signal(last, settings.rules)), assurance(groups[-1], settings))


def _stretches(ordered: Sequence[tuple[date, float]], cuts: Collection[date]) -> list[list[tuple[date, float]]]:
    """The series cut at each date: a new stretch begins with the first point on or after it."""
    found: list[list[tuple[date, float]]] = []
    number = -1
    for point in ordered:
        passed = sum(cut <= point[0] for cut in set(cuts))
        if passed != number or not found:
            found.append([])
            number = passed
        found[-1].append(point)
    return found


def limits(values: Sequence[Fraction], settings: Settings, out: Sequence[bool] = ()) -> Lines:
    """Mean and limits of one group: mean ± factor × mean moving range.

    `out` flags the values that do not count; the moving range then runs between the values on either side. Where no value counts,
    the mean is that of all values and there are no limits.
    """
    flags = out or [False] * len(values)
    counted = [v for v, left in zip(values, flags, strict=True) if not left]
    used = counted[: settings.baseline] if settings.baseline else counted
    mean = _mean(used or values)
    ranges = [abs(b - a) for a, b in pairwise(used)]
    if not ranges:
        return Lines(len(used), mean)
    average = _mean(ranges)
    if settings.screen:
        kept = [r for r in ranges if r < written(SCREEN) * average]
        average = _mean(kept) if kept else average
    reach = written(settings.rules.factor) * average
    return Lines(len(used), mean, average, mean - reach, mean + reach)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def written(value: float) -> Fraction:
    """The number as people write it: 95.4 is 477/5, not the nearest fraction that a processor holds."""
    return Fraction(repr(value))


def signal(points: Sequence[Reading], rules: Rules) -> Reading:
    """The point of a group that its variation icon speaks of."""
    if rules.icon_from_last_special:
        return next((p for p in reversed(points) if p.point_type != "common_cause"), points[-1])
    return points[-1]


def variation(point: Reading) -> str:
    """The variation icon of a point."""
    kind = point.point_type.removeprefix("special_cause_")
    if kind == "common_cause" or kind.startswith("neutral"):
        return kind
    return f"{kind}_{'high' if is_high(point.special_cause) else 'low'}"


def assurance(group: Group, settings: Settings) -> str | None:
    """Return whether the target will be met if nothing changes: "consistent_pass", "consistent_fail", "inconsistent"; None without
    one."""
    target, up = settings.target, settings.direction == "increase"
    if target is None or settings.direction == "neither" or group.upper is None or group.lower is None:
        return None
    if settings.rules.flat_meets and group.upper == group.lower:
        return "consistent_pass" if (group.mean >= target if up else group.mean <= target) else "consistent_fail"
    at_limit = settings.rules.target_at_limit_meets
    if target > group.upper or (at_limit and target == group.upper):
        return "consistent_fail" if up else "consistent_pass"
    if target < group.lower or (at_limit and target == group.lower):
        return "consistent_pass" if up else "consistent_fail"
    return "inconsistent"
