"""Home, and the pages that say what this site is."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, url_for
from sqlalchemy import Select, select
from werkzeug.wrappers import Response as BaseResponse
from wtforms import EmailField, TextAreaField
from wtforms.validators import Email, Length, ValidationError

from forum.access.actors import Actor, alike
from forum.accounts.queries import addresses, staff_ids
from forum.case_studies import lists as case_studies
from forum.case_studies.lists import CaseFilter
from forum.discussions import lists as discussions
from forum.discussions.lists import ThreadFilter
from forum.documents.identifiability import check, refusal
from forum.kernel import rate_limits
from forum.kernel.db import read
from forum.kernel.outbox import enqueue
from forum.taxonomy import queries as taxonomy
from forum.web.access_level import Reach, actor, reach
from forum.web.devices import asker, cookie_name
from forum.web.form_responses import show
from forum.web.forms import CreateForm, Required
from forum.web.kept import kept

bp = Blueprint("home", __name__)


class ContactForm(CreateForm):
    email = EmailField(
        "Your email address",
        [Required("Enter your email address"), Email("Enter an email address such as sam@example.org")],
        render_kw={"autocomplete": "email"},
    )
    text = TextAreaField("Your message", [Required("Write your message"), Length(max=5_000)], render_kw={"rows": 8})

    def validate_text(self, field: Any) -> None:
        if words := refusal(check({"text": field.data or ""})):
            raise ValidationError(words)


@bp.get("/")
@reach(Reach.READER)
def index() -> str:
    who = actor()
    sectors = [t.slug for t in taxonomy.terms("sector") if t.slug != "nhs"]
    cases, beyond = case_studies.beginnings(who, [(CaseFilter({}), 6), (CaseFilter({"sector": sectors}), 3)])
    kind, me = alike(who), discussions.apart(who)
    counts = kept(("home", kind, me), lambda: read(_counts(kind), {"reader": me}).one())
    return render_template(
        "home/index.html",
        cases=cases,
        counts=counts,
        threads=discussions.list_threads(who, ThreadFilter(), 0, 6, pinned_first=False),
        beyond=beyond,
        beyond_sectors=sectors,
        elements=taxonomy.terms("element"),
        questions=discussions.key_questions(who),
    )


@lru_cache(maxsize=16)
def _counts(who: Actor) -> Select[*tuple[Any, ...]]:
    """All that home counts in one statement, built once for each kind of reader."""
    return select(
        case_studies.counting(who, CaseFilter({})).label("cases"),
        case_studies.counting(who, CaseFilter({"outcome": ["no-change", "worse", "mixed"]})).label("failures"),
        discussions.counting(who, ThreadFilter()).label("threads"),
        discussions.counting(who, ThreadFilter(kind="unanswered")).label("unanswered"),
    )


@bp.get("/about")
@reach(Reach.PUBLIC)
def about() -> str:
    elements = taxonomy.terms("element")
    return render_template("home/about.html", elements=elements, questions=taxonomy.terms("key-question"))


@bp.get("/guidelines")
@reach(Reach.PUBLIC)
def guidelines() -> str:
    return render_template("home/guidelines.html")


@bp.get("/privacy")
@reach(Reach.PUBLIC)
def privacy() -> str:
    return render_template("home/privacy.html")


@bp.get("/accessibility")
@reach(Reach.PUBLIC)
def accessibility() -> str:
    return render_template("home/accessibility.html")


@bp.get("/cookies")
@reach(Reach.PUBLIC)
def cookies() -> str:
    return render_template("home/cookies.html", name=current_app.config["SESSION_COOKIE_NAME"], known=cookie_name())


@bp.get("/contact")
@reach(Reach.PUBLIC)
def contact() -> BaseResponse:
    return show("home/contact.html", ContactForm())


@bp.post("/contact")
@reach(Reach.PUBLIC)
def contact_post() -> BaseResponse:
    """A message to all moderators by mail, also to those who take no news by mail: the way in for those who are no members."""
    form = ContactForm()
    if not form.validate():
        return show("home/contact.html", form)
    form.once(0, lambda: _tell_staff(form))
    return redirect(url_for("home.contact_sent"), 303)


def _tell_staff(form: ContactForm) -> str:
    rate_limits.spend("contact", asker(), 10, timedelta(hours=1), "Many messages came from here in the last hour.")
    for name, email in addresses(staff_ids(), news=False).values():
        context = {"sender": form.email.data, "text": form.text.data}
        payload = {"to": email, "name": name, "template": "home/mail/contact.txt", "token_id": 0, "context": context}
        enqueue("mail", "contact", payload)
    return url_for("home.contact_sent")


@bp.get("/contact/sent")
@reach(Reach.PUBLIC)
def contact_sent() -> str:
    return render_template("home/contact_sent.html")


@bp.get("/robots.txt")
@reach(Reach.PUBLIC)
def robots() -> Response:
    """Search engines may read what is published, not the pages that only act."""
    closed = ["/account", "/moderation", "/report/", "/search", "/feeds/search", "/sign-in", "/join"]
    allowed = current_app.config["FORUM"].public
    lines = ["User-agent: *", *([f"Disallow: {p}" for p in closed] if allowed else ["Disallow: /"])]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
