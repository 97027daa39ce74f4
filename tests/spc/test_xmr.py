"""The XmR engine: the check cases to nine digits, and what must hold for any series."""

import csv
import math
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.spc.xmr import OURS, PLOT_THE_DOTS, Chart, Direction, Settings, read
from tests.cases import DATA, cases

START = date(2022, 1, 1)
WHOLE = st.integers(-1_000, 1_000)
SERIES = st.lists(WHOLE, min_size=2, max_size=60)
DIRECTIONS: list[Direction] = ["increase", "decrease", "neither"]


def days(values: list[float] | list[int]) -> list[tuple[date, float]]:
    return [(START + timedelta(days=n), float(v)) for n, v in enumerate(values)]


def labels(chart: Chart) -> list[str]:
    return [p.special_cause for p in chart.points]


def test_every_check_case() -> None:
    assert len(cases("spc/cases")) == 50
    for case in cases("spc/cases"):
        given_, expected = case["input"], case["expected"]
        direction = {"neutral": "neither"}.get(given_["improvement_direction"], given_["improvement_direction"])
        cuts = [date.fromisoformat(d) for d in given_["rebase_dates"]]
        how = Settings(direction, given_["target"], given_["screen_outliers"], given_["fix_after_n_points"], cuts, PLOT_THE_DOTS)
        chart = read(zip(map(date.fromisoformat, given_["dates"]), given_["values"], strict=True), how)
        for ours, theirs in zip(chart.points, expected["points"], strict=True):
            for mine, other in ((ours.mean, theirs["mean"]), (ours.lower, theirs["lpl"]), (ours.upper, theirs["upl"])):
                assert mine is not None
                assert math.isclose(mine, other, rel_tol=1e-9, abs_tol=1e-9), case["id"]
            assert (ours.special_cause, ours.point_type) == (theirs["special_cause_type"], theirs["point_type"]), case["id"]
        assert (chart.variation, chart.assurance) == (expected["variation_icon"], expected["assurance"]), case["id"]


def test_the_rule_of_2023_changes_the_24_points_that_it_should() -> None:
    """In our set, points beyond the limit count for two of three."""
    rows = (DATA / "spc/two_sigma_2023_rule_differences.csv").read_text("utf-8").splitlines()[1:]
    inputs = {c["id"]: c["input"] for c in cases("spc/cases")}
    checked = 0
    for row in rows:
        name, number, _, _, before, after = row.split(",")
        if name not in inputs:
            continue
        one = inputs[name]
        series = list(zip(map(date.fromisoformat, one["dates"]), one["values"], strict=True))
        found = [
            read(series, Settings(one["improvement_direction"], screen=one["screen_outliers"], rules=rules))
            for rules in (PLOT_THE_DOTS, OURS)
        ]
        assert [labels(c)[int(number) - 1] for c in found] == [before, after], row
        checked += 1
    assert checked >= 4


def test_what_is_published_of_some_is_what_we_reckon() -> None:
    """The package's own pages and tests state these figures, rounded; the cases above are what it computes."""
    inputs = {c["id"]: c["input"] for c in cases("spc/cases")}
    with (DATA / "spc/published_known_answers.csv").open(encoding="utf-8", newline="") as file:
        stated = [row for row in csv.DictReader(file) if row["mean"]]
    assert len(stated) == 5
    for row in stated:
        one = inputs[row["case_id"]]
        how = Settings(one["improvement_direction"], screen=one["screen_outliers"], rules=PLOT_THE_DOTS)
        point = read(zip(map(date.fromisoformat, one["dates"]), one["values"], strict=True), how).points[0]
        for ours, theirs in ((point.mean, row["mean"]), (point.lower, row["lpl"]), (point.upper, row["upl"])):
            assert ours is not None
            assert round(ours, len(theirs.partition(".")[2])) == float(theirs), row["case_id"]


@settings(max_examples=150, deadline=None)
@given(SERIES, st.sampled_from([2, 4, 8]), st.integers(-500, 500), st.sampled_from(DIRECTIONS), st.booleans())
def test_shifting_or_scaling_all_values_changes_no_label(
    values: list[int], times: int, plus: int, direction: Direction, screen: bool
) -> None:
    """Powers of two and whole numbers, so that the arithmetic itself rounds nothing."""
    how = Settings(direction, screen=screen)
    before = read(days(values), how)
    moved = read(days([v * times for v in values]), how)
    assert labels(before) == labels(moved)
    assert [p.point_type for p in before.points] == [p.point_type for p in moved.points]
    shifted = read(days([v + plus for v in values]), how)
    assert labels(shifted) == labels(before)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 999), min_size=13, max_size=40), st.sampled_from([10, 100]), st.sampled_from(DIRECTIONS))
