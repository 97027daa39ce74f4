"""What nothing has is said, and what stands near it is shown with how much of it the reader finds."""

import re
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask

from forum.access.actors import Visitor
from forum.search.port import SearchPage
from forum.search.service import Found
from forum.searches.finding.near import _lexicon, nearby
from forum.searches.finding.views import absent
from forum.searches.search_terms import SearchTerms
from forum.vocabulary import queries as vocabulary
from forum.worker import Worker
from tests.page import Person
from tests.searches.steps import members_only
from tests.stories import published, thread


def near(page: str) -> dict[str, str]:
    """What is said to be near → how much of it there is."""
    part = page.partition("What is near</h3>")[2].partition("</ul>")[0]
    return {unescape(label): n for label, n in re.findall(r"<li><a[^>]*>(.*?)</a> \((\d+) results?\)", part)}


def places(page: str) -> list[str]:
    part = page.partition("Places to start</h3>")[2].partition("</ul>")[0]
    return [unescape(label) for label in re.findall(r"<li><a[^>]*>(.*?)</a>", part)]


@pytest.fixture
def filled(author: Person, moderator: Person, worker: Worker) -> None:
    """A thread and a case study that have none of the words that are asked for below."""
    thread(
        author, "A choir on Thursdays for Anytown?", "Who sings?", care_models=["social-prescribing"], elements=["stable-core-team"]
    )
    published(author, moderator, title="An online form for everyone in Anytown")
    worker.until_empty()


def test_a_term_is_near_by_what_the_vocabulary_says(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=loneliness").text
    assert "Nothing found" in page
    said = near(page)["Care model: Social prescribing"]
    link = re.search(r'<a href="([^"]+)">Care model: Social prescribing', page)
    assert link
    assert f"<strong>{said}</strong> result" in visitor.get(link[1]).text, "the number is what the link finds"


def test_words_are_near_by_two_steps(visitor: Person, filled: None) -> None:
    assert near(visitor.get("/search?q=chatbots").text)["online form"] == "1"


def test_a_word_in_small_letters_is_no_abbreviation(app: Flask) -> None:
    """FIT is a test of the bowel: who asks for a fit for tonometers is not led to it."""
    with app.app_context():
        assert nearby(Visitor(), ["fit"]).words == ()
        lexicon = _lexicon(vocabulary.in_use(), ())
        assert [*lexicon.wider([("fit",)])] == []
        assert [*lexicon.wider([("loneli",)])] != []


def test_where_nothing_is_near_there_are_places_to_start(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=zebra").text
    assert near(page) == {}
    assert "Leadership element: Stable core team" in places(page)
    assert "Care model: Social prescribing" in places(page)


def test_the_numbers_are_what_the_reader_may_find(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    members_only(author, moderator, title="An online form for members")
    worker.until_empty()
    assert "online form" not in near(visitor.get("/search?q=chatbots").text)
    assert near(other.get("/search?q=chatbots").text)["online form"] == "1"


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>zebra", '"', "zebra " * 60, "²³", "-", "a&e zebra", "ﬁ zebra"])
def test_odd_questions(visitor: Person, filled: None, typed: str) -> None:
    page = visitor.client.get("/search", query_string={"q": typed})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_the_index_may_be_gone(app: Flask) -> None:
    with app.test_request_context("/"):
        assert nearby(Visitor(), ["zebra"]).places == ()


def test_what_nothing_has_is_told_beside_results_and_not_where_filters_may_be_why(app: Flask) -> None:
    with app.app_context():
        page = SearchPage((), 3, 0, 1, 1, {}, (), ("cancer", "times"), (), relaxed=True, engine="whoosh", missing=("cancer",))
        asked = SearchTerms("cancer times", {})
        assert absent(Found(page, [], plain=False), asked) == ("cancer",)
        assert absent(Found(page, [], plain=False, meant="cancel times", corrected=True), asked) == ()
        nothing = replace(page, total=0, missing=())
        assert absent(Found(nothing, [], plain=False), asked) == ("cancer", "times")
        assert absent(Found(nothing, [], plain=True), asked) == ()
        assert absent(Found(nothing, [], plain=False), SearchTerms("cancer", {"region": ("wales",)})) == ()
        assert absent(Found(nothing, [], plain=False), SearchTerms("cancer is:answered", {})) == ()


def test_a_word_that_nothing_has_is_named_above_what_has_the_others(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=choir+quokka").text
    assert re.search(r'<h2[^>]*id="far">Nothing here mentions “quokka”</h2>', page)
    assert "<mark>choir</mark> on Thursdays" in page
    assert "Nothing here mentions" not in visitor.get("/search?q=choir+thursdays").text
    assert "Nothing that fits the filters mentions “choir”" in visitor.get("/search?q=choir+online+form&kind=case-study").text
