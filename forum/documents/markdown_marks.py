"""The marks that this site's Markdown knows, and what becomes of all others: they are text, so that no word vanishes.

Python-Markdown hands HTML through as it stands, drops definitions that nothing refers to and cells that the head of a table has
no column for, and takes any `#` for a heading. Here no HTML is handed through at all: the few tags that people use within a line
become elements where they come in pairs, and everything else in angle brackets is shown as it was typed.
"""

import re
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import HashHeaderProcessor, SetextHeaderProcessor
from markdown.extensions import Extension
from markdown.extensions.tables import TableProcessor
from markdown.inlinepatterns import (
    ENTITY_RE,
    DelimiterProcessor,
    HtmlInlineProcessor,
    InlineProcessor,
    SubstituteTagInlineProcessor,
)
from markdown.util import ETX, STX

from forum.documents import markdown_links
from forum.documents.markdown_links import address

#: What people type within a line, and what it becomes.
PAIRS = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "del": "del", "strike": "del", "s": "del", "sup": "sup", "sub": "sub",
    "code": "code",
}  # fmt: skip
_ATTRIBUTE = re.compile(r"""(href|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.I)


class Pair(InlineProcessor):
    """`<sup>2</sup>`: a tag and its end in one stretch of text. One without the other is text: `<b>` may be the name of a group."""

    def __init__(self, name: str, becomes: str, md: Markdown, attributes: str = "") -> None:
        super().__init__(rf"(?i)<{name}{attributes}\s*>", md)
        self.end = re.compile(rf"(?i)</{name}\s*>")
        self.becomes = becomes

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        end = self.end.search(data, m.end())
        if end is None:
            return None, m.start(), len(data)
        element = Element(self.becomes)
        element.text = data[m.end() : end.start()]
        return element, m.start(), end.end()


class Anchor(Pair):
    """`<a href="…">words</a>`: a link where it leads somewhere that it may, else the words."""

    def __init__(self, md: Markdown) -> None:
        super().__init__("a", "a", md, r"\s[^<>]{1,2000}")

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        found = {name.lower(): unescape("".join(value)) for name, *value in _ATTRIBUTE.findall(m[0])}
        element, start, end = super().handleMatch(m, data)
        if element is None:
            return None, start, end
        leads = address(found.get("href", ""))
        if leads is None:
            element.tag = "span"
        else:
            element.set("href", leads)
            element.set("title", found.get("title", ""))
        return element, start, end


class Named(HtmlInlineProcessor):
    """`&nbsp;` and other characters by name; `AT&T;` names none, and is text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]
        if not m[1].startswith("&#") and unescape(m[1]).endswith(";"):
            return self.md.htmlStash.store(f"&amp;{m[1][1:]}"), m.start(), m.end()
        return super().handleMatch(m, data)


class Heading(HashHeaderProcessor):
    """`# Words`. Without a space, `#1` and `#falls` are words."""

    RE = re.compile(r"(?:^|\n)(?P<level>#{1,6})[ ]+(?P<header>[^\s#][^\n]*)(?:\n|$)")

    def run(self, parent: Element, blocks: list[str]) -> None:
        block = blocks.pop(0)
        found = self.RE.search(block)
        assert found
        if before := block[: found.start()]:
            self.parser.parseBlocks(parent, [before])
        words = found["header"].rstrip()
        bare = words.rstrip("#")
        heading = SubElement(parent, f"h{len(found['level'])}")
        heading.text = bare.rstrip() if bare.endswith(" ") else words
        if after := block[found.end() :]:
            blocks.insert(0, after)


class Underlined(SetextHeaderProcessor):
    """A heading by a line below it: of three marks or more, for one or two are rather a dash."""

    RE = re.compile(r"^.*?\n(?:={3,}|-{3,})[ ]*(\n|$)", re.MULTILINE)


class WideTable(TableProcessor):
    """A table as wide as its widest row."""

    separator: Any
    _split_row: Any

    def run(self, parent: Element, blocks: list[str]) -> None:
        rows = [self._split_row(row.strip(" ")) for row in blocks[0].split("\n")]
        self.separator = [*self.separator, *[""] * (max(map(len, rows)) - len(self.separator))]
        super().run(parent, blocks)


class Emphasis(DelimiterProcessor):
    """Stars and strokes as marks. Where the parser would leave out letters between marks that cross, all is shown as typed.

    Stars that nobody means as marks are words: `2*3*4`, `5*, then 4*`. A mark opens before a word, not between two numbers.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__("*", "strong,em", md)
        opens = r"(?:(?<![\w*])|(?<=[^\W\d])(?=\*+\w)|(?<=\d)(?=\*+[^\W\d]))"
        self.delimiters["*"].boundary = re.compile(
            rf"(?P<ambiguous>(?<!^)(?<![\s*]){opens}\*+(?![\s*])(?!$))|(?P<end>(?<!^)(?<![\s*])\*+)|(?P<start>{opens}\*+(?![\s*])(?!$))"
        )
        self.add("_", "strong,em", smart=True)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]
        element, start, end = super().handleMatch(m, data)
        if element is not None and _unmarked("".join(element.itertext())) != _unmarked(data[start:end]):
            self.reset()
            return None, m.start(), m.end()
        return element, start, end


def _unmarked(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, "*_~")))


class Shares(InlineProcessor):
    """`\\\\server\\share`: two strokes at the start of a word are the name of a place in a network."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        return f"{STX}92{ETX}" * 2, m.start(), m.end()


class Typed(Extension):
    """All of it. Comes after the extension for tables, and before those that have marks of their own."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.ESCAPED_CHARS.append("~")
        md.preprocessors.deregister("html_block")
        patterns, blocks = md.inlinePatterns, md.parser.blockprocessors
        patterns.deregister("html")
        patterns.register(Named(ENTITY_RE, md), "entity", 80)
        patterns.register(SubstituteTagInlineProcessor(r"(?i)</?br\s*/?>", "br"), "typed_break", 99)
        patterns.register(Anchor(md), "typed_a", 98)
        for place, (name, becomes) in enumerate(PAIRS.items()):
            patterns.register(Pair(name, becomes, md), f"typed_{name}", 97 - place / 10)
        blocks.register(WideTable(md.parser, {"use_align_attribute": False}), "table", 75)
        blocks.register(Heading(md.parser), "hashheader", 70)
        blocks.register(Underlined(md.parser), "setextheader", 60)
        patterns.register(Emphasis(md), "em_strong", 60)
        patterns.register(Shares(r"(?<!\S)\\\\(?=\w)", md), "shares", 181)
        markdown_links.extend(md)
