"""A small mail server on this machine that does as it is told: properly, with a wrong certificate, never, or unkindly."""

import base64
import contextlib
import socket
import ssl
import time
from dataclasses import dataclass, field
from threading import Thread
from typing import BinaryIO

import trustme


def _message(lines: BinaryIO) -> str:
    return "".join(iter(lambda: lines.readline().decode(), ".\r\n"))


@dataclass
class MailServer:
    """`answers` says what else it answers to a command; `silent` after which it says nothing more (CONNECT: no greeting),
    `drips` that it answers a byte at a time for ever; `ponders` for how many seconds it thinks a message over."""

    certificate: trustme.LeafCert | None = None
    implicit: bool = False
    starttls: bool = False
    auth: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    silent: str = ""
    drips: bool = False
    ponders: float = 0
    #: What it was told in clear and under TLS; the messages that it took.
    clear: list[str] = field(default_factory=list)
    secret: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    reached: int = 0

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        # Closing alone does not wake who waits in accept.
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connected, _ = self.listener.accept()
            except OSError:
                return
            self.reached += 1
            Thread(target=self._talk, args=(connected,), daemon=True).start()

    def _context(self) -> ssl.SSLContext:
        assert self.certificate
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate.configure_cert(context)
        return context

    def _talk(self, connected: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as open_:
            open_.callback(lambda: connected.close())
            if self.implicit:
                connected = self._context().wrap_socket(connected, server_side=True)
            heard = self.secret if self.implicit else self.clear
            self._say(connected, "CONNECT", "220 ready")
            lines = connected.makefile("rb")
            while line := lines.readline().decode().strip():
                verb = line.split(" ")[0].upper()
                heard.append(verb + line[len(verb) :])
                self._say(connected, verb, self._answer(verb, heard))
                if verb == "STARTTLS" and verb not in self.answers:
                    connected = self._context().wrap_socket(connected, server_side=True)
                    lines, heard = connected.makefile("rb"), self.secret
                if verb == "DATA" and "DATA" not in self.answers:
                    text = _message(lines)
                    time.sleep(self.ponders)
                    self._say(connected, "MESSAGE", "250 taken")
                    if "MESSAGE" not in self.answers:
                        self.messages.append(text)

    def _answer(self, verb: str, heard: list[str]) -> str:
        if verb == "EHLO":
            offers = ["STARTTLS"] * (self.starttls and heard is self.clear) + ["AUTH PLAIN"] * self.auth
            return "250-here\r\n" + "".join(f"250-{offer}\r\n" for offer in offers) + "250 OK"
        return {"STARTTLS": "220 go on", "DATA": "354 go on", "AUTH": "235 welcome", "QUIT": "221 bye"}.get(verb, "250 OK")

    def _say(self, connected: socket.socket, verb: str, usual: str) -> None:
        if verb == self.silent:
            connected.recv(9_999)
            time.sleep(30)
        while self.drips:
            connected.sendall(b"2")
            time.sleep(0.1)
        connected.sendall(self.answers.get(verb, usual).encode() + b"\r\n")

    @property
    def passwords(self) -> list[str]:
        """What it learnt of passwords, in clear or not."""
        said = [line.split(" ")[2] for line in (*self.clear, *self.secret) if line.startswith("AUTH PLAIN ")]
        return [base64.b64decode(text).decode().split("\0")[2] for text in said]
