"""The words of rendered HTML as passages: what search shows excerpts of."""

from collections.abc import Iterator
from functools import lru_cache

from forum.documents.markdown import apart, plain
from forum.kernel.references import Passage


def html_passages(html: str, heading: str = "", place: str = "") -> Iterator[Passage]:
    """Yield what stands in rendered HTML: its sentences, then its headings, tables and bare lists."""
    prose, rest = apart(html)
    yield Passage(prose, heading, place)
    yield Passage(rest, heading, place, facts=True)


@lru_cache(maxsize=1_000)
def words_of(html: str) -> tuple[str, tuple[Passage, ...]]:
    """The words of a post on one line, and as passages. The same for the same HTML: what is often found is read once."""
    return plain(html), tuple(html_passages(html))
