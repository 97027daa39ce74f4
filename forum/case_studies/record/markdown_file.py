"""A case study as one Markdown file that a person can read and the site can read back to an equal record.

The facts stand in a YAML block at the top; each narrative text follows a comment that names its field, and the figures of each
measure one with its number. Tables of facts are repeated in the body for readers, after a comment that says so and makes the
program skip them. What goes with a record (its measures, pictures, updates) is in the same block, under names that no record has.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from forum.case_studies.record.fields import BODY, BY_NAME
from forum.case_studies.record.presentation import Shown, shown
from forum.case_studies.record.values import ITEMS, heading, normal
from forum.documents.facts import load
from forum.documents.markdown_plain import as_markdown, escaped
from forum.kernel.text import BadText
from forum.records.schema import Record

FORMAT = 1
_FORMAT_KEY = "shared-practice-case-study"
_MARK = re.compile(r"<!-- (field|shown|figures): ([a-z0-9_]+) -->")
_ESCAPED = re.compile(r"^(\\*)(<!-- (?:field|shown|figures): [a-z0-9_]+ -->)$", re.M)
_BLOCK = re.compile(r"\A---\n(.*?)\n---\n", re.S)
#: A text at its longest with many measures: far more than a case study that was written by hand.
LARGEST = 5_000_000
#: What goes with a record: each a list of facts.
MEASURES, FILES = "measures", "files"
_BEGINNING = f"---\n{_FORMAT_KEY}:"


@dataclass(frozen=True, slots=True)
class About:
    """What stands in a file beside the record: how to cite it, where it lives, when it was published."""

    citation: str
    address: str
    published: str = ""


@dataclass(frozen=True, slots=True)
class Along:
    """What goes with a record: `facts` by name for the program, (name, Markdown) in order for readers."""

    facts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    shown: Sequence[tuple[str, str]] = ()


def to_markdown(record: Record, about: About, along: Along | None = None) -> str:
    """The whole record as a file. `from_markdown` of it is equal to the record, `along_in` to the facts of what goes along."""
    along = along or Along()
    facts = {name: value for name, value in record.items() if name not in {f.name for f in BODY}}
    top = {
        _FORMAT_KEY: FORMAT,
        **facts,
        **{name: [dict(row) for row in rows] for name, rows in along.facts.items() if rows},
        "about": {"citation": about.citation, "address": about.address, "published": about.published},
    }
    block = yaml.safe_dump(top, allow_unicode=True, sort_keys=False, width=10_000)
    parts = [f"---\n{block}---", f"<!-- shown: title -->\n# {record.get('title', 'Untitled')}"]
    if record.get("summary"):
        parts.append(f"<!-- shown: summary -->\n**{record['summary']}**")
    html = {f.name: "-" for f in BODY if record.get(f.name)}
    for part in sorted(shown(record, html), key=lambda p: p.name != "plain_summary"):
        parts.append(
            _field(record, part) if part.name in html else f"<!-- shown: {part.name} -->\n## {part.heading}\n\n{table(part)}"
        )
    parts += [f"<!-- shown: {name} -->\n{text}" for name, text in along.shown]
    parts.append(f"<!-- shown: citation -->\n{about.citation}")
    return "\n\n".join(parts) + "\n"


def _field(record: Record, part: Shown) -> str:
    return f"<!-- field: {part.name} -->\n## {heading(part.name)}\n\n{unread(record[part.name])}"


def unread(text: str) -> str:
    """A text in which no line is a mark of this form."""
    return _ESCAPED.sub(r"\\\1\2", text)


def figures(number: int, points: Sequence[Sequence[str]]) -> str:
    """The figures of a measure as a table that the program reads: date, value, numerator and denominator, note."""
    parts = any(row[2] for row in points)
    head = ["Date", "Value", *(["Numerator", "Denominator"] if parts else []), "Note"]
    rows = [[*row[:2], *(row[2:4] if parts else []), _cell(row[4])] for row in points]
    return f"<!-- figures: {number} -->\n{_pipes(head, rows)}\n"


def _pipes(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))


def table(part: Shown) -> str:
    """A structured part as Markdown: words, a list where its cells are long or many, else a table."""
    if not part.rows:
        return as_markdown(part.words)
    note = f"{as_markdown(part.note)}\n\n" if part.note else ""
    if part.look == "list" and (
        len(part.columns) not in _SIDE_BY_SIDE or any(len(text) > _LONG for row in part.rows for text, _ in row)
    ):
        return note + _listed(part)
    head = [c or "What" for c in part.columns]
    return note + _pipes(head, [[f"[{_cell(text)}]({at})" if at else _cell(text) for text, at in row] for row in part.rows])


def _listed(part: Shown) -> str:
    """Rows of one cell as bullets; of a grid each question with its answer; of several cells each with its name, numbered."""
    rows = [[(label, as_markdown(text)) for label, (text, _) in zip(part.columns, row, strict=True) if text] for row in part.rows]
    if len(part.columns) == 1:
        return "\n".join(f"- {text.replace(_LINE, _LINE + _IN)}" for row in rows for _, text in row)
    if not part.columns[0]:
        return "\n\n".join(_answer(row, len(part.columns) > 2) for row in rows)
    joined = [_LINE.join(f"**{label}:** {text}" for label, text in row) for row in rows]
    return "\n\n".join(f"{n}. {text.replace(_LINE, _LINE + _IN)}" for n, text in enumerate(joined, 1))


#: Paper has room for more cells beside each other than a screen, as long as they are short.
_SIDE_BY_SIDE, _LONG = range(2, 7), 120
#: A line below another in one paragraph, and how far the lines of an item go in.
_LINE, _IN = "  \n", "    "


def _answer(row: Sequence[tuple[str, str]], named: bool) -> str:
    (_, question), *answers = row
    return f"**{question}**\n\n" + _LINE.join(f"{label}: {text}" if named else text for label, text in answers)


def _cell(text: str) -> str:
    return escaped(" ".join(text.split()))


def from_markdown(text: str) -> dict[str, Any] | None:
    """The record that the file holds; None when it is no file of ours. Raises ValueError, with words, for a broken one."""
    read = _read(text)
    if read is None:
        return None
    try:
        return normal({**_strings(read[0]), **_texts(read[1])})
    except (BadText, AttributeError, TypeError) as error:
        raise ValueError("The facts at the top of the file have a form that cannot be read.") from error


def along_in(text: str) -> dict[str, list[dict[str, Any]]]:
    """What goes with the record of a file of ours: facts by name, all in words, those of a measure with its "points".

    Raises ValueError.
    """
    facts, body = _read(text) or ({}, "")
    found = {
        str(name): [dict(row) for row in _strings(rows) if isinstance(row, Mapping)]
        for name, rows in facts.items()
        if isinstance(rows, list) and name not in ITEMS
    }
    tables = _marked(body, "figures")
    for number, row in enumerate(found.get(MEASURES, []), 1):
        row["points"] = _points(tables.get(str(number), []))
        row["no_figures"] = [line.split(" ", 1) for line in row.get("no_figures") or []]
    return found


def is_ours(data: bytes) -> bool:
    """Whether a file begins as those that this site writes."""
    return data.removeprefix(b"\xef\xbb\xbf")[:200].replace(b"\r\n", b"\n").startswith(_BEGINNING.encode())


def _read(text: str) -> tuple[Mapping[str, Any], str] | None:
    """The facts at the top, and the rest; None for what is no file of ours. Raises ValueError."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    found = _BLOCK.match(text)
    if not found or f"{_FORMAT_KEY}:" not in found.group(1):
        return None
    if len(text) > LARGEST:
        raise ValueError("The file is too large to be one case study.")
    try:
        facts = load(found.group(1))
    except ValueError as error:
        raise ValueError(
            "The block of facts at the top of the file cannot be read. Export it again, or leave the block out."
        ) from error
    if not isinstance(facts, Mapping) or facts.get(_FORMAT_KEY) != FORMAT:
        raise ValueError("The file was written by a newer version of the site.")
    return facts, text[found.end() :]


