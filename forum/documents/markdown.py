"""Markdown from people, rendered and sanitised once, when it is written (law 5).

Python-Markdown is not safe against hostile size and nh3 is what makes the result safe to show; both facts were measured in the
design (security.md, "Text from people"). So: limits first, then rendering in a child process that can be killed, then the
allow-list.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from forum.documents.markdown_html import to_html
from forum.documents.markdown_process import NoAnswer, TooMuch, in_child
from forum.kernel.errors import Busy
from forum.kernel.text import blank, characters

#: Raised whenever rendering changes, so that what was stored before can be rendered again.
RENDER_VERSION = 2
#: More than any field allows, so that pasting too much loses nothing; beyond it the site refuses with a message.
LONGEST_KEPT = 60_000
#: To whoever sends a text of which `says_nothing` is true.
NOTHING_SAID = "Nobody would see a word of this. Write something to read"
#: Seconds of processor time for one text.
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
#: What a page of HTML would not show: comments, programs, tags that HTML knows; and links and pictures without a word.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template|noscript|iframe)\b[^<>]{0,1000}>.*?(?:</\1\s*>|\Z)"
    r"|</?(?:a|abbr|b|big|blockquote|body|br|center|code|del|details|div|em|embed|font|footer|form|h[1-6]|head|header|hr|html|i|img|input"
    r"|ins|li|link|main|meta|nav|object|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|svg|table|tbody|td|th|thead|tr|u|ul|wbr)"
    r"\b[^<>]{0,1000}>|!?\[\s{0,9}\]\([^()]{0,1000}\)",
    re.I | re.S,
)
_ONLY_MARKS = re.compile(r"[\s>#*+_=|:~`-]+")


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


def says_nothing(text: str) -> bool:
    """Return whether a Markdown text has no word for a reader, and consists only of marks, blanks, comments and tags.

    A page shows tags as they were typed; but somebody who typed nothing else said nothing.
    """
    if "`" not in text and "~~~" not in text:
        text = _UNSEEN.sub("", text)
    return blank(_ONLY_MARKS.sub("", unescape(text)))


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
    """Stretches between blank lines, without fenced code, which the parser does not look into; a fence left open is none."""
    lines: list[str] = []
    fence, fenced = "", 0
    every = text.split("\n")
    for place, line in enumerate(every):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark.group(1) == fence else fence
        elif mark:
            fence, fenced = mark.group(1), place
        elif line.strip():
            lines.append(line)
        else:
            yield "\n".join(lines)
            lines = []
    yield "\n".join(lines)
    if fence:
        yield from "\n".join(every[fenced:]).split("\n\n")


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
    """Return the words of rendered HTML on one line, for the index and for excerpts."""
    parser = _Plain()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())


#: Elements whose words are no sentences.
_NO_PROSE = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "table", "pre", "dt"})
_SENTENCE_END = (".", "!", "?", "…", ":", ";", ",", "”", '"', ")")


class _Apart(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.prose: list[str] = []
        self.rest: list[str] = []
        self._said: list[str] = []
        self._inside: dict[str, int] = {}

    def handle_starttag(self, tag: str, attrs: object = None) -> None:
        if tag in _BLOCK:
            self.flush()
        self._inside[tag] = self._inside.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK:
            self.flush()
        self._inside[tag] = max(0, self._inside.get(tag, 0) - 1)

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    def flush(self) -> None:
        text = " ".join("".join(self._said).split())
        self._said = []
        short = bool(self._inside.get("li")) and not text.endswith(_SENTENCE_END)
        if text:
            (self.rest if short or any(self._inside.get(tag) for tag in _NO_PROSE) else self.prose).append(text)


def apart(html: str) -> tuple[str, str]:
    """Return the words of rendered HTML as two lines: the sentences; and the headings, tables and lists of bare facts."""
    parser = _Apart()
    parser.feed(html)
    parser.close()
    parser.flush()
    return " ".join(parser.prose), "; ".join(parser.rest)
