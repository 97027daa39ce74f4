"""Reading threads and posts. Statements are built once; pages read plain rows of explicit columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import bindparam, func, select

from forum.access.actors import Actor, Member
from forum.access.rules import READER, may_view
from forum.accounts.models import Account
from forum.accounts.queries import FORMER, role_words
from forum.discussions.models import HELD, POSTS_PER_PAGE, PUBLISHED, Post, Thanks, Thread, place_of_reply
from forum.kernel.db import db, read
from forum.kernel.errors import NotFound
from forum.kernel.references import Person, Ref
from forum.organisations.models import Organisation
from forum.taxonomy import queries as taxonomy
from forum.web.kept import kept

GONE = "There is no such discussion, or it is not public."


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
    author: Person
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
        author=Person(row.member_id, row.name or FORMER.name, role_words(row.role), row.organisation or "", row.username or ""),
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


def participants(thread_id: int) -> set[int]:
    """Members who wrote something published in the thread; at most 200."""
    rows = select(Post.member_id).where(Post.thread_id == thread_id, Post.status == PUBLISHED)
    return set(db.session.scalars(rows.distinct().limit(200)))


def url_of_reply(post: Post, of: Thread) -> str:
    """Where a reply stands: page and anchor."""
    return place_of_reply(post.id, post.seq, of.url)
