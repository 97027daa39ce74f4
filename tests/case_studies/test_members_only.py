"""What is for people who are signed in does not exist for a visitor, on any page."""

import re

from flask import Flask

from forum.kernel.db import db
from forum.worker import Worker
from tests.conftest import person
from tests.page import Person
from tests.stories import CONFIRMED, draft, published, reply


def _members_only(author: Person, moderator: Person, **more: object) -> str:
    url = draft(author, **more)
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    return url


PLACE = "Leeds Teaching Hospitals NHS Trust"


PAGES = ("", "/history", "/export.md", "/export.docx", "/print")


ABOUT = "quokka"


def _lists(app: Flask) -> list[str]:
    """Every page that gathers case studies and discussions."""
    with app.app_context():
        from forum.organisations.models import Organisation

        place = db.session.query(Organisation).filter_by(name=PLACE).one()
        where = f"/organisations/{place.id}"
    return [
        "/",
        "/case-studies",
        "/case-studies?element=stable-core-team",
        "/case-studies?sort=discussed",
        "/discussions",
        "/discussions?element=stable-core-team",
        "/elements",
        "/elements/stable-core-team",
        "/care-models",
        "/care-models/virtual-ward",
        "/people/ada-author",
        "/people/olu-other",
        where,
        f"/search?q={ABOUT}",
        f"/search?q={ABOUT}&kind=thread",
        f"/search?q={ABOUT}&kind=reply",
        "/search?q=wombat",
    ]


def _found(who: Person, app: Flask, words: str) -> set[str]:
    found = set()
    for page in _lists(app):
        answer = who.client.get(page, follow_redirects=True)
        assert answer.status_code == 200, (page, answer.status_code)
        text = answer.text.replace(f'value="{ABOUT}"', "").replace(f"“{ABOUT}”", "")
        # The words of the question stand on the page of the search itself: where they are asked, and in "We looked for".
        own = rf"<title>.*?</title>|<h1.*?</h1>|<input[^>]*>|href=\"/(?:search|feeds/)[^\"]*\"|title=\"Search: {words}\"|with <strong>{words}<"
        if words in re.sub(own, "", text, flags=re.S):
            found.add(page)
    return found


def test_what_is_for_members_does_not_exist_for_a_visitor(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    title = "How a quokka helped a ward in Anytown"
    url = _members_only(
        author, moderator, title=title, problem="Nobody had a quokka.", care_models=["virtual-ward"], **{"organisations-0": PLACE}
    )
    talk = re.search(r'href="(/discussions/[^"]+)"', other.get(url).text)
    assert talk
    reply(other, talk.group(1), "We had a wombat instead.")
    worker.until_empty()
    for page in PAGES:
        visitor.get(f"{url}{page}", 404)
        other.get(f"{url}{page}")
    visitor.get(talk.group(1), 404)
    visitor.get(url.rpartition("-how")[0], 404)
    assert "wombat" in other.get(talk.group(1)).text
    assert _found(visitor, app, "quokka") == set()
    assert _found(visitor, app, "wombat") <= {"/search?q=wombat"}, "the word that was asked for"
    assert "instead" not in visitor.get("/search?q=wombat").text
    for page in ("/case-studies", "/discussions", "/people/ada-author", "/elements/stable-core-team"):
        assert title in other.get(page).text, page
    assert f'href="{url}"' in other.get("/search?q=quokka").text


def test_counts_do_not_tell_of_what_is_for_members(author: Person, moderator: Person, visitor: Person, other: Person) -> None:
    published(author, moderator)
    _members_only(author, moderator, title="Another title that is long enough")
    assert "<strong>1</strong> case study" in visitor.get("/case-studies").text
    assert "<strong>2</strong> case studies" in other.get("/case-studies").text


def test_being_for_members_is_changed_at_any_time(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = published(author, moderator, title="How a quokka helped a ward in Anytown", **{"organisations-0": PLACE})
    talk = re.search(r'href="(/discussions/[^"]+)"', visitor.get(url).text)
    assert talk
    worker.until_empty()
    assert "/case-studies" in _found(visitor, app, "quokka")
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    visitor.get(url)
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "Not for all"}, on=f"{url}/preview")
    worker.until_empty()
    visitor.get(url, 404)
    visitor.get(talk.group(1), 404)
    assert _found(visitor, app, "quokka") == set()
    other.get(url)
    author.post(f"{url}/edit/sharing", {"visibility": "everyone", "action": "save"})
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "For all"}, on=f"{url}/preview")
    worker.until_empty()
    visitor.get(url)
    visitor.get(talk.group(1))
    assert "/search?q=quokka" in _found(visitor, app, "quokka")


def test_hiding_and_showing_again_keeps_it_for_members(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = _members_only(author, moderator, title="How a quokka helped a ward in Anytown", **{"organisations-0": PLACE})
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "A name stands in it"})
    other.get(url, 404)
    moderator.post(f"{url}/review", {"verb": "show", "reason": "It is out again"})
    worker.until_empty()
    other.get(url)
    visitor.get(url, 404)
    assert _found(visitor, app, "quokka") == set()
    author.post(f"{url}/withdraw")
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    person(app, "admin").post(f"{url}/review", {"verb": "publish"})
    worker.until_empty()
    assert "quokka" in other.get("/discussions").text
    assert _found(visitor, app, "quokka") == set()


def test_members_find_replies_about_what_is_for_members(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    url = _members_only(author, moderator)
    talk = re.search(r'href="(/discussions/[^"]+)"', other.get(url).text)
    assert talk
    reply(other, talk.group(1), "We had a wombat instead.")
    worker.until_empty()
    assert "instead" in author.get("/search?q=wombat").text
