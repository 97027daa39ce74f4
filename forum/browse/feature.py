"""The pages that gather what several slices have."""

from forum.browse.board import bp as board
from forum.browse.compare import bp as compare
from forum.browse.search_page import bp as search
from forum.browse.suggest import bp as suggest
from forum.browse.views import bp
from forum.feature import Feature

FEATURE = Feature(name="browse", blueprints=(bp, search, suggest, compare, board))
