"""“Who tried it elsewhere” on the page of a case study."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from forum.access.actors import Actor, Member, alike
from forum.adoptions import actions, queries, small_multiples
from forum.adoptions.queries import AdoptionFilter
from forum.adoptions.record import ENDED, TRIED, WORKED
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import BARRIER
from forum.taxonomy.queries import label
from forum.web.kept import kept

NEWEST, QUOTES, REASONS = 3, 3, 6
Records = Sequence[tuple[str, str, Mapping[str, Any]]]


def travel(actor: Actor, case: CaseStudy) -> Mapping[str, Any] | None:
    """Return what its adopters say together. Nothing on a page that is not published: nobody can have tried it."""
    if case.status != PUBLISHED:
        return None
    who, lists = alike(actor), taxonomy.lists().read_at
    own = isinstance(actor, Member) and bool(actions.may_share(actor, case))
    return {"own": own} | kept(("travel", who, case.id, lists), lambda: _travel(who, case))


def _travel(who: Actor, case: CaseStudy) -> dict[str, Any]:
    """Return the same for all who may see the same, cached until the site changes."""
    records = queries.newest_records(case.id)
    facts = case.travel or {}
    return {
        "url": f"{case.url}/adoptions",
        "numbers": [(facts.get(name, 0), name) for name in ("tried", "adopted", "adapted", "stopped")],
        "total": len(records),
        "thinking": sum(stage not in TRIED | ENDED for stage, _, _ in records),
        "not_to": sum(stage in ENDED - TRIED for stage, _, _ in records),
        "reasons": reasons(records),
        "quotes": quotes(records),
        "core_parts": core_parts(records, actions.core_parts(case)),
        "newest": queries.listed(who, AdoptionFilter(case_id=case.id), limit=NEWEST) if records else [],
        "rows": _charts(case.id) if records else [],
    }


def reasons(records: Records) -> list[tuple[str, int]]:
    """(reason, how many gave it) of those who stopped or decided not to, the most frequent first."""
    given = Counter(slug for stage, _, record in records if stage in ENDED for slug in record.get("reasons", []))
    return [(label(BARRIER, slug) or slug, count) for slug, count in given.most_common(REASONS)]


def quotes(records: Records) -> list[str]:
    """Return what the newest of them said about it."""
    return [record["reason_text"] for stage, _, record in records if stage in ENDED and record.get("reason_text")][:QUOTES]


def core_parts(records: Records, parts: Sequence[str]) -> tuple[int, list[tuple[str, int]]]:
    """Return, of those for whom it worked (they go on, with no worse results): how many said so, and how many kept each part."""
    close = [
        record
        for stage, result, record in records
        if stage in TRIED - ENDED and result in WORKED and (record.get("kept") or record.get("changed"))
    ]
    return len(close), [(part, sum(part in record.get("kept", []) for record in close)) for part in parts]


def _charts(case_id: int) -> list[dict[str, Any]]:
    """The rows of small charts. Their SVG was made by this program, with every text in it escaped."""
    return [
        {"unit": row["unit"], "charts": [{**chart, "svg": Markup(chart["svg"])} for chart in row["charts"]]}
        for row in small_multiples.rows_of(case_id)
    ]
