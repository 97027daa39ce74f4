"""The name by which others know a person: a real name in any script, which cannot be taken for somebody else's."""

from flask import current_app
from sqlalchemy import or_, select

from forum.access.actors import ADMINISTRATOR, MODERATOR
from forum.accounts.models import Account
from forum.accounts.queries import SITE_USERNAME
from forum.kernel import names
from forum.kernel.db import db
from forum.kernel.errors import Invalid

#: Staff whose names are looked at; a site has a few dozen at most.
STAFF_MOST = 1_000
TAKEN = "This name could be taken for somebody who looks after the site. If it is your own, add your middle name or an initial."


def own_name(name: str, account_id: int = 0) -> str:
    """Return the name, as it is stored, of somebody who is not on the staff.

    Raises `Invalid` where there is nothing to read, and for what looks like the site's name, an office here or one of the staff.
    """
    name = readable(name)
    site = current_app.config["FORUM"].site_name
    if names.claims_office(name) or names.names_site(name, site) or any(names.same_person(name, n) for n in _staff(account_id)):
        raise Invalid(TAKEN, "name")
    return name


def readable(name: str) -> str:
    """Return a name as it is stored. Raises `Invalid` where there is no letter in it."""
    name = names.tidy(name)
    if not any(c.isalpha() for c in name):
        raise Invalid("Enter your full name", "name")
    return name


def _staff(but: int) -> list[str]:
    rows = select(Account.name).where(or_(Account.access.in_((MODERATOR, ADMINISTRATOR)), Account.username == SITE_USERNAME))
    return list(db.session.scalars(rows.where(Account.id != but).limit(STAFF_MOST)))
