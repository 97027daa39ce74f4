"""Asking for pages over open connections, and what that costs the server in processor time."""

import http.client
import os
import threading
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """Requests a second, median and 95th percentile in milliseconds, processor milliseconds a request, and the page's size."""

    rate: float
    p50: float
    p95: float
    cpu: float
    size: int


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and those it started, also of those that are gone: what they used then counts as their parent's."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            total += sum(int(ticks) for ticks in fields[11:15]) / TICK
    return total


def ask(port: int, paths: list[str], at_once: int, seconds: float, pid: int, headers: dict[str, str]) -> Result:
    """Ask for the paths in turn from `at_once` connections for some seconds."""
    times: list[float] = []
    size = 0
    stop = time.monotonic() + seconds

    def run(offset: int) -> None:
        nonlocal size
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for path in cycle(paths[offset % len(paths) :] + paths[: offset % len(paths)]):
            if time.monotonic() > stop:
                break
            start = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            times.append(time.perf_counter() - start)
            if answer.status != 200:
                raise SystemExit(f"{path} answered {answer.status}")
            size = len(body)

    before, begin = cpu_seconds(pid), time.monotonic()
    threads = [threading.Thread(target=run, args=(n * 7,)) for n in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took, cost = time.monotonic() - begin, cpu_seconds(pid) - before
    ordered = sorted(times)
    return Result(
        rate=len(times) / took,
        p50=ordered[len(ordered) // 2] * 1000,
        p95=ordered[int(len(ordered) * 0.95)] * 1000,
        cpu=cost / len(times) * 1000,
        size=size,
    )
