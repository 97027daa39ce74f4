"""Reading threads and posts. Statements are built once; pages read plain rows of explicit columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, reduce
from operator import add
from typing import Any

from markupsafe import Markup
from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, false, func, literal, or_, select, union_all

from forum.access.actors import Actor, Member, alike
from forum.access.rules import READER, may_view, parts
from forum.accounts.models import Account
from forum.accounts.queries import FORMER, role_words
from forum.discussions.models import HELD, POSTS_PER_PAGE, PUBLISHED, Post, Thanks, Thread, address_of, page_of
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Ref, Tag
from forum.organisations.models import Organisation
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import Tagging
from forum.web.kept import kept

GONE = "There is no such discussion, or it is not public."
THREADS_PER_PAGE = 25


def thread(actor: Actor, id_: int) -> Thread:
    """One thread the actor may see. Raises `NotFound`."""
    found = db.session.get(Thread, id_)
    if found is None or not may_view(actor, found):
        raise NotFound(GONE)
    return found


def reply(actor: Actor, id_: int) -> Post:
    """One post the actor may see, in a thread they may see. Raises `NotFound`."""
    found = db.session.get(Post, id_)
    if found is None or not may_view(actor, found):
        raise NotFound(GONE)
    thread(actor, found.thread_id)
    return found


def thread_versions(actor: Member, id_: int) -> tuple[Thread, Ref, str]:
    return thread(actor, id_), (Thread.kind, id_), f"/discussions/{id_}/history"


def reply_versions(actor: Member, id_: int) -> tuple[Post, Ref, str]:
    return reply(actor, id_), (Post.kind, id_), f"/discussions/replies/{id_}/history"


def first_post(of: Thread) -> Post:
    return db.session.scalars(select(Post).where(Post.thread_id == of.id, Post.seq == 1)).one()


def _me(actor: Actor) -> int:
    return actor.id if isinstance(actor, Member) else 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A thread as its page says of it to everybody who may see it; how many people, from how many organisations, wrote in it."""

    #: In no session: for reading alone.
    thread: Thread
    tags: Sequence[taxonomy.Choice]
    people: int
    organisations: int


_COUNTS = (
    select(func.count(Post.member_id.distinct()), func.count(Account.organisation_id.distinct()))
    .join(Account, Account.id == Post.member_id)
    .where(Post.thread_id == bindparam("thread"), Post.status == PUBLISHED)
)
_THREAD = select(*Thread.__table__.columns).where(Thread.id == bindparam("thread"))


def shown(actor: Actor, id_: int) -> Shown:
    """One thread the actor may see, to be shown. Raises `NotFound`."""
    found = kept(("thread", id_, taxonomy.lists().read_at), lambda: _shown(id_))
    if found is None or not may_view(actor, found.thread):
        raise NotFound(GONE)
    return found


def _shown(id_: int) -> Shown | None:
    row = read(_THREAD, {"thread": id_}).first()
    if row is None:
        return None
    people, organisations = read(_COUNTS, {"thread": id_}).one()
    return Shown(Thread(**row._mapping), taxonomy.tags_of(Thread.kind, [id_])[id_], people, organisations)


_NEWEST = select(func.max(Post.id)).where(Post.thread_id == bindparam("thread"), Post.member_id == READER)


def newest_own(actor: Member, thread_id: int) -> int:
    """The actor's own newest post in a thread, 0 for none."""
    return read(_NEWEST, {"thread": thread_id, "reader": actor.id}).scalar() or 0


@dataclass(frozen=True, slots=True)
class PostView:
    """A post as the thread page shows it, the same to everybody who may see it."""

    id: int
    seq: int
    anchor: str
    member_id: int
    status: str
    author_id: int
    author_name: str
    author_role: str
    author_organisation: str
    author_url: str
    at: datetime
    edited: datetime | None
    html: Markup
    thanks: int
    justification: str
    badge: tuple[str, str, str] | None

    @property
    def kind(self) -> str:
        return "reply"

    @property
    def members_only(self) -> bool:
        """Its thread decides: whoever sees this has seen the thread."""
        return False

    @property
    def editor_ids(self) -> tuple[int]:
        return (self.member_id,)

    viewer_ids = editor_ids


_ROWS = (
    select(
        Post.id,
        Post.seq,
        Post.member_id,
        Post.status,
        Post.created_at,
        Post.edited_at,
        Post.html,
        Post.thanks,
        Post.justification,
        Account.name,
        Account.username,
        Account.role,
        Organisation.name.label("organisation"),
    )
    .outerjoin(Account, Account.id == Post.member_id)
    .outerjoin(Organisation, Organisation.id == Account.organisation_id)
)
_POSTS = _ROWS.where(Post.thread_id == bindparam("thread"), Post.seq > bindparam("after"), Post.seq <= bindparam("upto")).order_by(
    Post.seq
)
_POST = _ROWS.where(Post.id == bindparam("post"))


def posts(actor: Actor, of: Thread, page: int) -> list[PostView]:
    """The posts of one page of a thread that the actor may see."""
    every = kept(("posts", of.id, page, taxonomy.lists().read_at), lambda: _posts(of, page))
    return [post for post in every if _seen(actor, post)]


