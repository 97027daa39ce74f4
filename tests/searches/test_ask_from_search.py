"""A search that found nothing: what is offered, the question it becomes, who else needs it, and who is told of examples."""

import re

from flask import Flask

from forum.kernel.db import db
from forum.search.indexing import rebuild
from forum.searches.models import AskedSearch, Waiting
from forum.worker import Worker
from tests.counting import counted
from tests.page import Person
from tests.searches.test_alerts import letters, look, words
from tests.stories import published, thread

ASK = {"title": "Examples of wombat huddles?", "text": "We start in May.", "question": "question", "search": "q=wombat+huddles"}


def asked(person: Person, **changes: str) -> str:
    return person.location(person.post("/searches/ask", {**ASK, **changes}, on="/searches/ask?q=wombat"))


def number(url: str) -> str:
    return url.split("/")[2].split("-")[0]


def test_nearest_alternatives(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    published(author, moderator)
    worker.until_empty()
    page = visitor.get('/search?q="ward+wombat"&outcome=worse').text
    assert "Nothing found" in page
    assert "using the filter <strong>How it turned out: " in page
    assert re.search(r'<a href="/search\?q=ward">ward</a> \(\d results?\)', page)
    assert "?q=wombat" not in page.partition("One word at a time")[2].partition("app-ask")[0], "it finds nothing either"
    page = visitor.get("/search?q=ward&outcome=worse&element=resilience").text
    assert "Without any filter" in page
    assert "Ask for examples" in page
    assert "/searches/ask?q=ward&amp;element=resilience&amp;outcome=worse" in page


def test_at_most_five_words_are_tried(visitor: Person, app: Flask) -> None:
    with app.app_context():
        rebuild()
    numbers = []
    for count in (3, 60):
        with counted() as said:
            visitor.get("/search?q=%22" + "+".join(f"zebra{n}" for n in range(count)) + "%22")
        numbers.append(len(said))
    assert numbers[0] >= numbers[1], "however much was asked, the database is asked the same"


def test_the_question_knows_its_search(app: Flask, author: Person, visitor: Person, other: Person) -> None:
    page = author.page("/searches/ask?q=wombat+huddles&element=resilience")
    fields = page.form("/searches/ask")["fields"]
    assert fields["title"] == "Does anybody have examples of “wombat huddles”?"
    assert fields["search"] == "q=wombat+huddles&element=resilience"
    assert fields["question"] == "question"
    assert fields["elements"] == "resilience"
    url = asked(author)
    for person in (visitor, other, author):
        page = person.get(url).text
        assert (
            'This question came from a search that found nothing with all of its words: <a href="/search?q=wombat+huddles">wombat huddles</a>'
            in page
        )
    assert 'value="1"' not in author.get(url).text.partition('id="asked"')[2].partition("</section>")[0], "they asked"
    assert "found nothing" not in visitor.get(thread(author)).text


def test_a_search_that_found_too_little_says_so(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    published(author, moderator)
    worker.until_empty()
    url = asked(author, search="q=ward+round")
    assert "a search that did not find what was needed" in visitor.get(url).text
    page = visitor.get("/search?q=ward+round+wombat+zebra").text
    assert "Not what you need?" in page, "only some of the words were found"


def test_a_preview_and_a_mistake_keep_the_search(author: Person) -> None:
    answer = author.post("/searches/ask", {**ASK, "action": "preview"}, on="/searches/ask?q=wombat", status=200)
    assert 'name="search" value="q=wombat+huddles"' in answer.text
    answer = author.post("/searches/ask", {**ASK, "title": ""}, on="/searches/ask?q=wombat", status=422)
    assert 'name="search" value="q=wombat+huddles"' in answer.text


def test_others_second_it_once(app: Flask, author: Person, other: Person, visitor: Person) -> None:
    url = asked(author)
    path = f"/searches/asked/{number(url)}/second"
    for _ in range(2):
        other.post(path, {"on": "1"}, on=url)
    assert "1 other person needs this" in visitor.get(url).text
    assert 'aria-pressed="true"' in other.get(url).text.partition('id="asked"')[2]
    assert "Sign in to say that you need this too" in visitor.get(url).text
    author.post(path, {"on": "1"}, on=url)
    assert "1 other person needs this" in visitor.get(url).text, "who asked is not another person"
    other.post(path, {"on": "0"}, on=url)
    assert "Nobody else has said so yet" in visitor.get(url).text
    plain = thread(author)
    other.post(f"/searches/asked/{number(plain)}/second", {"on": "1"}, on=url, status=422)
    other.post("/searches/asked/999/second", {"on": "1"}, on=url, status=404)


def test_the_same_search_leads_to_the_question(
    app: Flask, author: Person, moderator: Person, visitor: Person, other: Person, worker: Worker
) -> None:
    url = asked(author)
    page = visitor.get("/search?q=Zebra").text
    assert "Somebody asked for this already" not in page
    with app.app_context():
        rebuild()
    asked(other, search="q=zebra", title="Examples of zebras, anybody?", text="A striped horse.")
    page = visitor.get("/search?q=Zebra").text
    assert "Somebody asked for this already" in page, "not indexed yet, so it found nothing"
    assert "Somebody asked for this already" in other.get("/searches/ask?q=wombat+HUDDLES").text
    moderator.post(f"/moderation/thread/{number(url)}/hide", {"reason": "Because it must go"})
    assert "Somebody asked for this already" not in other.get("/searches/ask?q=wombat+huddles").text


def test_all_who_wait_are_told_and_can_stop_it(
    app: Flask, author: Person, moderator: Person, other: Person, visitor: Person, worker: Worker
) -> None:
    with app.app_context():
        rebuild()
    url = asked(other)
    moderator.post(f"/searches/asked/{number(url)}/second", {"on": "1"}, on=url)
    assert look(app, worker) == 0, "the question itself is no example"
    published(author, moderator, title="Wombat huddles in Anytown")
    assert look(app, worker) == 1
    assert look(app, worker) == 0
    sent = letters(app, "Something new for")
    assert sorted(str(m["To"]) for m in sent) == ["mo@example.org", "olu@example.org"]
    assert "Wombat huddles in Anytown" in words(sent[0])
    assert "1 new result fits what you need" in other.get("/notifications").text
    stop = next(m for m in sent if m["To"] == "mo@example.org")["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert "Stop this email?" in visitor.get(stop).text
    assert app.test_client(use_cookies=False).post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "Email is stopped" in visitor.get(stop).text
    thread(author, title="Another wombat, other huddles")
    assert look(app, worker) == 1
    assert len(letters(app, "Something new for")) == 3
    with app.app_context():
        assert sorted((w.asked, w.told) for w in db.session.query(Waiting)) == [(False, False), (True, True)]


def test_a_held_question_waits_unseen(app: Flask, other: Person, visitor: Person) -> None:
    from forum.accounts.queries import by_email
    from forum.kernel.db import transaction

    with app.app_context(), transaction():
        account = by_email("olu@example.org")
        assert account
        account.posts_approved = 0
    url = asked(other)
    visitor.get(url, 404)
    assert "Somebody asked for this already" not in visitor.get("/search?q=wombat+huddles").text
    with app.app_context():
        assert db.session.query(AskedSearch).count() == 1
