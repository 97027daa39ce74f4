"""Measures through their pages: typed, pasted and uploaded; looked at before they are saved; seen by whom they should be."""

import csv
import io
import re
from io import BytesIO
from xml.etree import ElementTree

import pytest
from flask import Flask
from openpyxl import Workbook
from PIL import Image

from forum.case_studies.models import CaseStudy
from forum.kernel.db import db
from forum.measures.models import Measure
from forum.worker import Worker
from tests.measures.steps import AFTER, BEFORE, FIELDS, lines, measure
from tests.page import Page, Person
from tests.stories import draft, published

SVG = "{http://www.w3.org/2000/svg}"


def test_a_measure_is_looked_at_then_saved_then_read(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    looked = author.post(f"{url}/measures/new", {**FIELDS, "action": "look"}, status=200)
    assert "Better since the change" in looked.text
    assert "23 figures as the site read them" in looked.text
    assert "Falls a month" not in visitor.get(url).text
    at = measure(author, url)
    page = visitor.get(url).text
    assert "What this tells us:" in page
    assert "Better since the change" in page
    assert "Not measured" in page, "the balancing row of the grid"
    own = visitor.get(at).text
    assert "the last 10 months are below the average" in own
    assert "XmR chart. Limits: mean ± 2.66 × average moving range" in own


def test_pictures_and_figures_are_taken_away(author: Person, moderator: Person, visitor: Person) -> None:
    at = measure(author, published(author, moderator), **{"name": "Falls <b>&\"'", "remarks-0-date": "2024-03", "remarks-0-what": "note", "remarks-0-text": "=1+1"})  # fmt: skip
    for name, width in (("chart.svg", 760), ("chart-narrow.svg", 380)):
        response = visitor.client.get(f"{at}/{name}")
        assert response.mimetype == "image/svg+xml"
        root = ElementTree.fromstring(response.data)
        assert root.attrib["width"] == str(width)
        assert root.find(f"{SVG}title").text == "Falls <b>&\"'"
        assert "the last 10 months" in root.find(f"{SVG}desc").text
        again = visitor.client.get(f"{at}/{name}", headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304
    assert Image.open(BytesIO(visitor.client.get(f"{at}/chart.png").data)).width == 1520
    rows = list(csv.DictReader(io.StringIO(visitor.client.get(f"{at}/figures.csv").text.removeprefix("\ufeff"))))
    assert len(rows) == len(BEFORE + AFTER)
    assert rows[0]["date"] == "2023-01-01"
    assert float(rows[0]["value"]) == 42
    assert rows[14]["note"] == "'=1+1"


def test_without_an_interpretation_readers_do_not_see_it(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    at = measure(author, url, interpretation="")
    assert "Falls a month" not in visitor.get(url).text
    visitor.get(at, 404)
    visitor.get(f"{at}/history", 404)
    assert visitor.client.get(f"{at}/chart.svg").status_code == 404
    assert "Readers do not see it yet" in author.get(at).text
    moderator.get(at)


def test_a_draft_and_its_measures_are_its_authors_own(author: Person, other: Person, visitor: Person, moderator: Person) -> None:
    url = draft(author)
    at = measure(author, url)
    for person in (other, visitor, moderator):
        person.get(at, 404)
        assert person.client.get(f"{at}/figures.csv").status_code == 404
    other.get(f"{url}/measures", 404)
    assert other.client.post(f"{url}/measures/new", data=FIELDS).status_code in {400, 404}
    assert visitor.client.get(f"{url}/measures/new").status_code == 303


def test_others_may_read_but_not_change(author: Person, other: Person, moderator: Person) -> None:
    url = published(author, moderator)
    at = measure(author, url)
    asked = (at, f"{at}/edit", f"{url}/measures")
    assert [other.client.get(path).status_code for path in asked] == [200, 403, 403]


def test_every_problem_is_pointed_at_and_nothing_is_lost(author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    figures = "2023-01 42\n31/02/2023 40\n2023-03 many\n2023-01 41\n2023-04 39"
    text = author.post(f"{url}/measures/new", {**FIELDS, "figures": figures, "name": "", "action": "save"}, status=422).text
    for words in (
        "Fill in: What do you measure?",
        "Line 2: “31/02/2023” is not a date",
        "Line 3: “many” is not a number",
        "is there twice",
    ):
        assert words in text, words
    assert "2023-03 many" in text
    assert "Every fall in the incident system" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "nonsense"}, "Choose an answer: Kind of measure"),
        ({"part": "moon"}, "Choose the part of the system"),
        ({"phases-0-recalculate": "y"}, "say why the limits are recalculated"),
        ({"phases-0-start": "soon"}, "“soon” is not a date"),
        ({"targets-0-value": "lots"}, "“lots” is not a number"),
        ({"baseline": "5"}, "at least 12 points"),
        ({"baseline": "x"}, "at least 12 points"),
        ({"remarks-0-date": "2019-01", "remarks-0-what": "note", "remarks-0-text": "x"}, "no point on 2019-01-01"),
        ({"remarks-0-date": "2023-05", "remarks-0-what": "left-out"}, "say why it is left out"),
        ({"definition": "As for NHS number 943 476 5919."}, "Take this out"),
        ({"name": "x" * 101}, "1 character too long"),
    ],
)
def test_what_must_be_put_right(author: Person, changes: dict[str, str], words: str) -> None:
    assert words in measure(author, draft(author), 422, **changes)


