"""Changing measures: versions, conflicts, drafts, order, taking out, and what a purge leaves of them."""

from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.kernel.db import db
from forum.measures.models import Measure
from forum.worker import Worker
from tests.measures.steps import FIELDS, measure
from tests.page import Page, Person
from tests.stories import draft, published


def test_a_change_is_kept_with_what_stood_before(author: Person, moderator: Person, visitor: Person) -> None:
    at = measure(author, published(author, moderator))
    author.post(f"{at}/edit", {**FIELDS, "interpretation": "They went down and stayed there.", "action": "save"})
    page = visitor.get(f"{at}/history").text
    assert "stayed" in page
    assert "What this tells us" in page
    assert "They went down and stayed there." in visitor.get(at).text


def test_two_editors_lose_nothing(author: Person, moderator: Person) -> None:
    at = measure(author, published(author, moderator))
    opened = moderator.hidden(f"{at}/edit", f"{at}/edit")
    author.post(f"{at}/edit", {**FIELDS, "name": "Falls of every kind", "action": "save"})
    mine = {**FIELDS, "name": "Falls that hurt", "source": "Audit", "action": "save"}
    response = moderator.client.post(f"{at}/edit", data={**opened, **mine})
    assert response.status_code == 409
    assert "Falls of every kind" in response.text
    assert "Audit" in response.text
    again = {
        **Page(response.text).form("/edit")["fields"],
        **mine,
        "reason": "Said where from",
    }
    assert moderator.client.post(f"{at}/edit", data=again).status_code == 303


def test_saved_once_however_often_it_is_sent(app: Flask, author: Person) -> None:
    url = draft(author)
    data = {**author.hidden(f"{url}/measures/new", f"{url}/measures/new"), **FIELDS, "action": "save"}
    places = {author.client.post(f"{url}/measures/new", data=data).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    with app.app_context():
        assert db.session.query(Measure).count() == 1


def test_what_is_typed_is_kept_until_it_is_saved(author: Person) -> None:
    url = draft(author)
    hidden = author.hidden(f"{url}/measures/new", f"{url}/measures/new")
    typed = {**hidden, "name": "Half a", "figures": "2023-01 4", "phases-0-label": "It began"}
    assert "saved_at" in author.client.post(f"{url}/measures/new/autosave", data=typed).json
    page = author.get(f"{url}/measures/new").text
    for words in ("Half a", "2023-01 4", "It began", "Your draft of"):
        assert words in page, words
    assert "Measure: Half a" in author.get("/drafts").text
    measure(author, url)
    assert "Half a" not in author.get(f"{url}/measures/new").text


def test_order_and_taking_out(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    first, second = measure(author, url), measure(author, url, name="Calls a month at night")
    author.post(f"{second}/up", on=f"{url}/measures")
    page = visitor.get(url).text
    assert page.index("Calls a month at night") < page.index("Falls a month")
    author.post(f"{first}/remove", on=f"{url}/measures")
    assert "Falls a month" not in visitor.get(url).text
    visitor.get(first, 404)
    assert "Removed" in author.get(f"{url}/measures").text
    author.post(f"{first}/restore", on=f"{url}/measures")
    assert "Falls a month" in visitor.get(url).text


def test_twenty_measures_are_the_most(app: Flask, author: Person) -> None:
    url = draft(author)
    at = measure(author, url)
    with app.app_context():
        from forum.kernel.db import transaction

        with transaction():
            one = db.session.query(Measure).one()
            values = {c.key: getattr(one, c.key) for c in Measure.__mapper__.column_attrs if c.key != "id"}
            db.session.add_all(Measure(**values) for _ in range(19))
    assert "There can be 20 measures" in measure(author, url, 422, name="Bells a night")
    assert "20 measures, which is the limit" in author.get(f"{url}/measures").text
    author.get(at)


def test_a_moderators_change_is_told(author: Person, moderator: Person, worker: Worker) -> None:
    at = measure(author, published(author, moderator))
    moderator.post(f"{at}/edit", {**FIELDS, "source": "Incident system", "action": "save", "reason": "Said where from"})
    worker.until_empty()
    assert "edited" in author.get("/notifications").text.lower()


def test_words_that_must_go_are_gone_from_measures_too(
    app: Flask, author: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = published(author, moderator)
    at = measure(author, url, interpretation="Thanks to Quentin Example on the ward.")
    author.post(f"{at}/edit", {**FIELDS, "interpretation": "Quentin Example kept it going.", "action": "save"})
    moderator.post(f"{url}/purge", {"words": "Quentin Example", "reason": "A person who did not agree", "action": "remove"})
    worker.until_empty()
    for address in (url, at, f"{at}/history"):
        assert "Quentin" not in visitor.get(address).text, address
    with app.app_context():
        assert "Quentin" not in str(db.session.query(Measure).one().record)
        assert db.session.query(CaseStudy).one().measures_shown == 1
