"""The page of a case study's pictures, files and consents, and the files themselves."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField, StringField
from wtforms.validators import Length, ValidationError

from forum.access.permissions import Permission, may
from forum.case_studies import queries
from forum.case_studies.attachments import actions as attachments
from forum.case_studies.attachments import consents, storage
from forum.case_studies.attachments.actions import LONGEST, Description
from forum.case_studies.attachments.consents import Agreement
from forum.case_studies.attachments.page import LARGEST_UPLOAD, served
from forum.case_studies.models import CaseStudy
from forum.case_studies.page import editable
from forum.case_studies.record.fields import BODY
from forum.documents.uploads import MOST_BYTES, SMALLER, Accepted, Refused, accept, size_in_words
from forum.kernel.clock import today
from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid, NotFound, ReasonNeeded
from forum.kernel.numbers import whole
from forum.web import errors
from forum.web.access_level import Reach, actor, member, reach
from forum.web.form_responses import show
from forum.web.forms import CreateForm, Required, RowForm, Ticks, given_reason, upload_field
from forum.web.upload_limits import takes

bp = Blueprint("case_files", __name__)
#: Answers without a consent. There is none before somebody gives one.
NOBODY, UNRECORDED = "no", "yes"


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> BaseResponse:
    """The same page, where the request is too large to be read at all."""
    size = size_in_words(request.content_length or 0)
    told = f"The file has {size}, which is larger than 10 MB, so nothing was kept. {SMALLER}"
    if request.endpoint != f"{bp.name}.{upload.__name__}":
        return errors.page(413, told)
    form = UploadForm(formdata=None)
    form.blame(Invalid(told, "file"))
    return _page(editable((request.view_args or {})["id_"]), form, ConsentForm(formdata=None), 413)


def _a_day(form: Any, field: Any) -> None:
    """Leaves the date in `day`, None where nothing is given."""
    try:
        form.day = date.fromisoformat(field.data) if field.data else None
    except ValueError:
        raise ValidationError("Give the day as year, month and day, such as 2027-06-30") from None


class _DescriptionForm:
    """What is said of a file."""

    alt = StringField(
        "If it is a picture: what does it show?",
        [Length(max=LONGEST)],
        description="For people who cannot see it. For a chart, say what it shows.",
        render_kw={"autocomplete": "off"},
    )
    caption = StringField("Caption", [Length(max=LONGEST)], render_kw={"autocomplete": "off"})
    consent = RadioField(
        "Can somebody be recognised in it?",
        choices={},
        validate_choice=False,
        description="By a face, a voice, a name or a place.",
    )


def _words(form: Any) -> Description:
    """Raises `Invalid` where somebody can be recognised who did not agree, as far as the site knows."""
    chosen = form.consent.data or ""
    if chosen == UNRECORDED:
        raise Invalid("Record below that they agreed, and choose that here. Without it this cannot be shown.", "consent")
    consent_id = whole(chosen)
    return Description(
        form.alt.data or "", form.caption.data or "", consent_id, answered=chosen == NOBODY or consent_id is not None
    )


class DescriptionForm(_DescriptionForm, RowForm):
    """The words of a file that is there already; there is one such form for each."""


class UploadForm(_DescriptionForm, CreateForm):
    file = upload_field(
        "Choose a picture or a file",
        "JPEG, PNG, WebP or GIF; PDF, Word, Excel, PowerPoint, CSV or text. Up to 10 MB. "
        "Places and names hidden in pictures are removed.",
        MOST_BYTES,
        SMALLER,
    )
    reason = StringField("Why are you adding it?", [Length(max=1_000)], description="The author reads this, and it is recorded.")


class ConsentForm(CreateForm):
    about = StringField(
        "What did they agree to?", [Required("Say what it is, such as: photo of the café, July"), Length(max=200)],
        description="No names: say it so that you will know it again.",
    )  # fmt: skip
    scope = StringField("Where may it be shown?", [Required("Say where, such as: on this site and in print"), Length(max=200)])
    holder = StringField(
        "Who holds the signed form?",
        [Required("Say which person or office has the form"), Length(max=200)],
        description="Keep the form itself with you. Never upload it.",
    )
    expires = StringField("Until when? (optional)", [_a_day], description="A day, such as 2027-06-30.")
    names = Ticks("Which texts tell the story?", choices={f.name: f.heading for f in BODY}, validate_choice=False)


def _page(
    case: CaseStudy, upload: UploadForm, consent: ConsentForm, status: int = 0, sent: tuple[int, Any] = (0, None)
) -> BaseResponse:
    """The page; `sent` is the file whose words came back, and their form."""
    consents, on = queries.consents_of(case), today()
    choices = {NOBODY: "No, nobody"} | {str(c.id): f"Yes, they agreed: {c.about}" for c in consents if c.in_force(on)}
    choices |= {UNRECORDED: "Yes, but their consent is not recorded here yet"}
    ended = [c for c in consents if not c.in_force(on)]
    upload.consent.choices = choices
    told = queries.draft_of(case)
    consent.names.choices = {f.name: f.heading for f in BODY if told.get(f.name)}
    rows = []
    for file in queries.files_of(case):
        form = DescriptionForm(formdata=None, prefix=f"file-{file.id}-", alt=file.alt, caption=file.caption)
        chosen = "" if file.asked else str(file.consent_id or NOBODY)
        if sent[0] == file.id:
            form, chosen = sent[1], sent[1].consent.data
        form.consent.choices = choices | {
            str(c.id): f"Yes, but the consent has ended: {c.about}" for c in ended if c.id == file.consent_id
        }
        form.consent.data = chosen
        rows.append((file, form))
    return show(
        "case_studies/files.html",
        upload,
        status=status or (422 if consent.errors or sent[0] else 0),
        case=case,
        consent=consent,
        rows=rows,
        consents=[(c, c.in_force(on)) for c in consents],
        shown={f.id for f in queries.shown_files(case, unsent=True)},
        own=member().id in case.editor_ids,
    )


@bp.get("/case-studies/<ref:id_>/files")
@reach(Reach.MEMBER)
def index(id_: int) -> BaseResponse:
    return _page(editable(id_), UploadForm(), ConsentForm())


@bp.post("/case-studies/<ref:id_>/files")
@reach(Reach.MEMBER)
@takes(LARGEST_UPLOAD)
def upload(id_: int) -> BaseResponse:
    case, form = editable(id_), UploadForm()
    form.consent.choices = {}
    if not form.validate():
        return _page(case, form, ConsentForm(formdata=None))
    sent, digest = request.files.get("file"), ""
    try:
        if not sent:
            raise Invalid("Choose a picture or a file first.", "file")
        accepted = accept(sent.read(), sent.filename or "")
        digest = storage.keep_bytes(accepted.data)
        with transaction():
            form.once(member().id, lambda: _add(case, accepted, digest, form), digest)
    except (Refused, Invalid, ReasonNeeded) as problem:
        if digest:
            storage.drop_bytes(digest)
        field = "reason" if isinstance(problem, ReasonNeeded) else "file"
        form.blame(problem if isinstance(problem, Invalid) else Invalid(str(problem), field))
        return _page(queries.get(member(), id_), form, ConsentForm(formdata=None))
    flash("It is added. Readers see it when you send the case study." if case.record else "It is added.", "success")
    return redirect(f"{case.url}/files", 303)


def _add(case: CaseStudy, accepted: Accepted, digest: str, form: UploadForm) -> str:
    attachments.add(member(), case.id, accepted, digest, _words(form), form.reason.data or "")
    return f"{case.url}/files"


def _agree(case: CaseStudy, agreed: Agreement) -> str:
    consents.record_consent(member(), case.id, agreed, given_reason())
    return f"{case.url}/files"


@bp.post("/case-studies/<ref:id_>/files/<id:file_id>")
@reach(Reach.MEMBER)
def change(id_: int, file_id: int) -> BaseResponse:
    case, form = editable(id_), DescriptionForm(request.form, prefix=f"file-{file_id}-")
    form.consent.choices = {}
    removing = request.form.get("action") == "remove"
    try:
        if not removing and not form.validate():
            raise Invalid("Use at most 300 characters for what it shows and for its caption.")
        with transaction():
            if removing:
                attachments.remove(member(), id_, file_id, given_reason())
            else:
                attachments.describe(member(), id_, file_id, _words(form), given_reason(), _began(file_id))
    except EditConflict as conflict:
        said = " / ".join(text for text in conflict.theirs.values() if text) or "nothing"
        form.caption.errors = [
            f"Somebody else saved this in the meantime: {said}. Yours is still here: save again to replace theirs."
        ]
        return _page(queries.get(member(), id_), UploadForm(formdata=None), ConsentForm(formdata=None), 409, sent=(file_id, form))
    except Invalid as problem:
        (form.alt if problem.field == "alt" else form.consent if problem.field == "consent" else form.caption).errors = [
            str(problem)
        ]
        return _page(queries.get(member(), id_), UploadForm(formdata=None), ConsentForm(formdata=None), sent=(file_id, form))
    flash("Saved.", "success")
    return redirect(f"{case.url}/files", 303)


def _began(file_id: int) -> int:
    """Return what was said of the file when the page was made: in the name of a control, so that no browser puts old words beside
    it."""
    mark = f"said-{file_id}-"
    return next((whole(name.removeprefix(mark)) or 0 for name in request.form if name.startswith(mark)), 0)


@bp.post("/case-studies/<ref:id_>/consents")
@reach(Reach.MEMBER)
def consent(id_: int) -> BaseResponse:
    case, form = editable(id_), ConsentForm()
    if form.validate():
        agreed = Agreement(
            form.about.data or "", form.scope.data or "", form.holder.data or "", form.day, tuple(form.names.data or ())
        )
        try:
            with transaction():
                form.once(member().id, lambda: _agree(case, agreed))
        except Invalid as problem:
            form.blame(problem)
    if form.errors:
        return _page(queries.get(member(), id_), UploadForm(formdata=None), form)
    flash("The consent is recorded.", "success")
    return redirect(f"{case.url}/files", 303)


@bp.post("/case-studies/<ref:id_>/consents/<id:consent_id>/withdraw")
@reach(Reach.MEMBER)
def withdraw(id_: int, consent_id: int) -> BaseResponse:
    with transaction():
        case = consents.withdraw_consent(member(), id_, consent_id, given_reason())
    flash("What it covers is hidden from readers now.", "success")
    return redirect(f"{case.url}/files", 303)


@bp.get("/case-studies/<ref:id_>/files/<id:file_id>")
@reach(Reach.READER)
def fetch(id_: int, file_id: int) -> Response:
    """The file itself, for whoever may read the case study. Nothing in it can run here: no script, no sniffing, a sandbox."""
    case = queries.get(actor(), id_)
    all_files = queries.files_of(case) if may(actor(), Permission.EDIT, case) else queries.shown_files(case)
    file = next((f for f in all_files if f.id == file_id), None)
    if file is None or not storage.path_of(file).is_file():
        raise NotFound("There is no such file here.")
    return served(
        send_file(storage.path_of(file), mimetype=file.media_type, as_attachment=not file.picture, download_name=file.name)
    )
