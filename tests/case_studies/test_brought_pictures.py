"""Pictures of a file come in with its text: they stand where they stood, and no reader sees one before its author has said who is in it."""

import re
from io import BytesIO

import docx
from flask import Flask
from PIL import Image

from forum.case_studies.attachments import storage
from forum.case_studies.attachments.storage import sweep
from forum.kernel.clock import now
from tests.case_studies.uploads import agree, end, picture, rows, send, stored
from tests.page import Page, Person
from tests.stories import CASE, CONFIRMED, published


def photo(colour: str, size: tuple[int, int] = (64, 48)) -> BytesIO:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    out.seek(0)
    return out


def report() -> BytesIO:
    document, out = docx.Document(), BytesIO()
    document.add_heading("Fewer falls", 0)
    for heading, words in (
        ("The problem", "Twelve falls a month."),
        ("What we did", "We moved beds."),
        ("Results", "Seven falls."),
    ):
        document.add_heading(heading, 1)
        document.add_paragraph(words)
        if heading != "The problem":
            document.add_picture(photo("teal" if heading == "Results" else "navy"))
            document.add_paragraph(f"Figure. {heading}", "Caption")
    document.save(out)
    out.seek(0)
    return out


def bring(author: Person) -> Page:
    hidden = author.hidden("/case-studies/import", "/case-studies/import")
    answer = author.client.post("/case-studies/import", data={**hidden, "file": (report(), "falls.docx")})
    assert answer.status_code == 200
    return Page(answer.text)


def sent_as(page: Page, **changes: object) -> dict[str, object]:
    """The fields of the placing page as a browser sends them."""
    fields: dict[str, object] = dict(page.form("/place")["fields"])
    html = page.html
    fields |= {f"text-{n}": text for n, text in re.findall(r'name="text-(\d)" rows="8">\s*(.*?)</textarea>', html, re.S)}
    fields |= {f"place-{n}": value for n, value in re.findall(r'id="place-(\d)".*?value="(\w+)" selected', html, re.S)}
    fields |= dict.fromkeys(re.findall(r'name="(take-\d)" value="y" checked', html), "y")
    return {k: v for k, v in {**fields, **changes}.items() if v is not None and k != "change"}


def draft_of(author: Person, page: Page, **changes: object) -> str:
    answer = author.client.post("/case-studies/import/place", data=sent_as(page, **changes))
    assert answer.status_code == 303, answer.text[:3_000]
    return str(answer.location).removesuffix("/edit")


def test_pictures_come_along_and_stand_where_they_stood(author: Person, app: Flask) -> None:
    page = bring(author)
    assert "2 pictures" in page.html
    for address in re.findall(r'src="(/case-studies/import/pictures/[^"]+)"', page.html):
        shown = author.get(address)
        assert shown.headers["Content-Type"] == "image/png"
        assert "sandbox" in shown.headers["Content-Security-Policy"]
    url = draft_of(author, page)
    preview = author.get(f"{url}/preview").text
    body = preview.split('id="results"')[1]
    assert re.search(r"Seven falls\.</p>\s*<figure[^>]*id=\"picture-2\">.*?<figcaption>Figure\. Results", body, re.S)
    assert "Pictures and files" not in preview, "each stands in its text, and not once more below"
    assert [(r.number, r.caption, r.asked) for r in rows(app)] == [(1, "Figure. What we did", True), (2, "Figure. Results", True)]


