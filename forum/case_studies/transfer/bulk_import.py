"""Importing real texts as case studies: each file once, nothing lost, every outcome reported."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from forum.access.actors import Visitor
from forum.accounts.models import Account
from forum.case_studies import versions
from forum.case_studies.events import CaseStudyChanged, CaseStudyDecided, CaseStudySubmitted
from forum.case_studies.models import PUBLISHED, SUBMITTED, CaseStudy
from forum.case_studies.moderation import actions as moderating
from forum.case_studies.record.completeness import gaps
from forum.case_studies.record.markdown_file import along_in
from forum.case_studies.record.values import ITEMS, findings, html, normal, stored_findings
from forum.case_studies.submission.actions import apply
from forum.case_studies.transfer.actions import read_along, take_annexes, take_measures_and_files
from forum.case_studies.transfer.presentation import Leaving, markdown
from forum.case_studies.transfer.read_file import CatalogueRow, ImportedText, find_files, read_catalogue, read_file
from forum.case_studies.transfer.table import TABLES, TableRow, read_table
from forum.discussions.seed import site_account
from forum.documents.identifiability import refusal
from forum.documents.markdown import render
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import announce
from forum.records.items import Part
from forum.records.schema import Record

LEFT_OUT, FAILED = "left out", "failed"
Bar = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file or row: new, changed, unchanged, held (for a moderator), left out (it is no case study) or
    failed (it cannot be read or stored)."""

    file: str
    result: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.result:<9} {self.file}{f'  ({self.detail})' if self.detail else ''}"


@dataclass(frozen=True, slots=True)
class _Job:
    """One text that was read, under the name that its outcome has."""

    name: str
    text: ImportedText


def import_all(paths: list[Path], publish: bool, bar: Bar) -> list[Outcome]:
    """Import every Markdown and Word file below `paths`, and the tables named there. Repeating it changes only what changed in the files.

    All are published here on the day of the import. They are taken in the order of their sources' dates, so
    that lists which show the newest first show the source's newest first.
    """
    found: list[_Job | Outcome] = []
    bases = {path: _base(path) for path in paths}
    files = [(file, bases[path]) for path in paths for file in find_files([path])]
    catalogues = {base: read_catalogue(base) for base in bases.values()}
    if not files:
        return [
            Outcome(
                ", ".join(map(str, paths)),
                FAILED,
                "there is no Markdown, R Markdown, Quarto or Word file in it; name a table itself",
            )
        ]
    with bar(2 * len(files), "Importing") as step:
        for file, base in files:
            found += _table(file) if file.suffix.lower() in TABLES else [_read(file, base, catalogues[base])]
            step(1)
        outcomes = {i: one for i, one in enumerate(found) if isinstance(one, Outcome)}
        jobs = [(i, one) for i, one in enumerate(found) if isinstance(one, _Job)]
        for i, job in sorted(jobs, key=lambda job: job[1].text.published or date.min):
            outcomes[i] = _keep(job.name, job.text, publish)
        step(len(files))
    return [outcomes[i] for i in sorted(outcomes)]


def _base(path: Path) -> Path:
    """The folder that files are named from: where the catalogue is, so that a part of a collection is named as the whole is."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    return folder.parent if not (folder / "index.csv").exists() and (folder.parent / "index.csv").exists() else folder


def _read(file: Path, root: Path, catalogue: Mapping[str, CatalogueRow]) -> _Job | Outcome:
    name = file.resolve().relative_to(root).as_posix()
    try:
        text = read_file(file.resolve(), root, catalogue)
    except (ValueError, OSError) as error:
        return Outcome(name, FAILED, _in_words(error))
    return Outcome(name, LEFT_OUT, text.unfit) if text.unfit else _Job(name, text)


def _in_words(error: ValueError | OSError) -> str:
    """What is wrong, for the one who runs the command: a system's error without its number."""
    return f"it cannot be opened: {(error.strerror or 'unknown').lower()}" if isinstance(error, OSError) else str(error)


def _table(file: Path) -> list[_Job | Outcome]:
    found: list[_Job | Outcome] = []
    try:
        found += [_row(file, row) for row in read_table(file.read_bytes(), file.stem)]
    except (ValueError, OSError) as error:
        found.append(Outcome(file.name, FAILED, _in_words(error)))
    return found or [Outcome(file.name, LEFT_OUT, "there is no row in it")]


