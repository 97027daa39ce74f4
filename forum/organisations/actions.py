"""What people do with organisations."""

import csv
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Any

from flask import current_app
from sqlalchemy import delete, select

from forum.access.actors import Member
from forum.access.permissions import Permission, authorize
from forum.kernel import names
from forum.kernel.clock import now
from forum.kernel.db import db, transaction
from forum.kernel.errors import Invalid
from forum.kernel.outbox import announce
from forum.kernel.references import Ref
from forum.organisations import queries
from forum.organisations.events import OrganisationDecided
from forum.organisations.models import CLOSED, PUBLISHED, SUGGESTED, Organisation, Partnership
from forum.taxonomy.models import BOARD, ORGANISATION_TYPE, REGION
from forum.taxonomy.queries import lists, term

NAME_MAX = 120


def may_name(name: str, staff: bool = False) -> str:
    """Return the name of an organisation as it is stored. Raises `Invalid`, also for a name that could be taken for those who look
    after the site, unless staff use it."""
    name = names.tidy(name)
    if not 3 <= len(name) <= NAME_MAX:
        raise Invalid(f"Give the organisation's name in 3 to {NAME_MAX} characters.", "organisation")
    theirs = names.is_office(name) or names.names_site(name, current_app.config["FORUM"].site_name)
    if theirs and not staff and queries.find(name) is None:
        raise Invalid("This could be taken for those who look after the site. Give the name of your organisation.", "organisation")
    return name


def suggest(actor: Member, name: str) -> Organisation:
    """The organisation of that name; a new one waits for a moderator, but can be named at once. Raises `Invalid`."""
    name = may_name(name, actor.staff)
    existing = queries.find(name)
    if existing is not None:
        return existing
    fresh = Organisation(name=name, status=SUGGESTED, member_id=actor.id, created_at=now())
    db.session.add(fresh)
    db.session.flush()
    return fresh


def name_partners(actor: Member, ref: Ref, called: Sequence[str]) -> list[Organisation]:
    """Say which organisations a thing belongs to, in order; unknown names become suggestions."""
    found = [suggest(actor, name) for name in called if name.strip()]
    place(ref, [o.id for o in found])
    return found


def place(ref: Ref, organisation_ids: Sequence[int]) -> None:
    """Set a thing's organisations by id. Call inside `transaction()`."""
    kind, ref_id = ref
    db.session.execute(delete(Partnership).where(Partnership.kind == kind, Partnership.ref_id == ref_id))
    for position, id_ in enumerate(dict.fromkeys(organisation_ids)):
        db.session.add(Partnership(kind=kind, ref_id=ref_id, organisation_id=id_, position=position))
    db.session.flush()


def decide(actor: Member, id_: int, confirm: bool, type_: str, region: str, reason: str) -> Organisation:
    """Confirm a suggested organisation with its type and region, or close it. The member who named it is notified."""
    organisation = queries.get(actor, id_)
    authorize(actor, Permission.MODERATE, organisation)
    if organisation.status != SUGGESTED:
        raise Invalid("This organisation was already decided on.")
    if confirm:
        organisation.type = term(ORGANISATION_TYPE, type_).slug
        organisation.region = term(REGION, region).slug if region else ""
    elif not reason.strip():
        raise Invalid("Say why, so that the member who added it understands.", "reason")
    organisation.status = PUBLISHED if confirm else CLOSED
    announce(OrganisationDecided(organisation.id, organisation.member_id or 0, confirm, reason))
    return organisation


def load_organisations() -> int:
    """Load integrated care boards, NHS trusts and councils with their ODS codes. Safe to repeat; return how many are new."""
    with transaction():
        have = set(db.session.scalars(select(Organisation.ods_code).where(Organisation.ods_code.is_not(None))))
        fresh = {row["ods_code"]: row for row in _shipped() if row["ods_code"] not in have}
        at = now()
        db.session.add_all(Organisation(**row, created_at=at) for row in fresh.values())
    return len(fresh)


def _shipped() -> Iterator[dict[str, Any]]:
    boards = {t.code: t for t in lists().by_scheme[BOARD].values()}
    for board in boards.values():
        common = {"type": "integrated-care-board", "region": board.parent, "board": board.slug}
        yield {"name": board.wording, "ods_code": board.code, **common}
    for file, prefix, type_ in (
        ("nhs_trusts_by_icb.csv", "trust", "nhs-acute-trust"),
        ("local_authorities_by_icb.csv", "la", "local-authority"),
    ):
        text = resources.files("forum.organisations").joinpath(f"data/{file}").read_text("utf-8")
        for row in csv.DictReader(text.splitlines()):
            home = boards.get(row["icb_ods_codes"].replace(";", " ").replace(",", " ").split()[0])
            yield {
                "name": row[f"{prefix}_name"],
                "ods_code": row[f"{prefix}_ods_code"],
                "type": _trust_type(row[f"{prefix}_name"]) if prefix == "trust" else type_,
                "region": home.parent if home else "",
                "board": home.slug if home else "",
            }


def _trust_type(name: str) -> str:
    """The source lists acute and community trusts without saying which is which; their names mostly do."""
    words = name.lower()
    kinds = {
        "ambulance": "nhs-ambulance-trust",
        "mental health": "nhs-mental-health-trust",
        "community": "nhs-community-trust",
    }
    return next((slug for word, slug in kinds.items() if word in words), "nhs-acute-trust")
