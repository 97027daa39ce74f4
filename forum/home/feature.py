"""The front page and the pages about the site."""

from forum.feature import Feature
from forum.home.views import bp

FEATURE = Feature(name="home", blueprints=(bp,))
