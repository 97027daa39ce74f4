"""The tokens of a text, the same in every index: which terms stand at which place, and which of them hardly count."""

from collections.abc import Iterator

from forum.documents.markdown import RENDER_VERSION
from forum.search.analysis import in_capitals, normalise, terms

#: A text is indexed up to here, for PostgreSQL's sake.
LONGEST = 200_000
#: What stands behind this character, which no text can have, is of words that count for so little (`SearchDocument.about`).
FAINT, FAINTLY = "\x1d", 0.05
#: Another number when the analysis changes; with what made words of texts it says whether an index is of this version.
ANALYSIS = f"8 {RENDER_VERSION}"


def tokens(text: str, start: int = 0) -> Iterator[tuple[str, int, float]]:
    """Each term with its place, from `start` on, and what it counts.

    A hyphenated word's joined form and first part share a place, its parts follow; an abbreviation and what it is in small letters
    share one too. A place is left out before faint words: no phrase runs there.
    """
    place = start
    own, _, faint = text.partition(FAINT)
    for said, weight in ((own, 1.0), (faint, FAINTLY)):
        flat = normalise(said)
        for forms, first, last in terms(flat):
            parts = forms[1:] or forms
            capitals = (in_capitals(flat[first:last]) or forms[0],)
            for offset, part in enumerate(parts):
                for term in dict.fromkeys((part, forms[0], *capitals)):
                    yield term, place + offset, weight
            place += len(parts)
        place += 1
