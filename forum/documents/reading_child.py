"""A process that reads one file of a stranger, with limits of time and memory that the kernel keeps, and then ends.

The libraries that read Word, PowerPoint and PDF files know no bounds: a small file can ask for hours, or for all the memory.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from forum.documents.uploads import Refused

#: Seconds of processor time, and by the clock, that a file may take; and bytes of memory.
MOST_SECONDS, LONGEST, MOST_MEMORY = 20, 60, 1_500_000_000
#: So many at a time, each with a processor and its memory.
_places = BoundedSemaphore(2)
_TOO_MUCH = "The site cannot read this file within a sensible time. Take out pictures and long tables, or split it in two."
_BUSY = "The site is reading other files just now. Try again in a minute."


def in_child(kind: str, data: bytes) -> Any:
    """Return what the reader of that kind (`docx`, `pptx`, `pdf`) makes of a file. Raises `Refused`."""
    if not _places.acquire(timeout=LONGEST):
        raise Refused(_BUSY)
    try:
        child = subprocess.Popen(
            [sys.executable, "-m", "forum.documents.reading_child", kind],
            # Its own secrets are none of its business.
            env={name: value for name, value in os.environ.items() if not name.startswith("FORUM_")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            answer, _ = child.communicate(data, LONGEST)
        except subprocess.TimeoutExpired:
            raise Refused(_TOO_MUCH) from None
        finally:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()
    finally:
        _places.release()
    if not answer:
        raise Refused(_TOO_MUCH)
    refused, found = json.loads(answer)
    if refused:
        raise Refused(refused)
    return found


def _reader(kind: str) -> Callable[[bytes], Any]:
    """Each loads its own library only."""
    if kind == "docx":
        from forum.documents.word_html import to_html

        return to_html
    if kind == "pptx":
        from forum.documents.slides import read_slides

        return read_slides
    from forum.documents.pdf_text import read_pages

    return read_pages


def main() -> None:
    """The child: a file in, and JSON out: why it is refused, and what was read."""
    data, reader = sys.stdin.buffer.read(), _reader(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    try:
        answer = ["", reader(data)]
    except Refused as why:
        answer = [str(why), None]
    except (MemoryError, RecursionError):
        answer = [_TOO_MUCH, None]
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
