"""The form of a measure. It accepts whatever is typed; `record.faults` and the lines themselves say what is wrong with it."""

from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FileField, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forum.kernel.numbers import whole
from forum.kernel.text import clean
from forum.measures.fields import CHOICES, MOST_REMARKS, MOST_ROWS, PHASE_KINDS, REMARKS, ROWS, TEXTS
from forum.measures.models import Measure
from forum.measures.record import Record, lines_of
from forum.moderation.forms import ByStaff
from forum.spc.read.series import LONGEST
from forum.taxonomy.models import PART
from forum.taxonomy.queries import terms
from forum.web.forms import EditForm, RowForm

_TOO_LONG = Length(max=5_000, message="This is far too long. Shorten it: nothing is lost.")
_QUIET = {"autocomplete": "off"}
_DATE_HINT = "Such as 2025-03 or 31/03/2025"


def _labels(choices: Mapping[str, str], empty: str = "Choose") -> dict[str, str]:
    return {"": empty, **choices}


def _parts() -> dict[str, str]:
    return {t.slug: t.label for t in terms(PART)}


class TargetRow(RowForm):
    value = StringField("Target", [_TOO_LONG], render_kw={**_QUIET, "inputmode": "decimal"})
    since = StringField("From", [_TOO_LONG], description="Leave empty: from the start", render_kw=_QUIET)
    source = StringField("Who set it", [_TOO_LONG], render_kw=_QUIET)


class PhaseRow(RowForm):
    label = StringField("What changed", [_TOO_LONG], description="In a few words, such as: huddle starts", render_kw=_QUIET)
    start = StringField("When", [_TOO_LONG], description=_DATE_HINT, render_kw=_QUIET)
    kind = SelectField("What begins here", choices=_labels(PHASE_KINDS), validate_choice=False)
    reason = StringField("Why new limits", [_TOO_LONG], description="Needed if you tick the box", render_kw=_QUIET)
    recalculate = BooleanField("Recalculate the limits from here")


class RemarkRow(RowForm):
    date = StringField("Date of the point", [_TOO_LONG], description=_DATE_HINT, render_kw=_QUIET)
    what = SelectField("What about it", choices=_labels(REMARKS), validate_choice=False)
    text = StringField("Note or reason", [_TOO_LONG], render_kw=_QUIET)


def _text(name: str, hint: str, **extra: Any) -> Any:
    asked = TEXTS[name]
    kind = TextAreaField if asked.longest >= 300 else StringField
    shown = {"data-maxlength": asked.longest, **({"rows": 3} if asked.longest >= 300 else _QUIET), **extra}
    return kind(asked.question, [_TOO_LONG], description=hint, render_kw=shown)


def _choice(name: str) -> SelectField:
    question, choices = CHOICES[name]
    return SelectField(question, choices=_labels(choices), validate_choice=False)


class MeasureForm(ByStaff, EditForm):
    """One measure. `version` is that of the stored one, 0 for a new one; `seen` says that the warnings were looked at."""

    name = _text("name", "Say where, too. Example: falls per month on the frailty ward.")
    definition = _text("definition", "Who and what counts, and what does not. Enough for somebody else to count the same.")
    kind = _choice("kind")
    part = SelectField("Where in the system is it felt?", choices=lambda: _labels(_parts()), validate_choice=False)
    value_kind = _choice("value_kind")
    unit = _text("unit", "For counts, rates and scores. Example: falls, or per 1,000 bed days.")
    decimals = SelectField("Decimal places", choices={str(n): str(n) for n in range(5)}, validate_choice=False, default="0")
    direction = _choice("direction")
    every = _choice("every")
    people = BooleanField("It counts people: patients, residents, children or staff")
    file = FileField("Take them from a file", description="CSV or Excel (.xlsx), with date and value in the first two columns.")
    figures = TextAreaField(
        "Your figures",
        [Length(max=LONGEST, message="There are too many lines. Give at most 2,000 points.")],
        description="Type or paste two columns, date and value, one pair on each line. A third and fourth column can be numerator "
        "and denominator. Write dates as 2026-03, Mar-26 or 01/03/2026, with the day first.",
        render_kw={"rows": 10, "spellcheck": "false", "autocomplete": "off"},
    )
    targets = FieldList(FormField(TargetRow), min_entries=1, max_entries=MOST_ROWS + 3)
    phases = FieldList(FormField(PhaseRow), min_entries=1, max_entries=MOST_ROWS + 3)
    remarks = FieldList(FormField(RemarkRow), min_entries=1, max_entries=MOST_REMARKS + 3)
    baseline = StringField(
        "Fix the limits from the first points",
        [_TOO_LONG],
        description="How many, from 12 to 60. Leave empty to use all points.",
        render_kw={**_QUIET, "inputmode": "numeric"},
    )
    source = _text("source", "Which system or audit, who counts, and what you know about its quality.")
    interpretation = _text("interpretation", "In your own words, for a board member. Readers see the chart once this is filled.")
    right = BooleanField("I have looked at these and they are right")

    def values(self) -> dict[str, Any]:
        """Return what was typed as a record without its points."""
        found: dict[str, Any] = {name: self[name].data or "" for name in (*TEXTS, *CHOICES, "part")}
        found |= {name: [_row(entry.form) for entry in self[name]] for name in ROWS}
        return found | {
            "decimals": _number(self.decimals.data),
            "baseline": _number(self.baseline.data),
            "people": self.people.data,
        }


def _row(form: Any) -> dict[str, str]:
    return {field.short_name: "yes" if field.data is True else field.data or "" for field in form}


def _number(text: str | None) -> int:
    """A whole number; -1 for what is none, which no check lets pass."""
    text = (text or "").strip()
    number = whole(text) if text else 0
    return -1 if number is None else number


def filled(measure: Measure | None, kept: Mapping[str, Any] | None) -> MeasureForm:
    """The form as somebody left it (`kept`, a draft), or filled from the stored measure, or empty."""
    if kept is not None:
        return MeasureForm(formdata=MultiDict([(k, v) for k, values in kept.items() for v in values]))
    return MeasureForm(formdata=None, data=as_data(measure.record) if measure else {})


def as_data(record: Record) -> dict[str, Any]:
    """A stored record as the form's fields take it, with an empty row after each list."""
    rows = {name: [*(_from_row(row) for row in record.get(name, [])), {}] for name in ROWS}
    return {
        **record,
        **rows,
        "decimals": str(record.get("decimals", 0)),
        "baseline": str(record.get("baseline") or ""),
        "figures": lines_of(record),
    }


def _from_row(row: Mapping[str, str]) -> dict[str, Any]:
    return {k: v == "yes" if k == "recalculate" else v for k, v in row.items()}


def typed() -> dict[str, list[str]]:
    """Return what the browser sent of the form, for its draft. Raises `BadText`."""
    left_out = {"csrf_token", "form_key", "action", "right"}
    return {k: [clean(v) for v in values] for k, values in request.form.to_dict(flat=False).items() if k not in left_out}
