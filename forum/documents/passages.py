"""The words of rendered HTML as passages: what search shows excerpts of."""

from collections.abc import Iterator

from forum.documents.markdown import apart
from forum.kernel.references import Passage


def html_passages(html: str, heading: str = "", place: str = "") -> Iterator[Passage]:
    """Yield what stands in rendered HTML: its sentences, then its headings, tables and bare lists."""
    prose, rest = apart(html)
    yield Passage(prose, heading, place)
    yield Passage(rest, heading, place, facts=True)
