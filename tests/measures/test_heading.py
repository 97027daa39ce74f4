"""The first rows of a sheet on the page: which of them is the heading, and another that is chosen instead."""

import re
from io import BytesIO

from openpyxl import Workbook

from tests.measures.test_what_we_read import MONTHS, again, figures, look
from tests.page import Page, Person
from tests.stories import draft

LINES = "\n".join(f"{month} 2024\t{n}" for n, month in enumerate(MONTHS, 5))


def heading(page: Page) -> str:
    """What the row that is ticked as the heading says."""
    found = re.search(r'name="read_heading"\s+value="[^"]*" checked>\s*<label[^>]*>([^<]*)<', page.html)
    return found[1] if found else ""


def test_the_first_rows_are_shown_and_the_heading_among_them(author: Person) -> None:
    page = look(author, draft(author), figures=f"Falls on Ward 7\nWard 7\tReport 2\n\nMonth\tFalls\n{LINES}")
    assert heading(page) == "Row 4"
    assert "<td>Report 2</td>" in page.html
    assert "Row 10" not in page.html.partition("No row is the heading</label>")[0], "a few rows are enough"


def test_another_row_or_none_can_be_the_heading_and_the_choice_stays(author: Person) -> None:
    url = draft(author)
    page = look(author, url, figures=f"Month\tFalls\n{LINES}")
    assert (heading(page), figures(page)[0]) == ("Row 1", "2024-01-01\t5")
    page = again(author, url, page, read_heading="3", action="read", read_date="Month", read_value="Falls")
    assert (heading(page), figures(page)[0]) == ("Row 3", "2024-03-01\t7")
    assert "“Month Falls” (title)" in page.html
    page = again(author, url, page, read_heading="none", action="read")
    assert (heading(page), figures(page)[0]) == ("No row is the heading", "2024-01-01\t5")


def test_a_heading_that_cannot_be_read_is_refused_and_another_can_be_chosen(author: Person) -> None:
    url = draft(author)
    page = look(author, url, figures=f"Month\tFalls\n{LINES}")
    page = again(author, url, page, 422, read_heading="7", action="read")
    assert "Choose another" in page.html
    page = again(author, url, page, read_heading="1", action="read", figures=f"Month\tFalls\n{LINES}")
    assert figures(page)[0] == "2024-01-01\t5"


def test_a_heading_chosen_in_one_sheet_is_none_of_another(author: Person) -> None:
    url, book, out = draft(author), Workbook(), BytesIO()
    for title, first in (("North", 5), ("South", 50)):
        sheet = book.create_sheet(title)
        sheet.append(["Month", "Falls"])
        for n, month in enumerate(MONTHS, first):
            sheet.append([f"{month} 2024", n])
    book.save(out)
    page = look(author, url, figures="", file=(BytesIO(out.getvalue()), "falls.xlsx"))
    page = again(author, url, page, read_heading="3 North", action="read")
    assert figures(page)[0] == "2024-03-01\t7"
    page = again(author, url, page, read_sheet="South", action="read")
    assert (heading(page), figures(page)[0]) == ("Row 1", "2024-01-01\t50")


def test_a_column_that_another_sheet_does_not_have_is_no_choice_in_it(author: Person) -> None:
    url, book, out = draft(author), Workbook(), BytesIO()
    for title, name in (("North", "Falls"), ("South", "Number of falls")):
        sheet = book.create_sheet(title)
        sheet.append(["Month", name])
        for n, month in enumerate(MONTHS, 5):
            sheet.append([f"{month} 2024", n])
    book.save(out)
    page = look(author, url, figures="", file=(BytesIO(out.getvalue()), "falls.xlsx"))
    page = again(author, url, page, read_sheet="South", action="read")
    assert "Number of falls" in page.html
    assert figures(page)[0] == "2024-01-01\t5"


def test_a_table_that_is_refused_shows_its_rows_and_what_may_be_chosen(author: Person) -> None:
    url = draft(author)
    text = "Month\tTarget\n" + LINES
    page = look(author, url, 422, figures=text)
    assert "None of the columns holds figures: Target" in page.html
    assert heading(page) == "Row 1"
    assert figures(page) == text.split("\n")
    page = again(author, url, page, read_value="Target", action="read")
    assert figures(page)[0] == "2024-01-01\t5"


def test_months_against_years_are_told_and_read(author: Person) -> None:
    months = ("Apr", "May", "Jun", "Jul", "Aug", "Sep")
    grid = "Month\t2023/24\t2024/25\tTotal\n" + "\n".join(f"{month}\t{n}\t{n + 10}\t9" for n, month in enumerate(months, 5))
    page = look(author, draft(author), figures=grid)
    assert "they were read as one series, in order of date" in " ".join(page.html.split())
    assert figures(page)[5:7] == ["2023-09-01\t10", "2024-04-01\t15"]
    assert "“column “Total”” (total)" in page.html
