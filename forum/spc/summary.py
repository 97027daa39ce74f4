"""What a chart says, in words: from the same result as the drawing, so that the two cannot disagree."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from forum.kernel.wording import say_date, say_month
from forum.spc.amounts import amount, nouns
from forum.spc.causes import ABOVE, BELOW
from forum.spc.xmr import OURS, Chart, Group, Reading, Settings, signal

_KINDS = {
    "special_cause_improvement": "Special-cause improvement",
    "special_cause_concern": "Special-cause concern",
    "special_cause_neutral_high": "Special cause, high",
    "special_cause_neutral_low": "Special cause, low",
}
_ASSURANCE = {
    "consistent_pass": "If nothing changes, the target of {target} will be met consistently.",
    "consistent_fail": "If nothing changes, the target of {target} will not be met.",
    "inconsistent": "The target of {target} lies within the limits: it will be met at some times and missed at others.",
}
VARIATION_WORDS = {
    "common_cause": "Common cause: no significant change",
    "improvement_high": "Improvement: higher",
    "improvement_low": "Improvement: lower",
    "concern_high": "Concern: higher",
    "concern_low": "Concern: lower",
    "neutral_high": "Change: higher",
    "neutral_low": "Change: lower",
}
ASSURANCE_WORDS = {
    "consistent_pass": "Consistently passing the target",
    "consistent_fail": "Consistently failing the target",
    "inconsistent": "Hit and miss against the target",
}
#: Fewer points than this make no chart, and fewer than that no limits.
FEWEST_DRAWN, FEWEST_LIMITS, SETTLED = 6, 13, 20


def stage(points: int) -> str:
    """Return what so many points allow: "table", "run-chart", "trial" limits, or "limits"."""
    if points < FEWEST_DRAWN:
        return "table"
    if points < FEWEST_LIMITS:
        return "run-chart"
    return "trial" if points < SETTLED else "limits"


def stage_of(group: Group) -> str:
    """Return what the points of a group that count allow."""
    return stage(group.counted)


def has_limits(group: Group) -> bool:
    """Return whether a group has enough points for its limits to be shown, and its points to be judged by them."""
    return stage_of(group) in {"trial", "limits"}


def has_chart(chart: Chart) -> bool:
    """Return whether there are points enough in all for a drawing; below that there is a table only."""
    return stage(len(chart.points)) != "table"


def cause_words(told: str) -> str:
    """A special cause for people who do not know the labels of NHSRplotthedots."""
    if told in {ABOVE, BELOW}:
        return "above the upper limit" if told == ABOVE else "below the lower limit"
    count = told.split()[0]
    if "Trend" in told:
        return f"one of {count} or more that {'rise' if 'Increasing' in told else 'fall'}"
    side = "above" if "Above" in told else "below"
    if "Points" in told:
        return f"one of {count} or more {side} the average"
    return f"one of two in three near the {'upper' if side == 'above' else 'lower'} limit"


def say(chart: Chart, settings: Settings, unit: str = "", decimals: int = 1, every: str = "") -> str:
    """One to three sentences for the last group: what it signals and why, and what the target may expect.

    `every` is the interval of the series ("day", "week", "4 weeks", "month", "quarter", "year"), or "" to speak of points.
    """
    group = chart.groups[-1]
    if len(chart.points) == 2:
        return "Two figures cannot show whether this is more than usual variation."
    if not has_limits(group):
        return _too_few(chart, every)
    if chart.variation is None:
        least = settings.rules.icon_minimum
        return f"{group.counted} of the {least} points that these rules need: no change can be told from usual variation yet."
    last = signal(chart.of_group(-1), settings.rules)
    # A mean lies between the values: one place at least, or "8 is above 8" would be read.
    average = amount(last.mean, unit, max(decimals, 1))
    if last.point_type == "common_cause":
        words = [f"No significant change: the points vary around an average of {average} as they usually do."]
    else:
        words = [f"{_KINDS[last.point_type]}: {_why(chart, last, average, every, settings.rules.shift)}."]
    if chart.assurance and settings.target is not None:
        words.append(_ASSURANCE[chart.assurance].format(target=amount(settings.target, unit, decimals)))
    return " ".join(words)


def _too_few(chart: Chart, every: str) -> str:
    counted = chart.groups[-1].counted
    if len(chart.groups) > 1:
        verb = "is" if counted == 1 else "are"
        return (
            f"Since new limits {_since(chart, every)} there {verb} {counted} of the {FEWEST_LIMITS} points that limits need; "
            "no change can be told yet."
        )
    what = "too few for a line" if has_chart(chart) else "too few to chart"
    what = "shown around their median" if stage(counted) == "run-chart" else what
    return f"{counted} of the {FEWEST_LIMITS} points that limits need: {what}. No change can be told from usual variation yet."


def _since(chart: Chart, every: str = "") -> str:
    first = chart.of_group(-1)[0].date
    return f"on {say_date(first)}" if every in {"day", "week", "4 weeks"} else f"in {say_month(first)}"


def _why(chart: Chart, point: Reading, average: str, every: str, shift: int) -> str:
    """Return why a point is special, counted back from it. Only some rule sets speak of another point than the last."""
    cause, (one, many) = point.special_cause, nouns(every)
    group = [p for p in chart.of_group(-1) if p.date <= point.date]
    last = point is chart.points[-1]
    day = f"{say_date(point.date)}"
    if cause in {ABOVE, BELOW}:
        where = "above the upper" if cause == ABOVE else "below the lower"
        return f"{f'the last {one} is' if last else f'the point of {day} is'} {where} limit of usual variation"
    if "Trend" in cause:
        rising = "Increasing" in cause
        count = _trailing([(b.value > a.value) == rising and b.value != a.value for a, b in pairwise(group)]) + 1
        return f"{_run(count, many, last, day)} each {'rise' if rising else 'fall'} from the one before"
    side = "above" if point.value > point.mean else "below"
    count = _trailing([(p.value > p.mean) == (side == "above") and p.value != p.mean for p in group])
    # Two of three comes before a shift in the labels; in words the longer run tells more.
    if "Points" in cause or count >= shift:
        return f"{_run(count, many, last, day)} are {side} the average of {average}"
    three = f"of the last three {many}" if last else f"of three {many} around {day}"
    return f"two {three} are near the limit {side} the average of {average}"


def _run(count: int, many: str, last: bool, day: str) -> str:
    return f"the last {count} {many}" if last else f"the {count} {many} up to {day}"


def _trailing(flags: Sequence[bool]) -> int:
    count = 0
    for flag in reversed(flags):
        if not flag:
            break
        count += 1
    return count


def settings_line(chart: Chart, settings: Settings) -> str:
    """The line under each chart: which settings made it, and all that differ from ours."""
    rules, group = settings.rules, chart.groups[-1]
    own = f" Rule set: {rules.name}." if rules.name != OURS.name else ""
    if not has_limits(group):
        have = f"{group.counted} of the {FEWEST_LIMITS} points that limits need"
        since = f"Since new limits {_since(chart)}" if len(chart.groups) > 1 else ""
        median = "run chart with its median" if stage_of(group) == "run-chart" else ""
        head = ", ".join(part for part in (since, median) if part)
        return f"{head[:1].upper()}{head[1:]}{': ' if head else ''}{have}.{_list(_changes(chart, settings))}{own}"
    used = [p.date for p in chart.of_group(-1) if not p.left_out][: group.used]
    how = f"mean ± {rules.factor:.6g} × average moving range, from {group.used} points ({_span(used)})"
    told = "; ".join([how, *_changes(chart, settings)])
    trial = "Trial limits" if stage_of(group) == "trial" else "Limits"
    pairs = "" if rules.beyond_counts else ", points beyond the limit not counted"
    return (
        f"XmR chart. {trial}: {told}. "
        f"Rules: outside limits; {rules.shift} on one side; {rules.trend} rising or falling; 2 of 3 near a limit{pairs}."
        f"{_list(_icon_changes(settings))}{own}"
    )


def _span(days: Sequence[date]) -> str:
    return f"{days[0]:%b %Y}–{days[-1]:%b %Y}"


def _list(parts: Sequence[str]) -> str:
    told = "; ".join(parts)
    return f" {told[0].upper()}{told[1:]}." if told else ""


def _changes(chart: Chart, settings: Settings) -> list[str]:
    """Return what is special about the limits."""
    out = sum(p.left_out for p in chart.points)
    return [
        *(["outlying moving ranges left out"] if settings.screen else []),
        *([f"limits fixed from the first {settings.baseline} points"] if settings.baseline else []),
        *([f"{out} {'point' if out == 1 else 'points'} left out"] if out else []),
    ]


def _icon_changes(settings: Settings) -> list[str]:
    """Return what is special about the icons."""
    rules = settings.rules
    return [
        *([f"icons from {rules.icon_minimum or 'any number of'} points"] if rules.icon_minimum != OURS.icon_minimum else []),
        *(["a target equal to a limit is beyond it"] if rules.target_at_limit_meets else []),
        *(["variation icon from the last special-cause point"] if rules.icon_from_last_special else []),
        *(["a flat series on its target is hit and miss"] if not rules.flat_meets else []),
    ]
