"""Processes that a test starts: waited for as long as they live, and ended whatever becomes of the test or of the whole run."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from forum.worker import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
#: Seconds. Waiting costs nothing where it passes; a process that has died is never waited for.
PATIENCE, TO_START = 60, 180
#: Longer than a site takes to end in order.
FAREWELL = 40

Found = TypeVar("Found")


def until(found: Callable[[], Found | None], what: str, patience: float = PATIENCE) -> Found:
    """What `found` gives as soon as it gives something."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if answer := found():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"waited {patience:.0f} seconds in vain for {what}")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command, with no setting of the site but these."""
    return {k: v for k, v in os.environ.items() if not k.startswith("FORUM_")} | changes


@contextmanager
def running(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A command of the site, as `forum` takes it. It ends with the block, and by itself where the tests are killed."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "forum", *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            process_group=0,
            preexec_fn=die_with_parent,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(FAREWELL)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise AssertionError(f"{process.args} did not end when it was asked to") from None


@contextmanager
def serving(command: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[str]:
    """A command that serves the site; gives the address once it answers. Fails at once, with what it said, where it ends before."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with running([*command, "--port", str(port), "--workers", "1"], env, log) as process:

        def answers() -> bool:
            said = "the site ended by itself"
            assert process.poll() is None, f"{said} ({process.returncode}):\n{log.read_text('utf-8', 'replace')[-4000:]}"
            try:
                with urllib.request.urlopen(f"{base}/health", timeout=10) as answer:
                    return bool(answer.status == 200)
            except OSError:
                return False

        until(answers, "the site to answer", TO_START)
        yield base
    assert process.returncode == 0, f"the site did not end in order:\n{log.read_text('utf-8', 'replace')[-4000:]}"
