"""Removed words are gone from where readers look: earlier versions, news, queued mail, titles, addresses and suggestions."""

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from forum.kernel.db import db
from forum.kernel.outbox import OutboxRow
from forum.notifications.delivery import notify
from forum.notifications.models import Notification
from forum.worker import Worker
from tests.adoptions.steps import SHARED, share
from tests.measures.steps import FIELDS, measure
from tests.page import Person
from tests.stories import CASE, CONFIRMED, published, reply, thread

SECRET = "Fennimore"
HIDE = {"reason": "It named somebody", "hide_earlier": "y"}


def mail(folder: Path) -> str:
    return "".join(f.read_text("utf-8") for f in (folder / "mail").glob("*.eml"))


def news(worker: Worker) -> None:
    """What happened is turned into news and queued mail, and no mail goes out yet."""
    with worker.app.app_context():
        for row in list(db.session.scalars(select(OutboxRow).where(OutboxRow.queue == "notify").order_by(OutboxRow.id))):
            notify(row)


def test_a_moderators_edit_hides_the_earlier_versions(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    talk = thread(author, f"The story of {SECRET}", f"{SECRET} went home.", question="discussion")
    answer = reply(author, talk, f"I saw {SECRET}.").split("#reply-")[1]
    case = published(author, moderator, problem=f"Nobody knew {SECRET}.")
    chart = measure(author, case, interpretation=f"Thanks to {SECRET}.")
    record = share(other, case, message=f"Ask {SECRET}.")
    said = {"entry": "update", "practice_status": "running", "happened": "01/03/2026", "text": f"{SECRET} left.", "contact": "yes"}
    entry = f"{case}/updates/" + author.location(author.post(f"{case}/updates/new", said)).rpartition("#update-")[2]
    number = talk.split("/")[2].split("-")[0]
    for path, changed, history in (
        (
            f"/discussions/{number}/edit",
            {"title": "The story of somebody", "text": "They went home."},
            f"/discussions/{number}/history",
        ),
        (f"/discussions/replies/{answer}/edit", {"text": "I saw them."}, f"/discussions/replies/{answer}/history"),
        (f"{chart}/edit", {**FIELDS, "interpretation": "Thanks to all.", "action": "save"}, f"{chart}/history"),
        (f"{record}/edit", {**SHARED, "message": "Ask the nurse."}, f"{record}/history"),
        (f"{entry}/edit", {"happened": "01/03/2026", "text": "They left."}, f"{entry}/history"),
    ):
        moderator.post(path, {**changed, **HIDE})
        seen = visitor.client.get(history, follow_redirects=True).text
        assert SECRET not in seen, history
        assert "A moderator hid what this version said" in seen, history
        assert HIDE["reason"] in seen, history
    moderator.post(f"{case}/edit/quick-share", {**CASE, "problem": "Nobody knew them.", "action": "save", **HIDE})
    moderator.post(f"{case}/submit", {**CONFIRMED, **HIDE}, on=f"{case}/preview")
    seen = author.get(f"{case}/history").text
    assert SECRET not in seen
    assert "restore/1" not in seen
    author.post(f"{case}/restore/1", on="/account", status=422)
    assert SECRET not in author.get(f"{case}/edit/quick-share").text
    # One version can be shown again, and hidden again, by a button in the history; never by the author.
    versions = max(re.findall(r'"(/moderation/versions/[^"]+)/show"', moderator.get(f"{case}/history").text))
    author.post(f"{versions}/show", on="/account", status=404)
    moderator.post(f"{versions}/show", {"reason": "It may be read"}, on=f"{case}/history")
    assert SECRET in author.get(f"{case}/history").text
    moderator.post(f"{versions}/hide", {"reason": "It may not"}, on=f"{case}/history")
    assert SECRET not in author.get(f"{case}/history").text


def test_mail_that_waits_and_news_follow_what_became_of_it(
    app: Flask, author: Person, other: Person, moderator: Person, worker: Worker, tmp_path: Path
) -> None:
    talk = thread(author, f"The story of {SECRET}", "Who knows more?")
    number = talk.split("/")[2].split("-")[0]
    answer = reply(other, talk, "I do.").split("#reply-")[1]
    again = thread(author, f"Once more {SECRET}", "And now?")
    reply(other, again, "Yes.")
    news(worker)
    with app.app_context():
        waiting = [str(row.payload) for row in db.session.scalars(select(OutboxRow).where(OutboxRow.queue == "mail"))]
        stored = [str(n.data) for n in db.session.scalars(select(Notification))]
    assert len(waiting) == 2
    assert SECRET not in "".join(waiting + stored), "neither news nor queued mail keeps a title"
    moderator.post(f"/moderation/reply/{answer}/hide", {"reason": "It is unkind"})
    edited = {"title": "Once more somebody", "text": "And now?", "question": "discussion", **HIDE}
    moderator.post(f"/discussions/{again.split('/')[2].split('-')[0]}/edit", edited)
    worker.until_empty()
    sent = mail(tmp_path)
    assert "replied: Once more somebody" in sent
    assert "replied: The story" not in sent, "mail of what was hidden meanwhile is not sent"
    assert f"Once more {SECRET}" not in sent, "nor is a title as it was before it was edited"
    told = author.get("/notifications").text
    assert "Once more somebody" in told
    moderator.post(f"/moderation/thread/{number}/hide", {"reason": "It names somebody"})
    worker.until_empty()
    for page in ("/notifications", "/search?q=story", "/search/suggest?q=story", "/feeds/discussions.atom", "/discussions"):
        assert SECRET not in other.client.get(page).text, page
    gone = other.client.get(f"/discussions/{number}")
    assert gone.status_code == 404
    assert "Location" not in gone.headers
    assert "It names somebody" in mail(tmp_path), "its author is told all the same"


def test_the_discussion_of_a_case_study_takes_its_new_title(author: Person, moderator: Person, visitor: Person) -> None:
    case = published(author, moderator, title=f"How {SECRET} got home from the ward")
    number = case.rpartition("/")[2].split("-")[0]
    author.post(f"{case}/edit/quick-share", {**CASE, "title": "How somebody got home from the ward", "action": "save"})
    author.post(f"{case}/submit", CONFIRMED, on=f"{case}/preview")
    page = visitor.client.get(f"/case-studies/{number}", follow_redirects=True)
    talk = re.findall(r'href="/discussions/(\d+-[^"]+)"', page.text)[0]
    for path in (f"/discussions/{talk}", f"/discussions/{talk.split('-')[0]}", "/discussions"):
        answer = visitor.client.get(path)
        assert SECRET.lower() not in (answer.text + answer.headers.get("Location", "")).lower(), path
