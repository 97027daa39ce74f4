"""What a board is given of case studies: one page, a slide, several beside each other."""

from forum.briefings import board_views, compare_views, paper_views
from forum.feature import Feature

FEATURE = Feature(name="briefings", blueprints=(board_views.bp, paper_views.bp, compare_views.bp))
