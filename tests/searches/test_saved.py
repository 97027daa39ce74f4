"""Saved searches: kept, changed, deleted, bounded; and nobody else's business."""

import re

import pytest
from flask import Flask

from forum.access.actors import Member
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid, NotFound
from forum.searches import actions, queries
from forum.searches.models import SavedSearch
from forum.searches.search_terms import SearchTerms, from_text
from forum.worker import Worker
from tests.counting import counted
from tests.page import Person
from tests.stories import published

FALLS = {"search": "q=falls&element=stable-core-team", "name": "Falls", "alert": "weekly"}


def save(person: Person, **changes: str) -> None:
    person.post("/searches/new", {**FALLS, **changes}, on="/searches/new?q=x")


def kept(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        return [(s.name, s.query, s.alert) for s in db.session.query(SavedSearch).order_by(SavedSearch.id)]


def test_a_search_is_saved_from_its_page(app: Flask, other: Person, visitor: Person, worker: Worker) -> None:
    page = other.get("/search?q=falls&element=stable-core-team").text
    href = re.search(r'href="(/searches/new\?[^"]+)"', page)
    assert href
    form = other.page(href.group(1).replace("&amp;", "&")).form("/searches/new")
    assert form["fields"]["search"] == "q=falls&element=stable-core-team"
    assert form["fields"]["name"].startswith("falls, ")
    save(other)
    page = other.get("/searches").text
    assert 'href="/search?q=falls&amp;element=stable-core-team"' in page
    assert "Weekly alerts" in page
    assert "/searches/new" not in visitor.get("/search?q=falls").text, "a visitor has nowhere to keep it"
    assert "/searches/new" not in other.get("/search").text, "nothing is asked for"


def test_it_is_renamed_and_deleted_by_its_owner_alone(app: Flask, other: Person, author: Person, moderator: Person) -> None:
    save(other)
    for person in (author, moderator):
        assert "Falls" not in person.get("/searches").text
        for path in ("/searches/1", "/searches/1/edit"):
            person.get(path, 404)
        person.post("/searches/1/delete", on="/searches/new?q=x", status=404)
    other.post("/searches/1/edit", {"name": "Falls at night", "alert": "daily"})
    assert kept(app) == [("Falls at night", "falls", "daily")]
    other.post("/searches/1/edit", {"name": "", "alert": "daily"}, status=422)
    assert "element=stable-core-team&sort=newest" in other.location(other.get("/searches/1", 303))
    other.post("/searches/1/delete", on="/searches")
    assert kept(app) == []


def test_visitors_sign_in_first(visitor: Person) -> None:
    for path in ("/searches", "/searches/new?q=x", "/searches/ask?q=x", "/searches/1", "/moderation/searches"):
        assert "/sign-in" in visitor.location(visitor.get(path, 303))


def test_the_same_search_is_kept_once(app: Flask, other: Person) -> None:
    save(other)
    answer = other.post(
        "/searches/new", {**FALLS, "search": "element=stable-core-team&q=FALLS"}, on="/searches/new?q=x", status=422
    )
    assert "You saved this search already, as “Falls”" in answer.text
    assert len(kept(app)) == 1


def test_what_the_site_does_not_know_is_not_kept(app: Flask, other: Person) -> None:
    save(other, search="q=falls&element=my-own-words&unknown=1&region=")
    with app.app_context():
        assert db.session.query(SavedSearch).one().filters == {}
    answer = other.post("/searches/new", {**FALLS, "search": "element=x"}, on="/searches/new?q=x", status=422)
    assert "There is nothing to save yet" in answer.text


def test_fifty_at_most(members: dict[str, Member]) -> None:
    ada = members["ada"]
    with transaction():
        for number in range(50):
            actions.save(ada, SearchTerms(f"word {number}", {}), "", "never", [])
        with pytest.raises(Invalid, match="50 saved searches"):
            actions.save(ada, SearchTerms("one more", {}), "", "never", [])
        actions.save(members["olu"], SearchTerms("one more", {}), "", "never", [])
    assert len(queries.mine(ada)) == 50
    with pytest.raises(NotFound):
        queries.get(members["mo"], 1)
    assert queries.cards(members["mo"], [1]) == {}
    assert queries.cards(ada, [1])[1].title == "word 0"


def test_an_address_goes_there_and_back() -> None:
    search_terms = SearchTerms('falls & "night\'s" ü', {"element": ("a", "b"), "kind": ("thread",)})
    assert SearchTerms("x", {"a": ("2", "1")}).digest == SearchTerms("X ", {"a": ("1", "2")}).digest
    assert search_terms.without("element", "a").filters == {"element": ("b",), "kind": ("thread",)}
    assert search_terms.address("/feeds/search.atom").startswith("/feeds/search.atom?q=falls+%26+")
    assert SearchTerms("", {}).address() == "/search"


def test_text_comes_back_as_it_went(context: Flask) -> None:
    search_terms = SearchTerms('falls & "night\'s" ü', {"kind": ("thread", "reply")})
    assert from_text(search_terms.args) == search_terms


def test_lists_ask_a_constant_number_of_questions(
    app: Flask, author: Person, moderator: Person, other: Person, worker: Worker
) -> None:
    published(author, moderator)
    worker.until_empty()
    numbers = []
    for number in range(4):
        save(other, search=f"q=word{number}")
        other.get(f"/search?q=word{number}")
        other.get("/searches")
        with counted() as said:
            other.get("/searches")
        numbers.append(len(said))
    assert numbers[0] == numbers[-1] <= 12, numbers
