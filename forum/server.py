"""Running the site: gunicorn for the web, and one process that keeps web and worker together."""

import logging
import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication

from forum.app import create_app
from forum.config import Settings
from forum.web_process import WebProcess
from forum.worker import die_with_parent

#: Time for requests under way to finish after SIGTERM.
GRACEFUL = 20


class Web(BaseApplication):  # type: ignore[misc]
    """The web processes: gunicorn starts them, keeps their number, and starts each anew after many requests."""

    def __init__(self, settings: Settings, host: str, port: int, workers: int) -> None:
        self.settings = settings
        self.options = {
            "bind": f"{host}:{port}",
            "workers": workers,
            "worker_class": WebProcess,
            "threads": settings.threads,
            "graceful_timeout": GRACEFUL,
            "timeout": 60,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
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
        return create_app(self.settings)

    def announce(self) -> None:
        """The first process calls this when it answers."""
        print(f"{self.settings.site_name} is at {self.settings.base_url}  (stop with Ctrl-C)", flush=True)


class Site:
    """Web and worker as two child processes. One that dies is started again; SIGTERM ends both, web first."""

    def __init__(self, commands: dict[str, list[str]]) -> None:
        self.commands = commands
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.stopping = False

    def run(self) -> int:
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        for name in self.commands:
            self._start(name)
        while not self.stopping:
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self.stopping:
                    if name == "web" and child.returncode not in (0, -signal.SIGKILL):
                        self._end()
                        return child.returncode or 1
                    logging.getLogger("forum").warning("%s ended (%s): starting it again", name, child.returncode)
                    self._start(name)
            time.sleep(0.2)
        self._end()
        return 0

    def _start(self, name: str) -> None:
        # Its own group, so that Ctrl-C reaches this process alone and the children end in order.
        self.children[name] = subprocess.Popen(
            [sys.executable, "-m", "forum", *self.commands[name]], process_group=0, preexec_fn=die_with_parent
        )

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def _end(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        end = time.monotonic() + GRACEFUL + 4
        for child in self.children.values():
            try:
                child.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
