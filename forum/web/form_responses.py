"""How views answer with a form: 200 when it is shown, 422 when something in it needs changing."""

from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from forum.kernel.mail import ONE_CLICK
from forum.web.forms import Form


def show(template: str, form: Form | None, status: int = 0, headers: dict[str, str] | None = None, **context: Any) -> Response:
    """Render a page with a form in it. The status is 422 for a post that came back, unless given, and the page's title says so.

    `conflict` and `preview` are defined for every template, None where the view passes none.
    """
    errors = form.errors if form is not None else {}
    status = status or (422 if request.method == "POST" and errors else 200)
    page = {"conflict": None, "preview": None, **context}
    html = render_template(template, form=form, failed=bool(errors) or status >= 400, **page)
    return make_response(html, status, headers or {})


def stopped() -> Response | None:
    """The answer to a mail program that stopped its mail: short, and no redirect, which not all of them follow (RFC 8058)."""
    name, _, value = ONE_CLICK.partition("=")
    return Response("Stopped.\n", content_type="text/plain; charset=utf-8") if request.form.get(name) == value else None
