"""Threads and replies through their pages, at the edges that people meet."""

import re

import pytest
from markupsafe import escape

from forum.accounts.models import Account
from forum.discussions.models import POSTS_PER_PAGE
from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.page import Page, Person
from tests.stories import reply, thread


def _id(url: str) -> str:
    return url.split("/")[2].split("-")[0]


def test_a_question_its_answer_and_thanks(author: Person, other: Person, visitor: Person) -> None:
    url = thread(author, elements=["resilience"], care_models=["virtual-ward"])
    post = reply(other, url).split("#reply-")[1]
    assert "drug round" in visitor.get(url).text
    assert "Sign in to reply" in visitor.get(url).text
    author.post(f"/discussions/{_id(url)}/answer/{post}", on=url)
    assert "Accepted answer" in visitor.get(url).text
    assert other.client.post(f"/discussions/{_id(url)}/answer/{post}", data=other.hidden(url, "")).status_code == 403
    for _ in range(2):
        author.post(f"/discussions/replies/{post}/thanks", {"on": "1"}, on=url)
        author.post(f"/discussions/{_id(url)}/answer/{post}", {"on": "1"}, on=url)
        assert re.search(r"1 thanks", visitor.get(url).text), "pressing twice is pressing once"
        assert "Accepted answer" in visitor.get(url).text
    author.post(f"/discussions/replies/{post}/thanks", {"on": "0"}, on=url)
    author.post(f"/discussions/{_id(url)}/answer/{post}", {"on": "0"}, on=url)
    assert not re.search(r"1 thanks", visitor.get(url).text)
    assert "Accepted answer" not in visitor.get(url).text
    assert "How do you keep huddles" in visitor.get("/elements/resilience").text


def test_a_double_click_makes_one_thread(author: Person, visitor: Person) -> None:
    hidden = author.hidden("/discussions/new", "/discussions/new")
    data = {**hidden, "title": "Only once please", "text": "Text", "question": "discussion"}
    places = {author.client.post("/discussions/new", data=data).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert visitor.get("/discussions").text.count("Only once please") == 1


def test_two_people_editing_one_post_see_both_texts(author: Person, moderator: Person) -> None:
    url = thread(author)
    edit = f"/discussions/{_id(url)}/edit"
    first, second = author.hidden(edit, ""), moderator.hidden(edit, "")
    assert author.client.post(edit, data={**first, "text": "first words"}).status_code == 303
    answer = moderator.client.post(edit, data={**second, "text": "second words"})
    assert answer.status_code == 409
    assert "first words" in answer.text
    assert "second words" in answer.text
    assert "second words" not in author.get(url).text


def test_an_edit_keeps_what_stood_before(author: Person, visitor: Person) -> None:
    url = thread(author)
    author.post(f"/discussions/{_id(url)}/edit", {"title": "How do you keep huddles going?", "text": "Ours stop on Mondays."})
    history = visitor.get(f"{url}/history").text
    assert "<ins>" in history
    assert "busy" in history
    number = reply(author, url).split("#reply-")[1]
    author.post(f"/discussions/replies/{number}/edit", {"text": "We moved it."})
    assert "drug round" in visitor.get(f"/discussions/replies/{number}/history").text


def test_others_may_not_edit_and_staff_are_named(author: Person, other: Person, moderator: Person) -> None:
    url = thread(author)
    assert other.client.get(f"/discussions/{_id(url)}/edit").status_code == 403
    moderator.post(
        f"/discussions/{_id(url)}/edit", {"title": "How do you keep huddles going?", "text": "Shorter", "reason": "Too long"}
    )
    assert "Too long" in author.get(f"{url}/history").text
    assert "Edited" in moderator.get("/moderation/decisions").text


def test_preview_is_the_servers_own_rendering(author: Person) -> None:
    data = {"title": "A preview first", "text": "**bold** <script>alert(1)</script>", "question": "discussion", "action": "preview"}
    page = author.post("/discussions/new", data, status=200).text
    assert "<strong>bold</strong>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page.split("<textarea")[0], "shown as it was typed"
    assert "alert(1)</script>" not in page
    assert "A preview first" not in author.get("/discussions").text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write something first"),
        ("x" * 20_001, "20,000"),
        ("[" * 300, "too many links"),
        ("[](https://example.org)", "Nobody would see a word"),
    ],
)
def test_a_text_that_cannot_be_taken_comes_back(author: Person, text: str, words: str) -> None:
    page = author.post("/discussions/new", {"title": "Some title", "text": text, "question": "discussion"}, status=422).text
    assert words in page
    assert text in page


