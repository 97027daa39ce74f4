"""What changed between two texts, word by word, so that a person can read it."""

import re
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "removed", "added"]
Segment = tuple[Op, str]

_TOKENS = re.compile(r"\s+|\w+|[^\w\s]")
#: Unchanged stretches shorter than this between two changes are shown as changed: single words left standing are hard to read.
ISLAND = 4
#: Above this many words a line is compared as a whole; comparing is quadratic.
LONGEST = 2_000


def word_diff(before: str, after: str) -> list[Segment]:
    """Return segments: "same" and "removed" joined give `before`, "same" and "added" joined give `after`, to the letter."""
    segments: list[Segment] = []
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[i1:i2]), "".join(new[j1:j2])
        segments += [("same", left)] if tag == "equal" else _words(left, right)
    return _merged(segments)


def _words(left: str, right: str) -> list[Segment]:
    a, b = _TOKENS.findall(left), _TOKENS.findall(right)
    if not a or not b or max(len(a), len(b)) > LONGEST:
        return [("removed", left), ("added", right)]
    found: list[Segment] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        same = "".join(a[i1:i2])
        if tag == "equal" and (len(same.strip()) >= ISLAND or "\n" in same):
            found.append(("same", same))
        else:
            found += [("removed", same), ("added", "".join(b[j1:j2]))]
    return found


def _merged(segments: list[Segment]) -> list[Segment]:
    """Return the segments with neighbours of one kind joined; within a change, removed words stand before added ones."""
    result: list[Segment] = []
    pending: dict[Op, str] = {"removed": "", "added": ""}

    def settle() -> None:
        for op in ("removed", "added"):
            if pending[op]:
                result.append((op, pending[op]))
            pending[op] = ""

    for op, text in segments:
        if op != "same":
            pending[op] += text
        elif text:
            settle()
            if result and result[-1][0] == "same":
                result[-1] = ("same", result[-1][1] + text)
            else:
                result.append(("same", text))
    settle()
    return result
