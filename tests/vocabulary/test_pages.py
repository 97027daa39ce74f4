"""The vocabulary: everybody may read it, moderators keep it, and searches use it at once."""

from flask import Flask

from forum.kernel.db import db, transaction
from forum.moderation.models import Decision
from forum.search.indexing import rebuild
from forum.vocabulary.actions import load_vocabulary
from forum.vocabulary.models import Entry
from forum.worker import Worker
from tests.page import Person

NEW = "/moderation/vocabulary/new"
ENTRY = {
    "words": "quokka round\n=QR",
    "wider": "small animals",
    "source": "An invented list, 2026",
    "reason": "Asked for in vain",
    "in_use": "y",
}


def entry(app: Flask, word: str) -> Entry:
    with app.app_context():
        return next(e for e in db.session.query(Entry) if word in e.words)


def test_it_is_there_for_everybody_to_read(visitor: Person, other: Person) -> None:
    for person in (visitor, other):
        page = person.get("/search/vocabulary?q=a%26e").text
        assert "emergency department" in page
        assert "/moderation/vocabulary" not in page
    assert "No entry has" in visitor.get("/search/vocabulary?q=%3Cb%3Ezzz").text
    assert "<b>zzz" not in visitor.get("/search/vocabulary?q=%3Cb%3Ezzz").text
    visitor.get("/search/vocabulary?page=99", 404)


def test_only_staff_keep_it(visitor: Person, other: Person, author: Person) -> None:
    for path in (NEW, "/moderation/vocabulary/1/edit"):
        assert "/sign-in" in visitor.location(visitor.get(path, 303))
        for person in (other, author):
            person.get(path, 404)
            person.post(path, ENTRY, on="/searches/new?q=x", status=404)


def test_an_entry_is_added_changed_and_put_out_of_use(app: Flask, moderator: Person, visitor: Person, worker: Worker) -> None:
    worker.until_empty()
    with app.app_context():
        rebuild()
    moderator.post(NEW, ENTRY)
    made = entry(app, "quokka round")
    assert (made.words, made.wider) == (["quokka round", "=QR"], ["small animals"])
    path = f"/moderation/vocabulary/{made.id}/edit"
    assert "Also searched" in visitor.get("/search?q=quokka+round+leadership").text
    moderator.post(path, {**ENTRY, "words": "quokka round\nquokka visit", "reason": "Another name"})
    assert entry(app, "quokka visit").version == 2
    moderator.post(path, {**ENTRY, "words": "quokka round\nquokka visit", "reason": "It misleads", "in_use": ""})
    assert not entry(app, "quokka visit").in_use
    assert "quokka visit" not in visitor.get("/search/vocabulary?q=quokka").text
    assert "Not in use" in moderator.get("/search/vocabulary?q=quokka").text
    assert "Also searched" not in visitor.get("/search?q=quokka+round+leadership").text
    with app.app_context():
        said = [(d.verb, d.reason) for d in db.session.query(Decision).order_by(Decision.id)]
    assert said == [
        ("added it to the vocabulary", "Asked for in vain"),
        ("changed its words", "Another name"),
        ("put it out of use", "It misleads"),
    ]
    assert "quokka round, quokka visit" in moderator.get("/moderation/decisions").text


def test_bad_input_comes_back(app: Flask, moderator: Person) -> None:
    for changes, message in (
        ({"words": "quokka"}, "at least two different words"),
        ({"words": "", "wider": "x"}, "Enter the words that mean the same"),
        ({"words": "A&E\nquokka"}, "is in use in another entry"),
        ({"words": "quokka\n***"}, "is not a word to look for"),
        ({"words": "quokka\n" + "x" * 90}, "at most 80 characters"),
        ({"words": "\n".join(f"quokka {n}" for n in range(20))}, "at most 12 words"),
        ({"reason": " "}, "Say why"),
        ({"source": ""}, "Say where this meaning comes from"),
    ):
        page = moderator.post(NEW, {**ENTRY, "wider": "", **changes}, status=422).text
        assert message in page, (changes, message)
        assert "An invented list" in page or "source" in changes
    with app.app_context():
        assert not [e for e in db.session.query(Entry) if any("quokka" in w for w in e.words)]


def test_two_moderators_at_once(app: Flask, moderator: Person) -> None:
    path = f"/moderation/vocabulary/{entry(app, 'A&E').id}/edit"
    seen = moderator.page(path).form(path)["fields"]["version"]
    moderator.post(path, {**ENTRY, "words": "A&E\nreceiving room", "version": seen})
    page = moderator.post(path, {**ENTRY, "words": "A&E\naccident ward", "version": seen}, status=409).text
    assert "receiving room" in page
    assert "accident ward" in page


def test_what_a_moderator_changed_outlives_an_update_of_the_product(app: Flask, moderator: Person) -> None:
    path = f"/moderation/vocabulary/{entry(app, 'A&E').id}/edit"
    moderator.post(path, {**ENTRY, "words": "A&E\nreceiving room"})
    with app.app_context():
        load_vocabulary()
    assert entry(app, "receiving room").words == ["A&E", "receiving room"]


def test_a_mend_of_the_shipped_list_arrives_and_leaves_theirs_alone(app: Flask, moderator: Person) -> None:
    """A site that was seeded long ago: one entry as it was shipped then, one that a moderator keeps, one that is shipped no more."""
    with app.app_context(), transaction():
        old = db.session.query(Entry).filter_by(key="criteria-to-reside").one()
        old.words = ["criteria to reside", "NCTR"]
        db.session.query(Entry).filter_by(key="co-design").one().words = ["co-design", "co-production"]
        gone = Entry(key="shipped-no-more", words=["quokka ward"], wider=["quokka"], version=0, changed_at=old.changed_at)
        db.session.add(gone)
        for key in ("no-criteria-to-reside", "ctr"):
            db.session.delete(db.session.query(Entry).filter_by(key=key).one())
    path = f"/moderation/vocabulary/{entry(app, 'criteria to reside').id}/edit"
    moderator.post(path, {**ENTRY, "words": "criteria to reside\nNCTR\nctr", "wider": ""})
    with app.app_context():
        for _ in range(2):
            load_vocabulary()
        by_key = {e.key: e for e in db.session.query(Entry)}
    assert by_key["co-design"].words == ["co-design"], "what nobody touched is as shipped now"
    assert not by_key["shipped-no-more"].in_use, "and what is shipped no more is out of use"
    assert by_key["criteria-to-reside"].words == ["criteria to reside", "NCTR", "ctr"], "a moderator's stands"
    assert by_key["no-criteria-to-reside"].in_use
    assert "NCTR" not in by_key["no-criteria-to-reside"].words, "and no second entry has a word of it"
    assert not by_key["ctr"].in_use, "nor is there one with no other word"
    moderator.post(path, {**ENTRY, "words": "criteria to reside\nreason to reside", "wider": "", "reason": "NCTR is the opposite"})
    with app.app_context():
        load_vocabulary()
    assert "NCTR" in entry(app, "no criteria to reside").words, "a word that they gave up comes back"
    assert entry(app, "=CTR").in_use


def test_a_double_click_adds_one(app: Flask, moderator: Person) -> None:
    form = moderator.page(NEW).form(NEW)["fields"]
    for _ in range(2):
        moderator.post(NEW, {**form, **ENTRY})
    with app.app_context():
        assert sum("quokka round" in e.words for e in db.session.query(Entry)) == 1
