"""Months by years: one series in order of date, whichever of the two stands across; what is not sure is asked or refused."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.tables.reading import each
from forum.tables.results import Wanted
from forum.tables.text import sheet_of_text
from tests.tables.test_reading import TODAY, asked, reading, refusal, values

CALENDAR = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FINANCIAL = CALENDAR[3:] + CALENDAR[:3]


def down(years: list[str], months: tuple[str, ...], cells: dict[tuple[str, str], Any]) -> list[list[str]]:
    """Months down and years across."""
    return [["Month", *years], *([month, *(str(cells.get((year, month), "")) for year in years)] for month in months)]


def across(years: list[str], months: tuple[str, ...], cells: dict[tuple[str, str], Any]) -> list[list[str]]:
    return [["Year", *months], *([year, *(str(cells.get((year, month), "")) for month in months)] for year in years)]


def text(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def days(found: Any) -> list[tuple[date, Any]]:
    return [(p.date, p.value) for p in found.points]


#: Twenty months of two financial years, of which the second is not over.
TWO = {
    (year, month): n + 12 * y
    for y, year in enumerate(("2022/23", "2023/24"))
    for n, month in enumerate(FINANCIAL)
    if y == 0 or n < 8
}


@pytest.mark.parametrize("way", [down, across])
def test_months_by_financial_years(way: Any) -> None:
    found = reading(text(way(["2022/23", "2023/24"], FINANCIAL, TWO)))
    assert [p.value for p in found.points] == list(range(20))
    assert (found.points[0].date, found.points[9].date, found.points[-1].date) == (
        date(2022, 4, 1),
        date(2023, 1, 1),
        date(2023, 11, 1),
    )
    assert ("4 months without a figure", "not filled in yet") in [(out.text, out.why) for out in found.left_out]
    assert found.questions[-1].chosen == "Read them"


@pytest.mark.parametrize("names", [CALENDAR, ("January", "February", "March", *CALENDAR[3:])])
def test_months_by_calendar_years_newest_first(names: tuple[str, ...]) -> None:
    cells = {(year, month): n + 12 * y for y, year in enumerate(("2023", "2024")) for n, month in enumerate(names)}
    assert days(reading(text(down(["2024", "2023"], names, cells)))) == [
        (date(2023 + n // 12, n % 12 + 1, 1), n) for n in range(24)
    ]


def test_the_months_of_a_financial_year_may_stand_in_any_order() -> None:
    cells = {("2023/24", month): n for n, month in enumerate(CALENDAR)}
    found = reading(text(down(["2023/24"], CALENDAR, cells)))
    assert days(found)[0] == (date(2023, 4, 1), 3)
    assert days(found)[-1] == (date(2024, 3, 1), 2)


def test_years_that_do_not_say_that_they_begin_in_april_are_asked_about() -> None:
    cells = {(year, month): n for year in ("2023", "2024") for n, month in enumerate(FINANCIAL)}
    grid = text(down(["2023", "2024"], FINANCIAL, cells))
    question = asked(grid)
    assert [choice.option for choice in question.choices] == [(("dates", "financial-year"),), (("dates", "calendar-year"),)]
    assert days(reading(grid, dates="financial-year"))[9][0] == date(2024, 1, 1)
    assert days(reading(grid, dates="calendar-year"))[0] == (date(2023, 1, 1), 9)


def test_totals_and_averages_are_left_out_with_the_reason() -> None:
    rows = down(["2022/23", "2023/24"], FINANCIAL, TWO)
    grid = text(
        [["Falls on Ward 7"], [*rows[0], "Total", "Target"], *([*row, "9", "4"] for row in rows[1:]), ["Total", "66", "99"]]
    )
    found = reading(grid)
    assert [p.value for p in found.points] == list(range(20))
    assert {(out.text, out.why) for out in found.left_out} >= {
        ("Falls on Ward 7", "title"),
        ("column “Total”", "total"),
        ("column “Target”", "no month or year"),
        ("Total 66 99", "total"),
    }


def test_years_over_their_months() -> None:
    over = ["", "2022/23", *[""] * 12, "2023/24"]
    grid = text([over, ["Measure", *FINANCIAL, "Total", *FINANCIAL[:3]], ["Falls", *map(str, range(12)), "66", "12", "13", "14"]])
    assert days(reading(grid))[11:13] == [(date(2023, 3, 1), 11), (date(2023, 4, 1), 12)]
    centred = text([["", "", "2022/23"], ["Measure", *FINANCIAL[:4]], ["Falls", "1", "2", "3", "4"]])
    assert "no year" in refusal(centred)


@pytest.mark.parametrize("way", [down, across])
def test_several_series_of_a_grid_are_asked_for_and_each_can_be_made(way: Any) -> None:
    rows = way(["2022/23", "2023/24"], FINANCIAL, TWO)
    grid = [["Ward", *rows[0]]]
    for place, ward in enumerate(("North", "South")):
        grid += [
            [ward if n == 0 else "", row[0], *(str(int(c) + 100 * place) if c else "" for c in row[1:])]
            for n, row in enumerate(rows[1:])
        ]
    assert [choice.words for choice in asked(text(grid)).choices] == ["North", "South"]
    _, series = each([sheet_of_text(text(grid))], "count", Wanted(), TODAY)
    assert [(one.name, [p.value for p in one.reading.points]) for one in series if one.reading] == [
        ("North", list(range(20))),
        ("South", list(range(100, 120))),
    ]


def test_several_grids_are_refused() -> None:
    grid = text(down(["2022/23", "2023/24"], FINANCIAL, TWO))
    assert "several grids" in refusal(f"Falls\n{grid}\n\nUlcers\n{grid}")


def test_quarters_by_years_and_apart() -> None:
    grid = "Year\tQ1\tQ2\tQ3\tQ4\n2022/23\t1\t2\t3\t4\n2023/24\t5\t6"
    assert [day for day, _ in days(reading(grid))][3:] == [date(2023, 1, 1), date(2023, 4, 1), date(2023, 7, 1)]
    assert values("Financial year\tQuarter\tn\n2022/23\tQ4\t1\n2023/24\tQ1\t2") == [1, 2]


@given(
    first=st.integers(2010, 2022),
    count=st.integers(1, 3),
    filled=st.integers(4, 36),
    way=st.sampled_from([down, across]),
    financial=st.booleans(),
    turn=st.integers(0, 11),
    total=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_any_grid_gives_its_series_in_order_of_date_or_a_question(
    first: int, count: int, filled: int, way: Any, financial: bool, turn: int, total: bool
) -> None:
    order = CALENDAR[turn:] + CALENDAR[:turn]
    usual = FINANCIAL if financial else CALENDAR
    names = [f"{year}/{(year + 1) % 100:02}" if financial else str(year) for year in range(first, first + count)]
    cells = {pair: n for n, pair in enumerate([(year, month) for year in names for month in usual][:filled])}
    rows = way(names, order, cells)
    if total:
        rows = [[*row, "Total" if n == 0 else "9"] for n, row in enumerate(rows)]
    found = reading(text(rows))
    if found.open is not None:
        assert not financial
        return
    start = 4 if financial else 1
    right = {date(first + (start - 1 + n) // 12, (start - 1 + n) % 12 + 1, 1): n for n in cells.values()}
    assert {p.date: p.value for p in found.points if p.value is not None} == right
