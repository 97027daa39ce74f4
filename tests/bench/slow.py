"""How long others wait while hundreds of clients are slow on purpose: `make slow-clients`. Needs a site that runs: PORT=8000."""

import http.client
import sys
import time

from tests.slow import KINDS, slow

#: A page that all may read, asked for over a connection of its own each time, as a reader who has just come does.
PAGE, TIMES = "/case-studies", 60


def waits(port: int) -> list[float]:
    """Milliseconds of each request, in order of length."""
    found = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", PAGE)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise SystemExit(f"{PAGE} answered {answer.status}")
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def show(name: str, found: list[float]) -> None:
    print(f"{name:<24}{found[TIMES // 2]:>9.1f}{found[int(TIMES * 0.95)]:>9.1f}{found[-1]:>9.1f}", flush=True)


def main(port: int, count: int) -> None:
    print(f"{count} connections of each kind beside one ordinary reader\n{'':<24}{'p50 ms':>9}{'p95 ms':>9}{'most ms':>9}")
    show("nobody is slow", waits(port))
    for kind in KINDS:
        with slow(kind, count, port, PAGE):
            time.sleep(2)
            show(kind, waits(port))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
