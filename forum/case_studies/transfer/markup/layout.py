"""Line ends and paragraphs of CommonMark that this site's Markdown does not know. Lists and tables it reads as they come."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})")
#: A picture at the beginning of a line, which `markup` has put into words: a paragraph of its own, as a line that is strong is.
_PICTURE = re.compile(r"^(\*\[?(?:Picture|Film|Sound|Shown here in the original): [^*\n]{0,4000}\*)[ \t]*(.*)$")
_STRONG = re.compile(r"^(?:\*\*[^*\n]{1,120}\*\*|__[^_\n]{1,120}__)[ \t]*$")
#: A backslash ends a line as two blanks do.
_ENDED = re.compile(r"(?<!\\)[ \t]*\\$")


def laid_out(text: str) -> str:
    """The text with the same blocks, in the form that this site reads."""
    return "\n".join(_lines(text.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    fence = ""
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        mark = _FENCE.match(line)
        if fence or mark:
            fence = "" if mark and fence and mark.group(1).startswith(fence) else fence or (mark.group(1) if mark else "")
            yield line
            continue
        line = _ENDED.sub("  ", line)
        picture = _PICTURE.match(line)
        if picture:
            yield from (picture.group(1), "")
        if not picture or picture.group(2):
            yield picture.group(2) if picture else line
        if _STRONG.match(line) and following.strip():
            yield ""
