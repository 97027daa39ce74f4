"""Base classes of forms: text is cleaned at the edge, a create carries `form_key`, an edit carries `version`."""

import re
from collections.abc import Mapping
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import Form as PlainForm
from wtforms import HiddenField, IntegerField, SelectMultipleField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from forum.kernel.errors import Invalid
from forum.kernel.once import new_key
from forum.kernel.text import clean

_NAME = re.compile(r"[a-z0-9_:]+(?:-[0-9]{1,3}(?:-[a-z_]+)?)?")


def only_our_names() -> None:
    """Refuse a form with rows whose numbers have more than three digits, or other names that only a hand-made one has."""
    if any(not _NAME.fullmatch(key) for key in request.form):
        abort(400, "This form has fields that the site does not know. Load the page again.")


def cleaned(value: Any) -> Any:
    """Filter of every field. `BadText` is a ValueError, which WTForms shows beside the field."""
    return clean(value).strip() if isinstance(value, str) else value


class _Cleaning:
    """Passwords are left as typed; all other text is cleaned and trimmed."""

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
        if unbound_field.field_class.__name__ not in {"PasswordField", "FieldList", "FormField", "FileField"}:
            options["filters"] = [cleaned, *unbound_field.kwargs.get("filters", ())]
        return unbound_field.bind(form=form, **options)


class Row(PlainForm):
    """A form within a form: one row of a list. Its outer form carries the token."""

    class Meta(_Cleaning, PlainForm.Meta):  # type: ignore[misc]
        pass


class Form(FlaskForm):  # type: ignore[misc]
    """A form of this site."""

    class Meta(_Cleaning, FlaskForm.Meta):  # type: ignore[misc]
        pass

    def blame(self, problem: Invalid) -> None:
        """Show a refusal beside the field it is about; at the first visible one when it names none of this form's."""
        visible = [n for n, f in self._fields.items() if n not in {"csrf_token", "form_key", "version"}]
        name = problem.field if problem.field in self._fields else visible[0]
        field = self._fields[name]
        field.errors = [*field.errors, str(problem)]


class CreateForm(Form):
    """A form that makes something; `kernel.once` sees to it that it makes one."""

    form_key = HiddenField(default=new_key)


class EditForm(Form):
    """A form that changes something which others may be changing too."""

    version = IntegerField(widget=HiddenInput(), default=0)

    def renew(self, version: int) -> None:
        """After a conflict was shown: the form now starts from what is stored, so saving again is a choice."""
        self.version.process_data(version)
        self.version.raw_data = None


class Ticks(SelectMultipleField):
    """Several choices as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class Required:
    """A field that must be filled, with a message that says what to do (not WTForms' "This field is required")."""

    field_flags = {"required": True}

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors[:] = []
            raise StopValidation(self.message)


def first_message(errors: Any) -> str:
    """The first message among the errors of a form or field, however deep its rows are."""
    while isinstance(errors, Mapping | list | tuple):
        errors = next(e for e in (errors.values() if isinstance(errors, Mapping) else errors) if e)
    return str(errors)
