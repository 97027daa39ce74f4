"""Adopters' own measures: what the measure pages need to know of adoptions."""

from flask import current_app

from forum.accounts.queries import FORMER, people
from forum.adoptions import actions, queries
from forum.adoptions.models import Adoption
from forum.measures.owner import Credit, Owner


def credit(adoption: Adoption) -> Credit:
    """Who tried it tells how it may be used: no licence is asked of them."""
    settings = current_app.config["FORUM"]
    who = people([adoption.member_id]).get(adoption.member_id, FORMER).name
    said = f"{who} ({adoption.created_at.year}). {adoption.name}. {settings.site_name}. {settings.base_url}{adoption.url}."
    return Credit("Not stated", said)


OWNER = Owner(queries.KIND, "/adoptions", queries.get, actions.measures_changed, credit)
