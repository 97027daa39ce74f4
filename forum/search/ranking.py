"""What both engines rank by: the numbers, each with its figures in docs/search-relevance.md, and what may move among near-ties."""

from collections.abc import Callable, Sequence
from typing import Any

#: BM25's two numbers.
B, K1 = 0.75, 1.2
#: What the whole of the words in a row, in the title, adds, as often as a title's word counts (`port.Weight`).
ROW = 10.0
#: One list, in which points count so many times: of what has all that was asked, what has all of it in its title, and what has just
#: this title, which whoever types a title wants, before all else.
ALL, TITLED, EXACT = 1.5, 1.2, 100.0
#: Longer questions are not looked for as a row of words.
ROW_AT_MOST = 8
#: Scores that differ by less are as good as equal; so many documents at most change places with one another.
NEAR, TOGETHER = 0.01, 10


def settled(found: Sequence[tuple[float, int]], better: Callable[[int], Any]) -> list[tuple[float, int]]:
    """Documents best first, where those that are as good as equal stand by what is better about them."""
    out: list[tuple[float, int]] = []
    group: list[tuple[float, int]] = []
    for hit in found:
        if group and (hit[0] < group[0][0] * (1 - NEAR) or len(group) == TOGETHER):
            out += sorted(group, key=lambda h: better(h[1]), reverse=True)
            group = []
        group.append(hit)
    return out + sorted(group, key=lambda h: better(h[1]), reverse=True)
