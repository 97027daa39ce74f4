"""Up to four case studies side by side. The address says which, so that it can be passed on."""

from collections.abc import Sequence

from flask import Blueprint, current_app, render_template, request

from forum.access.actors import Actor
from forum.browse.columns import columns, filled
from forum.case_studies import lists, queries
from forum.case_studies.lists import CaseFilter
from forum.case_studies.queries import CaseRow
from forum.kernel.numbers import whole
from forum.web.reach import Reach, actor, reach

bp = Blueprint("compare", __name__)
MOST, RELATED, OFFERED = 4, 6, 12
#: More than anybody asks for by ticking; further ones are not even looked up.
LONGEST = 20


@bp.get("/compare")
@reach(Reach.READER)
def compare() -> str:
    """The comparison; or, with less than two to compare, how to choose."""
    who, asked = actor(), list(dict.fromkeys(request.args.getlist("case")))[:LONGEST]
    found = queries.several(who, _numbers(asked))
    cases, said = found[:MOST], {"gone": len(asked) - len(found), "beyond": len(found[MOST:]), "most": MOST}
    if len(cases) < 2:
        chosen = queries.rows(cases)
        return render_template("browse/compare_choose.html", chosen=chosen, offered=_offered(who, chosen), **said)
    side = columns(who, cases)
    ids = [c.id for c in cases]
    return render_template(
        "browse/compare.html",
        columns=side,
        rows=filled(side),
        without={id_: address([i for i in ids if i != id_]) for id_ in ids},
        others=[(r, address([*ids, r.id])) for r in _related(who, [c.row for c in side])] if len(ids) < MOST else [],
        share=current_app.config["FORUM"].base_url + address(ids),
        **said,
    )


def address(ids: Sequence[int]) -> str:
    return "/compare" + ("?" if ids else "") + "&".join(f"case={id_}" for id_ in ids)


def _numbers(asked: Sequence[str]) -> list[int]:
    """Those that can be the number of a case study, each once."""
    return list(dict.fromkeys(number for text in asked if (number := whole(text)) is not None))


def _related(who: Actor, chosen: Sequence[CaseRow]) -> list[CaseRow]:
    """Others that depended on the same elements, the newest first."""
    slugs, ids = sorted({e.slug for r in chosen for e in r.elements}), {r.id for r in chosen}
    others = lists.listed(who, CaseFilter({"element": slugs}), limit=RELATED + MOST) if slugs else []
    return [r for r in others if r.id not in ids][:RELATED]


def _offered(who: Actor, chosen: Sequence[CaseRow]) -> list[CaseRow]:
    """What to tick: those related to the one that was chosen, then the newest."""
    near = _related(who, chosen) if chosen else []
    newest = lists.listed(who, CaseFilter({}), limit=OFFERED + len(chosen))
    known = {r.id: r for r in [*near, *newest]}
    return [r for r in known.values() if r.id not in {c.id for c in chosen}][:OFFERED]