def test_decimals_are_read_as_they_are_written(tenths: list[int], parts: int, direction: Direction) -> None:
    """3.9 is no fraction that a processor holds: the same figures in tenths or hundredths must be told the same."""
    told = read(days([n / parts for n in tenths]), Settings(direction))
    whole = read(days(tenths), Settings(direction))
    assert labels(told) == labels(whole)
    exact = Fraction(sum(tenths), len(tenths) * parts)
    assert all(p.mean == float(exact) for p in told.points)


def test_thirteen_points_around_their_mean_are_no_special_cause() -> None:
    """A mean by floating point put the points on it on a side of it, and made a shift of thirteen of them."""
    on_it = read(days([98.4, 94.6, 102.2, 95.4, 97.1, 96.0, 84.1]), Settings())
    assert on_it.points[3].value == on_it.points[3].mean == 95.4
    chart = read(days([3.9, 3.9, 3.4, 5.2, 4.0, 5.4, 6.0, 6.6, 5.6, 6.6, 5.2, 5.9, 5.9]), Settings("decrease"))
    assert chart.points[0].mean == 5.2
    assert set(labels(chart)) == {"Common Cause"}


@settings(max_examples=100, deadline=None)
@given(SERIES, st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(values: list[int], random: object) -> None:
    mixed = days(values)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert read(mixed, Settings()) == read(days(values), Settings())


@settings(max_examples=100, deadline=None)
@given(st.lists(WHOLE, min_size=13, max_size=40), WHOLE, st.integers(2, 12))
def test_a_new_point_moves_no_limit_of_a_fixed_baseline(values: list[int], new: int, baseline: int) -> None:
    how = Settings(baseline=baseline)
    before, after = read(days(values), how), read(days([*values, new]), how)
    assert [(p.mean, p.lower, p.upper) for p in before.points] == [(p.mean, p.lower, p.upper) for p in after.points][:-1]


@settings(max_examples=100, deadline=None)
@given(SERIES)
def test_better_up_and_better_down_mirror_each_other(values: list[int]) -> None:
    up, down = read(days(values), Settings("increase")), read(days(values), Settings("decrease"))
    swap = {"special_cause_improvement": "special_cause_concern", "special_cause_concern": "special_cause_improvement"}
    assert [swap.get(p.point_type, p.point_type) for p in up.points] == [p.point_type for p in down.points]


@pytest.mark.parametrize(
    ("values", "target", "direction", "expected"),
    [
        ([100.0] * 14, 100, "increase", "consistent_pass"),
        ([100.0] * 14, 101, "increase", "consistent_fail"),
        ([0.0] * 14, 0, "decrease", "consistent_pass"),
        ([5.0] * 14, 4, "decrease", "consistent_fail"),
        ([0.1] * 14, 0.1, "decrease", "consistent_pass"),
        ([1.0, 2.0] * 10, 99, "decrease", "consistent_pass"),
        ([1.0, 2.0] * 10, 1.5, "increase", "inconsistent"),
        ([1.0, 2.0] * 10, 1.5, "neither", None),
        ([1.0], 1.5, "increase", None),
    ],
)
def test_assurance(values: list[float], target: float, direction: Direction, expected: str | None) -> None:
    assert read(days(values), Settings(direction, target)).assurance == expected


def test_a_run_does_not_cross_a_recalculation() -> None:
    values = [10.0, 12.0] * 7 + [20.0, 22.0] * 4
    plain = read(days(values), Settings("increase"))
    cut = read(days(values), Settings("increase", recalculate=[START + timedelta(days=14)]))
    assert any(p.special_cause != "Common Cause" for p in plain.points)
    assert {p.special_cause for p in cut.points} == {"Common Cause"}
    assert [g.size for g in cut.groups] == [14, 8]


def test_nothing_is_no_chart() -> None:
    with pytest.raises(ValueError, match="at least one"):
        read([], Settings())
