"""Base classes of forms: text is cleaned at the edge, a create carries `form_key`, an edit carries `version`."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, SelectMultipleField
from wtforms import Form as PlainForm
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from forum.kernel import idempotency
from forum.kernel.errors import EditConflict, Invalid
from forum.kernel.numbers import whole
from forum.kernel.text import clean, one_line
from forum.web.own_address import began_here, key_here

_NAME = re.compile(r"[a-z0-9_:]+(?:-[0-9]{1,3}(?:-[a-z_]+)?)?|at-[0-9]{1,19}-[0-9]{1,19}")


def only_our_names() -> None:
    """Refuse names that only a hand-made form has, such as rows whose numbers have more than three digits."""
    if any(not _NAME.fullmatch(key) for key in request.form):
        abort(400, "This form has fields that the site does not know. Load the page again.")


def cleaned(value: Any) -> Any:
    """Filter of every field. `BadText` is a ValueError, which WTForms shows beside the field."""
    return clean(value).strip() if isinstance(value, str) else value


def on_one_line(value: Any) -> Any:
    """Filter of fields of a single line: a title or a name does not turn or overrun what stands beside it."""
    return one_line(value) if isinstance(value, str) else value


class _Cleaning:
    """Passwords are left as typed; all other text is cleaned and trimmed."""

    def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
        if unbound_field.field_class.__name__ not in {"PasswordField", "FieldList", "FormField", "FileField"}:
            line = [on_one_line] if unbound_field.field_class.__name__ == "StringField" else []
            options["filters"] = [cleaned, *line, *unbound_field.kwargs.get("filters", ())]
        return unbound_field.bind(form=form, **options)


class RowForm(PlainForm):
    """A form within a form: one row of a list. Its outer form carries the token."""

    class Meta(_Cleaning, PlainForm.Meta):  # type: ignore[misc]
        pass


class Form(FlaskForm):  # type: ignore[misc]
    """A form of this site."""

    class Meta(_Cleaning, FlaskForm.Meta):  # type: ignore[misc]
        pass

    #: A number for what a form inside a page was filled from. The *name* of the form's first control contains it and the member:
    #: on Back, Chromium puts typed words only into the form whose first control has the same name.
    filled_from: int = 0

    def refill(self, values: Mapping[str, Any]) -> None:
        """Show these values, by the names of fields; what is no field here, or empty, is left out."""
        for name, value in values.items():
            if name in self and value and name not in CARRIED:
                self[name].data = value

    def blame(self, problem: Invalid) -> None:
        """Show a refusal beside the field it is about; at the first visible one when it names none of this form's."""
        visible = [n for n, f in self._fields.items() if n not in {"csrf_token", "form_key", "version"}]
        name = problem.field if problem.field in self._fields else visible[0]
        field = self._fields[name]
        field.errors = [*field.errors, str(problem)]


def upload_field(label: str, description: str, most: int, smaller: str) -> FileField:
    """A field for a file of at most `most` bytes. Script tells of a larger one before it is sent, and how to make it smaller."""
    return FileField(label, description=description, render_kw={"data-module": "file", "data-most": most, "data-smaller": smaller})


class CreateForm(Form):
    """A form that makes something; `kernel.once` sees to it that it makes one."""

    form_key = HiddenField(default=lambda: key_here() or idempotency.new_key())

    def once(self, member_id: int, make: Callable[[], str], file: str = "") -> str:
        """Make what was sent, once; return its address. `file` is the digest of a file that came along.

        Raises `SentBefore` where this form was sent before with other words.
        """
        return idempotency.once(self.form_key.data or "", member_id, make, words_sent(file))


class EditForm(CreateForm):
    """A form that changes something which others may be changing too. `version` is the one that it was filled from."""

    version = HiddenField(default=lambda: str(whole(began_here()) or 0))

    def began(self, member_id: int, stored: int) -> int:
        """Return the version that these words began from: the stored one, where this form's own save made that."""
        return stored if idempotency.made(self.form_key.data or "", member_id, stored) else (whole(self.version.data) or 0)

    def saved(self, member_id: int, version: int) -> None:
        """These words are stored as that version. Call inside `transaction()`."""
        idempotency.saved(self.form_key.data or "", member_id, version)

    def restart(self, version: int) -> None:
        """Set the version that the next save begins from: the form was shown beside it."""
        self.version.data = str(version)

    def take(self, conflict: EditConflict) -> None:
        """Start from what is stored, so that saving again is a choice. Only disputed fields keep what was typed."""
        self.restart(conflict.version)
        for name, value in conflict.merged.items():
            if name in self:
                self[name].data = value

    def in_words(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return (question, words) for values of this form's fields; choices by their labels."""
        return [(self[name].label.text, _said(self[name], value)) for name, value in values.items() if name in self]


def _said(field: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if not hasattr(field, "iter_choices"):
        return "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
    labels = {choice.value: str(choice.label) for choice in field.iter_choices()}
    chosen = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(one, str(one)) for one in chosen if one)


#: What a form carries beside the words that somebody typed.
CARRIED = {"csrf_token", "form_key", "version", "action", "parked", "expected"}


def words_sent(file: str = "") -> str:
    """Return a digest of what this request sent and where to: it is the same for the same words in the same place."""
    place = [file, request.endpoint, *(f"{k}={v}" for k, v in sorted((request.view_args or {}).items()))]
    words = sorted((k, clean(v).strip()) for k, v in request.form.items(multi=True) if k not in CARRIED)
    return hashlib.sha256(json.dumps([place, [w for w in words if w[1]]]).encode()).hexdigest()


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


def turned_on() -> bool:
    """Return whether the pressed button turns something on. It names the wanted state, so a second press changes nothing."""
    return request.form.get("on", "1") == "1"


def given_reason() -> str:
    """Return why staff do this to what is not their own, as this request says it. Raises `BadText`."""
    return clean(request.form.get("reason", "")).strip()


def first_message(errors: Any) -> str:
    """The first message among the errors of a form or field, however deep its rows are."""
    while isinstance(errors, Mapping | list | tuple):
        errors = next(e for e in (errors.values() if isinstance(errors, Mapping) else errors) if e)
    return str(errors)