def _points(lines: Sequence[str]) -> list[list[str]]:
    """Date, value, numerator and denominator of each line of a table that has a figure."""
    head, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if line.startswith("|")] or [[]]
    parts = "Numerator" in head
    return [[*row[:2], *(row[2:4] if parts else ["", ""])] for row in rows[1:] if len(row) > 2 + 2 * parts and row[1]]


def address_in(text: str) -> str:
    """Return where the case study of a file of ours lives, as the file says; "" where it says nothing."""
    found = _BLOCK.match(text.removeprefix("\ufeff"))
    line = re.search(r"^  address: (\S+)$", found.group(1), re.M) if found else None
    return line.group(1) if line else ""


def _strings(value: Any) -> Any:
    """YAML may read 2025-03 or 2025 as something else than text: all is text here."""
    if isinstance(value, Mapping):
        return {str(k): _strings(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_strings(v) for v in value]
    return "" if value is None else str(value)


def _marked(body: str, kind: str) -> dict[str, list[str]]:
    """The lines that follow each mark of a kind."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in body.split("\n"):
        mark = _MARK.fullmatch(line)
        if mark:
            lines = found.setdefault(mark.group(2), []) if mark.group(1) == kind else []
        else:
            lines.append(line)
    return found


def _texts(body: str) -> dict[str, str]:
    return {name: _unmarked(name, "\n".join(kept)) for name, kept in _marked(body, "field").items() if name in BY_NAME}


def _unmarked(name: str, text: str) -> str:
    """The text without its heading line, and with escaped marks as they were."""
    text = text.removeprefix(f"## {heading(name)}\n")
    return _ESCAPED.sub(lambda m: m.group(1)[1:] + m.group(2), text).strip()
