"""Suggested organisations on the moderators' desk."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Length

from forum.access.actors import Member
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.references import NOBODY
from forum.moderation.actions import note
from forum.moderation.queue import QueueItem, QueueSource
from forum.organisations import actions, queries
from forum.organisations.models import SUGGESTED
from forum.taxonomy.models import ORGANISATION_TYPE, REGION
from forum.taxonomy.queries import terms
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import Form, Required

bp = Blueprint("organisations", __name__)


class DecideForm(Form):
    outcome = RadioField(
        "Your decision",
        [Required("Choose a decision")],
        choices={"confirm": "It exists: confirm it", "close": "Close it: it is a mistake, or a duplicate"},
    )
    type = SelectField("Kind of organisation", choices=lambda: {t.slug: t.label for t in terms(ORGANISATION_TYPE)})
    region = SelectField("Region", choices=lambda: {"": "Not known"} | {t.slug: t.label for t in terms(REGION)})
    reason = TextAreaField("Your reason", [Length(max=500)], description="Needed when you close it. The member reads it.")


@bp.get("/moderation/organisations/<id:id_>")
@reach(Reach.STAFF)
def decide(id_: int) -> Response:
    return _page(DecideForm(), id_)


@bp.post("/moderation/organisations/<id:id_>")
@reach(Reach.STAFF)
def decide_post(id_: int) -> Response:
    form, who = DecideForm(), member()
    if not form.validate():
        return _page(form, id_)
    confirm, reason = form.outcome.data == "confirm", form.reason.data or ""
    try:
        with transaction():
            actions.decide(who, id_, confirm, form.type.data, form.region.data, reason)
            note(who, ("organisation", id_), "confirmed it" if confirm else "closed it", reason)
    except Invalid as problem:
        form.blame(problem)
        return _page(form, id_)
    flash("Your decision is recorded.", "success")
    return redirect(url_for("moderation.desk"), 303)


def _page(form: DecideForm, id_: int) -> Response:
    organisation = queries.get(member(), id_)
    return show("organisations/decide.html", form, organisation=organisation, open=organisation.status == SUGGESTED)


def items(actor: Member, limit: int) -> tuple[int, list[QueueItem]]:
    total, waiting = queries.suggestions(limit)
    return total, [
        QueueItem(
            kind="organisation",
            id=o.id,
            what="Organisation",
            title=o.name,
            url=f"/moderation/organisations/{o.id}",
            since=o.created_at,
            author=NOBODY,
            flags=(("New name", "neutral"),),
        )
        for o in waiting
    ]


QUEUE = QueueSource("organisation", "Organisations", items, lambda: queries.suggestions(1)[0])
