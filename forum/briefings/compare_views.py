"""Up to four case studies side by side. The address says which, so that it can be passed on."""

from collections.abc import Callable, Sequence

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from forum.access.actors import Actor
from forum.briefings.columns import columns, filled
from forum.briefings.page import given, spend
from forum.briefings.presentation import pack, side_by_side
from forum.briefings.queries import brief
from forum.briefings.word_pack import word_pack
from forum.case_studies import lists, queries
from forum.case_studies.lists import CaseFilter
from forum.case_studies.models import CaseStudy
from forum.case_studies.queries import KIND, CaseRow
from forum.case_studies.reading import choosing
from forum.case_studies.reading.choosing import MOST
from forum.documents.pdf.typeset import pdf
from forum.searches import similar
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL, ELEMENT
from forum.web.access_level import Reach, actor, reach
from forum.web.assets import paper_fonts

bp = Blueprint("compare", __name__)
RELATED, OFFERED = 6, 12
#: What can be taken away: address, and what its link says.
FILES = (
    ("/compare/pack.pdf", "Pack for a meeting: this comparison, then a page each (PDF)"),
    ("/compare/pack.docx", "The pack to write into (Word)"),
    ("/compare.pdf", "Only this comparison (PDF)"),
)


@bp.get("/compare.pdf")
@reach(Reach.READER)
def comparison() -> Response:
    """The comparison as PDF."""
    return _file("comparison.pdf", lambda who, cases, to: pdf(side_by_side(columns(who, cases), to), paper_fonts()))


@bp.get("/compare/pack.pdf")
@reach(Reach.READER)
def packed() -> Response:
    """The comparison and a page of each, in one PDF for a meeting."""
    return _file("pack.pdf", lambda who, cases, to: pdf(pack(columns(who, cases), [brief(c) for c in cases], to), paper_fonts()))


@bp.get("/compare/pack.docx")
@reach(Reach.READER)
def packed_as_word() -> Response:
    """The same as a Word file."""
    return _file("pack.docx", lambda who, cases, to: word_pack(columns(who, cases), [brief(c) for c in cases], to))


def _file(name: str, make: Callable[[Actor, Sequence[CaseStudy], str], bytes]) -> Response:
    """What is made of the case studies in the address; with less than two, the page that says how to choose."""
    spend()
    who, ids = actor(), choosing.numbers(choosing.asked())
    cases = queries.several(who, ids)[:MOST]
    where = address([c.id for c in cases])
    if len(cases) < 2:
        return redirect(where, 303)
    share = current_app.config["FORUM"].base_url + where
    return given(make(who, cases, share), name)


@bp.get("/compare")
@reach(Reach.READER)
def compare() -> str | Response:
    """The comparison; or, with less than two to compare, how to choose."""
    who, asked = actor(), choosing.asked()
    if set(request.args) - {"case"}:
        # Ticked on a search or a list, whose own arguments came along.
        return redirect(f"/compare?{choosing.args(asked)}" if asked else "/compare", 303)
    found = queries.several(who, choosing.numbers(asked))
    cases, said = found[:MOST], {"gone": len(asked) - len(found), "beyond": len(found[MOST:]), "most": MOST}
    chosen = choosing.chosen(who)
    if len(cases) < 2:
        rows = queries.rows(cases)
        offered = _offered(who, rows)
        return render_template("briefings/compare_choose.html", rows=rows, offered=offered, chosen=chosen, **said)
    side = columns(who, cases)
    ids = [c.id for c in cases]
    return render_template(
        "briefings/compare.html",
        columns=side,
        rows=filled(side),
        without={id_: address([i for i in ids if i != id_]) for id_ in ids},
        others=[(r, address([*ids, r.id])) for r in _related(who, ids)] if len(ids) < MOST else [],
        share=current_app.config["FORUM"].base_url + address(ids),
        files=[(address(ids).replace("/compare", path, 1), words) for path, words in FILES],
        chosen=chosen,
        **said,
    )


def address(ids: Sequence[int]) -> str:
    return "/compare" + ("?" if ids else "") + "&".join(f"case={id_}" for id_ in ids)


def _related(who: Actor, ids: Sequence[int]) -> list[CaseRow]:
    """Others on the same matter: what the search found to be near, then what has a care model in common, then an element. Those
    with figures over time come first in each, since figures can be held against each other."""
    tags = [tag for tags in taxonomy.tags_of(KIND, ids).values() for tag in tags]
    groups = [lists.among(who, similar.of(ids))]
    for scheme in (CARE_MODEL, ELEMENT):
        shared = sorted({t.slug for t in taxonomy.pick(tags, scheme)})
        groups += [lists.listed(who, CaseFilter({scheme: shared}, "evidence"), limit=OFFERED)] if shared else []
    known = {r.id: r for group in groups for r in sorted(group, key=lambda r: not r.measured) if r.id not in ids}
    return [*known.values()][:RELATED]


def _offered(who: Actor, rows: Sequence[CaseRow]) -> list[CaseRow]:
    """Return what to tick: those related to the one that was chosen, then the newest."""
    near = _related(who, [r.id for r in rows]) if rows else []
    newest = lists.listed(who, CaseFilter({}), limit=OFFERED + len(rows))
    known = {r.id: r for r in [*near, *newest]}
    return [r for r in known.values() if r.id not in {c.id for c in rows}][:OFFERED]
