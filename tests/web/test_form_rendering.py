"""Forms as HTML: label, hint and error belong to their input, what was typed comes back, and nothing typed becomes HTML."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectField, StringField, TextAreaField

from forum.case_studies.editing.forms import Ticks
from forum.kernel.wording import plural, say_date, say_datetime, say_time, year_month
from forum.records.gaps import YEAR_MONTH
from forum.web.forms import CreateForm, Required
from forum.web.templating import initials, tint
from tests.page import Page

EVIL = '"><script>alert(1)</script>'
PAIRS = {"a": "First", "b": EVIL}
SOURCE = (
    '{% from "components/form.html" import hidden, field, error_summary with context %}{% from "components/buttons.html" import submit %}'
    "{{ error_summary(form) }}<form>{{ hidden(form) }}"
    "{% for f in fields %}{{ field(f, optional=not f.flags.required) }}{% endfor %}"
    '{{ submit("Save", "action", "save", "secondary") }}</form>'
)


class Everything(CreateForm):
    title = StringField(
        "Title", [Required("Give a title")], description="In a few words", render_kw={"autocomplete": "off", "data-maxlength": 100}
    )
    mail = EmailField("Email address", [Required("Give an address")], render_kw={"autocomplete": "email"})
    secret = PasswordField("Password", [Required("Give a password")], render_kw={"autocomplete": "current-password"})
    text = TextAreaField("Text", [Required("Write something")], render_kw={"rows": 8, "data-markdown": ""})
    region = SelectField("Region", [Required("Choose a region")], choices={"": "Not said"} | PAIRS, validate_choice=False)
    kind = RadioField("Kind", [Required("Choose a kind")], choices=PAIRS, description="One of two", validate_choice=False)
    tags = Ticks("Tags", [Required("Choose a tag")], choices=PAIRS, validate_choice=False)
    agree = BooleanField("I agree", [Required("Agree first")])


def draw(app: Flask, data: dict[str, Any], check: bool = True) -> str:
    with app.test_request_context("/", method="POST", data=MultiDict(data)):
        form = Everything(meta={"csrf": False})
        if check:
            form.validate()
        fields = [f for f in form if f.type != "HiddenField"]
        return app.jinja_env.from_string(SOURCE).render(form=form, fields=fields)


def test_errors_lead_to_their_inputs(app: Flask) -> None:
    """Eight empty fields: each link of the summary goes to something that can take the focus; each error is described."""
    html = draw(app, {"form_key": "k"})
    page = Page(html)
    inputs = {i.get("id") for i in page.inputs}
    links = re.findall(r'<li><a\s+href="#([^"]+)">', html)
    assert len(links) == 8
    assert set(links) <= inputs
    for name in ("title", "mail", "secret", "text", "region", "kind", "tags", "agree"):
        assert f'id="{name}-error"' in html
        assert re.search(rf'aria-describedby="[^"]*\b{name}-error"', html), name
    assert 'aria-describedby="title-hint title-error"' in html
    assert 'aria-describedby="kind-hint kind-error"' in html


def test_a_form_without_errors_says_nothing_of_them(app: Flask) -> None:
    html = draw(app, {}, check=False)
    assert "There is a problem" not in html
    assert "error" not in html


def test_every_input_has_its_label_and_ids_are_single(app: Flask) -> None:
    page = Page(draw(app, {"form_key": "k"}))
    assert all(i.get("id") in page.labels for i in page.inputs)
    assert len(page.ids) == len(set(page.ids))
    assert not page.problems


def test_what_was_typed_comes_back_escaped(app: Flask) -> None:
    data = {
        "title": EVIL,
        "mail": EVIL,
        "secret": "hunter2 hunter2",
        "text": f"\n\nfirst line\n</textarea>{EVIL}",
        "region": "b",
        "kind": "b",
        "tags": ["b"],
    }
    html = draw(app, data | {"agree": "y", "form_key": EVIL})
    assert "<script" not in html
    assert html.count("</textarea>") == 1
    assert html.count("&#34;&gt;&lt;script&gt;") >= 7
    assert len(re.findall(r" checked", html)) == 3
    assert " selected" in html
    assert "hunter2" not in html, "a password is never sent back"


def test_leading_lines_of_a_text_survive(app: Flask) -> None:
    """HTML drops one newline after <textarea>, so the page must give one of its own."""
    with app.test_request_context("/"):
        form = Everything(meta={"csrf": False}, formdata=None)
        form.text.data = "\n\nThird line"
        html = app.jinja_env.from_string(SOURCE).render(form=form, fields=[form.text])
    assert ">\n\n\nThird line</textarea>" in html


def test_helps_for_typing_are_passed_on(app: Flask) -> None:
    html = draw(app, {}, check=False)
    for part in (
        'autocomplete="email"',
        'autocomplete="current-password"',
        'type="email"',
        'type="password"',
        'rows="8"',
        'data-module="toolbar"',
    ):
        assert part in html
    assert 'data-maxlength="100"' in html
    assert 'name="action" value="save"' in html
    assert "(optional)" not in html


SUMMER, WINTER = datetime(2026, 8, 6, 16, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (say_datetime(SUMMER), "6 August 2026, 5:30pm"),
        (say_datetime(WINTER), "31 December 2026, 11:59pm"),
        (say_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)), "1 July 2026"),
        (say_date(date(2026, 1, 2)), "2 January 2026"),
        (say_time(datetime(2026, 1, 1, 0, 5, tzinfo=UTC)), "12:05am"),
        (say_time(datetime(2026, 1, 1, 12, 0, tzinfo=UTC)), "12:00pm"),
        (initials("Amara Okafor"), "AO"),
        (initials("Prince"), "P"),
        (initials("Anna Maria van der Berg"), "AB"),
        (initials("élodie Ňemec"), "ÉŇ"),
        (initials("  "), "?"),
        (initials("123 !"), "?"),
        (plural(1, "reply", "replies"), "1 reply"),
        (plural(0, "reply", "replies"), "0 replies"),
        (plural(1200, "reply", "replies"), "1,200 replies"),
    ],
)
def test_words_for_people(said: str, expected: str) -> None:
    assert said == expected


def test_a_persons_colour_stays(app: Flask) -> None:
    assert {tint(n) for n in range(100)} == set(range(1, 8))
    assert tint("amara-okafor") == tint("amara-okafor")


@pytest.mark.parametrize("typed", ["0000-01", "٢٠٢٥-01", "2025-13", "20٢٥", "soon"])
def test_a_month_that_is_none_is_shown_as_typed(typed: str) -> None:
    """A draft holds whatever was typed."""
    assert year_month(typed) == typed
    assert not YEAR_MONTH.fullmatch(typed)
