"""A process that reads one file of a stranger, with limits of time and memory that the kernel keeps, and then ends.

The libraries that read Word, PowerPoint and PDF files know no bounds: a small file can ask for hours, or for all the memory.
"""

import json
import logging
import resource
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import forum
from forum.documents.children import TooLong, run
from forum.documents.uploads import Refused

log = logging.getLogger(__name__)

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
        with tempfile.TemporaryDirectory(prefix="forum-read-") as folder:
            command = [sys.executable, "-P", "-m", "forum.documents.reading_child", kind]
            where = {"PYTHONPATH": str(Path(forum.__file__).resolve().parents[1])}
            code, answer, told = run(command, Path(folder), LONGEST, data, where)
    except TooLong:
        raise Refused(_TOO_MUCH) from None
    finally:
        _places.release()
    if code or not answer:
        log.warning("A file (%s) could not be read (exit code %s): %s", kind, code, told[-800:].decode(errors="replace"))
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
