"""Adoptions in the search: what finds them, where their excerpts lead, what they can be narrowed to."""

import re
from html import unescape

import pytest
from flask import Flask

from forum.search.service import search_parts
from forum.worker import Worker
from tests.adoptions.steps import PARTS, SHARED, STOPPED, case, case_with_parts, number, share
from tests.case_studies.people import account
from tests.counting import counted
from tests.measures.steps import measure
from tests.page import Page, Person
from tests.searches.test_passages import found
from tests.searches.test_search_page import chips, count
from tests.stories import CASE

TOLD = {
    **SHARED,
    "place": "Nightjar wing",
    "message": "Ask the flamingo first.",
    "changed": "A pelican comes, not a GP.",
    "why": "We have no heron to spare.",
    "result_text": "Calls fell, said the toucan.",
    "context_workforce": "hindered",
    "context_workforce_note": "Half the cranes are new.",
}


def hits(who: Person, query: str) -> list[tuple[str, str]]:
    """(address, title) of each result."""
    pairs = re.findall(r'<h2 class="nhsuk-heading-s"><a href="([^"]*)">(.*?)</a>', who.get(f"/search?{query}").text)
    return [(unescape(href), unescape(re.sub("</?mark>", "", title))) for href, title in pairs]


@pytest.mark.parametrize(
    ("words", "place", "heading"),
    [
        ("flamingo", "#message", "To the next team"),
        ("pelican", "#close", "How closely they followed it"),
        ("heron", "#close", "How closely they followed it"),
        ("toucan", "#result", "What happened"),
        ("cranes", "#context", "What was different there"),
        ("nightjar", "#glance", "At a glance"),
        ("ukulele", "#measure-1", "Measures"),
    ],
)
def test_its_words_find_it_and_lead_to_their_place(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, words: str, place: str, heading: str
) -> None:
    made = share(other, case(author, moderator), **TOLD)
    measure(other, made, definition="Every ukulele in the incident system.")
    worker.until_empty()
    page = visitor.get(f"/search?q={words}").text
    ((href, says, excerpt),) = found(page)
    assert (href, says) == (f"{made}{place}", f"From “{heading}”")
    assert f"<mark>{words}</mark>" in excerpt.lower()
    assert place[1:] in Page(visitor.get(made).text).ids
    assert hits(visitor, f"q={words}") == [(made, f"Tried at Farville Surgery: {CASE['title']}")]
    for shown in ("We tried this", "Adopted", "It got better", "Olu Other"):
        assert shown in page.partition('<article class="app-result">')[2]


@pytest.mark.parametrize(("stage", "did"), [("considering", "Considered"), ("planning", "Planned"), ("piloting", "Tried")])
def test_a_title_says_no_more_than_what_was_done(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, stage: str, did: str
) -> None:
    share(other, case(author, moderator), stage=stage)
    worker.until_empty()
    assert hits(visitor, "q=farville") == [(f"{'/adoptions/1'}", f"{did} at Farville Surgery: {CASE['title']}")]
    assert ("It got better" in visitor.get("/search?q=farville").text) == (stage == "piloting")