def _posts(of: Thread, page: int) -> tuple[PostView, ...]:
    before = (page - 1) * POSTS_PER_PAGE
    rows = read(_POSTS, {"thread": of.id, "after": before, "upto": before + POSTS_PER_PAGE})
    return tuple(_post_view(of, row) for row in rows)


def _seen(actor: Actor, post: PostView) -> bool:
    if post.status == PUBLISHED:
        return True
    return isinstance(actor, Member) and (actor.staff or actor.id == post.member_id)


_THANKED = select(Thanks.post_id).where(Thanks.post_id.in_(bindparam("posts", expanding=True)), Thanks.member_id == READER)


def thanked(actor: Actor, posts: Sequence[PostView]) -> frozenset[int]:
    """Those of the posts that the actor thanked for."""
    given = [post.id for post in posts if post.thanks]
    if not given or not isinstance(actor, Member):
        return frozenset()
    return frozenset(read(_THANKED, {"posts": given, "reader": actor.id}).scalars())


def _post_view(of: Thread, row: Any) -> PostView:
    badge = None
    if row.status != PUBLISHED:
        badge = ("Waiting for a moderator", "warn", "clock") if row.status == HELD else ("Hidden", "bad", "eye")
    elif row.id == of.answer_id:
        badge = ("Accepted answer", "good", "check")
    elif row.seq == 1 and of.question:
        badge = ("Asked this", "neutral", "question")
    return PostView(
        id=row.id,
        seq=row.seq,
        anchor=f"reply-{row.id}",
        member_id=row.member_id,
        status=row.status,
        author_id=row.member_id,
        author_name=row.name or FORMER.name,
        author_role=role_words(row.role),
        author_organisation=row.organisation or "",
        author_url=f"/people/{row.username}" if row.username else "",
        at=row.created_at,
        edited=row.edited_at,
        html=Markup(row.html),
        thanks=row.thanks,
        justification=row.justification,
        badge=badge,
    )


def answer_view(actor: Actor, of: Thread) -> PostView | None:
    """The accepted answer, to show below the question as well as in its place."""
    if of.answer_id is None:
        return None
    post = kept(("post", of.answer_id, taxonomy.lists().read_at), lambda: _answer(of))
    return post if post is not None and _seen(actor, post) else None


def _answer(of: Thread) -> PostView | None:
    row = read(_POST, {"post": of.answer_id}).first()
    return _post_view(of, row) if row is not None else None


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """A thread in a list."""

    id: int
    title: str
    url: str
    author_id: int
    author_name: str
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
    """Return how many there are, as a part of a statement that has the reader's number as a parameter."""
    narrowed, visible_clauses = _narrowed(wanted), parts(actor, Thread, me=READER)
    each = [select(func.count()).select_from(Thread).where(part, *narrowed).scalar_subquery() for part in visible_clauses]
    return reduce(add, each, literal(0))


@lru_cache(maxsize=64)
def _count(actor: Actor, wanted: ThreadFilter, _lists: float) -> Select[*tuple[Any, ...]]:
    """Statements are built once for each kind of reader, and anew when the lists were read again, whose terms they name."""
    return select(counting(actor, wanted))


def count_threads(actor: Actor, wanted: ThreadFilter) -> int:
    return int(read(_count(alike(actor), wanted, taxonomy.lists().read_at), {"reader": _me(actor)}).scalar_one())


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
    narrowed, visible_clauses = _narrowed(wanted), parts(actor, Thread, me=READER)
    upto: BindParameter[int] = bindparam("upto", type_=Integer)
    each = [select(Thread.id).where(part, *narrowed).order_by(*order).limit(upto).subquery() for part in visible_clauses]
    first = union_all(*(select(part.c.id) for part in each)) if each else select(Thread.id).where(false())
    return _LISTED.where(Thread.id.in_(first)).order_by(*order).offset(bindparam("offset")).limit(bindparam("limit"))


def list_threads(actor: Actor, wanted: ThreadFilter, offset: int, limit: int, pinned_first: bool = True) -> list[ThreadRow]:
    """A page of threads, the last active first. Two queries."""
    statement = _list(alike(actor), wanted, pinned_first, taxonomy.lists().read_at)
    threads = read(statement, {"reader": _me(actor), "upto": offset + limit, "offset": offset, "limit": limit}).all()
    tags = taxonomy.tags_of("thread", [t.id for t in threads])
    return [
        ThreadRow(
            id=t.id,
            title=t.title,
            url=address_of(t.id, t.title),
            author_id=t.member_id,
            author_name=t.name or FORMER.name,
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


def participants(thread_id: int) -> set[int]:
    """Members who wrote something published in the thread; at most 200."""
    rows = select(Post.member_id).where(Post.thread_id == thread_id, Post.status == PUBLISHED)
    return set(db.session.scalars(rows.distinct().limit(200)))


def url_of_reply(post: Post, of: Thread) -> str:
    """Return where a reply stands: page and anchor."""
    page = page_of(post.seq)
    return f"{of.url}{f'?page={page}' if page > 1 else ''}#{post.anchor}"


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
    keys = [f"key-question:{term.slug}" for term in taxonomy.terms("key-question")]
    rows = read(_key_questions(alike(actor)), {"keys": keys, "reader": _me(actor)})
    return [KeyQuestion(title, address_of(id_, title), replies) for id_, title, replies in rows]
