"""What organisations add to the site."""

from forum.feature import Feature
from forum.organisations import desk, queries
from forum.organisations.actions import load_organisations
from forum.organisations.events import OrganisationDecided

FEATURE = Feature(
    name="organisations",
    blueprints=(desk.bp,),
    events=(OrganisationDecided,),
    queues=(desk.QUEUE,),
    brings=load_organisations,
    cards={"organisation": queries.cards},
)
