"""Consent of the people in pictures and stories: when it ends, what it covers vanishes."""

import re
import zipfile
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask

from forum.case_studies.attachments.consents import end_expired
from forum.case_studies.models import Consent
from forum.case_studies.record.presentation import WITHHELD
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.case_studies.uploads import ALT, agree, end, photo, picture, rows, upload
from tests.page import Page, Person
from tests.stories import CASE, CONFIRMED, draft, published

STORY = "A tall gardener called at the tulip house every night."


def told(author: Person, moderator: Person) -> str:
    """Published, with a story that stands in two versions."""
    url = published(author, moderator, problem=STORY)
    author.post(f"{url}/edit/quick-share", {**CASE, "problem": f"{STORY} He then slept.", "action": "save"})
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "One more sentence"}, on=f"{url}/preview")
    return url


def seen(who: Person, url: str) -> dict[str, str]:
    """All that can be had of a case study, as text."""
    found = {page: who.get(f"{url}{page}").text for page in ("", "/export.md", "/print", "/history")}
    with zipfile.ZipFile(BytesIO(who.get(f"{url}/export.docx").data)) as packed:
        found["/export.docx"] = packed.read("word/document.xml").decode()
    found["search"] = who.get("/search?q=gardener").text + who.get("/search?q=ward").text
    return found


def holding(found: dict[str, str]) -> set[str]:
    return {page for page, text in found.items() if "tulip" in re.sub("<[^>]*>", "", text)}


def test_a_consent_is_recorded_once_and_chosen_for_a_picture(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = published(author, moderator)
    hidden = author.hidden(f"{url}/files", f"{url}/consents")
    said = {**hidden, "about": "Photo of the café", "scope": "On this site", "holder": "The ward office", "expires": "2999-12-31"}
    for _ in range(2):
        assert author.client.post(f"{url}/consents", data=said).status_code == 303
    page = author.get(f"{url}/files").text
    assert page.count("Form held by: The ward office") == 1
    assert "Yes, they agreed: Photo of the café" in page
    path = picture(author, url, consent="1")
    assert visitor.get(path).data
    assert "ward office" not in visitor.get(url).text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"about": ""}, "Say what it is"),
        ({"scope": ""}, "Say where"),
        ({"holder": ""}, "which person or office"),
        ({"expires": "2020-01-31"}, "This date has passed"),
        ({"expires": "next year"}, "Give the day as year, month and day"),
    ],
)
def test_half_a_consent_comes_back(author: Person, app: Flask, more: dict[str, str], words: str) -> None:
    url = draft(author)
    said = {"about": "Photo of the café", "scope": "On this site", "holder": "The ward office", **more}
    answer = author.post(f"{url}/consents", said, on=f"{url}/files", status=422)
    assert words in answer.text
    assert Page(answer.text).title.startswith("Error: Pictures, files and consent")
    with app.app_context():
        assert db.session.query(Consent).count() == 0


def test_a_picture_takes_only_a_consent_that_holds_here(author: Person, app: Flask) -> None:
    url, second = draft(author), draft(author, title="Another title that is long enough")
    ended, elsewhere = agree(author, url), agree(author, second)
    end(author, url, ended)
    for number in (ended, elsewhere, "999"):
        assert "is no longer in force" in upload(author, url, photo(), consent=number, status=422).text
    assert rows(app) == []
    end(author, url, elsewhere, status=404)


