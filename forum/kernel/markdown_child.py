"""A child process that renders, and can be killed when a text is too much for the parser."""

import atexit
import json
import os
import select
import struct
import subprocess
import sys
import time
from threading import Lock

_lock = Lock()
_child: subprocess.Popen[bytes] | None = None
_owner = 0


class TimedOut(Exception):
    """The child did not answer in time, or died over the text; it was replaced."""


def in_child(text: str, top_heading: int, prefix: str, seconds: float) -> str:
    """Render in the child, starting it where needed. One text at a time in a process: rendering takes milliseconds."""
    with _lock:
        child = _running()
        request = json.dumps([text, top_heading, prefix]).encode()
        try:
            _send(child, request)
            answer = _receive(child, seconds)
        except (OSError, EOFError, TimeoutError) as error:
            _stop(child)
            raise TimedOut from error
    html: str | None = json.loads(answer)
    if html is None:
        raise TimedOut
    return html


def _running() -> subprocess.Popen[bytes]:
    """This process's own child. After a fork the parent's child belongs to the parent, so a new one is made."""
    global _child, _owner
    if _child is None or _owner != os.getpid() or _child.poll() is not None:
        _child = subprocess.Popen(
            [sys.executable, "-m", "forum.kernel.markdown_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        _owner = os.getpid()
        # The first answer says that the parser is loaded: that time is not the text's.
        _receive(_child, 60)
    return _child


def _send(child: subprocess.Popen[bytes], data: bytes) -> None:
    assert child.stdin
    child.stdin.write(struct.pack(">I", len(data)) + data)


def _receive(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    assert child.stdout
    handle, end, got, wanted = child.stdout.fileno(), time.monotonic() + seconds, b"", 4
    while len(got) < wanted:
        left = end - time.monotonic()
        if left <= 0 or not select.select([handle], [], [], left)[0]:
            raise TimeoutError
        chunk = os.read(handle, 65_536)
        if not chunk:
            raise EOFError
        got += chunk
        if wanted == 4 and len(got) >= 4:
            wanted = 4 + int.from_bytes(got[:4], "big")
    return got[4:]


def _stop(child: subprocess.Popen[bytes]) -> None:
    global _child
    _child = None
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()


@atexit.register
def _end() -> None:
    if _child is not None and _owner == os.getpid():
        _stop(_child)


def main() -> None:
    """The child: length-prefixed JSON in and out, until its parent closes the pipe (so it outlives nobody)."""
    from forum.kernel.markdown_html import to_html

    source, sink = sys.stdin.buffer, sys.stdout.buffer

    def answer(value: str | None) -> None:
        data = json.dumps(value).encode()
        sink.write(struct.pack(">I", len(data)) + data)
        sink.flush()

    answer("ready")
    while len(head := source.read(4)) == 4:
        text, top_heading, prefix = json.loads(source.read(int.from_bytes(head, "big")))
        try:
            answer(to_html(text, top_heading, prefix))
        except (RecursionError, MemoryError, UnicodeError):
            answer(None)


if __name__ == "__main__":
    main()
