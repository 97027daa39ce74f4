"""Reading adoptions: all of a case study, and one."""

from functools import partial
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.access.actors import Member
from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.adoptions import actions, queries
from forum.adoptions.models import HIDDEN, PUBLISHED, WITHDRAWN, Adoption
from forum.adoptions.passages import ended_heading
from forum.adoptions.queries import KIND, PER_PAGE, AdoptionFilter
from forum.adoptions.record import ENDED, SCHEMA, STAGES, flat, heading
from forum.case_studies import queries as case_queries
from forum.case_studies.record.parts import CONTEXT, HELPED
from forum.kernel.revisions import history as history_of
from forum.measures.presentation import figures
from forum.moderation.queries import decisions
from forum.organisations.queries import places_of
from forum.web.access_level import Reach, actor, reach
from forum.web.paging import Page, page_number

bp = Blueprint("adoptions", __name__)


@bp.get("/case-studies/<ref:id_>/adoptions")
@reach(Reach.READER)
def index(id_: int) -> str | Response:
    who, case = actor(), case_queries.get(actor(), id_)
    url = f"{case.url}/adoptions"
    if request.path != url:
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(url + query, 301)
    stage = request.args.get("stage", "")
    wanted = AdoptionFilter(case_id=case.id, stage=stage if stage in STAGES else "")
    counts = queries.stage_counts(who, AdoptionFilter(case_id=case.id))
    total = counts.get(wanted.stage, 0) if wanted.stage else sum(counts.values())
    page = Page(page_number(), total, PER_PAGE).check()
    return render_template(
        "adoptions/index.html",
        case=case,
        stages={stage: queries.stage_badge(stage)[0] for stage in STAGES},
        counts=counts,
        stage=wanted.stage,
        page=page,
        adoptions=queries.listed(who, wanted, page.offset),
        own=isinstance(who, Member) and bool(actions.may_share(who, case)),
    )


@bp.get("/adoptions/<ref:id_>")
@reach(Reach.READER)
def detail(id_: int) -> str | Response:
    who = actor()
    adoption = queries.get(who, id_)
    if request.path != adoption.url:
        return redirect(adoption.url, 301)
    record = adoption.record
    return render_template(
        "adoptions/detail.html",
        adoption=adoption,
        case=adoption.case,
        record=record,
        person=people([adoption.member_id]).get(adoption.member_id, FORMER),
        places=places_of(KIND, [adoption.id])[adoption.id],
        stage=queries.stage_badge(adoption.stage),
        result=queries.result_badge(adoption.stage, adoption.result),
        verification=queries.verification_badge(adoption.verification),
        parts=_parts(adoption),
        thing=adoption,
        figures=figures((KIND, adoption.id)),
        context=_context(adoption),
        texts=SCHEMA.items,
        ended=ended_heading(adoption.stage) if adoption.stage in ENDED else "",
        may_verify=isinstance(who, Member) and actions.may_verify(who, adoption),
        state=STATES.get(adoption.status),
        decisions=decisions((KIND, adoption.id), 5) if adoption.status == HIDDEN else [],
    )


@bp.get("/adoptions/<ref:id_>/history")
@reach(Reach.READER)
def history(id_: int) -> str:
    """Every change of a record beside what stood before."""
    adoption = queries.get(actor(), id_)
    steps = history_of((KIND, adoption.id), say=partial(_say, adoption))
    return render_template(
        "adoptions/history.html",
        adoption=adoption,
        steps=steps,
        who=people(step.revision.member_id for step in steps),
        former=FORMER,
        question=heading,
        hides=f"/moderation/versions/{KIND}/{adoption.id}" if may(actor(), Permission.DECIDE, adoption) else "",
    )


def _say(adoption: Adoption, name: str, value: Any) -> str:
    """A value of one of its versions in words. Core parts that the case study may no longer show are not shown here either."""
    return "" if name == "kept" and adoption.case.withheld.get("core_parts") else flat(name, value)


#: status → (kind of notice, title, words), for those who see it all the same.
STATES = {
    "held": ("info", "Waiting for a moderator", "A moderator will look at this before others can see it."),
    HIDDEN: ("warning", "Hidden", "Only its author and the moderators can see this."),
    WITHDRAWN: ("info", "Withdrawn", "Its author withdrew this. Only they and the moderators can see it."),
}
assert PUBLISHED not in STATES


def _parts(adoption: Adoption) -> list[tuple[str, bool]]:
    """The core parts with whether they were kept; none where the record does not say. Parts that were reworded since come last."""
    kept, parts = adoption.record.get("kept", []), actions.core_parts(adoption.case)
    told = bool(kept or adoption.record.get("changed"))
    # Where the case study may no longer show its core parts, its adopters do not show them either.
    reworded = [] if adoption.case.withheld.get("core_parts") else [part for part in kept if part not in parts]
    return [(part, part in kept) for part in [*parts, *reworded]] if told else []


def _context(adoption: Adoption) -> list[tuple[str, str, str]]:
    """(what, effect, how) of each row of the grid."""
    rows = adoption.record.get("context", [])
    return [(CONTEXT.keys[row["key"]], HELPED.label(row.get("effect", "")), row.get("note", "")) for row in rows]
