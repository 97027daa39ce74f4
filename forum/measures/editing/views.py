"""Entering a measure: typing or pasting, a look at the chart and at everything odd about the figures, and only then saving."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, jsonify, redirect, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from forum.access.actors import Member
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid, ReasonNeeded
from forum.kernel.text import BadText, one_line
from forum.kernel.wording import say_date
from forum.measures import actions, charts, queries
from forum.measures.editing import table
from forum.measures.editing.forms import MeasureForm, as_data, filled, typed
from forum.measures.editing.table import LARGEST, Taken
from forum.measures.fields import ROW_PARTS
from forum.measures.models import Measure
from forum.measures.owner import Owner
from forum.measures.record import changes, findings, gaps, lines_read, normal, read_figures
from forum.records.gaps import Gap
from forum.records.schema import Record
from forum.spc.read.series import Problem, small_counts
from forum.tables.reading import One
from forum.web import drafts
from forum.web.access_level import Reach, member, reach
from forum.web.draft_pages import MaySend, keep_typed
from forum.web.form_responses import show
from forum.web.forms import only_our_names
from forum.web.own_address import moved
from forum.web.upload_limits import takes


def _key(owner: Owner, id_: int, measure_id: int) -> str:
    return f"measure:{owner.kind}:{id_}:{measure_id or 'new'}"


def drafts_of(owner: Owner) -> dict[str, MaySend]:
    """Return what the drafts of the measures of such things ask for, by the first part of their keys."""

    def may_send(who: Member, rest: str) -> None:
        id_, _, measure_id = rest.partition(":")
        thing = actions.owned(owner, who, int(id_))
        _measure(thing, int(measure_id) if measure_id.isdecimal() else 0)

    return {f"measure:{owner.kind}": may_send}


def _measure(thing: Any, measure_id: int) -> Measure | None:
    return queries.get(actions.ref_of(thing), measure_id, hidden=True) if measure_id else None


@reach(Reach.MEMBER)
def new(owner: Owner, id_: int) -> BaseResponse:
    return _form_page(owner, id_, 0)


@reach(Reach.MEMBER)
def edit(owner: Owner, id_: int, measure_id: int) -> BaseResponse:
    return _form_page(owner, id_, measure_id)


def _form_page(owner: Owner, id_: int, measure_id: int) -> BaseResponse:
    thing = actions.owned(owner, member(), id_)
    measure = _measure(thing, measure_id)
    kept = drafts.kept(member(), _key(owner, thing.id, measure_id))
    stored = drafts.began(kept, measure.version) if measure else None
    return moved(stored) or _page(thing, measure, filled(measure, kept.fields if kept else None), kept=kept)


def _page(thing: Any, measure: Measure | None, form: MeasureForm, status: int = 0, **context: Any) -> BaseResponse:
    where = f"{thing.url}/measures/{f'{measure.id}/edit' if measure else 'new'}"
    own = member().id in thing.editor_ids
    page = {"kept": None, "looked": None, "warnings": (), "theirs": (), "taken": None, "every": (), "parts": ROW_PARTS, **context}
    return show("measures/form.html", form, status=status, thing=thing, measure=measure, where=where, own=own, **page)


@reach(Reach.MEMBER)
@takes(LARGEST + 1_500_000)
def new_post(owner: Owner, id_: int) -> BaseResponse:
    return _post(owner, id_, 0)


@reach(Reach.MEMBER)
@takes(LARGEST + 1_500_000)
def edit_post(owner: Owner, id_: int, measure_id: int) -> BaseResponse:
    return _post(owner, id_, measure_id)


def _post(owner: Owner, id_: int, measure_id: int) -> BaseResponse:
    only_our_names()
    thing, form = actions.owned(owner, member(), id_), MeasureForm()
    measure = _measure(thing, measure_id)
    action = request.form.get("action", "look")
    if action.startswith("more:") and action[5:] in ROW_PARTS:
        return _page(thing, measure, _with_more(action[5:]), status=200)
    sound = form.validate()
    taken = table.take(form, several=measure is None)
    if not sound or form.errors:
        return _page(thing, measure, form, taken=taken)
    if taken is not None and taken.each:
        return _post_each(owner, thing, form, taken, action)
    if action == "target" and taken is not None:
        form.take_target(table.target_of(taken))
    try:
        record, stops, warnings = _read(form)
    except BadText as problem:
        form.blame(Invalid(str(problem)))
        return _page(thing, measure, form)
    # Who looks at what was read of a table is not asked for the rest of the form yet.
    asked = [gap for gap in stops if gap.field == "figures"] if action == "read" else stops
    for gap in asked:
        form.blame(Invalid(gap.message, gap.field))
    if stops or action != "save" or (warnings and not form.right.data):
        if action == "save" and not stops:
            form.blame(Invalid("Look at what is odd below, then correct it or tick that it is right", "right"))
        looked = None if _undrawable(stops) else charts.page_of(record)
        return _page(thing, measure, form, status=0 if form.errors else 200, looked=looked, warnings=warnings, taken=taken)
    return _save(owner, thing, measure, form, record)


def _undrawable(stops: list[Gap]) -> bool:
    """Return whether the chart cannot be drawn; wrong texts and choices do not prevent that."""
    return any(gap.field in {"figures", "baseline", *ROW_PARTS} for gap in stops)


def _with_more(name: str) -> MeasureForm:
    """The form as it was sent, with three more rows of that kind."""
    sent = MultiDict(list(request.form.items(multi=True)))
    used = {int(key.split("-")[1]) for key in sent if key.startswith(f"{name}-")}
    for number in range(3):
        sent[f"{name}-{max(used, default=-1) + 1 + number}-{ROW_PARTS[name].columns[0].name}"] = ""
    return MeasureForm(formdata=sent)


def _read(form: MeasureForm, figures: str | None = None, series: str = "") -> tuple[dict[str, Any], list[Gap], list[Problem]]:
    """The record that the form holds, what must be put right in it, and what is only odd.

    `figures` are those of one of several series, whose name then follows that of the measure.
    """
    values = form.values()
    if series:
        values["name"] = f"{values['name']}: {series}" if values["name"] else ""
    record, found = read_figures((form.figures.data or "") if figures is None else figures, normal(values))
    stops = (
        gaps(record)
        + [Gap("figures", f"Line {p.line}: {p.message}" if p.line else p.message) for p in found.problems if p.stops][:20]
    )
    stops += [Gap(f.field, f"Take this out: “{f.match}”. {f.reason}") for f in findings(record) if f.severity == "block"]
    odd = [p for p in found.problems if not p.stops] + small_counts(found.points, bool(record.get("people")))
    odd += [Problem(0, f"“{f.match}”: {f.reason} {f.advice}", stops=False) for f in findings(record) if f.severity != "block"]
    return record, stops, odd


@dataclass(frozen=True)
class _Of:
    """One of several measures that are made at once: the name of its series, what was read, and its chart for the preview."""

    series: str
    record: Record
    stops: list[Gap]
    odd: list[Problem]
    chart: Markup | str = ""
    words: str = ""


def _of(form: MeasureForm, one: One, place: int) -> _Of:
    if one.reading is None:
        return _Of(one.name, {}, [Gap("figures", one.problem)], [])
    record, stops, odd = _read(form, lines_read(one.reading), one_line(one.name))
    # The lines are those of the one series, which nobody sees: its dates say where something is odd.
    days = [p.date for p in one.reading.points]
    odd = [Problem(0, f"{say_date(days[p.line - 1])}: {p.message}" if p.line else p.message, False) for p in odd]
    if _undrawable(stops) or not record.get("points"):
        return _Of(one.name, record, stops, odd)
    drawing = charts.drawn(record, charts.NARROW, f"of{place}")
    return _Of(one.name, record, stops, odd, Markup(drawing), charts.words(record))


def _together(told: list[tuple[str, list[tuple[str, str]]]]) -> list[tuple[str, str]]:
    """(field, words) of every series, with its name before them; what all of them have is told once."""
    common = set.intersection(*(set(found) for _, found in told)) if told else set()
    once = [pair for pair in dict.fromkeys(told[0][1]) if pair in common]
    return once + [(field, f"{name}: {words}") for name, found in told for field, words in found if (field, words) not in common]


def _post_each(owner: Owner, thing: Any, form: MeasureForm, taken: Taken, action: str) -> BaseResponse:
    """Look at a measure of each series, or make them all; what is wrong in one keeps all of them from being made."""
    try:
        every = [_of(form, one, place) for place, one in enumerate(taken.each, 1)]
    except BadText as problem:
        form.blame(Invalid(str(problem)))
        return _page(thing, None, form, taken=taken)
    stops = _together([(of.series, [(gap.field, gap.message) for gap in of.stops]) for of in every])
    for field, words in stops:
        if field == "figures" or action != "read":
            form.blame(Invalid(words, field))
    odd = _together([(of.series, [("", p.message) for p in of.odd]) for of in every])
    warnings = [Problem(0, words, stops=False) for _, words in odd]
    if stops or action != "save" or (warnings and not form.right.data):
        if action == "save" and not stops:
            form.blame(Invalid("Look at what is odd below, then correct it or tick that it is right", "right"))
        return _page(thing, None, form, status=0 if form.errors else 200, warnings=warnings, taken=taken, every=every)
    return _save_each(owner, thing, form, taken, every)


def _save_each(owner: Owner, thing: Any, form: MeasureForm, taken: Taken, every: list[_Of]) -> BaseResponse:
    who, where = member(), f"{thing.url}/measures"
    made = [(of.record, charts.make(of.record, f"m{thing.id}x{form.form_key.data}n{n}")) for n, of in enumerate(every)]

    def add() -> str:
        actions.add_each(who, owner, thing.id, made, form.reason.data or "")
        return where

    try:
        with transaction():
            where = form.once(who.id, add)
            drafts.drop(who, _key(owner, thing.id, 0))
    except (Invalid, ReasonNeeded) as problem:
        form.blame(problem if isinstance(problem, Invalid) else Invalid(str(problem), "reason"))
        return _page(owner.get(who, thing.id), None, form, taken=taken, every=every)
    shown = all(one.shown for _, one in made)
    flash(f"{len(made)} measures are saved.{'' if shown else ' Readers see them once you say what they tell us.'}", "success")
    return redirect(where, 303)


def _save(owner: Owner, thing: Any, measure: Measure | None, form: MeasureForm, record: Record) -> BaseResponse:
    who = member()
    made = charts.make(record, f"m{thing.id}x{measure.id if measure else form.form_key.data}")

    def add() -> str:
        return f"{thing.url}/measures/{actions.add(who, owner, thing.id, record, made, form.reason.data or '').id}"

    try:
        with transaction():
            if measure is None:
                where = form.once(who.id, add)
            else:
                began = form.began(who.id, measure.version)
                changed = actions.change(who, owner, thing.id, measure.id, record, made, began, *form.by_staff())
                form.saved(who.id, changed.version)
                where = f"{thing.url}/measures/{measure.id}"
            drafts.drop(who, _key(owner, thing.id, measure.id if measure else 0))
    except EditConflict as conflict:
        return _conflict(owner, thing, measure, form, record, conflict)
    except (Invalid, ReasonNeeded) as problem:
        form.blame(problem if isinstance(problem, Invalid) else Invalid(str(problem), "reason"))
        return _page(owner.get(who, thing.id), measure, form, looked=charts.page_of(record))
    flash(
        "The measure is saved." if made.shown else "The measure is saved. Readers see it once you say what it tells us.", "success"
    )
    return redirect(where, 303)


def _conflict(
    owner: Owner, thing: Any, measure: Measure | None, form: MeasureForm, record: Record, conflict: EditConflict
) -> BaseResponse:
    """Return 409 with both versions; fields that are not in dispute are shown as they are stored now."""
    settled = normal({**record, **conflict.merged})
    form = MeasureForm(formdata=None, data=as_data(settled) | {"form_key": form.form_key.data, "reason": form.reason.data})
    form.restart(conflict.version)
    said = changes(conflict.theirs, {name: record.get(name) for name in conflict.theirs})
    return _page(owner.get(member(), thing.id), measure, form, status=409, theirs=said, looked=charts.page_of(settled))


@reach(Reach.MEMBER)
def autosave(owner: Owner, id_: int, measure_id: int = 0) -> Response:
    """Keep what is typed as a draft of this member's."""
    thing = actions.owned(owner, member(), id_)
    where = f"{thing.url}/measures/{f'{measure_id}/edit' if measure_id else 'new'}"
    label = f"Measure: {request.form.get('name') or 'new'} ({thing.name})"
    try:
        return keep_typed(_key(owner, thing.id, measure_id), where, label, typed())
    except Invalid as problem:
        answer = jsonify({"message": str(problem)})
        answer.status_code = 422
        return answer
