"""A draft that was acknowledged is always reachable: to go on with, or to copy, with why it cannot be sent."""

import pytest
from flask import Flask

from forum.kernel.db import db, transaction
from forum.web.drafts import FormDraft
from tests.measures.steps import FIELDS
from tests.page import Person
from tests.stories import published, reply, thread

WORDS = "Half a thought that I was told is saved."


def save(by: Person, where: str, on: str = "", **fields: str) -> None:
    page = by.hidden(on or where, where)
    answer = by.client.post(f"{where}/autosave", data={**page, **fields}, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    assert "saved_at" in str(answer.json)


def test_a_form_is_told_what_may_identify_somebody_while_it_is_typed_into(author: Person, other: Person) -> None:
    url = thread(author)
    where = f"/discussions/{url.split('/')[2].split('-')[0]}/replies"
    for text, told in (("My mum Orla liked it.", ["mum Orla"]), ("We met on Monday.", [])):
        page = other.hidden(url, where)
        answer = other.client.post(f"{where}/autosave", data={**page, "text": text}).json["findings"]
        assert [words.split("”")[0].lstrip("“") for words in answer] == told
    answer = author.client.post(
        "/case-studies/new/autosave",
        data={**author.hidden("/case-studies/new", "/case-studies/new"), "problem": "My dad Ron fell."},
    )
    assert "a relation with a name beside it" in answer.json["findings"][0]


def links(by: Person) -> list[str]:
    return [part.split('"')[0] for part in by.get("/drafts").text.split('href="')[1:] if part.startswith("/drafts/")]


def test_every_form_is_saved_while_typing_and_gone_back_to(author: Person, other: Person, moderator: Person) -> None:
    url = thread(author)
    number = url.split("/")[2].split("-")[0]
    post = reply(author, url).split("#reply-")[1]
    case = published(author, moderator)
    update = author.location(
        author.post(
            f"{case}/updates/new",
            {"entry": "update", "practice_status": "running", "happened": "1/11/2026", "text": "On.", "contact": "yes"},
        )
    ).split("#update-")[1]
    save(author, f"/discussions/{number}/replies", on=url, text=WORDS)
    save(author, f"{url}/edit", title="How do you keep them going?", text=WORDS, question="question")
    save(author, f"/discussions/replies/{post}/edit", text=WORDS)
    save(author, f"{case}/updates/{update}/edit", text=WORDS, happened="1/11/2026")
    save(author, "/people/olu-other/write", subject="Hello", message=WORDS)
    found = links(author)
    assert len(found) == 5
    for link in found:
        where = author.location(author.client.get(link))
        assert WORDS in author.get(where.partition("#")[0]).text, link
    # Sending it ends the draft.
    author.post(f"{url}/edit", {"title": "How do you keep them going?", "text": "All of it.", "question": "question"})
    author.post("/people/olu-other/write", {"subject": "Hello", "message": "All of it."})
    assert len(links(author)) == 3


def test_what_cannot_be_sent_can_be_copied(author: Person, other: Person, moderator: Person) -> None:
    url = thread(author)
    number = url.split("/")[2].split("-")[0]
    case = published(author, moderator)
    save(other, f"/discussions/{number}/replies", on=url, text=WORDS)
    save(other, f"{case}/adoptions/new", message=WORDS, organisations="Farville Surgery")
    save(author, f"{case}/measures/new", **{**FIELDS, "interpretation": WORDS})
    moderator.post(f"/moderation/thread/{number}/lock", {"reason": "Settled"}, on=url)
    assert 'href="/drafts/reply:' in other.get(url).text
    page = other.get(f"/drafts/reply:{number}").text
    assert "closed to new replies" in page
    assert WORDS in page
    moderator.post(f"/moderation/thread/{number}/hide", {"reason": "Not for here"})
    author.post(f"{case}/withdraw", on=f"{case}/withdraw")
    for link in links(other):
        page = other.get(link).text
        assert WORDS in page, link
        assert "can no longer be sent" in page
    measure = next(link for link in links(author) if "measure" in link)
    assert author.client.get(measure).status_code == 303, "a withdrawn case study can be worked on"
    other.post(f"/drafts/reply:{number}/discard", on=f"/drafts/reply:{number}")
    other.get(f"/drafts/reply:{number}", status=404)
    assert len(links(other)) == 1
    author.get(links(other)[0], status=404)


@pytest.mark.parametrize(
    "key", ["measure:case-study:1:1", "update-edit:1", "adoption-edit:1", "reply-edit:1", "message:nobody-here"]
)
def test_a_draft_whose_thing_is_gone(author: Person, app: Flask, key: str) -> None:
    from forum.kernel.clock import now

    with app.app_context(), transaction():
        db.session.add(FormDraft(member_id=1, key=key, url="/gone", label="Something", fields={"text": WORDS}, saved_at=now()))
    with app.app_context():
        from forum.accounts.queries import by_email

        ada = by_email("ada@example.org")
        assert ada is not None
        with transaction():
            db.session.query(FormDraft).filter_by(key=key).update({"member_id": ada.id})
    assert WORDS in author.get(f"/drafts/{key}").text
