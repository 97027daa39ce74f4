"""All published case studies that anyone may read, as a folder that `forum import` reads back."""

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from forum.access.actors import Actor, Visitor
from forum.access.rules import may_view
from forum.case_studies import queries
from forum.case_studies.attachments.storage import path_of
from forum.case_studies.measure_owner import credit
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.case_studies.reader_view import about, reader_view
from forum.case_studies.record.markdown_file import to_markdown
from forum.case_studies.transfer.bulk_import import Bar
from forum.kernel.db import db
from forum.kernel.text import sheet_cell, slugify
from forum.measures import queries as measures
from forum.measures.presentation import as_csv


def file_name(case: CaseStudy, extension: str) -> str:
    """Its number and title, as a file's name."""
    return f"{case.id}-{slugify(case.name)}.{extension}"


def export_all(folder: Path, bar: Bar) -> int:
    """Export every published case study that anyone may read, with its pictures and files, and a list of them; return how many.

    The folder can be read back by `forum import`, but for the figures of measures, which are CSV files. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(_published(Visitor()))
    with bar(len(rows), "Exporting") as step, (folder / "index.csv").open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(["file", "title", "published", "licence", "address", "citation"])
        for case in rows:
            said = about(case)
            name = file_name(case, "md")
            (folder / name).write_text(to_markdown(reader_view(case).values, said), "utf-8")
            _copy_files(case, folder / "files" / str(case.id))
            _write_figures(case, folder / "figures")
            table.writerow([name, sheet_cell(case.title), said.published, case.licence, said.address, sheet_cell(said.citation)])
            step(1)
    return len(rows)


def _published(who: Actor) -> Iterator[CaseStudy]:
    found = db.session.scalars(select(CaseStudy).where(CaseStudy.status == PUBLISHED).order_by(CaseStudy.id))
    return (case for case in found if may_view(who, case))


def _write_figures(case: CaseStudy, folder: Path) -> None:
    """The figures of its measures, a CSV file each."""
    for measure in (m for m in measures.listed((CaseStudy.kind, case.id)) if m.shown and m.removed_at is None):
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{case.id}-{measure.id}-{slugify(measure.name)}.csv"
        (folder / name).write_text(as_csv(measure, credit(case)), "utf-8", newline="")


def _copy_files(case: CaseStudy, folder: Path) -> None:
    for file in queries.shown_files(case):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{file.id}-{file.name}").write_bytes(path_of(file).read_bytes())
