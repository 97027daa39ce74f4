"""Parts of pages that are kept: the same for the same values, never for others."""

import re
from pathlib import Path
from typing import Any

from flask import Flask
from markupsafe import Markup

from tests.page import Person
from tests.stories import thread

ROOT = Path(__file__).resolve().parents[2]


def draw(app: Flask, source: str, **values: Any) -> str:
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**values)


ROW = '{% from "components/avatar.html" import avatar %}{{ fragment(avatar, x, 1) }}'
BADGE = '{% from "components/badge.html" import badge %}{{ fragment(badge, x) }}'


def test_a_part_is_made_once_for_the_same_values(app: Flask) -> None:
    fragment: Any = app.jinja_env.globals["fragment"]
    first = draw(app, ROW, x="Ada Author")
    made = fragment.cache_info()
    assert draw(app, ROW, x="Ada Author") == first
    assert (fragment.cache_info().hits, fragment.cache_info().misses) == (made.hits + 1, made.misses)
    assert ">OO<" in draw(app, ROW, x="Olu Other")


def test_text_that_equals_markup_is_escaped(app: Flask) -> None:
    assert "<b>x</b>" in draw(app, BADGE, x=Markup("<b>x</b>"))
    assert "&lt;b&gt;x&lt;/b&gt;" in draw(app, BADGE, x="<b>x</b>")
    assert "<b>x</b>" in draw(app, BADGE, x=Markup("<b>x</b>"))


def test_each_reader_has_their_own_buttons_and_token(author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    url = thread(author)
    for _ in range(2):  # made, then kept
        own, others, staff, nobody = (who.get(url).text for who in (author, other, moderator, visitor))
        assert "/edit" in own
        assert "/thanks" not in own
        assert "/edit" not in others
        assert "/thanks" in others
        assert "/hide" in staff
        assert "/hide" not in others
        assert "csrf_token" not in nobody
        assert not any("\0" in page for page in (own, others, staff, nobody))


def test_a_button_carries_a_token_that_is_taken(author: Person, other: Person, moderator: Person) -> None:
    """The second reader is given the part that was made for the first, and their own token in it."""
    url = thread(author)
    for who, thanks in ((other, 1), (moderator, 2)):
        page = who.get(url)
        action = page.text.partition('<form method="post" action="/discussions/replies/')[2].partition('"')[0]
        who.post(f"/discussions/replies/{action}", {"on": "1"}, on=url)
        assert f"Thanks {thanks}<" in who.get(url).text


def test_what_changes_is_shown_at_once(author: Person, other: Person) -> None:
    url = thread(author)
    assert "Ada Author" in other.get(url).text
    assert "Ada Author" in other.get("/discussions").text
    author.post("/account/profile", {"name": "Ada Renamed", "role": "nurse", "organisation": "Anytown Surgery"})
    for page in (url, "/discussions"):
        assert "Ada Renamed" in other.get(page).text
        assert "Ada Author" not in other.get(page).text


def test_no_part_knows_its_reader() -> None:
    """A macro that is imported with context could look at the reader or the request, and its part would be shown to others."""
    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text("utf-8")
        for name in re.findall(r"fragment\((\w+)", text):
            imports = [
                line for line in text.splitlines() if "import" in line and re.search(rf"\b{name}\b", line.partition("import")[2])
            ]
            assert not any("with context" in line for line in imports), (file.name, name)
            assert imports or f"macro {name}(" in text, (file.name, name)
