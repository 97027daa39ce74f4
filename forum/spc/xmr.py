"""XmR charts: limits, special causes and icons from a series of values. Pure functions, no drawing (design: spc.md).

A series is cut into limit groups at the dates where limits are recalculated; each group has its own mean and limits, and no rule
looks across two groups. Which of the known differences between tools apply is said by `Rules`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

Direction = Literal["increase", "decrease", "neither"]
#: Special causes in the words of NHSRplotthedots; {n} is the length of a shift or a trend.
COMMON, ABOVE, BELOW = "Common Cause", "Above UCL", "Below LCL"
RISING, FALLING = "{n} Point Trend (Increasing)", "{n} Point Trend (Decreasing)"
PAIR_HIGH, PAIR_LOW = "2 in 3 Above CL", "2 in 3 Below CL"
RUN_HIGH, RUN_LOW = "{n} Points Above CL", "{n} Points Below CL"
_HIGH = frozenset({ABOVE, RISING, PAIR_HIGH, RUN_HIGH})
#: 3.267 is D4 for two values, by which outlying moving ranges are left out (Nelson 1982).
SCREEN = 3.267


@dataclass(frozen=True, slots=True)
class Rules:
    """Where tools differ (design: spc.md, part 6). The default is this site's own set."""

    name: str = "ours"
    factor: float = 2.66
    shift: int = 7
    trend: int = 7
    #: Two of three: points beyond the limit count too (NHS England, November 2023).
    beyond_counts: bool = True
    #: Flat series: the value itself is compared with the target, and meeting it is passing.
    flat_meets: bool = True


OURS = Rules()
PLOT_THE_DOTS = Rules("nhsrplotthedots-0.2.2", beyond_counts=False, flat_meets=False)
RULES = {rules.name: rules for rules in (OURS, PLOT_THE_DOTS)}


@dataclass(frozen=True, slots=True)
class Settings:
    """How one series is read. `baseline` fixes the limits of each group from its first so many points."""

    direction: Direction = "neither"
    target: float | None = None
    screen: bool = False
    baseline: int | None = None
    recalculate: Collection[date] = ()
    rules: Rules = OURS


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


@dataclass(frozen=True, slots=True)
class Group:
    """A stretch with limits of its own: how many points it has, how many its limits come from, and what they are."""

    size: int
    used: int
    mean: float
    moving_range: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """A series read: its points in order of date, its groups, and the icons of its last point."""

    points: tuple[Reading, ...]
    groups: tuple[Group, ...]
    variation: str
    assurance: str | None


def read(series: Iterable[tuple[date, float]], settings: Settings) -> Chart:
    """The chart of a series of at least one point, given in any order. Raises ValueError for none."""
    ordered = sorted(series, key=lambda point: point[0])
    if not ordered:
        raise ValueError("a chart needs at least one point")
    points: list[Reading] = []
    groups: list[Group] = []
    for stretch in _stretches(ordered, settings.recalculate):
        values = [value for _, value in stretch]
        group = limits(values, settings)
        for (day, value), cause in zip(stretch, special_causes(values, group, settings.rules), strict=True):
            label, kind = cause.format(n=_length(cause, settings.rules)), point_type(cause, settings.direction)
            points.append(Reading(day, value, len(groups), group.mean, group.lower, group.upper, label, kind))
        groups.append(group)
    return Chart(tuple(points), tuple(groups), variation(points[-1]), assurance(groups[-1], settings))


def _length(cause: str, rules: Rules) -> int:
    return rules.trend if cause in {RISING, FALLING} else rules.shift


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


def limits(values: Sequence[float], settings: Settings) -> Group:
    """Mean and limits of one group: mean ± factor × mean moving range (design: spc.md, part 1)."""
    used = list(values[: settings.baseline] if settings.baseline else values)
    mean = sum(used) / len(used)
    ranges = [abs(b - a) for a, b in pairwise(used)]
    if not ranges:
        return Group(len(values), len(used), mean, None, None, None)
    average = sum(ranges) / len(ranges)
    if settings.screen:
        kept = [r for r in ranges if r < SCREEN * average]
        average = sum(kept) / len(kept) if kept else average
    reach = settings.rules.factor * average
    return Group(len(values), len(used), mean, average, mean - reach, mean + reach)


