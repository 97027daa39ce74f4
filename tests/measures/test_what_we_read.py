"""“What we read”, between a table and the chart: what was chosen, what can be, what was left out; and nothing that was typed is lost."""

import re
from io import BytesIO

import pytest
from openpyxl import Workbook

from forum.measures.record import settled
from forum.tables.results import Refused
from tests.measures.steps import FIELDS, measure
from tests.page import Page, Person
from tests.stories import draft

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
BARE = {name: value for name, value in FIELDS.items() if not name.startswith(("phases", "targets"))}


def wards(first: int = 5) -> str:
    lines = [f"{m} 2024\t{ward}\t{n}\t4" for n, m in enumerate(MONTHS, first) for ward in ("North", "South")]
    return "\n".join(["Falls on two wards", "Month\tWard\tFalls\tTarget", *lines, "Total\t\t90\t"])


def look(author: Person, url: str, status: int = 200, **sent: object) -> Page:
    page = author.post(f"{url}/measures/new", {**BARE, "action": "look", **sent}, on=f"{url}/measures/new", status=status)
    return Page(page.text)


def again(author: Person, url: str, page: Page, status: int = 200, **sent: object) -> Page:
    """Send the form as the page shows it, with these changes."""
    shown = page.form("/measures/new")["fields"]
    figures = re.search(r'name="figures"[^>]*>\n?(.*?)</textarea>', page.html, re.S)
    carried = {k: v for k, v in shown.items() if k == "table" or k.startswith("read_")} | chosen(page)
    assert figures
    return look(author, url, status, **{**carried, "figures": figures[1], **sent})


def chosen(page: Page) -> dict[str, str]:
    """What the selects of “What we read” stand on."""
    found = re.findall(r'<select[^>]*name="(read_\w+)".*?</select>', page.html, re.S)
    selects = {name: re.search(rf'name="{name}".*?value="([^"]*)" selected', page.html, re.S) for name in found}
    return {name: match[1] for name, match in selects.items() if match}


def figures(page: Page) -> list[str]:
    found = re.search(r'name="figures"[^>]*>\n?(.*?)</textarea>', page.html, re.S)
    assert found
    return found[1].split("\n")


def test_two_plain_columns_take_one_press(author: Person) -> None:
    url = draft(author)
    page = look(author, url, figures="Jan 2024\t5\nFeb 2024\t6\nMar 2024\t7")
    assert "What we read" not in page.html
    assert "3 figures as the site read them" in page.html


def test_a_heading_is_read_and_told_in_one_press(author: Person) -> None:
    url = draft(author)
    page = look(author, url, figures="Month\tFalls\nJan 2024\t5\nFeb 2024\t6\nMar 2024\t7")
    assert "What we read" in page.html
    assert "3 points, 1 January 2024 to 1 March 2024" in page.html
    assert chosen(page) == {"read_date": "Month", "read_value": "Falls"}
    assert figures(page) == ["2024-01-01\t5", "2024-02-01\t6", "2024-03-01\t7"]


def test_several_series_are_asked_for_and_the_choice_is_read_and_saved(author: Person) -> None:
    url = draft(author)
    page = look(author, url, 422, figures=wards())
    assert "Which Ward" in page.html
    assert figures(page)[0] == "Falls on two wards", "what was pasted stays until it is read"
    page = again(author, url, page, read_series="Ward=South", action="read")
    assert figures(page)[0] == "2024-01-01\t5"
    for words in ("Falls on two wards", "(title)", "Total 90", "(total)"):
        assert words in page.html
    page = again(author, url, page, action="target")
    assert 'name="targets-0-value" type="text" value="4"' in page.html
    saved = again(author, url, page, action="look")
    assert chosen(saved)["read_series"] == "Ward=South"


