"""The pages of measures. A slice whose things have measures mounts them below its own addresses: `pages(name, owner)`."""

from functools import partial, update_wrapper
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from forum.access.permissions import Permission, may
from forum.accounts.queries import FORMER, people
from forum.kernel import rate_limits
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.revisions import history as history_of
from forum.kernel.text import slugify
from forum.measures import actions, charts, queries
from forum.measures.editing.views import autosave, edit, edit_post, new, new_post
from forum.measures.fields import CHOICES
from forum.measures.models import Measure
from forum.measures.owner import Owner
from forum.measures.presentation import as_csv, chart_png
from forum.measures.record import flat, heading
from forum.spc.summary import settings_line
from forum.web.access_level import Reach, actor, member, reach
from forum.web.devices import asker
from forum.web.form_responses import show
from forum.web.forms import Form, given_reason

CHOICE_WORDS = {name: part.options.given for name, part in CHOICES.items()}


@reach(Reach.MEMBER)
def manage(owner: Owner, id_: int) -> BaseResponse:
    """All measures of a thing, for those who may change them."""
    thing = actions.owned(owner, member(), id_)
    rows = queries.listed(actions.ref_of(thing))
    active = sum(m.removed_at is None for m in rows)
    return show("measures/manage.html", Form(), thing=thing, rows=rows, active=active, kind=owner.kind, led=owner.led)


@reach(Reach.MEMBER)
def arrange(owner: Owner, id_: int, measure_id: int, what: str) -> BaseResponse:
    """Take a measure out, put it back, move it up, or let it lead the papers."""
    done = {
        "remove": actions.take_out,
        "restore": actions.put_back,
        "up": actions.move_up,
        "lead": actions.lead,
        "let-site-choose": actions.let_site_choose,
    }[what]
    try:
        with transaction():
            measure = done(member(), owner, id_, measure_id, given_reason())
        flash(f"Done: “{measure.name}”.", "success")
    except Invalid as problem:
        flash(str(problem), "error")
    return redirect(f"{owner.get(member(), id_).url}/measures", 303)


def _seen(owner: Owner, id_: int, measure_id: int) -> tuple[Any, Measure]:
    """The thing and its measure, as far as the actor may see them."""
    thing = owner.get(actor(), id_)
    return thing, queries.get(actions.ref_of(thing), measure_id, hidden=may(actor(), Permission.EDIT, thing))


@reach(Reach.READER)
def detail(owner: Owner, id_: int, measure_id: int) -> str:
    """One measure: the chart, how to read it, the figures, and with `?limits=one` the chart without recalculated limits."""
    thing, measure = _seen(owner, id_, measure_id)
    one = request.args.get("limits") == "one" and bool(measure.reading.get("recalculated"))
    record = measure.record
    return render_template(
        "measures/detail.html",
        thing=thing,
        measure=measure,
        one=one,
        looked=charts.page_of(record, one),
        value=lambda number: charts.mean_of(record, number),
        words=CHOICE_WORDS,
    )


@reach(Reach.READER)
def history(owner: Owner, id_: int, measure_id: int) -> str:
    """Every saved change of a measure beside what stood before."""
    thing, measure = _seen(owner, id_, measure_id)
    steps = history_of(("measure", measure.id), say=flat)
    who = people(step.revision.member_id for step in steps)
    hides = f"/moderation/versions/{owner.kind}-measure/{measure.id}" if may(actor(), Permission.DECIDE, thing) else ""
    return render_template(
        "measures/history.html", thing=thing, measure=measure, steps=steps, who=who, former=FORMER, question=heading, hides=hides
    )


@reach(Reach.READER)
def fetch(owner: Owner, id_: int, measure_id: int, file: str) -> Response:
    """The chart as a picture, or its figures. Pictures for the page are stored; a PNG is drawn when somebody takes it."""
    thing, measure = _seen(owner, id_, measure_id)
    if file.endswith(".svg"):
        picture = measure.narrow if file == "chart-narrow.svg" else measure.wide
        response = Response(picture or _no_chart(), mimetype="image/svg+xml")
    elif file == "chart.png":
        rate_limits.spend_quickly("png", asker(), 30, 60, "There were many downloads in a short time.")
        response = Response(_png(thing, measure), mimetype="image/png")
    else:
        response = Response(as_csv(measure, owner.credit(thing)), mimetype="text/csv")
    name = f"{slugify(measure.name)}-{file}"
    if file in {"chart.png", "figures.csv"} or "download" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(f"{measure.id}-{measure.version}-{measure.chart_version}-{file.rpartition('.')[0]}")
    return response.make_conditional(request)  # type: ignore[return-value]


def _no_chart() -> str:
    raise Invalid("There are too few points for a chart: 6 are needed.")


def _png(thing: Any, measure: Measure) -> bytes:
    record = measure.record
    if measure.reading.get("stage", "table") == "table":
        _no_chart()
    said = settings_line(charts.chart_of(record), charts.settings_of(record))
    return chart_png(measure, measure.name, f"{thing.name}. {said}") or b""


_ROUTES = (
    ("", "GET", manage),
    ("/new", "GET", new),
    ("/new", "POST", new_post),
    ("/new/autosave", "POST", autosave),
    ("/<id:measure_id>", "GET", detail),
    ("/<id:measure_id>/edit", "GET", edit),
    ("/<id:measure_id>/edit", "POST", edit_post),
    ("/<id:measure_id>/edit/autosave", "POST", autosave),
    ("/<id:measure_id>/history", "GET", history),
    ("/<id:measure_id>/<any(remove, restore, up):what>", "POST", arrange),
    ("/<id:measure_id>/<any('chart.svg', 'chart-narrow.svg', 'chart.png', 'figures.csv'):file>", "GET", fetch),
)


def pages(name: str, owner: Owner) -> Blueprint:
    """The pages of the measures of one kind of thing."""
    bp = Blueprint(name, __name__)
    bound: dict[str, Any] = {view.__name__: update_wrapper(partial(view, owner), view) for _, _, view in _ROUTES}
    for rule, method, view in _ROUTES:
        bp.add_url_rule(f"{owner.prefix}/<ref:id_>/measures{rule}", view.__name__, bound[view.__name__], methods=[method])
    if owner.led:
        rule = f"{owner.prefix}/<ref:id_>/measures/<id:measure_id>/<any(lead, 'let-site-choose'):what>"
        bp.add_url_rule(rule, "arrange", bound["arrange"], methods=["POST"])
    return bp
