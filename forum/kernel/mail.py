"""Sending mail. Messages wait in the outbox; the worker hands them here one at a time."""

import os
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import urlsplit

from forum.config import Settings
from forum.kernel import smtp
from forum.kernel.text import one_line

#: What a mail program posts to the address that stops such mail, when its own button is pressed (RFC 8058).
ONE_CLICK = "List-Unsubscribe=One-Click"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. `key` names it for ever: sent twice after a crash, both copies bear the same Message-ID."""

    to: str
    subject: str
    text: str
    key: str
    #: Where this kind of mail can be stopped; mail programs show a button for it (RFC 2369) and post there (RFC 8058).
    stop_url: str = ""


def compose(mail: Mail, settings: Settings) -> EmailMessage:
    """The message with its headers; line breaks in what people typed cannot start another header."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{one_line(settings.site_name).replace(',', ' ')} <{settings.mail_from}>"
    message["To"] = one_line(mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Message-ID"] = f"<{mail.key}@{urlsplit(settings.base_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url:
        message["List-Unsubscribe"] = f"<{one_line(mail.stop_url)}>"
        message["List-Unsubscribe-Post"] = ONE_CLICK
    message.set_content(mail.text, cte="quoted-printable")
    return message


def send(mail: Mail, settings: Settings) -> None:
    """Deliver one message. Raises `outbox.NotNow` when the server did not take it, OSError when its file could not be written."""
    message = compose(mail, settings)
    if settings.mail_url.startswith("file:"):
        _to_file(message, settings.mail_dir, mail.key)
    else:
        smtp.hand_over(message, settings.mail_url)


def _to_file(message: EmailMessage, folder: Path, key: str) -> None:
    """Written under another name and then renamed, so that nobody reads half a message."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{key}.part"
    draft.write_bytes(bytes(message))
    os.replace(draft, folder / f"{key}.eml")


def forget(words: re.Pattern[str], settings: Settings) -> int:
    """Delete the messages in the mail folder that hold these words; return how many. What went out by SMTP is beyond reach."""
    gone = 0
    for file in settings.mail_dir.glob("*.eml") if settings.mail_dir.is_dir() else ():
        message = message_from_bytes(file.read_bytes(), policy=SMTP)
        body = message.get_body()
        if words.search(f"{message['Subject']}\n{body.get_content() if body else ''}"):
            file.unlink()
            gone += 1
    return gone
