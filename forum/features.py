"""The slices of the site, top rank first: each may use only those below it."""

from forum.accounts.feature import FEATURE as ACCOUNTS
from forum.adoptions.feature import FEATURE as ADOPTIONS
from forum.briefings.feature import FEATURE as BRIEFINGS
from forum.browse.feature import FEATURE as BROWSE
from forum.case_studies.feature import FEATURE as CASE_STUDIES
from forum.discussions.feature import FEATURE as DISCUSSIONS
from forum.feature import Feature
from forum.home.feature import FEATURE as HOME
from forum.organisations.feature import FEATURE as ORGANISATIONS
from forum.searches.feature import FEATURE as SEARCHES
from forum.taxonomy.feature import FEATURE as TAXONOMY
from forum.updates.feature import FEATURE as UPDATES
from forum.vocabulary.feature import FEATURE as VOCABULARY

FEATURES: tuple[Feature, ...] = (
    HOME,
    BROWSE,
    BRIEFINGS,
    SEARCHES,
    ADOPTIONS,
    UPDATES,
    CASE_STUDIES,
    DISCUSSIONS,
    ACCOUNTS,
    ORGANISATIONS,
    VOCABULARY,
    TAXONOMY,
)
