"""What moderators decide about adoptions, and what follows from it."""

from collections.abc import Collection

from forum.access.actors import Member
from forum.adoptions import queries
from forum.adoptions.actions import changed
from forum.adoptions.events import AdoptionDecided, AdoptionShared
from forum.adoptions.models import Adoption
from forum.adoptions.queries import KIND
from forum.kernel.outbox import announce
from forum.moderation.judging import RELEASE, Judged
from forum.organisations.queries import places_of


def _move(adoption: Adoption, verb: str, status: str) -> None:
    adoption.status = status
    if verb == RELEASE:
        announce(AdoptionShared(adoption.id, adoption.case_study_id, adoption.member_id, False))
    changed(adoption)


def _places(adoption: Adoption) -> Collection[int]:
    return [p.id for p in places_of(KIND, [adoption.id])[adoption.id]]


def _own(actor: Member, adoption: Adoption) -> str:
    if actor.id in adoption.case.viewer_ids:
        return "This is about a case study of your own. Another moderator decides on it."
    return ""


JUDGED = Judged(
    what="entry",
    find=queries.get,
    move=_move,
    decided=lambda adoption, verb, reason: AdoptionDecided(adoption.id, adoption.member_id, verb, reason),
    places=_places,
    own=_own,
)
