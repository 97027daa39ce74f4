"""References as typed, and the check of links: a real server on this machine, and every address that must be refused."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import SplitResult

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.documents import links
from forum.documents.links import Answer, address_of, check

DOI = "https://doi.org/10.1136/bmjqs-2015-004411"
NG27 = "https://www.nice.org.uk/guidance/ng27"


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("10.1136/bmjqs-2015-004411", DOI), ("doi:10.1136/bmjqs-2015-004411", DOI), ("DOI: 10.1136/bmjqs-2015-004411.", DOI),
        ("https://doi.org/10.1136/bmjqs-2015-004411", DOI), ("http://dx.doi.org/10.1136/bmjqs-2015-004411?x=1", DOI),
        ("  10.1002/a<b>c;2-#  ", "https://doi.org/10.1002/a%3Cb%3Ec;2-%23"), ("10.1/x", None), ("10.1136/", None),
        ("NG27", NG27), ("NICE NG27", NG27), ("ng 27", NG27), ("NICE guideline [NG27]", NG27),
        ("CG138", "https://www.nice.org.uk/guidance/cg138"), ("QS13", "https://www.nice.org.uk/guidance/qs13"),
        ("TA123", "https://www.nice.org.uk/guidance/ta123"), ("PH 44", "https://www.nice.org.uk/guidance/ph44"),
        ("TA1 4AB", None), ("NG", None), ("XX12", None),
        ("https://www.nhs.uk/a?b=c#d", "https://www.nhs.uk/a?b=c#d"), (" HTTP://nhs.uk ", "HTTP://nhs.uk"),
        ("https://bücher.example/ü", "https://bücher.example/ü"),
        ("", None), ("Smith J, 2016, The BMJ", None), ("www.nhs.uk", None), ("//nhs.uk/x", None),
        ("javascript:alert(1)", None), ("JavaScript://nhs.uk/%0aalert(1)", None), ("data:text/html,x", None),
        ("file:///etc/passwd", None), ("ftp://nhs.uk/x", None), ("mailto:a@nhs.uk", None),
        ("https://user@nhs.uk/", None), ("https://user:word@nhs.uk/", None), ("https://nhs.uk\\@evil.example/", None),
        ("https://", None), ("https:///x", None), ("https://nhs.uk:99999/", None), ("https://nhs.uk:x/", None),
        ("https://[::1", None), ("https://a b.uk/", None), ("https://nhs.uk/a b", None), ("https://nhs.uk/\r\nX: 1", None),
        ("https://nhs.uk/\u202egpj", None), ("https://-/", None), ("https://a..b/", None), ('https://nhs.uk/"x', None),
        ("https://nhs.uk/" + "x" * 2_000, None), ("java\nscript:alert(1)", None),
    ],
)  # fmt: skip
def test_references_as_typed(reference: str, address: str | None) -> None:
    assert address_of(reference) == address


@given(st.text(max_size=80) | st.text(st.sampled_from("http://[]@:%.a1\\ \n"), max_size=40).map("http://".__add__))
def test_an_address_is_always_of_the_web(reference: str) -> None:
    address = address_of(reference)
    assert address is None or address.lower().startswith(("http://", "https://"))


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    # Not an OSError, which the check would take for a server that does not answer.
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("nothing may be connected to"))


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize(
    "host",
    [
        "localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "134744072", "0x08080808", "8.8.2056",
        "127.0.0.1.", "0.0.0.0", "0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "168.63.129.16", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "①②⑦.0.0.1", "127。0。0。1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[fe80::1]", "[fc00::1]", "[fec0::1]", "[ff02::1]", "[fd00:ec2::254]", "[::127.0.0.1]", "[2001:db8::1]", "[2001:0:1::1]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_addresses_are_refused(scheme: str, host: str) -> None:
    answer = check(f"{scheme}://{host}/")
    assert answer == Answer("unsure", "It is not an address on the public internet")


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize(
    "url",
    [
        "http://user@8.8.8.8/", "http://user:word@8.8.8.8/", "http://8.8.8.8:22/", "http://8.8.8.8:8080/", "http://8.8.8.8:0/", "ftp://8.8.8.8/", "",
        "file:///etc/passwd", "gopher://8.8.8.8/", "http:8.8.8.8", "//8.8.8.8/", "http://8.8.8.8\\@127.0.0.1/", "http://8.8.8.8/\r\nX-Evil: 1",
        "http://8.8.8.8/ HTTP/1.1", "http://8.8.8.8\t/", "http://[fe80::1%25eth0]/", "http://[::1/", "http://8.8.8.8#@127.0.0.1:22/", "http://a\x00b/",
    ],
)  # fmt: skip
def test_strange_addresses_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "_ask", lambda *_: (_ for _ in ()).throw(links._Stop("asked")))
    answer = check(url)
    # Only the one with a harmless fragment is asked for at all, and that at the host before the fragment.
    assert answer.state == "unsure"
    assert (answer.detail == "asked") == ("#" in url)


def _answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def look_up(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("second", ["127.0.0.1", "::1", "169.254.169.254", "fe80::1%eth0"])
def test_one_private_answer_refuses_all(second: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, "8.8.8.8", second)
    assert check("https://rebind.example/").detail == "It is not an address on the public internet"


def test_it_connects_to_the_address_it_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time is asked for once only."""
    asked, reached = _answers(monkeypatch, "8.8.8.8", "2606:2800:21f:cb07::1"), []

    def connect(_: socket.socket, where: tuple[str, int]) -> None:
        reached.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert check("http://name.example/x") == Answer("unsure", "Nothing answers at that address")
    assert asked == ["name.example"]
    assert reached[:2] == [("8.8.8.8", 80), ("2606:2800:21f:cb07::1", 80)]


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_AGAIN, socket.EAI_FAIL])
def test_a_name_that_is_not_found_is_not_gone(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network every name is unknown."""

    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(code, "no")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert check("http://name.example/") == Answer("unsure", "The name of its server cannot be looked up at the moment")


def test_a_slow_look_up_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(20) and [])
    monkeypatch.setattr(links, "SECONDS", 0.3)
    assert check("http://name.example/").detail == "It did not answer within 10 seconds"
    done.set()


class _Handler(BaseHTTPRequestHandler):
    """/404 answers 404; /to/X sends on to X; /head-405 and the like answer only GET; the others misbehave."""

    def do_GET(self) -> None:
        self.server.seen.append((self.command, self.path, dict(self.headers)))  # type: ignore[attr-defined]
        name = self.path.partition("?")[0][1:]
        if name.startswith("head-"):
            self._plain(int(name[5:]) if self.command == "HEAD" else 200)
        elif name.startswith("to/"):
            self._plain(302, name[3:])
        elif name == "loop":
            self._plain(302, "/loop")
        elif hasattr(self, f"_{name}"):
            with suppress(OSError):
                getattr(self, f"_{name}")()
        else:
            self._plain(int(name or 200))

    do_HEAD = do_GET

    def _plain(self, status: int, location: str = "") -> None:
        self.send_response_only(status)
        if location:
            self.send_header("Location", location.replace("~", "/"))
        self.end_headers()

    def _slow(self) -> None:
        for _ in range(40):
            self.wfile.write(b"H")
            time.sleep(0.1)

    def _garbage(self) -> None:
        self.wfile.write(b"\x00\xff not http at all\r\n\r\n")

    def _headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for n in range(5_000):
            self.wfile.write(b"X-%d: %s\r\n" % (n, b"x" * 9_000))

    def _continues(self) -> None:
        for _ in range(90_000):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _endless(self) -> None:
        self._plain(405 if self.command == "HEAD" else 200)
        for _ in range(100_000):
            self.server.sent += self.wfile.write(b"x" * 65_536)  # type: ignore[attr-defined]

    def _strange(self) -> None:
        self._plain(302, "http://[")

    def _umlaut(self) -> None:
        self.wfile.write("HTTP/1.1 302 Found\r\nLocation: /200?ü b\r\n\r\n".encode())

    def _silent(self, *_: object) -> None:
        pass

    log_message = _silent  # type: ignore[assignment]


class _Server(ThreadingHTTPServer):
    seen: list[tuple[str, str, dict[str, str]]]
    sent = 0

    def handle_error(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server(("127.0.0.1", 0), _Handler) as running:
        running.seen = []
        thread = threading.Thread(target=running.serve_forever, args=(0.02,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def _check(server: _Server, path: str, scheme: str = "http") -> Answer:
    return check(f"{scheme}://127.0.0.1:{server.server_port}/{path}", allow_private=True)


@pytest.mark.parametrize(
    ("path", "state", "word"),
    [
        ("", "fine", "200 (ok)"), ("204", "fine", "204"), ("304", "fine", "304"), ("404", "gone", "404 (not found)"), ("410", "gone", "410 (gone)"),
        ("401", "unsure", "401"), ("403", "unsure", "403"), ("405", "unsure", "405"), ("429", "unsure", "429"), ("500", "unsure", "500"),
        ("503", "unsure", "503"), ("999", "unsure", "999"), ("head-405", "fine", "200"), ("head-403", "fine", "200"), ("head-501", "fine", "200"),
        ("head-404", "fine", "200"), ("head-500", "unsure", "500"), ("to/~404", "gone", "404"), ("to/~200", "fine", "200"), ("301", "fine", "301"),
        ("loop", "unsure", "more than 5 times"), ("garbage", "unsure", "not as a website"), ("headers", "unsure", "far too much"),
        ("continues", "unsure", "far too much"), ("silent", "unsure", "not as a website"), ("strange", "unsure", "not as a website"),
        ("to/javascript:alert(1)", "unsure", "leads to something"), ("to/file:~~~etc~passwd", "unsure", "leads to something"),
        ("to/http:~~a@127.0.0.1~", "unsure", "leads to something"), ("umlaut", "fine", "200"), ("200?a=b c".replace(" ", "%20"), "fine", "200"),
    ],
)  # fmt: skip
def test_what_servers_answer(server: _Server, path: str, state: str, word: str) -> None:
    answer = _check(server, path)
    assert answer.state == state, answer
    assert word in answer.detail


def test_what_it_asks_for(server: _Server) -> None:
    assert _check(server, "head-405?q=ü/../x#part").state == "fine"
    methods, paths, headers = zip(*server.seen, strict=True)
    assert methods == ("HEAD", "GET")
    assert set(paths) == {"/head-405?q=%C3%BC/../x"}
    assert headers[1]["User-Agent"] == "SharedPractice link check"
    assert headers[1]["Host"] == f"127.0.0.1:{server.server_port}"
    server.seen.clear()
    _check(server, "loop")
    assert len(server.seen) == 6, "the first and five that it sends on to"


@pytest.mark.parametrize("path", ["\r\nX-Evil: 1", "x HTTP/1.1\r\nX-Evil: 1\r\n\r\n", "\nX-Evil:1", "a\x00b", "\u2028x"])
def test_nothing_is_smuggled_into_headers(server: _Server, path: str) -> None:
    assert _check(server, path + "/y").state == "unsure"
    assert server.seen == []


def test_slow_answers_end(server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SECONDS", 0.5)
    start = time.monotonic()
    assert _check(server, "slow").detail == "It did not answer within 10 seconds"
    assert time.monotonic() - start < 3


def test_an_endless_body_is_left(server: _Server) -> None:
    start = time.monotonic()
    assert _check(server, "endless").state == "fine"
    assert time.monotonic() - start < 5


def test_a_redirect_inwards_is_refused(server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public server (this one, for the test) that sends on to this machine is not followed."""
    real = links._addresses

    def addresses(parts: SplitResult, allow_private: bool, end: float) -> object:
        return [(socket.AF_INET, server.server_address)] if parts.hostname == "public.example" else real(parts, allow_private, end)

    monkeypatch.setattr(links, "_addresses", addresses)
    answer = check("http://public.example/to/http:~~127.0.0.1~secret")
    assert answer == Answer("unsure", "It is not an address on the public internet")
    assert [path for _, path, _ in server.seen] == ["/to/http:~~127.0.0.1~secret"]


def test_servers_that_are_not_there_or_not_secure(server: _Server) -> None:
    assert links._TLS.verify_mode is ssl.CERT_REQUIRED
    assert links._TLS.check_hostname
    assert _check(server, "", "https").detail == "A secure connection to it cannot be made"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert check(f"http://127.0.0.1:{taken.getsockname()[1]}/", allow_private=True).detail == "Nothing answers at that address"
    assert check(f"http://127.0.0.1:{server.server_port}/").detail == "It uses a port that is not checked"
