"""The moderators' desk, and the report form that everybody has."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forum.kernel.clock import now
from forum.kernel.db import transaction
from forum.kernel.errors import NotFound
from forum.kernel.references import Card, cards
from forum.moderation import actions, queries, queue
from forum.moderation.forms import OUTCOMES, DecideReportForm, ReasonForm, ReportForm
from forum.moderation.judging import HIDE, RELEASE, check, judge, judged
from forum.moderation.models import OPEN, REASONS
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import given_reason
from forum.web.own_address import moved
from forum.web.paging import Page, page_number

bp = Blueprint("moderation", __name__)
PER_PAGE = 50


@bp.get("/moderation")
@reach(Reach.STAFF)
def desk() -> str:
    totals, items = queue.waiting(member())
    wanted = request.args.get("only", "")
    shown = [i for i in items if not wanted or i.kind == wanted]
    return render_template(
        "moderation/desk.html",
        totals=totals,
        sources=queue.sources(),
        items=shown,
        wanted=wanted,
        urgent=sum(i.urgent for i in items),
        decided=queries.decided_since(now()),
    )


@bp.get("/moderation/decisions")
@reach(Reach.STAFF)
def decisions() -> str:
    number = page_number()
    total, rows = queries.log(member(), (number - 1) * PER_PAGE, PER_PAGE)
    page = Page(number, total, PER_PAGE).check()
    found = cards(member(), [(r.kind, r.ref_id) for r in rows])
    return render_template("moderation/decisions.html", rows=rows, cards=found, page=page)


@bp.post("/moderation/versions/<kind>/<id:id_>/<id:number>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def version(kind: str, id_: int, number: int, verb: str) -> Response:
    """Hide what an earlier version said, or show it again, by a button in the history."""
    whose = current_app.extensions["forum.versions"].get(kind)
    if whose is None:
        raise NotFound("There are no versions of this.")
    with transaction():
        thing, ref, history = whose(member(), id_)
        actions.hide_version(member(), thing, ref, number, verb == "hide", given_reason())
    flash("Done. Its author will be told, with your reason.", "success")
    return redirect(history, 303)


@bp.post("/moderation/<kind>/<id:id_>/release")
@reach(Reach.STAFF)
def release(kind: str, id_: int) -> Response:
    with transaction():
        thing = judge(member(), judged(kind), id_, RELEASE)
    flash("It is published, and its author will be told.", "success")
    return redirect(_card(thing.kind, thing.id).url, 303)


@bp.get("/moderation/<kind>/<id:id_>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def judgement(kind: str, id_: int, verb: str) -> Response:
    check(member(), judged(kind), judged(kind).find(member(), id_))
    return _judge_page(ReasonForm(), kind, id_, verb)


@bp.post("/moderation/<kind>/<id:id_>/<any(hide, show):verb>")
@reach(Reach.STAFF)
def judgement_post(kind: str, id_: int, verb: str) -> Response:
    form = ReasonForm()
    if not form.validate():
        return _judge_page(form, kind, id_, verb)
    with transaction():
        judge(member(), judged(kind), id_, verb, form.reason.data or "")
    flash("Done. Its author will be told, with your reason.", "success")
    return redirect(_card(kind, id_).url, 303)


def _judge_page(form: ReasonForm, kind: str, id_: int, verb: str) -> Response:
    return show("moderation/judge.html", form, what=judged(kind).what, card=_card(kind, id_), verb=verb)


def _card(kind: str, id_: int) -> Card:
    card = cards(member(), [(kind, id_)]).get((kind, id_))
    if card is None:
        raise NotFound("There is nothing here, or it is not public.")
    return card


@bp.get("/report/<kind>/<id:id_>")
@reach(Reach.MEMBER)
def report(kind: str, id_: int) -> Response:
    page = _report_page(ReportForm(), kind, id_)
    return moved() or page


@bp.post("/report/<kind>/<id:id_>")
@reach(Reach.MEMBER)
def report_post(kind: str, id_: int) -> Response:
    form, who = ReportForm(), member()
    if not form.validate():
        return _report_page(form, kind, id_)

    def make() -> str:
        actions.make_report(who, (kind, id_), form.reason.data, form.text.data or "")
        return url_for("moderation.report_sent")

    return redirect(form.once(who.id, make), 303)


def _report_page(form: ReportForm, kind: str, id_: int) -> Response:
    card = cards(member(), [(kind, id_)]).get((kind, id_))
    if card is None:
        raise NotFound("There is nothing here to report.")
    return show("moderation/report.html", form, card=card)


@bp.get("/report/sent")
@reach(Reach.MEMBER)
def report_sent() -> str:
    return render_template("moderation/report_sent.html")


@bp.get("/moderation/reports/<id:id_>")
@reach(Reach.STAFF)
def decide(id_: int) -> Response:
    return _decide_page(DecideReportForm(), id_)


@bp.post("/moderation/reports/<id:id_>")
@reach(Reach.STAFF)
def decide_post(id_: int) -> Response:
    form, who = DecideReportForm(), member()
    if not form.validate():
        return _decide_page(form, id_)
    reason = form.reason.data or ""
    with transaction():
        row = actions.decide_report(who, id_, form.outcome.data != "dismiss", reason)
        if form.outcome.data == "hide":
            judge(who, judged(row.kind), row.ref_id, HIDE, reason)
    flash("Your decision is recorded, and the people concerned will be told.", "success")
    return redirect(url_for("moderation.desk"), 303)


def _decide_page(form: DecideReportForm, id_: int) -> Response:
    row = queries.report(member(), id_)
    card = cards(member(), [(row.kind, row.ref_id)]).get((row.kind, row.ref_id))
    if row.kind not in current_app.extensions["forum.judged"]:
        form.outcome.choices = {k: v for k, v in OUTCOMES.items() if k != "hide"}
    return show("moderation/decide.html", form, report=row, card=card, reasons=REASONS, open=row.state == OPEN)
