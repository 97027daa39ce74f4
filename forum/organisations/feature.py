"""What organisations add to the site."""

from forum.feature import Feature
from forum.organisations import queries, views
from forum.organisations.actions import load_organisations
from forum.organisations.events import OrganisationDecided

FEATURE = Feature(
    name="organisations",
    blueprints=(views.bp,),
    events=(OrganisationDecided,),
    queues=(views.QUEUE,),
    brings=load_organisations,
    cards={"organisation": queries.cards},
)
