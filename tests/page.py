"""What every page of the site must be, checked on every GET that any test makes; and a client that fills in forms as a person would."""

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

#: What is shown as it is typed; all other breaks of lines are a blank to a reader.
_TYPED = re.compile(r"(<(?:textarea|pre)\b.*?</(?:textarea|pre)>)", re.S)
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """A parsed page: its title, headings, landmarks, ids, labels and forms."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.lang = self.title = ""
        self.h1: list[str] = []
        self.mains = 0
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.problems: list[str] = []
        self.forms: list[dict[str, Any]] = []
        self._within: list[str] = []
        self.feed(html)

    def updatepos(self, _i: int, j: int) -> int:
        """Nobody asks in which line something stands; to count them is a part of what parsing costs."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        if tag not in VOID:
            self._within.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.problems += [f"{tag} has {k}" for k in values if k.startswith("on") or k == "style"]
        if tag == "html":
            self.lang = values.get("lang", "")
        elif tag == "h1":
            self.h1.append("")
        elif tag == "main":
            self.mains += 1
        elif tag == "style" or (tag == "script" and "src" not in values):
            self.problems.append(f"inline {tag}")
        elif tag == "label":
            self.labels.add(values.get("for", ""))
        elif tag == "form":
            self.forms.append({**values, "fields": {}})
        elif tag in {"input", "select", "textarea"}:
            self._input(tag, values)

    def _input(self, tag: str, values: dict[str, str]) -> None:
        if values.get("type") != "hidden":
            self.inputs.append(values)
        if self.forms and "form" in self._within and values.get("name") and values.get("value") is not None:
            if values.get("type") in {"checkbox", "radio"} and "checked" not in values:
                return
            self.forms[-1]["fields"].setdefault(values["name"], values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._within[-1:] == ["title"] and "svg" not in self._within:
            self.title += data
        elif "h1" in self._within and self.h1:
            self.h1[-1] += data

    def form(self, action: str) -> dict[str, Any]:
        """The first form whose action ends so."""
        return next(f for f in self.forms if f.get("action", "").endswith(action))


def check_page(html: str) -> Page:
    """Title equals the one h1, one main, a language, unique ids, labelled inputs, nothing inline."""
    page = Page(html)
    words = [" ".join(h.split()) for h in page.h1]
    assert len(words) == 1, f"one h1, not {words}"
    assert " ".join(page.title.removeprefix("Error: ").split()).startswith(words[0]), (page.title, words)
    assert page.lang == "en-GB"
    assert page.mains == 1
    assert not page.problems, page.problems
    double = {i for i in page.ids if page.ids.count(i) > 1}
    assert not double, f"ids twice: {double}"
    unlabelled = [i for i in page.inputs if i.get("id") not in page.labels and "aria-label" not in i]
    assert not unlabelled, f"inputs without a label: {unlabelled}"
    return page


class Browser(FlaskClient):
    """A client whose pages have no breaks of lines but those that people see, so that tests do not depend on how templates are laid out."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html":
            pieces = _TYPED.split(response.get_data(as_text=True))
            response.set_data("".join(piece if n % 2 else re.sub(r"\s*\n\s*|  +", " ", piece) for n, piece in enumerate(pieces)))
        return response


class Person:
    """Somebody with a browser: GETs are checked as pages, posts carry the form's token and hidden fields."""

    def __init__(self, client: FlaskClient, email: str = "", password: str = "") -> None:
        self.client, self.email, self.password = client, email, password

    def get(self, path: str, status: int = 200) -> TestResponse:
        response = self.client.get(path)
        where = response.headers.get("Location", "")
        if response.status_code == 303 and status == 200 and "form=" in where and where.startswith(path.partition("?")[0]):
            response = self.client.get(where)  # a page with a form goes on to an address of its own
        assert response.status_code == status, (path, response.status_code, response.text[:300])
        if response.mimetype == "text/html" and response.status_code < 300:
            check_page(response.text)
        return response

    def page(self, path: str) -> Page:
        return Page(self.get(path).text)

    def post(self, path: str, data: dict[str, Any] | None = None, on: str = "", status: int = 303) -> TestResponse:
        """Post to `path` the hidden fields of the form on page `on` (the same path unless said) with `data`."""
        hidden = self.hidden(on or path, path)
        response = self.client.post(path, data={**hidden, **(data or {})})
        assert response.status_code == status, (path, response.status_code, re.sub(r"\s+", " ", response.text)[-3000:])
        if response.mimetype == "text/html" and response.status_code in {200, 409, 422}:
            check_page(response.text)
        if response.mimetype == "text/html" and response.status_code == 422:
            # GOV.UK Design System, error summary: who listens to the page hears its title first.
            assert re.search(r"<title>(Error: |Something needs changing –|Say why –)", response.text), path
        return response

    def hidden(self, on: str, action: str) -> dict[str, str]:
        page = Page(self.client.get(on, follow_redirects=True).text)
        forms = [f for f in page.forms if f.get("action", "") in {action, ""} and f.get("method") == "post"]
        forms = forms or [f for f in page.forms if f.get("method") == "post"]
        assert forms, f"no form on {on}"
        wanted = {"csrf_token", "form_key", "version", "expected"}
        return {k: v for k, v in forms[0]["fields"].items() if k in wanted}

    def sign_in(self) -> "Person":
        self.post("/sign-in", {"email": self.email, "password": self.password})
        return self

    def location(self, response: TestResponse) -> str:
        return str(response.headers["Location"])
