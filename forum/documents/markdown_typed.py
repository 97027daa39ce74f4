"""What people type, made into what the parser reads: a list right after a line, bullets from Word, columns from a spreadsheet.

The parser is strict about blank lines and wants four spaces for each level of a list; people on phones and those who paste know
neither. Here a text goes through line by line, once, and comes out with blank lines between its blocks, one kind of bullet, and
whole levels. Nothing is left out: what looks like a mark and is none (`1986. A good year`, `>6 weeks`) is escaped.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

#: Deeper lists are shown at this level, and deeper quotes as they were typed: the parser works by recursion.
DEEPEST = 8
DEEPEST_QUOTE = 20
#: Languages named after an opening fence, which are left out; any other word there is shown as the first line of code.
_LANGUAGES = {"bash", "css", "csv", "html", "javascript", "js", "json", "python", "r", "sh", "sql", "text", "toml", "xml", "yaml"}
_GLYPHS = "•●▪◦‣⁃■○►➢\uf0b7\uf0a7"
#: Characters that are bullets only with a wide gap after them, or a neighbour with the same: they are also letters, dashes, signs.
_SHY = "o–—‐‑−§"
#: Bullets that Word uses on lower levels.
_LOWER = "o▪◦■○§\uf0a7"
_GAP = r"[ \t\xa0]"
_MARK = re.compile(
    rf"(?:(?P<bullet>[-*+·{_GLYPHS}{_SHY}])(?P<gap>{_GAP}+)|(?P<glued>[{_GLYPHS}])(?![{_GLYPHS}])|(?P<tight>[-–])(?=[^\W\d_])"
    rf"|(?P<number>\d{{1,3}})[.)](?:{_GAP}+|(?P<close>)(?=[^\W\d_])))(?=[^\s\xa0])"
)
_LIKE_A_MARK = re.compile(r"(?:\d+(?=[.)]\s)|(?=[-+*]\s))")
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*([^`]*)$")
_RULE = re.compile(r"([-*_])(?:[ \t]*\1){2,}[ \t]*")
_HEADING = re.compile(rf"(#{{1,6}}){_GAP}+(?=[^\s#])")
_GREATER = re.compile(r">=?[ \t]?[£$€]?\d|>=")
#: Marks of lists that HTML has no word for, and ticks: such lines stay lines.
_LETTERED = re.compile(r"(?:\(?[a-z]\)|\(\d{1,3}\)|\(?[ivx]{1,5}\)|(?:[a-h]|[ivx]{1,5})\.|[✓✔☑☐✗✘→➔])[ \t\xa0]+\S")
_LAST_PIPE = re.compile(r"(?<!\\)\|$")
_PIPE = re.compile(r"(?<!\\)\|")
_CODE = re.compile(r"`[^`]*`")
_LETTER = re.compile(r"[^\W\d_]")
_NOTE = re.compile(r"\[\^([^\[\]\n]{1,200})\]")
#: A line of that length was likely broken by a program that sends mail: the next one goes on with it.
_FULL_LINE = 60


def typed(text: str) -> str:
    """Markdown for the parser that says the same as this text."""
    return "\n".join(_Lines(text.split("\n"), _notes(text)).run())


def _notes(text: str) -> set[str]:
    """Return the labels of notes that the text refers to, not counting lines that define a note."""
    found = set()
    for line in text.split("\n"):
        letter = _LETTER.search(line)
        for note in _NOTE.finditer(line):
            if not line.startswith(":", note.end()) or (letter and letter.start() < note.start()):
                found.add(note[1])
    return found


@dataclass(slots=True)
class _Item:
    """An item of a list that is open: how far in its mark stands, and what it is."""

    indent: int
    kind: str


@dataclass
class _Lines:
    lines: Sequence[str]
    notes: set[str]
    #: How many levels of quotation these lines are in.
    quotes: int = 0
    out: list[str] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    #: Whether a blank line, or the end of a block, stands before the line that is looked at.
    apart: bool = True
    #: The level at which the lines since the last blank one begin.
    first: int = 0
    #: By the fence's character, the shortest length that is known never to be closed.
    unclosed: dict[str, int] = field(default_factory=dict)

    def run(self) -> list[str]:
        n = 0
        while n < len(self.lines):
            indent, text = _measured(self.lines[n])
            if not text.strip():
                self.out.append("")
                self.apart = True
                n += 1
                continue
            for take in (self._fence, self._quote, self._rule, self._heading, self._table, self._columns, self._note, self._item):
                if taken := take(n, indent, text):
                    break
            else:
                self._words(n, indent, text)
                taken = 1
            n += taken
        return self.out

    # Each of these takes the lines that it recognises, from line `n` on, and returns how many it took.

    def _fence(self, n: int, indent: int, text: str) -> int:
        opening = _FENCE.match(text)
        end = self._closing(n, opening[1]) if opening else 0
        if not opening or not end:
            return 0
        code = [_less(line, indent) for line in self.lines[n + 1 : end]]
        if (info := opening[2].strip()) and info.lower() not in _LANGUAGES:
            code.insert(0, info)
        self._block(indent, [opening[1], *code, opening[1]])
        return end - n + 1

    def _closing(self, n: int, fence: str) -> int:
        """Return the line that closes a fence; 0 where none does, which is remembered, so that no later fence searches in vain
        again."""
        sign, length = fence[0], len(fence)
        if length >= self.unclosed.get(sign, length + 1):
            return 0
        for place in range(n + 1, len(self.lines)):
            line = self.lines[place].strip()
            if len(line) >= length and line == sign * len(line):
                return place
        self.unclosed[sign] = length
        return 0

    def _quote(self, n: int, indent: int, text: str) -> int:
        if (
            not text.startswith(">")
            or self.quotes == DEEPEST_QUOTE
            or (_GREATER.match(text) and (text[1:2] != " " or not self._text(n + 1).startswith(">")))
        ):
            return 0
        quoted: list[str] = []
        while (line := self._text(n + len(quoted))).startswith(">"):
            quoted.append(line[1:].removeprefix(" "))
        self._block(indent, [f"> {line}" for line in _Lines(quoted, self.notes, self.quotes + 1).run()])
        return len(quoted)

    def _rule(self, n: int, indent: int, text: str) -> int:
        bare = text.strip()
        if not _RULE.fullmatch(text) and not (len(bare) > 2 and bare == "=" * len(bare)):
            return 0
        if bare in {"-" * len(bare), "=" * len(bare)} and not self.apart and not self.items:
            self.out.append(bare)  # It makes the line of words above it a heading.
            self.apart = True
        else:
            self._block(indent, [bare])
        return 1

    def _heading(self, n: int, indent: int, text: str) -> int:
        if found := _HEADING.match(text):
            self._block(indent, [f"{found[1]} {text[found.end() :]}"])
        return 1 if found else 0

    def _table(self, n: int, indent: int, text: str) -> int:
        """Rows with or without a line below their head, and with or without strokes around them."""
        if "|" not in text:
            return 0
        head, below = _cells(text), self._text(n + 1).strip()
        wide = len(_PIPE.split(_CODE.sub("", head)))
        ruled = bool(below) and "-" in below and "|" in below and set(below) <= set("|:- ")
        if not ruled and (wide < 2 or not (_framed(text) and _framed(below))):
            return 0
        end = n + 1
        while "|" in (row := self._text(end)) and (ruled or _framed(row)):
            end += 1
        rows = [_cells(self._text(place)) for place in range(n + 1 + ruled, end)]
        self._block(indent, [f"|{head}|", "|" + "---|" * wide, *(f"|{row}|" for row in rows)])
        return end - n

    def _columns(self, n: int, indent: int, text: str) -> int:
        """Lines with tabs in them, as pasted from a spreadsheet: a table whose first row is its head."""
        rows: list[list[str]] = []
        for place in range(n, len(self.lines)):
            line = self.lines[place]
            if "\t" not in line.strip() or (len(rows) < 2 and self._mark(place, self._text(place))):
                break
            rows.append([cell.strip().replace("|", "\\|") for cell in line.rstrip().split("\t")])
        if len(rows) < 2:
            return 0
        if n == 0 and all(len(row) == len(rows[0]) + 1 for row in rows[1:]):
            rows[0].insert(0, "")  # An empty corner goes when a form trims its text.
        if not any(row[0] for row in rows):
            rows = [row[1:] for row in rows]
        wide = max(map(len, rows))
        lines = [f"| {' | '.join(row + [''] * (wide - len(row)))} |" for row in rows]
        self._block(0, [lines[0], "|" + " --- |" * wide, *lines[1:]])
        return len(rows)

    def _note(self, n: int, indent: int, text: str) -> int:
        """`[^1]: words`, once, where the text refers to it; any other is words where it stands."""
        found = _NOTE.match(text)
        if not found or not text.startswith(":", found.end()):
            return 0
        if found[1] in self.notes:
            self.notes.discard(found[1])
            self.items = [_Item(indent, "^")]
            self._blank()
            self._put(0, text)
        else:
            self._words(n, indent, text)
        return 1

    def _item(self, n: int, indent: int, text: str) -> int:
        found = self._mark(n, text)
        if not found:
            return 0
        bullet = found["bullet"] or found["glued"] or found["tight"]
        kind = "1" if bullet is None else "-" if bullet in "-*+" else bullet
        level = self._level(indent, kind)
        before = self.items[level] if level < len(self.items) else None
        if kind == "1" and not (before and before.kind == "1") and not self._starts_count(n, int(found["number"])):
            return 0
        if (before and _family(before.kind) != _family(kind)) or not self.items:
            self._blank()
        self.items = [*self.items[:level], _Item(indent, kind)]
        mark, words = f"{found['number']}." if kind == "1" else "-", text[found.end() :]
        fence = _FENCE.match(words)
        if fence and self._closing(n, fence[1]):
            self._put(level, f"{mark} ")
            return self._fence(n, indent + 2, words)
        self._put(level, f"{mark} {_escaped(words)}")
        return 1

    def _words(self, n: int, indent: int, text: str) -> None:
        if self.items and self.apart:
            self._leave(indent)
        elif self.items and not self._goes_on(n, indent, text):
            self.items = []
            self._blank()
        if not self.apart and self.out and _LETTERED.match(text):
            self.out[-1] = self.out[-1].rstrip() + "  "
        self._put(len(self.items), f"\\{text}" if text.startswith(">") else _escaped(text))

    # What they ask.

    def _text(self, n: int) -> str:
        """A line without its indent; nothing beyond the last."""
        return _measured(self.lines[n])[1] if n < len(self.lines) else ""

    def _mark(self, n: int, text: str) -> re.Match[str] | None:
        """The mark of an item at the start of line `n`, which says `text`."""
        found = _MARK.match(text)
        if not found:
            return None
        shy = found["tight"] or (found["bullet"] and found["bullet"] in _SHY and found["gap"] == " ")
        if not shy and found["close"] is None:
            return found
        around = (_MARK.match(self._text(place)) for place in (n - 1, n + 1) if place >= 0)
        return found if any(beside and _alike(found, beside) for beside in around) else None

    def _level(self, indent: int, kind: str) -> int:
        """The level of a new item: by its indent, and where that is the same, by its mark, as Word has another for each level."""
        level = len(self.items)
        while level and self.items[level - 1].indent > indent + 1:
            level -= 1
        beside = [n for n in range(level) if abs(self.items[n].indent - indent) < 2]
        if not beside:
            return level
        same = [n for n in beside if self.items[n].kind == kind]
        if same:
            return same[-1]
        last = self.items[level - 1].kind
        from_word = kind not in "-1" and last not in "-1^" and (kind in _LOWER or not self.apart)
        deeper = from_word or (last == "1" and not self.apart)
        return level if deeper else beside[0]

    def _starts_count(self, n: int, number: int) -> bool:
        """Return whether a number begins a list. Right after a line it may as well be the end of a sentence that was broken
        there."""
        following = _MARK.match(self._text(n + 1))
        return (
            self.apart
            or number < 2
            or self.lines[n - 1].rstrip().endswith(":")
            or bool(following and following["number"] == str(number + 1))
        )

    def _goes_on(self, n: int, indent: int, text: str) -> bool:
        """Return whether a line right after an item belongs to it: it is indented, or goes on with a sentence."""
        before = self.lines[n - 1].rstrip()
        unfinished = len(before) >= _FULL_LINE and not before.endswith((".", "!", "?", ":"))
        return indent >= self.items[-1].indent + 2 or text[0].islower() or unfinished

    # What they write.

    def _leave(self, indent: int) -> None:
        """Close the items that a block with this indent does not belong to."""
        while self.items and indent < self.items[-1].indent + 2:
            self.items.pop()

    def _blank(self) -> None:
        if self.out and self.out[-1]:
            self.out.append("")

    def _put(self, level: int, line: str) -> None:
        level = min(level, DEEPEST)
        if level < self.first:
            self._blank()
        if not self.out or not self.out[-1]:
            self.first = level
        self.out.append("    " * level + line)
        self.apart = False

    def _block(self, indent: int, lines: Iterable[str]) -> None:
        """Put out lines as a block of their own, with a blank line before and after."""
        self._leave(indent)
        self._blank()
        margin = "    " * min(len(self.items), DEEPEST)
        self.out += [margin + line if line else "" for line in lines]
        self.out.append("")
        self.apart = True


def _measured(line: str) -> tuple[int, str]:
    """Return how far in a line begins, and the line from there."""
    text = line.lstrip(" \t\xa0")
    return len(line[: len(line) - len(text)].replace("\xa0", " ").expandtabs(4)), text


def _alike(one: re.Match[str], other: re.Match[str]) -> bool:
    """Return whether two marks are of one list: the same sign as close to its words, or the next number."""
    if one["number"] and other["number"]:
        return abs(int(one["number"]) - int(other["number"])) == 1
    return (one["bullet"], one["tight"], one["number"]) == (other["bullet"], other["tight"], other["number"])


def _less(line: str, indent: int) -> str:
    """A line of code without the indent that its fence has."""
    own, text = _measured(line)
    return " " * max(0, own - indent) + text


def _family(kind: str) -> str:
    """Kinds of items that one list can have."""
    return kind if kind in "1^" else "-"


def _framed(row: str) -> bool:
    row = row.strip()
    return len(row) > 1 and row[0] == "|" and _LAST_PIPE.search(row) is not None


def _cells(row: str) -> str:
    """A row of a table without the strokes around it."""
    return _LAST_PIPE.sub("", row.strip().removeprefix("|"))


def _escaped(text: str) -> str:
    """Words that begin with what the parser would take for a mark."""
    note = _NOTE.match(text)
    if (note and text.startswith(":", note.end())) or _GREATER.match(text):
        return f"\\{text}"
    if fence := _FENCE.match(text):
        return "".join(f"\\{sign}" for sign in fence[1]) + text[fence.end(1) :]
    like = _LIKE_A_MARK.match(text)
    return f"{like[0]}\\{text[like.end() :]}" if like else text
