"""The form of a measure. It accepts whatever is typed; `record.gaps` and the lines themselves say what is wrong with it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FileField, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Field as WTField
from wtforms.validators import Length

from forum.kernel.numbers import whole
from forum.kernel.text import clean
from forum.measures.fields import ANEW, CHOICES, ITEMS, ROW_PARTS, TEXTS
from forum.measures.models import Measure
from forum.measures.record import lines_of
from forum.moderation.forms import ByStaff
from forum.records.items import Column, Options
from forum.records.schema import Record
from forum.spc.read.series import LONGEST
from forum.web.forms import EditForm, RowForm

_TOO_LONG = Length(max=5_000, message="This is far too long. Shorten it: nothing is lost.")
_QUIET = {"autocomplete": "off"}


def _choices(options: Options) -> Callable[[], dict[str, str]]:
    return lambda: {"": "Choose", **options.labels()}


def _cell(column: Column) -> WTField:
    if column is ANEW:
        return BooleanField(column.label)
    if column.options:
        return SelectField(column.label, choices=_choices(column.options), validate_choice=False)
    extra = {"inputmode": "decimal"} if column.name == "value" else {}
    return StringField(column.label, [_TOO_LONG], description=column.hint, render_kw={**_QUIET, **extra})


def _rows(name: str) -> WTField:
    part = ROW_PARTS[name]
    row = type(f"Row_{name}", (RowForm,), {column.name: _cell(column) for column in part.columns})
    return FieldList(FormField(row), min_entries=1, max_entries=part.most + 3)


def _text(name: str) -> WTField:
    asked = TEXTS[name]
    kind, extra = (TextAreaField, {"rows": asked.lines}) if asked.lines > 1 else (StringField, _QUIET)
    return kind(asked.question, [_TOO_LONG], description=asked.help, render_kw={"data-maxlength": asked.longest, **extra})


def _choice(name: str) -> SelectField:
    part = CHOICES[name]
    return SelectField(part.question, choices=_choices(part.options), validate_choice=False)


def _read(question: str) -> SelectField:
    return SelectField(question, choices={}, validate_choice=False, default="")


class MeasureForm(ByStaff, EditForm):
    """One measure. `version` is that of the stored one, 0 for a new one; `seen` says that the warnings were looked at."""

    name = _text("name")
    definition = _text("definition")
    kind = _choice("kind")
    part = _choice("part")
    value_kind = _choice("value_kind")
    unit = _text("unit")
    decimals = SelectField(
        ITEMS["decimals"].question, choices={str(n): str(n) for n in range(5)}, validate_choice=False, default="0"
    )
    direction = _choice("direction")
    every = _choice("every")
    people = BooleanField(ITEMS["people"].question)
    file = FileField(
        "Take them from a file", description="Excel (.xlsx or .xls) or CSV, up to 2 MB. You see what was read before you save."
    )
    #: A table that was uploaded or pasted, and what was chosen of it: see `table.py`.
    table = HiddenField()
    read_sheet = _read("Sheet")
    read_series = _read("Which series?")
    read_date = _read("Column of the dates")
    read_value = _read("Column of the figures")
    read_numerator = _read("Numerator: what is counted")
    read_denominator = _read("Denominator: out of how many")
    read_dates = _read("How are the dates meant?")
    read_scale = _read("What do the figures mean?")
    read_decimals = _read("What parts decimals?")
    #: The row that is the heading, as the table of the first rows sends it; and whether a question was open.
    read_heading = HiddenField()
    read_open = HiddenField()
    figures = TextAreaField(
        ITEMS["points"].question,
        [Length(max=LONGEST, message="There are too many lines. Give at most 2,000 points.")],
        description="Type two columns, date and value, one pair on each line, or paste a table as it is. Where there is no figure, "
        "write why: <5, n/a.",
        render_kw={"rows": 10, "spellcheck": "false", "autocomplete": "off"},
    )
    targets = _rows("targets")
    phases = _rows("phases")
    remarks = _rows("remarks")
    baseline = StringField(
        ITEMS["baseline"].question,
        [_TOO_LONG],
        description=ITEMS["baseline"].help,
        render_kw={**_QUIET, "inputmode": "numeric"},
    )
    source = _text("source")
    interpretation = _text("interpretation")
    right = BooleanField("I have looked at these and they are right")

    def take_target(self, target: float | None) -> None:
        """Put a target that stood beside the figures into the first empty row."""
        rows: Any = self.targets
        empty = next((entry.form for entry in rows if not entry.form.value.data), None)
        if target is not None and empty is not None:
            empty.value.data = f"{target:.12g}"

    def values(self) -> dict[str, Any]:
        """Return what was typed as a record without its points."""
        found: dict[str, Any] = {name: self[name].data or "" for name in (*TEXTS, *CHOICES)}
        found |= {name: [_row(entry.form) for entry in self[name]] for name in ROW_PARTS}
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
    rows = {name: [*(_from_row(row) for row in record.get(name, [])), {}] for name in ROW_PARTS}
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
    left_out = {"csrf_token", "form_key", "action", "right", "table"}
    return {k: [clean(v) for v in values] for k, values in request.form.to_dict(flat=False).items() if k not in left_out}
