"""Forms for saving a search. The search itself travels in a hidden field, so that it survives a sign-in on the way."""

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import Length

from forum.searches.models import AT_ONCE, DAILY, NEVER, WEEKLY
from forum.searches.search_terms import LONGEST_NAME
from forum.web.forms import CreateForm, Form, Required

ALERTS = {
    NEVER: "No, I will look myself",
    AT_ONCE: "At once, when something is published",
    DAILY: "Once a day, when there is something",
    WEEKLY: "Once a week, when there is something",
}
SHORT = {NEVER: "No alerts", AT_ONCE: "Alerts at once", DAILY: "Daily alerts", WEEKLY: "Weekly alerts"}


class _Named(Form):
    name = StringField(
        "Name of this search",
        [Required("Give it a name"), Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} characters")],
        render_kw={"autocomplete": "off"},
    )
    alert = RadioField(
        "Tell me what is new?", choices=ALERTS, default=WEEKLY, description="Here, and by email if you get our email."
    )


class SaveForm(_Named, CreateForm):
    search = HiddenField()


class ChangeForm(_Named):
    """Another name, another alert."""