def test_what_pictures_show_and_who_is_in_them_is_asked_before_anybody_sees_them(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = draft_of(author, bring(author))
    page = author.get(f"{url}/files").text
    assert page.count("To answer before you send it") == 2
    assert not re.search(r'name="file-\d+-consent"[^>]* checked', page), "nobody has answered for them"
    assert "Say of each picture what it shows" in author.get(f"{url}/preview").text
    assert author.post(f"{url}/submit", CONFIRMED, on=f"{url}/files", status=422)
    first, second = rows(app)
    said = {f"file-{first.id}-alt": "Beds by the window", f"file-{first.id}-caption": "Beds"}
    author.post(f"{url}/files/{first.id}", said, on=f"{url}/files", status=422)
    author.post(f"{url}/files/{first.id}", {**said, f"file-{first.id}-consent": "no"}, on=f"{url}/files")
    author.post(f"{url}/files/{second.id}", {"action": "remove"}, on=f"{url}/files")
    preview = author.get(f"{url}/preview").text
    assert "Say of each picture" not in preview
    assert "[Picture 2]" in preview, "its author sees where a picture that was taken out stood"


def test_a_picture_can_be_left_out_and_what_was_said_of_it_stays(author: Person, app: Flask) -> None:
    page = bring(author)
    split = author.client.post("/case-studies/import/place", data={**sent_as(page, **{"take-1": None}), "change": "join:1"})
    again = Page(split.text)
    assert re.search(r'name="take-2" value="y" checked', again.html)
    assert not re.search(r'name="take-1" value="y" checked', again.html), "the tick stays as it was"
    url = draft_of(author, again)
    assert [r.number for r in rows(app)] == [2]
    assert "<em>Picture: Figure. What we did</em>" in author.get(f"{url}/preview").text


def test_a_picture_is_nobody_elses_and_its_word_cannot_be_made_up(author: Person, other: Person, app: Flask) -> None:
    page = bring(author)
    (address, _) = re.findall(r'src="(/case-studies/import/pictures/[^"]+)"', page.html)
    other.get(address, 404)
    author.get(f"{address}x", 404)
    author.get("/case-studies/import/pictures/%2e%2e", 404)
    stolen = {k: v for k, v in sent_as(page).items() if not k.startswith(("csrf", "form_key"))}
    hidden = other.hidden("/case-studies/import", "/case-studies/import")
    answer = other.client.post("/case-studies/import/place", data={**stolen, **hidden})
    assert answer.status_code == 303
    assert rows(app) == []


def test_pictures_are_swept_away_where_no_draft_was_made_and_a_late_draft_says_so(author: Person, app: Flask) -> None:
    page = bring(author)
    assert len(stored(app)) == 2
    with app.app_context():
        for file in storage.folder().glob("*/*"):
            file.touch()
        assert sweep(now()) == 0
        for file in storage.folder().glob("*/*"):
            file.unlink()
    url = draft_of(author, page)
    assert "Left behind: 2 pictures: there is no room, or it is too long ago. Add them again." in author.get(f"{url}/edit").text
    assert rows(app) == []


def test_twice_makes_one_draft_with_its_pictures_once(author: Person, app: Flask) -> None:
    data = sent_as(bring(author))
    for _ in range(2):
        assert author.client.post("/case-studies/import/place", data=data).status_code == 303
    assert len(rows(app)) == 2


def test_readers_see_a_named_picture_in_its_place_until_its_consent_ends(
    author: Person, moderator: Person, visitor: Person, app: Flask
) -> None:
    url = published(author, moderator)
    consent = agree(author, url)
    path = picture(author, url, consent=consent)
    assert "Pictures and files" in visitor.get(url).text
    results = "Seven falls.\n\n[Picture 1]\n\n[Picture 9]\n\n`[Picture 1]`"
    author.post(f"{url}/edit/quick-share", {**CASE, "results": results, "action": "save"})
    send(author, url)
    page = visitor.get(url).text
    assert re.search(rf'Seven falls\.</p>\s*<figure class="app-figure" id="picture-1">\s*<img src="{path}"', page)
    assert "Pictures and files" not in page
    assert "[Picture 9]" in page
    assert "<code>[Picture 1]</code>" in page
    word = docx.Document(BytesIO(visitor.get(f"{url}/export.docx").data))
    shown = [p for p in word.paragraphs if p._p.findall(".//{*}blip") or p.text in {"Seven falls.", "[Picture 9]"}]
    assert [p.text or "a picture" for p in shown if p.text != "Pictures and files"] == ["Seven falls.", "a picture", "[Picture 9]"]
    end(author, url, consent)
    page = visitor.get(url).text
    assert path not in page
    assert "<p>[Picture 1]</p>" not in page
