"""Adopters' own measures: what the measure pages need to know of adoptions."""

from forum.adoptions import actions, queries
from forum.measures.owner import Owner

OWNER = Owner(kind=queries.KIND, prefix="/adoptions", get=queries.get, changed=actions.measures_changed)
