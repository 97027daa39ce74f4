"""The form of a question that came from a search."""

from wtforms import HiddenField

from forum.discussions.forms import ThreadForm


class AskForm(ThreadForm):
    """A question that came from a search."""

    search = HiddenField()
