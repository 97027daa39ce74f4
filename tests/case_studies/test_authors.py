"""Asking somebody to write along or to review: whom, how often, and who may answer."""

from pathlib import Path

import pytest
from flask import Flask

from forum.kernel.clock import now
from forum.worker import Worker
from tests.case_studies.people import BODY, account, act, answer, change, invite, joined, mails, rows
from tests.page import Page, Person
from tests.stories import CASE, draft, submitted


def test_a_member_asked_by_name_is_told_and_writes_along(
    author: Person, other: Person, worker: Worker, tmp_path: Path, app: Flask
) -> None:
    url = draft(author)
    invite(author, url, "  olu   OTHER ")
    worker.until_empty()
    (mail,) = mails(tmp_path, other.email)
    assert "Ada Author asks you" in str(mail["Subject"])
    assert "Accept or decline" in other.get("/notifications").text
    waiting = other.get("/invitations").text
    assert CASE["summary"] in waiting
    assert BODY not in waiting, "only title and summary before"
    other.get(url, 404)
    answer(other)
    assert BODY in other.get(url).text
    other.get(f"{url}/edit")
    assert CASE["title"] in other.get("/drafts").text
    worker.until_empty()
    assert "Olu Other has joined the authors" in author.get("/notifications").text


def test_asking_by_name_tells_no_address(author: Person, other: Person, worker: Worker) -> None:
    url = draft(author)
    page = invite(author, url, "Olu Other")
    assert "olu@" not in page
    assert "Olu Other" in page
    assert "Has not replied yet" in page
    answer(other, "decline")
    worker.until_empty()
    assert "olu@" not in author.get("/notifications").text + author.get(f"{url}/people").text


def test_asking_by_address_does_not_tell_who_has_it(author: Person, visitor: Person, app: Flask) -> None:
    url = draft(author)
    known, unknown = invite(author, url, "olu@example.org"), invite(author, url, "nobody@example.org")
    assert "Olu Other" not in known
    shown = unknown.replace("nobody@", "olu@")
    assert shown.count("olu@example.org") == 2 * unknown.count("nobody@example.org"), "both look alike"


def test_somebody_without_an_account_joins_and_accepts(
    author: Person, visitor: Person, worker: Worker, tmp_path: Path, app: Flask
) -> None:
    url = draft(author)
    invite(author, url, "Nia@Example.org", "reviewer")
    worker.until_empty()
    (mail,) = mails(tmp_path, "nia@example.org")
    assert "Ada Author asks you to read and comment on" in mail.get_content()
    assert "ada@" not in str(mail)
    nia = account(app, "Nia Newcomer", "nia@example.org", confirmed=False)
    assert "Confirm your email address first" in nia.get("/invitations").text
    assert CASE["title"] not in nia.get("/invitations").text
    number = rows(app)[0].id
    nia.post(f"/invitations/{number}/accept", on="/account", status=403)
    change(app, "nia@example.org", confirmed_at=now())
    answer(nia)
    assert BODY in nia.get(url).text


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("Nobody Known", "No member has exactly this name"),
        ("Ada Author", "leads the case study already"),
        ("ADA@example.org", "leads the case study already"),
        ("ada@@example", "not an email address"),
        ("ada@example", "not an email address"),
        ("Ada <eve@example.org>", "not an email address"),
        ("eve@example.org\r\nBcc: x@example.org", "not an email address"),
        ("", "Give the email address or the full name"),
        ("   ", "Give the email address or the full name"),
    ],
)
def test_who_cannot_be_asked_is_told_in_words(author: Person, app: Flask, who: str, words: str) -> None:
    url = draft(author)
    page = invite(author, url, who, status=422)
    assert words in page
    assert Page(page).title.startswith("Error: Authors and reviewers")
    assert rows(app) == []


def test_two_members_of_one_name_need_the_address(author: Person, other: Person, app: Flask) -> None:
    account(app, "Olu Other", "olu.two@example.org")
    url = draft(author)
    page = invite(author, url, "Olu Other", status=422)
    assert "Several members have this name" in page
    assert "@example.org" not in page
    invite(author, url, "olu.two@example.org")
    assert "You have no invitations" in other.get("/invitations").text


def test_an_unconfirmed_account_is_not_found_by_name(author: Person, app: Flask) -> None:
    account(app, "Una Unsure", "una@example.org", confirmed=False)
    assert "No member has exactly this name" in invite(author, draft(author), "Una Unsure", status=422)


