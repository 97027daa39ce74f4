"""What became of the demo's case studies after they were published: updates, how fresh they are, levels that were confirmed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from forum.access.actors import Member
from forum.case_studies.evidence import currency
from forum.case_studies.models import CaseStudy
from forum.case_studies.moderation import actions as moderating
from forum.demo.dating import forget_mail, moment
from forum.documents.markdown import render
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.updates.actions import Draft, confirm, post
from forum.updates.models import CONFIRMATION

People = Mapping[str, Member]
Ids = Mapping[str, int]


def follow(people: People, cases: Ids, updates: Iterable[Mapping[str, Any]], levels: Iterable[Mapping[str, Any]]) -> None:
    """Everything after publication, the first told first; `cases` are ids by slug. A fresh demo asks nobody for an update."""
    for row in sorted(updates, key=lambda u: (u["recorded"], u["happened"])):
        _told(people[row["author"]], cases[row["case"]], row)
    with transaction():
        for level in levels:
            confirm_level(people[level["by"]], cases[level["case"]], moment(level["on"]), level["reason"])
        currency.unasked(now())
    forget_mail()


def publish_on(case: CaseStudy, at: datetime) -> None:
    """It was published, and so confirmed, at that time. Call inside `transaction()`."""
    case.published_at = case.confirmed_at = at
    currency.refresh(case, now())


def confirm_level(moderator: Member, case_id: int, at: datetime, reason: str) -> None:
    """A moderator agrees with the level of evidence that is suggested. Call inside `transaction()`."""
    suggested = db.session.get_one(CaseStudy, case_id).evidence_suggested or 0
    case = moderating.confirm_evidence(moderator, case_id, suggested, suggested, reason)
    case.evidence = {**case.evidence, "confirmed": {**case.evidence["confirmed"], "at": at.isoformat()}}


def _told(author: Member, case_id: int, row: Mapping[str, Any]) -> None:
    text = row["text"].strip()
    draft = Draft(row["entry"], moment(row["happened"]).date(), text, render(text) if text else "", row["status"])
    at = moment(row["recorded"])
    with transaction():
        update = confirm(author, case_id) if row["entry"] == CONFIRMATION else post(author, case_id, draft)
        update.happened, update.recorded_at = draft.happened, at
        case = db.session.get_one(CaseStudy, case_id)
        case.confirmed_at, case.updated_at = at, at if case.updated_at else None
        currency.refresh(case, now())
