"""The one visibility rule, in both its forms, and every permission for every role."""

from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from forum.access.actors import Actor, Member, Visitor, audience
from forum.access.permissions import RULES, Permission, authorize, may
from forum.access.rules import VIEW, audience_of, may_view, parts, visible
from forum.case_studies.models import CaseStudy
from forum.discussions.models import Post, Thread
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Forbidden, NotFound

OWNER, OTHER, MODERATOR, ADMINISTRATOR = (
    Member(1, "Owner", "owner"),
    Member(2, "Other", "other"),
    Member(3, "Moderator", "moderator", "moderator"),
    Member(4, "Administrator", "administrator", "administrator"),
)
TRUSTED = Member(5, "Trusted", "trusted", trusted=True)
#: Who may be anybody until they confirm their address: the owner again, and one whom somebody made a moderator; on either kind of site.
UNCONFIRMED = [
    Member(id_, "Fresh", "fresh", access, trusted=True, confirmed=False, as_visitor=reads)
    for id_, access in ((1, "member"), (6, "member"), (7, "moderator"))
    for reads in (False, True)
]
MEMBERS: list[Actor] = [OWNER, OTHER, TRUSTED, MODERATOR, ADMINISTRATOR]
ACTORS: list[Actor] = [Visitor(), Visitor(reads=False), *MEMBERS, *UNCONFIRMED]


@dataclass
class Thing:
    kind: str
    status: str
    member_id: int | None = 1
    members_only: bool = False

    @property
    def editor_ids(self) -> tuple[int | None, ...]:
        return (self.member_id,)

    viewer_ids = editor_ids


def test_both_forms_of_the_rule_agree(context: Flask) -> None:
    at = now()
    with transaction():
        db.session.query(Post).delete()
        db.session.query(Thread).delete()
        for number, (status, secret) in enumerate(product(VIEW["case-study"], (False, True)), 1):
            case = CaseStudy(id=number, member_id=1, status=status, html={}, created_at=at, saved_at=at)
            case.visibility = "members" if secret else "everyone"
            db.session.add(case)
        for number, (status, secret) in enumerate(product(VIEW["thread"], (False, True)), 1):
            thread = Thread(id=number, title="T", member_id=1, status=status, created_at=at, last_at=at)
            thread.members_only = secret
            db.session.add(thread)
    for model, actor in product((CaseStudy, Thread), ACTORS):
        by_sql = set(db.session.scalars(select(model.id).where(visible(actor, model))))
        by_one = {t.id for t in db.session.scalars(select(model)) if may_view(actor, t)}
        assert by_sql == by_one, (model, actor)
        in_parts = [id_ for part in parts(actor, model) for id_ in db.session.scalars(select(model.id).where(part))]
        assert sorted(in_parts) == sorted(by_one), "parts are all of it, and do not overlap"


@pytest.mark.parametrize("kind", VIEW)
def test_audiences_are_the_same_rule_again(kind: str) -> None:
    for status, actor, secret in product(VIEW[kind], ACTORS, (False, True)):
        thing = Thing(kind, status, members_only=secret)
        assert bool(set(audience_of(thing)) & set(audience(actor))) == may_view(actor, thing), (status, actor)


def test_an_unknown_status_is_seen_by_nobody() -> None:
    assert not any(may_view(actor, Thing("thread", "invented")) for actor in ACTORS)


PUBLISHED, DRAFT = Thing("case-study", "published"), Thing("case-study", "draft")
MAY: dict[Permission, list[Actor]] = {
    Permission.WRITE: MEMBERS,
    Permission.MAIL: [TRUSTED, MODERATOR, ADMINISTRATOR],
    Permission.EDIT: [OWNER, MODERATOR, ADMINISTRATOR],
    Permission.WITHDRAW: [OWNER],
    Permission.SHARE_OUT: [OWNER, MODERATOR, ADMINISTRATOR],
    Permission.REPORT: [OTHER, TRUSTED, MODERATOR, ADMINISTRATOR],
    Permission.THANK: [OTHER, TRUSTED, MODERATOR, ADMINISTRATOR],
    Permission.ANSWER: [OWNER, MODERATOR, ADMINISTRATOR],
    Permission.DECIDE: [MODERATOR, ADMINISTRATOR],
    Permission.MODERATE: [MODERATOR, ADMINISTRATOR],
    Permission.ADMINISTER: [ADMINISTRATOR],
}


def test_every_permission_is_here() -> None:
    assert set(MAY) == set(RULES) == set(Permission)


@pytest.mark.parametrize("permission", list(Permission))
def test_who_may(permission: Permission) -> None:
    for actor in ACTORS:
        assert may(actor, permission, PUBLISHED) == (actor in MAY[permission]), (permission, actor)
    assert not may(OTHER, permission, DRAFT)
    with pytest.raises(NotFound):
        authorize(OTHER, permission, DRAFT)


def test_an_unconfirmed_address_writes_nothing() -> None:
    fresh = Member(1, "Fresh", "fresh", confirmed=False)
    with pytest.raises(Forbidden, match="Confirm your email"):
        authorize(fresh, Permission.WRITE)


def test_nobody_decides_on_their_own() -> None:
    own = Thing("case-study", "submitted", MODERATOR.id)
    assert not may(MODERATOR, Permission.DECIDE, own)
    assert may(ADMINISTRATOR, Permission.DECIDE, own)