def test_another_column_can_be_chosen_and_figures_typed_over(author: Person) -> None:
    url = draft(author)
    text = "Month\tFalls\tNear misses\n" + "\n".join(f"{m} 2024\t{n}\t{n + 10}" for n, m in enumerate(MONTHS, 5))
    page = look(author, url, figures=text)
    assert chosen(page)["read_value"] == "Falls"
    page = again(author, url, page, read_value="Near misses", action="read")
    assert figures(page)[0] == "2024-01-01\t15"
    page = again(author, url, page, figures="2024-01-01\t99\n2024-02-01\t98")
    assert figures(page) == ["2024-01-01\t99", "2024-02-01\t98"], "figures that were typed over are not read again"


def test_a_sheet_can_be_chosen(author: Person) -> None:
    url, book, out = draft(author), Workbook(), BytesIO()
    for title, first in (("North", 5), ("South", 50)):
        sheet = book.create_sheet(title)
        sheet.append(["Month", "Falls"])
        for n, month in enumerate(MONTHS, first):
            sheet.append([f"{month} 2024", n])
    book.save(out)
    page = look(author, url, figures="", file=(BytesIO(out.getvalue()), "falls.xlsx"))
    assert chosen(page)["read_sheet"] == "North"
    page = again(author, url, page, read_sheet="South", action="read")
    assert figures(page)[0] == "2024-01-01\t50"


