"""Lists of threads: what each reader sees, page by page, in one order over what is published and what is one's own."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from forum.access.actors import Actor, Member, Visitor
from forum.discussions.lists import ThreadFilter, count_threads, list_threads
from forum.discussions.models import HELD, HIDDEN, PUBLISHED, Post, Thread
from forum.kernel.clock import now
from forum.kernel.db import db, transaction

STATUSES = (PUBLISHED, HELD, PUBLISHED, HIDDEN)


@pytest.fixture
def threads(context: Flask, members: dict[str, Member]) -> list[Thread]:
    """Sixty, by two people, in every status; each sixth is pinned, each third a question."""
    at = now()
    rows = [
        {"id": 1_000 + n, "title": f"Thread {n}", "status": STATUSES[n % 4], "member_id": members[("ada", "olu")[n % 2]].id}
        | {"question": n % 3 == 0, "pinned": n % 6 == 0, "locked": False, "subject_kind": "", "subject_id": 0, "version": 1}
        | {"created_at": at, "last_at": at + timedelta(minutes=n * 7 % 60), "posts_made": 1, "reply_count": 0}
        for n in range(60)
    ]
    with transaction() as session:
        session.query(Post).delete()
        session.query(Thread).delete()
        session.execute(insert(Thread), rows)
    return list(db.session.query(Thread))


@pytest.mark.parametrize("who", ["visitor", "ada", "olu", "mo"])
@pytest.mark.parametrize("pinned_first", [True, False])
def test_pages_hold_all_that_the_reader_sees_in_order(
    threads: list[Thread], members: dict[str, Member], who: str, pinned_first: bool
) -> None:
    actor: Actor = Visitor() if who == "visitor" else members[who]
    staff = isinstance(actor, Member) and actor.staff
    mine = actor.id if isinstance(actor, Member) else 0
    for kind in ("", "question"):
        wanted = ThreadFilter(kind=kind)
        seen = [t for t in threads if (t.status == PUBLISHED or staff or t.member_id == mine) and (t.question or not kind)]
        expected = [t.id for t in sorted(seen, key=lambda t: (t.pinned and pinned_first, t.last_at, t.id), reverse=True)]
        assert count_threads(actor, wanted) == len(expected)
        found = [row.id for offset in range(0, 70, 7) for row in list_threads(actor, wanted, offset, 7, pinned_first)]
        assert found == expected


def test_a_closed_site_shows_a_visitor_none(threads: list[Thread]) -> None:
    assert count_threads(Visitor(reads=False), ThreadFilter()) == 0
    assert list_threads(Visitor(reads=False), ThreadFilter(), 0, 25) == []
