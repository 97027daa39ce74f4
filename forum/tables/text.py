"""Text that was pasted or saved as CSV, as lines of cells: any encoding and separator that Excel writes."""

import csv
import re
from io import StringIO

from forum.tables.sheet import Line, Sheet

_SEP = re.compile(r"^\ufeff?\"?sep=(.)\"?[\r\n]+", re.I)
SEPARATORS = "\t;,|"


def decode(data: bytes) -> str:
    """Return the text of a file; of what is no text, characters that cannot be printed."""
    marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    # Without a mark at its beginning, text of two bytes a letter has a zero in every other place.
    wide = "utf-16" if marked else "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
    for encoding in (wide, "latin-1") if marked or b"\x00" in data[:200] else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def sheet_of_text(text: str, name: str = "") -> Sheet:
    """A text as a sheet. A break of lines within quotes is part of its cell."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    said = _SEP.match(text)
    if said:
        text = text[said.end() :]
    separator = said[1] if said else _separator(text)
    if not separator:
        return Sheet(name, tuple(Line(n, tuple(_spaced(line))) for n, line in enumerate(text.split("\n"), 1)), separator=" ")
    offset = 1 if said else 0
    lines: list[Line] = []
    before = 0
    try:
        reader = csv.reader(StringIO(text), delimiter=separator)
        for cells in reader:
            if any(cell.count("\n") > 4 for cell in cells):
                raise csv.Error("a quote that nothing closes")
            lines.append(Line(before + 1 + offset, tuple(cells)))
            before = reader.line_num
    except csv.Error:
        rows = text.split("\n")
        lines = [Line(n + offset, tuple(c.strip('"') for c in row.split(separator))) for n, row in enumerate(rows, 1)]
    return Sheet(name, tuple(lines), separator=separator)


def _separator(text: str) -> str:
    """What parts most lines into the same number of cells: a tab wherever there is one; "" for spaces."""
    bare = [re.sub(r'"[^"]*"', "", line) for line in text.split("\n")[:200] if line.strip()]
    if any("\t" in line for line in bare):
        return "\t"
    # A comma within a number or a date is no separator.
    counts = {s: [line.count(s) for line in bare] for s in SEPARATORS[1:]}
    full = {s: sum(n > 0 for n in found) for s, found in counts.items()}
    best = max(full, key=lambda s: (full[s], -SEPARATORS.index(s)))
    return best if full[best] >= max(1, len(bare) // 2) else ""


def _spaced(line: str) -> list[str]:
    parts = re.split(r"\s{2,}", line.strip())
    if len(parts) > 1 or not line.strip():
        return parts
    before, _, last = line.strip().rpartition(" ")
    return (
        [before.strip(), last] if before and re.search(r"\d", last) and re.search(r"\d|[a-z]{3}", before, re.I) else [line.strip()]
    )
