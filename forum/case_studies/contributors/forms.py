"""The form by which authors ask others to write along."""

from wtforms import RadioField, StringField
from wtforms.validators import Length

from forum.web.forms import CreateForm, Ticks


class InviteForm(CreateForm):
    """Asking somebody to write along, or to read it first."""

    who = StringField(
        "Email address or name",
        [Length(max=254)],
        description="The full name of a member, or any email address: they do not need an account yet.",
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(
        "What do you want them to do?",
        choices={"co-author": "To write it with you, as a co-author", "reviewer": "To read it and tell us what is unclear"},
        default="co-author",
    )
    lived = Ticks("Their part", choices={"yes": "They take part as a patient, carer or member of the public"})
