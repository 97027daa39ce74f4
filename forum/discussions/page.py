"""What several pages of threads share."""

from collections.abc import Sequence
from typing import Any

from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response

from forum.access.actors import Member
from forum.discussions import queries
from forum.discussions.buttons import Buttons, buttons
from forum.discussions.forms import ReplyForm
from forum.discussions.models import POSTS_PER_PAGE, Thread
from forum.discussions.queries import PostView
from forum.kernel.idempotency import new_key
from forum.kernel.references import cards
from forum.taxonomy import queries as taxonomy
from forum.web import drafts
from forum.web.access_level import actor
from forum.web.form_responses import show
from forum.web.fragments import part
from forum.web.kept import kept
from forum.web.own_address import key_here
from forum.web.paging import Page, page_number
from forum.web.panels import panels_of


def thread_page(found: Thread, form: ReplyForm | None = None, status: int = 0) -> Response:
    """A page of a thread, with the reply form that came back, or else a fresh one for members, with their stored draft."""
    who = actor()
    page = Page(page_number(), found.posts_made, POSTS_PER_PAGE)
    if request.method == "POST":
        page = Page(page.pages, found.posts_made, POSTS_PER_PAGE)
    shown = queries.shown(who, found.id)
    posts = queries.posts(who, found, page.check().number)
    answer = queries.answer_view(who, found) if page.number == 1 else None
    subject = (found.subject_kind, found.subject_id)
    draft = drafts.kept(who, f"reply:{found.id}") if isinstance(who, Member) else None
    newest = queries.newest_own(who, found.id) if isinstance(who, Member) else 0
    if draft is not None and form is None:
        form = ReplyForm(text=draft.fields.get("text", ""))
    if form is not None:
        form.filled_from = newest
    return show(
        "discussions/thread.html",
        form,
        status=status,
        thread=found,
        posts=_drawn(found, page, posts, buttons(who, found, posts), answer),
        page=page,
        kept=draft,
        empty=_empty(newest) if form is None and isinstance(who, Member) else None,
        elements=taxonomy.pick(shown.tags, "element"),
        care_models=taxonomy.pick(shown.tags, "care-model"),
        subject=cards(who, [subject]).get(subject) if found.subject_kind else None,
        counts=shown,
        panels=panels_of(who, found),
    )


def _empty(newest: int) -> dict[str, Any]:
    """A reply form in which nobody has typed yet: its field is the same for everybody."""
    field = kept(
        ("empty reply",), lambda: part("discussions/_reply_field.html", form=ReplyForm(formdata=None, meta={"csrf": False}))
    )
    return {"newest": newest, "key": key_here() or new_key(), "field": field}


def _drawn(of: Thread, page: Page, posts: Sequence[PostView], may: Sequence[Buttons], answer: PostView | None) -> Markup:
    """The posts as all are shown them who see the same and may do the same with each."""
    key = ("drawn", of.id, page.number, taxonomy.lists().read_at, tuple(may), answer and answer.id)
    return kept(key, lambda: part("discussions/_posts.html", posts=list(zip(posts, may, strict=True)), answer=answer))


HELD_WORDS = "Thank you. A moderator will look at it first. You will be told when it is published."
