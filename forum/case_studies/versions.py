"""What a version of a published case study holds: its record, and which pictures, files and charts readers saw beside it.

Unsent text is not a version. When it is taken out of the form it is set aside, so that nothing typed is lost (law 4).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from forum.access.actors import Member
from forum.case_studies import queries
from forum.case_studies.models import CaseStudy, Clash
from forum.case_studies.record.presentation import WITHHELD
from forum.case_studies.record.values import BESIDE, CHARTS, FILES, fingerprint, flat, html
from forum.documents import rendering
from forum.kernel import revisions
from forum.kernel.clock import now
from forum.measures import queries as measures
from forum.records.schema import Record

_GONE = {FILES: "A picture or file that is no longer shown", CHARTS: "A chart that is no longer shown"}
#: The kind of what was set aside, apart from the versions that readers saw.
UNSENT = "case-study-unsent"


def keep(member_id: int, case: CaseStudy, reason: str = "") -> None:
    """Store what readers see now as a version, where the newest one differs. Call inside `transaction()`, after the change."""
    newest = revisions.newest((queries.KIND, case.id), 1)
    shown = _shown(case)
    if not newest or newest[0].texts != shown:
        revisions.keep((queries.KIND, case.id), member_id, shown, now(), reason)


def _shown(case: CaseStudy) -> dict[str, Any]:
    """The record, and what stands beside it as `{"id": …, "words": …}`."""
    files = [{"id": f.id, "words": " – ".join(filter(None, (f.caption or f.name, f.alt)))} for f in queries.shown_files(case)]
    charts = [{"id": m.id, "words": m.name} for m in measures.shown((queries.KIND, case.id))]
    return {**case.record, FILES: files, CHARTS: charts}


def say_of(case: CaseStudy) -> Callable[[str, Any], str]:
    """Return a function that puts the values of its versions into words; what is withheld or no longer shown stays so."""
    still = {FILES: {f.id for f in queries.shown_files(case)}, CHARTS: {m.id for m in measures.shown((queries.KIND, case.id))}}

    def say(name: str, value: Any) -> str:
        if name in BESIDE:
            return "\n".join(row["words"] if row["id"] in still[name] else _GONE[name] for row in value or ())
        return WITHHELD if fingerprint(value) in case.withheld.get(name, ()) else flat(name, value)

    return say


def set_aside(actor: Member, case: CaseStudy, typed: Record, reason: str) -> None:
    """Store unsent text, for its authors to read and to bring back."""
    if typed and typed != case.record:
        revisions.keep((UNSENT, case.id), actor.id, typed, now(), reason)


def second_versions(typed: Record, clashes: Sequence[Clash]) -> list[dict[str, Any]]:
    """Return what each page with versions in conflict would have typed: the unsent text with that page's values."""
    pages = dict.fromkeys(clash.page for clash in clashes)
    return [{**typed, **{c.name: c.value for c in clashes if c.page == page}} for page in pages]


def overwritten(actor: Member, before: Record, after: Record, sent: Record, stamps: Mapping[str, Sequence[Any]]) -> bool:
    """Return whether somebody else's unsent words disappeared between two states of the form."""
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return any(before.get(n) != sent.get(n) and stamps.get(n, [0])[0] not in {0, actor.id} for n in changed)


def render_older() -> int:
    """Render again what an older version of the renderer wrote; return how many case studies."""
    return rendering.render_older(CaseStudy, lambda case: html(case.record))
