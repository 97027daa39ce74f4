"""Markdown to safe HTML: the parser, then the allow-list. Runs in the child process of `markdown_child`."""

import re
from functools import cache

import markdown
import nh3

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
DROPPED = {"script", "style", "template", "iframe", "svg", "math", "title", "textarea", "xmp", "noscript", "select"}
CLASSES = {"footnote", "footnote-ref", "footnote-backref", "task-list", "task-list-item"}
_ID = re.compile(r"[a-z0-9][a-z0-9:_-]{0,80}", re.I)
_HREF = re.compile(r"(?:https?://[^\s]+|mailto:[^\s]+|/(?![/\\])[^\s]*|#[^\s]*|\?[^\s]*)", re.I)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@cache
def _parser() -> markdown.Markdown:
    return markdown.Markdown(
        extensions=[
            "tables",
            "sane_lists",
            "footnotes",
            "pymdownx.superfences",
            "pymdownx.tilde",
            "pymdownx.tasklist",
            "pymdownx.magiclink",
        ],
        extension_configs={
            "pymdownx.superfences": {"css_class": "code", "disable_indented_code_blocks": False},
            "pymdownx.tilde": {"subscript": False},
            "pymdownx.magiclink": {"hide_protocol": False},
            "footnotes": {"UNIQUE_IDS": False},
        },
        output_format="html",
    )


def to_html(text: str, top_heading: int, prefix: str) -> str:
    """Render and sanitise. `_parser` is reset before each text, so that footnotes of one never reach another."""
    parser = _parser()
    parser.reset()
    raw = parser.convert(_CONTROL.sub("", text))
    return _clean(_headings(raw, top_heading), f"ugc-{prefix}")


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
        clean_content_tags=DROPPED,
        strip_comments=True,
        link_rel="nofollow ugc noopener noreferrer",
        url_schemes={"http", "https", "mailto"},
        set_tag_attribute_values={"input": {"disabled": "", "type": "checkbox"}},
    ).strip()


def _address(value: str, prefix: str) -> str | None:
    """http, https, mailto, a path of this site, an anchor of this text or a query; nothing else (a bare relative address is
    how `j a v a s c r i p t:` gets through)."""
    if not _HREF.fullmatch(value):
        return None
    return f"#{prefix}{value[1:]}" if value.startswith("#") and len(value) > 1 else value
