"""A page with a form has an address of its own: in it stand the form's key and what the form was filled from.

On Back, Chromium fetches again a page that it did not cache, and puts the words that were typed before into the fresh form. A form
that says in a hidden field "I was filled from version 8, and nobody has sent me" would then carry words from version 7 that were
sent already. The address is what the browser goes back to, so the truth stands there: `…/edit?from=7&form=K`. Words that were not
sent come back too, which `autocomplete="off"` would lose.

For a form inside a page, whose address is not its own, see `forms.Form.filled_from`.
"""

import re
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from forum.kernel.idempotency import new_key

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


def key_here() -> str:
    """The form's key in this page's address; "" where there is none."""
    key = request.args.get("form", "")
    return key if _KEY.fullmatch(key) else ""


def moved(began: object = None) -> Response | None:
    """Return a redirect from a page with a form to an address of its own; None where the request has one already.

    `began` is what the form is filled from now: a version, or the marks of values. Call it once the page is known to be allowed.
    """
    if key_here() and (began is None or "from" in request.args):
        return None
    args = [(k, v) for k, v in request.args.items(multi=True) if k not in {"form", "from"}]
    args += [("from", str(began))] if began is not None else []
    return redirect(f"{request.path}?{urlencode([*args, ('form', new_key())])}", 303)


def began_here(length: int = 2_000) -> str:
    """Return what the form of this page was filled from when it was first opened; "" where the address does not say."""
    return request.args.get("from", "")[:length]
