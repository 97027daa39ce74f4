"""Excerpts come from the part of a case study that answers, and lead there; replies lead to their place in the thread."""

import re
from html import unescape

import pytest
from flask import Flask

from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.counting import counted
from tests.measures.steps import measure
from tests.page import Page, Person
from tests.searches.steps import EVIL, full
from tests.stories import published, reply, thread

SECTIONS = {
    "setting": {"population": "Residents who wear dungarees", "practice_status": "running", "started": "2020-01"},
    "team": {"core_team-0-name": "The quartermaster", "core_team-0-role": "Keeps the marzipan"},
    "findings": {"limitations": f"Small numbers, and a zeppelin {EVIL} overhead.", "equity": "Those without a bicycle."},
    "detail": {"core_parts-0-text": "Never skip the trombone"},
}


def found(page: str) -> list[tuple[str, str, str]]:
    """(where the passage stands, what its link says, the excerpt) of each result."""
    results = re.findall(r'<article class="app-result">(.*?)</article>', page, re.S)
    place = re.compile(r'<a class="app-result__place" href="([^"]*)">([^<]*)<')
    links = [place.search(r) for r in results]
    excerpts = [re.search(r'<p class="app-result__excerpt">(.*?)(?: <a class="app-result__place"|</p>)', r, re.S) for r in results]
    return [
        (unescape(m[1]) if m else "", unescape(m[2]) if m else "", e[1] if e else "") for m, e in zip(links, excerpts, strict=True)
    ]


@pytest.fixture
def url(author: Person, moderator: Person, worker: Worker) -> str:
    url = full(
        author,
        moderator,
        SECTIONS,
        results="Calls fell. A saxophone helped. " + "And it went on. " * 30 + "Then the ward had a banjo.",
    )
    measure(author, url, definition="Every ukulele in the incident system.")
    worker.until_empty()
    return url


@pytest.mark.parametrize(
    ("words", "place", "heading"),
    [
        ("saxophone", "#results", "What happened"),
        ("Wednesday", "#actions", "What we did"),
        ("marzipan", "#core_team", "Core team"),
        ("dungarees", "#glance", "At a glance"),
        ("ukulele", "#measure-1", "Measures"),
        # Folded away on the page: the address opens it.
        ("zeppelin", "?open=limitations#limitations", "Limitations"),
        ("trombone", "?open=core_parts#core_parts", "Core parts: keep these"),
    ],
)
def test_the_link_leads_to_the_section(visitor: Person, url: str, words: str, place: str, heading: str) -> None:
    ((href, says, excerpt),) = found(visitor.get(f"/search?q={words}").text)
    assert (href, says) == (f"{url}{place}", f"From “{heading}”")
    assert f"<mark>{words}</mark>" in excerpt
    page, _, anchor = href.partition("#")
    html = visitor.get(page).text
    assert anchor in Page(html).ids
    before = html.partition(f'id="{anchor}"')[0]
    folds = re.findall(r'<details class="nhsuk-details app-fold"( open)?>|(</details>)', before)
    assert not folds or folds[-1][1] or folds[-1][0], "it stands in a fold that is closed"


def test_the_passage_with_more_of_the_words_is_shown(visitor: Person, url: str) -> None:
    ((href, _, excerpt),) = found(visitor.get("/search?q=ward+banjo").text)
    assert href == f"{url}#results"
    assert "<mark>ward</mark> had a <mark>banjo</mark>" in excerpt
    assert "saxophone" not in excerpt, "cut around the words"


def test_a_match_in_the_title_alone_needs_no_excerpt(visitor: Person, url: str) -> None:
    page = visitor.get("/search?q=anytown+home+kind:case-study").text
    assert [(href, excerpt) for href, _, excerpt in found(page)] == [("", "")]
    assert '<p class="app-result__line">Fewer calls at night, from 9 to 5 a month.</p>' in page
    assert "<mark>Anytown</mark></a>" in page


def test_a_summary_or_a_first_post_needs_no_link(visitor: Person, author: Person, url: str, worker: Worker) -> None:
    thread(author)
    worker.until_empty()
    assert [href for href, _, _ in found(visitor.get("/search?q=fewer+calls+at+night").text)][:1] == [""]
    assert [href for href, _, _ in found(visitor.get("/search?q=huddles+kind:thread").text)] == [""]


def test_text_in_a_passage_is_escaped(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = full(author, moderator, SECTIONS)
    measure(author, url, name=f"Harpsichords {EVIL}")
    worker.until_empty()
    for words in ("zeppelin", "harpsichords"):
        page = visitor.get(f"/search?q={words}").text
        assert "<script>alert" not in page
        assert f"<mark>{words}</mark>" in found(page)[0][2].lower()
    assert "&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in found(page)[0][2]
    assert "<script>alert" not in visitor.client.get(f"{url}?open={EVIL}").text


def test_a_reply_leads_to_its_page_of_the_thread(
    author: Person, other: Person, visitor: Person, app: Flask, worker: Worker
) -> None:
    from forum.discussions.models import Post

    url = thread(author)
    first = reply(other, url, "An accordion on the first page.")
    last = reply(other, url, "A kettledrum on the second page.")
    with app.app_context(), transaction():
        db.session.get_one(Post, int(last.rpartition("-")[2])).seq = 25
    worker.until_empty()
    assert f'href="{first}"' in visitor.get("/search?q=accordion").text
    page = visitor.get("/search?q=kettledrum").text
    anchor = last.rpartition("#")[2]
    assert f'<h2 class="nhsuk-heading-s"><a href="{url}?page=2#{anchor}">' in page
    assert anchor not in Page(visitor.get(url).text).ids


def test_one_query_reads_the_measures_of_all_results(
    author: Person, moderator: Person, visitor: Person, app: Flask, worker: Worker
) -> None:
    numbers = []
    for title in ("A kazoo in every care home", "Another kazoo in a care home"):
        url = published(author, moderator, title=title)
        measure(author, url)
        worker.until_empty()
        visitor.get("/search?q=kazoo")
        with counted() as said:
            visitor.get("/search?q=kazoo")
        numbers.append(len(said))
        assert sum("FROM measures" in statement for statement in said) == 1
    assert numbers[0] == numbers[1]
