"""Forms about accounts."""

from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, Length, ValidationError

from forum.accounts.actions import Profile
from forum.accounts.joining import Joining
from forum.accounts.messages import Letter
from forum.accounts.passwords import MINIMUM
from forum.documents.identifiability import check, refusal
from forum.taxonomy.models import ROLE, SECTOR
from forum.taxonomy.queries import terms
from forum.web.forms import CreateForm, EditForm, Form, Required

NEW = {"autocomplete": "new-password"}
PASSWORD_HINT = f"At least {MINIMUM} characters. Three or four unrelated words are easy to remember and hard to guess."
ADDRESS = "Enter an email address such as sam@example.org"


def role_choices() -> dict[str, str]:
    return {"": "Choose your role"} | {t.slug: t.label for t in terms(ROLE)}


class _About(Form):
    name = StringField(
        "Your full name",
        [Required("Enter your full name"), Length(max=80, message="Use at most 80 characters for your name")],
        render_kw={"autocomplete": "name"},
    )
    role = SelectField("Your role", [Required("Choose your role")], choices=role_choices)
    organisation = StringField(
        "Your organisation",
        [Required("Enter the organisation you work for, or with"), Length(min=3, max=120)],
        description="Start typing its name. If it is not in the list, write it in full and we will add it.",
        render_kw={"autocomplete": "organization", "list": "organisation-names"},
    )


class JoinForm(_About):
    email = EmailField(
        "Email address",
        [Required("Enter your email address"), Email(ADDRESS), Length(max=254)],
        description="We send a link to it, with which you choose a password. It is never shown on the site.",
        render_kw={"autocomplete": "email"},
    )

    def draft(self, then: str) -> Joining:
        return Joining(self.name.data or "", self.email.data or "", self.role.data, self.organisation.data or "", then)


class ConfirmForm(Form):
    password = PasswordField("Choose a password", [Required("Choose a password")], description=PASSWORD_HINT, render_kw=NEW)


class SignInForm(Form):
    email = EmailField("Email address", [Required("Enter your email address")], render_kw={"autocomplete": "username"})
    password = PasswordField("Password", [Required("Enter your password")], render_kw={"autocomplete": "current-password"})


class ForgottenForm(Form):
    email = EmailField("Email address", [Required("Enter your email address"), Email(ADDRESS)], render_kw={"autocomplete": "email"})


class ResetForm(Form):
    password = PasswordField("New password", [Required("Choose a password")], description=PASSWORD_HINT, render_kw=NEW)


class PasswordForm(Form):
    current_password = PasswordField(
        "Current password",
        [Required("Enter your current password")],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField("New password", [Required("Choose a password")], description=PASSWORD_HINT, render_kw=NEW)


class ProfileForm(_About, EditForm):
    bio = TextAreaField(
        "About you",
        [Length(max=500, message="Use at most 500 characters about you")],
        description="What you work on, and what you would like to talk about with others.",
    )
    sector = SelectField(
        "Your sector", choices=lambda: {"": "Not said"} | {t.slug: t.label for t in terms(SECTOR)}, validate_choice=False
    )
    mail_ok = BooleanField("Email me about replies, decisions and other news")
    contactable = BooleanField("Let other members write to me through the site", description="They never see your email address.")

    def validate_bio(self, field: Any) -> None:
        if words := refusal(check({"bio": field.data or ""})):
            raise ValidationError(words)

    def draft(self) -> Profile:
        return Profile(
            self.name.data or "",
            self.role.data,
            self.organisation.data or "",
            self.bio.data or "",
            bool(self.mail_ok.data),
            bool(self.contactable.data),
            self.sector.data if self.sector.data in {t.slug for t in terms(SECTOR)} else "",
        )


class EmptyForm(Form):
    """A button: only its token is checked."""


class MessageForm(CreateForm):
    subject = StringField(
        "Subject", [Required("Give your message a subject"), Length(max=100, message="Use at most 100 characters")]
    )
    message = TextAreaField(
        "Your message",
        [Required("Write your message"), Length(max=2_000, message="Use at most 2,000 characters")],
        description="Do not write anything that could identify a patient.",
        render_kw={"rows": 10, "data-maxlength": 2_000},
    )
    about = HiddenField()

    def validate_message(self, field: Any) -> None:
        """Only what the check is sure of stops a message: nobody looks at it before it goes."""
        sure = [f for f in check({field.name: field.data or ""}) if f.severity == "block"]
        if sure:
            raise ValidationError(" ".join(f"“{f.match}”: {f.reason} {f.advice}" for f in sure))

    validate_subject = validate_message

    def draft(self) -> Letter:
        return Letter(self.subject.data or "", self.message.data or "", self.about.data or "")
