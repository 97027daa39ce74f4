"""Papers to take away: PDF of two pages, of one for a board, as a slide; the slide as PowerPoint and as a picture."""

from collections.abc import Callable

from flask import Blueprint, Response

from forum.briefings.page import given, spend
from forum.briefings.presentation import board, one_document, two_pages
from forum.briefings.queries import Brief, brief
from forum.briefings.slide import powerpoint, slide
from forum.case_studies import queries
from forum.case_studies.models import PUBLISHED
from forum.documents.pdf.typeset import pdf, png
from forum.kernel.clock import today
from forum.kernel.text import slugify
from forum.web.access_level import Reach, actor, reach
from forum.web.assets import font_file, paper_fonts
from forum.web.kept import kept

bp = Blueprint("papers", __name__)

#: File → how it is made.
FILES: dict[str, Callable[[Brief], bytes]] = {
    "paper.pdf": lambda found: pdf(one_document(found, two_pages(found), "Two-page paper"), paper_fonts()),
    "board.pdf": lambda found: pdf(one_document(found, board(found), "Board paper"), paper_fonts()),
    "slide.pdf": lambda found: pdf(one_document(found, slide(found), "Slide"), paper_fonts()),
    "board.png": lambda found: png(one_document(found, slide(found), "Slide"), paper_fonts()),
    "slide.pptx": lambda found: powerpoint(found, font_file()),
}


@bp.get("/case-studies/<ref:id_>/<any('paper.pdf', 'board.pdf', 'slide.pdf', 'slide.pptx', 'board.png'):file>")
@reach(Reach.READER)
def take(id_: int, file: str) -> Response:
    """One of them, made when somebody takes it and kept until the site changes."""
    spend()
    case = queries.get(actor(), id_)

    def make() -> bytes:
        return FILES[file](brief(case))

    data = kept(("paper", case.id, file, today()), make) if case.status == PUBLISHED else make()
    return given(data, f"{slugify(case.name)}-{file}")
