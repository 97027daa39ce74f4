"""Taking a case study away: Markdown, Word, a print page; and all that is published into a folder."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from forum.access.actors import Actor, Visitor
from forum.access.rules import may_view
from forum.case_studies import queries
from forum.case_studies.files import path_of
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.case_studies.portable import blocks, to_markdown
from forum.case_studies.record import Record
from forum.case_studies.views import about, detail_context, seen
from forum.kernel import docx, limits
from forum.kernel.db import db
from forum.kernel.text import slugify
from forum.organisations.queries import places_of
from forum.web.reach import Reach, actor, reach
from forum.web.templating import say_date

bp = Blueprint("case_exports", __name__)
Bar = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/case-studies/<ref:id_>/export.md")
@reach(Reach.READER)
def markdown(id_: int) -> Response:
    case = queries.get(actor(), id_)
    values, _ = seen(case)
    return _download(to_markdown(values, about(case)).encode(), "text/markdown; charset=utf-8", _file_name(case, "md"))


@bp.get("/case-studies/<ref:id_>/export.docx")
@reach(Reach.READER)
def word(id_: int) -> Response:
    # Half a second of a processor each: nobody needs hundreds.
    limits.spend_quickly(
        "word", request.remote_addr, 20, 60, "There were many downloads in a short time. Wait a minute, then try again."
    )
    case = queries.get(actor(), id_)
    values, html = seen(case)
    data = docx.from_markdown(blocks(values, html), case.name, _facts(case, values), about(case).citation)
    return _download(data, WORD, _file_name(case, "docx"))


def _facts(case: CaseStudy, values: Record) -> list[tuple[str, str]]:
    facts = [
        ("In one line", values.get("summary", "")),
        (
            "Where",
            ", ".join(p.name for p in places_of(queries.KIND, [case.id])[case.id]) or ", ".join(values.get("organisations", [])),
        ),
        ("Who receives it", values.get("population", "")),
        ("Published", say_date(case.published_at) if case.published_at else "Not published"),
        ("Licence", case.licence),
        ("Address", about(case).address),
    ]
    return [(label, words) for label, words in facts if words]


def _file_name(case: CaseStudy, extension: str) -> str:
    return f"{case.id}-{slugify(case.name)}.{extension}"


def _download(data: bytes, media_type: str, name: str) -> Response:
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/case-studies/<ref:id_>/print")
@reach(Reach.READER)
def paper(id_: int) -> str:
    """A paper of about two pages: problem, what was done, results, what it took, contact."""
    case = queries.get(actor(), id_)
    return render_template("case_studies/print.html", **detail_context(case))


def export_all(folder: Path, bar: Bar) -> int:
    """Every published case study that anyone may read, with its pictures and files, and a list of them; gives how many.

    The folder can be read back by `forum import`. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = list(_published(Visitor()))
    with bar(len(rows), "Exporting") as step, (folder / "index.csv").open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(["file", "title", "published", "licence", "address", "citation"])
        for case in rows:
            said = about(case)
            name = _file_name(case, "md")
            (folder / name).write_text(to_markdown(seen(case)[0], said), "utf-8")
            _copy_files(case, folder / "files" / str(case.id))
            table.writerow([name, _cell(case.title), said.published, case.licence, said.address, _cell(said.citation)])
            step(1)
    return len(rows)


def _published(who: Actor) -> Iterator[CaseStudy]:
    found = db.session.scalars(select(CaseStudy).where(CaseStudy.status == PUBLISHED).order_by(CaseStudy.id))
    return (case for case in found if may_view(who, case))


def _copy_files(case: CaseStudy, folder: Path) -> None:
    for file in queries.shown_files(case):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{file.id}-{file.name}").write_bytes(path_of(file).read_bytes())


def _cell(text: str) -> str:
    """A spreadsheet must not run what somebody typed (OWASP, CSV injection)."""
    return f"'{text}" if re.match(r"[=+\-@\t\r]", text) else text
