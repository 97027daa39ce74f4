"""The words of a text that say what it is about."""

from collections.abc import Sequence

from forum.search.analysis import STOP_WORDS, normalise, terms

#: A word as it was typed, and its terms (`search.analysis.terms`).
Telling = tuple[str, tuple[str, ...]]


def telling(text: str) -> list[Telling]:
    """Its words but the stop words, in order and as often as they stand in it; no punctuation, so that none of it is a command."""
    flat = normalise(text)
    found = [(flat[start:end], forms) for forms, start, end in terms(flat)]
    return [(word, forms) for word, forms in found if word.lower() not in STOP_WORDS]


def words_found(words: Sequence[tuple[str, ...]], text: str) -> int:
    """Return how many of the words, given by their terms, the text has; of one with hyphens, the whole or all its parts."""
    have = {form for forms, _, _ in terms(normalise(text)) for form in forms}
    return sum(forms[0] in have or (len(forms) > 1 and have.issuperset(forms[1:])) for forms in words)
