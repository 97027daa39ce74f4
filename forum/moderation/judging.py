"""What moderators do with any kind of thing: let it stand, hide it, show it again. One rule for all kinds.

Nobody decides on what is their own, nor on what comes from their own organisation while another moderator can. Each decision is
recorded and its author is notified (law 9). A slice says in a `Judged` how one of its things is found and moved.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel.errors import Forbidden, Invalid, NotFound
from forum.kernel.events import Event
from forum.kernel.outbox import announce
from forum.moderation.actions import note

HELD, PUBLISHED, HIDDEN = "held", "published", "hidden"
RELEASE, HIDE, SHOW = "release", "hide", "show"


@dataclass(frozen=True, slots=True)
class Step:
    """A way from one of the states `begins` to the state `ends`.

    `record` follows "A moderator" in the log of decisions; `otherwise` is said where the thing is in another state.
    """

    begins: Collection[str]
    ends: str
    record: str
    otherwise: str
    reason: bool = True


STEPS: Mapping[str, Step] = {
    RELEASE: Step({HELD}, PUBLISHED, "published it", "This is no longer waiting for a moderator.", reason=False),
    HIDE: Step({HELD, PUBLISHED}, HIDDEN, "hid it", "This is hidden already: only its author and the moderators can see it."),
    SHOW: Step({HIDDEN}, PUBLISHED, "showed it again", "This is not hidden."),
}


def _nothing(_actor: Member, _thing: Any) -> str:
    return ""


@dataclass(frozen=True)
class Judged:
    """A kind of thing that moderators decide on.

    `find(actor, id)` returns it or raises `NotFound`; `move(thing, verb, status)` sets the status, with all that follows;
    `decided(thing, verb, reason)` is the event that tells its author; `places(thing)` the organisations that it comes from, by
    number; `own(actor, thing)` why it is this moderator's own although they did not write it, or "". `what` names it on the page.
    """

    what: str
    find: Callable[[Member, int], Any]
    move: Callable[[Any, str, str], None]
    decided: Callable[[Any, str, str], Event]
    places: Callable[[Any], Collection[int]]
    own: Callable[[Member, Any], str] = _nothing
    steps: Mapping[str, Step] = field(default_factory=lambda: STEPS)


def judged(kind: str) -> Judged:
    """Return what is judged by that name. Raises `NotFound`."""
    found: Judged | None = current_app.extensions["forum.judged"].get(kind)
    if found is None:
        raise NotFound("There is nothing of this kind to decide on.")
    return found


def check(actor: Member, kind: Judged, thing: Any) -> None:
    """Raise `NotFound` or `Forbidden` unless the actor may decide on it."""
    authorize(actor, Permission.DECIDE, thing)
    own = kind.own(actor, thing)
    if own:
        raise Forbidden(own)
    places = kind.places(thing)
    if actor.organisation_id in places and current_app.extensions["forum.another_moderator"](actor, places):
        raise Forbidden("This comes from your own organisation. Another moderator decides on it.")


def judge(actor: Member, kind: Judged, id_: int, verb: str, reason: str = "") -> Any:
    """Take one of the kind's steps; return the thing. Call inside `transaction()`.

    Raises `NotFound`, `Forbidden`, and `Invalid` where the reason is missing or somebody has decided already.
    """
    thing, step = kind.find(actor, id_), kind.steps.get(verb)
    check(actor, kind, thing)
    if step is None:
        raise NotFound("This is decided on in another place.")
    if step.reason and not reason.strip():
        raise Invalid("Say why: the author will read it.", "reason")
    if thing.status not in step.begins:
        raise Invalid(step.otherwise)
    kind.move(thing, verb, step.ends)
    note(actor, (thing.kind, thing.id), step.record, reason)
    announce(kind.decided(thing, verb, reason))
    if verb == RELEASE:
        current_app.extensions["forum.approved"](thing.member_id)
    return thing
