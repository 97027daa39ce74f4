"""The filters of the search page: chips that take away what was typed, counts for every facet, and a panel that is not a mile long."""

import re
from html import unescape
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from forum.case_studies.filters import FILTERS
from forum.discussions.search import ANSWERED
from forum.worker import Worker
from tests.adoptions.steps import share
from tests.page import Person
from tests.searches.steps import EVIL, full
from tests.stories import published, thread

Args = list[tuple[str, str]]

LEGENDS = {f.name: f.legend for f in FILTERS}


def chips(page: str) -> dict[str, Args]:
    """The chosen filters: what each chip says, and the arguments of the address that lacks it."""
    part = page.partition('aria-label="Chosen filters"')[2].partition("</ul>")[0]
    links = re.findall(r'href="([^"]+)"><span class="nhsuk-u-visually-hidden">Remove the filter </span>(.*?) <svg', part)
    return {unescape(label): parse_qsl(urlsplit(unescape(href)).query) for href, label in links}


def count(page: str, facet: str, value: str) -> str:
    """The number beside a choice, "" where it is not offered."""
    found = re.search(rf'for="f-{facet}-{value}">[^<]*<span class="app-muted">\((\d+)\)', page)
    return found[1] if found else ""


def test_a_chip_takes_away_the_piece_that_was_typed(visitor: Person) -> None:
    q = 'falls element:resilience author:"Amara Okafor" after:2025 before:2026-07'
    page = visitor.get(f"/search?q={q.replace(' ', '+')}&outcome=better&sort=newest&page=1").text
    rest = [("outcome", "better"), ("sort", "newest")]
    found = {label: sorted(args) for label, args in chips(page).items()}
    assert found == {
        "It got better": sorted([("q", q), ("sort", "newest")]),
        "Resilience": sorted([("q", q.replace("element:resilience ", "")), *rest]),
        "Author: Amara Okafor": sorted([("q", q.replace('author:"Amara Okafor" ', "")), *rest]),
        "Published from 1 January 2025": sorted([("q", q.replace("after:2025 ", "")), *rest]),
        "Published before 1 July 2026": sorted([("q", q.replace(" before:2026-07", "")), *rest]),
    }


@pytest.mark.parametrize(
    ("q", "label", "left"),
    [
        ("is:answered", "Answered", []),
        ("has:adoption ward", "Tried elsewhere", [("q", "ward")]),
        ("kind:thread", "Discussions", []),
        ("tag:resilience", "Resilience", []),
        ("involvement:involved", "Involved", []),
        ("falls+-tag:resilience", "Not: Resilience", [("q", "falls")]),
        ("-author:ada", "Not author: ada", []),
        # What says the same twice goes at once, or the chip would change nothing.
        ("element:resilience ward tag:resilience", "Resilience", [("q", "ward")]),
    ],
)
def test_what_chips_say(visitor: Person, q: str, label: str, left: Args) -> None:
    assert chips(visitor.get(f"/search?q={q}").text) == {label: left}


def test_what_was_no_filter_has_no_chip(visitor: Person) -> None:
    assert chips(visitor.get("/search?q=element:nonsense+time+10:30+-tag:nonsense").text) == {}


def test_what_was_typed_is_escaped(visitor: Person) -> None:
    for q in (f"author:{EVIL}", f"author:'{EVIL[1:]}", f"element:{EVIL}"):
        page = visitor.client.get("/search", query_string={"q": q, "outcome": EVIL}).text
        assert "<script>alert" not in page
    assert any("<script>" in label for label in chips(visitor.get("/search?q=author:<script>").text))


@pytest.fixture
def filled(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    """Two that involved people, of which one was tried elsewhere, one that did not, and a question."""
    for level, title in (("involved", "Carers chair the huddle in Anytown"), ("co-produced", "Carers write the rota in Anytown")):
        sections = {"involvement": {"involvement-0-key": "planning", "involvement-0-level": level}}
        url = full(author, moderator, sections, title=title)
    share(other, url)
    published(author, moderator)
    thread(other)
    worker.until_empty()


def test_the_new_filters_are_counted_and_chosen_together(visitor: Person, filled: None) -> None:
    page = visitor.get("/search").text
    assert (count(page, "involvement-level", "involved"), count(page, "involvement-level", "co-produced")) == ("2", "1")
    assert (count(page, "answered", "no"), count(page, "answered", "yes"), count(page, "tried", "yes")) == ("1", "", "1")
    page = visitor.get("/search?involvement-level=co-produced").text
    assert count(page, "involvement-level", "involved") == "2", "the other choices stay in sight with what they would find"
    assert count(page, "tried", "yes") == "1"
    assert not count(page, "answered", "no"), "no question has a level of involvement"
    assert "<strong>1</strong> result" in page
    page = visitor.get("/search?involvement-level=co-produced&involvement-level=involved").text
    assert "<strong>2</strong> results" in page
    assert len(chips(page)) == 2
    assert "<strong>1</strong> result" in visitor.get("/search?answered=no&answered=yes").text


def test_later_filters_are_folded_until_one_is_ticked(visitor: Person, filled: None) -> None:
    def folds(page: str) -> dict[str, bool]:
        found = re.findall(r'<details class="app-filter-fold"( open)?>\s*<summary[^>]*>([^<]+)<', page)
        return {unescape(legend): bool(opened) for opened, legend in found}

    page = visitor.get("/search").text
    plain = re.findall(r'<legend class="app-filter__legend">([^<]+)<', page)
    assert plain[:2] == ["Show", "Leadership element"]
    assert len(plain) == 4
    assert set(folds(page).values()) == {False}
    assert ANSWERED.legend in folds(page)
    page = visitor.get("/search?depth=quick").text
    assert [legend for legend, is_open in folds(page).items() if is_open] == [LEGENDS["depth"]]


def test_nothing_found_tells_filters_from_words(visitor: Person, filled: None) -> None:
    page = visitor.get("/search?q=carers+author:nobody+element:resilience").text
    assert "anything with <strong>carers</strong> using the filters <strong>Author: nobody</strong> and <strong>Resilience<" in page
    assert "Without any filter" in page
    assert "One word at a time" not in page, "the names of filters are no words"


def test_the_help_page_tells_of_tags_and_of_every_filter(visitor: Person) -> None:
    page = visitor.get("/search/help").text
    assert "tag:" in page
    for words in ("Not answered yet", "Tried elsewhere", LEGENDS["involvement-level"]):
        assert words in page


def test_a_page_past_the_end_leads_to_the_last(author: Person, visitor: Person, worker: Worker) -> None:
    thread(author, title="A wombat question")
    worker.until_empty()
    answer = visitor.client.get("/search?q=wombat&page=999")
    assert (answer.status_code, answer.location) == (303, "/search?q=wombat")


@pytest.mark.parametrize("typed", ["😀", "?!...", '""', "-"])
def test_a_question_without_a_word_is_told(visitor: Person, worker: Worker, typed: str) -> None:
    worker.until_empty()
    assert "There is no word to search for" in visitor.get(f"/search?q={quote(typed)}").text
    assert "There is no word to search for" not in visitor.get("/search?q=the+who").text
