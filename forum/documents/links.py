"""References as people type them, and whether what they point to is still there.

The server asks for addresses that members typed, so each is treated as an attempt to reach what only the server can reach (OWASP,
"Server-Side Request Forgery Prevention"): only http and https on their own ports, a name is looked up once and the connection goes
to the very address that was checked, each redirect is checked anew, and time and bytes are limited.
"""

import http.client
import io
import queue
import re
import socket
import ssl
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Literal
from urllib.parse import SplitResult, quote, urljoin, urlsplit

State = Literal["fine", "gone", "unsure"]

SECONDS = 10.0
REDIRECTS = 5
BYTES = 64 * 1024
LONGEST = 2_000
_SAFE = "/%:@!$&'()*+,;=~"
_TLS = ssl.create_default_context()
AGENT = "SharedPractice link check"

# DOI Handbook, 2.2: "10.", a registrant, a slash, and nearly anything.
_DOI = re.compile(r"(?:doi:\s*|https?://(?:www\.|dx\.)?doi\.org/|doi\.org/)?(10\.\d{4,9}(?:\.\d+)*/[^\s\\\x00-\x1f\x7f]+)", re.I)
# The kinds of guidance whose pages are nice.org.uk/guidance/<id>.
_NICE = re.compile(r"(?:NICE\s+)?(?:guideline\s+)?\[?(NG|CG|QS|TA|PH|SC|SG|MPG|CSG|DG|HTE|HTG|IPG|MTG|HST)[\s-]?(\d{1,4})\]?", re.I)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?", re.I)
#: 2130706433, 0x7f.1 and 0177.0.0.1 are ways to write 127.0.0.1 that only somebody who hides it uses.
_ODD_NUMBER = re.compile(r"(?!(?:(?:0|[1-9]\d{0,2})(?:\.(?!$)|$)){4}$)(?:.*\.)?(?:0x[0-9a-f]*|\d+)\.?", re.I)


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a page is there ("unsure": a person should look), and why in plain words."""

    state: State
    detail: str


class _Stop(Exception):
    """The check ends here, unsure; carries the detail."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.answer = Answer("unsure", detail)


def address_of(reference: str) -> str | None:
    """The http or https address of a reference as typed; None for text and for every other kind of address."""
    text = reference.strip()
    if len(text) > LONGEST:
        return None
    if doi := _DOI.fullmatch(text):
        # What people copy with it from a sentence is not part of it.
        name = re.split("[?#]", doi[1])[0] if "://" in text else doi[1]
        return "https://doi.org/" + quote(name.rstrip(".,;"), safe="/%:;()_.-+,", errors="replace")
    if nice := _NICE.fullmatch(text):
        return f"https://www.nice.org.uk/guidance/{nice[1].lower()}{int(nice[2])}"
    return text if _web(text) else None


def _web(url: str) -> SplitResult | None:
    """The parts of an http or https address without a name or password in it; None for anything else."""
    if len(url) > LONGEST or _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(_host(parts)) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return parts if good else None


def _host(parts: SplitResult) -> str:
    """The name or number of the server in ASCII; empty when it cannot be one. Raises `ValueError`."""
    host = parts.hostname or ""
    if ":" in host:
        return host if isinstance(ip_address(host), IPv6Address) and "%" not in host else ""
    # The codec also turns look-alike digits and dots into plain ones, before anything is decided on them.
    host = host.encode("idna").decode()
    return host if _HOST.fullmatch(host) else ""


#: What went wrong, in plain words; the first that fits counts, as some of these are kinds of others.
_FAILURES: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, f"It did not answer within {SECONDS:g} seconds"),
    (ssl.SSLCertVerificationError, "Its security certificate is not in order"),
    (ssl.SSLError, "A secure connection to it cannot be made"),
    (http.client.HTTPException, "It answers, but not as a website does"),
    (ValueError, "It answers, but not as a website does"),
    (OSError, "Nothing answers at that address"),
)


def check(url: str, allow_private: bool = False) -> Answer:
    """Return whether the page at `url` is there. Takes at most ten seconds and never raises.

    `allow_private` also lets addresses through that are not on the public internet, and any port: for tests only.
    """
    end = time.monotonic() + SECONDS
    try:
        return _follow(url.strip(), allow_private, end)
    except _Stop as stop:
        return stop.answer
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer("unsure", next(detail for kind, detail in _FAILURES if isinstance(error, kind)))


def _left(end: float) -> float:
    """Seconds until `end` of the whole check, always more than none. Raises `TimeoutError`."""
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _follow(url: str, allow_private: bool, end: float) -> Answer:
    for sent_on in range(REDIRECTS + 1):
        parts = _web(url)
        if parts is None:
            raise _Stop(f"It {'leads to something that is' if sent_on else 'is'} not a web address that can be checked")
        found = _addresses(parts, allow_private, end)
        status, location = _ask("HEAD", parts, found, end)
        # Many servers answer HEAD wrongly, and "gone" is only said of a page that a reader cannot get either.
        if status in {0, 400, 403, 404, 405, 410, 501}:
            status, location = _ask("GET", parts, found, end)
        if status not in {301, 302, 303, 307, 308} or not location:
            return _verdict(status)
        url = urljoin(url, location)
    raise _Stop(f"It sends its readers on more than {REDIRECTS} times")


