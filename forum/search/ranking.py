"""What both engines rank by: its constants, which docs/search-relevance.md gives reasons for, and how near-ties are settled."""

from collections.abc import Callable, Sequence
from typing import Any

#: BM25's two numbers.
B, K1 = 0.75, 1.2
#: The points for all the words in a row in the title, before the weight of titles of that kind (`port.Weight`).
ROW = 10.0
#: Factors on the points of documents that have all that was asked; that have all of it in the title; and whose title is exactly
#: the question, since whoever types a title wants that first.
ALL, TITLED, EXACT = 1.5, 1.2, 100.0
#: Questions of more words are not looked for as a row of words.
ROW_AT_MOST = 8
#: Scores that differ by less than this share are near-ties; at most this many documents are settled among themselves.
NEAR, TOGETHER = 0.01, 10


def settled(found: Sequence[tuple[float, int]], better: Callable[[int], Any]) -> list[tuple[float, int]]:
    """Return documents best first, with near-ties in the order of `better`, then of their scores."""
    out: list[tuple[float, int]] = []
    group: list[tuple[float, int]] = []
    for hit in found:
        if group and (hit[0] < group[0][0] * (1 - NEAR) or len(group) == TOGETHER):
            out += sorted(group, key=lambda h: better(h[1]), reverse=True)
            group = []
        group.append(hit)
    return out + sorted(group, key=lambda h: better(h[1]), reverse=True)
