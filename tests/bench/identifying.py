"""What the check for details that identify somebody costs, on the texts that keep it busiest."""

import time

from forum.kernel.identifiability import check
from tests.kernel.hostile import SHAPES, text

SIZE = 20_000


def slowest() -> tuple[float, tuple[str, str]]:
    """Milliseconds of processor for the text that takes longest, and what that text is made of."""
    found = []
    for shape in SHAPES:
        begun = time.process_time()
        check({"text": text(shape, SIZE)})
        found.append(((time.process_time() - begun) * 1000, shape))
    return max(found)
