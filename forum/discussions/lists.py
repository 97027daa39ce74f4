"""Lists of threads. Statements are built once, and what they find is kept: it is the same for all who are alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import add
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, false, func, literal, or_, select, union_all

from forum.access.actors import Actor, Member, alike
from forum.access.rules import READER, parts
from forum.accounts.models import Account
from forum.accounts.queries import FORMER
from forum.discussions.models import PUBLISHED, Thread, address_of
from forum.kernel.db import read
from forum.kernel.references import Person, Tag
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import Tagging
from forum.web.kept import kept

THREADS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread in a list."""

    id: int
    title: str
    url: str
    author: Person
    kind: str
    answered: bool
    pinned: bool
    locked: bool
    elements: tuple[Tag, ...]
    replies: int
    last_at: datetime
    status: str
    new: bool = False


@dataclass(frozen=True)
class ThreadFilter:
    """What a list of threads is narrowed to."""

    element: str = ""
    care_model: str = ""
    kind: str = ""
    member_id: int = 0


def _narrowed(wanted: ThreadFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    for scheme, slug in (("element", wanted.element), ("care-model", wanted.care_model)):
        if slug:
            choice = taxonomy.term(scheme, slug)
            tagged = select(Tagging.ref_id).where(Tagging.kind == "thread", Tagging.term_id == choice.id)
            clauses.append(Thread.id.in_(tagged))
    if wanted.kind == "question":
        clauses.append(Thread.question.is_(True))
    elif wanted.kind == "unanswered":
        clauses.append(and_(Thread.question, Thread.answer_id.is_(None)))
    elif wanted.kind == "discussion":
        clauses.append(~Thread.question)
    if wanted.member_id:
        clauses.append(Thread.member_id == wanted.member_id)
    return clauses


def counting(actor: Actor, wanted: ThreadFilter) -> ColumnElement[int]:
    """How many there are, as a part of a statement that has the reader's number as a parameter."""
    narrowed, seen = _narrowed(wanted), parts(actor, Thread, me=READER)
    each = [select(func.count()).select_from(Thread).where(part, *narrowed).scalar_subquery() for part in seen]
    return reduce(add, each, literal(0))


@lru_cache(maxsize=64)
def _count(actor: Actor, wanted: ThreadFilter, _lists: float) -> Select[*tuple[Any, ...]]:
    """Statements are built once for each kind of reader, and anew when the lists were read again, whose terms they name."""
    return select(counting(actor, wanted))


_UNSEEN = select(Thread.member_id).where(Thread.status != PUBLISHED).distinct()


def apart(actor: Actor) -> int:
    """The number of a member who sees threads of their own that are not out; 0 for all others, whose lists are alike."""
    own = isinstance(actor, Member) and actor.id in kept(("threads unseen",), lambda: frozenset(read(_UNSEEN).scalars()))
    return actor.id if isinstance(actor, Member) and own else 0


def count_threads(actor: Actor, wanted: ThreadFilter) -> int:
    who, me, lists = alike(actor), apart(actor), taxonomy.lists().read_at

    def look() -> int:
        return int(read(_count(who, wanted, lists), {"reader": me}).scalar_one())

    return kept(("threads counted", who, me, wanted, lists), look)


#: What a row of a list says.
_LISTED = select(
    Thread.id,
    Thread.title,
    Thread.member_id,
    Thread.question,
    Thread.answer_id,
    Thread.pinned,
    Thread.locked,
    Thread.reply_count,
    Thread.last_at,
    Thread.status,
    Account.name,
).outerjoin(Account, Account.id == Thread.member_id)


@lru_cache(maxsize=64)
def _list(actor: Actor, wanted: ThreadFilter, pinned_first: bool, _lists: float) -> Select[*tuple[Any, ...]]:
    """As for `_count`."""
    order: list[ColumnElement[Any]] = [*([Thread.pinned.desc()] if pinned_first else []), Thread.last_at.desc(), Thread.id.desc()]
    narrowed, seen = _narrowed(wanted), parts(actor, Thread, me=READER)
    upto: BindParameter[int] = bindparam("upto", type_=Integer)
    each = [select(Thread.id).where(part, *narrowed).order_by(*order).limit(upto).subquery() for part in seen]
    first = union_all(*(select(part.c.id) for part in each)) if each else select(Thread.id).where(false())
    return _LISTED.where(Thread.id.in_(first)).order_by(*order).offset(bindparam("offset")).limit(bindparam("limit"))


def list_threads(actor: Actor, wanted: ThreadFilter, offset: int, limit: int, pinned_first: bool = True) -> list[ThreadRow]:
    """A page of threads, the last active first."""
    who, me, lists = alike(actor), apart(actor), taxonomy.lists().read_at

    def look() -> list[ThreadRow]:
        values = {"reader": me, "upto": offset + limit, "offset": offset, "limit": limit}
        return _rows(read(_list(who, wanted, pinned_first, lists), values).all())

    return kept(("threads listed", who, me, wanted, offset, limit, pinned_first, lists), look)


def _rows(threads: Sequence[Any]) -> list[ThreadRow]:
    tags = taxonomy.tags_of("thread", [t.id for t in threads])
    return [
        ThreadRow(
            id=t.id,
            title=t.title,
            url=address_of(t.id, t.title),
            author=Person(t.member_id, t.name or FORMER.name),
            kind="question" if t.question else "discussion",
            answered=t.answer_id is not None,
            pinned=t.pinned,
            locked=t.locked,
            elements=taxonomy.element_tags(tags[t.id]),
            replies=t.reply_count,
            last_at=t.last_at,
            status=t.status,
        )
        for t in threads
    ]


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """One of the discussion document's key questions, as home shows it."""

    title: str
    url: str
    replies: int


@lru_cache(maxsize=16)
def _key_questions(actor: Actor) -> Select[*tuple[Any, ...]]:
    found = select(Thread.id, Thread.title, Thread.reply_count).where(Thread.site_key.in_(bindparam("keys", expanding=True)))
    return found.where(or_(false(), *parts(actor, Thread, me=READER))).order_by(Thread.id)


def key_questions(actor: Actor) -> list[KeyQuestion]:
    """The pinned threads that hold the discussion document's key questions, in its order."""
    who, me, lists = alike(actor), apart(actor), taxonomy.lists().read_at

    def look() -> list[KeyQuestion]:
        keys = [f"key-question:{term.slug}" for term in taxonomy.terms("key-question")]
        rows = read(_key_questions(who), {"keys": keys, "reader": me})
        return [KeyQuestion(title, address_of(id_, title), replies) for id_, title, replies in rows]

    return kept(("key questions", who, me, lists), look)
