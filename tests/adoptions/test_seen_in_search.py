"""Who finds an adoption, in every state of it and of its case study: also while the index is left as it was."""

from collections.abc import Callable

import pytest
from flask import Flask

from forum.adoptions.models import Adoption
from forum.case_studies.models import CaseStudy
from forum.kernel.db import db, transaction
from forum.kernel.outbox import SiteVersion
from forum.search import indexing as outbox
from forum.search.service import drift, expected, search_parts
from forum.worker import Worker
from tests.adoptions.steps import SHARED, case, number, share
from tests.adoptions.test_found import hits
from tests.case_studies.people import account
from tests.databases import Databases
from tests.measures.steps import measure
from tests.page import Person
from tests.searches.test_alerts import letters, look, words
from tests.searches.test_saved import save
from tests.stories import CASE, CONFIRMED

WORDS = "Ask the wandering nightjar of Farville Surgery."
ASKED = (
    "/search?q=farville",
    "/search?q=nightja",
    '/search?q="farville+surgery"',
    "/search?q=farv*",
    "/search?q=zebra+farville",
    "/search?q=weekly+ward+round+farville",
    "/search?q=kind:adoption",
    "/search?stage=adopted&sort=newest",
    "/search?q=&sort=adopted",
    "/search/suggest?q=farville",
    "/feeds/search.atom?q=farville",
    "/feeds/search.atom?q=",
)


@pytest.fixture(params=["whoosh", "postgresql"])
def app(request: pytest.FixtureRequest, make_app: Callable[..., Flask]) -> Flask:
    """The site with each engine in turn."""
    if request.param == "postgresql" and not Databases.base:
        pytest.skip("needs a PostgreSQL server: make test-postgres")
    return make_app(FORUM_SEARCH=request.param)


@pytest.fixture
def stranger(app: Flask) -> Person:
    return account(app, "Sam Stranger", "sam@example.org")


def shown(who: Person) -> list[str]:
    """Addresses that show its words."""
    answers = {address: who.client.get(address) for address in ASKED}
    assert all(answer.status_code == 200 for answer in answers.values())
    return [address for address, answer in answers.items() if "wandering" in answer.text]


def become(app: Flask, record: str, of_case: str, visibility: str) -> None:
    """A state, without an event: the index does not hear of it, and of the pages kept for visitors none is true any more."""
    with app.app_context(), transaction():
        db.session.query(SiteVersion).update({"number": SiteVersion.number + 1})
        db.session.query(Adoption).update({"status": record})
        db.session.query(CaseStudy).update({"status": of_case, "visibility": visibility})


def held(app: Flask) -> set[tuple[str, int]]:
    with app.app_context():
        keys = search_parts().index.keys()
        return {(kind, id_) for kind, id_ in keys if kind == "adoption"}


#: State of the entry, state of its case study, who may read that: who may see the entry.
SEES = {
    ("published", "published", "everyone"): "visitor stranger adopter author moderator",
    ("published", "published", "members"): "stranger adopter author moderator",
    ("held", "published", "everyone"): "adopter moderator",
    ("hidden", "published", "everyone"): "adopter moderator",
    ("withdrawn", "published", "everyone"): "adopter moderator",
    ("published", "draft", "everyone"): "author",
    ("published", "submitted", "everyone"): "author moderator",
    ("published", "changes-asked", "everyone"): "author moderator",
    ("published", "rejected", "everyone"): "author moderator",
    ("published", "withdrawn", "everyone"): "author moderator",
    ("published", "hidden", "everyone"): "author moderator",
    ("held", "withdrawn", "everyone"): "moderator",
    ("held", "published", "members"): "adopter moderator",
}


def test_nobody_is_shown_what_they_may_not_see(
    app: Flask, visitor: Person, stranger: Person, other: Person, author: Person, moderator: Person, worker: Worker
) -> None:
    """The index was made while all was public, and not told since. Who is shown something from it is who may open the page."""
    made = share(other, case(author, moderator), message=WORDS)
    worker.until_empty()
    people = {"visitor": visitor, "stranger": stranger, "adopter": other, "author": author, "moderator": moderator}
    assert all(len(shown(p)) >= 9 for p in people.values()), "at first everybody finds it"
    for state, sees in SEES.items():
        become(app, *state)
        assert {name for name, p in people.items() if shown(p)} == set(sees.split()), state
        assert {name for name, p in people.items() if p.client.get(made).status_code == 200} == set(sees.split()), state
        assert held(app) == {("adoption", 1)}


