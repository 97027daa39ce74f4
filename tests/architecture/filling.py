"""A page as a browser has it, and its forms as they are sent."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from lxml import html
from werkzeug.test import TestResponse


class Opened:
    """A page as a browser has it."""

    def __init__(self, url: str, response: TestResponse) -> None:
        self.url, self.response, self.text = url, response, response.text
        self.tree = html.fromstring(self.text) if response.mimetype == "text/html" and self.text.strip() else html.Element("p")

    @property
    def forms(self) -> list[Any]:
        return list(self.tree.iter("form"))

    def buttons(self) -> Iterator[tuple[Any, Any, str]]:
        """Form, button and its words."""
        for form in self.forms:
            for button in form.iter("button"):
                if button.get("type", "submit") == "submit":
                    yield form, button, " ".join(button.text_content().split())

    def action(self, form: Any) -> str:
        return urljoin(self.url, form.get("action") or self.url)


def gist(response: TestResponse) -> str:
    """What went wrong, as the page says it."""
    if response.mimetype != "text/html" or not response.text:
        return response.text[:500]
    tree = html.fromstring(response.text)
    errors = tree.xpath('//*[contains(@class, "error") or contains(@class, "flash")]')
    words = " | ".join(e.text_content() for e in errors) or tree.text_content()
    return " ".join(words.split())[:900]


def filled_in(form: Any, fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What a browser sends of the form once these fields were filled in. Only what the form has can be filled in."""
    left, values = dict(fields), []
    for control in form.iter("input", "textarea", "select"):
        name, kind = control.get("name"), control.get("type", "text") if control.tag == "input" else control.tag
        if not name or control.get("disabled") is not None:
            continue
        if kind in {"checkbox", "radio"}:
            wanted = fields.get(name)
            chosen = control.get("checked") is not None if wanted is None else control.get("value", "on") in _several(wanted)
            left.pop(name, None)
            values += [(name, control.get("value", "on"))] if chosen else []
        elif name in left:
            values.append((name, left.pop(name)))
        elif name not in fields and kind not in {"file", "submit", "image", "button"}:
            values.append((name, _as_it_stands(control)))
    assert not left, (
        f"the form has no {sorted(left)}, but {sorted({c.get('name') or '' for c in form.iter('input', 'textarea', 'select')})}"
    )
    return values


def _several(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _as_it_stands(control: Any) -> str:
    if control.tag == "textarea":
        return str(control.text or "").removeprefix("\n")
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return str(chosen[0].get("value", "")) if chosen else ""
    return str(control.get("value", ""))
