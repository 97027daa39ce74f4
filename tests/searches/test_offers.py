"""Words of a question that are a filter are offered as the filter, and applied only by whoever takes it."""

import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask

from forum.searches.finding.offers import MOST, meant
from forum.searches.search_terms import SearchTerms
from forum.worker import Worker
from tests.measures.steps import measure
from tests.page import Person
from tests.stories import published, thread


@pytest.fixture
def filled(author: Person, moderator: Person, worker: Worker) -> None:
    """One that failed and was stopped, one with figures for two months, and a thread."""
    places = {"organisations-0": "Anytown Surgery"}
    published(author, moderator, title="Falls classes in village halls", outcome="no-change", practice_status="stopped", **places)
    measure(author, published(author, moderator, title="Falls on a night ward", practice_status="running", started="2020-01"))
    thread(author, "Questions on falls after dark: what did not work?", "Nothing yet from Wales.")
    worker.until_empty()


def offered(page: str) -> list[tuple[str, dict[str, list[str]], int]]:
    """Of each offer what it says, the address that it leads to, and how much it finds."""
    said = re.search(r'<p class="app-offers">(.*?)</p>', page)
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a> \((\d+)\)', said[1]) if said else []
    return [(label, parse_qs(urlsplit(href.replace("&amp;", "&")).query), int(n)) for href, label, n in found]


FAILED = ("How it turned out: No change or It got worse", {"outcome": ["no-change", "worse"]})
STOPPED = ("Current status: Stopped or Stopped and replaced", {"status": ["stopped", "stopped-and-replaced"]})


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("what did not work", [FAILED, STOPPED]),
        ("falls classes that failed", [(FAILED[0], {"q": ["falls classes"], **FAILED[1]}), (STOPPED[0], {"q": ["falls classes"], **STOPPED[1]})]),
        ("things that were stopped", [STOPPED]),
        ("falls with data", [("Figures over time: Has a measure over time", {"q": ["falls"], "data": ["any"]})]),
        ("How long until results show?", [("Figures over time: Has a measure over time", {"data": ["any"]})]),
        ("is it still running on wards", [("Did it last?: Still running after one year", {"q": ["is it on wards"], "lasted": ["1-year"]})]),
        ("unanswered questions on falls", [("Answered?: Not answered yet", {"q": ["questions on falls"], "answered": ["no"]})]),
        ("case studies about falls", [("Show: Case studies", {"q": ["falls"], "kind": ["case-study"]})]),
        # Nothing is from Wales, has data at 12 months, or is of that kind: a filter that finds nothing is no help.
        ("falls in Wales", []),
        ("falls with data at 12 months", []),
        # Not what a filter says.
        ("heart failure", []),
        ("last winter on the ward", []),
        ('"did not work"', []),
    ],
)  # fmt: skip
def test_what_is_offered(visitor: Person, filled: None, asked: str, wanted: list[tuple[str, dict[str, list[str]]]]) -> None:
    assert [(label, args) for label, args, _ in offered(visitor.get(f"/search?q={asked}").text)] == wanted


def test_an_offer_finds_what_it_says_and_nothing_is_narrowed_without_it(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=falls classes that failed").text
    assert "Falls on a night ward" in page
    href = re.search(r'<p class="app-offers">.*?<a href="([^"]+)"', page)
    assert href
    page = visitor.get(href[1].replace("&amp;", "&")).text
    assert "<strong>1</strong> result" in page
    assert "Falls classes in village halls" in page
    assert offered(page) == [], "what is chosen is not offered again, and no word of it is left"
    ((_, args, _),) = offered(visitor.get("/search?q=falls with data&case=1").text)
    assert args["case"] == ["1"], "ticks to compare go along"


def test_places_and_kinds_of_organisations_by_what_they_are_called(app: Flask) -> None:
    """By the lists of the site: all their values, whether anything is there or not."""
    said = {
        "examples from Scotland": ({"region": ("scotland",)}, ""),
        "falls in the north west": ({"region": ("north-west",)}, "falls"),
        "anything from councils on damp homes": ({"organisation-type": ("local-authority",)}, "anything on damp homes"),
        "run by charities": ({"organisation-type": ("vcse",)}, ""),
        "ideas from GP practices": ({"organisation-type": ("gp-practice",)}, "ideas"),
        "from social care": ({"sector": ("social-care",)}, ""),
    }
    with app.app_context():
        for text, (filters, rest) in said.items():
            assert [(other.filters, other.text) for _, other in meant(SearchTerms(text, {}))] == [(filters, rest)], text
        assert meant(SearchTerms("care homes and charities", {})) == [], "a topic, unless it is from there"
        assert meant(SearchTerms("falls from Scotland", {"region": ("wales",)})) == []
        assert meant(SearchTerms("-region:scotland from Wales", {})) == []
        many = "from Scotland, with data at 12 months, did not work, was stopped, still running, tried elsewhere, unanswered"
        assert len(meant(SearchTerms(many, {}))) == MOST


@pytest.mark.parametrize(
    "text", ["'\"><script>", "from " * 200, "not " * 100 + "work", "how long " * 60, "\u202e from Scotland", "%", "-"]
)
def test_nothing_that_can_be_typed_breaks_it(visitor: Person, filled: None, text: str) -> None:
    page = visitor.get(f"/search?{urlencode({'q': text})}").text
    assert "What are you looking for?" in page
    assert "><script>" not in page.partition("<main")[2].partition("</main>")[0]
