"""Headers, hosts, origins and forms: what holds on every answer, whatever is sent."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from forum.web.security import CSP, HEADERS
from tests.page import Person
from tests.stories import thread

PAGES = ["/", "/about", "/join", "/nothing-here", "/search?q=x", "/health", "/discussions", "/sign-in"]


def test_every_answer_has_the_same_headers(visitor: Person, author: Person) -> None:
    for who in (visitor, author):
        for path in PAGES:
            answer = who.client.get(path)
            for name, value in HEADERS.items():
                assert answer.headers[name] == value, (path, name)
            assert "charset=utf-8" in answer.headers["Content-Type"] or answer.is_json
    assert "unsafe" not in CSP


def test_cookies_are_strict_where_the_site_is_secure(make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_BASE_URL="https://practice.example.org")
    answer = app.test_client().get("/sign-in", base_url="https://practice.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_readers_get_no_cookie(visitor: Person) -> None:
    for path in (
        "/",
        "/about",
        "/discussions",
        "/case-studies",
        "/search?q=a",
        "/discussions/1",
        "/elements",
        "/people/ada-author",
    ):
        assert "Set-Cookie" not in visitor.client.get(path, follow_redirects=True).headers, path


def test_a_foreign_host_is_refused(visitor: Person) -> None:
    for host in ("evil.example", "10.1.2.3", "["):
        assert visitor.client.get("/", headers={"Host": host}).status_code == 400


def test_a_probe_may_ask_by_number(visitor: Person) -> None:
    """A load balancer knows no names; what it is told depends on none."""
    for path in ("/health", "/health/ready"):
        for host in ("10.1.2.3", "10.1.2.3:8000", "[fd00::1]"):
            answer = visitor.client.get(path, headers={"Host": host})
            assert answer.status_code == 200
            assert host not in answer.text


def test_a_foreign_origin_is_refused(author: Person) -> None:
    hidden = author.hidden("/discussions/new", "/discussions/new")
    data = {**hidden, "title": "From elsewhere", "text": "x", "question": "discussion"}
    for header in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert author.client.post("/discussions/new", data=data, headers=header).status_code == 403
    assert author.client.post("/discussions/new", data=data, headers={"Origin": "http://localhost"}).status_code == 303


def test_headers_that_are_no_addresses_are_refused(author: Person) -> None:
    """An IPv6 address that does not end cannot even be taken apart."""
    assert author.client.get("/about", headers={"Host": "["}).status_code == 400
    assert author.client.post("/sign-out", headers={"Origin": "http://["}).status_code == 403
    assert author.client.get("/search?q=ward", headers={"Referer": "http://["}).status_code == 200
    assert author.client.get("/sign-in?next=http://[").headers["Location"] == "/"
    assert author.client.get("/search?q=a&element=%00&page=%00").status_code == 200
    assert author.client.get("/people/a%00b").status_code == 404


def test_another_members_token_is_refused(author: Person, other: Person) -> None:
    data = {**other.hidden("/discussions/new", "/discussions/new"), "title": "Stolen", "text": "Kept all the same, word for word"}
    answer = author.client.post("/discussions/new", data=data)
    assert answer.status_code == 403
    assert "Kept all the same" not in answer.text, "it waits for whoever wrote it"


def test_extra_fields_change_nothing(author: Person) -> None:
    url = thread(author, member_id="99", status="hidden", pinned="1", created_at="2001-01-01", is_admin="1", role="admin")
    page = Person(author.client.application.test_client()).get(url).text
    assert "Pinned" not in page
    assert "2001" not in page


def test_forwarded_headers_are_ignored(visitor: Person, author: Person) -> None:
    for header in ("X-Forwarded-Host", "X-Forwarded-For", "X-Original-URL", "X-User", "X-Forwarded-Proto"):
        assert visitor.client.get("/account", headers={header: "ada@example.org"}).status_code == 303


def test_a_members_only_site(make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_PUBLIC="0")
    visitor = Person(app.test_client())
    for path in ("/", "/case-studies", "/discussions", "/search?q=system", "/elements", "/people/ada-author"):
        assert visitor.client.get(path).status_code == 303, path
    assert visitor.get("/about")
    assert visitor.get("/join")
    Person(visitor.client, "ada@example.org", "correct horse battery staple").sign_in()
    assert visitor.get("/discussions")


def test_hostile_words_in_every_argument(visitor: Person, shared: Path) -> None:
    rows = json.loads((shared / "data/hostile/injection.json").read_text("utf-8"))
    texts = [r["p"] if isinstance(r, dict) else r for r in rows][::7]
    for text in texts:
        for path in ("/search?q=", "/discussions?kind=", "/case-studies?region=", "/discussions/1?page="):
            status = visitor.client.get(path + quote(text)).status_code
            assert status in {200, 301, 404, 429}, (path, text)


def test_staff_pages_do_not_exist_for_others(author: Person, visitor: Person, moderator: Person) -> None:
    for path in ("/moderation", "/moderation/decisions"):
        assert visitor.client.get(path).status_code == 303
        assert author.client.get(path).status_code == 404
        assert moderator.get(path)
