"""What the vocabulary adds to the site."""

from forum.feature import Feature
from forum.vocabulary import queries, views
from forum.vocabulary.actions import load_vocabulary
from forum.vocabulary.models import Entry

FEATURE = Feature(name="vocabulary", blueprints=(views.bp,), cards={Entry.kind: queries.cards}, brings=load_vocabulary)
