"""One web process: a loop reads whole requests and writes whole answers, and only what makes a page holds a thread.

gunicorn starts and watches the processes; each of them runs waitress. A connection that is slow, silent or forgotten costs a place
in the loop, so hundreds of them leave the threads to everybody else; the places are bounded, and the oldest are given up first.
"""

import logging
import resource
import time
from os import getppid
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

#: Connections of one process. When that many are open, half are left.
MOST = 1_000
#: Seconds until a request's headers must be there, and the fewest bytes a second of what follows: far below a bad phone line.
PATIENCE, SLOWEST = 30, 500
#: Seconds without a byte either way after which a connection is closed, kept open for the next request or not.
QUIET = 60
#: Bodies larger than the first wait in a file without a name; all that wait in one process are at most as large as the second.
IN_MEMORY, MOST_HELD = 64 * 1024, 256 * 1024 * 1024
#: A request too large for the site is answered with a page; one larger than this is answered without.
LARGEST_BODY, LARGEST_HEAD = 32 * 1024 * 1024, 32 * 1024
#: Seconds for which a process that ends still answers clients with an open connection, telling them that it closes.
LINGER = 1.0
TURN = 0.5
#: Seconds that a process waits before it takes a new connection, for each that it has, and at most: the one with the fewest is
#: first. Otherwise the one that happens to wake up first would take all of them.
MODEST, MOST_MODEST = 0.001, 0.02


class _Task(WSGITask):  # type: ignore[misc]
    def build_response_header(self) -> bytes:
        if self.channel.server.ending:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head

    def set_close_on_finish(self) -> None:
        """waitress closes after every answer without a length; one without a body (304) needs none."""
        asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or asked or self.version == "1.0" or self.channel.server.ending:
            super().set_close_on_finish()


class _Channel(HTTPChannel):  # type: ignore[misc]
    """One connection, and since when it has its present request (or had its last)."""

    task_class = _Task

    def __init__(self, *args: Any, **options: Any) -> None:
        self.since = time.monotonic()
        super().__init__(*args, **options)

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.since = time.monotonic()
        return bool(super().received(data))

    def held(self) -> int:
        """Bytes of bodies that wait here."""
        return sum(r.body_bytes_received for r in (*self.requests, self.request) if r)

    def busy(self) -> bool:
        """Return whether there is a request, in whatever part, or an answer on its way."""
        return bool(self.requests or self.request or self.total_outbufs_len)

    def overdue(self) -> bool:
        pace = PATIENCE + self.request.body_bytes_received / SLOWEST if self.request else float("inf")
        return bool(time.monotonic() - self.since > pace or time.time() - self.last_activity > QUIET)


class _Listener(TcpWSGIServer):  # type: ignore[misc]
    channel_class = _Channel
    #: Requests begun; and whether this process is about to end.
    begun, ending = 0, False
    #: When the connection that waits may be taken; 0 where none does.
    turn = 0.0

    def readable(self) -> bool:
        return bool(super().readable()) and time.monotonic() >= self.turn

    def handle_accept(self) -> None:
        wait = min(MODEST * len(self.active_channels), MOST_MODEST)
        if wait and not self.turn:
            self.turn = time.monotonic() + wait
        else:
            super().handle_accept()
            self.turn = 0.0

    def wait_for_next(self) -> None:
        """Wait for what comes next; where a connection waits, no longer than until it may be taken. Another process may have it by
        then: the next one is a new one."""
        now = time.monotonic()
        due = 0.0 < self.turn <= now
        wasyncore.poll2(max(0.0, self.turn - now) + 0.001 if self.turn else TURN, self._map)
        if due:
            self.turn = 0.0

    def add_task(self, task: _Channel) -> None:
        self.begun += 1
        super().add_task(task)

    def maintenance(self, now: float) -> None:
        """Once a second: close what is overdue, and where there is no room, what has waited longest or holds most."""
        waiting = sorted((c for c in self.active_channels.values() if not c.requests), key=lambda c: c.since)
        gone = [c for c in waiting if c.overdue()]
        if len(self.active_channels) >= self.adj.connection_limit - 2:  # the listener and the trigger count as well
            gone += waiting[: self.adj.connection_limit // 2]
        held = sum(c.held() for c in self.active_channels.values())
        for channel in sorted(waiting, key=_Channel.held, reverse=True) if held > MOST_HELD else ():
            if held > MOST_HELD:
                gone.append(channel)
                held -= channel.held()
        for channel in gone:
            channel.will_close = True


def _places() -> int:
    """Return for how many connections there may be open files; first asks the system for more of those."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * MOST
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, soft // 3)


class WebProcess(Worker):  # type: ignore[misc]
    """What gunicorn starts, watches and starts anew."""

    listener: _Listener | None = None

    def run(self) -> None:
        self.listener = listener = self._listen()
        if self.age == 1 and (announce := getattr(self.app, "announce", None)):
            announce()
        told = 0.0
        while self.alive and getppid() == self.ppid and listener.begun < self.max_requests:
            listener.wait_for_next()
            if time.monotonic() > told + 1:
                told = time.monotonic()
                self.notify()
        self._end(listener)

    def _listen(self) -> _Listener:
        # Requests that wait for a thread, and readers who left, are not worth a line in the log.
        logging.getLogger("waitress").setLevel(logging.WARNING)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        sock = self.sockets[0].sock
        settings = Adjustments(
            sockets=[sock],
            threads=self.cfg.threads,
            backlog=self.cfg.backlog,
            connection_limit=_places(),
            cleanup_interval=1,
            inbuf_overflow=IN_MEMORY,
            max_request_body_size=LARGEST_BODY,
            max_request_header_size=LARGEST_HEAD,
            # The application finds out the client's address: it knows how many proxies there are.
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
            ident=None,
        )
        info = (sock.family, sock.type, sock.proto, sock.getsockname())
        return _Listener(self.wsgi, {}, True, sock, dispatcher=dispatcher, adj=settings, sockinfo=info, bind_socket=False)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self.listener:
            self.listener.pull_trigger()

    def _end(self, listener: _Listener) -> None:
        """Take nobody new, and finish what was begun: requests that are being sent, made or answered."""
        begun = time.monotonic()
        listener.ending = True
        wasyncore.dispatcher.close(listener)
        while listener.active_channels and (spent := time.monotonic() - begun) < self.cfg.graceful_timeout:
            if spent > LINGER:
                for channel in listener.active_channels.values():
                    channel.will_close |= not channel.busy()
            wasyncore.poll2(0.1, listener._map)
            self.notify()
        listener.task_dispatcher.shutdown(cancel_pending=False, timeout=1)