def test_gaps_are_stored_shown_and_exported_and_never_zero(author: Person) -> None:
    url = draft(author)
    none = {name: None for name in FIELDS if name.startswith("phases")}
    where = measure(author, url, figures="2023-01-01\t42\n2023-02-01\t<5\n2023-03-01\tn/a\n2023-04-01\t39", **none)
    detail = " ".join(author.get(where).text.split())
    assert "no figure" in detail
    assert "suppressed: &lt;5" in detail
    export = author.get(f"{where}/figures.csv").text
    assert re.search("\n2023-02-01,,,,falls,,,,,,,suppressed: <5,", export)
    assert export.count("\n2023-0") == 4
    edit = author.get(f"{where}/edit").text
    assert "2023-02-01\t[suppressed: &lt;5]" in edit
    assert "2023-03-01\t[not available]" in edit


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x" * (2 * 1024 * 1024 + 1), "The file has 2.0 MB; at most 2 MB are taken"),
        (b"%PDF-1.4", "This is a PDF"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_all_that_was_typed(author: Person, data: bytes, words: str) -> None:
    url = draft(author)
    page = look(author, url, 422, figures="2024-01-01\t5", file=(BytesIO(data), "falls.csv"))
    assert words in page.html
    assert figures(page) == ["2024-01-01\t5"]
    assert BARE["definition"] in page.html


@pytest.mark.parametrize("table", ["[", "[[1]]", '[["S",[[1]]]]', '{"a":1}', "x" * 500_000, '[["S",[["a","b","c"]]]]', "null"])
def test_a_table_that_no_page_of_ours_carried_is_refused(author: Person, table: str) -> None:
    url = draft(author)
    page = look(author, url, 422, figures="", table=table, action="read")
    assert "What we read" not in page.html


def test_a_draft_has_what_was_pasted_and_not_the_table_twice(author: Person) -> None:
    url = draft(author)
    sent = {**BARE, "figures": wards(), "table": "[]", "read_series": "Ward=South"}
    token = author.hidden(f"{url}/measures/new", "")
    assert author.client.post(f"{url}/measures/new/autosave", data={**token, **sent}).status_code == 200
    page = Page(author.get(f"{url}/measures/new").text)
    assert figures(page)[0] == "Falls on two wards"
    assert 'name="table" value=""' in page.html


@pytest.mark.parametrize(
    ("days", "read_as"),
    [
        (("2008/09", "2009/10", "2010/11"), ("2008-04-01", "2009-04-01", "2010-04-01")),
        (("Apr-23", "May-23", "Jun-23"), ("2023-04-01", "2023-05-01", "2023-06-01")),
        (("13/01/2024", "20/01/2024", "27/01/2024"), ("2024-01-13", "2024-01-20", "2024-01-27")),
        (("2024-W01", "2024-W02", "2024-W03"), ("2024-01-01", "2024-01-08", "2024-01-15")),
    ],
    ids=["financial years", "months", "days", "weeks"],
)
def test_columns_without_a_heading_are_read_as_those_with_one(
    author: Person, days: tuple[str, ...], read_as: tuple[str, ...]
) -> None:
    url = draft(author)
    bare = "\n".join(f"{day}\t{n}" for n, day in enumerate(days, 41))
    want = [f"{day}\t{n}" for n, day in enumerate(read_as, 41)]
    page = look(author, url, figures=bare)
    assert figures(page) == want
    assert "What we read" not in page.html
    assert figures(look(author, url, figures=f"Period\tFalls\n{bare}")) == want


def test_columns_without_a_heading_ask_what_a_table_asks_and_the_answer_can_be_taken_back(author: Person) -> None:
    url = draft(author)
    bare = "04/01/2024\t5\n05/01/2024\t6\n06/01/2024\t7"
    page = look(author, url, 422, figures=bare)
    assert "How are dates such as 04/01/2024 meant?" in page.html
    assert figures(page) == bare.split("\n")
    page = again(author, url, page, read_dates="month-first", action="read")
    assert figures(page)[0] == "2024-04-01\t5"
    assert chosen(page)["read_dates"] == "month-first"
    page = again(author, url, page, read_dates="day-first", action="read")
    assert figures(page)[0] == "2024-01-04\t5"
    assert "How are dates" in again(author, url, page, 422, read_dates="", action="read").html


def test_fractions_without_a_heading_are_asked_about_and_never_saved_before(author: Person) -> None:
    url = draft(author)
    bare = "Jan 2024\t0.62\nFeb 2024\t0.63\nMar 2024\t0.64"
    page = look(author, url, 422, figures=bare, value_kind="percentage", action="save")
    assert "All figures lie between 0 and 1" in page.html
    page = again(author, url, page, value_kind="percentage", read_scale="fractions", action="read")
    assert figures(page)[0] == "2024-01-01\t62"


def test_what_a_table_refuses_no_other_reader_takes(author: Person) -> None:
    url = draft(author)
    bare = "Jan 2024\t62%\nFeb 2024\t0.63"
    page = look(author, url, 422, figures=bare, value_kind="percentage")
    assert "have a sign of percent, others none" in page.html
    assert figures(page) == bare.split("\n")


def test_each_line_of_figures_that_is_wrong_is_named(author: Person) -> None:
    url = draft(author)
    page = look(author, url, 422, figures="Jan 2024\t5\nFeb 2024\tabc\nMar 2024\t7")
    assert "Line 2: “abc” is not a number" in page.html


def test_a_hidden_column_stays_hidden_when_the_table_is_read_again(author: Person) -> None:
    url, book, out = draft(author), Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Month", "Secret", "Falls"])
    for n, month in enumerate(MONTHS, 5):
        sheet.append([f"{month} 2024", n * 10, n])
    sheet.column_dimensions["B"].hidden = True
    book.save(out)
    page = look(author, url, figures="", file=(BytesIO(out.getvalue()), "falls.xlsx"))
    assert figures(page)[0] == "2024-01-01\t5"
    page = again(author, url, page, action="read")
    assert figures(page)[0] == "2024-01-01\t5"
    assert "Secret" not in re.sub(r'name="table"[^>]*>|<li>.*?</li>', "", page.html)


def test_a_line_or_two_that_somebody_types_say_the_day_first_and_more_must_be_clear() -> None:
    assert settled("04/01/2024\t5", "count") == "2024-01-04\t5"
    with pytest.raises(Refused, match="Write the month in letters, such as 4 Jan 2026"):
        settled("04/01/2024\t5\n05/01/2024\t6\n06/01/2024\t7", "count")
