"""Words that a moderator removes are gone: from every table, every file of the instance, and the index."""

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, text

from forum.kernel.db import db
from forum.worker import Worker
from tests.case_studies.uploads import agree, end
from tests.databases import Databases
from tests.page import Person
from tests.stories import CASE, CONFIRMED, draft, published, reply

SECRET = "Marjorie Fennimore-Quill"
REASON = "It names a patient who did not agree."


def where(app: Flask, words: str) -> list[str]:
    """Tables and files that still hold any of the words, read without the product's own code."""
    found = []
    parts = [w.casefold().encode() for w in re.findall(r"\w{6,}", words)]
    with app.app_context():
        for table in inspect(db.engine).get_table_names():
            rows = db.session.execute(text(f'SELECT * FROM "{table}"')).all()
            found += [table] * any(part.decode() in str(tuple(row)).casefold() for row in rows for part in parts)
        db.session.remove()
    for file in Path(app.instance_path).rglob("*"):
        if file.is_file():
            raw = file.read_bytes().lower()
            found += [file.name] * any(part in raw for part in parts)
    return found


def spread(author: Person, moderator: Person, other: Person, worker: Worker) -> str:
    """The name in the title, the text, an older version, a newer draft, a second version, a reply, news and mail."""
    url = published(
        author, moderator, title=f"How {SECRET} got home", problem=f"Her name is **Marjorie**\nFennimore-Quill. {SECRET}!"
    )
    worker.until_empty()
    page = f"{url}/edit/quick-share"
    author.post(page, {**CASE, "title": "How somebody got home", "action": "save"})
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "Named nobody"}, on=f"{url}/preview")
    url = author.client.get(url.split("-how")[0]).headers["Location"]
    page = f"{url}/edit/quick-share"
    first, second = author.hidden(page, page), author.hidden(page, page)
    author.client.post(page, data={**first, **CASE, "results": f"{SECRET} went home."})
    author.client.post(page, data={**second, **CASE, "results": f"She, {SECRET}, did not."})
    reply(other, _discussion(author, url), f"Is this the {SECRET} I know?")
    action = f"/discussions/{_number(author, url)}/replies"
    token = other.hidden(_discussion(author, url), action)
    other.client.post(f"{action}/autosave", data={**token, "text": f"and {SECRET} again"})
    worker.until_empty()
    return url


def _discussion(person: Person, url: str) -> str:
    found = re.search(r'href="(/discussions/[^"]+)"', person.get(url).text)
    assert found
    return found.group(1)


def _number(person: Person, url: str) -> str:
    return _discussion(person, url).split("/")[2].split("-")[0]


def test_no_table_file_or_index_still_holds_the_words(
    app: Flask, author: Person, moderator: Person, other: Person, visitor: Person, worker: Worker
) -> None:
    url = spread(author, moderator, other, worker)
    with app.app_context():
        if not Databases.base:
            db.session.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))
        db.session.remove()
    before = where(app, SECRET)
    assert {"case_studies", "revisions", "clashes", "posts", "form_drafts"} <= set(before), before
    assert "notifications" not in before, "news looks up what a thing is called"
    assert "forum.db" in before or Databases.base, "the test sees into the database's file"
    assert any(name.endswith(".eml") for name in before), "a mail that went out when the title was what it was"
    seen = moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "look"}, status=200)
    assert "Earlier versions: 1" in seen.text
    moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "remove"})
    worker.until_empty()
    assert where(app, SECRET) == []
    page = author.get(url.rpartition("/")[0] + "/" + url.rpartition("/")[2].split("-")[0], status=301)
    shown = author.get(str(page.headers["Location"])).text
    assert "Calls fell" in shown
    assert "removed by a moderator on" in author.get(f"{url}/history").text
    assert "removed words for good" in moderator.get("/moderation/decisions").text.lower()
    assert "No results" in visitor.get("/search?q=fennimore").text or "fennimore" not in visitor.get("/search?q=quill").text.lower()
    assert REASON in author.get("/notifications").text


def test_too_little_is_refused_and_nothing_goes(author: Person, moderator: Person, other: Person) -> None:
    url = published(author, moderator)
    for words, reason in (
        ("the", REASON),
        ("zebra crossing", REASON),
        ("Wednesday", "No"),
        ("Wednesday", "Wednesday is a name, alas"),
    ):
        moderator.post(
            f"{url}/purge",
            {"words": words, "reason": reason, "action": "remove" if words != "zebra crossing" else "look"},
            status=422,
        )
    assert "Wednesday" in author.get(url).text
    assert other.client.get(f"{url}/purge").status_code == 404
    assert author.client.get(f"{url}/purge").status_code == 404


def test_a_word_of_the_program_is_taken_from_texts_only(author: Person, moderator: Person, visitor: Person) -> None:
    """ "Published" is a status, "results" names a field: the page stands when they go from the text."""
    url = published(author, moderator, problem="It was never published. The results were lost.")
    for words in ("published", "results"):
        moderator.post(f"{url}/purge", {"words": words, "reason": REASON, "action": "remove"})
    page = visitor.get(url).text
    assert "never published" not in page
    assert "Calls fell" in page
    assert page.count("removed by a moderator on") == 2
    assert "History" in author.get(f"{url}/history").text


def test_only_what_belongs_to_the_case_study_is_touched(author: Person, moderator: Person, other: Person) -> None:
    url = published(author, moderator, problem="Nights in Fennimore were hard.")
    theirs = draft(other, problem="We are in Fennimore too.")
    moderator.post(f"{url}/purge", {"words": "Fennimore", "reason": REASON, "action": "remove"})
    assert "Fennimore" not in author.get(url).text
    assert "We are in Fennimore too." in other.get(f"{theirs}/edit/quick-share").text
    answer = moderator.post(f"{url}/purge", {"words": "Fennimore", "reason": REASON, "action": "look"}, status=422)
    assert "These words are not in it" in answer.text


def test_a_page_that_is_open_does_not_put_the_words_back_unasked(author: Person, moderator: Person, app: Flask) -> None:
    url = published(author, moderator)
    page = f"{url}/edit/quick-share"
    fields = author.page(page).form(page)["fields"]
    typed = {**fields, "problem": f"We met {SECRET}."}
    saved = author.client.post(f"{page}/autosave", data=typed).get_json()
    moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "remove"})
    again = author.client.post(
        f"{page}/autosave", data={**typed, "version": saved["version"], "problem": f"We met {SECRET} there."}
    )
    assert again.get_json()["clashes"] == ["What was the problem?"]


def test_a_withheld_story_stays_withheld_when_words_go_from_it(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator, problem=f"The story of {SECRET} is long and sad.")
    consent = agree(author, url, names=["problem"])
    end(author, url, consent)
    assert "long and sad" not in visitor.get(url).text
    moderator.post(f"{url}/purge", {"words": SECRET, "reason": REASON, "action": "remove"})
    assert "long and sad" not in visitor.get(url).text
    assert "long and sad" not in visitor.client.get(f"{url}/export.md").text
