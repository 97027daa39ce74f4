"""A site that is walked through as people do: pages are opened, the forms on them filled in, their buttons pressed.

Every page that is opened is read for its links and forms, and every press is done twice, as a double click does. What was seen and
what was pressed is kept for the laws (`test_buttons.py`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from flask import Flask, Response, request
from flask.testing import FlaskClient
from jinja2 import BaseLoader, Environment
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from forum.web.access_level import Reach
from forum.worker import Worker
from tests.architecture.filling import Opened, filled_in, gist
from tests.stories import CASE, CONFIRMED

#: What a second press of the same button may answer: it leads on, or says in words why it does nothing.
NEWCOMER = {"name": "Nell Newcomer", "role": "nurse", "organisation": "Anytown Surgery"}
SECOND = {200, 303, 400, 403, 404, 409, 422}
FORM = re.compile(r"<form\b")
#: A part of an address that is one of some words.
CHOICE = re.compile(r"<any\(([^)]*)\):(\w+)>")


class Marked(BaseLoader):
    """Templates whose forms carry the place they stand at, so that a pressed form is known again."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> Any:
        source, path, fresh = self.inner.get_source(environment, template)
        return FORM.sub(lambda m: f'<form data-form="{place(template, source, m.start())}"', source), path, fresh

    def list_templates(self) -> list[str]:
        return self.inner.list_templates()


def place(template: str, source: str, at: int) -> str:
    """A form's name: its template, and which form in it."""
    return f"{template}#{len(FORM.findall(source, 0, at)) + 1}"


@dataclass
class Seen:
    """What a walk saw and did."""

    #: (method, address) → the page that it stands on.
    addresses: dict[tuple[str, str], str] = field(default_factory=dict)
    #: (who, rule, names of arguments) of the links that were followed: one of each kind, or this would be all of the site every time.
    followed: set[tuple[str, str, str]] = field(default_factory=set)
    #: Rules of the posts that succeeded, with their choices made.
    done: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    #: (form, name, value) of buttons.
    buttons: set[tuple[str, str, str]] = field(default_factory=set)
    pressed: set[tuple[str, str, str]] = field(default_factory=set)
    #: Kinds of presses that were done twice.
    twice: set[tuple[str, str, str]] = field(default_factory=set)
    #: By who and what: the last press of each kind, to press once more when everything has changed.
    posts: dict[tuple[str, str], tuple["Walker", str, list[tuple[str, Any]]]] = field(default_factory=dict)


