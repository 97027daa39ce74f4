"""A case study as one Markdown file that a person can read and the site can read back to an equal record.

The facts stand in a YAML block at the top; each narrative text follows a comment that names its field. Tables of facts are
repeated in the body for readers, after a comment that says so and makes the program skip them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from forum.case_studies.record.fields import BODY, BY_NAME
from forum.case_studies.record.presentation import Shown, shown
from forum.case_studies.record.values import NOT_APPLICABLE, flat, heading, normal
from forum.documents.facts import load
from forum.kernel.text import BadText
from forum.records.schema import Record

FORMAT = 1
_FORMAT_KEY = "shared-practice-case-study"
_MARK = re.compile(r"<!-- (field|shown): ([a-z0-9_]+) -->")
_ESCAPED = re.compile(r"^(\\*)(<!-- (?:field|shown): [a-z0-9_]+ -->)$", re.M)
_BLOCK = re.compile(r"\A---\n(.*?)\n---\n", re.S)
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class About:
    """What stands in a file beside the record: how to cite it, where it lives, when it was published."""

    citation: str
    address: str
    published: str = ""


def to_markdown(record: Record, about: About) -> str:
    """The whole record as a file. `from_markdown` of it is equal to the record."""
    facts = {name: value for name, value in record.items() if name not in {f.name for f in BODY}}
    top = {
        _FORMAT_KEY: FORMAT,
        **facts,
        "about": {"citation": about.citation, "address": about.address, "published": about.published},
    }
    block = yaml.safe_dump(top, allow_unicode=True, sort_keys=False, width=10_000)
    parts = [f"---\n{block}---", f"<!-- shown: title -->\n# {record.get('title', 'Untitled')}"]
    if record.get("summary"):
        parts.append(f"<!-- shown: summary -->\n**{record['summary']}**")
    html = {f.name: "-" for f in BODY if record.get(f.name)}
    for part in shown(record, html):
        parts.append(
            _field(record, part) if part.name in html else f"<!-- shown: {part.name} -->\n## {part.heading}\n\n{table(part)}"
        )
    parts.append(f"<!-- shown: citation -->\n{about.citation}")
    return "\n\n".join(parts) + "\n"


def _field(record: Record, part: Shown) -> str:
    text = _ESCAPED.sub(r"\\\1\2", record[part.name])
    return f"<!-- field: {part.name} -->\n## {heading(part.name)}\n\n{text}"


def table(part: Shown) -> str:
    """A structured part as Markdown: words, or a pipe table."""
    if not part.rows:
        return _cell(part.words)
    lines = [[c or "What" for c in part.columns], ["---"] * len(part.columns)]
    lines += [[_cell(f"[{words}]({address})" if address else words) for words, address in row] for row in part.rows]
    note = f"{part.note}\n\n" if part.note else ""
    return note + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def from_markdown(text: str) -> dict[str, Any] | None:
    """The record that the file holds; None when it is no file of ours. Raises ValueError, with words, for a broken one."""
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
    try:
        return normal({**_strings(facts), **_texts(text[found.end() :])})
    except (BadText, AttributeError, TypeError) as error:
        raise ValueError("The facts at the top of the file have a form that cannot be read.") from error


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


def _texts(body: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in body.split("\n"):
        mark = _MARK.fullmatch(line)
        if mark:
            lines = found.setdefault(mark.group(2), []) if mark.group(1) == "field" else []
        else:
            lines.append(line)
    return {name: _unmarked(name, "\n".join(kept)) for name, kept in found.items() if name in BY_NAME}


def _unmarked(name: str, text: str) -> str:
    """The text without its heading line, and with escaped marks as they were."""
    text = text.removeprefix(f"## {heading(name)}\n")
    return _ESCAPED.sub(lambda m: m.group(1)[1:] + m.group(2), text).strip()


def blocks(record: Record, html: Mapping[str, str]) -> list[tuple[str, str]]:
    """(heading, Markdown) of everything under the head, for a Word file."""
    found = [(part.heading, record[part.name] if part.html else table(part)) for part in shown(record, html)]
    if record.get(NOT_APPLICABLE):
        lines = flat(NOT_APPLICABLE, record[NOT_APPLICABLE]).split("\n")
        found.append(("Does not apply here", "\n".join(f"- {line}" for line in lines)))
    return found
