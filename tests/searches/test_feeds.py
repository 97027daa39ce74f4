"""Feeds and the search description: valid, what a visitor may see, cheap to ask again."""

from collections.abc import Callable
from datetime import datetime
from xml.etree import ElementTree

from flask import Flask

from tests.page import Person
from tests.stories import draft, published, thread

A = "{http://www.w3.org/2005/Atom}"
O = "{http://a9.com/-/spec/opensearch/1.1/}"  # noqa: E741


def feed(person: Person, path: str) -> ElementTree.Element:
    answer = person.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    root = ElementTree.fromstring(answer.data)
    assert root.tag == f"{A}feed"
    # RFC 4287: what a feed and an entry must have.
    for element in (root, *root.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert element.findtext(A + name), name
        at = datetime.fromisoformat(str(element.findtext(f"{A}updated")).replace("Z", "+00:00"))
        assert at.tzinfo is not None
    for entry in root.findall(f"{A}entry"):
        assert entry.findtext(f"{A}author/{A}name")
        assert str(entry.findtext(f"{A}id")).startswith("tag:localhost,2026-01-01:")
        assert entry.find(f"{A}summary").get("type") == "text"  # type: ignore[union-attr]
        assert str(entry.find(f"{A}link").get("href")).startswith("http://localhost/")  # type: ignore[union-attr]
    ids = [e.findtext(f"{A}id") for e in root.findall(f"{A}entry")]
    assert len(ids) == len(set(ids))
    return root


def titles(root: ElementTree.Element) -> list[str | None]:
    return [e.findtext(f"{A}title") for e in root.findall(f"{A}entry")]


def test_a_search_as_a_feed(author: Person, moderator: Person, visitor: Person, worker: object) -> None:
    published(author, moderator, title="Ward rounds & <b>huddles</b> in Anytown", summary="Fewer calls, 9 < 12")
    draft(author, title="A draft about ward rounds")
    thread(author, title="Ward rounds: how?")
    worker.until_empty()  # type: ignore[attr-defined]
    for person in (visitor, moderator, author):
        root = feed(person, "/feeds/search.atom?q=ward+rounds")
        assert titles(root) == ["Ward rounds: how?", "Ward rounds & <b>huddles</b> in Anytown"], (
            "what a visitor sees, for everybody"
        )
    assert root.findtext(f"{A}id") == "http://localhost/feeds/search.atom?q=ward+rounds"
    assert titles(feed(visitor, "/feeds/search.atom?q=ward+rounds&kind=thread")) == ["Ward rounds: how?"]
    assert titles(feed(visitor, "/feeds/case-studies.atom")) == ["Ward rounds & <b>huddles</b> in Anytown"]
    assert "Ward rounds: how?" in titles(feed(visitor, "/feeds/discussions.atom"))
    assert titles(feed(visitor, "/feeds/search.atom?q=zebra")) == []
    page = visitor.get("/search?q=ward+rounds&kind=thread").text
    assert 'href="/feeds/search.atom?q=ward+rounds&amp;kind=thread"' in page
    assert 'rel="alternate" type="application/atom+xml"' in page


def test_asked_again_it_says_nothing_new(author: Person, visitor: Person) -> None:
    thread(author)
    first = visitor.client.get("/feeds/discussions.atom")
    again = visitor.client.get("/feeds/discussions.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "max-age" in first.headers["Cache-Control"]
    thread(author, title="Another question altogether")
    assert visitor.client.get("/feeds/discussions.atom", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_odd_input(visitor: Person) -> None:
    for query in ("q=%00", "q=%ff%fe", "q=a%ef%bf%bfb", "q=(((&kind=x", "q=" + "x" * 2000):
        assert feed(visitor, f"/feeds/search.atom?{query}").find(f"{A}title") is not None


def test_a_members_site_has_no_feeds(make_app: Callable[..., Flask]) -> None:
    client = make_app(FORUM_PUBLIC="0").test_client()
    for path in ("/feeds/search.atom?q=x", "/feeds/case-studies.atom", "/feeds/discussions.atom"):
        assert client.get(path).status_code == 404
    assert b"atom" not in client.get("/opensearch.xml").data


def test_asked_too_often(visitor: Person) -> None:
    answers = [visitor.client.get("/feeds/search.atom?q=x").status_code for _ in range(61)]
    assert answers[-1] == 429
    assert answers.count(200) <= 60


def test_browsers_can_search_here(visitor: Person) -> None:
    assert '<link rel="search" href="/opensearch.xml"' in visitor.get("/").text
    answer = visitor.client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ElementTree.fromstring(answer.data)
    assert len(root.findtext(f"{O}ShortName") or "") <= 16
    assert next(u.get("template") for u in root.findall(f"{O}Url")) == "http://localhost/search?q={searchTerms}"
