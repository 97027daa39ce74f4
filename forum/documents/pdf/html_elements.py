"""Rendered, sanitised HTML as elements of a paper: lists stay lists, tables tables, what is strong stays strong."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html  # type: ignore[import-untyped]

from forum.documents.pdf.elements import Element, Run, code, heading, listing, paragraph, quote, run, table

_MARKS = {"strong": "b", "em": "i", "code": "c", "del": "s", "sup": "u", "sub": "d"}
_BLOCKS = frozenset({"p", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote", "table", "hr", "section", "div", "dl", "li"})
_SPACES = re.compile(r"[ \t\n\r\f]+")
_OUT = ("https://", "http://", "mailto:")


def from_html(html: str, under: int, base: str = "") -> list[Element]:
    """The elements of a text whose heading has level `under`. Addresses of this site begin with `base` on paper."""
    if not html.strip():
        return []
    return list(_Reader(under, base).blocks(lxml.html.fragment_fromstring(html, create_parent="div")))


class _Reader:
    """Reads a tree; a heading is at most one level below the one before it, as readers of a screen go by them."""

    def __init__(self, under: int, base: str) -> None:
        self.under, self.level, self.base = under, under, base

    def blocks(self, parent: Any) -> Iterator[Element]:
        runs: list[Run] = [run(parent.text or "")]
        for child in parent:
            if child.tag in _BLOCKS:
                yield from self._said(runs)
                yield from self._block(child)
                runs = []
            else:
                runs += self._runs(child, "", "")
            runs.append(run(child.tail or ""))
        yield from self._said(runs)

    def _said(self, runs: list[Run]) -> Iterator[Element]:
        if tidy := _tidy(runs):
            yield paragraph(*tidy)

    def _block(self, node: Any) -> Iterator[Element]:
        tag = node.tag
        if tag == "p":
            yield from self._said(self._inside(node))
        elif tag in {"ul", "ol"}:
            items = [list(self.blocks(li)) for li in node if li.tag == "li"]
            yield listing([item for item in items if item], _number(node) if tag == "ol" else 0)
        elif tag == "table":
            yield from self._table(node)
        elif tag == "pre":
            yield code(node.text_content().strip("\n"))
        elif tag == "blockquote":
            yield quote(list(self.blocks(node)))
        elif tag == "dl":
            for part in node:
                yield from self._said(self._inside(part, "b" if part.tag == "dt" else ""))
        elif tag[0] == "h" and tag[1:].isdigit():
            words = "".join(words for words, _, _ in _tidy(self._inside(node)))
            self.level = min(self.under + int(tag[1:]) - 2, self.level + 1, 6)
            if words:
                yield heading(self.level, words)
        elif tag != "hr":
            yield from self.blocks(node)

    def _table(self, node: Any) -> Iterator[Element]:
        rows = [[cell for cell in row if cell.tag in {"th", "td"}] for row in node.iter("tr")]
        heads = [" ".join(cell.text_content().split()) for cell in rows[0]] if rows else []
        wide = max(map(len, rows), default=0)
        cells = [[list(self.blocks(cell)) for cell in row] + [[]] * (wide - len(row)) for row in rows[1:]]
        if wide:
            yield table(heads + [""] * (wide - len(heads)), cells)

    def _inside(self, node: Any, marks: str = "", to: str = "") -> list[Run]:
        runs = [run(node.text or "", marks, to)]
        for child in node:
            runs += [*self._runs(child, marks, to), run(child.tail or "", marks, to)]
        return runs

    def _runs(self, node: Any, marks: str, to: str) -> list[Run]:
        if node.tag == "br":
            return [run("\v", marks, to)]
        if node.tag == "input":
            return [run("☑ " if node.get("checked") is not None else "☐ ", marks, to)]
        if node.tag == "a":
            if "footnote-backref" in (node.get("class") or ""):
                return []
            to = self._address(node.get("href") or "")
        return self._inside(node, marks + _MARKS.get(node.tag, ""), to)

    def _address(self, href: str) -> str:
        if href.startswith("/") and self.base:
            return self.base + href
        return href if href.startswith(_OUT) else ""


def _number(node: Any) -> int:
    start = node.get("start") or "1"
    return int(start) if start.isdigit() and len(start) < 7 and int(start) else 1


def _tidy(runs: list[Run]) -> list[Run]:
    """Runs without the white space that HTML does not show."""
    found: list[Run] = []
    for words, marks, to in runs:
        words = words if "c" in marks else _SPACES.sub(" ", words)
        if not found or found[-1][0].endswith((" ", "\v")):
            words = words.lstrip(" ")
        if words:
            found.append((words, marks, to))
    while found and not found[-1][0].strip():
        found.pop()
    if found:
        found[-1] = (found[-1][0].rstrip(" \v"), *found[-1][1:])
    return found
