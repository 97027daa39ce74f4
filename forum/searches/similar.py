"""Similar practice: for each published case study those that are nearest to it, computed by the worker and stored.

Only ids are stored, of everything that any member may find; each reader is shown those that they may see now.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select

from forum.access.actors import Actor
from forum.case_studies import lists
from forum.case_studies.models import PUBLISHED, CaseStudy
from forum.kernel.clock import now
from forum.kernel.db import db, read, transaction
from forum.kernel.outbox import OutboxRow, touch_site
from forum.search.port import IndexUnavailable, SearchPage, SearchRequest
from forum.search.ranking import ALL
from forum.search.service import search_parts
from forum.searches.models import Similar
from forum.searches.words import telling
from forum.taxonomy import queries as taxonomy
from forum.taxonomy.models import CARE_MODEL
from forum.web.kept import kept
from forum.web.panels import Panel

#: At most so many are computed in one go, so that the worker's other work goes on.
BATCH = 20
EVERY = timedelta(days=7)
#: How soon again for one that the index does not hold yet.
SOON = timedelta(minutes=1)
WORDS = 40
#: More than are shown: a reader may not see all, and some are hidden before the next time.
KEPT, SHOWN = 12, 4
#: What any member may find.
ANYBODY = ("everyone", "members")
#: How near it must be, as a part of the score of the best, which is the case study itself: it has all the words. Looked at on the
#: 24 of the demo. With a care model in common nearly all make sense, down to 0.15. Without one, from 0.38 on what is shared is the
#: matter (wards, care homes, discharge); below, words such as "weekly", "beds" or "practice". Eight of the 24 have nothing so near.
NEAR, NEAR_IN_MODEL = 0.38, 0.15
#: A care model in common multiplies the score by this. Elements do not count: with seven of them everything shares one.
MODEL = 1.5


def refresh_similar(at: datetime | None = None) -> bool:
    """Compute what is due: new or changed case studies, those near them, and what is older than a week. Never inside a transaction.

    True where the caller should look again soon: there may be more, or the index is not up to date yet.
    """
    at = at or now()
    gone = db.session.scalars(
        select(Similar.case_study_id)
        .join(CaseStudy, CaseStudy.id == Similar.case_study_id)
        .where(CaseStudy.status != PUBLISHED)
        .limit(BATCH)
    ).all()
    for id_ in gone:
        _forget(id_, at)
    due = _due(at)
    if not due:
        return bool(gone)
    if db.session.scalar(select(OutboxRow.id).where(OutboxRow.queue == "index").limit(1)) is not None:
        return True
    tags = taxonomy.tags_of(CaseStudy.kind, [id_ for id_, _, _ in due])
    for id_, title, summary in due:
        models = taxonomy.pick(tags[id_], CARE_MODEL)
        try:
            found = near(id_, title, summary, models)
        except IndexUnavailable:  # the worker mends it, and what is due stays due
            return False
        _keep(id_, found, at)
    return True


def _due(at: datetime) -> Sequence[Any]:
    """(id, title, summary) of those to compute now, those without any first."""
    rows = select(CaseStudy.id, CaseStudy.title, CaseStudy.summary)
    rows = rows.outerjoin(Similar, Similar.case_study_id == CaseStudy.id).where(
        CaseStudy.status == PUBLISHED,
        or_(Similar.case_study_id.is_(None), Similar.due_at <= at, CaseStudy.updated_at > Similar.at),
    )
    return db.session.execute(rows.order_by(Similar.case_study_id.is_not(None), Similar.due_at, CaseStudy.id).limit(BATCH)).all()


def near(id_: int, title: str, summary: str, models: Sequence[taxonomy.Choice]) -> list[int] | None:
    """The nearest case studies, the nearest first; None while the index does not hold this one. Raises `IndexUnavailable`.

    Its words are asked for as a pasted text would be: any of them will do, and one that stands in it twice counts more.
    """
    text = " ".join([title, *(m.label for m in models), summary])
    # The words are sorted, so that a thing with the same title, or its words in a row, gets no extra points.
    words = " ".join(sorted(word for word, _ in telling(text)[:WORDS]))
    page = _ask(words, {})
    if id_ not in {hit.id for hit in page.hits}:
        return None
    # Its own points were raised because it has all the words; what is near has only some.
    best = max(hit.score for hit in page.hits) / ALL
    alike = _ask(words, {CARE_MODEL: tuple(m.slug for m in models)}).hits if models else ()
    scores = {hit.id: hit.score / best for hit in page.hits if hit.score >= best * NEAR}
    scores |= {hit.id: hit.score / best * MODEL for hit in alike if hit.score >= best * NEAR_IN_MODEL}
    scores.pop(id_, None)
    return sorted(scores, key=lambda other: (-scores[other], other))[:KEPT]


def _ask(words: str, filters: Mapping[str, tuple[str, ...]]) -> SearchPage:
    request = SearchRequest(words, ANYBODY, kinds=(CaseStudy.kind,), filters=filters, per_page=KEPT + 1)
    return search_parts().index.search(request)


def _keep(id_: int, found: list[int] | None, at: datetime) -> None:
    """What is near one. Where it is new or changed, those near it before and now are looked at next."""
    with transaction():
        row, case = db.session.get(Similar, id_), db.session.get_one(CaseStudy, id_)
        changed = row is None or (case.updated_at is not None and case.updated_at > row.at)
        if row is None:
            row = Similar(case_study_id=id_, found=[], at=at, due_at=at)
            db.session.add(row)
        if found is None:
            row.due_at = at + SOON
            return
        if changed:
            _soon({*row.found, *found}, at)
        if row.found != found:
            touch_site()
        row.found, row.at, row.due_at = found, at, at + EVERY


def _soon(ids: set[int], at: datetime) -> None:
    for other in db.session.scalars(select(Similar).where(Similar.case_study_id.in_(ids))):
        other.due_at = min(other.due_at, at)


def _forget(id_: int, at: datetime) -> None:
    """One that is no longer out has no neighbours, and makes room in theirs."""
    with transaction():
        row = db.session.get_one(Similar, id_)
        _soon(set(row.found), at)
        db.session.delete(row)


def of(ids: Sequence[int]) -> list[int]:
    """Return what is near to any of these, the nearest of each first, without these themselves. The caller checks who may see
    them."""
    rows = db.session.scalars(select(Similar).where(Similar.case_study_id.in_(ids)).order_by(Similar.case_study_id))
    ranked = sorted((place, other) for row in rows for place, other in enumerate(row.found))
    return [other for other in dict.fromkeys(other for _, other in ranked) if other not in ids]


_FOUND = select(Similar.found).where(Similar.case_study_id == bindparam("case"))


def panel(who: Actor, case: CaseStudy) -> dict[str, Any] | None:
    """The nearest that the reader may see; None where there is none."""
    found = kept(("similar", case.id), lambda: read(_FOUND, {"case": case.id}).scalar())
    rows = lists.these(who, found, SHOWN) if found else []
    return {"rows": rows} if rows else None


PANELS = (Panel("searches/_similar.html", panel),)