def test_nobody_is_asked_twice(author: Person, other: Person, worker: Worker, tmp_path: Path, app: Flask) -> None:
    url = draft(author)
    data = {**author.hidden(f"{url}/people", f"{url}/people"), "who": other.email, "role": "co-author"}
    assert [author.client.post(f"{url}/people", data=data).status_code for _ in range(2)] == [303, 303]
    assert len(rows(app)) == 1
    assert "on the list already" in invite(author, url, "Olu@Example.ORG", "reviewer", status=422)
    assert "on the list already" in invite(author, url, "Olu Other", status=422)
    worker.until_empty()
    answer(other)
    assert "on the list already" in invite(author, url, other.email, status=422)
    worker.until_empty()
    assert len(mails(tmp_path, other.email)) == 1


def test_a_role_that_does_not_exist_is_refused(author: Person, app: Flask) -> None:
    invite(author, draft(author), "olu@example.org", "owner", status=422)
    assert rows(app) == []


def test_twenty_people_and_twenty_invitations_a_day(author: Person, app: Flask) -> None:
    url, second = draft(author), draft(author, title="Another title that is long enough")
    for number in range(20):
        author.post(f"{url}/people", {"who": f"p{number}@example.org", "role": "reviewer"})
    assert "can have 20 people" in invite(author, url, "more@example.org", status=422)
    author.post(f"{second}/people", {"who": "more@example.org", "role": "reviewer"}, status=429)
    act(author, url, "remove", number=rows(app)[0].id)
    assert len(rows(app)) == 19


def test_an_invitation_is_for_one_person_alone(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = draft(author)
    invite(author, url, "olu@example.org")
    number = rows(app)[0].id
    for stranger in (author, moderator):
        for what in ("accept", "decline"):
            stranger.post(f"/invitations/{number}/{what}", on="/account", status=404)
    assert visitor.client.get("/invitations").status_code == 303
    assert visitor.client.post(f"/invitations/{number}/accept").status_code == 303
    moderator.post("/invitations/999/accept", on="/account", status=404)
    answer(other)
    for what in ("accept", "decline"):
        other.post(f"/invitations/{number}/{what}", on="/account", status=404)
    assert "You have no invitations" in other.get("/invitations").text
    other.get(f"{url}/edit")


def test_an_invitation_is_for_the_account_with_that_address(author: Person, app: Flask) -> None:
    url = draft(author)
    invite(author, url, "nia@example.org")
    nia = account(app, "Nia Newcomer", "nia.new@example.org")
    assert "You have no invitations" in nia.get("/invitations").text
    nia.post(f"/invitations/{rows(app)[0].id}/accept", on="/account", status=404)


def test_declining_tells_the_leader_and_can_be_asked_again(author: Person, other: Person, worker: Worker, app: Flask) -> None:
    url = draft(author)
    invite(author, url, other.email)
    answer(other, "decline")
    worker.until_empty()
    assert "Olu Other declined the invitation" in author.get("/notifications").text
    other.get(url, 404)
    assert rows(app) == []
    joined(author, url, other)
    other.get(url)


def test_an_invitation_taken_back_is_gone(author: Person, other: Person, worker: Worker, app: Flask) -> None:
    url = draft(author)
    invite(author, url, "eve@example.org")
    number = rows(app)[0].id
    act(author, url, "remove")
    worker.until_empty()
    assert rows(app) == []
    assert "Former member" not in author.get("/notifications").text, "nobody left"
    act(author, url, "remove", number=number, status=404)


def test_before_accepting_an_invitation_opens_nothing(author: Person, other: Person, app: Flask) -> None:
    url = draft(author)
    invite(author, url, "Olu Other")
    for page in ("", "/people", "/edit", "/files", "/preview", "/export.md", "/export.docx", "/print", "/history"):
        other.get(f"{url}{page}", 404)
    other.post(f"{url}/leave", on="/account", status=404)
    other.post(f"{url}/reviewed", on="/account", status=404)
    assert CASE["title"] not in other.get("/drafts").text
    assert len(rows(app)) == 1


def test_a_moderator_who_has_not_answered_yet_takes_no_part(author: Person, moderator: Person) -> None:
    url = submitted(author)
    invite(author, url, "Mo Mod", "reviewer")
    page = moderator.get(f"{url}/people").text
    assert "I have read it" not in page
    assert "Leave this case study" not in page
