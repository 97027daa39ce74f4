"""What the taxonomy adds to the site."""

from forum.feature import Feature
from forum.taxonomy.actions import load_lists

FEATURE = Feature(name="taxonomy", brings=load_lists)