def _row(file: Path, row: TableRow) -> _Job | Outcome:
    name = f"{file.name}, row {row.number}"
    if row.text is None:
        return Outcome(name, FAILED if row.wrong else LEFT_OUT, row.wrong or row.unfit)
    return _Job(f"{name}: {row.text.title}", row.text)


def _keep(name: str, text: ImportedText, publish: bool) -> Outcome:
    try:
        values = _values(text)
        rendered, found = html(values), findings(values)
    except ValueError as error:
        return Outcome(name, FAILED, str(error))
    if words := refusal(found):
        return Outcome(name, FAILED, words)
    if _ours(text, values):
        return Outcome(name, "unchanged", "it is here already")
    along = read_along(text)
    sure = [f for f in found if f.severity == "block"]
    with transaction():
        existing = db.session.scalars(select(CaseStudy).where(CaseStudy.source_key == text.source_key)).first()
        if existing is not None and existing.source_digest == text.digest:
            return Outcome(name, "unchanged")
        case = existing or _fresh(site_account(), text)
        before = case.record
        _write(case, text, values, rendered)
        case.findings = stored_findings(found)
        take_measures_and_files(site_account().member(), case, along)
        result = _settle(case, existing is not None, before, publish and not sure)
        take_annexes(case, along)
    detail = [*([f"{len(found)} findings"] if found else []), *text.warnings, *(f"left out: {told}" for told in along.left_out)]
    return Outcome(name, result, "; ".join(detail))


def _ours(text: ImportedText, values: Record) -> bool:
    """Return whether the file was written by this very site, of a case study that still says the same."""
    base = f"{current_app.config['FORUM'].base_url}/case-studies/"
    number = text.address.removeprefix(base)
    case = db.session.get(CaseStudy, int(number)) if text.address.startswith(base) and number.isdecimal() else None
    if case is None or case.record != values:
        return False
    owner = db.session.get(Account, case.member_id)
    here = along_in(markdown(Leaving(owner.member() if owner else Visitor(), case), lambda _: ""))
    return all(_nameless(row) in map(_nameless, here.get(name, [])) for name, rows in text.along.items() for row in rows)


def _nameless(row: Mapping[str, Any]) -> dict[str, Any]:
    """Facts without the place of a file, which is another in each file that names it."""
    return {name: value for name, value in row.items() if name != "file"}


def _values(text: ImportedText) -> dict[str, Any]:
    if text.record is not None:
        wrong = [g.message for g in gaps(text.record) if g.field in text.record and isinstance(ITEMS[g.field], Part)]
        if wrong:
            raise ValueError(wrong[0])
        return dict(text.record)
    return normal({**text.fields, "title": text.title, "summary": text.summary, "rest": text.rest, "source_facts": text.about})


def _fresh(owner: Account, text: ImportedText) -> CaseStudy:
    at = now()
    case = CaseStudy(member_id=owner.id, source_key=text.source_key, html={}, created_at=at, saved_at=at)
    case.findings, case.justifications, case.status = [], {}, SUBMITTED
    case.submitted_at = at
    db.session.add(case)
    db.session.flush()
    return case


def _write(case: CaseStudy, text: ImportedText, values: Record, rendered: dict[str, str]) -> None:
    # Facts that people added on the site since the last import stay.
    facts = {name: value for name, value in case.record.items() if isinstance(ITEMS.get(name), Part)}
    apply(site_account().member(), case, {**facts, **values}, rendered)
    case.source_digest = text.digest
    if text.record is None:
        case.licence = text.licence or "Not stated"
    case.source_name, case.source_url, case.source_author = text.source_name, text.source_url, text.author
    case.source_date = text.published.isoformat() if text.published else ""
    case.saved_at = now()


def _settle(case: CaseStudy, known: bool, before: Record, publish: bool) -> str:
    """Publish, store a version for a change, or leave it on the moderators' desk."""
    if known:
        if case.status == PUBLISHED:
            case.updated_at, case.needs_look = now(), not publish
            versions.keep(case.member_id, case, "Imported again")
        announce(CaseStudyChanged(case.id, case.member_id, "Imported again"))
        return "changed"
    if not publish:
        announce(CaseStudySubmitted(case.id, 0, len(case.findings)))
        return "held"
    case.move(PUBLISHED, now())
    moderating.open_discussion(case, render(moderating.opening_text(case)))
    announce(CaseStudyDecided(case.id, 0, "publish", ""))
    return "new"