def test_an_index_made_anew_holds_what_is_out(
    app: Flask, visitor: Person, stranger: Person, other: Person, author: Person, moderator: Person, worker: Worker
) -> None:
    """What is not out is found on the desk and on one's own pages: in the search not even by those who may see it."""
    share(other, case(author, moderator), message=WORDS)
    worker.until_empty()
    people = {"visitor": visitor, "stranger": stranger, "adopter": other, "author": author, "moderator": moderator}
    for state, sees in SEES.items():
        become(app, *state)
        with app.app_context():
            outbox.rebuild()
            out = state[:2] == ("published", "published")
            assert (("adoption", 1) in expected()) == out, state
            assert drift() == {"missing": 0, "extra": 0}, state
        assert held(app) == ({("adoption", 1)} if out else set()), state
        asks = people if out else sees.split()
        assert {name for name in asks if shown(people[name])} == (set(sees.split()) if out else set()), state


def test_the_index_follows_it_and_its_case_study(
    app: Flask, visitor: Person, other: Person, author: Person, moderator: Person, worker: Worker
) -> None:
    url = case(author, moderator)
    made = share(other, url, message=WORDS)

    def finds(query: str = "q=nightjar") -> bool:
        worker.until_empty()
        with app.app_context():
            assert drift() == {"missing": 0, "extra": 0}
        return made in [href for href, _ in hits(visitor, query)]

    assert finds()
    other.post(f"{made}/edit", {**SHARED, "message": "Ask the pelican.", "stage": "adapted"})
    assert finds("q=pelican+stage:adapted")
    assert not finds()
    other.post(f"{made}/withdraw", {"on": "1"}, on=made)
    assert not finds("q=pelican")
    other.post(f"{made}/withdraw", {"on": "0"}, on=made)
    assert finds("q=pelican")
    moderator.post(f"/moderation/adoption/{number(made)}/hide", {"reason": "It is an advert"})
    assert not finds("q=pelican")
    moderator.post(f"/moderation/adoption/{number(made)}/show", {"reason": "It is none"})
    assert finds("q=pelican")
    flagged = {**SHARED, "message": "Ask the pelican.", "why": "Hospital number 778899", "justification": "It is invented"}
    other.post(f"{made}/edit", flagged)
    assert not finds("q=pelican"), "held"
    moderator.post(f"/moderation/adoption/{number(made)}/release", on=made)
    assert finds("q=pelican")
    assert not finds("q=pelican+has:data")
    measure(other, made)
    assert finds("q=pelican+has:data")


def test_the_index_follows_the_case_study(
    app: Flask, visitor: Person, other: Person, author: Person, moderator: Person, worker: Worker
) -> None:
    url = case(author, moderator)
    made = share(other, url, message=WORDS)

    def finds(query: str, who: Person = visitor) -> bool:
        worker.until_empty()
        with app.app_context():
            assert drift() == {"missing": 0, "extra": 0}
        return made in [href for href, _ in hits(who, f"q={query}+kind:adoption")]

    def change(url: str, page: str = "quick-share", **values: object) -> str:
        author.post(f"{url}/edit/{page}", {**values, "action": "save"})
        author.post(f"{url}/submit", {**CONFIRMED, "reason": "Better so"}, on=f"{url}/preview")
        return author.client.get(f"/case-studies/{number(url).split('-')[0]}-x").headers["Location"]

    assert finds('"weekly+ward+round"')
    assert finds("element:stable-core-team")
    url = change(url, **{**CASE, "title": "Daily huddle in a care home", "elements": ["resilience"]})
    assert not finds('"weekly+ward+round"')
    assert finds('"daily+huddle"')
    assert finds("element:resilience")
    assert not finds("element:stable-core-team")
    change(url, "sharing", visibility="members")
    assert not finds("nightjar")
    assert finds("nightjar", other)
    change(url, "sharing", visibility="everyone")
    assert finds("nightjar")
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "To be looked at"})
    assert not finds("nightjar", moderator)
    moderator.post(f"{url}/review", {"verb": "show", "reason": "It is fine"})
    assert finds("nightjar")
    reason = "It names a bird that did not agree."
    moderator.post(f"{url}/purge", {"words": "nightjar", "reason": reason, "action": "remove"})
    assert not finds("nightjar")
    assert finds("wandering")
    author.post(f"{url}/withdraw")
    assert not finds("wandering", author)


def test_who_waits_for_it_is_told(
    app: Flask, other: Person, author: Person, moderator: Person, stranger: Person, worker: Worker
) -> None:
    with app.app_context():
        outbox.rebuild()
    url = case(author, moderator)
    worker.until_empty()
    save(stranger, search="q=ward+round&kind=adoption", name="Who tried rounds", alert="at-once")
    assert look(app, worker) == 0
    made = share(other, url)
    assert look(app, worker) == 1
    (letter,) = letters(app)
    assert f"Tried at Farville Surgery: {CASE['title']}" in words(letter).replace("=\n", "")
    assert f"http://localhost{made}" in words(letter)
