"""The four key questions of the discussion document, as pinned threads that the site itself opens."""

import tomllib
from importlib import resources

from sqlalchemy import select

from forum.accounts.actions import create
from forum.accounts.models import Account
from forum.accounts.queries import SITE_USERNAME
from forum.discussions.actions import ThreadDraft, Writing, open_thread
from forum.discussions.events import ThreadStarted
from forum.discussions.models import Thread
from forum.documents.markdown import render
from forum.kernel.db import db, transaction
from forum.kernel.outbox import announce


def open_key_questions() -> int:
    """Open those that are not there yet; return how many. Safe to repeat."""
    text = resources.files("forum.discussions").joinpath("key_questions.toml").read_text("utf-8")
    questions = tomllib.loads(text)["question"]
    rendered = [(q, render(q["text"])) for q in questions]
    with transaction():
        have = set(db.session.scalars(select(Thread.site_key).where(Thread.site_key.is_not(None))))
        fresh = [(q, html) for q, html in rendered if f"key-question:{q['slug']}" not in have]
        if fresh:
            author = site_account()
            for question, html in fresh:
                draft = ThreadDraft(question["title"], Writing(question["text"], html))
                key = f"key-question:{question['slug']}"
                thread = open_thread(author.id, draft, site_key=key, pinned=True)
                announce(ThreadStarted(thread.id, author.id, False))
    return len(fresh)


def site_account() -> Account:
    """The account that the site's own threads and imported texts belong to. It has no password: nobody can sign in with it."""
    found = db.session.scalars(select(Account).where(Account.username == SITE_USERNAME)).first()
    if found is None:
        found = create("Shared Practice", f"{SITE_USERNAME}@localhost.invalid", "", "other")
        found.mail_ok = False
    return found
