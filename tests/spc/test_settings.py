"""The named settings in which tools differ, and points that do not count."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forum.spc.xmr import ABSPC, NHS_ENGLAND_EXCEL, OURS, PLOT_THE_DOTS, RULES, Direction, Rules, Settings, read
from tests.spc.test_xmr import SERIES, START, WHOLE, days, labels

UPPER = 1.5 + 2.66
"""The upper limit of 1, 2, 1, 2 and so on."""


def test_the_rule_sets_are_those_of_the_table() -> None:
    assert list(RULES) == ["ours", "nhsrplotthedots-0.2.2", "nhs-england-excel", "abspc-1.1.0"]
    sets = (OURS, PLOT_THE_DOTS, NHS_ENGLAND_EXCEL, ABSPC)
    table = [(r.shift, r.trend, r.beyond_counts, r.icon_minimum, r.target_at_limit_meets, r.icon_from_last_special) for r in sets]
    assert table == [
        (7, 7, True, 13, False, False),
        (7, 7, False, 0, False, False),
        (7, 7, True, 13, True, False),
        (8, 6, False, 15, True, True),
    ]
    assert [r.factor for r in sets] == [2.66, 2.66, 2.66, 3 / 1.128]


@pytest.mark.parametrize(("rules", "count", "icons"), [(OURS, 12, False), (OURS, 13, True), (PLOT_THE_DOTS, 2, True), (ABSPC, 14, False), (ABSPC, 15, True)])  # fmt: skip
def test_icons_from_so_many_points_on(rules: Rules, count: int, icons: bool) -> None:
    chart = read(days([1.0, 2.0] * 10)[:count], Settings("increase", 1.5, rules=rules))
    assert (chart.variation is not None, chart.assurance is not None) == (icons, icons)


def test_icons_need_points_in_the_last_group() -> None:
    how = Settings("increase", 1.5, recalculate=[START + timedelta(days=14)])
    chart = read(days([1.0, 2.0] * 12), how)
    assert [g.size for g in chart.groups] == [14, 10]
    assert (chart.variation, chart.assurance) == (None, None)
    before = read(days([1.0, 2.0] * 12), Settings("increase", 1.5))
    assert (before.variation, before.assurance) == ("common_cause", "inconsistent")


@pytest.mark.parametrize(("direction", "rules", "expected"), [("increase", OURS, "inconsistent"), ("increase", NHS_ENGLAND_EXCEL, "consistent_fail"), ("decrease", NHS_ENGLAND_EXCEL, "consistent_pass")])  # fmt: skip
def test_a_target_equal_to_a_limit(direction: Direction, rules: Rules, expected: str) -> None:
    series = days([1.0, 2.0] * 10)
    upper = read(series, Settings()).groups[0].upper
    assert upper == pytest.approx(UPPER)
    assert read(series, Settings(direction, upper, rules=rules)).assurance == expected


@pytest.mark.parametrize("rules", [OURS, NHS_ENGLAND_EXCEL, ABSPC])
def test_always_on_target_is_passing(rules: Rules) -> None:
    assert read(days([100.0] * 16), Settings("increase", 100, rules=rules)).assurance == "consistent_pass"


def test_the_icon_of_the_last_special_cause() -> None:
    series = days([*[1.0, 2.0] * 8, 20.0, 1.0, 2.0])
    assert read(series, Settings("increase")).variation == "common_cause"
    assert read(series, Settings("increase", rules=ABSPC)).variation == "improvement_high"


def test_outlying_moving_ranges_are_left_out_where_somebody_asks() -> None:
    series = days([1.0, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    reach = {screen: read(series, Settings(screen=screen, rules=PLOT_THE_DOTS)).groups[0].upper for screen in (True, False)}
    assert reach == {True: pytest.approx(4.60, abs=0.01), False: pytest.approx(6.95, abs=0.01)}


def test_the_limit_of_moving_ranges() -> None:
    assert read(days([1.0, 3.0, 1.0]), Settings()).groups[0].moving_range_limit == pytest.approx(2 * 3.268)
    assert read(days([1.0]), Settings()).groups[0].moving_range_limit is None


@settings(max_examples=100, deadline=None)
@given(SERIES)
def test_leaving_out_nothing_changes_nothing(values: list[int]) -> None:
    elsewhere = Settings(left_out=[START - timedelta(days=1)])
    assert read(days(values), elsewhere) == read(days(values), Settings())


@settings(max_examples=100, deadline=None)
@given(SERIES, st.sets(st.integers(0, 59), max_size=8), WHOLE, st.one_of(st.none(), st.integers(2, 12)), st.booleans())
def test_a_point_left_out_never_moves_a_limit(
    values: list[int], places: set[int], other: int, baseline: int | None, screen: bool
) -> None:
    assume(any(n not in places for n in range(len(values))))
    how = Settings(screen=screen, baseline=baseline, left_out=[START + timedelta(days=n) for n in places])
    first, second = read(days(values), how), read(days([other if n in places else v for n, v in enumerate(values)]), how)
    assert first.groups == second.groups
    assert [p.left_out for p in first.points] == [n in places for n in range(len(values))]


def test_neighbours_of_a_point_left_out_follow_each_other() -> None:
    how = Settings(left_out=[START + timedelta(days=3)])
    group = read(days([1.0, 3.0, 1.0, 99.0, 4.0]), how).groups[0]
    assert (group.size, group.used, group.counted, group.mean, group.moving_range) == (5, 4, 4, 2.25, pytest.approx(7 / 3))


def test_a_point_left_out_is_tested_all_the_same() -> None:
    chart = read(days([*[1.0, 2.0] * 8, 99.0]), Settings(left_out=[START + timedelta(days=16)]))
    assert labels(chart)[-1] == "Above UCL"
    assert chart.points[-1].left_out


def test_with_nothing_that_counts_there_are_no_limits() -> None:
    chart = read(days([1.0, 2.0]), Settings(left_out=[START, START + timedelta(days=1)]))
    assert (chart.groups[0].mean, chart.groups[0].upper, chart.groups[0].counted) == (1.5, None, 0)
    assert isinstance(chart.points[0].date, date)


def test_equal_values_lie_on_their_mean() -> None:
    """0.1 twenty times over adds up to a little more than 2."""
    assert set(labels(read(days([0.1] * 20), Settings()))) == {"Common Cause"}