def special_causes(values: Sequence[float], group: Group, rules: Rules) -> list[str]:
    """The label of each point, COMMON where there is none. Outside limits counts before trend, two of three, and shift."""
    found = [COMMON] * len(values)
    if group.lower is None or group.upper is None:
        return found
    sides = [(v > group.mean) - (v < group.mean) for v in values]
    for i in _runs(sides, rules.shift):
        found[i] = RUN_HIGH if sides[i] > 0 else RUN_LOW
    for i in _pairs(values, sides, group, rules):
        found[i] = PAIR_HIGH if sides[i] > 0 else PAIR_LOW
    steps = [0, *((b > a) - (b < a) for a, b in pairwise(values))]
    for i, step in _trends(steps, rules.trend):
        found[i] = RISING if step > 0 else FALLING
    for i, v in enumerate(values):
        if v > group.upper:
            found[i] = ABOVE
        elif v < group.lower:
            found[i] = BELOW
    return found


def _runs(sides: Sequence[int], length: int) -> Iterable[int]:
    """All points of runs of at least that length on one side; a point on the mean breaks a run."""
    start = 0
    for i in range(1, len(sides) + 1):
        if i == len(sides) or sides[i] != sides[start]:
            if sides[start] and i - start >= length:
                yield from range(start, i)
            start = i


def _pairs(values: Sequence[float], sides: Sequence[int], group: Group, rules: Rules) -> Iterable[int]:
    """Points beyond two thirds of the way to a limit, where two of three in a row are, and all three on one side."""
    assert group.lower is not None
    assert group.upper is not None
    third = (group.upper - group.mean) * 2 / 3
    near = [abs(v - group.mean) > third and (rules.beyond_counts or group.lower <= v <= group.upper) for v in values]
    for i in range(len(values) - 2):
        window = range(i, i + 3)
        if abs(sum(sides[j] for j in window)) == 3 and sum(near[j] for j in window) >= 2:
            yield from (j for j in window if near[j])


def _trends(steps: Sequence[int], length: int) -> Iterable[tuple[int, int]]:
    """(point, direction) of all points of rises or falls of that many points; the later trend comes later."""
    start = 0
    for i in range(1, len(steps) + 1):
        if i == len(steps) or steps[i] == 0 or (i > start + 1 and steps[i] != steps[i - 1]):
            if i - start >= length:
                yield from ((j, steps[i - 1]) for j in range(start, i))
            start = i if i == len(steps) or steps[i] == 0 else i - 1


def point_type(cause: str, direction: Direction) -> str:
    """What a special cause means where one direction is better."""
    if cause == COMMON:
        return "common_cause"
    high = cause in _HIGH
    if direction == "neither":
        return f"special_cause_neutral_{'high' if high else 'low'}"
    return f"special_cause_{'improvement' if high == (direction == 'increase') else 'concern'}"


def variation(last: Reading) -> str:
    """The variation icon: that of the last point."""
    if last.point_type == "common_cause":
        return "common_cause"
    kind = last.point_type.removeprefix("special_cause_")
    if kind.startswith("neutral"):
        return kind
    high = last.special_cause.endswith(("Above CL", "(Increasing)")) or last.special_cause == ABOVE
    return f"{kind}_{'high' if high else 'low'}"


def assurance(group: Group, settings: Settings) -> str | None:
    """Whether the target will be met if nothing changes: "consistent_pass", "consistent_fail", "inconsistent"; None without one."""
    target, up = settings.target, settings.direction == "increase"
    if target is None or settings.direction == "neither" or group.upper is None or group.lower is None:
        return None
    if settings.rules.flat_meets and group.upper == group.lower:
        return "consistent_pass" if (group.mean >= target if up else group.mean <= target) else "consistent_fail"
    if target > group.upper:
        return "consistent_fail" if up else "consistent_pass"
    if target < group.lower:
        return "consistent_pass" if up else "consistent_fail"
    return "inconsistent"
