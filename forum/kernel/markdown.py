"""Markdown from people, rendered and sanitised once, when it is written (law 5).

Python-Markdown is not safe against hostile size and nh3 is what makes the result safe to show; both facts were measured in the
design (security.md, "Text from people"). So: limits first, then rendering in a child process that can be killed, then the
allow-list.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from forum.kernel.errors import Busy
from forum.kernel.markdown_child import NoAnswer, TooMuch, in_child
from forum.kernel.markdown_html import to_html
from forum.kernel.text import characters

#: Raised whenever rendering changes, so that what was stored before can be rendered again.
RENDER_VERSION = 1
#: Of processor time, for one text.
SECONDS = 2.0
_BLOCK = {
    "p",
    "li",
    "h3",
    "h4",
    "h5",
    "h6",
    "pre",
    "tr",
    "td",
    "th",
    "blockquote",
    "br",
    "hr",
    "dt",
    "dd",
    "div",
    "figcaption",
}
_FENCE = re.compile(r"^\s{0,3}(```|~~~)")
_MARKERS = re.compile(r"^(?:\s{0,3}(?:>|[-*+]|\d{1,9}[.)])\s?)+")
_MARKER = re.compile(r">|[-*+]|\d{1,9}[.)]")
#: Texts of plain words and simple punctuation cannot make the parser slow: they skip the child.
_PLAIN = re.compile(r"[\w\s.,;:'\"?%£()/&–’‘“”+-]*")
_EASY = 8_000


class TooComplex(ValueError):
    """The text cannot be rendered safely; the message says what to change."""


def render(text: str, limit: int = 20_000, top_heading: int = 3, prefix: str = "") -> str:
    """Sanitised HTML of a Markdown text.

    `top_heading` is the level that a first-level heading in the text gets; `prefix` keeps ids of several texts on one page
    apart. Raises `TooComplex` or `Busy`.
    """
    if len(text) > limit:
        raise TooComplex(f"The text is {characters(len(text) - limit)} too long. Shorten it, or split it in two.")
    _check_shape(text)
    if len(text) < _EASY and _PLAIN.fullmatch(text):
        return to_html(text, top_heading, prefix)
    try:
        return in_child(text, top_heading, prefix, SECONDS)
    except NoAnswer:
        raise Busy(
            "The site is too busy to show the text. Nothing was lost, but it is not saved yet. Try again in a minute."
        ) from None
    except TooMuch:
        raise TooComplex("The text is too complex to show. Use fewer nested lists, quotes and brackets.") from None


def _check_shape(text: str) -> None:
    """The limits of security.md: brackets, angle brackets and lines of a block, markers at a line's start, indent."""
    for block in _blocks(text):
        if block.count("[") > 200 or block.count("<") > 400 or block.count("\n") > 400:
            raise TooComplex("One paragraph has too many links, tags or lines. Put empty lines between its parts.")
        for line in block.split("\n"):
            if len(line) - len(line.lstrip()) > 80:
                raise TooComplex("A line starts with more than 80 spaces. Indent it less.")
            start = _MARKERS.match(line[:400])
            if start and len(_MARKER.findall(start.group())) > 20:
                raise TooComplex("A line starts with too many list or quote marks. Use at most 20.")
        if max(block.count(c) for c in "*_`~") > 2_000:
            raise TooComplex("One paragraph has too many marks such as * or _. Put empty lines between its parts.")


def _blocks(text: str) -> Iterator[str]:
    """Stretches between blank lines, without fenced code, which the parser does not look into."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark.group(1) == fence else fence
        elif mark:
            fence = mark.group(1)
        elif line.strip():
            lines.append(line)
        else:
            yield "\n".join(lines)
            lines = []
    yield "\n".join(lines)


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object = None) -> None:
        if tag in _BLOCK:
            self.parts.append(" ")

    handle_endtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def plain(html: str) -> str:
    """The words of rendered HTML on one line, for the index and for excerpts."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())
