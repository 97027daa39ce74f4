"""Running the site: gunicorn for the web, and one process that starts and watches web and worker."""

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from forum.app import create_app
from forum.config import Settings
from forum.web_process import WebProcess
from forum.worker import die_with_parent

#: Time for requests under way to finish after SIGTERM.
GRACEFUL = 20


class Web(BaseApplication):  # type: ignore[misc]
    """The web processes: gunicorn starts them, keeps their number, and starts each anew after many requests."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int, app: Flask | None = None) -> None:
        self.settings, self.made = settings, app
        self.options = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": WebProcess,
            "threads": settings.threads,
            "graceful_timeout": GRACEFUL,
            "timeout": 60,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "preload_app": True,
            "control_socket_disable": True,
            "proc_name": "shared-practice",
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        app = self.made or create_app(self.settings)
        ready(app)
        return app

    def announce(self) -> None:
        """The first process calls this when it answers."""
        print(f"{self.settings.site_name} is at {self.settings.base_url}  (stop with Ctrl-C)", flush=True)


class Site:
    """Web and worker as two child processes. One that dies is started again; SIGTERM ends both, web first.

    They are forked from this process, which has loaded the program and made the site already, so that what does not change is in
    memory once for all of them. It runs no threads and does not open the database.
    """

    def __init__(self, parts: Mapping[str, Callable[[], object]]) -> None:
        self.parts = parts
        self.children: dict[str, int] = {}
        self.stopping = False

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for name, part in self.parts.items():
            self.children[name] = start(part)
        while not self.stopping:
            for name, child in list(self.children.items()):
                code = ended(child)
                if code is not None and not self.stopping:
                    if name == "web" and code not in (0, -signal.SIGKILL):
                        del self.children[name]
                        self._end()
                        return code if code > 0 else 1
                    logging.getLogger("forum").warning("%s ended (%s): starting it again", name, code)
                    self.children[name] = start(self.parts[name])
            time.sleep(0.2)
        self._end()
        return 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        left = [child for child in self.children.values() if ended(child) is None]
        for child in left:
            os.kill(child, signal.SIGTERM)
        end = time.monotonic() + GRACEFUL + 4
        while (left := [child for child in left if ended(child) is None]) and time.monotonic() < end:
            time.sleep(0.05)
        for child in left:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)


def ready(app: Flask) -> None:
    """Load what each process would load by itself, and freeze it: garbage collection would copy memory that they share."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    gc.collect()
    gc.freeze()


def start(part: Callable[[], object]) -> int:
    """Run `part` in a child process, which ends with this one; return its process id."""
    sys.stdout.flush()
    sys.stderr.flush()
    here = os.getpid()
    # Signals are blocked while forking, so that neither process handles one meant for the other.
    ends = (signal.SIGTERM, signal.SIGINT)
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    child = os.fork()
    if child:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
        return child
    code = 1
    try:
        # Its own group, so that Ctrl-C reaches the first process alone and the children end in order.
        os.setpgid(0, 0)
        for number in ends:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ends)
        die_with_parent()
        if os.getppid() == here:
            part()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        logging.getLogger("forum").exception("this process ends")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def ended(child: int) -> int | None:
    """The exit code of a child that has ended, by a signal with a minus; None while it runs."""
    try:
        found, status = os.waitpid(child, os.WNOHANG)
    except ChildProcessError:
        return 0
    return os.waitstatus_to_exitcode(status) if found else None
