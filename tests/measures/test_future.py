"""Figures of the future are refused on every way in; plans and targets may lie ahead."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from flask import Flask

from forum.case_studies.transfer.bulk_import import import_all
from forum.kernel.clock import today
from tests.adoptions.steps import share
from tests.measures.steps import BEFORE, FIELDS, lines, measure
from tests.page import Person
from tests.stories import draft, published

AHEAD = today() + timedelta(days=40)
DAY, MONTH = f"{AHEAD:%d/%m/%Y}", f"{AHEAD:%Y-%m}"
LATE = f"{lines(BEFORE)}\n{DAY}\t44"
WORDS = "lies in the future"


def test_points_typed_pasted_and_uploaded(author: Person, other: Person, moderator: Person) -> None:
    url = published(author, moderator)
    record = share(other, url)
    for who, thing in ((author, url), (other, record)):
        page = measure(who, thing, status=422, figures=LATE)
        assert f"Line 14: {AHEAD:%-d %B %Y} {WORDS}" in page
        assert f"{DAY}\t44" in page, "what was pasted comes back"
        table = "Date,Falls\n" + "\n".join(f"{line},".replace("\t", ",") for line in LATE.split("\n"))
        assert WORDS in measure(who, thing, status=422, figures="", file=(BytesIO(table.encode()), "falls.csv"))
        assert WORDS in measure(who, thing, status=422, **{"phases-0-start": MONTH}).replace("begins", "lies")
        measure(who, thing, **{"targets-0-value": "20", "targets-0-since": MONTH})
    at = measure(author, url, name="Calls a month at night")
    assert WORDS in author.post(f"{at}/edit", {**FIELDS, "figures": LATE, "action": "save"}, status=422).text


def test_new_figures_and_days_of_updates(author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    number = measure(author, url).rpartition("/")[2]
    said = {"entry": "update", "practice_status": "running", "happened": "01/03/2026", "text": "It goes on.", "contact": "yes"}
    page = author.post(f"{url}/updates/new", {**said, f"figures_{number}-lines": f"{DAY} 12"}, status=422).text
    assert WORDS in page
    assert f"{DAY} 12" in page
    assert WORDS in author.post(f"{url}/updates/new", {**said, "happened": DAY}, status=422).text


def test_months_of_records(author: Person, other: Person, moderator: Person) -> None:
    url = draft(author, started=MONTH)
    author.post(f"{url}/edit/setting", {"practice_status": "running", "started": MONTH, "action": "save"})
    page = author.get(f"{url}/preview").text
    assert f"When did it start? This {WORDS}" in page.replace("&#39;", "'")
    author.post(f"{url}/edit/setting", {"practice_status": "planning", "started": MONTH, "action": "save"})
    author.post(f"{url}/edit/figures", {"expected": MONTH, "action": "save"})
    assert WORDS not in author.get(f"{url}/preview").text, "a plan may lie ahead"
    case = published(author, moderator, title="Another title that is long enough")
    shared = {"organisations": "Farville Surgery", "result": "better", "started": MONTH}
    assert WORDS in other.post(f"{case}/adoptions/new", {**shared, "stage": "adopted"}, status=422).text
    other.post(f"{case}/adoptions/new", {**shared, "stage": "planning", "result": ""})


@contextmanager
def _quiet(_length: int, _label: str) -> Iterator[Callable[[int], None]]:
    yield lambda step: None


def test_what_is_imported(author: Person, app: Flask, tmp_path: Path) -> None:
    url = draft(author, title="Written before it was brought here again")
    author.post(f"{url}/edit/setting", {"practice_status": "running", "started": "2024-03", "action": "save"})
    text = author.get(f"{url}/export.md").text
    assert "2024-03" in text
    file = tmp_path / "import" / "late.md"
    file.parent.mkdir()
    file.write_text(text.replace("2024-03", MONTH).replace("http://localhost", "http://elsewhere"), "utf-8")
    with app.app_context():
        (outcome,) = import_all([file], False, _quiet)
    assert outcome.result == "failed"
    assert WORDS in outcome.detail
