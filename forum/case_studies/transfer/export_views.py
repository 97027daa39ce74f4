"""Taking a case study away: Markdown, Word, a print page."""

from flask import Blueprint, Response, current_app, render_template

from forum.case_studies import queries
from forum.case_studies.page import detail_context
from forum.case_studies.transfer import presentation
from forum.case_studies.transfer.bulk_export import file_name
from forum.case_studies.transfer.presentation import Leaving
from forum.kernel import rate_limits
from forum.web.access_level import Reach, actor, reach
from forum.web.devices import asker

bp = Blueprint("case_exports", __name__)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@bp.get("/case-studies/<ref:id_>/export.md")
@reach(Reach.READER)
def markdown(id_: int) -> Response:
    case = queries.get(actor(), id_)
    at = f"{current_app.config['FORUM'].base_url}/case-studies/{case.id}/files"
    text = presentation.markdown(Leaving(actor(), case), lambda file: f"{at}/{file.id}")
    return _download(text.encode(), "text/markdown; charset=utf-8", file_name(case, "md"))


@bp.get("/case-studies/<ref:id_>/export.docx")
@reach(Reach.READER)
def word(id_: int) -> Response:
    # Up to a second of a processor each: nobody needs hundreds.
    rate_limits.spend_quickly("word", asker(), 20, 60, "There were many downloads in a short time.")
    case = queries.get(actor(), id_)
    return _download(presentation.word(Leaving(actor(), case)), WORD, file_name(case, "docx"))


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
