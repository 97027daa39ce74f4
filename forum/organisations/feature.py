"""What organisations add to the site."""

from forum.feature import Feature
from forum.organisations import desk, queries
from forum.organisations.events import OrganisationDecided

FEATURE = Feature(
    name="organisations",
    blueprints=(desk.bp,),
    events=(OrganisationDecided,),
    queues=(desk.QUEUE,),
    cards={"organisation": queries.cards},
)