@pytest.mark.parametrize("text", ["<!-- note -->", ">", "&nbsp;", "<script>x</script>", "\u200b\u2060", "\u2800"])
def test_a_text_that_says_nothing_is_refused_wherever_it_is_written(author: Person, text: str) -> None:
    url = thread(author)
    number = reply(author, url).split("#reply-")[1]
    for where in (
        "/discussions/new",
        f"/discussions/{_id(url)}/replies",
        f"/discussions/{_id(url)}/edit",
        f"/discussions/replies/{number}/edit",
    ):
        data = {"title": "How do you keep huddles going?", "text": text, "question": "discussion"}
        page = author.post(where, data, on=url if where.endswith("replies") else "", status=422).text
        assert "Write something" in page
        assert escape(text) in page or not text.isascii()
    assert "busy" in author.get(url).text, "what stood there stands"


def test_a_reply_is_previewed_as_it_will_stand(author: Person) -> None:
    url = thread(author)
    text = "If HbA1c<target then review>6 weeks, dear <<FirstName>>:\n•\tone\n•\ttwo"
    page = author.post(f"/discussions/{_id(url)}/replies", {"text": text, "action": "preview"}, on=url, status=200).text
    shown = page.split('<div class="app-prose">')[1].split("</section>")[0]
    assert "If HbA1c&lt;target then review&gt;6 weeks, dear &lt;&lt;FirstName&gt;&gt;:" in shown
    assert shown.count("<li>") == 2


def test_a_sure_identifier_needs_a_reason_and_a_moderator(author: Person, moderator: Person, visitor: Person) -> None:
    data = {"title": "A number in it", "text": "Hospital number 778899", "question": "discussion"}
    page = author.post("/discussions/new", data, status=422).text
    assert "say why" in page.lower()
    url = author.location(author.post("/discussions/new", {**data, "justification": "It is an invented number"}))
    assert visitor.client.get(url).status_code == 404
    assert "A number in it" in moderator.get("/moderation").text
    moderator.post(f"/moderation/thread/{_id(url)}/release", on=url)
    assert visitor.get(url)


def test_new_members_are_held_until_two_posts_stood(author: Person, moderator: Person, visitor: Person, app: object) -> None:
    with author.client.application.app_context(), transaction():
        db.session.query(Account).filter_by(email="ada@example.org").update({"posts_approved": 0})
    for number in range(2):
        url = thread(author, title=f"My thread number {number}")
        assert visitor.client.get(url).status_code == 404
        moderator.post(f"/moderation/thread/{_id(url)}/release", on=url)
        assert visitor.get(url)
    assert visitor.get(thread(author, title="My third thread"))


