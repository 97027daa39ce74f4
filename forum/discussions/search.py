"""What search knows of threads and replies."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from forum.access.rules import audience_of
from forum.accounts.queries import people
from forum.discussions import cards
from forum.discussions.events import ReplyChanged, ReplyPosted, ThreadChanged, ThreadStarted
from forum.discussions.models import Post, Thread
from forum.documents.markdown import plain
from forum.kernel.db import db
from forum.kernel.references import Person
from forum.kernel.text import slugify
from forum.search.filters import Filter
from forum.search.port import SearchDocument, SearchSource, Weight
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT

#: A reply is short, so that a word in it seems to count for much. The title of a thread says what is asked.
REPLY, THREAD = Weight(points=50), Weight(title=60)
ANSWERED = Filter(
    "answered",
    "Answered?",
    15,
    lambda: {"yes": "Answered", "no": "Not answered yet"},
    flags={"is:answered": "yes", "is:unanswered": "no"},
)


def _facets(thread: Thread, tags: Sequence[taxonomy.Choice], writer: Person | None) -> dict[str, tuple[str, ...]]:
    answered = ("yes" if thread.answer_id else "no",) if thread.question else ()
    return {
        "answered": answered,
        "author": (slugify(writer.name), writer.username) if writer else (),
        "element": tuple(t.slug for t in taxonomy.pick(tags, ELEMENT)),
        "care-model": tuple(t.slug for t in taxonomy.pick(tags, CARE_MODEL)),
    }


def thread_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    rows = db.session.execute(
        select(Thread, Post.html).join(Post, Post.thread_id == Thread.id).where(Thread.id.in_(ids), Post.seq == 1)
    ).all()
    tags = taxonomy.tags_of("thread", [t.id for t, _ in rows])
    who = people(t.member_id for t, _ in rows)
    for thread, html in rows:
        yield SearchDocument(
            kind="thread",
            id=thread.id,
            # A case study has the same title, and its thread begins with words of the site's own: the case study should be found
            # by them, and its thread by what is said in it.
            title="" if thread.subject_kind else thread.title,
            body="" if thread.subject_kind else plain(html),
            facets=_facets(thread, tags[thread.id], who.get(thread.member_id)),
            audience=audience_of(thread),
            created=thread.created_at,
        )


def reply_documents(ids: Sequence[int]) -> Iterable[SearchDocument]:
    """A reply is found by those who may see both it and its thread; it has the thread's tags, and no title of its own."""
    rows = db.session.execute(
        select(Post, Thread).join(Thread, Thread.id == Post.thread_id).where(Post.id.in_(ids), Post.seq > 1)
    ).all()
    tags = taxonomy.tags_of("thread", {t.id for _, t in rows})
    writers = people(p.member_id for p, _ in rows)
    for post, thread in rows:
        # Whoever may see the thread may see its published replies: the narrower of the two decides.
        who = set(audience_of(thread)) if "everyone" in audience_of(post) else set(audience_of(post)) & set(audience_of(thread))
        yield SearchDocument(
            kind="reply",
            id=post.id,
            title="",
            body=plain(post.html),
            facets={**_facets(thread, tags[thread.id], writers.get(post.member_id)), "answered": ()},
            audience=tuple(sorted(who)),
            created=post.created_at,
        )


def _replies_of(event: ThreadChanged) -> Iterable[int]:
    return db.session.scalars(select(Post.id).where(Post.thread_id == event.thread_id, Post.seq > 1))


SOURCES = (
    SearchSource(
        kind="thread",
        label="Discussions",
        documents=thread_documents,
        ids=lambda: db.session.scalars(select(Thread.id).order_by(Thread.id)),
        events={ThreadStarted: lambda e: [e.thread_id], ThreadChanged: lambda e: [e.thread_id]},
        cards=cards.thread_cards,
        filters=(ANSWERED,),
        weight=THREAD,
    ),
    SearchSource(
        kind="reply",
        label="Replies",
        documents=reply_documents,
        ids=lambda: db.session.scalars(select(Post.id).where(Post.seq > 1).order_by(Post.id)),
        events={
            ReplyPosted: lambda e: [e.reply_id],
            ReplyChanged: lambda e: [e.reply_id],
            ThreadChanged: _replies_of,
        },
        cards=cards.reply_cards,
        weight=REPLY,
    ),
)