def test_what_the_page_leaves_out_is_not_found(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    made = share(other, case(author, moderator), **STOPPED)
    worker.until_empty()
    assert found(visitor.get("/search?q=%22nobody+came+after%22").text)[0][:2] == (f"{made}#ended", "From “Why they stopped”")
    assert hits(visitor, "q=staffing+kind:adoption"), "reasons are found by what they are called"
    other.post(f"{made}/edit", {**STOPPED, "stage": "adopted"})
    worker.until_empty()
    assert "Our GP left" not in visitor.get(made).text
    assert hits(visitor, "q=our+gp+left+kind:adoption") == []
    assert "Our GP left" not in visitor.get("/search?q=eastleigh").text


def test_the_case_study_comes_first_by_its_own_words(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = case(author, moderator)
    made = share(other, url)
    worker.until_empty()
    for words in (CASE["title"], "weekly ward round", "care home"):
        assert [href for href, _ in hits(visitor, f"q={words}")][:2] == [url, made], words
    page = visitor.get("/search?q=ward+round+night+staff").text
    assert "1 has all of" in page, "some words of its own, some of the title of the case study"
    assert (made, f"Tried at Farville Surgery: {CASE['title']}") in hits(visitor, "q=ward+round+night+staff")[:2]


def test_no_words_of_the_case_study_beyond_its_title(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    """The core parts that were kept are the case study's to tell: it may withhold them."""
    made = share(other, case_with_parts(author, moderator), kept=list(PARTS))
    worker.until_empty()
    assert hits(visitor, "q=senior+carer+speaks+kind:adoption") == []
    assert PARTS[1] not in visitor.get("/search?q=farville").text
    with app.app_context():
        (document,) = search_parts().sources["adoption"].documents([int(number(made))])
        assert not any(part in document.body for part in PARTS)


def test_filters_and_their_counts(author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = case(author, moderator)
    adopted, stopped = share(other, url), share(other, url, **STOPPED)
    considered = share(other, url, organisations="Thirdbury Surgery", stage="considering", result="")
    measure(other, adopted)
    worker.until_empty()
    page = visitor.get("/search").text
    assert (count(page, "kind", "adoption"), count(page, "kind", "case-study")) == ("3", "1")
    assert [count(page, "stage", s) for s in ("adopted", "stopped", "considering", "piloting")] == ["1", "1", "1", ""]
    page = visitor.get("/search?stage=stopped").text
    assert [href for href, _ in hits(visitor, "stage=stopped")] == [stopped]
    assert count(page, "stage", "adopted") == "1", "the other choices stay in sight"
    assert count(page, "outcome", "no-change") == "1"
    assert list(chips(page)) == ["Tried it and stopped"]
    for query, wanted in {
        "q=stage:stopped": [stopped],
        'q=stage:"decided+not+to"': [],
        "q=kind:adoption&sort=newest": [considered, stopped, adopted],
        "q=kind:adoption+outcome:better": [adopted],
        "q=kind:adoption+element:stable-core-team+stage:considering": [considered],
        "q=kind:adoption+has:data": [adopted],
        "q=kind:adoption+org:eastleigh-lodge-care-home": [stopped],
        "q=kind:adoption+author:olu-other+stage:adopted": [adopted],
        "q=kind:adoption+author:ada-author": [],
        "q=kind:adoption+element:resilience": [],
    }.items():
        assert [href for href, _ in hits(visitor, query)] == wanted, query
    assert list(chips(visitor.get("/search?q=stage:stopped").text)) == ["Tried it and stopped"]
    assert "<code>decided-not-to</code>" in visitor.get("/search/help").text


def test_tags_do_not_mean_stages(visitor: Person) -> None:
    assert list(chips(visitor.get("/search?q=tag:piloting").text)) == ["Piloting"]
    assert list(chips(visitor.get("/search?q=stage:piloting").text)) == ["Piloting it"]


def test_where_only_titles_count_it_is_not(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = case(author, moderator)
    share(other, url)
    worker.until_empty()
    offered = visitor.client.get("/search/suggest?q=weekly+ward").get_json()["groups"]
    assert [o["href"] for g in offered for o in g["options"]] == [url]
    for kind in ("case-study", "thread"):
        piece = other.client.get("/search/similar", query_string={"kind": kind, "title": CASE["title"]}).text
        assert url in piece
        assert "/adoptions/" not in piece


def test_a_feed_has_it(author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    made = share(other, case(author, moderator))
    worker.until_empty()
    feed = visitor.client.get("/feeds/search.atom?q=kind:adoption").text
    assert f"<title>Tried at Farville Surgery: {CASE['title']}</title>" in feed
    assert f'href="http://localhost{made}"' in feed
    assert "Ask the night staff first." in feed
    assert "<name>Olu Other</name>" in feed


def test_as_many_queries_however_many_there_are(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = case(author, moderator)
    numbers = []
    for by in (other, account(app, "Third Person", "third@example.org"), account(app, "Fourth Person", "fourth@example.org")):
        made = share(by, url)
        moderator.client.get(made)
        if by is not other:
            moderator.post(f"/moderation/adoption/{number(made)}/release", on=made)
        measure(by, made)
        worker.until_empty()
        visitor.get("/search?q=kind:adoption")
        with counted() as said:
            visitor.get("/search?q=kind:adoption")
        numbers.append(len(said))
    assert len(hits(visitor, "q=kind:adoption")) == 3
    assert len(set(numbers)) == 1, numbers
