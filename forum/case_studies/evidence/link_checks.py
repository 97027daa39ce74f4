"""Looking whether references still lead somewhere: the worker does it, one case study at a time, and tells the authors."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app
from sqlalchemy import or_, select

from forum.case_studies.events import LinksBroken
from forum.case_studies.models import PUBLISHED, CaseStudy, LinkCheck
from forum.documents.links import Answer, address_of, check
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.outbox import announce
from forum.records.schema import Record

EVERY = timedelta(days=14)
#: A page counts as gone after two checks, at least a day apart, that said so: servers have bad days.
LOOKS = 2
AGAIN = timedelta(days=1)


def addresses(values: Record) -> list[str]:
    """Return where the references of a record lead, each once."""
    found = (address_of(row.get("reference", "")) for row in values.get("references", []))
    return list(dict.fromkeys(url for url in found if url))


def check_links(allow_private: bool = False) -> int:
    """Check the references of the case study whose turn it is; return how many addresses were asked.

    Asks the network outside any transaction. `allow_private` is for tests, which have only this machine.
    """
    if not current_app.config["FORUM"].check_links:
        return 0
    at = now()
    due = or_(CaseStudy.links_checked_at.is_(None), CaseStudy.links_checked_at < at - AGAIN)
    turn = (
        select(CaseStudy).where(CaseStudy.status == PUBLISHED, due).order_by(CaseStudy.links_checked_at.nulls_first(), CaseStudy.id)
    )
    case = db.session.scalars(turn.limit(1)).first()
    if case is None:
        return 0
    case_id, urls = case.id, addresses(case.record)
    known = checks(urls)
    stale = [u for u in urls if u not in known or known[u].checked_at < at - (AGAIN if known[u].state == "gone" else EVERY)]
    answers = {url: check(url, allow_private) for url in stale}
    with transaction():
        news = [url for url, answer in answers.items() if _keep(url, answer)]
        db.session.get_one(CaseStudy, case_id).links_checked_at = now()
        if news:
            announce(LinksBroken(case_id, len(news)))
    return len(stale)


def _keep(url: str, answer: Answer) -> bool:
    """Store the answer; return True when the address is newly found gone. Where no server answered, as when this machine has no
    network, the answer of an earlier check still holds."""
    row = db.session.get(LinkCheck, url) or LinkCheck(url=url, failures=0)
    row.checked_at = now()
    if answer.state == "unsure" and row.failures:
        return False
    row.state, row.detail = answer.state, answer.detail[:300]
    row.failures = row.failures + 1 if answer.state == "gone" else 0
    db.session.add(row)
    return row.failures == LOOKS


def checks(urls: list[str]) -> Mapping[str, LinkCheck]:
    """Return what is known of these addresses."""
    return {row.url: row for row in db.session.scalars(select(LinkCheck).where(LinkCheck.url.in_(urls)))} if urls else {}


def gone(values: Record) -> list[LinkCheck]:
    """The references of a record that no longer lead anywhere, as far as two looks can tell; none where nobody looks any more."""
    if not current_app.config["FORUM"].check_links:
        return []
    return [row for row in checks(addresses(values)).values() if row.failures >= LOOKS]
