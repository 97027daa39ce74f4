"""Leaving, removing, handing over, and a leader whom mail does not reach."""

import socketserver
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask

from forum.kernel.clock import now
from forum.worker import Worker
from tests.case_studies.people import BODY, account, act, change, invite, joined, rows
from tests.conftest import person
from tests.page import Person
from tests.stories import CASE, CONFIRMED, draft, published, submitted


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
    assert "Olu Other has left the authors" in author.get("/notifications").text
    other.post(f"{url}/leave", on="/account", status=404)


def test_the_leader_cannot_leave(author: Person, other: Person) -> None:
    url = draft(author)
    joined(author, url, other)
    assert "Leave this case study" not in author.get(f"{url}/people").text
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
    assert author.client.get(f"{url}/withdraw").status_code == 200, "it is for who leads"


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
    act(moderator, url, "lead", reason="She has left the trust")
    assert "Olu Other, Ada Author (" in visitor.get(url).text
    assert "made another author its lead author" in moderator.get("/moderation/decisions").text.lower()
    worker.until_empty()
    assert "Olu Other is now the lead author" in author.get("/notifications").text


def test_the_new_leader_is_told(author: Person, other: Person, worker: Worker) -> None:
    url = draft(author)
    joined(author, url, other)
    act(author, url, "lead")
    assert "Done. They will be told." in author.get(f"{url}/people").text
    worker.until_empty()
    assert "is now the lead author" in other.get("/notifications").text


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
    assert "not getting through" not in other.get("/notifications").text
    assert any("ada@example.org" in line for line in mail_server.taken)
    mail_server.refused = "<ada@example.org>"
    author.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")
    worker.until_empty()
    moderator.post(f"{url}/review", {"verb": "ask", "reason": "When was it?"})
    worker.until_empty()
    news = other.get("/notifications").text
    assert news.count("Email to Ada Author, who leads a case study, is not getting through") == 1, (
        "told once, however often mail comes back"
    )
    assert "ada@" not in news
    assert "not getting through" not in moderator.get("/notifications").text, "co-authors can help"
    assert f'href="{url}/people"' in other.get("/invitations").text
    assert f'href="{url}/people"' not in moderator.get("/invitations").text
    act(other, url, "lead")
    other.post(f"{url}/edit/quick-share", {**CASE, "results": "In May.", "action": "save"})
    other.post(f"{url}/submit", CONFIRMED, on=f"{url}/preview")


def test_moderators_are_told_where_there_is_no_co_author(make_app: Callable[..., Flask], mail_server: MailServer) -> None:
    app = make_app(FORUM_MAIL_URL=f"smtp://127.0.0.1:{mail_server.server_address[1]}")
    worker, author, moderator = Worker(app), person(app, "ada"), person(app, "mo")
    mail_server.refused = "<ada@example.org>"
    submitted(author)
    worker.until_empty()
    assert "Email to Ada Author, who leads a case study, is not getting through" in moderator.get("/notifications").text


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
    assert "not getting through" in news
    assert "quokka" not in news
