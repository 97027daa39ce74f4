"""A site of four addresses under the real web processes: what is tested is how they read, answer, end and begin anew."""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from forum.config import Settings
from forum.server import Web

LARGE = 3_000_000


class PlainSite(Web):
    def load(self) -> Callable[..., Iterable[bytes]]:
        return answer


def answer(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
    path, body = environ["PATH_INFO"], environ["wsgi.input"].read()
    if path == "/same":
        start("304 Not Modified", [("ETag", '"1"')])
        return []
    if path == "/wait":  # until the test says so
        Path(sys.argv[2] + ".begun").touch()
        while not Path(sys.argv[2]).exists():
            time.sleep(0.02)
    words = {"/large": b"x" * LARGE, "/pid": str(os.getpid()).encode(), "/who": environ.get("HTTP_X_FORWARDED_FOR", "").encode()}
    said = words.get(path, b"%d bytes" % len(body))
    start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said]


if __name__ == "__main__":
    site = PlainSite(Settings.from_env({"FORUM_THREADS": "1"}), "127.0.0.1", int(sys.argv[1]), int(sys.argv[4]))
    site.cfg.set("max_requests", int(sys.argv[3]))
    site.cfg.set("max_requests_jitter", 0)
    site.run()
