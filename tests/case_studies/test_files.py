"""Which pictures and files are taken, and what is left of them."""

import re
from io import BytesIO
from pathlib import Path

import pytest
import requests
from flask import Flask
from PIL import Image

from tests.case_studies.uploads import ALT, PDF, drawing, newest, photo, picture, rows, send, stored, upload
from tests.conftest import PASSWORD
from tests.page import Page, Person
from tests.served import PATIENCE, environment, serving
from tests.stories import draft, published


def test_a_photo_loses_where_and_by_whom_it_was_taken(author: Person, app: Flask) -> None:
    url, sent = draft(author), photo()
    assert Image.open(BytesIO(sent)).getexif().get_ifd(0x8825)
    got = author.get(picture(author, url, sent)).data
    image = Image.open(BytesIO(got))
    assert (image.format, image.size) == ("JPEG", (64, 48))
    assert not image.getexif()
    assert not image.info.get("comment")
    for trace in (b"Exif", b"PhoneMaker", b"Ada Author", b"taken at home", b"GPS"):
        assert trace not in got
        assert all(trace not in file.read_bytes() for file in stored(app))


def test_the_words_of_a_picture_stand_with_it(author: Person, moderator: Person, visitor: Person) -> None:
    url = published(author, moderator)
    path = picture(author, url, alt='A chart: "9" <to> 5', caption="Calls & nights")
    page = visitor.get(url).text
    assert f'<img src="{path}" alt="A chart: &#34;9&#34; &lt;to&gt; 5" width="64" height="48"' in page
    assert "<figcaption>Calls &amp; nights</figcaption>" in page
    assert visitor.get(path).mimetype == "image/jpeg"


@pytest.mark.parametrize("alt", ["", "  ", "ab", " x "])
def test_a_picture_needs_words_for_those_who_cannot_see_it(author: Person, app: Flask, alt: str) -> None:
    url = draft(author)
    page = upload(author, url, photo(), alt=alt, caption="Kept words", status=422).text
    assert "Say in words what the picture shows" in page
    assert 'href="#alt"' in page
    assert "Kept words" in page
    assert rows(app) == []
    assert stored(app) == [], "what is refused takes no room"


def test_a_file_needs_a_caption_and_no_words_for_a_picture(author: Person, moderator: Person, visitor: Person, app: Flask) -> None:
    url = published(author, moderator)
    page = upload(author, url, PDF, "leaflet.pdf", alt="", caption="", status=422).text
    assert "Say what the file is" in page
    upload(author, url, PDF, "leaflet.pdf", alt="", caption="A leaflet")
    send(author, url)
    assert "A leaflet</a>" in visitor.get(url).text


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>", "chart.png", "The picture cannot be read"),
        (b"GIF89a/*<svg/onload=alert(1)>*/=1;alert(1)", "chart.gif", "The picture cannot be read"),
        (b"\xff\xd8\xff\xe0<?php system('id'); ?>", "ward.jpg", "The picture cannot be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "chart.svg", "This is an SVG picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "chart.png", "This is an SVG picture"),
        (b"<!doctype html><script>alert(1)</script>", "ward.jpg", "This is a web page"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "ward.jpg", "This kind of file is not accepted"),
        (b"%PDF-1.4\n<< /OpenAction << /S /JavaScript /JS (x) >> >>\n%%EOF", "leaflet.pdf", "scripts"),
        (b"name,sum\nx,=HYPERLINK(1)\n", "table.csv", "formulas"),
        (b"", "ward.jpg", "The file is empty"),
        (b"x" * 10_000_001, "ward.jpg", "larger than 10 MB"),
    ],
)
def test_what_may_harm_is_refused_in_words(author: Person, app: Flask, data: bytes, name: str, words: str) -> None:
    url = draft(author)
    answer = upload(author, url, data, name, status=422)
    page = Page(answer.text)
    assert words in answer.text
    assert 'href="#file"' in answer.text
    assert page.title.startswith("Error: Pictures, files and consent")
    assert page.h1 == ["Pictures, files and consent"]
    assert f'value="{ALT}"' in answer.text, "what was typed comes back"
    assert rows(app) == []
    assert stored(app) == []


def test_without_a_file_one_is_asked_for(author: Person) -> None:
    url = draft(author)
    assert "Choose a picture or a file first" in upload(author, url, b"", "", status=422).text
    answer = author.post(f"{url}/files", {"alt": ALT}, status=422)
    assert "Choose a picture or a file first" in answer.text


def test_what_hangs_behind_a_picture_is_cut_off(author: Person) -> None:
    url = draft(author)
    path = picture(author, url, drawing() + b"<script>alert(1)</script>PK\x03\x04")
    got = author.get(path)
    assert got.mimetype == "image/png"
    assert b"script" not in got.data
    assert Image.open(BytesIO(got.data)).size == (40, 30)


def test_a_name_never_becomes_a_path_or_a_header(author: Person, app: Flask) -> None:
    url = draft(author)
    upload(author, url, b"Plain words", '../../../etc/pass"wd\r\nX-Evil: 1.exe')
    path = newest(author, url)
    answer = author.get(path)
    assert "X-Evil" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert rows(app)[0].name.endswith(".txt")
    (file,) = stored(app)
    assert re.fullmatch(r"[0-9a-f]{64}", file.name)


def test_a_file_over_the_limit_is_told_on_the_same_page_and_its_words_stay(author: Person, app: Flask) -> None:
    url = draft(author)
    answer = upload(author, url, b"\xff\xd8\xff" + bytes(30_000_000), caption="The garden door", status=422)
    assert "The file has 30.1 MB, which is larger than 10 MB" in answer.text
    assert f'value="{ALT}"' in answer.text
    assert 'value="The garden door"' in answer.text
    beyond = upload(author, url, b"\xff\xd8\xff" + bytes(32 * 1024 * 1024), status=413)
    assert Page(beyond.text).h1 == ["Pictures, files and consent"]
    assert "larger than 10 MB" in beyond.text
    assert rows(app) == []


def test_other_pages_take_no_large_requests(author: Person) -> None:
    url = draft(author)
    hidden = author.hidden(f"{url}/files", f"{url}/consents")
    answer = author.client.post(f"{url}/consents", data={**hidden, "about": "x" * 3_000_000})
    assert answer.status_code == 413


def test_a_real_server_answers_a_large_upload_and_does_not_break_off(database: str, author: Person, tmp_path: Path) -> None:
    url = draft(author)
    env = environment(FORUM_INSTANCE=str(tmp_path), FORUM_DATABASE_URL=database)
    with serving(["web"], env, tmp_path / "web.log") as base, requests.Session() as browser:
        page = Page(browser.get(f"{base}/sign-in").text)
        form = next(f for f in page.forms if f.get("method") == "post")["fields"]
        browser.post(f"{base}/sign-in", data={**form, "email": author.email, "password": PASSWORD})
        form = Page(browser.get(f"{base}{url}/files").text).form(f"{url}/files")["fields"]
        large = {"file": ("ward.jpg", b"\xff\xd8\xff" + bytes(30_000_000), "image/jpeg")}
        answer = browser.post(f"{base}{url}/files", data={**form, "alt": ALT}, files=large, timeout=PATIENCE)
        assert answer.status_code == 422
        assert "larger than 10 MB" in answer.text
        right = {"file": ("ward.jpg", photo(), "image/jpeg")}
        answer = browser.post(f"{base}{url}/files", data={**form, "alt": ALT, "consent": "no"}, files=right, timeout=PATIENCE)
        assert answer.status_code == 200
        assert "It is added." in answer.text
