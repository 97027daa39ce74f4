"""The timeline of a case study, and what moderators do with its entries."""

from typing import Any

from flask import Blueprint, render_template

from forum.access.actors import Actor
from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.case_studies import queries as case_studies
from forum.case_studies.evidence import currency
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.kernel.errors import NotFound
from forum.kernel.revisions import history as history_of
from forum.updates import queries
from forum.updates.models import Update
from forum.web.access_level import Reach, actor, reach
from forum.web.panels import Panel

bp = Blueprint("updates", __name__)
#: Entries of the timeline on the case study's own page.
SHOWN = 6


@bp.get("/case-studies/<ref:id_>/updates")
@reach(Reach.READER)
def timeline(id_: int) -> str:
    case = case_studies.get(actor(), id_)
    return render_template("updates/timeline.html", case=case, entries=queries.timeline(actor(), case))


@bp.get("/case-studies/<ref:id_>/updates/<id:update_id>/history")
@reach(Reach.READER)
def history(id_: int, update_id: int) -> str:
    """Every correction of an entry beside what stood before."""
    update = queries.get(actor(), update_id)
    if update.case_study_id != id_:
        raise NotFound("There is no such update here.")
    steps = history_of((Update.kind, update.id))
    return render_template(
        "updates/history.html",
        case=case_studies.get(actor(), id_),
        update=update,
        steps=steps,
        who=people(step.revision.member_id for step in steps),
        former=FORMER,
        question=lambda name: {"text": "What changed", "happened": "When"}[name],
        hides=f"/moderation/versions/{Update.kind}/{update.id}" if may(actor(), Permission.DECIDE, update) else "",
    )


def panel(who: Actor, case: CaseStudy) -> dict[str, Any] | None:
    """The timeline on the page of a case study, with the question whether it goes on for those who can answer it."""
    if case.published_at is None:
        return None
    entries = queries.timeline(who, case)
    own = may(who, Permission.EDIT, case) and case.status == PUBLISHED
    return {
        "entries": entries[:SHOWN],
        "more": len(entries) - SHOWN,
        "may_post": own,
        "may_confirm": own and case.practice_status not in currency.ENDED and case.freshness != "",
    }


def freshness(_who: Actor, case: CaseStudy) -> dict[str, Any] | None:
    """Return when it was last confirmed, and by when it should be again."""
    if case.status != PUBLISHED or not case.freshness:
        return None
    since = case.confirmed_at or case.published_at
    return {
        "state": case.freshness,
        "heard": currency.heard_since(case),
        "words": currency.FRESHNESS[case.freshness],
        "since": since,
        "by": case.review_by,
    }


PANELS = (Panel("updates/_timeline.html", panel), Panel("updates/_freshness.html", freshness, "side"))
