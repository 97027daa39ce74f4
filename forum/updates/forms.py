"""The two-minute form: still running? what changed? new figures; still the right contact?"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from forum.documents.identifiability import Finding, check
from forum.documents.markdown import NOTHING_SAID, TooComplex, render, says_nothing
from forum.kernel.clock import today
from forum.measures.models import Measure
from forum.moderation.forms import ByStaff
from forum.spc.read.series import LONGEST, to_date
from forum.taxonomy.models import STATUS
from forum.taxonomy.queries import terms
from forum.updates.models import RECOVERY, SETBACK, UPDATE
from forum.web.forms import CreateForm, EditForm, Required, RowForm

LONGEST_TEXT = 1_500
ENTRIES = {
    UPDATE: "An update: how it is going",
    SETBACK: "A setback: something that went wrong, or was lost for a time",
    RECOVERY: "A recovery: how we got over a setback",
}


def _a_past_day(form: Any, field: Any) -> None:
    """Leaves the date in `day`."""
    form.day = to_date(field.data or "")
    if form.day is None:
        raise ValidationError("Give the day as 31/03/2026, 2026-03-31 or March 2026")
    if form.day > today():
        raise ValidationError("This day lies in the future. Give the day on which it happened")


class _Written:
    """A text with its rendering, which the check leaves in `html`, and `findings` about it."""

    html = ""
    findings: Sequence[Finding] = ()

    def check_text(self, field: Any) -> None:
        text = field.data or ""
        if text and says_nothing(text):
            raise ValidationError(NOTHING_SAID)
        try:
            self.html = render(text, LONGEST_TEXT) if text else ""
        except TooComplex as problem:
            raise ValidationError(str(problem)) from problem
        self.findings = check({"text": text})
        sure = next((f for f in self.findings if f.severity == "block"), None)
        if sure is not None:
            raise ValidationError(f"Take this out: “{sure.match}”. {sure.reason}")


_TEXT: dict[str, Any] = {
    "description": "What is different since the last time? What would you tell somebody who is about to start? No patient details.",
    "render_kw": {"rows": 6, "data-markdown": "", "data-maxlength": LONGEST_TEXT},
}
_LENGTH = Length(max=LONGEST_TEXT, message="Use at most 1,500 characters. Nothing is lost: shorten it here.")


class UpdateForm(_Written, CreateForm):
    entry = RadioField("What is it?", choices=ENTRIES, default=UPDATE)
    practice_status = RadioField("Is it still running?", [Required("Say whether it is still running")], choices=[])
    happened = StringField(
        "When was this?", [_a_past_day], description="Today, or the day on which it happened, such as 31/03/2026.",
        render_kw={"autocomplete": "off", "inputmode": "text"},
    )  # fmt: skip
    text = TextAreaField("What changed?", [_LENGTH], **_TEXT)
    contact = RadioField(
        "Are you still the right people to contact?",
        choices={"yes": "Yes", "no": "No, somebody else should lead it now"},
        default="yes",
    )

    def validate_text(self, field: Any) -> None:
        self.check_text(field)
        if self.entry.data != UPDATE and not (field.data or "").strip():
            raise ValidationError("Say what happened, in a sentence or two")


class EditUpdateForm(ByStaff, _Written, EditForm):
    happened = StringField("When was this?", [_a_past_day], render_kw={"autocomplete": "off"})
    text = TextAreaField("What changed?", [_LENGTH], **_TEXT)

    def validate_text(self, field: Any) -> None:
        self.check_text(field)


class FiguresRow(RowForm):
    """New points of one measure; there is one such form for each."""

    lines = TextAreaField(
        "New figures",
        [Length(max=LONGEST)],
        description="One pair on each line: date and value, such as 2026-03 and 12.",
        render_kw={"rows": 3, "spellcheck": "false", "autocomplete": "off"},
    )


def blank(status: str, kept: Mapping[str, Any] | None = None) -> UpdateForm:
    """The form for a case study that stands so; as it was left where a draft is `kept`."""
    data = MultiDict([(k, v) for k, values in kept.items() for v in values]) if kept else None
    form = (
        UpdateForm(formdata=data, data={"practice_status": status, "happened": f"{today():%d/%m/%Y}"})
        if request.method == "GET"
        else UpdateForm()
    )
    form.practice_status.choices = [(t.slug, t.label) for t in terms(STATUS)]
    return form


def figure_rows(measures: Sequence[Measure], kept: Mapping[str, Any] | None = None) -> list[tuple[Measure, FiguresRow]]:
    """A form for the new points of each measure, as posted, as kept, or empty."""
    data = MultiDict([(k, v) for k, values in (kept or {}).items() for v in values])
    return [(m, FiguresRow(request.form if request.method == "POST" else data, prefix=f"figures_{m.id}-")) for m in measures]
