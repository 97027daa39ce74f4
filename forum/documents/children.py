"""Programs that read what strangers wrote, run as children: in a folder of their own, without this program's environment, which
has its secrets, and with an end."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class TooLong(Exception):
    """The child was not done in its time, and was ended."""


def run(
    command: Sequence[str], folder: Path, seconds: float, given: bytes | None = None, environment: Mapping[str, str] | None = None
) -> tuple[int, bytes, bytes]:
    """Run a program in `folder`; return its exit code and, where it was `given` something, what it wrote and what it complained of.

    Everything that it started ends with it. Raises `TooLong`.
    """
    own = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    talks = subprocess.DEVNULL if given is None else subprocess.PIPE
    child = subprocess.Popen(
        command,
        cwd=folder,
        env={**own, **(environment or {})},
        stdin=talks,
        stdout=talks,
        stderr=talks,
        start_new_session=True,
    )
    try:
        written, told = child.communicate(given, seconds)
    except subprocess.TimeoutExpired:
        raise TooLong from None
    finally:
        # It may have started processes of its own, which would go on without it.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe:
                pipe.close()
    return child.returncode, written or b"", told or b""
