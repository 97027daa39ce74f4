"""A valid NHS number cannot be sent, whatever is said for it: each way in gives the words back and says what to take out."""

from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.case_studies.record.values import finding_key, findings, stored_findings
from forum.documents.identifiability import check
from forum.kernel.db import db, transaction
from tests.accounts.test_contact import BASE, LETTER, WRITE
from tests.adoptions.steps import SHARED, case, share
from tests.case_studies.uploads import photo, upload
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import CONFIRMED, draft, reply, submitted, thread
from tests.updates.test_updates import NEW

NUMBER = "943 476 5919"
TEXT = f"The letter had NHS number {NUMBER} on it."
WHY = {"justification": "It is an invented number, believe me"}
SAYS = f"Take this out: “{NUMBER}”"


def check_comes_back(by: Person, path: str, data: dict[str, object], on: str = "") -> None:
    page = by.post(path, data, on=on, status=422).text
    assert "Take this out" in page
    assert NUMBER in page
    assert TEXT in page


def number_of(url: str) -> str:
    return url.split("/")[2].split("-")[0]


def test_threads_and_replies_and_their_edits(author: Person, other: Person) -> None:
    new = {"title": "A number in a letter", "text": TEXT, "question": "discussion", **WHY}
    check_comes_back(author, "/discussions/new", new)
    url = thread(author)
    post = reply(other, url).split("#reply-")[1]
    check_comes_back(author, f"/discussions/{number_of(url)}/edit", new)
    check_comes_back(other, f"/discussions/{number_of(url)}/replies", {"text": TEXT, **WHY}, on=url)
    check_comes_back(other, f"/discussions/replies/{post}/edit", {"text": TEXT, **WHY})


def test_a_title_too(author: Person) -> None:
    data = {"title": f"Whose is {NUMBER}?", "text": "Somebody asked.", "question": "discussion", **WHY}
    assert SAYS in author.post("/discussions/new", data, status=422).text


def test_messages_and_profiles(author: Person, other: Person, visitor: Person) -> None:
    page = other.post(WRITE, {**LETTER, "message": TEXT}, status=422).text
    assert TEXT in page
    assert "Take it out" in page
    check_comes_back(author, "/account/profile", {**BASE, "bio": TEXT})
    check_comes_back(visitor, "/contact", {"email": "pat@example.org", "text": TEXT})


def test_case_studies(author: Person) -> None:
    url = draft(author, problem=TEXT)
    preview = author.get(f"{url}/preview").text
    assert "cannot be sent with this in it" in preview
    key = "why-" + found_key(author.client.application, url)
    assert key not in preview
    answer = author.post(f"{url}/submit", {**CONFIRMED, key: "An invented number, surely"}, on=f"{url}/preview", status=422).text
    assert SAYS in answer
    assert TEXT in author.get(f"{url}/edit/quick-share").text


def found_key(app: Flask, url: str) -> str:
    with app.app_context():
        (found,) = findings(db.session.get_one(CaseStudy, int(number_of(url))).working or {})
        return finding_key(found)


def test_a_moderator_cannot_publish_one_that_was_sent_before(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = submitted(author)
    with app.app_context(), transaction():
        db.session.query(CaseStudy).one().findings = stored_findings(check({"problem": TEXT}))
    assert "an NHS number in it" in moderator.post(f"{url}/review", {"verb": "publish"}, status=422).text
    assert visitor.client.get(url).status_code == 404


def test_words_of_a_file(author: Person) -> None:
    url = draft(author)
    page = upload(author, url, photo(), alt=TEXT, status=422).text
    assert "NHS number" in page
    assert TEXT in page


def test_adoptions_updates_and_measures(author: Person, other: Person, moderator: Person) -> None:
    url = case(author, moderator)
    check_comes_back(other, f"{url}/adoptions/new", {**SHARED, "message": TEXT, **WHY})
    made = share(other, url)
    check_comes_back(other, f"{made}/edit", {**SHARED, "message": TEXT, **WHY})
    check_comes_back(author, f"{url}/updates/new", {**NEW, "text": TEXT, **WHY})
    author.post(f"{url}/updates/new", NEW)
    check_comes_back(author, f"{url}/updates/1/edit", {"happened": "2/11/2026", "text": TEXT, **WHY})
    assert "Take this out" in measure(author, url, 422, interpretation=TEXT)
