"""Threads and replies in lists of other things: search results, news, the moderators' desk."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, select

from forum.access.actors import Actor
from forum.access.rules import visible
from forum.accounts.queries import FORMER, Person, people
from forum.discussions.models import Post, Thread
from forum.discussions.queries import url_of_reply
from forum.documents.markdown import plain
from forum.documents.passages import html_passages
from forum.kernel.db import db
from forum.kernel.references import Card, Fact, Ref
from forum.kernel.wording import plural
from forum.taxonomy import queries as taxonomy


def thread_cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    visible_clause = visible(actor, Thread)
    rows = db.session.execute(
        select(Thread, Post.html)
        .join(Post, and_(Post.thread_id == Thread.id, Post.seq == 1))
        .where(Thread.id.in_(ids), visible_clause)
    ).all()
    who = people(t.member_id for t, _ in rows)
    tags = taxonomy.tags_of("thread", [t.id for t, _ in rows])
    return {
        t.id: Card(
            kind="thread",
            id=t.id,
            title=t.title,
            url=t.url,
            text=plain(html),
            passages=tuple(html_passages(html)),
            at=t.created_at,
            kicker="Question" if t.question else "Discussion",
            elements=taxonomy.element_tags(tags[t.id]),
            badges=(("Answered", "good", "check"),) if t.answer_id else (),
            status=t.status,
            facts=_facts(t),
            part_of=_subject(t),
            **_author(who.get(t.member_id, FORMER)),
        )
        for t, html in rows
    }


def reply_cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    rows = db.session.execute(
        select(Post, Thread)
        .join(Thread, Thread.id == Post.thread_id)
        .where(
            Post.id.in_(ids),
            visible(actor, Post),
            visible(actor, Thread),
        )
    ).all()
    who = people(p.member_id for p, _ in rows)
    return {
        p.id: Card(
            kind="reply",
            id=p.id,
            title=t.title,
            url=url_of_reply(p, t),
            text=plain(p.html),
            passages=tuple(html_passages(p.html)),
            at=p.created_at,
            kicker="Reply",
            status=p.status,
            part_of=_subject(t) or (Thread.kind, t.id),
            **_author(who.get(p.member_id, FORMER)),
        )
        for p, t in rows
    }


def _subject(of: Thread) -> Ref | None:
    """The thing that the site opened it beside."""
    return (of.subject_kind, of.subject_id) if of.subject_kind and of.subject_id else None


def _facts(of: Thread) -> tuple[Fact, ...]:
    """Return whether a question still waits, and how much was said. That it was answered is its badge."""
    waits = (Fact("Not answered yet", "question"),) if of.question and not of.answer_id else ()
    return (*waits, Fact(plural(of.reply_count, "reply", "replies"), "chat"))


def _author(person: Person) -> dict[str, Any]:
    return {
        "author_id": person.id,
        "author_name": person.name,
        "author_role": person.role,
        "author_organisation": person.organisation,
    }
