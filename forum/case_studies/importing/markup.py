"""Making the Markdown of other sites' generators readable here. What is taken out for display is kept in a note."""

import re
from posixpath import dirname, join, normpath

_FENCES = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)[ \t]*$)", re.S | re.M)
# Each part has a length at which it ends: a text of nothing but beginnings would otherwise be searched to its end from each of them.
_TEMPLATE = re.compile(r"\{%-?.{0,400}?-?%\}|\{\{.{0,400}?\}\}|\{#.{0,400}?#\}", re.S)
_ATTRIBUTES = re.compile(
    r"\{:?[ \t]*(?:[.#:][\w-]+|[\w-]+=(?:\"[^\"\n]*\"|[\w-]+))(?:[ \t]+(?:[.#:]?[\w-]+(?:=(?:\"[^\"\n]*\"|[\w-]+))?))*[ \t]*\}"
)
_IMAGE = re.compile(r"!\[([^\]]{0,400})\]\(\s{0,9}<?([^)\s>]{0,600})>?(?:\s{1,9}(?:\"([^\"]{0,400})\"|'([^']{0,400})'))?\s{0,9}\)")
_LINK = re.compile(
    r"(?<!!)\[([^\[\]]{1,400})\]\(\s{0,9}<?([^)\s>]{1,600})>?(?:\s{1,9}(?:\"([^\"]{0,400})\"|'([^']{0,400})'))?\s{0,9}\)"
)
_HTML = re.compile(
    r"</?(?:figure|figcaption|div|section|span|iframe|center|img|br|p|details|summary|video|source|picture|script|style|svg|a|b|i|strong|em|small|u|table|tr|td|th|tbody|thead|ul|ol|li|h[1-6]|object|embed|button|input|label|form)\b[^>]{0,800}>",
    re.I,
)
_ATTRIBUTE_WORDS = re.compile(r"(?:alt|title|src|href)\s*=\s*\"([^\"]*)\"", re.I)
_KEEP_INLINE = {"br": "\n", "p": "\n\n", "div": "\n\n", "figure": "\n\n", "figcaption": "\n\n", "li": "\n- "}


def readable(text: str, base_url: str, path: str) -> tuple[str, list[str]]:
    """The text without generator markup, and what was taken out, in order.

    Pictures become a line that names them, relative links lead to the source where `base_url` gives one.
    """
    removed: list[str] = []
    parts = _FENCES.split(text)
    clean = [part if i % 2 else _outside_code(part, base_url, path, removed) for i, part in enumerate(parts)]
    return re.sub(r"\n{3,}", "\n\n", "".join(clean)).strip(), removed


def _outside_code(text: str, base_url: str, path: str, removed: list[str]) -> str:
    def drop(found: re.Match[str]) -> str:
        removed.append(" ".join(found.group().split()))
        return _between(found)

    text = text.replace("\u00a0", " ")
    text = _IMAGE.sub(_picture, text)
    text = _TEMPLATE.sub(drop, text)
    text = _ATTRIBUTES.sub(drop, text)
    text = _HTML.sub(lambda m: _tag(m, removed), text)
    return _LINK.sub(lambda m: _link(m, base_url, path), text)


def _between(found: re.Match[str]) -> str:
    """What stands in the place of markup that goes: a space where two words would otherwise become one."""
    return " " if re.search(r"\w$", found.string[: found.start()][-1:]) else ""


def _picture(found: re.Match[str]) -> str:
    alt, target, title = found.group(1), found.group(2), found.group(3) or found.group(4)
    words = ": ".join(w for w in (" ".join(alt.split()), title) if w)
    return f"*Picture: {(words + ' ') if words else ''}({target})*".replace("**", "*")


def _tag(found: re.Match[str], removed: list[str]) -> str:
    """HTML goes, its words stay: those between tags by themselves, those in attributes in the note."""
    tag = found.group()
    name = re.match(r"</?(\w+)", tag)
    if _ATTRIBUTE_WORDS.search(tag) or re.search(r"\w=", tag):
        removed.append(" ".join(tag.strip("<>").split()))
    return _KEEP_INLINE.get(name.group(1).lower() if name else "", "")


def _link(found: re.Match[str], base_url: str, path: str) -> str:
    label, target, title = found.group(1), found.group(2), found.group(3) or found.group(4)
    note = f" ({title})" if title else ""
    if re.match(r"(?:https?:|mailto:)", target, re.I):
        return f"[{label}]({target}){note}"
    if base_url and not target.startswith("#"):
        full = normpath(join("/" if target.startswith("/") else dirname(path), target.lstrip("/")))
        return f"[{label}]({base_url}/{full.lstrip('/')}){note}"
    return f"{_between(found)}{label} ({target}){note}"
