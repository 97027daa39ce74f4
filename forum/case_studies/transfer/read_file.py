"""From a file to the parts of a case study."""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from forum.case_studies.record.fields import BY_NAME
from forum.case_studies.record.markdown_file import FILES, address_in, along_in, from_markdown, is_ours
from forum.case_studies.record.markdown_file import LARGEST as LARGEST_OURS
from forum.case_studies.record.values import written as texts_in
from forum.case_studies.transfer.front_matter import FrontMatter, name_without_date, split
from forum.case_studies.transfer.headings import into_fields, title_of, top_level
from forum.case_studies.transfer.markup.readable import readable
from forum.case_studies.transfer.unfit import unfit
from forum.documents.chunks import ENDINGS as CODED
from forum.documents.chunks import folded
from forum.documents.conversion import to_docx
from forum.documents.uploads import MOST_BYTES, Refused, size_in_words, unpack
from forum.documents.word_reading import to_markdown
from forum.kernel.kinds import IN_WORDS, FileKind, kind_of, text_of
from forum.kernel.text import clean, cut, one_line

#: More text than this in one file is refused: a case study that long would be a book.
LARGEST = 400_000
MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx"})
#: What word processors write: taken, or told that it cannot be.
WRITTEN = frozenset({".docx", ".doc", ".rtf", ".odt", ".pages"})


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
    #: What such a file says beside the record, and the folder that its pictures are in.
    along: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    folder: Path | None = None


_AS_WORD = "Save it as .docx in your word processor, then upload that."
_FIGURES = "Figures go on the page of a measure, once there is a draft; many case studies in one table go through forum import."
_SLIDES = "Save them as .pptx, and bring that in on the page “Bring in a file”."
#: What is guessed of their text has to be looked through.
_ALONE = "Bring it in on the page “Bring in a file”, where you look through what was read of it."
_PICTURES = "Bring in the text first, or begin with an empty form; pictures are then added to the draft."
#: What to do with a file whose text cannot be read here.
_INSTEAD: dict[FileKind, str] = {
    "empty": "Open it to see that it has something in it, save it, and choose it again.",
    "iwork": "Open it there, choose File, Export To, Word, and bring that in.",
    "archive": "Unpack it, and bring in the text that is in it.",
    "outlook": "Copy its words into a Word file, and bring that in.",
    "locked": "Save it as .docx without a password, then upload that.",
    "broken package": "Open it, save it again as .docx, then upload that.",
    "json": "Bring in a Word file (.docx), Markdown or plain text.",
    "other": "Bring in a Word file (.docx), Markdown or plain text.",
    **dict.fromkeys(("doc", "rtf", "odt", "xml", "old office"), _AS_WORD),
    **dict.fromkeys(("xlsx", "xls", "ods"), _FIGURES),
    **dict.fromkeys(("ppt", "odp"), _SLIDES),
    **dict.fromkeys(("pptx", "pdf"), _ALONE),
    **dict.fromkeys(("picture", "phone picture", "other picture"), _PICTURES),
}


def readable_bytes(data: bytes, most_text: int) -> bytes:
    """The file as .docx, or as text in UTF-8 of at most `most_text` bytes.

    Raises `Refused`; its message is the rest of a sentence that begins with the name of the file.
    """
    if len(data) > MOST_BYTES:
        raise Refused(too_large(len(data), MOST_BYTES))
    kind = kind_of(data)
    text = text_of(data) if kind == "text" else None
    if text is not None:
        if len(data) > most_text:
            raise Refused(f"has {size_in_words(len(data))} of text; at most {size_in_words(most_text)} are taken. Split it in two.")
        return text.encode()
    made = data if kind == "docx" else to_docx(data, kind)
    if made is None:
        raise Refused(f"is {IN_WORDS[kind]}. {_INSTEAD[kind]}")
    return made


#: How to make such a file smaller.
SMALLER = (
    "Make it smaller: in Word choose a picture, then Picture Format and Compress Pictures; or take the pictures out and add them to the "
    "draft."
)


def too_large(size: int, most: int) -> str:
    """What is said of a file that is too large, after its name."""
    return f"has {size_in_words(size)}; at most {size_in_words(most)} are taken. {SMALLER}"


