"""How files are served and to whom, and how many there may be."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask

from forum.access.actors import Member
from forum.case_studies.attachments import actions as attachments
from forum.case_studies.attachments import storage
from forum.case_studies.attachments.actions import Description
from forum.case_studies.editing import actions
from forum.documents.uploads import accept
from forum.kernel.clock import now
from forum.kernel.db import transaction
from tests.case_studies.uploads import ALT, PDF, agree, drawing, newest, photo, picture, rows, send, stored, upload
from tests.page import Page, Person
from tests.stories import CASE, CONFIRMED, draft, published


def test_nothing_in_a_served_file_can_run(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    kinds = (
        (photo(), "ward.jpg", "image/jpeg", False),
        (drawing(), "chart.png", "image/png", False),
        (PDF, "leaflet.pdf", "application/pdf", True),
        (b"a,b\n1,2\n", "table.csv", "text/csv", True),
        (b"Plain words", "words.txt", "text/plain", True),
    )
    for data, name, media_type, attached in kinds:
        upload(author, url, data, name)
        send(author, url)
        answer = visitor.get(newest(author, url))
        assert answer.mimetype == media_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Disposition"].startswith("attachment") == attached
        assert name in answer.headers["Content-Disposition"]
        assert "no-cache" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]


def test_files_are_for_those_who_may_read_the_case_study(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = draft(author)
    path = picture(author, url)
    for stranger in (other, moderator, visitor):
        stranger.get(path, 404)
    assert author.get(path).data
    author.post(f"{url}/people", {"who": other.email, "role": "reviewer"})
    other.post("/invitations/1/accept", on="/invitations")
    assert other.get(path).data, "a reviewer reads along"
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    assert moderator.get(path).data
    visitor.get(path, 404)
    moderator.post(f"{url}/review", {"verb": "publish"})
    etag = visitor.get(path).headers["ETag"]
    assert visitor.client.get(path, headers={"If-None-Match": etag}).status_code == 304
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "A face is in it"})
    visitor.get(path, 404)
    assert visitor.client.get(path, headers={"If-None-Match": etag}).status_code == 404
    for reader in (author, moderator, other):
        assert reader.get(path).data
    moderator.post(f"{url}/review", {"verb": "show", "reason": "They agreed"})
    assert visitor.get(path).data
    author.post(f"{url}/withdraw")
    visitor.get(path, 404)


def test_files_of_a_case_study_for_members_are_for_members(
    author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    url = draft(author)
    path = picture(author, url)
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    visitor.get(path, 404)
    assert other.get(path).data


def test_a_file_is_found_in_its_own_case_study_only(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = draft(author)
    path = picture(author, url)
    public = published(author, moderator, title="Another title that is long enough")
    number = path.rpartition("/")[2]
    visitor.get(f"{public}/files/{number}", 404)
    author.post(f"{public}/files/{number}", {"action": "remove"}, on=f"{public}/files", status=404)
    visitor.get(f"{public}/files/999", 404)
    assert author.get(path).data


def test_only_authors_and_staff_change_files(author: Person, other: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = published(author, moderator)
    path, consent = picture(author, url), agree(author, url)
    other.get(f"{url}/files", 403)
    assert visitor.client.get(f"{url}/files").status_code == 303
    token = {"file": (BytesIO(photo()), "x.jpg"), "alt": ALT}
    other.post(f"{url}/files", token, on="/account", status=403)
    other.post(path, {"action": "remove"}, on="/account", status=403)
    other.post(f"{url}/consents", {"about": "x", "scope": "y", "holder": "z"}, on="/account", status=403)
    other.post(f"{url}/consents/{consent}/withdraw", on="/account", status=403)
    assert len(rows(app)) == 1
    moderator.post(path, {"action": "remove", "reason": "It shows a name badge"}, on=f"{url}/files")
    assert rows(app) == []


def test_a_picture_added_after_publishing_is_seen_and_looked_at(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    assert "<figure" not in visitor.get(url).text
    assert "<figure" not in visitor.get(url).text, "now it is kept"
    path = picture(author, url)
    assert path in visitor.get(url).text
    assert "Edited after publishing" in moderator.get("/moderation").text


def test_the_same_form_sent_twice_adds_one_file(author: Person, app: Flask) -> None:
    url = draft(author)
    hidden = author.hidden(f"{url}/files", f"{url}/files")
    for _ in range(2):
        data = {**hidden, "file": (BytesIO(photo()), "ward.jpg"), "alt": ALT, "consent": "no"}
        assert author.client.post(f"{url}/files", data=data).status_code == 303
    assert len(rows(app)) == 1


def test_a_form_that_was_refused_can_be_sent_again(author: Person, app: Flask) -> None:
    url = draft(author)
    hidden = author.hidden(f"{url}/files", f"{url}/files")
    refused = author.client.post(f"{url}/files", data={**hidden, "file": (BytesIO(b"MZ\0"), "x.jpg"), "alt": ALT, "consent": "no"})
    again = Page(refused.text).form(f"{url}/files")["fields"]
    author.client.post(f"{url}/files", data={**again, "file": (BytesIO(photo()), "ward.jpg")})
    assert [row.alt for row in rows(app)] == [ALT]


def test_a_case_study_has_so_many_files(author: Person, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_FILES", 2)
    url = draft(author)
    for colour in ("red", "blue"):
        upload(author, url, photo(colour))
    assert "can have 2 pictures and files" in upload(author, url, photo("green"), status=422).text
    assert "can have 2 pictures and files" in upload(author, url, photo("blue"), caption="Once more", status=422).text
    assert author.get(newest(author, url)).data, "refusing the same bytes again leaves them to the one that has them"
    author.post(newest(author, url), {"action": "remove"}, on=f"{url}/files")
    upload(author, url, photo("green"))
    assert len(rows(app)) == 2


def test_a_member_has_so_much_room_in_all(author: Person, other: Person, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    url, second = draft(author), draft(author, title="Another title that is long enough")
    upload(author, url, photo())
    monkeypatch.setattr(attachments, "QUOTA", rows(app)[0].size + 10)
    assert "Take out pictures or files" in upload(author, second, photo(), status=422).text
    upload(other, draft(other), photo("blue"))
    author.post(newest(author, url), {"action": "remove"}, on=f"{url}/files")
    upload(author, second, photo())


def test_taking_a_file_out_takes_it_from_the_disk(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = published(author, moderator)
    path = picture(author, url)
    assert path in visitor.get(url).text
    (file,) = stored(app)
    author.post(path, {"action": "remove"}, on=f"{url}/files")
    assert not file.exists()
    visitor.get(path, 404)
    assert path not in visitor.get(url).text
    author.post(path, {"action": "remove"}, on=f"{url}/files", status=404)


def test_bytes_that_another_file_shares_stay(author: Person, other: Person, app: Flask) -> None:
    url, theirs = draft(author), draft(other)
    path, second = picture(author, url), picture(other, theirs)
    (file,) = stored(app)
    author.post(path, {"action": "remove"}, on=f"{url}/files")
    assert file.exists()
    assert other.get(second).data
    other.post(second, {"action": "remove"}, on=f"{theirs}/files")
    assert stored(app) == []


def test_bytes_that_went_while_they_were_added_again_are_there(members: dict[str, Member]) -> None:
    """Between keeping the bytes and naming them, somebody else removed the last file that shared them."""
    taken = accept(photo(), "ward.jpg")
    digest = storage.keep_bytes(taken.data)
    (storage.folder() / digest[:2] / digest).unlink()
    with transaction():
        case = actions.begin(members["ada"], CASE)
        row = attachments.add(members["ada"], case.id, taken, digest, Description(ALT, "", None))
    assert storage.path_of(row).read_bytes() == taken.data


def test_bytes_without_a_row_are_swept_a_day_later(author: Person, app: Flask) -> None:
    url = draft(author)
    picture(author, url)
    with app.app_context():
        storage.keep_bytes(b"left behind by a crash")
        assert storage.sweep(now()) == 0
        assert storage.sweep(now() + timedelta(days=2)) == 1
    assert len(stored(app)) == 1
    assert author.get(newest(author, url)).data


def test_words_of_a_file_are_changed(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    path = picture(author, url)
    prefix = f"file-{path.rpartition('/')[2]}-"
    author.post(path, {f"{prefix}alt": "A better description", f"{prefix}consent": "no"}, on=f"{url}/files")
    assert 'alt="A better description"' in visitor.get(url).text
    empty = author.post(
        path, {f"{prefix}alt": "", f"{prefix}caption": "Kept", f"{prefix}consent": "no"}, on=f"{url}/files", status=422
    ).text
    assert "Say in words what the picture shows" in empty
    assert 'value="Kept"' in empty
    assert 'alt="A better description"' in visitor.get(url).text
    long = author.post(path, {f"{prefix}alt": "x" * 301, f"{prefix}caption": ""}, on=f"{url}/files", status=422).text
    assert "at most 300 characters" in long
    assert "x" * 301 in long


def test_two_people_who_take_out_the_same_file(author: Person, moderator: Person, app: Flask) -> None:
    url = published(author, moderator)
    path = picture(author, url)
    first, second = author.hidden(f"{url}/files", path), moderator.hidden(f"{url}/files", path)
    assert author.client.post(path, data={**first, "action": "remove"}).status_code == 303
    assert moderator.client.post(path, data={**second, "action": "remove"}).status_code == 404
    assert stored(app) == []


def test_without_a_token_nothing_is_added(author: Person, app: Flask) -> None:
    url = draft(author)
    answer = author.client.post(f"{url}/files", data={"file": (BytesIO(photo()), "ward.jpg"), "alt": ALT})
    assert answer.status_code == 400
    assert rows(app) == []
