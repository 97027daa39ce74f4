"""Reading what people paste: dates as they write them, and every problem at its line."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.spc.read.series import read_text, to_date, to_value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03", date(2026, 3, 1)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-03-31T00:00:00", date(2026, 3, 31)),
        ("Mar-26", date(2026, 3, 1)),
        ("March 2026", date(2026, 3, 1)),
        ("sept 2025", date(2025, 9, 1)),
        ("01/03/2026", date(2026, 3, 1)),
        ("13/03/26", date(2026, 3, 13)),
        ("3/13/2026", None),
        ("1 Mar 2026", date(2026, 3, 1)),
        ("1st March 2026", date(2026, 3, 1)),
        ("31/02/2026", None),
        ("soon", None),
        ("", None),
        (datetime(2026, 3, 1, 4), date(2026, 3, 1)),
    ],
)
def test_dates_day_first(text: object, expected: date | None) -> None:
    assert to_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234.5", 1234.5),
        ("12.5%", 12.5),
        ("£3", 3.0),
        ("\u22125", -5.0),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1,23", None),
        ("nan", None),
        ("1e400", None),
        ("n/a", None),
        ("-", None),
        ("e5", None),
        (True, None),
        (7, 7.0),
    ],
)
def test_values(text: object, expected: float | None) -> None:
    assert to_value(text) == expected


@pytest.mark.parametrize("separator", ["\t", ",", ";", "  "])
def test_two_columns_however_they_are_parted(separator: str) -> None:
    lines = ["Month" + separator + "Falls", *(f"2025-{m:02}{separator}{m * 10}" for m in range(1, 13))]
    found = read_text("\r\n".join(lines))
    assert found.sound, found.problems
    assert found.pairs[0] == (date(2025, 1, 1), 10.0)
    assert len(found.points) == 12


def test_each_problem_has_its_line() -> None:
    found = read_text("date,value\n2025-01,1\n2025-01,2\nsoon,3\n2025-03\n2025-04,many\n")
    assert [(p.line, p.stops) for p in found.problems if p.stops] == [(3, True), (4, True), (5, True), (6, True)]
    assert "there twice" in found.problems[0].message
    assert not found.sound


def test_gaps_and_slips_are_warnings() -> None:
    months = [f"2025-{m:02},{10 if m != 6 else 1000}" for m in range(1, 13) if m != 9]
    found = read_text("\n".join(months))
    assert found.sound
    told = " ".join(p.message for p in found.problems)
    assert "gap before 1 October 2025" in told
    assert "1,000 on 1 June 2025 is far out of scale" in told


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    found = read_text(text)
    assert list(found.pairs) == sorted(found.pairs)
