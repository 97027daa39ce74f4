"""The page on which a moderator removes words for good: first where they stand, then they are gone."""

from collections.abc import Callable

from flask import flash, redirect, request
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from forum.kernel import redaction
from forum.kernel.db import transaction
from forum.kernel.errors import Invalid
from forum.purging import words as purging
from forum.web.access_level import member
from forum.web.form_responses import show
from forum.web.forms import Form, Required


class PurgeForm(Form):
    words = TextAreaField(
        "The words to remove",
        [Required("Copy the words here"), Length(max=redaction.LONGEST)],
        description="Exactly as they are in the text. Spaces, line ends and bold or italic between them do not matter.",
        render_kw={"rows": 3},
    )
    reason = StringField(
        "Your reason, without the words",
        [Length(max=500)],
        description="The authors read it, and it is kept with the decision.",
    )


def page(scope: Callable[[], purging.Scope], title: Callable[[], str], back: str, back_words: str) -> Response:
    """Show it, or do what was pressed. `scope` and `title` are read again after the words have gone."""
    form, places = PurgeForm(), None
    if request.method == "POST" and form.validate():
        try:
            if request.form.get("action") == "remove":
                with transaction():
                    purging.purge(member(), scope(), form.words.data or "", form.reason.data or "", _ticked())
                flash("The words are removed for good. The authors will be told.", "success")
                return redirect(back, 303)
            places = purging.find_places(member(), scope(), form.words.data or "")
        except Invalid as problem:
            form.blame(problem)
    where = request.path
    return show("moderation/purge.html", form, places=places, name=title(), back=back, back_words=back_words, where=where)


def _ticked() -> set[int]:
    return {int(n) for n in request.form.getlist("files")[:100] if n.isascii() and n.isdecimal() and len(n) < 12}
