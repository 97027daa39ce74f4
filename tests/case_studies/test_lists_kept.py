"""Lists of case studies are kept until the site changes: never longer, and never for readers who may see less."""

import pytest
from flask import Flask
from sqlalchemy import update

from forum.access.actors import Member, Visitor
from forum.case_studies import lists
from forum.case_studies.editing.actions import begin
from forum.case_studies.lists import CaseFilter
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.case_studies.record.parts import MEMBERS
from forum.kernel.db import db, transaction
from forum.kernel.outbox import touch_site
from tests.counting import counted
from tests.page import Person
from tests.stories import published

PATHS, CARD = ("/case-studies", "/"), 'href="/case-studies/1-'


def change(app: Flask, **values: object) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(CaseStudy).values(**values))
        touch_site()


def test_a_list_is_asked_for_once_while_nothing_changes(author: Person, other: Person, moderator: Person) -> None:
    published(author, moderator)
    for path in PATHS:
        first = other.get(path).text
        with counted() as said:
            assert other.get(path).text == first
        assert not any("case_studies" in statement and "ORDER BY" in statement for statement in said), path
        assert len(said) <= 8


def test_a_change_is_shown_at_once(app: Flask, author: Person, other: Person, moderator: Person, visitor: Person) -> None:
    published(author, moderator)
    for reader in (other, visitor):
        assert all(CARD + "weekly-ward-round" in reader.get(path).text for path in PATHS)
    change(app, title="Another name")
    for reader in (other, visitor):
        for path in PATHS:
            page = reader.get(path).text
            assert CARD + "another-name" in page
            assert CARD + "weekly-ward-round" not in page


def test_what_members_alone_see_is_kept_for_members(
    app: Flask, author: Person, other: Person, moderator: Person, visitor: Person
) -> None:
    published(author, moderator)
    change(app, visibility=MEMBERS)
    for _ in range(2):
        for path in PATHS:
            assert CARD in other.get(path).text
            assert CARD not in visitor.get(path).text


def test_what_came_to_nothing_is_not_kept(context: Flask, members: dict[str, Member]) -> None:
    """A transaction reads its own version; when it fails, the next one makes a version of the same number."""
    everything = CaseFilter({})
    assert lists.count(Visitor(), everything) == 0

    def publish_and_fail() -> None:
        with transaction():
            case = begin(members["ada"], {"title": "It never was"})
            db.session.execute(update(CaseStudy).where(CaseStudy.id == case.id).values(status=PUBLISHED))
            touch_site()
            assert lists.count(Visitor(), everything) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        publish_and_fail()
    with transaction():
        touch_site()
    assert lists.count(Visitor(), everything) == 0
