"""The building blocks of pages: user text is always escaped, and what is seen is also said."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup

from forum.case_studies.record.presentation import Shown
from forum.documents.pdf.elements import code, heading, listing, paragraph, quote, run
from forum.documents.pdf.elements import table as pdf_table
from forum.kernel.clock import now
from forum.kernel.references import Person

ROOT = Path(__file__).resolve().parents[2]
EVIL = "\"><script>alert(1)</script>&'"
ELEMENT = SimpleNamespace(label=EVIL, slug="resilience")


def draw(app: Flask, file: str, call: str, **values: Any) -> str:
    """What a page gets from one macro."""
    name = call.partition("(")[0].removeprefix("{% call ")
    body = call if call.startswith("{%") else "{{ " + call + " }}"
    source = f'{{% from "components/{file}.html" import {name} with context %}}{body}'
    with app.test_request_context("/"):
        return app.jinja_env.from_string(source).render(**values)


def card(**changes: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "id": 1,
        "title": EVIL,
        "url": "/case-studies/1-x",
        "summary": EVIL,
        "elements": [ELEMENT],
        "badge": (EVIL, "good", "check"),
        "kicker": EVIL,
        "author": Person(3, EVIL, EVIL, EVIL),
        "thanks": 2,
        "replies": 5,
        "tried": 2,
        "published": now(),
    }
    return SimpleNamespace(**values | changes)


def row(**changes: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "title": EVIL,
        "url": "/discussions/1-x",
        "author": Person(1, EVIL),
        "kind": "question",
        "answered": False,
        "pinned": True,
        "locked": True,
        "elements": [ELEMENT],
        "replies": 0,
        "last_at": now(),
        "new": True,
    }
    return SimpleNamespace(**values | changes)


def table() -> Shown:
    return Shown("costs", EVIL, "costs", columns=(EVIL, EVIL), rows=(((EVIL, "/x"), (EVIL, "")),), note=EVIL)


def post(**changes: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "id": 7,
        "anchor": "post-7",
        "author": Person(1, EVIL, EVIL, EVIL, "x"),
        "at": now(),
        "edited": None,
        "html": Markup("<p>kept <em>as it is</em></p>"),
        "badge": None,
    }
    return SimpleNamespace(**values | changes)


def tried() -> SimpleNamespace:
    evil = (EVIL, "good", "check")
    who = SimpleNamespace(name=EVIL, id=1)
    values: dict[str, Any] = {"url": "/adoptions/1", "case_title": EVIL, "where": EVIL, "message": EVIL, "who": who, "at": now()}
    return SimpleNamespace(**values, stage=evil, result=evil, verification=evil)


def reading() -> dict[str, Any]:
    values = {"variation": "improvement_low", "variation_words": EVIL, "assurance": "inconsistent", "assurance_words": EVIL}
    return values | {"effect": "better", "recalculated": True, "stage": "trial", "settings": EVIL, "two": [[EVIL, EVIL]]}


def entry() -> SimpleNamespace:
    return SimpleNamespace(kind="setback", when=EVIL, title=EVIL, by=EVIL, html="", added=[EVIL], update=None)


def step() -> SimpleNamespace:
    change = SimpleNamespace(field=EVIL, segments=[("same", EVIL), ("added", EVIL)])
    return SimpleNamespace(
        revision=SimpleNamespace(number=2, at=now(), member_id=1, reason=EVIL, hidden_at=None), changes=[change], secret=False
    )


CALLS = [
    ("adoption", "adoption_card(tried, 3, True)"),
    ("avatar", "avatar(x, 1)"),
    ("back", "back_link('/', x)"),
    ("badge", "badge(x, 'good', 'check')"),
    ("buttons", "{% call button_row() %}{{ x }}{% endcall %}"),
    ("byline", "byline(person, '/people/x', x)"),
    ("card", "case_card(card)"),
    ("card", "case_card(card, tick=True)"),
    ("chart", "signals(reading)"),
    ("chart", "two_figures(reading)"),
    ("chart", "how_to_read(reading)"),
    ("chips", "element_chip(x, 'resilience', '/elements/resilience')"),
    ("chips", "chip(x)"),
    ("chips", "remove_chip(x, '/case-studies')"),
    ("compare_tick", "compare_tick(1, x, True)"),
    ("conflict", "theirs([(x, x)])"),
    ("diff", "diff([('same', x), ('removed', x), ('added', x)])"),
    ("empty", "empty(x, x, '/', x)"),
    ("elements", "elements(all)"),
    ("facts", "facts(x, [(x, x, none), (x, x, '/y')])"),
    ("filters", "filter_group('region', x, [option])"),
    ("filters", "filter_group('region', x, [option], True)"),
    ("frame", "account(1, x, 2)"),
    ("frame", "navigation('discussions', '/case-studies', True, 3)"),
    ("frame", "footer(x)"),
    ("history", "history_steps([step], {}, {'name': x}, question, '/y')"),
    ("icon", "icon('check', x)"),
    ("kept_texts", "kept_texts([(x, x)])"),
    ("marks", "marks('thread', 1, 3, [x], own=False)"),
    ("notice", "{% call notice('info', x) %}{{ x }}{% endcall %}"),
    ("parts", "part(table)"),
    ("panel", "{% call next_panel(x) %}{{ x }}{% endcall %}"),
    ("post", "post(p, x)"),
    ("stat", "stat(3, x, 'warn', '/y')"),
    ("thread_row", "thread_row(row)"),
    ("timeline", "timeline([entry], none)"),
]


@pytest.mark.parametrize(("file", "call"), CALLS, ids=[c[1][:24] for c in CALLS])
def test_user_text_is_escaped(app: Flask, file: str, call: str) -> None:
    option = SimpleNamespace(value=EVIL, label=EVIL, count=1, checked=False)
    html = draw(
        app,
        file,
        call,
        tried=tried(),
        reading=reading(),
        entry=entry(),
        step=step(),
        question=str,
        table=table(),
        x=EVIL,
        all=[paragraph(run(EVIL, "b"), run(EVIL)), listing([[code(EVIL)]]), pdf_table([EVIL], [[[quote([heading(3, EVIL)])]]])],
        person=Person(1, EVIL, EVIL, EVIL),
        card=card(),
        row=row(),
        p=post(),
        option=option,
        me=SimpleNamespace(signed_in=True),
    )
    assert "<script" not in html
    assert html.strip()
    assert not re.search(r'="[^"<>]*"[^\s/>]', html), "an attribute was closed by user text"


def test_every_component_is_tested() -> None:
    files = {f.stem for f in (ROOT / "templates/components").glob("*.html")}
    assert files - {"form", "pager", "record_field"} == {file for file, _ in CALLS}


def test_stored_html_of_a_post_is_kept(app: Flask) -> None:
    assert "<p>kept <em>as it is</em></p>" in draw(app, "post", "post(p, '')", p=post())


def test_a_card_without_anything_optional(app: Flask) -> None:
    html = draw(
        app,
        "card",
        "case_card(card)",
        card=card(elements=[], badge=None, thanks=0, published=None, summary="", author=Person(1, EVIL)),
    )
    assert "None" not in html
    assert 'href="/case-studies/1-x"' in html


def test_states_of_a_thread_are_words(app: Flask) -> None:
    waiting, done = (draw(app, "thread_row", "thread_row(row)", row=row(answered=a)) for a in (False, True))
    assert "Question" in waiting
    assert "Answered" in done
    assert all("Pinned" in h and "Closed" in h for h in (waiting, done))


def pages(number: int, last: int) -> SimpleNamespace:
    return SimpleNamespace(number=number, pages=last, total=last * 20, url=lambda n: f"/x?a=1&page={n}")


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [(1, 2, [1, 2]), (1, 500, [1, 2, 3, 500]), (250, 500, [1, 248, 249, 250, 251, 252, 500]), (500, 500, [1, 498, 499, 500])],
)
def test_a_pager_shows_a_window(app: Flask, number: int, last: int, shown: list[int]) -> None:
    html = draw(app, "pager", "pager(page)", page=pages(number, last))
    assert [int(n) for n in re.findall(r"Page\s*</span>(\d+)", html)] == shown
    assert html.count("aria-current") == 1
    assert ("Previous" in html, "Next" in html) == (number > 1, number < last)
    assert "&amp;page=" in html


def test_one_page_needs_no_pager(app: Flask) -> None:
    assert not draw(app, "pager", "pager(page)", page=pages(1, 1)).strip()


def test_every_icon_that_is_named_is_drawn() -> None:
    """A wrong name would be an empty square, silently."""
    drawn = set(re.findall(r'<symbol[^>]*id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text("utf-8")))
    text = "".join(f.read_text("utf-8") for f in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r'icon\("([a-z-]+)"', text)) | set(re.findall(r'badge\([^)]*,\s*"[a-z]+",\s*"([a-z-]+)"\)', text))
    assert len(named) > 5
    assert named <= drawn, named - drawn


def test_every_element_has_its_colour(app: Flask) -> None:
    """The seven elements of the document; colour is never alone, since the name stands in each chip."""
    styles = "".join(f.read_text("utf-8") for f in (ROOT / "static/css/components").glob("*.css"))
    slugs = [
        "shared-vision",
        "whole-system-information",
        "sharing-forum",
        "long-term-view",
        "stable-core-team",
        "patients-and-carers",
        "resilience",
    ]
    for slug in slugs:
        assert f".app-chip--{slug} {{" in styles
        assert f".app-card--{slug} {{" in styles
    assert all(f".app-tint-{n} {{" in styles for n in range(1, 8))
