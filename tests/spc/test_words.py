"""What a chart says: from the same result as the drawing, for the last group, in the units of the series."""

import re
from datetime import timedelta

import pytest

from forum.spc.amounts import amount, brief
from forum.spc.summary import say, settings_line, stage
from forum.spc.xmr import ABSPC, PLOT_THE_DOTS, Settings, read
from tests.spc.test_drawing import START, series, wave


def words(values: list[float], how: Settings, unit: str = "", every: str = "") -> str:
    return say(read(series(values), how), how, unit, every=every)


def line(values: list[float], how: Settings) -> str:
    return settings_line(read(series(values), how), how)


def cut(place: int) -> Settings:
    return Settings("decrease", recalculate=[START + timedelta(days=30 * place)])


def test_the_words_say_what_the_chart_shows() -> None:
    down = Settings("decrease")
    lower = [*wave(40), 55.0, *[44.0] * 8]
    assert words(lower, down).startswith("Special-cause improvement: the last 8 points are below the average of")
    months = words([*wave(40), *[44.0] * 8], down, "days", "month")
    assert re.search(r": the last 8 months are below the average of 4\d(\.\d)? days\.$", months)
    assert "the last 8 four-week periods are below" in words(lower, down, every="4 weeks")
    assert "No significant change" in words(wave(20), down)
    assert "the last point is above the upper limit" in words([*wave(20), 200.0], down)
    assert "the last quarter is above the upper limit" in words([*wave(20), 200.0], down, every="quarter")
    rising = words([*wave(20), 41, 43, 45, 47, 49, 51, 53], Settings("increase"), every="week")
    assert "the last 7 weeks each rise from the one before" in rising
    assert "will not be met" in words(wave(20), Settings("increase", target=500))
    assert "lies within the limits" in words(wave(20), Settings("increase", target=50))


def test_too_few_to_tell() -> None:
    how = Settings("increase", target=50)
    assert words([1.0, 2.0], how) == "Two figures cannot show whether this is more than usual variation."
    assert words(wave(5), how).startswith("5 of the 13 points that limits need: too few to chart.")
    assert words(wave(6), how).startswith("6 of the 13 points that limits need: shown around their median.")


@pytest.mark.parametrize(("after", "verb"), [(1, "is 1"), (4, "are 4"), (12, "are 12")])
def test_words_are_about_the_last_group(after: int, verb: str) -> None:
    told = words([*wave(20), *wave(after)], cut(20))
    assert told == f"Since new limits in August 2024 there {verb} of the 13 points that limits need; no change can be told yet."
    assert "No significant change" in words([*wave(20), *wave(13)], cut(20))
    assert line([*wave(20), *wave(13)], cut(20)).startswith("XmR chart. Trial limits")
    assert line([*wave(20), *wave(after)], cut(20)).startswith("Since new limits in August 2024")
    assert "Since new limits on 23 August 2024" in words([*wave(20), *wave(4)], cut(20), every="day")


@pytest.mark.parametrize(("count", "expected"), [(1, "table"), (5, "table"), (6, "run-chart"), (12, "run-chart"), (13, "trial"), (19, "trial"), (20, "limits")])  # fmt: skip
def test_how_much_so_many_points_allow(count: int, expected: str) -> None:
    assert stage(count) == expected


def test_points_left_out_do_not_count_towards_limits() -> None:
    assert "12 of the 13 points" in words(wave(13), Settings(left_out=[START]))


def test_the_line_below_names_the_settings() -> None:
    plain = line(wave(20), Settings())
    assert plain == (
        "XmR chart. Limits: mean ± 2.66 × average moving range, from 20 points (Jan 2023–Jul 2024). "
        "Rules: outside limits; 7 on one side; 7 rising or falling; 2 of 3 near a limit."
    )
    told = line(wave(21), Settings(screen=True, baseline=12, left_out=[START, START + timedelta(days=30)], rules=ABSPC))
    for part in (
        "mean ± 2.65957 ×",
        "from 12 points (Mar 2023–",
        "outlying moving ranges left out",
        "limits fixed from the first 12 points",
        "2 points left out",
        "8 on one side; 6 rising",
        "Icons from 15 points",
        "Rule set: abspc-1.1.0.",
    ):
        assert part in told, told
    assert "1 point left out" in line(wave(21), Settings(left_out=[START]))
    assert "Rule set: nhsrplotthedots-0.2.2." in line(wave(8), Settings(rules=PLOT_THE_DOTS))


def test_rule_sets_with_icons_of_their_own() -> None:
    how = Settings("increase", rules=ABSPC)
    assert words(wave(14), how).startswith("14 of the 15 points that these rules need")
    assert words([*wave(20), 200.0, *wave(2)], how).startswith(
        "Special-cause improvement: the point of 23 August 2024 is above the upper limit"
    )


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1200, "£", "£1,200"),
        (-5, "£", "-£5"),
        (45, "%", "45%"),
        (3.2, "days", "3.2 days"),
        (-0.01, "", "0"),
        (7, "£ million", "£7 million"),
    ],
)
def test_numbers_with_their_unit(value: float, unit: str, expected: str) -> None:
    assert amount(value, unit) == expected


def test_numbers_where_there_is_little_room() -> None:
    assert [brief(v, u) for v, u in ((1.25e6, "£"), (45.0, "%"), (3.2, "days"), (0.0, ""), (4.5e-8, ""))] == [
        "£1.2m",
        "45%",
        "3.2",
        "0",
        "4.5e-08",
    ]
