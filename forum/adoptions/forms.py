"""The form of an adoption: three questions that must be answered, and the rest for who has time."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field as WTField
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from forum.adoptions.actions import AdoptionDraft
from forum.adoptions.record import KEPT, MOST_PLACES, PLACES, PLAIN, SCHEMA, findings, gaps, normal
from forum.case_studies.record.parts import CONTEXT, HELPED
from forum.case_studies.record.values import fingerprint
from forum.documents.identifiability import Finding, refusal
from forum.kernel.errors import Invalid
from forum.moderation.forms import ByStaff
from forum.records.items import CHOICE, CHOICES, Part
from forum.records.schema import Record
from forum.web.forms import CreateForm, EditForm, Form, Ticks

#: More than any answer allows, so that pasting too much loses nothing; `record.gaps` says by how much it is too long.
LONGEST_TYPED = 20_000
_TOO_LONG = Length(max=LONGEST_TYPED, message="This is far too long. Shorten it, then send it again.")
_NAME = {"list": "organisation-names", "autocomplete": "off"}
PARTNERS = tuple(f"partner_{number}" for number in range(1, MOST_PLACES))
IDENTIFIES = "This may identify somebody. Change it, or say below why it is safe."


def _asked(name: str) -> WTField:
    """What asks for a value of the record that is a text, a month, a choice or several."""
    item = SCHEMA.items[name]
    if isinstance(item, Part) and item.shape in {CHOICE, CHOICES}:
        choose = RadioField if item.shape == CHOICE else Ticks
        return choose(item.question, choices=item.options.labels, validate_choice=False, description=item.help)
    if isinstance(item, Part):
        extra = {"inputmode": "numeric", "autocomplete": "off"}
        return StringField(item.question, [_TOO_LONG], description=item.help, render_kw=extra)
    kind, rows = (StringField, {}) if item.lines == 1 else (TextAreaField, {"rows": item.lines})
    return kind(item.question, [_TOO_LONG], description=item.help, render_kw={"data-maxlength": item.longest, **rows})


class AdoptionForm(Form):
    """What creating and editing share. `core_parts` and what may stand in `kept` come from the case study."""

    organisations = StringField(PLACES.question, [_TOO_LONG], description=PLACES.help, render_kw=_NAME)
    stage, result, reasons = _asked("stage"), _asked("result"), _asked("reasons")
    reason_text, message, result_text = _asked("reason_text"), _asked("message"), _asked("result_text")
    started, ended, place = _asked("started"), _asked("ended"), _asked("place")
    kept = Ticks(KEPT.question, choices={}, validate_choice=False, description=KEPT.help)
    changed, why = _asked("changed"), _asked("why")
    justification = StringField(
        "If it is safe as it stands, say why",
        [Length(max=500)],
        description="A moderator reads this and looks at your entry before others see it.",
    )
    #: What may identify somebody, after `validate`.
    found: Sequence[Finding] = ()
    #: (heading, choice, note) of each row of the grid, in its order.
    rows = [(heading, f"context_{key}", f"context_{key}_note") for key, heading in CONTEXT.keys.items()]

    def offer(self, core_parts: list[str]) -> None:
        """Which core parts may be ticked. Call before reading the form."""
        self.core_parts = core_parts
        self.kept.choices = {fingerprint(part): part for part in core_parts}

    def values(self) -> Record:
        """Return what was typed, as a record."""
        by_fingerprint = {fingerprint(part): part for part in self.core_parts}
        grid = [
            {"key": key, "effect": self[f"context_{key}"].data, "note": self[f"context_{key}_note"].data} for key in CONTEXT.keys
        ]
        typed: dict[str, Any] = {name: self[name].data or "" for name in PLAIN}
        return normal(
            typed
            | {
                "organisations": [self[name].data or "" for name in ("organisations", *PARTNERS)],
                "reasons": self.reasons.data or [],
                "kept": [by_fingerprint[m] for m in self.kept.data or [] if m in by_fingerprint],
                "context": grid,
            }
        )

    def fill(self, values: Record) -> None:
        """Show a record."""
        shown = shown_as(values)
        for name, value in shown.items():
            self[name].data = value

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if sound:
            for gap in gaps(self.values(), self.core_parts):
                self.blame(Invalid(gap.message, _field_of(gap.field, self.values())))
            self.found = findings(self.values())
            answered = bool((self.justification.data or "").strip())
            for finding in self.found:
                if finding.final or not answered:
                    self.blame(Invalid(refusal([finding]) or IDENTIFIES, finding.field))
        return sound and not self.errors

    def draft(self) -> AdoptionDraft:
        why = (self.justification.data or "").strip() if self.found else ""
        return AdoptionDraft(self.values(), why)


def _field_of(name: str, values: Record) -> str:
    """Return the field to point at; for the grid, which is no single field, that of the first row without an answer."""
    rows = values.get("context", [])
    return (
        next((f"context_{r['key']}" for r in rows if not r.get("effect")), "context_leadership_note") if name == "context" else name
    )


def shown_as(values: Record) -> dict[str, Any]:
    """A record by the names of the form's fields."""
    places = values.get("organisations", [])
    shown: dict[str, Any] = {name: values.get(name, "") for name in PLAIN}
    shown |= dict(zip(("organisations", *PARTNERS), [*places, *[""] * MOST_PLACES], strict=False))
    shown |= {"reasons": list(values.get("reasons", [])), "kept": [fingerprint(part) for part in values.get("kept", [])]}
    grid: Mapping[str, Mapping[str, str]] = {row["key"]: row for row in values.get("context", [])}
    for key in CONTEXT.keys:
        shown[f"context_{key}"] = grid.get(key, {}).get("effect", "")
        shown[f"context_{key}_note"] = grid.get(key, {}).get("note", "")
    return shown


def _add_the_rest() -> None:
    """Fields of which there are many alike."""
    for number, name in enumerate(PARTNERS, 1):
        setattr(AdoptionForm, name, StringField(f"Partner {number}", [_TOO_LONG], render_kw=_NAME))
    for key, heading in CONTEXT.keys.items():
        choice = SelectField(f"{heading}: effect", choices={"": "Not said"} | HELPED.labels(), validate_choice=False)
        note = StringField(f"{heading}: how", [_TOO_LONG], render_kw={"autocomplete": "off"})
        setattr(AdoptionForm, f"context_{key}", choice)
        setattr(AdoptionForm, f"context_{key}_note", note)


_add_the_rest()


class NewAdoptionForm(AdoptionForm, CreateForm):
    """A new one."""


class EditAdoptionForm(ByStaff, AdoptionForm, EditForm):
    """One that is there, changed by the adopter or by staff."""
