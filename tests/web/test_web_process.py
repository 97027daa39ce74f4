"""One thread, and many clients that would hold it: others are answered, nothing begun is cut off, and processes come anew."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from forum.worker import die_with_parent
from tests.bench.load import cpu_seconds
from tests.slow import KINDS, slow
from tests.web.plain_site import LARGE

COUNT = 40


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Served:
    def __init__(self, folder: Path, max_requests: int, files: int, processes: int) -> None:
        self.port, self.go = free_port(), folder / "go"
        numbers = (str(max_requests), str(processes))
        command = [sys.executable, "-m", "tests.web.plain_site", str(self.port), str(self.go), *numbers]

        def prepare() -> None:
            die_with_parent()
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=prepare)
        assert self.process.stdout
        assert " is at http" in self.process.stdout.readline()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> str:
        """The answer over a connection of its own, asked for once: what said that it answers does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST" if body is not None else "GET", path, body, headers)
        answer = connection.getresponse()
        assert answer.status == 200
        text = answer.read().decode()
        connection.close()
        return text

    def open(self, first: bytes) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), 60)
        opened.sendall(first)
        return opened

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(40)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    started: list[Served] = []

    def start(max_requests: int = 10_000, files: int = 0, processes: int = 1) -> Served:
        started.append(Served(tmp_path, max_requests, files, processes))
        return started[-1]

    yield start
    for each in started:
        each.go.touch()
        each.end()
        assert each.process.stdout
        each.process.stdout.close()


def everything(opened: socket.socket) -> bytes:
    got = b""
    while piece := opened.recv(65_536):
        got += piece
    return got


def test_slow_clients_hold_nobody_else(serve: Callable[..., Served]) -> None:
    site = serve()
    with ExitStack() as open_:
        for kind in KINDS:
            open_.enter_context(slow(kind, COUNT, site.port, "/large"))
            for _ in range(3):
                assert site.ask("/", b"y" * 1000) == "1000 bytes", kind
        assert len(site.ask("/large")) == LARGE, "a whole large answer, while others take none of theirs"
        # Slow is not refused: a form in three pieces, a file in many, and one whose length nobody knows before its end.
        form = site.open(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Le")
        for piece in (b"ngth: 6\r\n\r\nab", b"cd", b"ef"):
            assert site.ask("/who", None, **{"X-Forwarded-For": "192.0.2.7"}) == "192.0.2.7"
            form.sendall(piece)
        assert everything(form).endswith(b"6 bytes")
        form.close()
        assert site.ask("/", b"z" * 12_000_000) == "12000000 bytes"
        pieces = site.open(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        pieces.sendall(b"2\r\nde\r\n0\r\n\r\n")
        assert everything(pieces).endswith(b"5 bytes")
        pieces.close()
    kept = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    for path in ("/same", "/pid", "/same", "/pid"):
        kept.request("GET", path)
        answer = kept.getresponse()
        answer.read()
        assert answer.getheader("Connection") is None, "kept, also after a 304"
    kept.close()


def test_where_there_is_no_room_those_who_wait_longest_go(serve: Callable[..., Served]) -> None:
    """A third as many connections as open files are allowed, so 50 here; more than twice as many slow ones come."""
    site = serve(files=150)
    with slow("silent", 60, site.port), slow("headers", 60, site.port):
        assert site.ask("/", b"y" * 1000) == "1000 bytes"


def test_what_was_begun_is_finished_before_the_end(serve: Callable[..., Served]) -> None:
    site = serve()
    half = site.open(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    kept = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    kept.request("GET", "/pid")
    kept.getresponse().read()
    made = site.open(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
    while not site.go.with_suffix(".begun").exists():
        time.sleep(0.05)
    site.process.terminate()
    while True:  # nobody new
        try:
            site.open(b"").close()
            time.sleep(0.05)
        except OSError:
            break
    site.go.touch()
    assert everything(made).endswith(b"0 bytes")
    half.sendall(b"cd")
    answer = everything(half)
    assert b"Connection: close" in answer
    assert answer.endswith(b"4 bytes")
    assert kept.sock.recv(1) == b"", "closed, with nothing under way"
    assert site.process.wait(40) == 0
    for each in (half, kept, made):
        each.close()


def test_processes_come_anew(serve: Callable[..., Served]) -> None:
    """After many requests, and when one dies; a connection that asks meanwhile waits for the next."""
    site = serve(max_requests=5)
    seen, used = [], [cpu_seconds(site.process.pid)]
    for _ in range(12):
        seen.append(site.ask("/pid"))
        used.append(cpu_seconds(site.process.pid))
    assert len(set(seen)) >= 3
    assert used == sorted(used), "what those that are gone have used still counts"
    os.kill(int(site.ask("/pid")), signal.SIGKILL)
    assert site.ask("/pid")
    assert site.end() == 0


def test_connections_that_stay_are_shared_out(serve: Callable[..., Served]) -> None:
    """Browsers keep their connection: where one process took them all, the other would be idle while they wait."""
    site = serve(processes=2)
    while len({site.ask("/pid") for _ in range(20)}) < 2:
        time.sleep(0.05)  # until both have begun
    kept = [http.client.HTTPConnection("127.0.0.1", site.port, timeout=60) for _ in range(16)]
    with ExitStack() as stack:
        for connection in kept:
            stack.callback(connection.close)
            connection.connect()
        answered = []
        for connection in kept:
            connection.request("GET", "/pid")
            answered.append(connection.getresponse().read())
    assert sorted(answered.count(pid) for pid in set(answered)) >= [6, 6], answered
    assert len(set(answered)) == 2
