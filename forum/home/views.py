"""Home, and the pages that say what this site is."""

from flask import Blueprint, Response, current_app, render_template

from forum.case_studies import queries as case_studies
from forum.case_studies.queries import CaseFilter
from forum.discussions import queries as discussions
from forum.discussions.queries import ThreadFilter
from forum.taxonomy import queries as taxonomy
from forum.web.reach import Reach, actor, reach

bp = Blueprint("home", __name__)


@bp.get("/")
@reach(Reach.READER)
def index() -> str:
    who = actor()
    everything = CaseFilter({})
    return render_template(
        "home/index.html",
        cases=case_studies.listed(who, everything, limit=6),
        case_count=case_studies.count(who, everything),
        threads=discussions.list_threads(who, ThreadFilter(), 0, 6, pinned_first=False),
        thread_count=discussions.count_threads(who, ThreadFilter()),
        unanswered=discussions.count_threads(who, ThreadFilter(kind="unanswered")),
        failures=case_studies.count(who, CaseFilter({"outcome": ["no-change", "worse", "mixed"]})),
        elements=taxonomy.terms("element"),
        questions=discussions.key_questions(who),
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
    return render_template("home/cookies.html", name=current_app.config["SESSION_COOKIE_NAME"])


@bp.get("/contact")
@reach(Reach.PUBLIC)
def contact() -> str:
    return render_template("home/contact.html")


@bp.get("/robots.txt")
@reach(Reach.PUBLIC)
def robots() -> Response:
    """Search engines may read what is published, not the pages that only act."""
    closed = ["/account", "/moderation", "/report/", "/search", "/sign-in", "/join"]
    allowed = current_app.config["FORUM"].public
    lines = ["User-agent: *", *([f"Disallow: {p}" for p in closed] if allowed else ["Disallow: /"])]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
