"""A question is answered by a reply that readers can see."""

from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import update

from forum.discussions.models import HIDDEN, Post, Thread
from forum.kernel.db import db, transaction
from forum.kernel.outbox import OutboxRow
from forum.search.indexing import rebuild
from forum.worker import Worker
from tests.page import Person
from tests.stories import reply, thread


def state(visitor: Person, worker: Worker, url: str) -> str:
    """What the page, the list, the home page and the search say, where they agree."""
    worker.until_empty()
    said = {
        "answered" if "Accepted answer" in visitor.get(url).text else "open",
        "open" if url in visitor.get("/discussions?kind=unanswered").text else "answered",
        "answered" if "Answered" in visitor.get("/discussions").text else "open",
        "open" if "1 question is waiting" in visitor.get("/").text else "answered",
        "open" if url in visitor.get("/search?q=huddles+is:unanswered").text else "answered",
        "answered" if url in visitor.get("/search?q=huddles+is:answered").text else "open",
    }
    assert len(said) == 1, said
    return said.pop()


def test_a_question_whose_answer_is_hidden_or_held_is_open_again(
    app: Flask, author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Thread).values(question=False))  # those that the site brings
    with app.app_context():
        rebuild()
    url = thread(author)
    number, post = url.split("/")[2].split("-")[0], reply(other, url).split("#reply-")[1]
    accept, hide = f"/discussions/{number}/answer/{post}", f"/moderation/reply/{post}/hide"
    author.post(accept, on=url)
    assert state(visitor, worker, url) == "answered"
    moderator.post(hide, {"reason": "It names a patient."})
    assert state(visitor, worker, url) == "open"
    moderator.post(f"/moderation/reply/{post}/show", {"reason": "The name was taken out."})
    assert "drug round" in visitor.get(url).text
    assert state(visitor, worker, url) == "open", "only whoever asked says that it is answered"
    author.post(accept, on=url)
    assert state(visitor, worker, url) == "answered"
    held = {"text": "We tied ours to the drug round. See hospital number 778899.", "justification": "It is invented."}
    other.post(f"/discussions/replies/{post}/edit", held)
    assert "drug round" not in visitor.get(url).text
    assert state(visitor, worker, url) == "open"


def test_what_is_no_question_any_more_has_no_answer(author: Person, other: Person, visitor: Person) -> None:
    url = thread(author)
    number, post = url.split("/")[2].split("-")[0], reply(other, url).split("#reply-")[1]
    author.post(f"/discussions/{number}/answer/{post}", on=url)
    author.post(f"/discussions/{number}/edit", {"title": "How we keep huddles going", "text": "So.", "question": "discussion"})
    assert "Accepted answer" not in visitor.get(f"/discussions/{number}-how-we-keep-huddles-going").text


def test_the_migration_opens_those_that_were_hidden_before(app: Flask, author: Person, other: Person) -> None:
    kept, lost = (thread(author, title=f"A question, number {n}") for n in (1, 2))
    posts = [int(reply(other, url).split("#reply-")[1]) for url in (kept, lost)]
    ids = [int(url.split("/")[2].split("-")[0]) for url in (kept, lost)]
    with app.app_context():
        with transaction():
            for id_, post in zip(ids, posts, strict=True):
                db.session.get_one(Thread, id_).answer_id = post
            db.session.get_one(Post, posts[1]).status = HIDDEN
        with db.engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
            import_module("forum.migrations.versions.0011_answers").upgrade()
        db.session.remove()
        assert [db.session.get_one(Thread, id_).answer_id for id_ in ids] == [posts[0], None]
        assert db.session.query(OutboxRow).filter_by(queue="index", name="rebuild").one().payload == {}
        db.session.remove()
