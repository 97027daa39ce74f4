"""Special causes: which points of one limit group break a rule."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from forum.spc.rules import Rules

Direction = Literal["increase", "decrease", "neither"]
#: Special causes in the words of NHSRplotthedots; {n} is the length of a shift or a trend.
COMMON, ABOVE, BELOW = "Common Cause", "Above UCL", "Below LCL"
RISING, FALLING = "{n} Point Trend (Increasing)", "{n} Point Trend (Decreasing)"
PAIR_HIGH, PAIR_LOW = "2 in 3 Above CL", "2 in 3 Below CL"
RUN_HIGH, RUN_LOW = "{n} Points Above CL", "{n} Points Below CL"
_HIGH = frozenset({ABOVE, RISING, PAIR_HIGH, RUN_HIGH})


def special_causes(
    values: Sequence[Fraction], mean: Fraction, lower: Fraction | None, upper: Fraction | None, rules: Rules
) -> list[str]:
    """The label of each point, COMMON where there is none. Outside limits counts before trend, two of three, and shift."""
    found = [COMMON] * len(values)
    if lower is None or upper is None:
        return found
    sides = [(v > mean) - (v < mean) for v in values]
    for i in _runs(sides, rules.shift):
        found[i] = RUN_HIGH if sides[i] > 0 else RUN_LOW
    for i in _pairs(values, sides, (mean, lower, upper), rules):
        found[i] = PAIR_HIGH if sides[i] > 0 else PAIR_LOW
    steps = [0, *((b > a) - (b < a) for a, b in pairwise(values))]
    for i, step in _trends(steps, rules.trend):
        found[i] = RISING if step > 0 else FALLING
    for i, v in enumerate(values):
        if v > upper:
            found[i] = ABOVE
        elif v < lower:
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


def _pairs(
    values: Sequence[Fraction], sides: Sequence[int], lines: tuple[Fraction, Fraction, Fraction], rules: Rules
) -> Iterable[int]:
    """Points beyond two thirds of the way to a limit, where two of three in a row are, and all three on one side."""
    mean, lower, upper = lines
    third = (upper - mean) * 2 / 3
    near = [abs(v - mean) > third and (rules.beyond_counts or lower <= v <= upper) for v in values]
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
    """Return what a special cause means where one direction is better."""
    if cause == COMMON:
        return "common_cause"
    high = cause in _HIGH
    if direction == "neither":
        return f"special_cause_neutral_{'high' if high else 'low'}"
    return f"special_cause_{'improvement' if high == (direction == 'increase') else 'concern'}"


def label(cause: str, rules: Rules) -> str:
    """Return the words for a special cause, with the length of its run."""
    return cause.format(n=rules.trend if cause in {RISING, FALLING} else rules.shift)


def is_high(told: str) -> bool:
    """Return whether a special cause, as `label` told it, is on the high side."""
    return told == ABOVE or told.endswith(("Above CL", "(Increasing)"))
