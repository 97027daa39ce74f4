"""The pages of the case-study form, built from the record's fields and parts; nothing in them is required until it is sent."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask import request
from wtforms import Field as WTField
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forum.case_studies.editing.actions import REASON, Typed, saved_value
from forum.case_studies.record.fields import FULL
from forum.case_studies.record.sections import QUICK_EXTRAS, QUICK_SHARE, Section
from forum.case_studies.record.values import ITEMS, fingerprint
from forum.documents.markdown import LONGEST_KEPT
from forum.records.items import CHOICE, CHOICES, GRID, MONTH, NAMES, Column, Field, Item, Options, Part
from forum.records.schema import Record
from forum.web.forms import CreateForm, RowForm, Ticks, cleaned, only_our_names

_TOO_LONG = Length(max=LONGEST_KEPT, message="This is far too long to keep. Shorten it, then save again.")
#: Rows of a list shown empty, ready to be filled.
BLANK = {"organisations": 2}


def items_of(section: Section) -> tuple[Item, ...]:
    """Return what a page asks: its section, and beside the nine of a quick share those that make it easy to find."""
    extra = tuple(ITEMS[name] for name in QUICK_EXTRAS) if section.slug == QUICK_SHARE else ()
    return section.items + extra


def may_not_apply(item: Item) -> bool:
    """Return whether an item may be "not applicable, because…": only those of a full report may."""
    return item.depth == FULL and item.required


def _narrative(f: Field) -> WTField:
    """The limit is shown and counted, but a draft may be longer: nothing is lost."""
    extra: dict[str, Any] = {"data-maxlength": f.longest} if f.name != "rest" else {}
    if f.markdown:
        rows = 8 if f.longest > 800 else 4
        return TextAreaField(f.question, [_TOO_LONG], description=f.help, render_kw={"rows": rows, "data-markdown": "", **extra})
    return StringField(f.question, [_TOO_LONG], description=f.help, render_kw=extra)


def _cell(column: Column) -> WTField:
    if column.options:
        return SelectField(column.label, choices=_choices(column.options, "Choose"), validate_choice=False)
    extra = {"rows": column.lines} if column.lines > 1 else {"autocomplete": "off"}
    kind = TextAreaField if column.lines > 1 else StringField
    return kind(column.label, [_TOO_LONG], description=column.hint, render_kw=extra)


def _choices(options: Options, empty: str) -> Callable[[], dict[str, str]]:
    """The labels of a list, read when a form is shown; `empty` stands for no choice."""
    return lambda: {"": empty} | options.labels()


@cache
def _row_class(name: str) -> type[RowForm]:
    part = ITEMS[name]
    assert isinstance(part, Part)
    key = {"key": HiddenField()} if part.shape == GRID else {}
    return type(f"Row_{name}", (RowForm,), {**key, **{c.name: _cell(c) for c in part.columns}})


def _part(part: Part) -> WTField:
    if part.shape == CHOICES:
        return Ticks(part.question, choices=part.options.labels, validate_choice=False, description=part.help)
    if part.shape == CHOICE and len(part.options.given) in range(1, 5):
        return RadioField(part.question, choices=part.options.labels, validate_choice=False, description=part.help)
    if part.shape == CHOICE:
        return SelectField(part.question, choices=_choices(part.options, "Not said"), validate_choice=False, description=part.help)
    if part.shape == MONTH:
        extra = {"inputmode": "numeric", "autocomplete": "off"}
        return StringField(part.question, [_TOO_LONG], description=part.help, render_kw=extra)
    if part.shape == NAMES:
        extra = {"list": "organisation-names", "autocomplete": "off"}
        return FieldList(
            StringField(part.one.capitalize(), [_TOO_LONG], filters=[cleaned], render_kw=extra),
            part.question,
            description=part.help,
        )
    return FieldList(FormField(_row_class(part.name)), part.question, description=part.help)


def _reason(item: Item) -> WTField:
    label = f"Does not apply, because… ({item.heading.lower()})"
    return StringField(label, [_TOO_LONG], render_kw={"autocomplete": "off"})


class _Base(CreateForm):
    """`version` says which value of each item the page was filled from: "name.fingerprint name.fingerprint …"."""

    version = HiddenField()


@cache
def _form_class(names: tuple[str, ...]) -> Any:
    fields: dict[str, WTField] = {}
    for item in (ITEMS[name] for name in names):
        fields[item.name] = _narrative(item) if isinstance(item, Field) else _part(item)
        if may_not_apply(item):
            fields[REASON + item.name] = _reason(item)
    return type("RecordForm", (_Base,), fields)


def posted(section: Section) -> Any:
    """The page as it was sent."""
    only_our_names()
    return _form_class(tuple(i.name for i in items_of(section)))()


def filled(section: Section, values: Record, more: str = "") -> Any:
    """The page filled from a record, with an empty row after each list, and three for the one named by `more`."""
    asked = tuple(i.name for i in items_of(section))
    shown: dict[str, Any] = {}
    for name in asked:
        item = ITEMS[name]
        value = values.get(name)
        shown[name] = _spread(item, value or [], more == name) if isinstance(item, Part) else value or ""
        if may_not_apply(item):
            shown[REASON + name] = saved_value(values, REASON + name)
    form = _form_class(asked)(formdata=None, data=shown)
    form.version.data = version_of(values, asked)
    return form


def _spread(part: Part, value: Any, more: bool) -> Any:
    """A stored value as the form's widgets take it."""
    if part.shape == GRID:
        by_key = {row["key"]: row for row in value}
        return [{"key": key, **by_key.get(key, {})} for key in part.keys]
    if part.shape in {CHOICE, MONTH}:
        return value or ""
    if part.shape == CHOICES:
        return list(value)
    blank: Any = "" if part.shape == NAMES else {}
    return [*value, *[blank] * (3 if more else BLANK.get(part.name, 1))][: max(part.most, len(value))]


def version_of(values: Record, names: Iterable[str]) -> str:
    """Return the fingerprints of the values that a page with these items shows."""
    asked = [n for name in names for n in ((name, REASON + name) if may_not_apply(ITEMS[name]) else (name,))]
    return " ".join(f"{name}.{fingerprint(saved_value(values, name))}" for name in asked)


def typed(form: Any) -> dict[str, Typed]:
    """Return what was sent, by name. An item that the page did not show, and that was not sent, stays as it is."""
    bases = dict(part.rsplit(".", 1) for part in (form.version.data or "").split() if "." in part)
    sent = {key.split("-")[0] for key in request.form}
    return {
        name: Typed(_value(name, form[name]), bases.get(name, fingerprint("")))
        for name in form._fields
        if (name in ITEMS or name.startswith(REASON)) and (name in sent or name in bases)
    }


def _value(name: str, field: Any) -> Any:
    item = ITEMS.get(name)
    if isinstance(item, Part) and item.shape == CHOICES:
        offered = item.options.labels()
        return [slug for slug in field.data or [] if slug in offered]
    if isinstance(item, Part) and item.shape == CHOICE:
        return field.data if item.options.label(field.data or "") else ""
    return field.data or ("" if not isinstance(item, Part) else [])
