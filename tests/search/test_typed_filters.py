"""Filters typed into the search box, through the page and the real index."""

import re

import pytest

from forum.worker import Worker
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import published, reply, thread

CASE, TALK, THREAD, REPLY = "case study", "its discussion", "thread", "reply"


@pytest.fixture
def filled(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    url = published(author, moderator, practice_status="running", started="2020-01")
    measure(author, url)
    talk = thread(other)
    reply(author, talk)
    worker.until_empty()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("element:stable-core-team", {CASE, TALK}),
        ("kind:thread huddles", {THREAD}),
        ("author:ada-author", {CASE, TALK, REPLY}),
        ('author:"Olu Other"', {THREAD}),
        ("author:olu", {THREAD}),
        ("author:oth", {THREAD}),
        ("author:nobody", set()),
        ('org:"Anytown Surgery"', {CASE}),
        ("org:anytown", set()),
        ("has:data", {CASE}),
        ("has:data-12-months", set()),
        ("has:adoption", set()),
        ("is:unanswered", {THREAD}),
        ("is:answered", set()),
        ("is:lasting", {CASE}),
        ("after:2020", {CASE, TALK, THREAD, REPLY}),
        ("before:2020", set()),
        ("after:2020 kind:reply", {REPLY}),
        ("element:stable-core-team kind:thread", {TALK}),
        ("-element:stable-core-team", {THREAD, REPLY}),
        ("-kind:reply -kind:thread", {CASE}),
        ("-author:olu", {CASE, TALK, REPLY}),
        ("-author:ada-author -has:data", {THREAD}),
        ('kind:case-study -org:"Anytown Surgery"', set()),
        ("-is:answered kind:thread", {TALK, THREAD}),
        ("kind:thread -author:ada-author", {THREAD}),
    ],
)
def test_what_is_found(visitor: Person, filled: None, query: str, found: set[str]) -> None:
    assert results(visitor, query) == found


def results(visitor: Person, query: str) -> set[str]:
    """What the page lists, by where it leads, also beneath a thread or a case study that it belongs to."""
    listed = "".join(re.findall(r'<article class="app-result">.*?</article>', visitor.get(f"/search?q={query}").text, re.DOTALL))
    links = re.findall(r'(?:<h2 class="nhsuk-heading-s">|<li>)<a href="([^"]+)"', listed)
    kinds = (
        (r"#reply-", REPLY),
        (r"^/case-studies/", CASE),
        (r"^/discussions/\d+-weekly", TALK),
        (r"^/discussions/\d+-how-do-you-keep", THREAD),
    )
    return {next((name for pattern, name in kinds if re.search(pattern, link)), "other") for link in links} - {"other"}


def test_mistakes_are_said(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=element:nonsense+ward").text
    assert "Searched as words: “element:nonsense”" in page
    assert "Weekly" in page


def test_typed_and_ticked_narrow_together(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=kind:case-study+ward&status=running").text
    assert "Weekly" in page
    assert "Weekly" not in visitor.get("/search?q=kind:case-study+ward&status=stopped").text


def test_what_is_held_is_found_by_no_filter(
    author: Person, visitor: Person, moderator: Person, filled: None, worker: Worker
) -> None:
    moderator.post("/case-studies/1-x/review", {"verb": "hide", "reason": "A detail may identify somebody"}, on="/case-studies/1/review")  # fmt: skip
    worker.until_empty()
    for query in ("author:ada-author", "has:data", "after:2020"):
        assert CASE not in results(visitor, query), query


def test_the_help_page(visitor: Person) -> None:
    assert "has:data-12-months" in visitor.get("/search/help").text
