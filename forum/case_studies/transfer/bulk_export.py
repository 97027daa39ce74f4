"""All published case studies that anyone may read, as a folder that `forum import` reads back."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from forum.access.actors import Actor, Visitor
from forum.access.rules import may_view
from forum.case_studies.attachments.storage import path_of
from forum.case_studies.measure_owner import credit
from forum.case_studies.models import PUBLISHED, Attachment, CaseStudy
from forum.case_studies.transfer.bulk_import import Bar
from forum.case_studies.transfer.presentation import Leaving, markdown
from forum.kernel.db import db
from forum.kernel.text import sheet_cell, slugify
from forum.measures.presentation import as_csv


def file_name(case: CaseStudy, extension: str) -> str:
    """Its number and title, as a file's name."""
    return f"{case.id}-{slugify(case.name)}.{extension}"


@dataclass(frozen=True, slots=True)
class Exported:
    """How many case studies were written, and which of their pictures and files are missing on the site's disk."""

    count: int
    missing: tuple[str, ...] = ()


def export_all(folder: Path, bar: Bar) -> Exported:
    """Export every published case study that anyone may read, with its pictures and files, and a list of them.

    `forum import` reads the Markdown and the files back; the figures stand beside them as CSV for other programs. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows, missing = list(_published(Visitor())), list[str]()
    with bar(len(rows), "Exporting") as step, (folder / "index.csv").open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(["file", "title", "published", "licence", "address", "citation"])
        for case in rows:
            leaving = Leaving(Visitor(), case)
            name, said = file_name(case, "md"), leaving.said
            (folder / name).write_text(markdown(leaving, _place), "utf-8", newline="")
            missing += _copy_files(leaving, folder)
            _write_figures(leaving, folder / "figures")
            table.writerow([name, sheet_cell(case.title), said.published, case.licence, said.address, sheet_cell(said.citation)])
            step(1)
    return Exported(len(rows), tuple(missing))


def _place(file: Attachment) -> str:
    """Where a file is, from the folder."""
    return f"files/{file.case_study_id}/{file.id}-{file.name}"


def _published(who: Actor) -> Iterator[CaseStudy]:
    found = db.session.scalars(select(CaseStudy).where(CaseStudy.status == PUBLISHED).order_by(CaseStudy.id))
    return (case for case in found if may_view(who, case))


def _write_figures(leaving: Leaving, folder: Path) -> None:
    """The figures of its measures, a CSV file each."""
    for measure in leaving.measures:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{leaving.case.id}-{measure.id}-{slugify(measure.name)}.csv"
        (folder / name).write_text(as_csv(measure, credit(leaving.case)), "utf-8", newline="")


def _copy_files(leaving: Leaving, folder: Path) -> Iterator[str]:
    """Yield the names of those that are missing."""
    for file in leaving.files:
        target = folder / _place(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path_of(file).is_file():
            target.write_bytes(path_of(file).read_bytes())
        else:
            yield _place(file)
