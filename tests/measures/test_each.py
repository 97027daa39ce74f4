"""A measure of each series of a table, in one press: all of them or none, once, and told by its name what is wrong in one."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook

from forum.kernel.db import db
from forum.measures.models import Measure
from tests.measures.steps import measure
from tests.measures.test_what_we_read import BARE, MONTHS, again, chosen, figures, look
from tests.page import Page, Person
from tests.stories import draft, published

WARDS = ("North", "South", "West")


def wards(count: int = 13, of: tuple[str, ...] = WARDS, **changed: str) -> str:
    """A line for each ward and month from January 2023; a keyword is a cell in place of the first of that ward."""
    lines = ["Month\tWard\tFalls"]
    for n in range(count):
        for place, ward in enumerate(of):
            cell = changed.get(ward, "") if n == 0 else ""
            lines.append(f"{MONTHS_12[n % 12]} {2023 + n // 12}\t{ward}\t{cell or 40 + n % 5 + place}")
    return "\n".join(lines)


MONTHS_12 = (*MONTHS, "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def every(app: Flask) -> list[Measure]:
    return list(db.session.query(Measure).order_by(Measure.position))


def stored(app: Flask) -> list[tuple[str, int, Any]]:
    with app.app_context():
        return [(m.name, m.points, m.record["points"][0][1]) for m in every(app)]


def pick(author: Person, url: str, text: str, **sent: object) -> Page:
    """Paste a table of several series and choose a measure of each."""
    page = look(author, url, 422, figures=text, name="Falls a month", **sent)
    return again(author, url, page, name="Falls a month", read_series="*each*", **sent)


def save(author: Person, url: str, page: Page, status: int = 303, **sent: object) -> Any:
    """Press “Save the 3 measures” on the page as it is shown."""
    shown = page.form("/measures/new")["fields"]
    carried = {k: v for k, v in shown.items() if k == "table" or k.startswith("read_") or k == "form_key"} | chosen(page)
    data = {**BARE, "name": "Falls a month", "figures": "\n".join(figures(page)), **carried, "action": "save", **sent}
    return author.post(f"{url}/measures/new", data, status=status)


def test_a_measure_of_each_is_offered_looked_at_and_made_in_one_press(author: Person, app: Flask) -> None:
    url = draft(author)
    asked = look(author, url, 422, figures=wards())
    assert "A measure of each (3)" in asked.html
    page = pick(author, url, wards())
    for ward in WARDS:
        assert f"Falls a month: {ward}" in page.html
    assert page.html.count("<svg") >= 3
    assert "Save the 3 measures" in page.html
    assert stored(app) == []
    where = author.location(save(author, url, page))
    assert where == f"{url}/measures"
    shown = author.get(where).text
    assert "3 measures are saved" in shown
    assert stored(app) == [("Falls a month: North", 13, 40), ("Falls a month: South", 13, 41), ("Falls a month: West", 13, 42)]
    with app.app_context():
        assert {m.record["definition"] for m in every(app)} == {BARE["definition"]}


def test_sent_again_it_makes_none_twice(author: Person, app: Flask) -> None:
    url = draft(author)
    page = pick(author, url, wards())
    places = {author.location(save(author, url, page)) for _ in range(2)}
    assert places == {f"{url}/measures"}
    assert len(stored(app)) == 3


def test_a_fault_in_one_series_is_told_with_its_name_and_nothing_is_made(author: Person, app: Flask) -> None:
    url = draft(author)
    page = look(author, url, 422, figures=wards(South="many"), name="Falls a month")
    page = again(author, url, page, 422, name="Falls a month", read_series="*each*")
    assert "South: Line 3: “many” in the column “Falls” is not a number" in page.html
    assert "North: Line" not in page.html
    assert figures(page)[2] == "Jan 2023\tSouth\tmany", "the paste is as it was"
    answer = save(author, url, page, 422)
    assert "South: Line 3" in answer.text
    assert stored(app) == []


def test_what_is_odd_in_one_series_is_told_with_its_name_and_asked_before_it_is_made(author: Person, app: Flask) -> None:
    url = draft(author)
    page = pick(author, url, wards(West="4000"), right=None)
    assert "West: 4,000 on 1 January 2023 is far out of scale" in page.html
    answer = Page(save(author, url, page, 422, right=None).text)
    assert "Look at what is odd below" in answer.html
    assert stored(app) == []
    save(author, url, answer)
    assert len(stored(app)) == 3


def test_what_all_of_them_lack_is_told_once(author: Person) -> None:
    url = draft(author)
    page = look(author, url, 422, figures=wards(3), name="", definition="")
    page = again(author, url, page, 422, name="", definition="", read_series="*each*")
    assert page.html.count("How exactly is it counted?: fill this in") + page.html.count("There are 3 points.") >= 1
    assert "North: There are 3 points" not in page.html


def test_all_or_none_where_there_is_no_room(author: Person, app: Flask) -> None:
    url = draft(author)
    at = measure(author, url)
    with app.app_context():
        from forum.kernel.db import transaction

        with transaction():
            one = db.session.query(Measure).one()
            kept = {c.key: getattr(one, c.key) for c in Measure.__mapper__.column_attrs if c.key != "id"}
            db.session.add_all(Measure(**kept) for _ in range(17))
    page = pick(author, url, wards())
    assert "There are 18 already, and 3 would come" in save(author, url, page, 422).text
    assert len(stored(app)) == 18
    author.get(at)


def test_far_too_many_are_not_offered_and_the_page_says_so(author: Person) -> None:
    url = draft(author)
    page = look(author, url, 422, figures=wards(2, tuple(f"Ward {n}" for n in range(13))))
    assert "A measure of each (" not in page.html
    assert "A measure of each can be made of at most 12 series" in page.html
    forced = again(author, url, page, 422, read_series="*each*")
    assert "Which Ward" in forced.html


def test_lines_of_a_table_with_dates_across_and_columns_of_figures(author: Person, app: Flask) -> None:
    url = draft(author)
    across = (
        "Ward\t"
        + "\t".join(f"{m} 2024" for m in MONTHS_12)
        + "".join(
            f"\n{ward}\t" + "\t".join(str(n) for n in range(first, first + 12)) for ward, first in (("North", 40), ("South", 60))
        )
    )
    page = look(author, url, 422, figures=across, name="Falls a month")
    save(author, url, again(author, url, page, name="Falls a month", read_value="*each*"))
    columns = "Month\tFalls\tPressure ulcers\n" + "\n".join(f"{m} 2024\t{n}\t{n + 20}" for n, m in enumerate(MONTHS_12, 40))
    page = look(author, url, figures=columns, name="Harm")
    assert "A measure of each (2)" in page.html
    save(author, url, again(author, url, page, name="Harm", read_value="*each*"), name="Harm")
    assert stored(app) == [
        ("Falls a month: North", 12, 40),
        ("Falls a month: South", 12, 60),
        ("Harm: Falls", 12, 40),
        ("Harm: Pressure ulcers", 12, 60),
    ]


def test_a_file_of_several_sites_and_wards_makes_one_of_each(author: Person, app: Flask) -> None:
    url, book, out = draft(author), Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Month", "Site", "Ward", "Rate"])
    for month in MONTHS_12:
        for n, (site, ward) in enumerate([("A", "1"), ("A", "2"), ("B", "1")]):
            sheet.append([f"{month} 2024", site, f"Ward {ward}", 40.25 + n])
    book.save(out)
    page = look(author, url, 422, figures="", file=(BytesIO(out.getvalue()), "falls.xlsx"), name="Falls", value_kind="rate")
    page = again(author, url, page, name="Falls", value_kind="rate", read_series="*each*", action="look")
    assert "Save the 3 measures" in page.html
    save(author, url, page, name="Falls", value_kind="rate", decimals="2")
    assert [name for name, _, _ in stored(app)] == ["Falls: A, Ward 1", "Falls: A, Ward 2", "Falls: B"]


def test_figures_typed_besides_are_not_dropped(author: Person, app: Flask) -> None:
    url = draft(author)
    page = pick(author, url, wards())
    answer = save(author, url, page, 422, figures="2024-01-01\t5").text
    assert "There are figures here besides a measure of each" in answer
    assert "2024-01-01\t5" in answer
    assert stored(app) == []


def test_only_a_new_measure_becomes_several(author: Person) -> None:
    at = measure(author, draft(author))
    page = author.post(f"{at}/edit", {**BARE, "action": "look", "figures": wards()}, on=f"{at}/edit", status=422)
    assert "A measure of each (" not in page.text
    assert "Which Ward" in page.text


def test_a_moderator_says_why_once(author: Person, moderator: Person, app: Flask) -> None:
    url = published(author, moderator)
    page = look(moderator, url, 422, figures=wards(), name="Falls a month")
    page = again(moderator, url, page, name="Falls a month", read_series="*each*")
    assert stored(app) == []
    save(moderator, url, page, reason="They asked me to add the wards")
    assert len(stored(app)) == 3


@pytest.mark.parametrize("name", ["a|b", "x=y", "*each*", "<b>bold</b>", "  spaced  "])
def test_whatever_a_series_is_called_it_can_be_chosen(author: Person, name: str) -> None:
    url = draft(author)
    text = wards(13, ("North", name))
    page = look(author, url, 422, figures=text)
    assert "A measure of each (2)" in page.html
    key = "Ward=" + " ".join(name.split()).replace("|", "\\|")
    sent = {"figures": text, "read_series": key, "action": "read"}
    assert figures(again(author, url, page, **sent))[0] == "2023-01-01\t41"


def test_wards_whose_months_follow_each_other_are_one_series_or_one_of_each(author: Person, app: Flask) -> None:
    url = draft(author)
    rows = [f"{'North' if n < 6 else 'South'}\t{month} 2024\t{n + 20}" for n, month in enumerate(MONTHS_12)]
    page = look(author, url, figures="\n".join(["Ward\tMonth\tFalls", *rows]), name="Falls")
    assert len(figures(page)) == 12
    assert "says North, then South. Is it one series?" in page.html
    page = again(author, url, page, name="Falls", read_series="*each*", action="read")
    save(author, url, page, name="Falls")
    assert stored(app) == [("Falls: North", 6, 20), ("Falls: South", 6, 26)]
