"""What a chart says, in words: from the same result as the drawing, so that the two cannot disagree."""

from itertools import pairwise

from forum.spc.xmr import ABOVE, BELOW, Chart, Reading, Settings

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
#: Fewer points than this make no chart, and fewer than that no limits (design: spc.md, part 4).
FEWEST_DRAWN, FEWEST_LIMITS, SETTLED = 6, 13, 20


def number(value: float, decimals: int = 1) -> str:
    """As it stands in a text: thousands parted, no needless noughts."""
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def stage(points: int) -> str:
    """What so many points allow: "table", "run-chart", "trial" limits, or "limits"."""
    if points < FEWEST_DRAWN:
        return "table"
    if points < FEWEST_LIMITS:
        return "run-chart"
    return "trial" if points < SETTLED else "limits"


def say(chart: Chart, settings: Settings, unit: str = "", decimals: int = 1) -> str:
    """Two or three sentences for the last point: what it signals and why, and what the target may expect."""
    last, shown = chart.points[-1], stage(len(chart.points))
    if shown in {"table", "run-chart"}:
        what = "too few to chart" if shown == "table" else "shown around their median"
        have = f"{len(chart.points)} of the {FEWEST_LIMITS} points that limits need"
        return f"{have}: {what}. No change can be told from usual variation yet."
    average = f"{number(last.mean, decimals)}{_unit(unit)}"
    if last.point_type == "common_cause":
        first = f"No significant change: the points vary around an average of {average} as they usually do."
    else:
        first = f"{_KINDS[last.point_type]}: {_why(chart, last, average)}."
    words = [first]
    if chart.assurance and settings.target is not None:
        words.append(_ASSURANCE[chart.assurance].format(target=f"{number(settings.target, decimals)}{_unit(unit)}"))
    return " ".join(words)


def _unit(unit: str) -> str:
    return "" if not unit else unit if unit == "%" else f" {unit}"


def _why(chart: Chart, last: Reading, average: str) -> str:
    cause = last.special_cause
    group = [p for p in chart.points if p.group == last.group]
    if cause in {ABOVE, BELOW}:
        return f"the last point is {'above the upper' if cause == ABOVE else 'below the lower'} limit of usual variation"
    if "Trend" in cause:
        rising = "Increasing" in cause
        count = _trailing([(b.value > a.value) == rising and b.value != a.value for a, b in pairwise(group)])
        return f"the last {count + 1} points each {'rise' if rising else 'fall'} from the one before"
    side = "above" if last.value > last.mean else "below"
    if "Points" in cause:
        count = _trailing([(p.value > p.mean) == (side == "above") and p.value != p.mean for p in group])
        return f"the last {count} points are {side} the average of {average}"
    return f"two of the last three points are near the limit {side} the average of {average}"


def _trailing(flags: list[bool]) -> int:
    count = 0
    for flag in reversed(flags):
        if not flag:
            break
        count += 1
    return count


def settings_line(chart: Chart, settings: Settings) -> str:
    """The line under each chart: which settings made it (design: spc.md, part 6)."""
    if stage(len(chart.points)) == "run-chart":
        return f"Run chart with its median: {len(chart.points)} of the {FEWEST_LIMITS} points that limits need."
    rules, group = settings.rules, chart.groups[-1]
    used = [p for p in chart.points if p.group == len(chart.groups) - 1][: group.used]
    span = f"{used[0].date:%b %Y}–{used[-1].date:%b %Y}"
    screened = ", outlying moving ranges left out" if settings.screen else ""
    pairs = "" if rules.beyond_counts else ", points beyond the limit not counted"
    trial = "Trial limits" if stage(len(chart.points)) == "trial" else "Limits"
    return (
        f"XmR chart. {trial}: mean ± {rules.factor} × average moving range{screened}, from {group.used} points ({span}). "
        f"Rules: outside limits; {rules.shift} on one side; {rules.trend} rising or falling; 2 of 3 near a limit{pairs}."
    )
