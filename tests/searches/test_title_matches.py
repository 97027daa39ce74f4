"""While somebody writes a title: what is close to it, in a piece of a page and on pages that come back."""

import pytest
from flask import Flask

from forum.case_studies.models import CaseStudy
from forum.kernel.db import db, transaction
from forum.search.indexing import rebuild
from forum.search.service import search_parts
from forum.worker import Worker
from tests.counting import counted
from tests.page import Person
from tests.stories import published, submitted, thread

HUDDLE = "How do you keep a safety huddle going on nights?"


def ask(person: Person, title: str, kind: str = "thread", status: int = 200) -> str:
    response = person.client.get("/search/similar", query_string={"kind": kind, "title": title})
    assert response.status_code == status
    return response.text.strip()


@pytest.fixture(autouse=True)
def indexed(app: Flask) -> None:
    """An index there is from the start."""
    with app.app_context():
        rebuild()


def test_a_question_that_was_asked(author: Person, other: Person, worker: Worker) -> None:
    url = thread(author, HUDDLE)
    worker.until_empty()
    piece = ask(other, "Keeping safety huddles on a night shift?")
    assert f'<a href="{url}">{HUDDLE}</a>' in piece
    assert "Already asked?" in piece
    assert "Question" in piece
    assert "Ada Author" in piece
    assert "<html" not in piece


def test_a_case_study_answers_a_question_and_a_question_is_no_case_study(
    author: Person, moderator: Person, other: Person, worker: Worker
) -> None:
    url = published(author, moderator)
    asked = thread(author, "A ward round in a care home every week: how?")
    worker.until_empty()
    piece = ask(other, "Weekly ward round in our care home")
    assert f'href="{url}"' in piece
    assert f'href="{asked}"' in piece
    assert piece.count("<li>") == 2, "the thread beside the case study is not a third"
    piece = ask(other, "Weekly ward round in our care home", "case-study")
    assert "Already shared?" in piece
    assert piece.count("<li>") == 1
    assert f'href="{url}"' in piece


@pytest.mark.parametrize("title", ["", "huddle", "how do you", "the huddle", "Wombats in burrows", "A safety net for budgets"])
def test_nothing_for_one_word_or_for_what_is_not_close(author: Person, other: Person, worker: Worker, title: str) -> None:
    thread(author, HUDDLE)
    worker.until_empty()
    assert ask(other, title) == ""


def test_words_in_the_text_count_beside_two_in_the_title(author: Person, other: Person, worker: Worker) -> None:
    thread(author, HUDDLE, "Ours stops when the consultant is late and the pharmacist on leave.")
    worker.until_empty()
    assert HUDDLE in ask(other, "Safety huddle without consultant or pharmacist or porter")
    assert ask(other, "Consultant and pharmacist late on nights") == "", "a long text has nearly any words"


def test_no_word_is_a_command(author: Person, other: Person, worker: Worker) -> None:
    thread(author, HUDDLE)
    worker.until_empty()
    for title in ('Our "safety" huddle', "Safety -huddle", "safety OR huddle", "kind:case-study safety huddle", "safety & huddle*"):
        assert HUDDLE in ask(other, title), title


def test_at_most_three(author: Person, other: Person, worker: Worker) -> None:
    for number in range(6):
        thread(author, f"A safety huddle, question {number}")
    worker.until_empty()
    assert ask(other, "safety huddle").count("<li>") == 3


def test_only_what_is_out_and_may_be_seen(app: Flask, author: Person, moderator: Person, other: Person, worker: Worker) -> None:
    url = thread(author, HUDDLE)
    case = published(author, moderator)
    submitted(author, title="Another weekly ward round in a care home")
    worker.until_empty()
    assert ask(other, "Weekly ward round", "case-study").count("<li>") == 1
    moderator.post(f"/moderation/thread/{url.split('/')[2].split('-')[0]}/hide", {"reason": "Because it must go"})
    author.post(f"{case}/withdraw")
    for person in (other, author, moderator):
        assert ask(person, HUDDLE) == "", "also before the index has heard of it"
        assert ask(person, "Weekly ward round", "case-study") == ""
    worker.until_empty()
    assert ask(author, HUDDLE) == ""


def test_for_members_only(app: Flask, author: Person, moderator: Person, other: Person, visitor: Person, worker: Worker) -> None:
    published(author, moderator)
    with app.app_context(), transaction():
        db.session.get_one(CaseStudy, 1).visibility = "members"
    with app.app_context():
        rebuild()
    assert "Anytown" in ask(other, "Weekly ward round", "case-study")
    ask(visitor, "Weekly ward round", "case-study", status=303)
    ask(other, "Weekly ward round", "organisation", status=404)


def test_it_is_asked_a_bounded_number_of_times(author: Person, other: Person) -> None:
    for _ in range(120):
        ask(other, "safety huddle")
    refused, answered = ask(other, "safety huddle", status=429), ask(author, "safety huddle")
    assert refused != answered


def test_an_index_that_is_gone_is_silent(app: Flask, author: Person, other: Person, worker: Worker) -> None:
    thread(author, HUDDLE)
    worker.until_empty()
    with app.app_context():
        root = getattr(search_parts().index, "root", None)
    if root is None:
        pytest.skip("an index in the database has no files to lose")
    (root / "current").unlink()
    assert ask(other, HUDDLE) == ""
    assert "Already asked?" not in other.post("/discussions/new", {"title": HUDDLE, "text": "", "action": "post"}, status=422).text


def test_without_script_it_stands_on_the_page_that_comes_back(author: Person, other: Person, worker: Worker) -> None:
    thread(author, HUDDLE)
    worker.until_empty()
    assert "Already asked?" not in other.get("/discussions/new").text
    for fields, status in (({"text": "", "action": "post"}, 422), ({"text": "Ours stop.", "action": "preview"}, 200)):
        page = other.post("/discussions/new", {"title": "Safety huddles at night", **fields}, status=status).text
        assert HUDDLE in page.partition('data-module="already"')[2].partition("</div>")[0]


def test_without_script_it_stands_on_the_preview_of_a_case_study(
    author: Person, moderator: Person, other: Person, worker: Worker
) -> None:
    first = published(author, moderator)
    worker.until_empty()
    assert "Already shared?" not in other.get("/case-studies/new").text
    where = other.location(other.post("/case-studies/new", {"title": "Our weekly ward round", "action": "preview"}))
    for path in (where, where.replace("/preview", "/edit/quick-share")):
        page = other.get(path).text
        assert "Already shared?" in page
        assert f'href="{first}"' in page
    assert "Already shared?" not in author.get(f"{first}/edit/quick-share").text, "what is out would find itself"


def test_the_number_of_queries_does_not_grow(author: Person, moderator: Person, other: Person, worker: Worker) -> None:
    counts = []
    for _ in range(2):
        for number in range(2):
            thread(author, f"A weekly ward round {number}")
            published(author, moderator)
        worker.until_empty()
        ask(other, "weekly ward round")
        with counted() as said:
            assert ask(other, "weekly ward round").count("<li>") == 3
        counts.append(len(said))
    assert counts[1] <= counts[0]
    assert counts[0] <= 16