def find_files(paths: Iterable[Path]) -> list[Path]:
    """All Markdown and Word files, those of folders at any depth, and whatever is named itself; sorted."""
    return sorted(f for p in paths for f in ([p] if p.is_file() else _texts(p)))


def _texts(folder: Path) -> Iterable[Path]:
    # Word keeps a file of such a name beside one that is open.
    found = (f for f in folder.rglob("*") if not f.name.startswith(("~$", "._")))
    return (f for f in found if f.suffix.lower() in MARKDOWN | CODED | WRITTEN and f.is_file())


def read_catalogue(root: Path) -> Mapping[str, CatalogueRow]:
    """`folder/file` → source and licence, from `index.csv` at the root; empty where there is none."""
    file = root / "index.csv"
    if not file.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(text_of(file.read_bytes()) or "", newline=""))
    if not {"folder", "file", "source_repo", "commit", "licence"} <= set(rows.fieldnames or []):
        return {}
    return {f"{row['folder']}/{row['file']}": CatalogueRow(row["source_repo"], row["commit"], row["licence"]) for row in rows}


def read_file(path: Path, root: Path, catalogue: Mapping[str, CatalogueRow]) -> ImportedText:
    """Read one file. Raises OSError, or ValueError with words for its sender: too large, of another kind, or not to be stored."""
    raw = path.read_bytes()
    name = path.relative_to(root).as_posix()
    row = catalogue.get(name)
    written, pictures = words_in(raw)
    record = from_markdown(written)
    along = along_in(written) if record else {}
    facts, body = split("" if record else written, name)
    body, code = folded(body) if path.suffix.lower() in CODED else (body, ())
    whole, removed = readable(body)
    titled, text = title_of(whole, bool(facts.title))
    text = with_facts(text, facts)
    title = facts.title or titled or one_line(name_without_date(path.stem)).capitalize()
    fields, rest = into_fields(text)
    return ImportedText(
        source_key=f"{row.repository if row else root.name}:{name}",
        digest=_digest(raw, path.parent, along),
        title=cut(title, BY_NAME["title"].longest),
        summary=cut(facts.summary, BY_NAME["summary"].longest),
        published=facts.published,
        author=facts.author,
        tags=facts.tags,
        fields=fields,
        rest=rest,
        about="\n\n".join(filter(None, ["\n".join(f"- {line}" for line in facts_beside(facts, titled)), *code])),
        licence=row.licence if row else "",
        source_name=row.repository if row else "",
        source_url=f"https://github.com/{row.repository}" if row else "",
        record=record,
        address=address_in(written) if record else "",
        along=along,
        folder=path.parent,
        warnings=tuple(filter(None, (facts.warning, f"{removed} pieces of markup left out" if removed else "", pictures))),
        unfit=why_not(name, title, whole, facts, body) if record is None else unfit("", record.get("title", ""), texts_of(record)),
    )


def file_at(folder: Path, name: str) -> Path | None:
    """A file in a folder, at whatever depth; None for a name that leads out of it, or to nothing."""
    if "://" in name or "\\" in name or "\0" in name:
        return None
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder.resolve()) and path.is_file() else None
    except OSError:  # such as a name that is too long for the disk
        return None


def _digest(raw: bytes, folder: Path, along: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """A digest of a file and of the pictures that it names."""
    digest = hashlib.sha256(raw)
    for row in along.get(FILES, ()):
        found = file_at(folder, str(row.get("file", "")))
        digest.update(found.read_bytes() if found else b"")
    return digest.hexdigest()


def words_in(raw: bytes) -> tuple[str, str]:
    """The Markdown in a file, and what is told of its pictures. Raises ValueError."""
    if kind_of(raw) == "empty":
        return "", ""
    try:
        data = readable_bytes(raw, LARGEST_OURS if is_ours(raw) else LARGEST)
    except Refused as why:
        raise ValueError(f"it {why}") from why
    if not data.startswith(b"PK"):
        return clean(data.decode()), ""
    count = sum(part.startswith("word/media/") for part in unpack(data))
    return to_markdown(data), f"pictures left out: {count}" if count else ""


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
