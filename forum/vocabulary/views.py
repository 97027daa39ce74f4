"""The vocabulary as everybody may read it, and as moderators maintain it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import Length

from forum.kernel.db import transaction
from forum.kernel.errors import EditConflict, Invalid
from forum.search.synonyms import shown
from forum.vocabulary import actions, queries
from forum.web.access_level import Reach, actor, member, reach
from forum.web.form_responses import show
from forum.web.forms import CreateForm, EditForm, Form, Required
from forum.web.own_address import moved
from forum.web.paging import Page, page_number

bp = Blueprint("vocabulary", __name__)
PER_PAGE = 50
LONGEST = 1_200
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class _EntryForm(Form):
    words = TextAreaField(
        "Mean the same",
        [Required("Enter the words that mean the same"), Length(max=LONGEST)],
        description="One on each line: an abbreviation, and what it stands for. People who type one also find the others. "
        "Put = before a word that counts only in capitals, such as =IT.",
        render_kw={"rows": 5, **_PLAIN},
    )
    wider = TextAreaField(
        "Also look for, but not the other way round",
        [Length(max=LONGEST)],
        description="One wider word on each line. Someone who types “GP surgery” also finds “primary care”, not the reverse.",
        render_kw={"rows": 3, **_PLAIN},
    )
    source = StringField(
        "Where this meaning comes from", [Length(max=200)], description="A document or a list by name and year.", render_kw=_PLAIN
    )
    in_use = BooleanField("Searches use it", default=True)
    reason = StringField("Why", [Length(max=300)], description="Kept with the moderators' decisions.", render_kw=_PLAIN)

    def draft(self) -> actions.Draft:
        return actions.Draft(_lines(self.words.data), _lines(self.wider.data), self.source.data or "", bool(self.in_use.data))


class AddForm(_EntryForm, CreateForm):
    """A new entry."""


class ChangeForm(_EntryForm, EditForm):
    """An entry that is there."""


def _lines(text: str | None) -> list[str]:
    return list(dict.fromkeys(" ".join(line.split()) for line in (text or "").splitlines() if line.strip()))


@bp.get("/search/vocabulary")
@reach(Reach.READER)
def index() -> str:
    words = request.args.get("q", "")[:100]
    found = queries.listed(actor(), words)
    page = Page(page_number(), len(found), PER_PAGE).check()
    entries = found[page.offset : page.offset + PER_PAGE]
    return render_template("vocabulary/index.html", entries=entries, page=page, q=words, shown=shown)


@bp.get("/moderation/vocabulary/new")
@reach(Reach.STAFF)
def new() -> Response:
    return moved() or _page(AddForm(words=request.args.get("word", "")[:100]))


@bp.post("/moderation/vocabulary/new")
@reach(Reach.STAFF)
def new_post() -> Response:
    form, who = AddForm(), member()
    if not form.validate():
        return _page(form)

    def make() -> str:
        return url_for("vocabulary.index", q=shown(actions.add(who, form.draft(), form.reason.data or "").words[0]))

    try:
        where = form.once(who.id, make)
    except Invalid as problem:
        form.blame(problem)
        return _page(form)
    return _done(where)


@bp.get("/moderation/vocabulary/<id:id_>/edit")
@reach(Reach.STAFF)
def edit(id_: int) -> Response:
    entry = queries.get(id_)
    lines = {"words": "\n".join(entry.words), "wider": "\n".join(entry.wider)}
    return moved(entry.version) or _page(ChangeForm(**(entry.values() | lines)), entry=entry)


@bp.post("/moderation/vocabulary/<id:id_>/edit")
@reach(Reach.STAFF)
def edit_post(id_: int) -> Response:
    form, who, entry = ChangeForm(), member(), queries.get(id_)
    if not form.validate():
        return _page(form, entry=entry)
    try:
        with transaction():
            changed = actions.change(who, id_, form.draft(), form.reason.data or "", form.began(who.id, entry.version))
            form.saved(who.id, changed.version)
            where = url_for("vocabulary.index", q=shown(changed.words[0]))
    except Invalid as problem:
        form.blame(problem)
        return _page(form, entry=queries.get(id_))
    except EditConflict as conflict:
        form.take(conflict)
        return _page(form, entry=queries.get(id_), conflict=conflict, status=409)
    return _done(where)


def _done(where: str) -> Response:
    # A change that was rolled back is read again too; one that was not is in use from now on.
    queries.forget()
    flash("Saved. Searches use it from now on; other processes of the site within a minute.", "success")
    return redirect(where, 303)


def _page(form: _EntryForm, **more: Any) -> Response:
    return show("vocabulary/entry.html", form, **{"entry": None, **more})
