"""From a file to the parts of a case study."""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forum.case_studies.fields import BY_NAME
from forum.case_studies.importing.front_matter import FrontMatter, split
from forum.case_studies.importing.markup import readable
from forum.case_studies.importing.sections import into_fields
from forum.case_studies.portable import address_in, from_markdown
from forum.kernel.text import clean, cut, one_line

#: More than this of one file is refused: a case study that long would be a book.
LARGEST = 400_000


@dataclass(frozen=True)
class CatalogueRow:
    """What an `index.csv` beside the files says of one of them."""

    repository: str
    commit: str
    licence: str


@dataclass(frozen=True)
class ImportedText:
    """One file, read. `fields` holds narrative fields by name, `rest` what fitted none."""

    source_key: str
    digest: str
    title: str
    summary: str
    published: date | None
    author: str
    tags: tuple[str, ...]
    fields: dict[str, str]
    rest: str
    licence: str
    source_name: str
    source_url: str
    warnings: tuple[str, ...]
    #: The whole record, where the file is one that this site wrote or a row of a table.
    record: dict[str, Any] | None = None
    #: Where it lives, as a file that this site wrote says.
    address: str = ""


def find_files(paths: Iterable[Path]) -> list[Path]:
    """All Markdown files, those of folders at any depth, and the tables that are named themselves; sorted."""
    return sorted(f for p in paths for f in ([p] if p.is_file() else p.rglob("*.md")))


def read_catalogue(root: Path) -> Mapping[str, CatalogueRow]:
    """`folder/file` → source and licence, from `index.csv` at the root; empty where there is none."""
    file = root / "index.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle)
        if "folder" not in (rows.fieldnames or []):
            return {}
        return {f"{row['folder']}/{row['file']}": CatalogueRow(row["source_repo"], row["commit"], row["licence"]) for row in rows}


def read_file(path: Path, root: Path, catalogue: Mapping[str, CatalogueRow]) -> ImportedText:
    """Read one file. Raises OSError, UnicodeDecodeError, or ValueError when it is too large or holds what cannot be stored."""
    raw = path.read_bytes()
    if len(raw) > LARGEST:
        raise ValueError(f"the file has {len(raw):,} bytes; at most {LARGEST:,} are taken")
    name = path.relative_to(root).as_posix()
    row = catalogue.get(name)
    written = clean(raw.decode("utf-8-sig"))
    record = from_markdown(written)
    facts, body = split("" if record else written, name)
    source = f"https://github.com/{row.repository}/blob/{row.commit}" if row else ""
    text, removed = readable(body, source, name)
    fields, rest = into_fields(text)
    title, summary, over = _title(facts, fields, path)
    notes = [*over, *facts.rest, *([f"tags: {', '.join(facts.tags)}"] if facts.tags else [])]
    return ImportedText(
        source_key=f"{row.repository if row else root.name}:{name}",
        digest=hashlib.sha256(raw).hexdigest(),
        title=title,
        summary=summary,
        published=facts.published,
        author=facts.author,
        tags=facts.tags,
        fields=fields,
        rest=_with_notes(rest, notes, removed),
        licence=row.licence if row else "",
        source_name=row.repository if row else "",
        source_url=f"https://github.com/{row.repository}" if row else "",
        record=record,
        address=address_in(written) if record else "",
        warnings=tuple(w for w in (facts.warning, f"{len(removed)} pieces of markup left out" if removed else "") if w),
    )


def _title(facts: FrontMatter, fields: dict[str, str], path: Path) -> tuple[str, str, list[str]]:
    """Title and summary at the lengths that lists can show; the whole of a longer one goes to the notes."""
    words = facts.title or path.stem.replace("_", " ").replace("-", " ").capitalize()
    title, summary, over = one_line(words), one_line(facts.summary), []
    if not facts.title:
        first = next((line for text in fields.values() for line in text.split("\n") if line.startswith("# ")), "")
        title = first.removeprefix("# ").strip() or title
    for name, text in (("title", title), ("summary", summary)):
        if len(text) > BY_NAME[name].longest:
            over.append(f"{name} in full: {text}")
    return cut(title, BY_NAME["title"].longest), cut(summary, BY_NAME["summary"].longest), over


def _with_notes(rest: str, notes: list[str], removed: list[str]) -> str:
    """The rest of the text, then what the file said besides, and the markup that was left out, as code so that it stays as it was."""
    parts = [rest] if rest else []
    if notes:
        parts.append("# About the original\n\n" + "\n".join(f"- {note}" for note in notes))
    if removed:
        parts.append("# Markup left out\n\n```text\n" + "\n".join(r.replace("```", "'''") for r in removed) + "\n```")
    return "\n\n".join(parts)
