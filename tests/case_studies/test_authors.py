"""Who writes a case study and who reads it first: invitations, roles, handing over, a leader whom mail does not reach; and who may read."""

import re
import socketserver
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from forum.accounts.actions import create
from forum.accounts.models import Account
from forum.accounts.passwords import hash_password
from forum.case_studies.models import Authorship
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.worker import Worker
from tests.conftest import PASSWORD, person
from tests.page import Page, Person
from tests.stories import CASE, CONFIRMED, draft, published, reply, submitted

BODY = "Nobody knew the residents."


def invite(leader: Person, url: str, who: str, role: str = "co-author", status: int = 303, **more: object) -> str:
    """Ask somebody; gives the page that answers."""
    answer = leader.post(f"{url}/people", {"who": who, "role": role, **more}, status=status)
    return answer.text if status != 303 else leader.get(f"{url}/people").text


def answer(by: Person, what: str = "accept", status: int = 303) -> None:
    """Accept or decline the newest invitation."""
    forms = [f["action"] for f in by.page("/invitations").forms if f.get("action", "").endswith(what)]
    by.post(forms[-1], on="/invitations", status=status)


def joined(leader: Person, url: str, by: Person, role: str = "co-author", **more: object) -> None:
    invite(leader, url, by.email, role, **more)
    answer(by)


def act(by: Person, url: str, ending: str, status: int = 303, number: int = 0) -> None:
    """Press the one button on the page of people whose form ends so; every form there carries the same token."""
    by.post(f"{url}/people/{number or row_of(by, url, ending)}/{ending}", on=f"{url}/people", status=status)


def row_of(by: Person, url: str, ending: str) -> int:
    found = [f["action"] for f in by.page(f"{url}/people").forms if f.get("action", "").endswith(ending)]
    assert len(found) == 1, found
    return int(found[0].split("/")[-2])


def rows(app: Flask) -> list[Authorship]:
    with app.app_context():
        return db.session.query(Authorship).order_by(Authorship.id).all()


def account(app: Flask, name: str, email: str, confirmed: bool = True) -> Person:
    """Somebody else with an account, signed in."""
    with app.app_context(), transaction():
        made = create(name, email, hash_password(PASSWORD), "nurse")
        made.confirmed_at = now() if confirmed else None
    return Person(app.test_client(), email, PASSWORD).sign_in()


