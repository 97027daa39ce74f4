"""A child process that renders, and ends by itself when a text is too much for the parser.

What a text may use is processor time, which the child has the kernel count: a machine that is busy with other things makes no
text too complex.
"""

import atexit
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from threading import Lock

_lock = Lock()
_child: subprocess.Popen[bytes] | None = None
_owner = 0
#: Seconds by the clock that a start or an answer may take: beyond it the machine is too busy, which is no fault of the text.
PATIENCE = 60
#: A text that makes the parser load all that it loads when first needed.
WARM_UP = "# a\n\n- [ ] ~~b~~ https://nhs.uk [^1]\n\n|a|\n|-|\n|b|\n\n```\nc\n```\n\n[^1]: d"


class TooMuch(Exception):
    """The text used up its processor time, or made the child give up or die twice."""


class NoAnswer(Exception):
    """The child was given no time to answer. Nothing is known about the text."""


class _Died(Exception):
    """The child ended without an answer."""


def in_child(text: str, top_heading: int, prefix: str, seconds: float) -> str:
    """Render in the child, starting it where needed. One text at a time in a process: rendering takes milliseconds.

    `seconds` are of processor time. Raises `TooMuch` or `NoAnswer`.
    """
    request = json.dumps([text, top_heading, prefix, seconds]).encode()
    with _lock:
        try:
            answer = _ask(request)
        except _Died:
            # It died of something else than its time limit: somebody killed it, or the memory ran out. Try once more, with a new
            # one.
            try:
                answer = _ask(request)
            except _Died:
                raise TooMuch from None
    html: str | None = json.loads(answer)
    if html is None:
        raise TooMuch
    return html


def _ask(request: bytes) -> bytes:
    child = _running()
    try:
        _send(child, request)
        return _receive(child, PATIENCE)
    except TimeoutError:
        _stop(child)
        raise NoAnswer from None
    except (OSError, EOFError):
        raise (TooMuch if _stop(child) == -signal.SIGPROF else _Died) from None


def _running() -> subprocess.Popen[bytes]:
    """This process's own child. After a fork the parent's child belongs to the parent, so a new one is made."""
    global _child, _owner
    if _child is None or _owner != os.getpid() or _child.poll() is not None:
        _child = subprocess.Popen(
            [sys.executable, "-m", "forum.documents.markdown_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        _owner = os.getpid()
        # The first answer says that the parser is loaded and has rendered something: that time is no text's.
        try:
            _receive(_child, PATIENCE)
        except TimeoutError:
            _stop(_child)
            raise NoAnswer from None
        except (OSError, EOFError):
            _stop(_child)
            raise _Died from None
    return _child


def _send(child: subprocess.Popen[bytes], data: bytes) -> None:
    assert child.stdin
    child.stdin.write(struct.pack(">I", len(data)) + data)


def _receive(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    assert child.stdout
    handle, end, got, wanted = child.stdout.fileno(), time.monotonic() + seconds, b"", 4
    ready = select.poll()  # `select` knows no more than 1,024 open files, which a busy web process may pass
    ready.register(handle, select.POLLIN)
    while len(got) < wanted:
        left = end - time.monotonic()
        if left <= 0 or not ready.poll(left * 1000):
            raise TimeoutError
        chunk = os.read(handle, 65_536)
        if not chunk:
            raise EOFError
        got += chunk
        if wanted == 4 and len(got) >= 4:
            wanted = 4 + int.from_bytes(got[:4], "big")
    return got[4:]


def _stop(child: subprocess.Popen[bytes]) -> int:
    """Kill the child; return its exit code."""
    global _child
    _child = None
    child.kill()
    ended = child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()
    return ended


@atexit.register
def _end() -> None:
    if _child is not None and _owner == os.getpid():
        _stop(_child)


def main() -> None:
    """The child: length-prefixed JSON in and out, until its parent closes the pipe (so it outlives nobody)."""
    from forum.documents.markdown_html import to_html

    source, sink = sys.stdin.buffer, sys.stdout.buffer

    def answer(value: str | None) -> None:
        data = json.dumps(value).encode()
        sink.write(struct.pack(">I", len(data)) + data)
        sink.flush()

    to_html(WARM_UP, 3, "")
    answer("ready")
    while len(head := source.read(4)) == 4:
        text, top_heading, prefix, seconds = json.loads(source.read(int.from_bytes(head, "big")))
        # Counts this process's own time alone, and ends it by a signal that even a regular expression does not hold up.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        try:
            html = to_html(text, top_heading, prefix)
        except (RecursionError, MemoryError, UnicodeError):
            html = None
        signal.setitimer(signal.ITIMER_PROF, 0)
        answer(html)


if __name__ == "__main__":
    main()
