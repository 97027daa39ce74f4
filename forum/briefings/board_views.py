"""A case study for a board: one page of A4, to read and to print."""

from flask import Blueprint, render_template

from forum.briefings.presentation import ACCOUNT, of_part
from forum.briefings.queries import brief
from forum.case_studies import queries
from forum.documents.pdf.elements import Element
from forum.documents.pdf.fitting import shortened
from forum.measures.grid import grid
from forum.web.access_level import Reach, actor, reach

bp = Blueprint("board", __name__)
#: Characters of each text that one sheet has room for; beyond them it ends with a whole sentence.
ROOM = {"problem": 340, "actions": 450, "results": 340, "rest": 450}


@bp.get("/case-studies/<ref:id_>/board")
@reach(Reach.READER)
def paper(id_: int) -> str:
    """One sheet of paper."""
    found = brief(queries.get(actor(), id_))
    told: dict[str, tuple[str, list[Element], bool]] = {}
    for name in (*ACCOUNT, "rest"):
        if shown := found.parts.get(name):
            kept, _, every = shortened(of_part(shown), ROOM[name])
            told[name] = (shown.heading, kept, every)
    return render_template("briefings/board.html", found=found, told=told, grid=grid(found.measures))