def test_hiding_tells_the_author_why_and_hides_everywhere(
    author: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = thread(author, title="A zebra question to hide")
    worker.until_empty()
    assert url in visitor.get("/search?q=zebra").text
    moderator.post(f"/moderation/thread/{_id(url)}/hide", {"reason": "It names a person"})
    assert visitor.client.get(url).status_code == 404
    assert url not in visitor.get("/search?q=zebra").text, "a stale index must not leak"
    worker.until_empty()
    assert url not in visitor.get("/search?q=zebra").text
    assert "It names a person" in author.get("/notifications").text
    moderator.post(f"/moderation/thread/{_id(url)}/show", {"reason": "It does not"})
    assert visitor.get(url)


def test_replies_of_a_hidden_thread_are_hidden_too(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = thread(author)
    number = reply(other, url, "quokka words").split("#reply-")[1]
    worker.until_empty()
    assert "quokka" in visitor.get("/search?q=quokka").text
    moderator.post(f"/moderation/thread/{_id(url)}/hide", {"reason": "Because"})
    worker.until_empty()
    assert f"reply-{number}" not in visitor.get("/search?q=quokka").text
    assert visitor.client.get(f"/discussions/replies/{number}").status_code == 404


def test_a_closed_thread_takes_no_reply(author: Person, other: Person, moderator: Person) -> None:
    url = thread(author)
    hidden = other.hidden(url, f"/discussions/{_id(url)}/replies")
    moderator.post(f"/moderation/thread/{_id(url)}/lock", {"reason": "It turned into a quarrel"}, on=url)
    answer = other.client.post(f"/discussions/{_id(url)}/replies", data={**hidden, "text": "Too late"})
    assert answer.status_code == 403
    assert "closed to replies" in other.get(url).text


def test_paging_by_twenty(author: Person, visitor: Person, app: object) -> None:
    url = thread(author)
    for number in range(POSTS_PER_PAGE + 2):
        if number % 10 == 9:
            _forget_limits(author)
        reply(author, url, f"Reply number {number}")
    assert "Reply number 5" in visitor.get(url).text
    assert "Reply number 21" in visitor.get(f"{url}?page=2").text
    assert visitor.client.get(f"{url}?page=3").status_code == 404


def _forget_limits(author: Person) -> None:
    from forum.kernel.rate_limits import Attempt

    with author.client.application.app_context(), transaction():
        db.session.query(Attempt).delete()


def test_too_many_replies_are_slowed_and_the_text_is_kept(author: Person) -> None:
    url = thread(author)
    hidden = author.hidden(url, f"/discussions/{_id(url)}/replies")
    for number in range(12):
        author.client.post(f"/discussions/{_id(url)}/replies", data={**hidden, "form_key": f"k{number}", "text": f"Again {number}"})
    answer = author.client.post(
        f"/discussions/{_id(url)}/replies", data={**hidden, "form_key": "k12", "text": "My thirteenth words here"}
    )
    assert answer.status_code == 429
    assert answer.headers["Retry-After"].isdigit()
    assert "My thirteenth words here" in answer.text


def test_a_draft_of_a_reply_waits_on_the_server(author: Person) -> None:
    url = thread(author)
    hidden = author.hidden(url, f"/discussions/{_id(url)}/replies")
    saved = author.client.post(f"/discussions/{_id(url)}/replies/autosave", data={**hidden, "text": "Half a thought"})
    assert saved.get_json()["saved_at"]
    assert "Half a thought" in author.get(url).text
    assert "Half a thought" not in Person(author.client.application.test_client()).get(url).text
    assert "Reply in:" in author.get("/drafts").text
    reply(author, url, "The whole thought")
    assert "Half a thought" not in author.get(url).text


def test_a_report_reaches_the_desk_and_the_answer_comes_back(
    author: Person, other: Person, moderator: Person, worker: Worker
) -> None:
    url = thread(author)
    other.post(f"/report/thread/{_id(url)}", {"reason": "advert", "text": "It sells something"})
    author.get(f"/report/thread/{_id(url)}")
    desk = Page(moderator.get("/moderation").text).html
    report = re.search(r"/moderation/reports/\d+", desk)
    assert report
    moderator.post(report.group(), {"outcome": "hide", "reason": "It is an advert"})
    worker.until_empty()
    assert "It is an advert" in other.get("/notifications").text
    assert "It is an advert" in author.get("/notifications").text
    assert other.client.get(url).status_code == 404


def test_the_key_questions_are_pinned(visitor: Person) -> None:
    page = visitor.get("/discussions").text
    assert "Do we need a new language to create system leadership models and behaviours?" in page
    assert page.count("Pinned") == 4
