"""Bringing one file in: upload it, say which piece goes where, and go on in the form."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from flask import Blueprint, flash, redirect, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from forum.access.permissions import Permission, authorize
from forum.case_studies.attachments import actions as attachments
from forum.case_studies.attachments.page import LARGEST_UPLOAD, served
from forum.case_studies.attachments.storage import Brought, address_of, file_at, keep_pictures, named_by, word_of
from forum.case_studies.record.fields import FIELDS
from forum.case_studies.transfer import actions
from forum.case_studies.transfer.actions import Rows
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
    without_picture,
)
from forum.case_studies.transfer.read_file import SMALLER, readable_bytes, too_large
from forum.case_studies.transfer.table import TABLES, read_table
from forum.documents.chunks import ENDINGS as CODED
from forum.documents.chunks import folded
from forum.documents.document_text import MOST_PICTURES
from forum.documents.reading import KINDS
from forum.documents.uploads import MOST_BYTES, MOST_TEXT, Refused
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid, NotFound
from forum.kernel.idempotency import once
from forum.kernel.kinds import kind_of
from forum.kernel.text import cut
from forum.kernel.wording import plural
from forum.web import errors
from forum.web.access_level import Reach, member, reach
from forum.web.form_responses import show
from forum.web.forms import CreateForm, upload_field
from forum.web.upload_limits import takes

bp = Blueprint("case_imports", __name__)
PLACES = {f.name: f.question for f in FIELDS if f.name not in {"title", "summary"}}


class FileForm(CreateForm):
    file = upload_field(
        "Choose a file",
        "Word (.docx), PowerPoint (.pptx), PDF, Markdown, R Markdown, Quarto or plain text; a table with one case study; or "
        "a file that this site exported. Up to 10 MB.",
        MOST_BYTES,
        SMALLER,
    )


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
        found = _cut_up(sent.read(), sent.filename)
    except Unreadable as problem:
        form.blame(Invalid(str(problem), "file"))
        return show("case_studies/import.html", form)
    if found.record is not None:
        return _begin(form, found.record, along=found.along)
    brought = dict.fromkeys(keep_pictures(found.pictures), True)
    return _place_page(PlaceForm(formdata=None, title=found.title, summary=found.summary), found, brought)


def _place_page(form: PlaceForm, found: Pieces, brought: Mapping[Brought, bool], changed: int = -1) -> Response:
    """`brought` says of each picture whether it is taken along; `changed` is the number of the piece that was just split or joined, and
    that its author goes on with."""
    if found.by_name:
        form.title.description = "The file has no title of its own, and this is the file’s name. Write what your work is called."
    status = 422 if form.errors else 200
    whole = [places_to_split(p) if len(found.pieces) < MOST_PIECES else {} for p in found.pieces]
    who = member().id
    rows = [(p, taken, word_of(who, p), address_of(who, p)) for p, taken in brought.items()]
    return show(
        "case_studies/import_place.html",
        form,
        status=status,
        found=found,
        places=PLACES,
        splits=whole,
        changed=changed,
        pictures=rows,
    )


@bp.get("/case-studies/import/pictures/<end>")
@reach(Reach.MEMBER)
def picture(end: str) -> Response:
    """A picture of a file that this member is bringing in."""
    found = file_at(member().id, end)
    if found is None:
        raise NotFound("There is no such picture here.")
    return served(send_file(found[0], mimetype=found[1]))


def _cut_up(data: bytes, name: str) -> Pieces:
    ending = PurePath(name).suffix.lower()
    if ending in TABLES and kind_of(data) in {"text", "xlsx", "xls"}:
        return Pieces(record=_only_row(data, name))
    try:
        if kind_of(data) not in KINDS or len(data) > MOST_BYTES:
            data = readable_bytes(data, MOST_TEXT)
    except Refused as why:
        raise Unreadable(f"“{cut(name, 80)}” {why}") from why
    if ending not in CODED or kind_of(data) in KINDS:
        return cut_up(data, name)
    text, code = folded(data.decode().replace("\r\n", "\n"))
    found = cut_up(text.encode(), name)
    return found if not code else replace(found, pieces=(*found.pieces, Piece("", "\n\n".join(code), "source_facts")))


def _only_row(data: bytes, name: str) -> dict[str, object]:
    """The record in a table of case studies that has one. Raises `Unreadable`."""
    table = cut(name, 80)
    try:
        rows = list(read_table(data, PurePath(name).stem))
    except ValueError as error:
        raise Unreadable(
            f"“{table}” is a table, and not one of case studies: {error} Figures go on the page of a measure, once there is a draft."
        ) from error
    if wrong := [f"row {row.number}: {row.wrong}" for row in rows if row.wrong]:
        raise Unreadable(f"“{table}” cannot be brought in: {wrong[0]}. Change that in the table, then choose it again.")
    found = [row.text for row in rows if row.text]
    if len(found) != 1:
        many = "Take the others out, and bring in one; many at once go through forum import."
        none = "; ".join(f"row {row.number}: {row.unfit}" for row in rows[:3]) or "there is no row below the headings"
        raise Unreadable(
            f"“{table}” has {len(found)} case studies. {many}" if found else f"“{table}” has no case study in it: {none}."
        )
    if left := [f"row {row.number} ({row.unfit})" for row in rows if row.unfit]:
        flash(f"Left out of “{table}”: {', '.join(left[:10])}{' and more' if len(left) > 10 else ''}.", "info")
    beside = [f"- author: {found[0].author}"] if found[0].author else []
    beside += [f"- source: {found[0].source_url}"] if found[0].source_url else []
    record = found[0].record or {}
    facts = "\n".join(filter(None, [str(record.get("source_facts") or ""), *beside]))
    return {**record, "source_facts": facts} if beside else record


@bp.errorhandler(RequestEntityTooLarge)
def too_large_to_read(_error: RequestEntityTooLarge) -> Response:
    """The page again, with the file's size: nothing was typed on it that could be lost."""
    if request.endpoint != f"{bp.name}.{read.__name__}":
        return errors.page(413, "The text is larger than the site takes. Split the file in two, and bring in one after the other.")
    form = FileForm(formdata=None)
    form.blame(Invalid(f"The file {too_large(request.content_length or 0, MOST_BYTES)}", "file"))
    return show("case_studies/import.html", form, status=413)


