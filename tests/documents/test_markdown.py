"""Text from people, rendered: what is allowed comes through, nothing else does, and nothing takes long."""

import json
import os
import re
import signal
from html.parser import HTMLParser
from pathlib import Path
from threading import Timer

import lxml.html
import pytest

from forum.documents import markdown
from forum.documents import markdown_process as markdown_child
from forum.documents.markdown import SECONDS, TooComplex, plain, render
from forum.documents.markdown_html import ATTRIBUTES, TAGS
from forum.documents.markdown_process import TooMuch, in_child
from forum.kernel.errors import Busy

SAFE = re.compile(r"https?://|mailto:|tel:\+?[0-9]+$|/(?![/\\])|#|\?", re.I)


class Strict(HTMLParser):
    """Fails on any tag, attribute or address that is not allowed."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        if ("class", "app-table-wrap") in attrs:  # the frame of a table, which is the site's own
            assert [name for name, _ in attrs] == ["class", "role", "aria-label", "tabindex"]
            return
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()) | {"rel"}, (tag, name)
            if name == "href":
                assert SAFE.match(value or ""), value
            if name == "id":
                assert (value or "").startswith("ugc-"), value


def check_allowed(text: str) -> None:
    try:
        Strict().feed(render(text, 60_000))
    except TooComplex:
        return


def rows(shared: Path, name: str) -> list[str]:
    data = json.loads((shared / f"data/hostile/{name}.json").read_text("utf-8"))
    return [r["p"] if isinstance(r, dict) and "p" in r else str(r.get("markdown", r) if isinstance(r, dict) else r) for r in data]


@pytest.mark.parametrize("name", ["xss", "naughty_strings", "markdown_spec", "injection"])
def test_hostile_texts_leave_nothing_dangerous(shared: Path, name: str) -> None:
    for text in rows(shared, name):
        check_allowed(text.encode("utf-8", "replace").decode())


def test_payloads_wrapped_in_markdown(shared: Path) -> None:
    wraps = [row["t"] for row in json.loads((shared / "data/hostile/markdown_wrap_templates.json").read_text("utf-8"))]
    wraps += [
        "[x]( {p} )",
        "www.{p}",
        "tel:{p}",
        "<a href='{p}'>x</a>",
        "<b>{p}</b>",
        "•\t{p}",
        "{p}\t{p}\na\tb",
        "1. a\n   - {p}",
        "![{p}](/x '{p}')",
    ]
    for wrap in wraps:
        for payload in rows(shared, "xss")[::15]:
            check_allowed(wrap.replace("{p}", payload))


def test_hostile_tags_are_shown_as_text() -> None:
    """Nothing is left out of what is hostile: it is shown as it was typed."""
    for payload in ("<script>alert(1)</script>", "<svg onload=alert(1)>words</svg>", "<iframe src=x>in it</iframe>"):
        assert render(payload) == f"<p>{payload.replace('<', '&lt;').replace('>', '&gt;')}</p>"


def test_pathological_sizes_end(shared: Path) -> None:
    for recipe in json.loads((shared / "data/hostile/pathological_recipes.json").read_text("utf-8")):
        if recipe["kind"] == "concat":
            check_allowed("".join(part * count for part, count in recipe["parts"])[:60_000])


def test_what_people_use_comes_through() -> None:
    html = render(
        "# One\n\n**b** *i* ~~s~~ `c`\n\n- [x] done\n\n|a|\n|-|\n|1|\n\n> q\n\nhttps://nhs.uk\n\nfoot[^1]\n\n[^1]: note",
        prefix="p1-",
    )
    for part in (
        "<h3>One</h3>",
        "<strong>b</strong>",
        "<del>s</del>",
        'type="checkbox"',
        "<table>",
        "<blockquote>",
        'href="https://nhs.uk"',
    ):
        assert part in html
    assert 'id="ugc-p1-fn:1"' in html
    assert 'href="#ugc-p1-fn:1"' in html
    assert 'rel="nofollow ugc noopener noreferrer"' in html


@pytest.mark.parametrize(
    "bad",
    ["javascript:alert(1)", "j a v a s c r i p t:x", "data:text/html,x", "//evil.example", "/\\evil.example", "relative.html"],
)
def test_links_lead_only_where_they_may(bad: str) -> None:
    assert "href" not in render(f'<a href="{bad}">x</a>')


def test_limits_are_told_in_words() -> None:
    for text, words in (
        ("x" * 20_001, "too long"),
        ("[" * 201, "links"),
        (" " * 81 + "x" * 3, "spaces"),
        ("> " * 30 + "x", "quote marks"),
    ):
        with pytest.raises(TooComplex, match=words):
            render(text)


def test_limits_hold_behind_a_fence_that_nothing_closes() -> None:
    with pytest.raises(TooComplex, match="links"):
        render("```\n\n" + "[" * 201)


def test_code_is_shown_as_it_is() -> None:
    assert "[" * 300 in render("```\n" + "[" * 300 + "\n```")


def child() -> int:
    """The child of this process, begun anew where there is none."""
    assert "<strong>" in render("**a**")
    assert markdown_child._child is not None
    return markdown_child._child.pid


def test_a_killed_child_is_replaced() -> None:
    for _ in range(2):
        os.kill(child(), signal.SIGKILL)
        assert "<strong>" in render("**b**")


def test_a_text_pays_for_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither for the start of the child, nor for the time that a busy machine gives to others."""
    os.kill(child(), signal.SIGKILL)
    assert "<strong>" in in_child("**first**", 3, "", 0.15)
    stopped = child()
    os.kill(stopped, signal.SIGSTOP)
    waking = Timer(SECONDS + 1, os.kill, (stopped, signal.SIGCONT))
    waking.start()
    assert "<strong>" in render("**innocent**")
    waking.join()
    assert child() == stopped, "the very same"
    monkeypatch.setattr(markdown_child, "PATIENCE", 0.3)
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(Busy):
        render("**innocent**")


def test_a_text_that_is_too_much_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    before, hostile = child(), "\n\n".join(["[" * 200] * 290)
    monkeypatch.setattr(markdown, "SECONDS", 0.1)
    with pytest.raises(TooComplex, match="too complex"):
        render(hostile, 60_000)
    assert child() != before
    with pytest.raises(TooMuch):
        in_child(hostile, 3, "", 0.1)


def test_plain_words() -> None:
    assert plain("<h3>A</h3><p>b <em>c</em>d</p><ul><li>e</li><li>f</li></ul>") == "A b cd e f"


def test_a_table_has_a_frame_whose_name_cannot_get_out_of_its_quotes() -> None:
    text = 'Here:\n\n| a" onfocus="alert(1)" x=" | <b>&amp;</b> |\n|---|---|\n| September | 5 |\n'
    page = lxml.html.fragment_fromstring(render(text), create_parent="div")
    frames = page.xpath("div[@class='app-table-wrap']")
    assert [dict(f.attrib) for f in frames] == [
        {"class": "app-table-wrap", "role": "group", "tabindex": "0", "aria-label": 'Table: a" onfocus="alert(1)" x=", &'}
    ]
    assert not [e for e in page.iter() if any(name.startswith("on") for name in e.attrib)]
    assert frames[0].xpath(".//td")[0].text == "September"
