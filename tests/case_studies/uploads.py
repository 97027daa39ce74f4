"""What people do on the page of pictures, files and consent, for the tests of it."""

import re
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from forum.case_studies.models import Attachment
from forum.kernel.db import db
from tests.page import Person
from tests.stories import CONFIRMED

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


ALT = "Two nurses at a table"


def photo(colour: str = "teal", **more: object) -> bytes:
    """A JPEG as a phone makes it: it says where it was taken, by whom and with what."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B] = "PhoneMaker", "Ada Author"
    exif.get_ifd(0x8825).update({1: "N", 2: (53.0, 47.0, 59.0), 3: "W", 4: (1.0, 32.0, 57.0)})
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif, comment=b"taken at home", **more)  # type: ignore[arg-type]
    return out.getvalue()


def drawing() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


def upload(by: Person, url: str, data: bytes, name: str = "ward.jpg", status: int = 303, **more: object) -> TestResponse:
    fields = {"alt": ALT, "caption": "The ward", "consent": "no", **more}
    return by.post(f"{url}/files", {"file": (BytesIO(data), name), **fields}, status=status)


def picture(by: Person, url: str, data: bytes = b"", **more: object) -> str:
    """Add a picture, and send it where the case study is out; gives its address."""
    upload(by, url, data or photo(), **more)
    if "Not sent yet" in by.get(f"{url}/files").text:
        send(by, url)
    return newest(by, url)


def send(by: Person, url: str, **more: object) -> None:
    """Send what was changed since, pictures with it."""
    by.post(f"{url}/submit", {**CONFIRMED, **more}, on=f"{url}/preview")


def newest(by: Person, url: str) -> str:
    found = re.findall(rf'"({re.escape(url)}/files/\d+)"', by.get(f"{url}/files").text)
    return str(max(found, key=lambda path: int(path.rpartition("/")[2])))


def stored(app: Flask) -> list[Path]:
    return [p for p in (Path(app.instance_path) / "files").glob("*/*") if p.is_file()]


def rows(app: Flask) -> list[Attachment]:
    with app.app_context():
        return db.session.query(Attachment).order_by(Attachment.id).all()


def agree(by: Person, url: str, status: int = 303, **more: object) -> str:
    """Record a consent; gives its number."""
    said = {"about": "Photo of the café", "scope": "On this site", "holder": "The ward office", **more}
    by.post(f"{url}/consents", said, on=f"{url}/files", status=status)
    numbers = [int(n) for n in re.findall(r"/consents/(\d+)/withdraw", by.get(f"{url}/files").text)]
    return str(max(numbers, default=0))


def end(by: Person, url: str, consent: str, status: int = 303) -> None:
    by.post(f"{url}/consents/{consent}/withdraw", on=f"{url}/files", status=status)
