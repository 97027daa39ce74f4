"""What every template can use: the site, whoever is reading, and `can`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, current_app, request
from flask_login import current_user

from forum.access.actors import Member
from forum.web.access_level import actor
from forum.web.kept import kept

#: First part of the address → the section that the navigation marks as current.
SECTIONS = {
    "case-studies": "case-studies",
    "adoptions": "case-studies",
    "discussions": "discussions",
    "elements": "elements",
    "care-models": "care-models",
    "moderation": "moderation",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The site's name and address, and whether what it shows is the invented demo content."""

    name: str
    base_url: str
    demo: bool


class Me:
    """Whoever is reading, as the page's header needs them. Counts are looked up only where a page shows them."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        who = actor()
        self.member = who if isinstance(who, Member) else None
        self._waiting = waiting

    signed_in = property(lambda self: self.member is not None)
    id = property(lambda self: self.member.id if self.member else 0)
    name = property(lambda self: self.member.name if self.member else "")
    username = property(lambda self: self.member.username if self.member else "")
    staff = property(lambda self: bool(self.member and self.member.staff))
    confirmed = property(lambda self: bool(self.member and self.member.confirmed))
    #: News that waits, as it was when the request came.
    unread = property(lambda self: current_user.unread if self.member else 0)

    @cached_property
    def waiting(self) -> int:
        """How many things wait for the staff: the same for all of them, and whatever changes it is announced."""
        return kept(("waiting for moderators",), self._waiting) if self.staff else 0


def this_site() -> Site:
    """The site that is asked. Looked up once in each process: the demo content is loaded before the site is served, or never."""
    known = current_app.extensions
    if "forum.site" not in known:
        settings = current_app.config["FORUM"]
        known["forum.site"] = Site(settings.site_name, settings.base_url, known["forum.demo"]())
    found: Site = known["forum.site"]
    return found


def init_context(app: Flask, waiting: Callable[[], int], demo: Callable[[], bool], can: Any) -> None:
    def context() -> dict[str, Any]:
        first = request.path.strip("/").partition("/")[0]
        section = "share" if request.path == "/case-studies/new" else SECTIONS.get(first, "")
        return {
            "site": this_site(),
            "me": Me(waiting),
            "nav": section,
            "can": can,
            "errors": {},
            "path": request.full_path.rstrip("?"),
        }

    app.extensions["forum.demo"] = demo
    app.context_processor(context)
    app.jinja_env.globals["settings"] = lambda: current_app.config["FORUM"]
