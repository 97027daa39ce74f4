"""Taking a case study away: Markdown, Word, a print page."""

from flask import Blueprint, Response, render_template

from forum.case_studies import queries
from forum.case_studies.models import CaseStudy
from forum.case_studies.page import detail_context
from forum.case_studies.reader_view import about, reader_view
from forum.case_studies.record.markdown_file import blocks, to_markdown
from forum.case_studies.record.values import Record
from forum.case_studies.transfer.bulk_export import file_name
from forum.documents import word as docx
from forum.kernel import rate_limits
from forum.kernel.wording import say_date
from forum.organisations.queries import places_of
from forum.web.access_level import Reach, actor, reach
from forum.web.devices import asker

bp = Blueprint("case_exports", __name__)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/case-studies/<ref:id_>/export.md")
@reach(Reach.READER)
def markdown(id_: int) -> Response:
    case = queries.get(actor(), id_)
    return _download(
        to_markdown(reader_view(case).values, about(case)).encode(), "text/markdown; charset=utf-8", file_name(case, "md")
    )


@bp.get("/case-studies/<ref:id_>/export.docx")
@reach(Reach.READER)
def word(id_: int) -> Response:
    # Half a second of a processor each: nobody needs hundreds.
    rate_limits.spend_quickly("word", asker(), 20, 60, "There were many downloads in a short time.")
    case = queries.get(actor(), id_)
    reader, said = reader_view(case), about(case)
    data = docx.from_markdown(
        blocks(reader.values, reader.html), case.name, _facts(case, reader.values, said.address), said.citation
    )
    return _download(data, WORD, file_name(case, "docx"))


def _facts(case: CaseStudy, values: Record, address: str) -> list[tuple[str, str]]:
    facts = [
        ("In one line", values.get("summary", "")),
        (
            "Where",
            ", ".join(p.name for p in places_of(queries.KIND, [case.id])[case.id]) or ", ".join(values.get("organisations", [])),
        ),
        ("Who receives it", values.get("population", "")),
        ("Published", say_date(case.published_at) if case.published_at else "Not published"),
        ("Licence", case.licence),
        ("Address", address),
    ]
    return [(label, words) for label, words in facts if words]


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
