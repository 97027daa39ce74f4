"""Plain text as Markdown that shows it as it is."""

import re

#: Where a line of a paragraph would start something else, and the mark that keeps it from that.
_LINE_START = re.compile(r"^(\d+(?=[.)](?:\s|$))|(?=[-+](?:[-+\s]|$)|[>#]|~~~))")


def as_markdown(text: str) -> str:
    """A plain text of one line or several, none of whose characters is a mark."""
    return "  \n".join(as_line(escaped(" ".join(line.split()))) for line in text.split("\n") if line.strip())


def as_line(line: str) -> str:
    """A line in which every mark is escaped already, so that its beginning is none either."""
    return _LINE_START.sub(r"\1\\", line).replace("=", "&#61;", line[:1] == "=")


def escaped(text: str) -> str:
    """Text in which no character is a mark of Markdown. Underscores within words are none, so that words stay as they are."""
    text = re.sub(r"\\(?!\w)|[`*\[\]|~]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)
    return re.sub(r"&(?=#?\w+;)", "&amp;", text).replace("<", "&lt;")