def test_what_a_withdrawn_consent_covers_vanishes_at_once(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = told(author, moderator)
    consent = agree(author, url, names=["problem"])
    path = picture(author, url, consent=consent)
    worker.until_empty()
    before = seen(visitor, url)
    assert holding(before) == set(before)
    assert "<figure" in before[""]
    etag = visitor.get(url).headers["ETag"]
    end(author, url, consent)
    again = visitor.client.get(url, headers={"If-None-Match": etag})
    assert again.status_code == 200, "the page that the browser keeps is old"
    for reader in (visitor, other):
        after = seen(reader, url)
        assert holding(after) == set()
        assert WITHHELD in after[""]
        assert path not in after[""]
        assert CASE["actions"].split()[0] in after["/export.md"], "the rest stays"
        reader.get(path, 404)
    worker.until_empty()
    assert f'href="{url}"' not in visitor.get("/search?q=gardener").text
    assert f'href="{url}"' in visitor.get("/search?q=night").text
    assert author.get(path).data, "authors see what is hidden"
    page = author.get(f"{url}/files").text
    assert "Hidden: the consent has ended" in page
    assert author.get("/notifications").text.count("has ended, so what it covers is hidden") == 1
    end(author, url, consent)
    worker.until_empty()
    assert author.get("/notifications").text.count("has ended, so what it covers is hidden") == 1


def test_changing_the_words_of_a_hidden_picture_does_not_show_it(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    consent = agree(author, url)
    path = picture(author, url, consent=consent)
    end(author, url, consent)
    form = Page(author.get(f"{url}/files").text).form(path)["fields"]
    prefix = f"file-{path.rpartition('/')[2]}-"
    assert form[f"{prefix}consent"] == consent, "the consent that was chosen stays chosen"
    sent = {**form, f"{prefix}caption": "Another caption"}
    author.post(path, sent, on=f"{url}/files")
    assert "Another caption" in author.get(f"{url}/files").text
    visitor.get(path, 404)
    assert path not in visitor.get(url).text
    # Nor by saying now that nobody is in it: it was said before that somebody is.
    form = Page(author.get(f"{url}/files").text).form(path)["fields"]
    again = author.post(
        path, {**form, f"{prefix}caption": "Words that come back", f"{prefix}consent": "no"}, on=f"{url}/files", status=422
    )
    assert "Words that come back" in again.text
    visitor.get(path, 404)
    assert "Hidden: the consent has ended" in author.get(f"{url}/files").text


def test_a_new_consent_shows_the_picture_again(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    first = agree(author, url)
    path = picture(author, url, consent=first)
    end(author, url, first)
    second = agree(author, url, about="Photo of the café, asked again")
    prefix = f"file-{path.rpartition('/')[2]}-"
    author.post(path, {f"{prefix}alt": ALT, f"{prefix}consent": second}, on=f"{url}/files")
    assert visitor.get(path).data
    assert path in visitor.get(url).text


def test_a_consent_that_runs_out_ends_by_itself(
    author: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = told(author, moderator)
    consent = agree(author, url, names=["problem"], expires=now().date().isoformat())
    path = picture(author, url, consent=consent)
    worker.until_empty()
    with app.app_context(), transaction():
        assert end_expired(now()) == 0, "its last day is a good day"
    assert "tulip" in visitor.get(url).text
    with app.app_context(), transaction():
        assert end_expired(now() + timedelta(days=1)) == 1
    assert holding(seen(visitor, url)) == set()
    visitor.get(path, 404)
    assert path not in visitor.get(url).text
    with app.app_context(), transaction():
        assert end_expired(now() + timedelta(days=2)) == 0
    worker.until_empty()
    assert author.get("/notifications").text.count("has ended, so what it covers is hidden") == 1
    mails = [f for f in (Path(app.instance_path) / "mail").glob("*.eml") if b"A consent has ended" in f.read_bytes()]
    assert len(mails) == 1


def test_a_picture_is_not_shown_the_day_after_its_consent_even_before_anything_is_swept(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = published(author, moderator)
    path = picture(author, url, consent=agree(author, url, expires=now().date().isoformat()))
    with app.app_context(), transaction():
        db.session.query(Consent).update({"expires": date(2020, 1, 31)})
    assert visitor.client.get(path).status_code == 404


def test_all_authors_are_told_of_a_consent_that_ended(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    url = published(author, moderator)
    author.post(f"{url}/people", {"who": other.email, "role": "co-author"})
    other.post("/invitations/1/accept", on="/invitations")
    consent = agree(other, url)
    end(author, url, consent)
    worker.until_empty()
    for person in (author, other):
        assert "has ended, so what it covers is hidden" in person.get("/notifications").text


def rewrite(author: Person, url: str) -> None:
    """Tell it without the story, and publish it."""
    author.post(f"{url}/edit/quick-share", {**CASE, "problem": "Somebody came every night.", "action": "save"})
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "Without the story"}, on=f"{url}/preview")


def test_a_text_that_was_rewritten_is_shown_again(author: Person, moderator: Person, visitor: Person, worker: Worker) -> None:
    url = told(author, moderator)
    end(author, url, agree(author, url, names=["problem"]))
    assert WITHHELD in visitor.get(url).text
    author.post(f"{url}/edit/quick-share", {**CASE, "problem": f"{STORY} He then slept.", "advice": "Ask first.", "action": "save"})
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "Something else"}, on=f"{url}/preview")
    assert WITHHELD in visitor.get(url).text, "another text was rewritten, not this"
    rewrite(author, url)
    page = visitor.get(url).text
    assert WITHHELD not in page
    assert "Somebody came every night." in page
    assert "tulip" not in page


def test_moderators_look_at_a_text_that_was_withheld_and_rewritten(author: Person, moderator: Person) -> None:
    url = told(author, moderator)
    end(author, url, agree(author, url, names=["problem"]))
    rewrite(author, url)
    assert "Edited after publishing" in moderator.get("/moderation").text


def test_earlier_versions_of_a_withheld_story_stay_hidden_when_it_is_rewritten(
    author: Person, moderator: Person, visitor: Person
) -> None:
    url = told(author, moderator)
    end(author, url, agree(author, url, names=["problem"]))
    rewrite(author, url)
    assert "tulip" not in visitor.get(f"{url}/history").text


def test_a_story_withheld_before_it_was_ever_sent_is_not_shown_unchanged(
    author: Person, moderator: Person, visitor: Person
) -> None:
    url = draft(author, problem=STORY)
    end(author, url, agree(author, url, names=["problem"]))
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    assert "tulip" not in visitor.get(url).text


def test_withdrawing_before_publishing_hides_the_picture_from_moderators_too(author: Person, moderator: Person) -> None:
    url = draft(author)
    consent = agree(author, url)
    path = picture(author, url, consent=consent)
    end(author, url, consent)
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    assert path not in moderator.get(url).text
    moderator.post(f"{url}/review", {"verb": "publish"})
    assert path not in moderator.get(url).text


def test_a_withdrawn_story_does_not_come_back_with_an_earlier_version(author: Person, moderator: Person, visitor: Person) -> None:
    url = told(author, moderator)
    end(author, url, agree(author, url, names=["problem"]))
    rewrite(author, url)
    author.post(f"{url}/restore/1", on=f"{url}/history")
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "As it was"}, on=f"{url}/preview")
    assert "tulip" not in visitor.get(url).text


def test_a_reviewer_of_a_draft_cannot_fetch_a_withheld_story(author: Person, other: Person) -> None:
    url = draft(author, problem=STORY)
    author.post(f"{url}/people", {"who": other.email, "role": "reviewer"})
    other.post("/invitations/1/accept", on="/invitations")
    end(author, url, agree(author, url, names=["problem"]))
    assert "tulip" not in other.get(url).text
    assert "tulip" not in other.get(f"{url}/export.md").text


def test_a_consent_may_name_no_text_that_is_not_told_here(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    end(author, url, agree(author, url, names=["title", "summary", "nothing", "problem"]))
    page = visitor.get(url)
    assert CASE["title"] in page.text
    assert CASE["summary"] in visitor.get(f"{url}/export.md").text
    assert "Nobody knew the residents" not in page.text
