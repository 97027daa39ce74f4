"""What belongs to a case study when words are removed from it for good (law 9).

Its texts in whichever version, its discussion, its measures and files, and what other slices hold about it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select, tuple_

from forum.case_studies import queries, versions
from forum.case_studies.attachments import actions as attachments
from forum.case_studies.attachments import consents, storage
from forum.case_studies.events import CaseStudyPurged
from forum.case_studies.models import CaseStudy
from forum.case_studies.record import values
from forum.discussions.moderation.purge import posts_again, refs_of
from forum.documents.file_words import words_of
from forum.documents.markdown import TooComplex, render
from forum.documents.uploads import clean_name
from forum.kernel.db import Model, db
from forum.kernel.outbox import announce
from forum.measures import actions as measures
from forum.measures.models import Measure
from forum.purging.words import Scope, Upload, gap


def scope(case: CaseStudy, by: int) -> Scope:
    """All of it; `by` is the moderator who removes words."""
    thread, followers = case.thread_id or 0, _followers(case.id)
    refs = [(queries.KIND, case.id), (versions.UNSENT, case.id), *refs_of(thread), *((t.kind, t.id) for t in followers)]
    measured = select(Measure.id).where(tuple_(Measure.kind, Measure.ref_id).in_(refs))
    refs += [("measure", id_) for id_ in db.session.scalars(measured)]
    addresses = [f"/case-studies/{case.id}", f"/discussions/{thread}", *(t.url for t in followers if hasattr(t, "url"))]
    addresses += [f"/discussions/replies/{id_}" for kind, id_ in refs if kind == "reply"]
    withheld = {name: consents.versions(case, name) for name in case.withheld}

    def again(changed: Mapping[str, Sequence[Any]]) -> None:
        now_here = db.session.get_one(CaseStudy, case.id)
        _after(now_here, withheld)
        for measure_id in changed.get("measures", ()):
            measures.draw_again(db.session.get_one(Measure, measure_id))
        for thing in _followers(case.id):
            if hasattr(thing, "html"):
                thing.html = _rendered(thing.text, f"u{thing.id}-")
        posts_again(changed)
        announce(CaseStudyPurged(case.id, by))

    return Scope(
        case,
        {"case_studies": [case.id], "threads": [thread]},
        {"case_study_id": [case.id], "thread_id": [thread]},
        refs,
        addresses,
        again,
        lambda found: _uploads(case, found),
        lambda found, ids: _drop(case, found, ids),
    )


def _followers(case_id: int) -> list[Any]:
    """Things of other slices that are about the case study: whatever has a kind, and points at it."""
    about = [m.class_ for m in Model.registry.mappers if isinstance(getattr(m.class_, "kind", None), str)]
    models = [model for model in about if "case_study_id" in model.__table__.c]
    return [t for model in models for t in db.session.scalars(select(model).where(model.case_study_id == case_id))]


def _uploads(case: CaseStudy, found: re.Pattern[str]) -> list[Upload]:
    """Its pictures and files, but for those that can be read as a whole and do not hold the words."""
    seen = []
    for file in queries.files_of(case):
        path = storage.path_of(file)
        text, whole = words_of(path.read_bytes()) if path.is_file() else ("", True)
        holds = True if found.search(text) else None if not whole else False
        if holds is not False:
            seen.append(Upload(file.id, f"{file.name}: {file.caption or file.alt}", holds))
    return seen


def _drop(case: CaseStudy, found: re.Pattern[str], ids: Collection[int]) -> None:
    """Files that hold the words go, bytes and all; a name that holds them is replaced in those that stay."""
    for file in queries.files_of(case):
        if file.id in ids:
            attachments.delete(file)
        elif found.search(file.name):
            file.name = clean_name(f"file-{file.id}", f".{file.name.rpartition('.')[2]}")
    db.session.flush()


def _after(case: CaseStudy, before: Mapping[str, list[Any]]) -> None:
    """Render it anew; keep withheld texts withheld in their new words; and make pages that are open elsewhere meet a conflict, so
    that they cannot put the words back unasked."""
    marks = {
        name: sorted(
            set(case.withheld[name])
            | {
                values.fingerprint(new)
                for old, new in zip(texts, consents.versions(case, name), strict=True)
                if values.fingerprint(old) in case.withheld[name]
            }
        )
        for name, texts in before.items()
    }
    case.withheld = {**case.withheld, **marks}
    case.stamps = {name: [*stamp[:2], ""] for name, stamp in case.stamps.items()}
    try:
        case.html = values.html(case.record)
    except TooComplex:
        case.html = {}
    case.findings = [f for f in case.findings if gap() not in f["match"]]


def _rendered(text: str, prefix: str) -> str:
    try:
        return render(text, prefix=prefix)
    except TooComplex:
        return ""
