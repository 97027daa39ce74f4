"""A form that is sent again: the same words are one thing, other words are asked about, and never dropped."""

from datetime import timedelta

import pytest
from flask import Flask

from forum.accounts.models import Message
from forum.discussions.models import Post, Thread
from forum.kernel import idempotency
from forum.kernel.db import db, transaction
from tests.page import Page, Person
from tests.stories import draft, published, reply, thread

ASKED = "You sent this form before"
THREAD = {"title": "A thread about huddles", "text": "The first words.", "question": "discussion"}


def count(app: Flask, model: type, **values: object) -> int:
    with app.app_context():
        found = db.session.query(model).filter_by(**values).count()
        db.session.remove()
    return found


def older(app: Flask) -> None:
    """Let everything that was sent have been sent long ago."""
    with app.app_context(), transaction():
        for row in db.session.query(idempotency.FormKey):
            row.at -= idempotency.TWICE + timedelta(seconds=1)


def test_other_words_are_asked_about(author: Person, app: Flask) -> None:
    sent = {**author.hidden("/discussions/new", ""), **THREAD}
    first = author.location(author.client.post("/discussions/new", data=sent))
    answer = author.client.post("/discussions/new", data={**sent, "text": "Quite other words, typed after Back."})
    assert answer.status_code == 409
    assert ASKED in answer.text
    assert f'href="{first}"' in answer.text
    assert "Quite other words, typed after Back." in answer.text
    assert count(app, Thread, title=THREAD["title"]) == 1
    again = next(f for f in Page(answer.text).forms if f["fields"].get("form_key"))
    assert again["action"] == "/discussions/new"
    second = author.location(author.client.post("/discussions/new", data=again["fields"]))
    assert second != first
    assert "Quite other words" in author.get(second).text
    # And once more the same: a double click on "Send this as well".
    assert author.location(author.client.post("/discussions/new", data=again["fields"])) == second
    # A preview asks nothing, whatever was sent before.
    assert author.client.post("/discussions/new", data={**sent, "text": "Third words", "action": "preview"}).status_code == 200


def test_the_same_words_in_the_same_place_are_one(author: Person, other: Person, app: Flask) -> None:
    """Back to a page with a box in it gives the box a new key."""
    url = thread(author)
    assert reply(author, url) == reply(author, url)
    assert count(app, Post, text="We tied ours to the drug round.") == 1
    assert reply(other, url) != reply(author, url), "somebody else may say the same"
    elsewhere = thread(author, title="Another thread about huddles")
    assert reply(author, elsewhere).split("#")[0] != url, "and so may I elsewhere"
    older(app)
    reply(author, url)
    assert count(app, Post, text="We tied ours to the drug round.") == 4, "a day later it is meant"


def test_letters_reports_and_messages_to_moderators(author: Person, other: Person, visitor: Person, app: Flask) -> None:
    url = thread(author).split("-")[0].rpartition("/")[2]
    letter = {"subject": "Your huddles", "message": "Could we talk?"}
    for _ in range(2):
        other.post("/people/ada-author/write", letter)
        other.post(f"/report/thread/{url}", {"reason": "advert", "text": "It sells something"})
        visitor.post("/contact", {"email": "pat@example.org", "text": "I cannot join, and I do not know why."})
    assert count(app, Message) == 1
    from forum.kernel.outbox import OutboxRow
    from forum.moderation.models import Report

    assert count(app, Report) == 1
    with app.app_context():
        letters = [r for r in db.session.query(OutboxRow).filter_by(queue="mail") if "cannot join" in str(r.payload)]
        assert len({r.payload["to"] for r in letters}) == len(letters) == 2, "one for each of the two who are staff"
        db.session.remove()


def test_a_case_study_goes_on_with_other_words(author: Person) -> None:
    """The key alone makes it one: what is typed into it goes on changing."""
    hidden = author.hidden("/case-studies/new", "")
    places = {
        author.location(author.client.post("/case-studies/new", data={**hidden, "title": title, "action": "save"})).split("-")[1]
        for title in ("Huddles", "Huddles at night", "Huddles")
    }
    assert len(places) == 1


@pytest.mark.parametrize("path", ["/discussions/new", "/case-studies/new", "/people/olu-other/write", "/searches/ask?q=huddle"])
def test_a_form_has_an_address_of_its_own(author: Person, path: str) -> None:
    moved = author.client.get(path)
    assert moved.status_code == 303
    where = author.location(moved)
    key = where.rpartition("form=")[2]
    assert f'name="form_key" value="{key}"' in author.get(where).text
    assert f'name="form_key" value="{key}"' in author.get(where).text, "and keeps it, however often one comes back"


def test_what_a_box_was_filled_from_is_in_its_name(author: Person, other: Person) -> None:
    url = thread(author)

    def first_control(who: Person) -> str:
        form = next(f for f in Page(who.get(url).text).forms if f.get("action", "").endswith("/replies"))
        return next(iter(form["fields"]))

    mine, theirs = first_control(author), first_control(other)
    assert mine != theirs
    reply(other, url)
    assert first_control(author) == mine, "a reply of somebody else's takes no unsent words away"
    assert first_control(other) != theirs


def test_a_draft_of_a_case_study_says_what_it_was_filled_from(author: Person, moderator: Person) -> None:
    url = draft(author)
    opened = author.location(author.client.get(f"{url}/edit/aim"))
    assert "from=aim." in opened or "from=" in opened
    case = published(author, moderator)
    assert "form=" in author.location(author.client.get(f"{case}/updates/new"))


def test_a_short_answer_is_on_the_page_that_asks(other: Person, author: Person) -> None:
    url = thread(author)
    number = url.split("/")[2].partition("-")[0]
    sent = {**other.hidden(url, f"/discussions/{number}/replies"), "text": "Yes."}
    other.client.post(f"/discussions/{number}/replies", data=sent)
    answer = other.client.post(f"/discussions/{number}/replies", data={**sent, "text": "No."})
    assert answer.status_code == 409
    assert ">No.</textarea>" in answer.text
