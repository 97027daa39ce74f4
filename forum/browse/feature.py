"""The pages that gather what several slices have."""

from forum.browse import views
from forum.feature import Feature

FEATURE = Feature(name="browse", blueprints=(views.bp,))
