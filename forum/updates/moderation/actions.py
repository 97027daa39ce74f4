"""How an update is judged: moderators hide it and show it again."""

from collections.abc import Collection

from forum.case_studies.models import CaseStudy
from forum.moderation.judging import Judged
from forum.organisations.queries import places_of
from forum.updates import queries
from forum.updates.events import UpdateDecided
from forum.updates.models import Update


def _move(update: Update, _verb: str, status: str) -> None:
    update.status = status


def _places(update: Update) -> Collection[int]:
    return [p.id for p in places_of(CaseStudy.kind, [update.case_study_id])[update.case_study_id]]


JUDGED = Judged(
    what="update",
    find=queries.get,
    move=_move,
    decided=lambda update, verb, reason: UpdateDecided(update.case_study_id, update.id, update.member_id, verb, reason),
    places=_places,
)
