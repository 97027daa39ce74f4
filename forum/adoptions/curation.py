"""What moderators do with adoptions: let held ones stand, hide and show again. Each is recorded, and the adopter is told."""

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.accounts.actions import approve_post
from forum.accounts.queries import another_moderator
from forum.adoptions import queries
from forum.adoptions.actions import changed
from forum.adoptions.events import AdoptionDecided, AdoptionShared
from forum.adoptions.models import HELD, HIDDEN, PUBLISHED, WITHDRAWN, Adoption
from forum.adoptions.queries import KIND
from forum.kernel.errors import Forbidden, Invalid
from forum.kernel.outbox import announce
from forum.moderation.actions import note
from forum.organisations.queries import places_of


def release(actor: Member, id_: int) -> Adoption:
    """Let a held one stand; the adopter comes a step nearer to not being held."""
    adoption = _to_decide(actor, id_)
    if adoption.status != HELD:
        raise Invalid("This is no longer waiting for a moderator.")
    _decide(actor, adoption, PUBLISHED, "released", "published it", "")
    approve_post(adoption.member_id)
    announce(AdoptionShared(adoption.id, adoption.case_study_id, adoption.member_id, False))
    return adoption


def hide_reported(actor: Member, id_: int, reason: str) -> None:
    """Hide it after a report."""
    hide(actor, id_, reason)


def hide(actor: Member, id_: int, reason: str) -> Adoption:
    """Hide it from everyone but the adopter and staff."""
    adoption = _to_decide(actor, id_)
    if adoption.status in {HIDDEN, WITHDRAWN}:
        raise Invalid("This is hidden already: only its author and the moderators can see it.")
    if not reason.strip():
        raise Invalid("Say why: the author will read it.", "reason")
    return _decide(actor, adoption, HIDDEN, "hidden", "hid it", reason)


def show_again(actor: Member, id_: int, reason: str) -> Adoption:
    """Publish again what was hidden."""
    adoption = _to_decide(actor, id_)
    if adoption.status != HIDDEN:
        raise Invalid("This is not hidden.")
    if not reason.strip():
        raise Invalid("Say why: the author will read it.", "reason")
    return _decide(actor, adoption, PUBLISHED, "shown", "showed it again", reason)


def _to_decide(actor: Member, id_: int) -> Adoption:
    """The adoption, for somebody who may judge it: not of their own case study, nor of their own house while another could."""
    adoption = queries.get(actor, id_)
    authorize(actor, Permission.DECIDE, adoption)
    if actor.id in adoption.case.viewer_ids:
        raise Forbidden("This is about a case study of your own. Another moderator decides on it.")
    places = [p.id for p in places_of(KIND, [adoption.id])[adoption.id]]
    if actor.organisation_id in places and another_moderator(actor, places):
        raise Forbidden("This comes from your own organisation. Another moderator decides on it.")
    return adoption


def _decide(actor: Member, adoption: Adoption, status: str, verb: str, words: str, reason: str) -> Adoption:
    adoption.status = status
    note(actor, (KIND, adoption.id), words, reason)
    announce(AdoptionDecided(adoption.id, adoption.member_id, verb, reason))
    changed(adoption)
    return adoption