def _verdict(status: int) -> Answer:
    meaning = http.client.responses.get(status, "").lower()
    state: State = "fine" if 200 <= status < 400 else "gone" if status in {404, 410} else "unsure"
    return Answer(state, f"It answers {status}" + (f" ({meaning})" if meaning else ""))


_Found = tuple[socket.AddressFamily, tuple[Any, ...]]


def _addresses(parts: SplitResult, allow_private: bool, end: float) -> list[_Found]:
    """Return where the server is, looked up once. One address that is not public refuses them all. Raises `_Stop`."""
    host, port = _host(parts), parts.port or (443 if parts.scheme == "https" else 80)
    if not allow_private:
        if port not in {80, 443}:
            raise _Stop("It uses a port that is not checked")
        if _ODD_NUMBER.fullmatch(host):
            raise _Stop("It is not an address on the public internet")
    found = _look_up(host, port, end)
    if not allow_private and not all(_public(str(where[0])) for _, where in found):
        raise _Stop("It is not an address on the public internet")
    return found


def _look_up(host: str, port: int, end: float) -> list[_Found]:
    """The system's own look-up cannot be given a time limit, so it runs beside and is left behind when it is late."""
    box: queue.SimpleQueue[list[_Found] | OSError | UnicodeError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            box.put([(family, where) for family, *_, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            box.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = box.get(timeout=_left(end))
    except queue.Empty:
        raise TimeoutError from None
    # A machine without a network finds no name at all: only a server's answer can say that a page is gone.
    if isinstance(found, Exception) or not found:
        raise _Stop("The name of its server cannot be looked up at the moment")
    return found


_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
#: Global by the registry, yet nobody's website: IPv4 carried in IPv6 in ways long deprecated (RFC 7526, RFC 4380), documentation
#: (RFC 9637), and Azure's own service for the machines inside it.
_NOT_PUBLIC = tuple(map(ip_network, ("2002::/16", "192.88.99.0/24", "2001::/32", "3fff::/20", "168.63.129.16")))


def _public(text: str) -> bool:
    """Return whether a numeric address belongs to the public internet; those that hold an IPv4 address are judged by that."""
    address = ip_address(text)
    if isinstance(address, IPv6Address):
        inside = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address.ipv4_mapped
        if inside is None and address not in _UNICAST:
            return False
        address = inside or address
    # Python counts multicast as global.
    return address.is_global and not address.is_multicast and not any(address in network for network in _NOT_PUBLIC)


class _Wire(io.RawIOBase):
    """A connected socket that `http.client` may use, until the time or the bytes are spent."""

    def __init__(self, connected: socket.socket, end: float) -> None:
        self._socket, self._end, self._allowed = connected, end, BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if self._allowed <= 0:
            raise _Stop("It answers with far too much")
        self._socket.settimeout(_left(self._end))
        size = self._socket.recv_into(memoryview(buffer)[: self._allowed])
        self._allowed -= size
        return size

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(_left(self._end))
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Do nothing: whoever connected the socket closes it; `http.client` would do so before the answer is read."""


def _connect(parts: SplitResult, found: list[_Found], end: float) -> socket.socket:
    """A connection to the first of three addresses that answers, with the certificate checked against the name."""
    lost = OSError()
    for left, (family, where) in zip(range(min(3, len(found)), 0, -1), found, strict=False):
        connected = socket.socket(family, socket.SOCK_STREAM)
        try:
            connected.settimeout(_left(end) / left)
            connected.connect(where)
            connected.settimeout(_left(end))
            return _TLS.wrap_socket(connected, server_hostname=_host(parts)) if parts.scheme == "https" else connected
        except OSError as error:
            connected.close()
            lost = error
    raise lost


def _ask(method: str, parts: SplitResult, found: list[_Found], end: float) -> tuple[int, str]:
    """The status and the Location that the server answers; status 0 when it cannot answer HEAD. The body is never read."""
    query = "?" + quote(parts.query, safe=_SAFE + "?") if parts.query else ""
    path = quote(parts.path or "/", safe=_SAFE) + query
    host = f"[{_host(parts)}]" if ":" in _host(parts) else _host(parts)
    headers = {"Host": host + (f":{parts.port}" if parts.port else ""), "User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
    connection = http.client.HTTPConnection(host)
    # Without this it would look the name up itself when the connection is lost.
    connection.auto_open = 0
    with _connect(parts, found, end) as connected, closing(connection):
        connection.sock = _Wire(connected, end)
        try:
            connection.request(method, path, headers=headers)
            with connection.getresponse() as response:
                where = (response.getheader("Location") or "").encode("latin-1", "replace").decode("utf-8", "replace")
                return response.status, where.strip().replace(" ", "%20")
        except http.client.HTTPException:
            if method == "HEAD":
                return 0, ""
            raise
