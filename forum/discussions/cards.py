"""Threads and replies in lists of other things: search results, news, the moderators' desk."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, false, or_, select

from forum.access.actors import Actor, Member, alike
from forum.access.rules import READER, parts
from forum.accounts.queries import FORMER, people
from forum.discussions.models import Post, Thread, address_of, place_of_reply
from forum.documents.passages import words_of
from forum.kernel.db import read
from forum.kernel.references import Card, Fact, Person, Ref
from forum.kernel.wording import plural
from forum.taxonomy import queries as taxonomy

#: What a card says of a thread.
_OF = (Thread.id.label("thread"), Thread.title, Thread.question, Thread.answer_id, Thread.reply_count, Thread.subject_kind)
_OF_THREAD = (*_OF, Thread.subject_id, Thread.created_at, Thread.member_id, Thread.status, Post.html)
_OF_REPLY = (*_OF, Thread.subject_id, Post.id, Post.seq, Post.created_at, Post.member_id, Post.status, Post.html)


@lru_cache(maxsize=16)
def _threads(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Built once for each kind of reader."""
    rows = select(*_OF_THREAD).join(Post, and_(Post.thread_id == Thread.id, Post.seq == 1))
    return rows.where(Thread.id.in_(bindparam("ids", expanding=True)), or_(false(), *parts(actor, Thread, me=READER)))


@lru_cache(maxsize=16)
def _replies(actor: Actor) -> Select[*tuple[Any, ...]]:
    """As for `_threads`."""
    rows = select(*_OF_REPLY).join(Thread, Thread.id == Post.thread_id).where(Post.id.in_(bindparam("ids", expanding=True)))
    return rows.where(*(or_(false(), *parts(actor, model, me=READER)) for model in (Post, Thread)))


def _values(actor: Actor, ids: Sequence[int]) -> dict[str, Any]:
    return {"ids": list(ids), "reader": actor.id if isinstance(actor, Member) else 0}


def thread_cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    rows = read(_threads(alike(actor)), _values(actor, ids)).all()
    who = people(t.member_id for t in rows)
    tags = taxonomy.tags_of("thread", [t.thread for t in rows])
    return {
        t.thread: Card(
            kind="thread",
            id=t.thread,
            title=t.title,
            url=address_of(t.thread, t.title),
            text=words_of(t.html)[0],
            passages=words_of(t.html)[1],
            at=t.created_at,
            kicker="Question" if t.question else "Discussion",
            elements=taxonomy.element_tags(tags[t.thread]),
            badges=(("Answered", "good", "check"),) if t.answer_id else (),
            status=t.status,
            facts=_facts(t),
            part_of=_subject(t),
            **_author(who.get(t.member_id, FORMER)),
        )
        for t in rows
    }


def reply_cards(actor: Actor, ids: Sequence[int]) -> Mapping[int, Card]:
    rows = read(_replies(alike(actor)), _values(actor, ids)).all()
    who = people(p.member_id for p in rows)
    return {
        p.id: Card(
            kind="reply",
            id=p.id,
            title=p.title,
            url=place_of_reply(p.id, p.seq, address_of(p.thread, p.title)),
            text=words_of(p.html)[0],
            passages=words_of(p.html)[1],
            at=p.created_at,
            kicker="Reply",
            status=p.status,
            part_of=_subject(p) or (Thread.kind, p.thread),
            **_author(who.get(p.member_id, FORMER)),
        )
        for p in rows
    }


def _subject(of: Any) -> Ref | None:
    """The thing that the site opened it beside."""
    return (of.subject_kind, of.subject_id) if of.subject_kind and of.subject_id else None


def _facts(of: Any) -> tuple[Fact, ...]:
    """Whether a question still waits, and how much was said. That it was answered is its badge."""
    waits = (Fact("Not answered yet", "question"),) if of.question and not of.answer_id else ()
    return (*waits, Fact(plural(of.reply_count, "reply", "replies"), "chat"))


def _author(person: Person) -> dict[str, Any]:
    return {
        "author": person,
    }
