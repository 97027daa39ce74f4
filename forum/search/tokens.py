"""The tokens of a text, the same in every index: which terms stand at which place, and which of them hardly count."""

from collections.abc import Iterator

from forum.documents.markdown import RENDER_VERSION
from forum.search.analysis import in_capitals, normalise, terms

#: A text is indexed up to here, for PostgreSQL's sake.
LONGEST = 200_000
#: Words after this character, which no text can contain, have this small weight (`SearchDocument.about`).
FAINT, FAINTLY = "\x1d", 0.05
#: Raise the number when the analysis changes. An index made with another value has to be rebuilt.
ANALYSIS = f"8 {RENDER_VERSION}"


def tokens(text: str, start: int = 0) -> Iterator[tuple[str, int, float]]:
    """Yield each term with its place, counted from `start`, and its weight.

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
