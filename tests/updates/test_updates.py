"""Updates: asked for at the right time, posted in two minutes, confirmed from the mail, and never overwriting anything."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from forum.case_studies.evidence import currency
from forum.case_studies.models import CaseStudy
from forum.kernel.clock import today
from forum.kernel.db import db, transaction
from forum.measures.models import Measure
from forum.updates import actions
from forum.updates.models import Update
from forum.worker import Worker
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import published

NEW = {"entry": "update", "practice_status": "running", "happened": "1/11/2026", "text": "It goes on. **Two** homes joined.", "contact": "yes"}  # fmt: skip


def back(app: Flask, days: int, **changes: object) -> None:
    """Let the case study have been published so many days ago."""
    with app.app_context(), transaction():
        case = db.session.query(CaseStudy).one()
        case.published_at = case.confirmed_at = datetime.now(UTC) - timedelta(days=days)
        case.prompted = 0
        for name, value in changes.items():
            setattr(case, name, value)
        currency.refresh(case, case.published_at)


def ask(app: Flask) -> int:
    with app.app_context(), transaction():
        return actions.ask(datetime.now(UTC))


def mails(app: Flask) -> list[str]:
    folder = Path(app.instance_path) / "mail"
    return [f.read_text("utf-8") for f in sorted(folder.iterdir())] if folder.is_dir() else []


def state(app: Flask) -> tuple[str, int, int]:
    with app.app_context():
        case = db.session.query(CaseStudy).one()
        return case.freshness, case.prompted, case.lasting_months


def link(app: Flask, worker: Worker) -> str:
    """The link of the mail that asks."""
    worker.until_empty()
    letter = next(m for m in mails(app) if "Is it still your practice" in m)
    found = re.search(r"/case-studies/\d+/still/\S+", letter.replace("=\n", ""))
    assert found
    return found.group()


def test_an_update_stands_on_the_timeline(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    author.post(f"{url}/updates/new", NEW)
    page = visitor.get(url).text
    assert "Update: running" in page
    assert "<strong>Two</strong> homes joined" in page
    assert "1 November 2026" in page
    assert "Published here" in visitor.get(f"{url}/updates").text


def test_new_figures_extend_the_series(app: Flask, author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    at = measure(author, url)
    author.post(f"{url}/updates/new", {**NEW, "figures_1-lines": "Dec-24 28\nJan-25 27"})
    with app.app_context():
        one = db.session.query(Measure).one()
        assert (one.points, one.version) == (25, 2)
        assert one.record["points"][-1][:2] == ["2025-01-01", 27.0]
    assert "2 new figures for “Falls a month on the frailty ward”" in visitor.get(url).text
    assert "New figures" in visitor.get(f"{at}/history").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"figures_1-lines": "Jan-23 40"}, "There is a figure for 2023-01-01 already"),
        ({"figures_1-lines": "soon 40"}, "“soon” is not a date"),
        ({"happened": "1/1/2031"}, "lies in the future"),
        ({"happened": "yesterday"}, "Give the day as"),
        ({"practice_status": ""}, "Say whether it is still running"),
        ({"entry": "setback", "text": ""}, "Say what happened"),
        ({"text": "For NHS number 943 476 5919."}, "Take this out"),
        ({"text": "x" * 1501}, "at most 1,500 characters"),
        ({"text": "<!-- note -->"}, "Nobody would see a word"),
    ],
)
def test_what_must_be_put_right(app: Flask, author: Person, moderator: Person, changes: dict[str, str], words: str) -> None:
    url = published(author, moderator)
    measure(author, url)
    text = author.post(f"{url}/updates/new", {**NEW, **changes}, status=422).text
    assert words in text
    with app.app_context():
        assert db.session.query(Update).count() == 0
        assert db.session.query(Measure).one().points == 23


def test_posted_once_however_often_it_is_sent(app: Flask, author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    data = {**author.hidden(f"{url}/updates/new", f"{url}/updates/new"), **NEW}
    for _ in range(3):
        assert author.client.post(f"{url}/updates/new", data=data).status_code == 303
    with app.app_context():
        assert db.session.query(Update).count() == 1


def test_stopping_is_said_everywhere(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = published(author, moderator)
    author.post(f"{url}/updates/new", {**NEW, "practice_status": "stopped", "text": "The money ended."})
    page = visitor.get(url).text
    assert "Update: stopped" in page
    assert "November 2026" in page
    assert "How recent is it?" not in page
    assert "Still our practice</button>" not in author.get(url).text
    assert state(app)[0] == ""
    assert "Weekly ward round" in visitor.get("/case-studies?status=stopped").text


def test_who_may(author: Person, other: Person, visitor: Person, moderator: Person) -> None:
    url = published(author, moderator)
    other.get(f"{url}/updates/new", 403)
    visitor.get(f"{url}/updates/new", 303)
    moderator.get(f"{url}/updates/new")
    visitor.get(f"{url}/updates")
    assert "Post an update" not in other.get(url).text


def test_somebody_else_leads_now(author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    response = author.post(f"{url}/updates/new", {**NEW, "contact": "no"})
    assert author.location(response) == f"{url}/people"


def test_authors_are_asked_at_6_12_24_and_36_months_once_each(app: Flask, author: Person, moderator: Person) -> None:
    published(author, moderator, practice_status="running", started="2020-01")
    found = []
    for months in range(1, 50):
        back_date = {"prompted": found[-1] if found else 0}
        back(app, months * 31, **back_date)
        with app.app_context(), transaction():
            db.session.query(CaseStudy).one().prompted = back_date["prompted"]
        ask(app)
        ask(app)
        prompted = state(app)[1]
        if prompted != back_date["prompted"]:
            found.append(prompted)
    assert found == [6, 12, 24, 36, 48]


def test_freshness_follows_the_calendar(app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = published(author, moderator)
    for days, expected, words in ((100, "confirmed", "Up to date"), (190, "update-due", "Update due"), (300, "not-heard-from", "Not heard from since")):  # fmt: skip
        back(app, days)
        ask(app)
        worker.until_empty()
        assert state(app)[0] == expected
        assert words in visitor.get(url).text
        assert "Weekly ward round" in visitor.get(f"/case-studies?freshness={expected}").text
        assert "Weekly ward round" in visitor.get(f"/search?q=care&freshness={expected}").text
    author.post(f"{url}/still", on=url)
    assert state(app)[0] == "confirmed"


def test_still_running_after_two_years(app: Flask, author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator, practice_status="running", started="2024-01")
    on = today()
    assert state(app)[2] == 12 * (on.year - 2024) + on.month - 1
    assert "Weekly ward round" in visitor.get("/case-studies?lasted=2-years").text
    author.post(f"{url}/updates/new", {**NEW, "practice_status": "stopped"})
    assert "Weekly ward round" not in visitor.get("/case-studies?lasted=2-years").text


def test_the_link_in_the_mail_confirms_once(app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = published(author, moderator)
    back(app, 190)
    ask(app)
    where = link(app, worker)
    assert "Is it still your practice" in visitor.get(where).text
    assert state(app)[0] == "update-due", "looking changes nothing: programs that read mail open its links"
    visitor.post(where)
    assert state(app)[0] == "confirmed"
    assert "Still our practice" in visitor.get(url).text
    assert "no longer works" in visitor.client.get(where).text
    with app.app_context():
        assert db.session.query(Update).one().entry == "confirmation"


def test_a_link_is_for_one_case_study_and_one_time(
    app: Flask, author: Person, moderator: Person, worker: Worker, visitor: Person
) -> None:
    published(author, moderator)
    back(app, 190)
    ask(app)
    where = link(app, worker)
    for wrong in (where.replace("/1/", "/2/"), where[:-1] + ("0" if where[-1] != "0" else "1"), "/case-studies/1/still/x"):
        response = visitor.client.get(wrong)
        assert "no longer works" in response.text, wrong


def test_silence_deletes_nothing(app: Flask, author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    back(app, 2_000)
    ask(app)
    assert "Not heard from since" in visitor.get(url).text


def test_a_setback_is_corrected_hidden_and_shown_again(
    author: Person, moderator: Person, visitor: Person, worker: Worker, other: Person
) -> None:
    url = published(author, moderator)
    author.post(f"{url}/updates/new", {**NEW, "entry": "setback", "text": "The GP left."})
    author.post(f"{url}/updates/1/edit", {"happened": "2/11/2026", "text": "Our GP left."})
    assert "Our GP left." in visitor.get(url).text
    assert "Report" in other.get(url).text
    moderator.post("/moderation/update/1/hide", {"reason": "Somebody can be recognised"})
    assert "Our GP left." not in visitor.get(url).text
    assert "hidden from readers" in author.get(url).text
    worker.until_empty()
    assert "Somebody can be recognised" in author.get("/notifications").text
    moderator.post("/moderation/update/1/show", {"reason": "It was said more generally"})
    assert "Our GP left." in visitor.get(url).text


def test_a_hidden_update_is_for_its_author_and_the_staff(author: Person, moderator: Person, visitor: Person, other: Person) -> None:
    """Whoever had the page before, which keeps the timeline for those who see the same."""
    url = published(author, moderator)
    author.post(f"{url}/updates/new", {**NEW, "entry": "setback", "text": "The GP left."})
    for who in (visitor, other, author, moderator):
        assert "The GP left." in who.get(url).text
    moderator.post("/moderation/update/1/hide", {"reason": "Somebody can be recognised"})
    for who in (visitor, author, other, moderator, visitor, author, other, moderator):
        assert ("The GP left." in who.get(url).text) == (who in (author, moderator))


def test_what_is_typed_is_kept(author: Person, moderator: Person) -> None:
    url = published(author, moderator)
    measure(author, url)
    typed = {**author.hidden(f"{url}/updates/new", f"{url}/updates/new"), "text": "Half a", "figures_1-lines": "Dec-24 2"}
    assert "saved_at" in author.client.post(f"{url}/updates/new/autosave", data=typed).json
    page = author.get(f"{url}/updates/new").text
    assert "Half a" in page
    assert "Dec-24 2" in page
