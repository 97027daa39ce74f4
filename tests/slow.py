"""Clients that are slow on purpose: they hold what they can for as long as they are let."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

#: What each kind sends at once; the rest of it drips, a byte at a time. `readers` want much and take nothing.
KINDS = {
    "headers": b"GET / HTTP/1.1\r\nHost: {host}\r\nX-Slow: ",
    "body": b"POST /sign-in HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\n",
    "silent": b"",
    "kept": b"GET /health HTTP/1.1\r\nHost: {host}\r\n\r\n",
    "readers": b"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n",
}


class Slow:
    """So many connections of one kind to a port of this machine."""

    def __init__(self, kind: str, count: int, port: int, path: str = "/", pause: float = 1.0) -> None:
        first = KINDS[kind].replace(b"{host}", f"127.0.0.1:{port}".encode()).replace(b"{path}", path.encode())
        self.sockets = [_opened(port, first, small=kind == "readers") for _ in range(count)]
        self.drips, self.pause, self.end = kind in {"headers", "body"}, pause, Event()
        self.thread = Thread(target=self._drip, daemon=True)
        self.thread.start()

    def _drip(self) -> None:
        while not self.end.wait(self.pause):
            for each in self.sockets if self.drips else ():
                try:
                    each.send(b"x")
                except OSError:  # given up by the server, which is its right
                    continue

    def close(self) -> None:
        self.end.set()
        self.thread.join()
        for each in self.sockets:
            each.close()


def _opened(port: int, first: bytes, small: bool) -> socket.socket:
    opened = socket.socket()
    if small:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1_024)
    opened.settimeout(10)
    opened.connect(("127.0.0.1", port))
    opened.sendall(first)
    return opened


@contextmanager
def slow(kind: str, count: int, port: int, path: str = "/") -> Iterator[Slow]:
    clients = Slow(kind, count, port, path)
    try:
        yield clients
    finally:
        clients.close()
