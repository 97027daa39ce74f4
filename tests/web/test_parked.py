"""Words that were typed by somebody who is signed out by now come back to them, and to nobody else."""

from flask import Flask

from forum.kernel.db import db
from forum.web.pending_forms import ParkedForm
from tests.page import Page, Person
from tests.prepared import person
from tests.stories import thread

WORDS = "Words that only their writer may see."


def signs_in(who: Person, name: str) -> Person:
    """Somebody signs in at the same browser."""
    who.post("/sign-in", {"email": f"{name}@example.org", "password": "correct horse battery staple"})
    return who


def test_they_wait_for_whoever_typed_them(app: Flask) -> None:
    ada = person(app, "ada")
    where = f"/discussions/{thread(ada).split('/')[2].split('-')[0]}/replies"
    left = {**ada.hidden(where.removesuffix("/replies"), where), "text": WORDS}
    second = {**ada.hidden("/discussions/new", ""), "title": "A second window", "text": "Also left open.", "question": "discussion"}
    ada.post("/sign-out", on="/account")
    assert ada.location(ada.client.post(where, data=left)).startswith("/sign-in")
    ada.client.post("/discussions/new", data=second)
    assert "Your text is safe" in ada.get("/sign-in").text

    signs_in(ada, "olu")
    assert ada.location(ada.client.get("/resume")) == "/"
    assert WORDS not in ada.get("/drafts").text
    # Olu presses the button on Ada's page that still lies open.
    answer = ada.client.post(where, data=left)
    assert answer.status_code == 403
    assert WORDS not in answer.text
    assert "somebody else" in answer.text
    ada.post("/sign-out", on="/account")

    back = person(app, "ada")
    seen = ""
    for _ in range(3):
        page = back.get("/resume").text
        seen += page
        form = next(f for f in Page(page).forms if "parked" in f["fields"] and f.get("action") != "/resume/forget")
        assert back.client.post(form["action"], data=form["fields"]).status_code == 303
    assert WORDS in seen
    assert "A second window" in seen
    assert "Action</dt>" not in seen, "a button is nothing that somebody typed"
    assert back.location(back.client.get("/resume")) == "/", "what was sent on waits no longer"
    assert back.get("/discussions").text.count("A second window") == 1


def test_what_a_visitor_filled_in_is_for_whoever_signs_in(visitor: Person, author: Person, app: Flask) -> None:
    token = visitor.hidden("/sign-in", "")["csrf_token"]
    url = thread(author)
    visitor.client.post(f"/discussions/{url.split('/')[2].split('-')[0]}/replies", data={"csrf_token": token, "text": WORDS})
    signs_in(visitor, "olu")
    assert WORDS in visitor.get("/resume").text
    visitor.post("/resume/forget", {"parked": visitor.page("/resume").form("/resume/forget")["fields"]["parked"]}, on="/resume")
    assert visitor.location(visitor.client.get("/resume")) == "/"


def test_what_says_nobodys_name_is_not_kept_but_given_back(visitor: Person, author: Person, app: Flask) -> None:
    """A token of another site, or words too long to keep: they are on the page that answers."""
    where = f"/discussions/{thread(author).split('/')[2].split('-')[0]}/replies"
    answer = visitor.client.post(where, data={"csrf_token": "x", "text": WORDS})
    assert answer.status_code == 400
    assert WORDS in answer.text
    token = {"csrf_token": visitor.hidden("/sign-in", "")["csrf_token"]}
    answer = visitor.client.post(where, data={**token, "text": WORDS + "x" * 200_000})
    assert answer.status_code == 422
    assert WORDS in answer.text
    with app.app_context():
        assert db.session.query(ParkedForm).count() == 0
        db.session.remove()
