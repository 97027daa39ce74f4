"""Who may reach an endpoint at all. Every view declares it; one that does not stops start-up (law 10)."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_login import current_user
from werkzeug.wrappers import Response

from forum.access.actors import ADMINISTRATOR, Actor, Member, Visitor
from forum.kernel.errors import Forbidden, NotFound
from forum.web.pending_forms import park_and_sign_in

View = TypeVar("View", bound=Callable[..., Any])


class Reach(StrEnum):
    PUBLIC = "public"  # anyone, also on a site that shows its content to members only
    READER = "reader"  # anyone, unless FORUM_PUBLIC=0
    MEMBER = "member"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


def reach(level: Reach) -> Callable[[View], View]:
    """Declare who may reach the decorated view."""

    def declare(view: View) -> View:
        view.reach = level  # type: ignore[attr-defined]
        return view

    return declare


def actor() -> Actor:
    """Whoever is asking."""
    user = current_user._get_current_object()
    if user.is_authenticated:
        member: Member = user.member
        return member if member.confirmed else replace(member, as_visitor=current_app.config["FORUM"].public)
    return Visitor(reads=current_app.config["FORUM"].public)


def member() -> Member:
    """The member who is asking, in a view whose reach says that there is one."""
    who = actor()
    assert isinstance(who, Member), "only in views that members alone can reach"
    return who


def by_token(view: View) -> View:
    """Mark a view whose address proves by itself who asks: mail programs may post to it without a form token (RFC 8058)."""
    view.by_token = True  # type: ignore[attr-defined]
    return view


def init_reach(app: Flask) -> None:
    """Guard every endpoint. Call after all routes are there. Raises RuntimeError for one that declares nothing."""
    undeclared = [name for name, view in app.view_functions.items() if not hasattr(view, "reach")]
    if undeclared:
        raise RuntimeError(f"these endpoints do not declare their reach: {', '.join(sorted(undeclared))}")
    for view in app.view_functions.values():
        if hasattr(view, "by_token"):
            app.extensions["csrf"].exempt(view)
    app.before_request(_guard)


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    level = getattr(current_app.view_functions[request.endpoint], "reach", None)
    if level == Reach.PUBLIC:
        return None
    who = actor()
    if isinstance(who, Visitor):
        return None if level == Reach.READER and who.reads else park_and_sign_in()
    if level == Reach.READER and not who.reads:
        raise Forbidden("This site is for members. Confirm your email address first: we sent you a link.")
    if (level == Reach.STAFF and not who.staff) or (
        level == Reach.ADMINISTRATOR and not (who.staff and who.access == ADMINISTRATOR)
    ):
        raise NotFound("There is nothing at this address.")
    return None