@bp.post("/case-studies/import/place")
@reach(Reach.MEMBER)
@takes(LARGEST_UPLOAD)
def place() -> Response:
    form = PlaceForm()
    sent, brought = request.form, _sent_pictures()
    # One more than a text has: the code that it carries.
    numbers = [n for n in range(MOST_PIECES + 1) if f"text-{n}" in sent]
    pieces = [
        Piece(sent.get(f"heading-{n}", ""), sent[f"text-{n}"].replace("\r\n", "\n"), sent.get(f"place-{n}", "")) for n in numbers
    ]
    change, _, number = sent.get("change", "").partition(":")
    if change in {"split", "join"} and re.fullmatch(r"[0-9]{1,2}", number):
        split = change == "split"
        changed = split_at(pieces, int(number), sent.get(f"where-{number}", "")) if split else joined(pieces, int(number))
        found = Pieces(pieces=tuple(changed), by_name="by-name" in sent, check=cut(sent.get("check", ""), 400))
        return _place_page(form, found, brought, int(number) + (1 if split else -1))
    by_place = [(p.guess, p.heading, _with_gaps(p.text, brought)) for p in pieces]
    values = placed(form.title.data or "", form.summary.data or "", by_place)
    return _begin(form, values, [p for p, taken in brought.items() if taken])


def _sent_pictures() -> dict[Brought, bool]:
    """The pictures that the page carried, and whether each is taken along."""
    sent = request.form
    words = [sent.get(f"picture-{n}", "") for n in range(1, MOST_PICTURES + 1)]
    found = [p for word in words if (p := named_by(member().id, word)) is not None]
    return {p: f"take-{p.number}" in sent for p in found}


def _with_gaps(text: str, brought: Mapping[Brought, bool]) -> str:
    for p, taken in brought.items():
        text = text if taken else without_picture(text, p.number, p.caption or p.alt)
    return text


def _begin(
    form: CreateForm,
    values: Mapping[str, object],
    brought: Sequence[Brought] = (),
    along: Mapping[str, Rows] | None = None,
) -> Response:
    """`brought` are the pictures that the texts name, `along` is what a file of ours says beside the record."""
    left: list[str] = []

    def make() -> str:
        case, told = actions.begin(member(), values, along or {})
        left.append(told)
        if gone := attachments.bring_in(member(), case, brought):
            left.append(f"{plural(gone, 'picture', 'pictures')}: there is no room, or it is too long ago. Add them again")
        return str(case.id)

    with transaction():
        made = once(form.form_key.data or "", member().id, make)
    flash("It is in your drafts, and nobody else sees it yet. Look through each part, then send it.", "success")
    if told := "; ".join(filter(None, left)):
        flash(f"Left behind: {told}.", "info")
    return redirect(f"/case-studies/{made}/edit", 303)
