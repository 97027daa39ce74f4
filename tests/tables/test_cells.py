"""Single cells and columns of dates: what each way to write them means."""

from datetime import date

import pytest

from forum.tables import dates, values

DATES = {
    "2024-03-01": date(2024, 3, 1), "1 March 2024": date(2024, 3, 1), "1st Mar 24": date(2024, 3, 1), "March 1, 2024": date(2024, 3, 1),
    "Mar-24": date(2024, 3, 1), "Mar–24": date(2024, 3, 1), "Sept 2023": date(2023, 9, 1), "2023 Sep": date(2023, 9, 1),
    "2024M03": date(2024, 3, 1), "03/2024": date(2024, 3, 1), "202403": date(2024, 3, 1), "20240301": date(2024, 3, 1),
    "Mon 04 Mar 2024": date(2024, 3, 4), "w/e 31/03/24": date(2024, 3, 31), "Week ending 31 March 2024": date(2024, 3, 31),
    "2024-W10": date(2024, 3, 4), "2008/09": date(2008, 4, 1), "1999/2000": date(1999, 4, 1), "FY 2023/24": date(2023, 4, 1),
    "Q2 2023/24": date(2023, 7, 1), "2023/24 Q4": date(2024, 1, 1), "Q3 2024": date(2024, 7, 1), "Apr-Jun 2024": date(2024, 4, 1),
    "Nov 2023 to Jan 2024": date(2023, 11, 1), "2019": date(2019, 1, 1), "45352": date(2024, 3, 1), "2024-03-01T00:00:00Z": date(2024, 3, 1),
    "MSitAE-MARCH-2024": date(2024, 3, 1), "31/12/2023 14:30": date(2023, 12, 31),
}  # fmt: skip


@pytest.mark.parametrize("cell", DATES)
def test_dates(cell: str) -> None:
    assert dates.read([cell]).dates == (DATES[cell],)


@pytest.mark.parametrize("cell", ["", "falls", "5", "12.5", "Total", "32/13/2024", "2024-13-01", "1899", "12345678901", "Ward 7"])
def test_what_is_no_date(cell: str) -> None:
    assert dates.read([cell]).dates == (None,)


def test_a_mark_beside_a_date_is_told() -> None:
    assert dates.read(["Aug-24(p)"]).marks == ("provisional",)


@pytest.mark.parametrize(
    ("cells", "reading", "other", "equal"),
    [
        (["2005-06", "2006-07", "2007-08"], dates.FINANCIAL, dates.YEAR_MONTH, False),
        (["2024-01", "2024-02", "2024-03"], dates.YEAR_MONTH, "", False),
        (["04/01/2023", "05/01/2023", "06/01/2023"], dates.DAY_FIRST, dates.MONTH_FIRST, True),
        (["01/04/2023", "01/05/2023", "01/06/2023"], dates.DAY_FIRST, dates.MONTH_FIRST, False),
        (["13/04/2023", "01/05/2023"], dates.DAY_FIRST, "", False),
        (["04/13/2023", "05/01/2023"], dates.MONTH_FIRST, "", False),
    ],
)
def test_what_one_cell_leaves_open_the_column_decides(cells: list[str], reading: str, other: str, equal: bool) -> None:
    found = dates.read(cells)
    assert (found.reading, found.other, found.equal) == (reading, other, equal)


VALUES = {
    "5": (5, ""), "5.33": (5.33, ""), "(10)": (-10, ""), "−4": (-4, ""), "£1,234": (1234, ""), "£12k": (12_000, ""), "1.2m": (1_200_000, ""),
    "3,5": (3.5, ""), "12 345": (12_345, ""), "60.0%": (60, ""), "76*": (76, "marked *"), "76 [r]": (76, "revised"), "1e3": (1000, ""),
    "<5": (None, "suppressed: <5"), "≤ 5": (None, "suppressed: ≤5"), "*": (None, "suppressed"), "[c]": (None, "suppressed"),
    "n/a": (None, "not available"), "[z]": (None, "not applicable"), "-": (None, "missing"), "..": (None, "missing"),
    "#DIV/0!": (None, "error: #DIV/0!"), "": (None, ""),
}  # fmt: skip


@pytest.mark.parametrize("cell", VALUES)
def test_values(cell: str) -> None:
    found = values.read(cell)
    assert found is not None
    assert (found.number, found.note) == VALUES[cell]


@pytest.mark.parametrize("cell", ["five", "12 34", "1.2.3", "5 of 7", "Ward 7", "1e999", "=A1", "5-7", "₅"])
def test_words_are_no_values(cell: str) -> None:
    assert values.read(cell) is None
