"""Numerators, denominators and notes beside the values, and what may be a slip or point to a person."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.spc.read.series import Point, Series, gaps, read_rows, read_text, small_counts

MARCH = date(2025, 3, 1)


def only(found: Series) -> Point:
    assert found.sound, found.problems
    (point,) = found.points
    return point


def told(found: Series) -> str:
    return " ".join(p.message for p in found.problems)


@pytest.mark.parametrize(
    "text",
    [
        "2025-03,45,9,20,Ward closed",
        "2025-03\t45\t9\t20\tWard closed",
        "2025-03;45;9;20;Ward closed",
        "2025-03,,9,20,Ward closed",
        "Falls on the ward\n2025-03,45,9,20,Ward closed",
    ],
)
def test_columns_by_place(text: str) -> None:
    assert only(read_text(text, percent=True)) == Point(MARCH, 45.0, 9.0, 20.0, "Ward closed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Month,Falls\n2025-03,4", Point(MARCH, 4.0)),
        ("2025-03,4,rota; new,and more", Point(MARCH, 4.0, note="rota; new and more")),
        ('2025-03,"1,234","He said ""so"", twice"', Point(MARCH, 1234.0, note='He said "so", twice')),
        ("2025-03,4,5", Point(MARCH, 4.0, note="5")),
        ("2025-03\t\t4", Point(MARCH, 4.0)),
        ("1 Mar 2025  4  1  2  late", Point(MARCH, 4.0, 1.0, 2.0, "late")),
        ("2025-03,,1,4", Point(MARCH, 0.25, 1.0, 4.0)),
    ],
)
def test_shapes_of_tables(text: str, expected: Point) -> None:
    assert only(read_text(text)) == expected


def test_rows_of_a_spreadsheet() -> None:
    rows = [(1, ["Week", None, "Numerator", "Denominator"]), (2, [date(2025, 3, 1), None, 9, 20]), (3, [None, None, None, None])]
    assert only(read_rows(rows, percent=True)) == Point(MARCH, 45.0, 9.0, 20.0)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2025-03,,1,0", "The denominator is 0; it has to be more than 0."),
        ("2025-03,1,1,-2", "The denominator is -2; it has to be more than 0."),
        ("2025-03,,many,5", "“many” is not a number."),
        ("2025-03,,1e14,1e-300", "Numerator by denominator is too large to draw."),
        ("2025-03,", "There is no value beside the date."),
    ],
)
def test_what_stops(line: str, message: str) -> None:
    found = read_text("Date,Value,Numerator,Denominator\n" + line)
    assert [(p.line, p.message) for p in found.problems if p.stops] == [(2, message)]


@pytest.mark.parametrize(
    ("given_", "agrees"), [("33", True), ("33.3", True), ("33.33%", True), ("34", False), ("33.4", False), ("0.33", False)]
)
def test_percentages_are_worked_out_again(given_: str, agrees: bool) -> None:
    found = read_text(f"2025-03,{given_},1,3", percent=True)
    assert found.sound
    assert ("but 1 of 3 is 33.3" in told(found)) is not agrees
    assert "1 of 3" not in told(read_text(f"2025-03,{given_},1,3"))


def test_percentages_beyond_their_range() -> None:
    text = "\n".join(f"{year},{value}" for year, value in zip(["2025-01", "2025-02", "2025-03"], [101, -1, 100], strict=True))
    found = read_text(text, percent=True)
    assert found.sound
    assert [(p.line, p.message) for p in found.problems[:2]] == [
        (1, "101% on 1 January 2025 is not between 0% and 100%."),
        (2, "-1% on 1 February 2025 is not between 0% and 100%."),
    ]
    assert "between" not in told(read_text(text))


def test_small_counts_of_people() -> None:
    points = [Point(date(2025, m, 1), float(m)) for m in range(1, 7)]
    found = [p.message for p in small_counts(points, people=True)]
    assert len(found) == 4
    assert found[2] == (
        "3 on 1 March 2025: counts of 1 to 4 may point to a person. Join periods (a quarter instead of months), or leave it out."
    )
    assert small_counts(points, people=False) == []
    many = small_counts([Point(date(2025, m, 1), 2.0) for m in range(1, 10)], people=True)
    assert (len(many), many[-1].message, many[-1].stops) == (6, "and 4 more", False)
    shares = [Point(MARCH, 4.0, 40.0, 1000.0), Point(MARCH, 2.5), Point(MARCH, 50.0, 1.0, 2.0)]
    assert [p.message[:4] for p in small_counts(shares, people=True)] == ["1 on"]


@pytest.mark.parametrize(
    ("every", "days", "expected"),
    [
        ("month", [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)], []),
        ("month", [date(2025, 1, 31), date(2025, 3, 1)], ["There is a gap before 1 March 2025: 1 month is missing."]),
        ("month", [date(2024, 12, 1), date(2025, 3, 1)], ["There is a gap before 1 March 2025: 2 months are missing."]),
        (
            "quarter",
            [date(2025, 1, 1), date(2025, 4, 1), date(2025, 10, 1)],
            ["There is a gap before 1 October 2025: 1 quarter is missing."],
        ),
        (
            "4 weeks",
            [date(2025, 1, 1), date(2025, 2, 26)],
            ["There is a gap before 26 February 2025: 1 four-week period is missing."],
        ),
        ("week", [date(2025, 1, 1), date(2025, 1, 8), date(2025, 1, 16)], []),
        (
            "year",
            [date(2022, 4, 1), date(2023, 3, 31), date(2025, 4, 1)],
            ["There is a gap before 1 April 2025: 1 year is missing."],
        ),
        ("day", [date(2025, 1, 1), date(2025, 1, 3)], ["There is a gap before 3 January 2025: 1 day is missing."]),
        ("", [date(2025, 1, 1), date(2025, 9, 1)], []),
    ],
)
def test_gaps_by_the_interval(every: str, days: list[date], expected: list[str]) -> None:
    points = [Point(day, 1.0) for day in days]
    assert [p.message for p in gaps(points, every)] == expected
    assert all(message in told(read_text("\n".join(f"{day},1" for day in days), every=every)) for message in expected)


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (1, "There is 1 point. Limits need 13 and a run chart 6; until then only a table is shown."),
        (5, "There are 5 points. Limits need 13 and a run chart 6; until then only a table is shown."),
        (8, "There are 8 points. Limits need 13; until then it is a run chart."),
        (13, ""),
    ],
)
def test_too_few_points_are_told(count: int, message: str) -> None:
    found = read_text("\n".join(f"2025-01-{n:02},5" for n in range(1, count + 1)))
    assert found.sound
    assert told(found) == message


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.floats(), st.integers(), st.dates(), st.text(max_size=12), st.sampled_from(["Month", "total", "number", "2025-01"])), max_size=6), max_size=8), st.booleans())  # fmt: skip
def test_no_rows_break_it(rows: list[list[object]], percent: bool) -> None:
    found = read_rows(list(enumerate(rows, 1)), percent)
    assert [p.date for p in found.points] == sorted({p.date for p in found.points})


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(-999, 999)), min_size=1, max_size=20, unique_by=lambda p: p[0]), st.randoms(use_true_random=False))  # fmt: skip
def test_the_order_of_lines_does_not_matter(pairs: list[tuple[date, int]], random: object) -> None:
    mixed = list(pairs)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    texts = ["\n".join(f"{day},{value},note {value}" for day, value in some) for some in (pairs, mixed)]
    assert read_text(texts[0]).points == read_text(texts[1]).points


def test_a_cell_larger_than_a_csv_reader_takes() -> None:
    assert not read_text("2025-01," + "x" * 150_000).sound
