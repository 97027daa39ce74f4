"""Lists, tables and line ends as this site's Markdown wants them.

Most generators read CommonMark, where a list may follow a paragraph without an empty line and what belongs to an item stands
under its first word. Here a list wants an empty line before it, and four spaces for what belongs to an item.
"""

import re
from dataclasses import dataclass, field

_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})")
_ITEM = re.compile(r"^( *)([-*+]|\d{1,9}[.)])( +|$)(.*)$")
_RULE = re.compile(r"^ {0,3}(?:(?:- *){3,}|(?:\* *){3,}|(?:_ *){3,})$")
_ROWS = re.compile(r"^ {0,3}\|?[ :|-]*-[ :|-]*$")
#: A picture, or words that are strong, at the beginning of a line: a paragraph of its own.
_APART = re.compile(r"^(\*\[?(?:Picture|Film|Sound|Shown here in the original): [^*\n]{0,4000}\*)[ \t]*(.*)$")
_STRONG = re.compile(r"^(?:\*\*[^*\n]{1,120}\*\*|__[^_\n]{1,120}__)[ \t]*$")


@dataclass
class _Page:
    """What was written so far, and the lists that are open: for each, the column at which what belongs to its items begins."""

    lines: list[str] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    fence: str = ""
    margin: int = 0
    #: The item that is open has more than one paragraph: the next one wants an empty line.
    loose: bool = False

    def empty(self) -> bool:
        return not self.lines or not self.lines[-1].strip()

    def gap(self) -> None:
        if not self.empty():
            self.lines.append("")

    def put(self, text: str, beyond: int = 0) -> None:
        self.lines.append(" " * (4 * len(self.lists) + beyond) + text if text else "")


def laid_out(text: str) -> str:
    """The text with the same blocks, in the form that this site reads."""
    page = _Page()
    lines = text.split("\n")
    for i, line in enumerate(lines):
        _take(page, line.expandtabs(4) if line[:1] in " \t" else line, lines[i + 1] if i + 1 < len(lines) else "")
    return "\n".join(page.lines)


def _take(page: _Page, line: str, following: str) -> None:
    bare = line.lstrip(" ")
    indent = len(line) - len(bare)
    mark = _FENCE.match(line)
    if page.fence:
        page.put(bare, max(0, indent - page.margin))
        page.fence = "" if mark and mark.group(1).startswith(page.fence) else page.fence
    elif not bare:
        page.lines.append("")
    elif mark:
        was = len(page.lists)
        _close(page, indent)
        if len(page.lists) < was:
            page.gap()
        page.fence, page.margin = mark.group(1), indent
        page.put(bare)
    elif (item := _ITEM.match(line)) and not _RULE.match(line) and _begins(page, item):
        _item(page, item)
    else:
        _words(page, line, indent, following)


def _begins(page: _Page, item: re.Match[str]) -> bool:
    """Whether a line like an item is one: not in indented code, and not a number that ends a sentence of a paragraph."""
    if not page.lists and len(item.group(1)) > 3:
        return False
    inside = page.empty() or bool(page.lists) or not _plain(page.lines[-1])
    return inside or (bool(item.group(4)) and (item.group(2) in {"-", "*", "+", "1.", "1)"}))


def _plain(line: str) -> bool:
    return not line.lstrip().startswith(("#", ">", "|", "<")) and not _ITEM.match(line)


def _close(page: _Page, indent: int) -> None:
    """Leave the lists that something at that column does not belong to."""
    while page.lists and indent < page.lists[-1]:
        page.lists.pop()


def _item(page: _Page, item: re.Match[str]) -> None:
    spaces, mark, gap, words = item.groups()
    was = bool(page.lists)
    _close(page, len(spaces))
    if not was or page.loose:
        page.gap()
    page.loose = False
    written = f"{mark[:-1]}." if mark.endswith(")") else mark
    page.put(f"{written} {words.lstrip()}".rstrip() if words.strip() else written)
    page.lists.append(len(spaces) + len(mark) + (len(gap) if 1 <= len(gap) <= 4 else 1))


def _words(page: _Page, line: str, indent: int, following: str) -> None:
    bare = line.strip() if page.lists else line.rstrip(" ")
    hard = "  " if line.endswith(("  ", "\\")) and not line.endswith("\\\\") else ""
    bare = bare[:-1].rstrip() if hard and bare.endswith("\\") else bare
    if page.empty() or bare.startswith(("#", "|")):
        _close(page, indent)
        inside = 4 * len(page.lists)
        # Code in an item is indented by four from what belongs to the item, in either of the two ways of counting.
        beyond = indent - (inside if indent >= inside + 4 else page.lists[-1]) if page.lists else 0
        page.loose = bool(page.lists) and page.empty()
    else:
        beyond = 0
    table = bare.lstrip().startswith("|") or "|" in bare
    if table and _ROWS.match(following) and "|" in following and not page.empty() and "|" not in page.lines[-1]:
        page.gap()
    apart = _APART.match(bare)
    if apart and not table:
        page.put(apart.group(1))
        page.lines.append("")
        if apart.group(2):
            page.put(apart.group(2) + hard)
        return
    page.put(bare + hard, beyond if beyond > 3 else 0)
    if _STRONG.match(bare) and following.strip():
        page.lines.append("")
