"""From a file to the parts of a case study."""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.record.markdown_file import address_in, from_markdown
from forum.case_studies.record.values import written as texts_in
from forum.case_studies.transfer.front_matter import FrontMatter, name_without_date, split
from forum.case_studies.transfer.headings import into_fields, title_of, top_level
from forum.case_studies.transfer.markup.readable import readable
from forum.case_studies.transfer.unfit import unfit
from forum.kernel.text import clean, cut, one_line

#: More than this of one file is refused: a case study that long would be a book.
LARGEST = 400_000
MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx"})


@dataclass(frozen=True)
class CatalogueRow:
    """What an `index.csv` beside the files says of one of them."""

    repository: str
    commit: str
    licence: str


@dataclass(frozen=True)
class ImportedText:
    """One file, read. `fields` holds narrative fields by name, `rest` what fitted none, `about` what the file says of itself."""

    source_key: str
    digest: str
    title: str
    summary: str
    published: date | None
    author: str
    tags: tuple[str, ...]
    fields: dict[str, str]
    rest: str
    about: str
    licence: str
    source_name: str
    source_url: str
    warnings: tuple[str, ...]
    #: The whole record, where the file is one that this site wrote or a row of a table.
    record: dict[str, Any] | None = None
    #: Where it lives, as a file that this site wrote says.
    address: str = ""
    #: Why it is no case study, in words; "" where it may be one.
    unfit: str = ""


def find_files(paths: Iterable[Path]) -> list[Path]:
    """All Markdown files, those of folders at any depth, and the tables that are named themselves; sorted."""
    return sorted(f for p in paths for f in ([p] if p.is_file() else _markdown(p)))


def _markdown(folder: Path) -> Iterable[Path]:
    return (f for f in folder.rglob("*") if f.suffix.lower() in MARKDOWN and f.is_file())


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
    whole, removed = readable(body)
    titled, text = title_of(whole, bool(facts.title))
    text = with_facts(text, facts)
    title = facts.title or titled or one_line(name_without_date(path.stem)).capitalize()
    fields, rest = into_fields(text)
    return ImportedText(
        source_key=f"{row.repository if row else root.name}:{name}",
        digest=hashlib.sha256(raw).hexdigest(),
        title=cut(title, BY_NAME["title"].longest),
        summary=cut(facts.summary, BY_NAME["summary"].longest),
        published=facts.published,
        author=facts.author,
        tags=facts.tags,
        fields=fields,
        rest=rest,
        about="\n".join(f"- {line}" for line in facts_beside(facts, titled)),
        licence=row.licence if row else "",
        source_name=row.repository if row else "",
        source_url=f"https://github.com/{row.repository}" if row else "",
        record=record,
        address=address_in(written) if record else "",
        warnings=tuple(w for w in (facts.warning, f"{removed} pieces of markup left out" if removed else "") if w),
        unfit=why_not(name, title, whole, facts, body) if record is None else unfit("", record.get("title", ""), texts_of(record)),
    )


def why_not(name: str, title: str, text: str, facts: FrontMatter, raw: str) -> str:
    """Return why a file is no case study; "" for one that may be."""
    if not text.strip() and (facts.title or facts.rest):
        return "there is a block of facts and no text below it"
    if facts.draft:
        return "its source says that it is a draft"
    return unfit(name, title, text, raw)


def texts_of(record: Mapping[str, Any]) -> str:
    """Return what a whole record says beside its title."""
    return "\n\n".join(text for name, text in texts_in(dict(record)).items() if name != "title")


def with_facts(text: str, facts: FrontMatter) -> str:
    """The text with what its block of facts tells readers: a summary that is too long for a line before it, other texts after it."""
    before = [facts.summary] if len(facts.summary) > BY_NAME["summary"].longest else []
    mark = "#" * top_level(text)
    after = [f"{mark} {name[:1].upper()}{name[1:]}\n\n{told}" for name, told in facts.texts]
    return "\n\n".join([*before, *([text] if text.strip() else []), *after])


def facts_beside(facts: FrontMatter, titled: str) -> list[str]:
    """Return what a file says besides its text: the rest of its facts, and in full the title that is cut for lists."""
    title = facts.title or titled
    over = [f"title in full: {title}"] if len(title) > BY_NAME["title"].longest else []
    own = [f"title in the text: {titled}"] if facts.title and _letters(titled) not in _letters(facts.title) else []
    return [*over, *own, *facts.rest, *([f"tags: {', '.join(facts.tags)}"] if facts.tags else [])]


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