def test_odd_things_are_shown_before_saving(author: Person) -> None:
    url = draft(author)
    text = measure(author, url, 422, people="y", figures="2023-01 12\n2023-02 3\n2023-05 14", right=None)
    for words in ("counts of 1 to 4 may point to a person", "Limits need 13", "Look at what is odd below"):
        assert words in text, words
    assert measure(author, url, people="y", figures="2023-01 12\n2023-02 3\n2023-05 14", right="y")


def test_more_rows_without_script(author: Person) -> None:
    url = draft(author)
    text = author.post(f"{url}/measures/new", {**FIELDS, "action": "more:phases"}, status=200).text
    assert 'name="phases-3-label"' in text
    assert "Huddle starts" in text


def workbook(rows: list[tuple[str, str]]) -> bytes:
    """A small Excel workbook: text cells and numbers."""
    book, out = Workbook(), BytesIO()
    assert book.active is not None
    for when, figure in rows:
        book.active.append([when, float(figure)])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("falls.csv", b"Month,Falls\nJan-23,42\nFeb-23,45\n01/03/2023,39\n"),
        ("falls.csv", "\ufeffMonth;Falls\r\n2023-01;42\r\n2023-02;45\r\n2023-03;39".encode("utf-16")),
        ("falls.xlsx", workbook([("2023-01", "42"), ("2023-02", "45"), ("2023-03", "39")])),
    ],
)
def test_figures_from_a_file(author: Person, name: str, data: bytes) -> None:
    url = draft(author)
    sent = {**FIELDS, "figures": "", "phases-0-label": "", "phases-0-start": "", "phases-0-kind": "", "action": "look", "file": (BytesIO(data), name)}  # fmt: skip
    page = author.post(f"{url}/measures/new", sent, status=200)
    assert "3 figures as the site read them" in page.text
    assert "March 2023" in page.text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rubbish", b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00" * 100])
def test_other_files_are_refused_in_words(author: Person, data: bytes) -> None:
    url = draft(author)
    page = author.post(f"{url}/measures/new", {**FIELDS, "action": "look", "file": (BytesIO(data), "x.xlsx")}, status=422)
    assert re.search("is empty|cut off or damaged|This is a picture", page.text)


def test_two_figures_are_shown_as_two_figures(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    measure(author, url, figures="2023-01 42\n2024-01 30")
    page = visitor.get(url).text
    assert "Two figures cannot show whether this is more than usual variation." in page
    assert "app-two__value" in page
    assert "chart.svg" not in page


def test_one_set_of_limits_is_a_click_away(author: Person, moderator: Person, visitor: Person) -> None:
    at = measure(
        author,
        published(author, moderator),
        figures=lines(BEFORE + AFTER + [31, 30, 29]),
        **{"phases-0-recalculate": "y", "phases-0-reason": "A lasting shift with a known cause"},
    )
    page = visitor.get(at).text
    assert "The average was 42.7 falls before February 2024 and has been" in page
    assert "See it with one set of limits" in page
    assert "New limits from here: A lasting shift with a known cause" in page
    assert "See it with the recalculated limits" in visitor.get(f"{at}?limits=one").text


def test_links_lead_from_points_to_their_rows(author: Person, moderator: Person, visitor: Person) -> None:
    page = Page(visitor.get(measure(author, published(author, moderator))).text)
    targets = set(re.findall(r'href="#(point-[0-9-]+)"', page.html))
    assert targets
    assert targets <= set(page.ids)


def test_search_and_lists_know_of_the_figures(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = published(author, moderator)
    assert "Has a measure over time" not in visitor.get("/case-studies").text
    measure(author, url, figures=lines(BEFORE + AFTER * 2))
    worker.until_empty()
    for address in ("/case-studies?data=12-months", "/search?q=care&data=any"):
        assert "Weekly ward round" in visitor.get(address).text, address
    assert "No case study matches" in visitor.get("/case-studies?lasted=2-years").text


def test_its_stored_facts(app: Flask, author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    measure(author, url)
    with app.app_context():
        one = db.session.query(Measure).one()
        case = db.session.query(CaseStudy).one()
        assert (one.points, one.effect, one.shown) == (23, "better", True)
        assert (case.measures_shown, case.data_months, case.evidence.get("direction")) == (1, 9, "better")
