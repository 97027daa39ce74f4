"""Blocks that only other sites' generators know, as Markdown that any site shows: notes, tabs, folds, containers, contents."""

import re

_FENCE = re.compile(r"^[ \t>]{0,40}(`{3,}|~{3,})(.*)$")
#: A note on GitHub or in Obsidian.
_ALERT = re.compile(r"^([ \t>]{0,40}>)[ \t]{0,9}\[!([\w-]{1,30})\][+-]?[ \t]*(.*)$")
#: A note, a fold or a tab of MkDocs: what belongs to it is indented.
_INDENTED = re.compile(r"^( {0,40})(!!!|\?\?\?\+?|===[!+]?)[ \t]+([\w -]{0,80}?)[ \t]*(?:\"([^\"\n]{0,400})\")?[ \t]*$")
#: A container between colons.
_COLONS = re.compile(r"^[ \t>]{0,40}:{3,}[ \t]*(?:\{[.]?([\w-]{0,60})[^}\n]{0,200}\}|([\w-]{0,60}))[ \t]*(.*)$")
_DIRECTIVE = re.compile(r"^\{([\w:-]{1,40})\}[ \t]*(.*)$")
_CONTENTS = re.compile(
    r"^[ \t>]{0,40}(?:\[\[?_?(?:toc|table of contents)_?\]?\]|\$\{toc\}|@\[toc\].{0,100}|\{:?[ \t]*toc[^}\n]{0,60}\}|<toc\s{0,9}/?>|\\(?:newpage|pagebreak|tableofcontents))[ \t]*$",
    re.I,
)
_KRAMDOWN_CONTENTS = re.compile(r"^\{:[^}\n]{0,60}\btoc\b[^}\n]{0,60}\}[ \t]*$", re.I)
#: Lines of a component file that fetch what it is made of.
_FETCHED = re.compile(r"^(?:import\s+[\w{}*, ]{1,200}\s+from\s+|import\s+)['\"][^'\"\n]{1,200}['\"];?[ \t]*$")
#: A remark in the form of a link that nothing uses, and a heading without words: nobody saw them.
_REMARK = re.compile(r"^ {0,3}(?:\[(?:comment|//|#|_|\.)\]:[ \t]*(?:<>|#|/).*|#{1,6}[ \t]*)$", re.I)
_KINDS = """note tip info important warning caution danger hint abstract summary success question failure bug example quote seealso
    attention error todo details admonition"""
NOTES = frozenset(_KINDS.split())


def plain_blocks(text: str) -> str:
    """The text with each of them as a quotation or a paragraph under its name, in its place."""
    return "\n".join(_lines(text.split("\n")))


def _lines(lines: list[str]) -> list[str]:
    found: list[str] = []
    fence, at = "", 0
    while at < len(lines):
        line = lines[at]
        at += 1
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark.group(1).startswith(fence) else fence
            found.append(line)
        elif mark and (directive := _DIRECTIVE.match(mark.group(2).strip())):
            end = _closing(lines, at, mark.group(1))
            found += _note(directive.group(1), directive.group(2), [one for one in lines[at:end] if not one.startswith(":")])
            at = end + 1
        elif mark:
            fence = mark.group(1)
            found.append(line)
        elif start := _INDENTED.match(line):
            inside, at = _inside(lines, at, len(start.group(1)))
            found += _marked(start, _lines(inside))
        else:
            found += _line(line, found)
    return found


def _line(line: str, before: list[str]) -> list[str]:
    """Return what becomes of a line that stands for itself."""
    if _CONTENTS.match(line) or _KRAMDOWN_CONTENTS.match(line):
        # kramdown's contents stand in the place of a list, whose one entry nobody saw.
        if line.startswith("{:") and before and re.match(r"\s*(?:[-*+]|\d+\.) ", before[-1]):
            before.pop()
        return []
    if _FETCHED.match(line) or _REMARK.match(line):
        return []
    if alert := _ALERT.match(line):
        quote, kind, words = alert.groups()
        return [f"{quote} **{_name(kind, words)}**", quote]
    if colons := _COLONS.match(line):
        kind, words = colons.group(1) or colons.group(2) or "", colons.group(3).strip(" :[]")
        words = words if kind.lower() in NOTES or not kind or words else ""
        named = _name(kind, words) if kind.lower().removeprefix("callout-") in NOTES else words
        return ["", f"**{named}**", ""] if named else [""]
    return [line]


def _closing(lines: list[str], at: int, fence: str) -> int:
    return next((i for i in range(at, len(lines)) if lines[i].strip().startswith(fence)), len(lines))


def _inside(lines: list[str], at: int, margin: int) -> tuple[list[str], int]:
    """The lines that are indented below a note, without the indent, and the number of the first one after them."""
    kept: list[str] = []
    while at < len(lines):
        line = lines[at].replace("\t", "    ")
        if line.strip() and len(line) - len(line.lstrip(" ")) < margin + 2:
            break
        kept.append(line[margin:].removeprefix("    ") if line.startswith(" " * (margin + 4)) else line.lstrip())
        at += 1
    while kept and not kept[-1].strip():
        kept.pop()
    return kept, at


def _marked(start: re.Match[str], inside: list[str]) -> list[str]:
    margin, mark, kind, title = start.groups()
    if mark.startswith("==="):
        return ["", f"**{title or kind.strip() or 'Or'}**", "", *inside, ""]
    return [margin.rstrip() and margin, *_note(kind, title or "", inside)]


def _note(kind: str, title: str, inside: list[str]) -> list[str]:
    words = title.strip()
    return ["", f"> **{_name(kind, words)}**", ">", *(f"> {line}".rstrip() for line in inside), ""]


def _name(kind: str, words: str) -> str:
    """Return what a note is headed: its kind and its own title, each once."""
    first = kind.strip().split(" ")[0].lower().removeprefix("callout-")
    name = first.replace("-", " ").capitalize() if first in NOTES - {"details", "admonition"} else ""
    clean = words.strip().strip("*").strip()
    if clean and name and clean.casefold() != name.casefold():
        return f"{name}: {clean}"
    return clean or name or first.replace("-", " ").capitalize() or "Note"
