"""Finding marked stretches of a text in one pass, however many of their beginnings have no end."""

import re
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"^[ \t>]{0,40}(`{3,}|~{3,})")
_INLINE = re.compile(r"(`{1,3})(?!`)[^`\n]{1,400}\1(?!`)")


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text in stretches of (is it fenced code, the words). A fence that is never closed goes to the end."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            kept.append(line)
            if mark and mark.group(1).startswith(fence):
                yield True, "\n".join(kept)
                kept, fence = [], ""
        elif mark:
            if kept:
                yield False, "\n".join(kept)
            kept, fence = [line], mark.group(1)
        else:
            kept.append(line)
    if kept:
        yield bool(fence), "\n".join(kept)


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with `change` done to all but its code, fenced or between backticks."""
    return "\n".join(part if code else _outside_ticks(part, change) for code, part in pieces(text))


def _outside_ticks(text: str, change: Callable[[str], str]) -> str:
    """Code between backticks is put aside under a sign that no text has, so that marks around it still find each other."""
    aside: list[str] = []

    def put(found: re.Match[str]) -> str:
        aside.append(found.group())
        return f"\x00{len(aside) - 1}\x01"

    changed = change(_INLINE.sub(put, text))
    return re.sub(r"\x00(\d+)\x01", lambda m: aside[int(m.group(1))], changed)


def between(text: str, opens: re.Pattern[str], closes: re.Pattern[str], change: Callable[[re.Match[str], str], str]) -> str:
    """Each stretch from `opens` to the next `closes` becomes what `change` makes of its beginning and inside; none is looked for
    twice, so that a text of beginnings alone takes no longer than another."""
    found, at = [], 0
    close: re.Match[str] | None = None
    for start in opens.finditer(text):
        if start.start() < at:
            continue
        if close is None or close.start() < start.end():
            close = closes.search(text, start.end())
            if close is None:
                break
        found += [text[at : start.start()], change(start, text[start.end() : close.start()])]
        at = close.end()
    return "".join([*found, text[at:]])
