"""The case-study form, built from `fields.py`; nothing in it is required until it is sent."""

import re
from collections.abc import Sequence
from typing import Any

from wtforms import Field as WTField
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from forum.case_studies.drafts import LONGEST_KEPT, Draft
from forum.case_studies.fields import CONFIRMATIONS, FIELDS, Field
from forum.taxonomy.models import CARE_MODEL, ELEMENT, OUTCOME, STATUS
from forum.taxonomy.queries import terms
from forum.web.forms import CreateForm, EditForm, Form, Ticks

PARTNERS = 5
PLACES = tuple(f"organisation_{n}" for n in range(1, PARTNERS + 1))
_MONTH = re.compile(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?")


def _choices(scheme: str, empty: str = "") -> dict[str, str]:
    return ({"": empty} if empty else {}) | {t.slug: t.label for t in terms(scheme)}


def _month(form: Any, field: WTField) -> None:
    if field.data and not _MONTH.fullmatch(field.data):
        raise ValidationError("Give the month as year and month, such as 2025-03, or only the year")


def _input(f: Field) -> WTField:
    """The input of one narrative field. Its limit is shown and counted, but a draft may be longer: nothing is lost."""
    longest = Length(max=LONGEST_KEPT, message="This is far too long to keep. Shorten it, then save again.")
    if f.markdown:
        rows = 4 if f.longest <= 800 else 8
        extra = {"rows": rows, "data-markdown": "", "data-maxlength": f.longest}
        return TextAreaField(f.question, [longest], description=f.help, render_kw=extra)
    return StringField(f.question, [longest], description=f.help, render_kw={"data-maxlength": f.longest})


class _Structured(CreateForm, EditForm):
    elements = Ticks(
        "Leadership elements",
        validate_choice=False,
        choices=lambda: _choices(ELEMENT),
        description="Which of the seven did this most depend on? Choose 1 to 3.",
    )
    care_models = Ticks("Care model", choices=lambda: _choices(CARE_MODEL), validate_choice=False)
    practice_status = SelectField("Where does it stand now?", choices=lambda: _choices(STATUS, "Not said"), validate_choice=False)
    outcome = RadioField("How did it turn out?", choices=lambda: _choices(OUTCOME, "Not said"), default="", validate_choice=False)
    started = StringField(
        "When did it start?",
        [_month],
        description="Year and month, such as 2025-03. An estimate is fine.",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


def _places() -> dict[str, WTField]:
    extra = {"list": "organisations", "autocomplete": "off"}
    first = "Start typing the name. If it is not in the list, write it in full and a moderator will add it."
    longest = Length(max=120, message="Use at most 120 characters for an organisation's name")
    fields: dict[str, WTField] = {PLACES[0]: StringField("Lead organisation", [longest], description=first, render_kw=extra)}
    for number, name in enumerate(PLACES[1:], 1):
        fields[name] = StringField(f"Partner {number}", [longest], render_kw=extra)
    return fields


#: One class for all: the narrative inputs come from `FIELDS`, so a new field needs no line here.
CaseStudyForm: Any = type("CaseStudyForm", (_Structured,), {**{f.name: _input(f) for f in FIELDS}, **_places()})


def fill(form: Any, draft: Draft) -> None:
    """Put a draft into the form."""
    for f in FIELDS:
        form[f.name].data = draft.texts.get(f.name, "")
    for name, place in zip(PLACES, [*draft.organisations, *[""] * PARTNERS], strict=False):
        form[name].data = place
    form.elements.data, form.care_models.data = list(draft.elements), list(draft.care_models)
    form.practice_status.data, form.outcome.data = draft.practice_status, draft.outcome
    form.started.data = draft.started


def read(form: Any, rest: str = "") -> Draft:
    """The draft that the form holds."""
    return Draft(
        texts={f.name: form[f.name].data or "" for f in FIELDS},
        organisations=[name for name in (form[p].data or "" for p in PLACES) if name],
        elements=_known(form.elements),
        care_models=_known(form.care_models),
        practice_status=_one(form.practice_status),
        outcome=_one(form.outcome),
        started=form.started.data or "",
        rest=rest,
    )


def _known(field: Any) -> list[str]:
    slugs: Sequence[str] = field.data or []
    offered = {choice.value for choice in field.iter_choices()}
    return [s for s in slugs if s in offered]


def _one(field: Any) -> str:
    """The chosen slug, "" for none and for one that is not offered: a draft must be kept whatever a browser sends."""
    return field.data if field.data in {choice.value for choice in field.iter_choices()} else ""


class SendForm(Form):
    """The last step: confirmations, and a reason for an edit after publication. Answers to findings are read beside it."""

    confirmed = Ticks("Please confirm", choices=CONFIRMATIONS)
    reason = StringField("What did you change, and why?", [Length(max=200)])
