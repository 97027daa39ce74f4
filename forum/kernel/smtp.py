"""Handing mail to a server: by checked TLS or not at all, and never for longer than a minute."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from threading import Event, Timer
from urllib.parse import SplitResult, unquote, urlsplit

from forum.config import is_this_machine
from forum.kernel.outbox import NobodyNow, NotNow

PORTS = {"smtps": 465, "smtp": 587}
#: Seconds to connect, for each answer, and for all of it: a server that says a byte now and then is cut off as well.
CONNECT, ANSWER, ALL = 10, 20, 60


class NoSuchAddress(NotNow):
    """The server says that there is no such mailbox: trying again is of no use."""


#: The codes of RFC 3463 and 7505 that say so. 5.1.7 and 5.1.8 are about the sender.
_NOBODY = re.compile(r"5\.1\.(?:[1236]|10)\b")
_ADDRESS = re.compile(r"[^\s<>]+@[^\s<>]+")


class _Session(smtplib.SMTP):
    """SMTP over a connection that is there already."""

    def __init__(self, connected: socket.socket, host: str, port: int) -> None:
        self._connected = connected
        super().__init__(host, port, timeout=ANSWER)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._connected


def hand_over(message: EmailMessage, url: str) -> None:
    """Give the message to the server of FORUM_MAIL_URL. Raises `NotNow` with the reason in words, which leave out the recipient's
    address."""
    parts = urlsplit(url)
    try:
        _deliver(message, parts)
    except smtplib.SMTPRecipientsRefused as refusal:
        code, said = next(iter(refusal.recipients.values()))
        raise _refused(code, _text(said)) from None
    except smtplib.SMTPDataError as refusal:
        reason = f"The mail server took everything but this message: {refusal.smtp_code} {_text(refusal.smtp_error)}"
        raise (NobodyNow if refusal.smtp_code == 421 else NotNow)(reason) from None
    except (OSError, smtplib.SMTPException) as error:
        raise NobodyNow(f"{_named(parts)}: {_words(error)}.") from None


def _deliver(message: EmailMessage, parts: SplitResult) -> None:
    host, port = parts.hostname or "", _port(parts)
    with socket.create_connection((host, port), CONNECT) as connected, _cut_off(connected):
        connected.settimeout(ANSWER)
        if parts.scheme == "smtps":
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        session = _Session(connected, host, port)
        try:
            if parts.scheme == "smtp" and not is_this_machine(host):
                session.starttls(context=ssl.create_default_context())
            if parts.username:
                session.login(unquote(parts.username), unquote(parts.password or ""))
            session.send_message(message)
            # The server has the message. However badly it says goodbye, that must not have it sent again.
            with suppress(OSError, smtplib.SMTPException):
                session.quit()
        finally:
            session.close()


@contextmanager
def _cut_off(connected: socket.socket) -> Iterator[None]:
    """Break the connection once the time for it all is over, whatever it is doing then."""
    handle, late = connected.dup(), Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = Timer(ALL, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, smtplib.SMTPException) as error:
        raise (TimeoutError() if late.is_set() else error) from None
    finally:
        timer.cancel()
        handle.close()


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def _named(parts: SplitResult) -> str:
    return f"The mail server {parts.hostname}, port {_port(parts)}"


def _text(said: bytes | str) -> str:
    """Return what the server said, on one line and without addresses, which belong in no log."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(_ADDRESS.sub("the address", text).split())[:200]


def _refused(code: int, said: str) -> NotNow:
    kind = NoSuchAddress if 500 <= code < 600 and _NOBODY.match(said) else NobodyNow if code == 421 else NotNow
    when = "for good" if code >= 500 else "for now"
    return kind(f"The mail server refuses the recipient {when}: {code} {said}")


def _words(error: Exception) -> str:
    """Return what went wrong with the server, for whoever looks after the site. What a server says at sign-in is not repeated: some
    say the user name or more."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not in order, so it was told nothing ({error.verify_message.rstrip('.')})"
    if isinstance(error, ssl.SSLError):
        return "a secure connection to it cannot be made; smtps:// is for TLS from the start, smtp:// for STARTTLS"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it does not take the user name and password of FORUM_MAIL_URL ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"it takes no mail from FORUM_MAIL_FROM ({error.smtp_code} {_text(error.smtp_error)})"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"it cannot do what is needed, so it was given no mail ({error})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPException):
        return "it broke off"
    if isinstance(error, socket.gaierror):
        return "its name cannot be looked up"
    return f"it cannot be reached ({error.strerror or 'it broke off'})" if isinstance(error, OSError) else str(error)
