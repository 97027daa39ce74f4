"""How large a request may be: small everywhere, larger where a view says so, since the form is read before the view runs."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def takes(most: int) -> Callable[[View], View]:
    """Declare that the decorated view takes requests of up to `most` bytes."""

    def declare(view: View) -> View:
        view.takes = most  # type: ignore[attr-defined]
        return view

    return declare


def init_sizes(app: Flask) -> None:
    """Set each request's limit by its view. Call before anything reads a form."""
    app.before_request(_allow)


def _allow() -> None:
    most = getattr(current_app.view_functions.get(request.endpoint or ""), "takes", None)
    if most is not None:
        request.max_content_length = most
