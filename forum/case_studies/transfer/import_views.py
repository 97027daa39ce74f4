"""Bringing one file in: upload it, say which piece goes where, and go on in the form."""

import re

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response
from wtforms import FileField, StringField
from wtforms.validators import Length

from forum.access.permissions import Permission, authorize
from forum.case_studies.editing import actions
from forum.case_studies.record.fields import FIELDS
from forum.case_studies.transfer.pieces import (
    MOST_PIECES,
    Piece,
    Pieces,
    Unreadable,
    cut_up,
    joined,
    placed,
    places_to_split,
    split_at,
)
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.kernel.idempotency import once
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import CreateForm
from forum.web.upload_limits import takes

bp = Blueprint("case_imports", __name__)
LARGEST_UPLOAD = 12 * 1024 * 1024
PLACES = {f.name: f.question for f in FIELDS if f.name not in {"title", "summary"}}


class FileForm(CreateForm):
    file = FileField("Choose a file", description="A Word file (.docx), Markdown or plain text; or a file that this site exported.")


class PlaceForm(CreateForm):
    title = StringField("Title", [Length(max=10_000)])
    summary = StringField("The result in one line", [Length(max=10_000)])


@bp.get("/case-studies/import")
@reach(Reach.MEMBER)
def start() -> Response:
    authorize(member(), Permission.WRITE)
    return show("case_studies/import.html", FileForm())


@bp.post("/case-studies/import")
@reach(Reach.MEMBER)
@takes(LARGEST_UPLOAD)
def read() -> Response:
    """The file's pieces, each with a guess; or, for a file of our own, the draft at once."""
    authorize(member(), Permission.WRITE)
    form = FileForm()
    if not form.validate():
        return show("case_studies/import.html", form)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Unreadable("Choose a file first.")
        found = cut_up(sent.read(), sent.filename)
    except Unreadable as problem:
        form.blame(Invalid(str(problem), "file"))
        return show("case_studies/import.html", form)
    if found.record is not None:
        return _begin(form, found.record)
    return _place_page(PlaceForm(formdata=None, title=found.title, summary=found.summary), found)


def _place_page(form: PlaceForm, found: Pieces, changed: int = -1) -> Response:
    """`changed` is the number of the piece that was just split or joined, and that its author goes on with."""
    if found.by_name:
        form.title.description = "The file has no title of its own, and this is the file’s name. Write what your work is called."
    whole = [places_to_split(p) if len(found.pieces) < MOST_PIECES else {} for p in found.pieces]
    return show("case_studies/import_place.html", form, status=200, found=found, places=PLACES, splits=whole, changed=changed)


@bp.post("/case-studies/import/place")
@reach(Reach.MEMBER)
@takes(LARGEST_UPLOAD)
def place() -> Response:
    form = PlaceForm()
    sent = request.form
    numbers = [n for n in range(MOST_PIECES) if f"text-{n}" in sent]
    pieces = [
        Piece(sent.get(f"heading-{n}", ""), sent[f"text-{n}"].replace("\r\n", "\n"), sent.get(f"place-{n}", "")) for n in numbers
    ]
    change, _, number = sent.get("change", "").partition(":")
    if change in {"split", "join"} and re.fullmatch(r"[0-9]{1,2}", number):
        split = change == "split"
        changed = split_at(pieces, int(number), sent.get(f"where-{number}", "")) if split else joined(pieces, int(number))
        return _place_page(form, Pieces(pieces=tuple(changed), by_name="by-name" in sent), int(number) + (1 if split else -1))
    by_place = [(p.guess, p.heading, p.text) for p in pieces]
    return _begin(form, placed(form.title.data or "", form.summary.data or "", by_place))


def _begin(form: CreateForm, values: dict[str, object] | dict[str, str]) -> Response:
    with transaction():
        made = once(form.form_key.data or "", member().id, lambda: str(actions.begin(member(), values).id))
    flash("It is in your drafts, and nobody else sees it yet. Look through each part, then send it.", "success")
    return redirect(f"/case-studies/{made}/edit", 303)
