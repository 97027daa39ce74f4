"""Markdown to safe HTML: what people type, the parser, then the allow-list. Runs in the child process of `markdown_child`."""

import re
from functools import cache
from html import escape, unescape
from typing import Any

import markdown
import nh3

from forum.documents.markdown_links import labels
from forum.documents.markdown_marks import Typed
from forum.documents.markdown_typed import typed
from forum.kernel.text import cut, separated

TAGS = {
    "a", "p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6",
    "table", "thead", "tbody", "tr", "th", "td", "sup", "sub", "section", "div", "input", "dl", "dt", "dd",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title", "id", "class"},
    "li": {"id", "class"},
    "ol": {"start"},
    "sup": {"id"},
    "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "th": {"class", "scope"}, "td": {"class"},
    "div": {"class"},
    "ul": {"class"},
    "code": {"class"},
    "input": {"type", "disabled", "checked"},
}  # fmt: skip
CLASSES = {"footnote", "footnote-ref", "footnote-backref", "task-list", "task-list-item"}
_TABLE, _HEAD = re.compile(r"<table>.*?</table>", re.S), re.compile(r"<th[^>]*>(.*?)</th>", re.S)
_TAG = re.compile(r"<[^>]*>")
_ID = re.compile(r"[a-z0-9][a-z0-9:_-]{0,80}", re.I)
_HREF = re.compile(r"(?:https?://[^\s]+|mailto:[^\s]+|tel:\+?[0-9]+|/(?![/\\])[^\s]*|#[^\s]*|\?[^\s]*)", re.I)
#: Shows nothing, or turns the direction of what stands beside it. The joiners that spell words, and faces of several signs, stay
#: between letters that can be joined.
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
    r"|(?<![^\x00-\xa0\u2000-\u200f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\xa0\u2000-\u200f])"
)


@cache
def _parser() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            "tables",
            "sane_lists",
            "footnotes",
            Typed(),
            "pymdownx.superfences",
            "pymdownx.tilde",
            "pymdownx.tasklist",
        ],
        extension_configs={
            "pymdownx.superfences": {"css_class": "code", "disable_indented_code_blocks": True},
            "pymdownx.tilde": {"subscript": False},
            # Footnotes replace this marker in a text, so it has characters that nobody can type.
            "footnotes": {"UNIQUE_IDS": False, "PLACE_MARKER": "\x02footnotes\x03"},
        },
        output_format="html",
    )


def to_html(text: str, top_heading: int, prefix: str) -> str:
    """Render and sanitise. `_parser` is reset before each text, so that footnotes of one never reach another."""
    parser: Any = _parser()
    parser.reset()
    source = typed(_CONTROL.sub("", separated(text)))
    parser.used_labels = labels(source)
    return _framed(_CONTROL.sub("", _clean(_headings(parser.convert(source), top_heading), f"ugc-{prefix}")))


def _framed(html: str) -> str:
    """Each table in a frame of its own that scrolls, also by keyboard, named by the heads of its columns: in a narrow window no
    word of it is cut. Works on what is sanitised already."""

    def frame(table: re.Match[str]) -> str:
        heads = cut(", ".join(unescape(_TAG.sub("", head)).strip() for head in _HEAD.findall(table[0])), 80)
        name = escape(f"Table: {heads}" if heads else "Table", quote=True)
        return f'<div class="app-table-wrap" role="group" aria-label="{name}" tabindex="0">{table[0]}</div>'

    return _TABLE.sub(frame, html)


def _headings(html: str, top: int) -> str:
    """Headings of the text go below those of the page; deeper than h6 stays h6."""
    shifted = re.sub(r"<(/?)h([1-6])\b", lambda m: f"<{m[1]}h{min(6, int(m[2]) + top - 1)}", html)
    return re.sub(r"<th\b", '<th scope="col"', shifted)


def _clean(html: str, prefix: str) -> str:
    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return f"{prefix}{value}" if _ID.fullmatch(value) else None
        if name == "class":
            kept = [c for c in value.split() if c in CLASSES]
            return " ".join(kept) or None
        if name == "href":
            return _address(value.strip(), prefix)
        if name == "type":
            return "checkbox" if value == "checkbox" else None
        return value

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=attribute,
        strip_comments=True,
        link_rel="nofollow ugc noopener noreferrer",
        url_schemes={"http", "https", "mailto", "tel"},
        set_tag_attribute_values={"input": {"disabled": "", "type": "checkbox"}},
    ).strip()


def _address(value: str, prefix: str) -> str | None:
    """http, https, mailto, tel, a path of this site, an anchor of this text or a query; nothing else (a bare relative address is
    how `j a v a s c r i p t:` gets through)."""
    if not _HREF.fullmatch(value):
        return None
    return f"#{prefix}{value[1:]}" if value.startswith("#") and len(value) > 1 else value
