"""Whose address is not confirmed may be anybody: a visitor with an account to look after. Who is held writes to nobody first."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from forum.worker import Worker
from tests.accounts.steps import NEW, change, mails, prepared
from tests.page import Person
from tests.stories import CONFIRMED, draft, published

LETTER = {"subject": "Hello", "message": "Could we talk about your huddles?"}


def test_what_is_for_members_only_is_not_for_them(
    author: Person, other: Person, moderator: Person, app: Flask, worker: Worker
) -> None:
    url = draft(author, title="A quokka for members only")
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    worker.until_empty()
    waiting = prepared(app)
    pages = ("/case-studies", "/discussions", "/search?q=quokka", "/people/ada-author", "/")
    for page in pages:
        assert "quokka for members" not in waiting.get(page).text, page
    for page in ("", "/history", "/export.md", "/print"):
        waiting.get(f"{url}{page}", 404)
    assert "quokka for members" in other.get("/search?q=quokka").text
    other.get(url)
    open_to_all = published(author, moderator, title="A wombat for everybody")
    waiting.get(open_to_all)
    change(app, NEW["email"], confirmed_at=None, access="moderator")
    waiting.get(url, 404)


def test_a_site_for_members_only_is_not_for_them(make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_PUBLIC="0")
    waiting = prepared(app)
    for page in ("/", "/case-studies", "/people/ada-author", "/search?q=x"):
        assert "Confirm your email address first" in waiting.get(page, 403).text
    waiting.get("/account")
    Person(app.test_client(), "ada@example.org", "correct horse battery staple").sign_in().get("/case-studies")


def test_nobody_sees_a_person_who_may_be_anybody(app: Flask, visitor: Person, author: Person) -> None:
    waiting = prepared(app, name="Helen Famous")
    for who in (visitor, author, waiting):
        who.get("/people/helen-famous", 404)
    author.get("/people/helen-famous/write", 404)
    assert "/people/helen-famous" not in waiting.get("/account").text
    waiting.post(
        "/account/profile", {"name": "Helen Famous", "role": "gp", "organisation": "Anytown Surgery"}, on="/account", status=403
    )


def test_a_held_member_sends_no_letters_and_answers_those_they_get(author: Person, other: Person, app: Flask) -> None:
    change(app, other.email, posts_approved=1)
    assert "A moderator looks at your first two posts" in other.get("/people/ada-author/write", 403).text
    late = other.post("/people/ada-author/write", LETTER, on="/account", status=403)
    assert "Could we talk about" in late.text, "what was typed comes back"
    author.post("/people/olu-other/write", LETTER)
    other.post("/people/ada-author/write", LETTER)
    change(app, other.email, posts_approved=2)
    other.post("/people/mo-mod/write", LETTER)


def test_a_held_member_mails_no_invitations(author: Person, app: Flask, worker: Worker, tmp_path: Path) -> None:
    change(app, author.email, posts_approved=0)
    url = draft(author)
    assert "you can invite people here" in author.get(f"{url}/people").text
    invitation = {"who": "victim@example.org", "role": "co-author"}
    author.post(f"{url}/people", invitation, on="/account", status=403)
    worker.until_empty()
    assert mails(tmp_path, "victim@example.org") == []
    change(app, author.email, posts_approved=2)
    author.post(f"{url}/people", invitation)
    worker.until_empty()
    assert len(mails(tmp_path, "victim@example.org")) == 1