def change(app: Flask, email: str, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.query(Account).filter_by(email=email).update(values)  # type: ignore[arg-type]


def mails(tmp_path: Path, to: str) -> list[EmailMessage]:
    """All mail to an address, oldest first."""
    files = sorted((tmp_path / "mail").glob("*.eml"), key=lambda f: f.name)
    read = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
    return [m for m in read if m["To"] == to]


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
    assert "Olu Other takes part now" in author.get("/notifications").text


def test_asking_by_name_tells_no_address(author: Person, other: Person, worker: Worker) -> None:
    url = draft(author)
    page = invite(author, url, "Olu Other")
    assert "olu@" not in page
    assert "Olu Other" in page
    assert "Has not answered yet" in page
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
    assert "No invitation waits" in other.get("/invitations").text


def test_an_unconfirmed_account_is_not_found_by_name(author: Person, app: Flask) -> None:
    account(app, "Una Unsure", "una@example.org", confirmed=False)
    assert "No member has exactly this name" in invite(author, draft(author), "Una Unsure", status=422)


def test_nobody_is_asked_twice(author: Person, other: Person, worker: Worker, tmp_path: Path, app: Flask) -> None:
    url = draft(author)
    data = {**author.hidden(f"{url}/people", f"{url}/people"), "who": other.email, "role": "co-author"}
    assert [author.client.post(f"{url}/people", data=data).status_code for _ in range(2)] == [303, 303]
    assert len(rows(app)) == 1
    assert "in the list already" in invite(author, url, "Olu@Example.ORG", "reviewer", status=422)
    assert "in the list already" in invite(author, url, "Olu Other", status=422)
    answer(other)
    assert "in the list already" in invite(author, url, other.email, status=422)
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


def test_an_invitation_is_for_one_person_alone(author: Person, other: Person, moderator: Person, visitor: Person, app: Flask) -> None:
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
    assert "No invitation waits" in other.get("/invitations").text
    other.get(f"{url}/edit")


def test_an_invitation_is_for_the_account_with_that_address(author: Person, app: Flask) -> None:
    url = draft(author)
    invite(author, url, "nia@example.org")
    nia = account(app, "Nia Newcomer", "nia.new@example.org")
    assert "No invitation waits" in nia.get("/invitations").text
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
    assert "Stop taking part" not in page


def test_a_co_author_edits_and_sends_but_does_not_share_out(author: Person, other: Person, moderator: Person, app: Flask) -> None:
    url = draft(author)
    joined(author, url, other)
    invite(author, url, "eve@example.org", "reviewer")
    other.post(f"{url}/edit/quick-share", {**CASE, "results": "Calls fell to 3 a month.", "action": "save"})
    people = other.get(f"{url}/people").text
    assert "@example.org" not in people, "no address for those who do not invite"
    assert "Somebody who was invited" in people
    assert "Send the invitation" not in people
    eve = rows(app)[1].id
    other.post(f"{url}/people", {"who": "x@example.org", "role": "co-author"}, status=403)
    for what in ("remove", "lead"):
        act(other, url, what, number=eve, status=403 if what == "remove" else 422)
    act(other, url, "lead", number=rows(app)[0].id, status=403)
    other.get(f"{url}/withdraw", 403)
    other.post(f"{url}/withdraw", on=f"{url}/people", status=403)
    other.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    assert "Calls fell to 3" in moderator.get(f"{url}/review").text
    moderator.post(f"{url}/review", {"verb": "publish"})
    page = author.get(url).text
    assert "With Olu Other" in page
    assert "Ada Author, Olu Other (" in page, "both are cited"


def test_a_reviewer_reads_a_draft_and_changes_nothing(author: Person, other: Person, worker: Worker, app: Flask) -> None:
    url = draft(author)
    joined(author, url, other, "reviewer")
    assert BODY in other.get(url).text
    assert BODY in other.get(f"{url}/export.md").text
    for page in ("/edit", "/edit/quick-share", "/preview", "/files", "/withdraw"):
        other.get(f"{url}{page}", 403)
    for path in ("/edit/quick-share", "/submit", "/discard", "/files", "/consents", "/withdraw", "/restore/1"):
        other.post(f"{url}{path}", {**CASE, **CONFIRMED}, on=f"{url}/people", status=403)
    assert CASE["results"] in author.get(url).text
    other.post(f"{url}/reviewed", {"remark": "Who is <b>Wendy</b>?"}, on=f"{url}/people")
    people = author.get(f"{url}/people").text
    assert "Who is &lt;b&gt;Wendy&lt;/b&gt;?" in people
    assert "Read it" in people
    worker.until_empty()
    assert "Olu Other has read it" in author.get("/notifications").text


def test_one_reviewer_does_not_read_what_another_remarks(author: Person, other: Person, app: Flask) -> None:
    url, nia = draft(author), account(app, "Nia Newcomer", "nia@example.org")
    joined(author, url, other, "reviewer")
    joined(author, url, nia, "reviewer")
    other.post(f"{url}/reviewed", {"remark": "It was hard to follow"}, on=f"{url}/people")
    assert "hard to follow" in other.get(f"{url}/people").text
    assert "hard to follow" not in nia.get(f"{url}/people").text


def test_who_was_not_asked_to_review_has_not_read_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    author.post(f"{url}/reviewed", on=f"{url}/people", status=403)
    other.post(f"{url}/reviewed", on="/account", status=403)
    joined(author, url, other)
    other.post(f"{url}/reviewed", on=f"{url}/people", status=403)
    assert "patient reviewer" not in visitor.get(url).text


def test_the_page_says_that_a_patient_reviewer_read_it(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    joined(author, url, other, "reviewer", lived="yes")
    assert "Read by a patient reviewer" not in visitor.get(url).text, "asked is not read"
    other.post(f"{url}/reviewed", {"remark": "Fine"}, on=f"{url}/people")
    page = visitor.get(url).text
    assert "Read by a patient reviewer" in page
    assert "Olu Other" not in page
    assert "Fine" not in page


def test_a_reviewer_of_another_kind_is_not_said_to_be_a_patient(
    author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    url = published(author, moderator)
    joined(author, url, other, "reviewer")
    other.post(f"{url}/reviewed", on=f"{url}/people")
    assert "patient reviewer" not in visitor.get(url).text


def test_who_leaves_sees_nothing_any_more(author: Person, other: Person, worker: Worker) -> None:
    url = draft(author)
    joined(author, url, other)
    other.post(f"{url}/edit/quick-share", {**CASE, "advice": "Words of the one who left.", "action": "save"})
    other.post(f"{url}/leave", on=f"{url}/people")
    for page in ("", "/people", "/edit", "/files", "/preview", "/export.md", "/print", "/history"):
        other.get(f"{url}{page}", 404)
    assert CASE["title"] not in other.get("/drafts").text
    assert "Words of the one who left" in author.get(url).text
    worker.until_empty()
    assert "Olu Other no longer takes part" in author.get("/notifications").text
    other.post(f"{url}/leave", on="/account", status=404)


def test_the_leader_cannot_leave(author: Person, other: Person) -> None:
    url = draft(author)
    joined(author, url, other)
    assert "Stop taking part" not in author.get(f"{url}/people").text
    refused = author.post(f"{url}/leave", on=f"{url}/people", status=422)
    assert "Hand it over to a co-author first" in refused.text
    author.get(f"{url}/edit")


def test_who_was_removed_sees_nothing_of_a_draft(author: Person, other: Person, app: Flask) -> None:
    url = draft(author)
    joined(author, url, other)
    page = f"{url}/edit/quick-share"
    hidden = other.hidden(page, page)
    act(author, url, "remove")
    for path in ("", "/people", "/edit", "/edit/quick-share", "/files", "/preview", "/export.md", "/export.docx", "/print"):
        other.get(f"{url}{path}", 404)
    late = other.client.post(page, data={**hidden, **CASE, "results": "A change that came too late.", "action": "save"})
    assert late.status_code == 404
    assert "A change that came too late." in late.text, "what was typed comes back"
    assert "A change that came too late." not in author.get(url).text
    assert CASE["title"] not in other.get("/drafts").text


def test_handing_over_swaps_who_leads(author: Person, other: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = published(author, moderator)
    joined(author, url, other, lived="yes")
    act(author, url, "lead")
    page = visitor.get(url).text
    assert "With Ada Author" in page
    assert "With Ada Author (patient" not in page, "one's part in life is not handed over"
    assert "Olu Other, Ada Author (" in page
    author.get(f"{url}/edit")
    author.get(f"{url}/withdraw", 403)
    other.post(f"{url}/withdraw")
    assert author.get(url)


def test_only_a_co_author_who_accepted_can_lead(author: Person, other: Person, app: Flask) -> None:
    url, nia = draft(author), account(app, "Nia Newcomer", "nia@example.org")
    invite(author, url, other.email)
    joined(author, url, nia, "reviewer")
    second = draft(other, title="Another title that is long enough")
    joined(other, second, nia)
    for row in rows(app):
        act(author, url, "lead", number=row.id, status=422)
    act(author, url, "lead", number=999, status=422)
    act(author, url, "remove", number=rows(app)[2].id, status=404)
    author.get(f"{url}/withdraw")


def test_a_co_author_cannot_take_over_from_a_leader_who_is_there(author: Person, other: Person, app: Flask) -> None:
    url = draft(author)
    joined(author, url, other)
    assert "Take over" not in other.get(f"{url}/people").text
    act(other, url, "lead", number=rows(app)[0].id, status=403)


def test_a_co_author_takes_over_from_a_leader_whom_mail_does_not_reach(author: Person, other: Person, app: Flask) -> None:
    url, nia = draft(author), account(app, "Nia Newcomer", "nia@example.org")
    joined(author, url, other)
    joined(author, url, nia, "reviewer")
    change(app, author.email, bounced_at=now())
    assert "Take over" not in nia.get(f"{url}/people").text
    act(nia, url, "lead", number=rows(app)[0].id, status=403)
    act(nia, url, "lead", number=rows(app)[1].id, status=422)
    act(other, url, "lead")
    other.get(f"{url}/withdraw")
    assert BODY in author.get(url).text, "the one who led is a co-author now"
    author.get(f"{url}/withdraw", 403)


def test_staff_hand_over_when_nobody_else_can(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker
) -> None:
    url = published(author, moderator)
    joined(author, url, other)
    act(moderator, url, "lead")
    assert "Olu Other, Ada Author (" in visitor.get(url).text
    assert "handed it over" in moderator.get("/moderation/decisions").text.lower()
    worker.until_empty()
    assert "Olu Other leads it now" in author.get("/notifications").text


@pytest.mark.xfail(strict=True, reason="notifications.py leaves out the one whom the event names: the new leader is not told")
def test_the_new_leader_is_told(author: Person, other: Person, worker: Worker) -> None:
    url = draft(author)
    joined(author, url, other)
    act(author, url, "lead")
    assert "Done. They are told." in author.get(f"{url}/people").text
    worker.until_empty()
    assert "leads it now" in other.get("/notifications").text


class _Refuses(socketserver.StreamRequestHandler):
    """A mail server that takes mail for all but one address, and refuses that one for good."""

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, MailServer)
        self.say("220 here")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "RCPT" and server.refused in line:
                self.say("550 5.1.1 no such mailbox")
            elif word == "RCPT":
                server.taken.append(line)
                self.say("250 ok")
            elif word == "DATA":
                self.say("354 go on")
                while self.rfile.readline().strip() != b".":
                    pass
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    refused = "nobody at all"

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Refuses)
        self.taken: list[str] = []


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


def test_mail_that_comes_back_tells_co_authors_who_then_take_over(make_app: Callable[..., Flask], mail_server: MailServer) -> None:
    app = make_app(FORUM_MAIL_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}")
    worker, author, other, moderator = Worker(app), person(app, "ada"), person(app, "olu"), person(app, "mo")
    url = draft(author)
    joined(author, url, other)
    worker.until_empty()
    assert "comes back" not in other.get("/notifications").text
    assert any("ada@example.org" in line for line in mail_server.taken)
    mail_server.refused = "<ada@example.org>"
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    worker.until_empty()
    moderator.post(f"{url}/review", {"verb": "ask", "reason": "When was it?"})
    worker.until_empty()
    news = other.get("/notifications").text
    assert news.count("Mail to Ada Author comes back") == 1, "told once, however often mail comes back"
    assert CASE["title"] in news
    assert "ada@" not in news
    assert "comes back" not in moderator.get("/notifications").text, "co-authors can help"
    assert f'href="{url}/people"' in news
    act(other, url, "lead")
    other.post(f"{url}/edit/quick-share", {**CASE, "results": "In May.", "action": "save"})
    other.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")


def test_moderators_are_told_where_there_is_no_co_author(make_app: Callable[..., Flask], mail_server: MailServer) -> None:
    app = make_app(FORUM_MAIL_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}")
    worker, author, moderator = Worker(app), person(app, "ada"), person(app, "mo")
    mail_server.refused = "<ada@example.org>"
    submitted(author)
    worker.until_empty()
    assert "Mail to Ada Author comes back" in moderator.get("/notifications").text


@pytest.mark.xfail(strict=True, reason="notifications._unreachable gives every co-author the titles of all that the member leads")
def test_a_co_author_is_not_told_of_other_drafts_of_a_leader_whom_mail_does_not_reach(
    make_app: Callable[..., Flask], mail_server: MailServer
) -> None:
    app = make_app(FORUM_MAIL_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}")
    worker, author, other = Worker(app), person(app, "ada"), person(app, "olu")
    draft(author, title="A quokka that nobody else may read of")
    joined(author, draft(author), other)
    mail_server.refused = "<ada@example.org>"
    author.post("/account/profile", {"name": "Ada Author", "role": "nurse", "organisation": "Anytown Surgery", "mail_ok": "y"})
    author.post("/discussions/new", {"title": "How do you keep huddles going?", "text": "Ours stop.", "question": "question"})
    submitted(author, title="A third title that is long enough")
    worker.until_empty()
    news = other.get("/notifications").text
    assert "comes back" in news
    assert "quokka" not in news


def test_a_moderator_who_writes_along_or_reviews_does_not_decide(author: Person, moderator: Person, app: Flask) -> None:
    for number, role in enumerate(("co-author", "reviewer")):
        url = submitted(author, title=f"A title that is long enough, number {number}")
        form = moderator.hidden(f"{url}/review", f"{url}/review")
        joined(author, url, moderator, role)
        assert "Another moderator decides" in moderator.get(f"{url}/review").text
        assert "Your own: another moderator decides" in moderator.get("/moderation").text
        refused = moderator.client.post(f"{url}/review", data={**form, "verb": "publish"})
        assert refused.status_code == 403
        assert "Waiting for a moderator" in author.get("/drafts").text
        person(app, "admin").post(f"{url}/review", {"verb": "publish"})
        hide = moderator.client.post(f"{url}/review", data={**form, "verb": "hide", "reason": "My own doubts"})
        assert hide.status_code in {403, 422}
        assert author.get(url)


def test_co_authors_follow_a_case_study_through_withdrawing_and_hiding(
    author: Person, other: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url, nia = published(author, moderator), account(app, "Nia Newcomer", "nia@example.org")
    joined(author, url, other)
    invite(author, url, nia.email)
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "A name stands in it"})
    assert BODY in other.get(url).text
    visitor.get(url, 404)
    nia.get(url, 404)
    assert BODY not in nia.get("/invitations").text
    moderator.post(f"{url}/review", {"verb": "show", "reason": "It is out again"})
    visitor.get(url)
    author.post(f"{url}/withdraw")
    assert BODY in other.get(url).text
    nia.get(url, 404)
    visitor.get(url, 404)
    assert "Withdrawn" in other.get("/drafts").text
    answer(nia)
    assert BODY in nia.get(url).text
    other.post(f"{url}/leave", on=f"{url}/people")
    other.get(url, 404)


def test_the_page_of_people_is_for_those_who_take_part(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    invite(author, url, "eve@example.org")
    other.get(f"{url}/people", 404)
    other.post(f"{url}/people", {"who": "x@example.org", "role": "reviewer"}, on="/account", status=404)
    assert visitor.client.get(f"{url}/people").status_code == 303
    assert "eve@example.org" in moderator.get(f"{url}/people").text
    for who in (other, visitor):
        assert "eve@" not in who.get(url).text


# Only for people who are signed in.


def _members_only(author: Person, moderator: Person, **more: object) -> str:
    url = draft(author, **more)
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    moderator.post(f"{url}/review", {"verb": "publish"})
    return url


PLACE = "Leeds Teaching Hospitals NHS Trust"
PAGES = ("", "/history", "/export.md", "/export.docx", "/print")
ABOUT = "quokka"


def _lists(app: Flask) -> list[str]:
    """Every page that gathers case studies and discussions."""
    with app.app_context():
        from forum.organisations.models import Organisation

        place = db.session.query(Organisation).filter_by(name=PLACE).one()
        where = f"/organisations/{place.id}"
    return [
        "/",
        "/case-studies",
        "/case-studies?element=stable-core-team",
        "/case-studies?sort=discussed",
        "/discussions",
        "/discussions?element=stable-core-team",
        "/elements",
        "/elements/stable-core-team",
        "/care-models",
        "/care-models/virtual-ward",
        "/people/ada-author",
        "/people/olu-other",
        where,
        f"/search?q={ABOUT}",
        f"/search?q={ABOUT}&kind=thread",
        f"/search?q={ABOUT}&kind=reply",
        "/search?q=wombat",
    ]


def _found(who: Person, app: Flask, words: str) -> set[str]:
    found = set()
    for page in _lists(app):
        answer = who.client.get(page, follow_redirects=True)
        assert answer.status_code == 200, (page, answer.status_code)
        text = answer.text.replace(f'value="{ABOUT}"', "").replace(f"“{ABOUT}”", "")
        # The words of the question stand on the page of the search itself.
        if words in re.sub(r"<title>.*?</title>|<h1.*?</h1>|<input[^>]*>|href=\"/search[^\"]*\"", "", text, flags=re.S):
            found.add(page)
    return found


def test_what_is_for_members_does_not_exist_for_a_visitor(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    title = "How a quokka helped a ward in Anytown"
    url = _members_only(author, moderator, title=title, problem="Nobody had a quokka.", care_models=["virtual-ward"], **{"organisations-0": PLACE})
    talk = re.search(r'href="(/discussions/[^"]+)"', other.get(url).text)
    assert talk
    reply(other, talk.group(1), "We had a wombat instead.")
    worker.until_empty()
    for page in PAGES:
        visitor.get(f"{url}{page}", 404)
        other.get(f"{url}{page}")
    visitor.get(talk.group(1), 404)
    visitor.get(url.rpartition("-how")[0], 404)
    assert "wombat" in other.get(talk.group(1)).text
    assert _found(visitor, app, "quokka") == set()
    assert _found(visitor, app, "wombat") == {"/search?q=wombat"} & _found(visitor, app, "wombat")
    assert "instead" not in visitor.get("/search?q=wombat").text
    for page in ("/case-studies", "/discussions", "/search?q=quokka", "/people/ada-author", "/elements/stable-core-team"):
        assert title in other.get(page).text, page


def test_counts_do_not_tell_of_what_is_for_members(author: Person, moderator: Person, visitor: Person, other: Person) -> None:
    published(author, moderator)
    _members_only(author, moderator, title="Another title that is long enough")
    assert "<strong>1</strong> case study" in visitor.get("/case-studies").text
    assert "<strong>2</strong> case studies" in other.get("/case-studies").text


def test_being_for_members_is_changed_at_any_time(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = published(author, moderator, title="How a quokka helped a ward in Anytown", **{"organisations-0": PLACE})
    talk = re.search(r'href="(/discussions/[^"]+)"', visitor.get(url).text)
    assert talk
    worker.until_empty()
    assert "/case-studies" in _found(visitor, app, "quokka")
    author.post(f"{url}/edit/sharing", {"visibility": "members", "action": "save"})
    visitor.get(url)
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "Not for all"}, on=f"{url}/preview")
    worker.until_empty()
    visitor.get(url, 404)
    visitor.get(talk.group(1), 404)
    assert _found(visitor, app, "quokka") == set()
    other.get(url)
    author.post(f"{url}/edit/sharing", {"visibility": "everyone", "action": "save"})
    author.post(f"{url}/submit", {**CONFIRMED, "reason": "For all"}, on=f"{url}/preview")
    worker.until_empty()
    visitor.get(url)
    visitor.get(talk.group(1))
    assert "/search?q=quokka" in _found(visitor, app, "quokka")


def test_hiding_and_showing_again_keeps_it_for_members(
    author: Person, other: Person, moderator: Person, visitor: Person, worker: Worker, app: Flask
) -> None:
    url = _members_only(author, moderator, title="How a quokka helped a ward in Anytown", **{"organisations-0": PLACE})
    moderator.post(f"{url}/review", {"verb": "hide", "reason": "A name stands in it"})
    other.get(url, 404)
    moderator.post(f"{url}/review", {"verb": "show", "reason": "It is out again"})
    worker.until_empty()
    other.get(url)
    visitor.get(url, 404)
    assert _found(visitor, app, "quokka") == set()
    author.post(f"{url}/withdraw")
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    person(app, "admin").post(f"{url}/review", {"verb": "publish"})
    worker.until_empty()
    assert "quokka" in other.get("/discussions").text
    assert _found(visitor, app, "quokka") == set()


@pytest.mark.xfail(strict=True, reason="discussions/search.py: a reply's audience “everyone” and its thread's “members” share nothing")
def test_members_find_replies_about_what_is_for_members(author: Person, other: Person, moderator: Person, worker: Worker) -> None:
    url = _members_only(author, moderator)
    talk = re.search(r'href="(/discussions/[^"]+)"', other.get(url).text)
    assert talk
    reply(other, talk.group(1), "We had a wombat instead.")
    worker.until_empty()
    assert "instead" in author.get("/search?q=wombat").text