class Walker:
    """Somebody with a browser."""

    def __init__(self, site: "Site", email: str = "", password: str = "") -> None:
        self.site, self.email, self.password = site, email, password
        self.client: FlaskClient = site.app.test_client()
        # As a browser says of what stands on our pages.
        self.client.environ_base |= {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_REFERER": "http://localhost/"}

    def sign_in(self) -> "Walker":
        self.press("/sign-in", "Sign in", {"email": self.email, "password": self.password})
        return self

    def open(self, path: str, status: int = 200) -> Opened:
        """The page at an address, wherever that leads."""
        response = self.client.get(path, follow_redirects=True)
        assert response.status_code == status, (path, response.status_code, gist(response))
        page = Opened(response.request.full_path.rstrip("?"), response)
        self.site.read(page, self)
        return page

    def follow(self, address: str, on: str) -> None:
        """A link on a page leads to a page, for whoever sees it."""
        path, _, query = address.partition("?")
        kind = (self.email, self.site.rule("GET", path), " ".join(sorted(parse_qs(query))))
        if kind not in self.site.seen.followed:
            self.site.seen.followed.add(kind)
            answer = self.client.get(address)
            assert answer.status_code < 400, f"a link on {on} leads to {address}: {answer.status_code}, {gist(answer)}"

    def press(self, on: str | Opened, button: str, fields: Mapping[str, Any] | None = None, to: str = "", status: int = 303) -> Any:
        """Fill in the form that has a button with these words and press it, twice. Gives where it leads, or the page that came."""
        page = self.open(on) if isinstance(on, str) else on
        found = [(f, b) for f, b, words in page.buttons() if words.startswith(button) and to in page.action(f)]
        assert found, f"no button “{button}” {to} on {page.url}, but {[w for *_, w in page.buttons()]}"
        form, pressed = found[0]
        values = filled_in(form, fields or {})
        if pressed.get("name"):
            values.append((pressed.get("name"), pressed.get("value", "")))
        mark = form.get("data-form", "")
        self.site.seen.forms.add(mark)
        self.site.seen.pressed.add((mark, pressed.get("name", ""), pressed.get("value", "")))
        answer = self._post(page.action(form), values)
        assert answer.status_code == status, (page.action(form), answer.status_code, gist(answer))
        self._again(page.action(form), values)
        if 300 <= answer.status_code < 400:
            return answer.headers["Location"]
        shown = Opened(page.action(form), answer)
        self.site.read(shown, self)
        return shown

    def type(self, on: str | Opened, fields: Mapping[str, Any], to: str = "") -> dict[str, Any]:
        """Type into the form on the page that saves while typing; gives what the script is told."""
        page = self.open(on) if isinstance(on, str) else on
        form = next(f for f in page.forms if f.get("data-autosave-url") and to in f.get("data-autosave-url"))
        answer = self._post(form.get("data-autosave-url"), filled_in(form, fields), {"Accept": "application/json"})
        assert answer.status_code == 200, (form.get("data-autosave-url"), answer.status_code, answer.text[:500])
        return dict(answer.json or {})

    def _post(self, path: str, values: list[tuple[str, Any]], headers: dict[str, str] | None = None) -> TestResponse:
        self.site.seen.posts[self.email, self.site.chosen("POST", path)] = (self, path, values)
        return self.send(path, values, headers)

    def _again(self, path: str, values: list[tuple[str, Any]]) -> None:
        """The second press of a double click, for each kind of button of this person."""
        kind = (self.email, self.site.chosen("POST", path), str(values[-1:]))
        if kind not in self.site.seen.twice:
            self.site.seen.twice.add(kind)
            answer = self.send(path, values)
            assert answer.status_code in SECOND, (path, answer.status_code, gist(answer))

    def send(self, path: str, values: list[tuple[str, Any]], headers: dict[str, str] | None = None) -> TestResponse:
        data = MultiDict((k, (BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v) for k, v in values)
        return self.client.post(path, data=data, headers=headers)


class Site:
    """The site, the people on it, and what the walk has seen."""

    def __init__(self, app: Flask, password: str) -> None:
        self.app, self.password, self.seen = app, password, Seen()
        app.jinja_env.loader = Marked(app.jinja_env.loader)  # type: ignore[arg-type]
        app.after_request(self._note)
        self.worker = Worker(app)
        self.ada, self.olu, self.mo, self.admin = (self.somebody(f"{n}@example.org") for n in ("ada", "olu", "mo", "admin"))

    def somebody(self, email: str, password: str = "") -> Walker:
        return Walker(self, email, password or self.password).sign_in()

    def visitor(self) -> Walker:
        return Walker(self)

    def join(self, email: str, password: str) -> Walker:
        """A newcomer whose address is confirmed."""
        self.visitor().press("/join", "Join", {**NEWCOMER, "email": email})
        newcomer = self.visitor()
        newcomer.press(self.mailed(email, "/confirm/"), "Confirm and sign in", {"password": password})
        newcomer.email = email
        return newcomer

    def draft(self, by: Walker, **changes: object) -> str:
        """A case study that nobody else sees yet; gives its address."""
        return str(by.press("/case-studies/new", "Save and", {**CASE, **changes})).removesuffix("/edit")

    def published(self, by: Walker, **changes: object) -> str:
        url = self.draft(by, **changes)
        by.press(f"{url}/preview", "Send it", CONFIRMED)
        self.mo.press(f"{url}/review", "Record the decision", {"verb": "publish"})
        return url

    def work(self) -> None:
        """Let the worker do what is due: index, notices, mail."""
        self.worker.until_empty()

    def mailed(self, to: str, part: str) -> str:
        """The address of the newest link with these words in mail to somebody."""
        self.work()
        files = sorted((Path(self.app.instance_path) / "mail").glob("*.eml"), key=lambda f: f.name, reverse=True)
        letters = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]
        texts = [m.get_body().get_content() for m in letters if to in str(m["To"])]  # type: ignore[union-attr]
        found = [urlsplit(a).path for t in texts for a in re.findall(r"https?://\S+", t) if part in a]
        assert found, f"no link with {part} was mailed to {to}, but {texts}"
        return found[0]

    def read(self, page: Opened, who: Walker) -> None:
        """Keep the addresses and buttons of a page, and follow its links."""
        links = [e.get(a) for a in ("href", "src") for e in page.tree.xpath(f"//*[@{a}]")]
        found = [("GET", urljoin(page.url, a)) for a in links if not a.startswith("#")]
        for form in page.forms:
            method = form.get("method", "get").upper()
            found.append((method, page.action(form)))
            found += [("POST", form.get("data-autosave-url"))] if form.get("data-autosave-url") else []
            self.seen.forms |= {form.get("data-form", "")} if method == "GET" else set()
        self.seen.buttons |= {
            (f.get("data-form", ""), b.get("name", ""), b.get("value", ""))
            for f, b, _ in page.buttons()
            if f.get("method") == "post"
        }
        for method, address in found:
            parts = urlsplit(address)
            if parts.scheme not in {"", "http"} or parts.netloc not in {"", "localhost"}:
                continue
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            new = self.seen.addresses.setdefault((method, path), page.url) == page.url
            if new and method == "GET" and self.rule(method, parts.path):
                who.follow(path, page.url)

    def rule(self, method: str, path: str) -> str:
        """The rule that takes this address; "" where none does."""
        return self._match(method, path)[0]

    def chosen(self, method: str, path: str) -> str:
        """The rule that takes it, with its choices made."""
        rule, values = self._match(method, path)
        return CHOICE.sub(lambda m: str(values[m[2]]), rule)

    def _match(self, method: str, path: str) -> tuple[str, dict[str, Any]]:
        try:
            found, values = self.app.url_map.bind("localhost").match(path, method, return_rule=True)
        except RequestRedirect as redirect:
            return redirect.new_url, {}
        except (NotFound, MethodNotAllowed):
            return "", {}
        return str(found.rule), dict(values)

    def _note(self, response: Response) -> Response:
        """Keep which post succeeded. One that waits until its sender has signed in did not."""
        view = self.app.view_functions.get(request.endpoint or "")
        parked = "/sign-in" in response.headers.get("Location", "") and getattr(view, "reach", "") != Reach.PUBLIC
        if request.method == "POST" and response.status_code < 400 and not parked:
            self.seen.done.add(self.chosen("POST", request.path))
        return response


def every_choice(rule: str) -> list[str]:
    """The rule once for each of the words it takes: hide and show are two buttons."""
    found = CHOICE.search(rule)
    if found is None:
        return [rule]
    words = [w.strip(" '") for w in found[1].split(",")]
    return [r for w in words for r in every_choice(rule[: found.start()] + w + rule[found.end() :])]
