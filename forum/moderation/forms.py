"""Forms of the moderators' desk."""

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from forum.moderation.models import REASONS
from forum.web.forms import CreateForm, Form, Required

OUTCOMES = {
    "hide": "Uphold the report and hide it from everyone but its author and staff",
    "uphold": "Uphold the report, and leave it as it is now",
    "dismiss": "Dismiss the report",
}
REASON_MAX = Length(max=1_000, message="Use at most 1,000 characters")


class ReportForm(CreateForm):
    reason = RadioField("What is wrong?", [Required("Choose what is wrong")], choices=REASONS)
    text = TextAreaField(
        "Tell us more",
        [REASON_MAX],
        description="Do not repeat anything that identifies a patient. Say where it is instead.",
    )


class DecideReportForm(Form):
    outcome = RadioField(
        "Your decision",
        [Required("Choose a decision")],
        choices=OUTCOMES,
    )
    reason = TextAreaField(
        "Your reason",
        [Required("Say why"), REASON_MAX],
        description="The person who made the report reads this. If you hide it, its author does too.",
    )


class ByStaff(Form):
    """What an edit form asks of staff whose own it is not (`moderation.actions.account_for`)."""

    reason = StringField("Why are you changing it?", [Length(max=1_000)], description="Its author reads this, and it is recorded.")
    hide_earlier = BooleanField("Hide the earlier versions: the history says that there were some, not what they said")

    def by_staff(self) -> tuple[str, bool]:
        """The reason, and whether the earlier versions are hidden."""
        return self.reason.data or "", bool(self.hide_earlier.data)


class ReasonForm(Form):
    """A decision that needs a reason."""

    reason = TextAreaField("Your reason", [Required("Say why"), REASON_MAX], description="The author reads this.")
