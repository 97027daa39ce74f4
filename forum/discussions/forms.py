"""Forms for threads and replies. Their texts are rendered and checked here, before any transaction."""

from typing import Any

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from forum.discussions.actions import ThreadDraft, Writing
from forum.documents.identifiability import Finding, check, refusal
from forum.documents.markdown import NOTHING_SAID, TooComplex, render, says_nothing
from forum.kernel.idempotency import new_key
from forum.moderation.forms import ByStaff
from forum.taxonomy.models import CARE_MODEL, ELEMENT
from forum.taxonomy.queries import terms
from forum.web.forms import CreateForm, EditForm, Form, Required, Ticks

LONGEST = 20_000
MARKDOWN = {"rows": 8, "data-markdown": ""}
HINT = (
    "You can use headings, lists, links and tables, or paste lists from Word and columns from a spreadsheet. "
    "Do not write anything that could identify a patient."
)


class _Titled(Form):
    """Before `_Text`, because the list of errors follows the order in which fields are declared."""

    title = StringField(
        "Title",
        [
            Required("Give your thread a title"),
            Length(5, 120, message="Use 5 to 120 characters for the title"),
        ],
        description="Say what it is about, so that people who search can tell.",
    )


class _Text(Form):
    """A Markdown text with the identifiability guard."""

    text = TextAreaField(
        "Your text",
        [Required("Write something first"), Length(max=LONGEST, message=f"Use at most {LONGEST:,} characters")],
        description=HINT,
        render_kw=MARKDOWN,
    )
    justification = StringField(
        "If it is safe as it stands, say why",
        [Length(max=500)],
        description="A moderator reads this and looks at your text before others see it.",
    )

    def validate_text(self, field: Any) -> None:
        if says_nothing(field.data):
            raise ValidationError(NOTHING_SAID)
        try:
            self.html = render(field.data, LONGEST, prefix=f"p{new_key()[:6].lower()}-")
        except TooComplex as error:
            raise ValidationError(str(error)) from error
        if words := refusal(self.findings()):
            raise ValidationError(words)
        if self.findings() and not (self.justification.data or "").strip():
            raise ValidationError("This may identify somebody. Change it, or say below why it is safe.")

    def findings(self) -> list[Finding]:
        """Return findings that need a reason to stay: only those that the check is sure of, or this form would nag."""
        texts = {name: self[name].data or "" for name in ("title", "text") if name in self}
        return [f for f in check(texts) if f.severity == "block"]

    def writing(self) -> Writing:
        why = (self.justification.data or "").strip() if self.findings() else ""
        return Writing(self.text.data or "", self.html, why)


class ReplyForm(_Text, CreateForm):
    """A reply."""


class EditReplyForm(ByStaff, _Text, EditForm):
    """A reply, changed by its author or by staff."""


class _Thread(_Titled, _Text):
    question = RadioField(
        "What kind of thread is it?",
        choices={"discussion": "A discussion", "question": "A question: one of the replies can be its answer"},
        default="discussion",
        validate_choice=False,
    )
    elements = Ticks("Leadership elements", choices=lambda: {t.slug: t.label for t in terms(ELEMENT)}, description="Up to 3.")
    care_models = Ticks("Care models", choices=lambda: {t.slug: t.label for t in terms(CARE_MODEL)}, description="Up to 3.")

    def validate_elements(self, field: Any) -> None:
        if len(field.data or []) > 3:
            raise ValidationError("Choose at most 3")

    validate_care_models = validate_elements

    def draft(self) -> ThreadDraft:
        return ThreadDraft(
            title=" ".join((self.title.data or "").split()),
            writing=self.writing(),
            question=self.question.data == "question",
            elements=self.elements.data or [],
            care_models=self.care_models.data or [],
        )


class ThreadForm(_Thread, CreateForm):
    """A new thread."""


class EditThreadForm(ByStaff, _Thread, EditForm):
    """A thread, changed by its author or by staff."""
