"""Pictures, files and charts that come after publication go the way of a text: looked at first, sent, and kept in the history."""

from datetime import timedelta

from flask import Flask

from forum.case_studies.models import Confirmation
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from tests.case_studies.uploads import ALT, newest, photo, picture, send, upload
from tests.measures.steps import measure
from tests.page import Page, Person
from tests.stories import CASE, CONFIRMED, published


def test_a_picture_is_previewed_sent_kept_in_the_history_and_looked_at(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = published(author, moderator)
    page = author.get(f"{url}/files").text
    assert "Can somebody be recognised in it?" in page
    assert " checked" not in page, "nobody has answered yet"
    assert "Say whether somebody can be recognised" in upload(author, url, photo(), consent="", status=422).text
    upload(author, url, photo())
    path = newest(author, url)
    assert "Not sent yet" in author.get(f"{url}/files").text
    visitor.get(path, 404)
    assert path not in visitor.get(url).text
    assert "No moderator" not in moderator.get("/moderation").text
    assert f'src="{path}"' in author.get(f"{url}/preview").text
    assert "changes that readers have not seen" in author.get(f"{url}/edit").text
    send(author, url)
    assert path in visitor.get(url).text
    assert "Edited after publishing" in moderator.get("/moderation").text
    assert ALT in moderator.get(f"{url}/review").text.split("The last change")[1].split("app-preview")[0]
    number = path.rpartition("/")[2]
    said = {f"file-{number}-alt": ALT, f"file-{number}-caption": "The garden door", f"file-{number}-consent": "no"}
    author.post(path, said, on=f"{url}/files")
    chart = measure(author, url)
    history = visitor.get(f"{url}/history").text
    for words in ("Pictures and files", "The ward", "The garden door", "Charts", "Falls a month on the frailty ward", "Ada Author"):
        assert words in history, words
    author.post(path, {"action": "remove"}, on=f"{url}/files")
    author.post(f"{chart}/remove", on=f"{url}/measures")
    history = visitor.get(f"{url}/history").text
    assert "A picture or file that is no longer shown" in history
    assert "A chart that is no longer shown" in history
    assert "garden door" not in history, "what was taken out is named no more"


def test_confirmations_hold_for_a_sitting_and_for_one_person(author: Person, moderator: Person, app: Flask) -> None:
    url = published(author, moderator)

    def change(words: str) -> Page:
        author.post(f"{url}/edit/quick-share", {**CASE, "problem": words, "action": "save"})
        return Page(author.get(f"{url}/preview").text)

    assert "You confirmed these" in change("Nobody knew them.").html
    author.post(f"{url}/submit", {"reason": "Shorter"}, on=f"{url}/preview")
    moderator.post(f"{url}/edit/quick-share", {**CASE, "problem": "Nobody knew.", "action": "save", "reason": "Clearer"})
    refused = moderator.post(f"{url}/submit", {"reason": "Clearer"}, on=f"{url}/preview", status=422).text
    assert "Tick each of the confirmations" in refused, "what one confirmed, another did not"
    moderator.post(f"{url}/submit", {**CONFIRMED, "reason": "Clearer"}, on=f"{url}/preview")
    upload(author, url, photo())
    assert "Please confirm" in change("We knew nobody.").html, "a new picture is asked about with the same questions"
    author.post(f"{url}/submit", {"reason": "Shorter"}, on=f"{url}/preview", status=422)
    send(author, url)
    with app.app_context(), transaction():
        for given in db.session.query(Confirmation):
            given.at = now() - timedelta(hours=13)
    assert "Please confirm" in change("Nobody at all.").html
    author.post(f"{url}/submit", {"reason": "Shorter"}, on=f"{url}/preview", status=422)


def test_a_picture_set_aside_with_the_rest_can_still_be_sent(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    upload(author, url, photo())
    path = newest(author, url)
    author.post(f"{url}/discard", on=f"{url}/edit")
    visitor.get(path, 404)
    send(author, url)
    assert visitor.get(path).data
    assert picture(author, url, photo("red")) != path
