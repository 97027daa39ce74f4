"""What a search shows for each thing that it found: why it matters, where the words stand, and what else of it was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from forum.kernel.references import Card, Passage, Ref
from forum.kernel.wording import plural
from forum.search.excerpts import best, different, highlight
from forum.search.service import Found

#: A further reply is shown in so many characters.
SHORT = 110


@dataclass(frozen=True, slots=True)
class Further:
    """Another hit in the same thread, with the words marked."""

    card: Card
    excerpt: Markup


@dataclass(frozen=True, slots=True)
class Result:
    """One thing with its best passage; `more` were found in the same thread, and `says` what they are."""

    card: Card
    title: Markup
    summary: Markup
    passage: Passage
    excerpt: Markup
    more: tuple[Further, ...]
    says: str


def results(found: Found) -> list[Result]:
    """The hits of a page in their order. Those of one thread stand together where the first of them stands."""
    together: dict[Ref, list[Card]] = {}
    for _, card in found.cards:
        together.setdefault(card.part_of or (card.kind, card.id), []).append(card)
    return [_result(key, cards, found.page.terms) for key, cards in together.items()]


def _result(key: Ref, cards: Sequence[Card], terms: Sequence[str]) -> Result:
    # The thread itself, if it was found, stands for all of them, wherever it is among the hits.
    card = next((c for c in cards if (c.kind, c.id) == key), cards[0])
    # What has fewer of the words than the line above it adds nothing.
    least = max(1, different(card.summary, terms)) if card.summary else 0
    passage, words = best(_passages(card), terms, said=(card.summary, card.title), least=least)
    more = [c for c in cards if c is not card]
    return Result(
        card=card,
        title=highlight(card.title, terms),
        summary=highlight(card.summary, terms),
        passage=passage,
        excerpt=words,
        more=tuple(Further(c, best(_passages(c), terms, SHORT)[1]) for c in more),
        says=_says(card, key, len(more)),
    )


def _passages(card: Card) -> Sequence[Passage]:
    return card.passages or (Passage(card.text),)


def _says(card: Card, key: Ref, more: int) -> str:
    """Return how many more were found in the thread of a result, "" where none was."""
    if (card.kind, card.id) != key:
        return f"Also in this thread: {plural(more, 'more reply', 'more replies')}" if more else ""
    where = "this thread" if card.kind == "thread" else "its discussion"
    return f"Also in {where}: {plural(more, 'reply', 'replies')}" if more else ""
