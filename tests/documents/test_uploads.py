"""What is taken from members, and what hostile files come to."""

import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin

from forum.documents.uploads import MOST_BYTES, Refused, accept, clean_name, unpack

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def photo(size: tuple[int, int] = (64, 48)) -> Image.Image:
    image = Image.effect_noise(size, 80).convert("RGB")
    image.putdata([(a, (a * 7 + n) % 256, n % 256) for n, (a, _, _) in enumerate(image.get_flattened_data())])
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def word() -> dict[str, bytes]:
    """The parts of a real document, with an author."""
    out, document = BytesIO(), docx.Document()
    document.core_properties.author = "Sam Secret"
    document.add_paragraph("Our ward round")
    document.save(out)
    return unpack(out.getvalue())


def content_types(main: str, *parts: str) -> bytes:
    overrides = "".join(f'<Override PartName="/{p}" ContentType="{main}"/>' for p in parts)
    return f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'.encode()


def link(kind: str, target: str) -> bytes:
    one = f'<Relationship Id="r1" Type="{LINKS}/{kind}" Target="{target}" TargetMode="External"/>'
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{one}</Relationships>'.encode()


def pdf(body: bytes) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + body + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def test_a_photo_is_turned_and_says_nothing_of_its_place() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret Phone"
    exif.get_ifd(0x8825)[2] = (53.0, 47.0, 30.0)
    data = saved(photo((64, 48)), "JPEG", exif=exif, comment=b"Ward 7")
    assert b"Secret Phone" in data
    got = accept(data, "IMG_1234.JPG")
    image = opened(got.data)
    assert (got.kind, got.media_type, got.extension, got.name) == ("picture", "image/jpeg", ".jpg", "IMG_1234.jpg")
    assert (got.width, got.height, dict(image.getexif())) == (*image.size, {}) == (48, 64, {})
    assert not {"comment", "exif", "icc_profile"} & set(image.info)
    assert not any(word in got.data for word in (b"Exif", b"Secret", b"Ward 7"))
    assert image.info["progressive"]


def test_pictures_are_bounded_and_keep_what_suits_them() -> None:
    big = accept(saved(photo((2_000, 500)), "PNG"), "big.png")
    assert (big.width, big.height, big.extension) == (1_600, 400, ".jpg")
    drawing = Image.new("RGB", (3_000, 3_000), "white")
    ImageDraw.Draw(drawing).ellipse((10, 10, 2_000, 900), fill="navy")
    assert accept(saved(drawing, "PNG"), "chart").extension == ".png"
    clear = photo().convert("RGBA")
    clear.putalpha(90)
    assert opened(accept(saved(clear, "WEBP"), "clear").data).mode == "RGBA"
    solid = photo().convert("RGBA")
    assert accept(saved(solid, "PNG"), "solid").extension == ".jpg"
    frames = [Image.new("P", (20, 10), n) for n in range(3)]
    moving = accept(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "moving.gif")
    assert (moving.extension, moving.width, getattr(opened(moving.data), "n_frames", 1)) == (".png", 20, 1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.frombytes("I;16", (64, 48), bytes(64 * 48 * 2)) if mode == "I;16" else photo().convert(mode)
    got = accept(saved(image, kind), "x")
    assert (got.width, got.height) == (64, 48)


def test_notes_in_a_png_are_gone() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Sam Secret")
    notes.add_itxt("XML:com.adobe.xmp", "<x>Secret</x>")
    assert b"Secret" not in accept(saved(Image.new("RGB", (9, 9)), "PNG", pnginfo=notes), "x.png").data


@pytest.mark.parametrize("kind", ["GIF", "PNG", "JPEG", "WEBP"])
def test_nothing_rides_behind_a_picture(kind: str) -> None:
    data = saved(photo(), kind) + b"<script>alert(1)</script>" + packed({"a": b"b"})
    got = accept(data, "x.html")
    assert got.kind == "picture"
    assert b"<script>" not in got.data
    assert b"PK\x03\x04" not in got.data
    assert got.name == f"x{got.extension}"


def png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
REFUSED: list[tuple[str, bytes, str]] = [
    ("empty", b"", "empty"), ("only spaces", b" \n", "empty"), ("too large", b"\xff\xd8\xff" + bytes(10_000_001), "10 MB"),
    ("bomb", png_bomb(8_000), "pixels"), ("larger bomb", png_bomb(11_000), "pixels"), ("largest bomb", png_bomb(60_000), "pixels"),
    ("cut", saved(photo((300, 300)), "JPEG")[:4_000], "incomplete"), ("only magic", b"\x89PNG\r\n\x1a\n", "damaged"),
    ("svg", SVG, "SVG"), ("html", b"<!doctype html><p>Hello", "web page"), ("script", b"Hello <SCRIPT>alert(1)</script>", "web page"),
    ("heic", HEIC, "JPEG"), ("old office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "docx"), ("program", b"MZ\x90\x00\x03", "are accepted"),
    ("nul", b"a\x00b", "are accepted"), ("long", b"word " * 500_000, "2 MB"),
    ("tiff", b"II*\x00" + bytes(50), "TIFF.*JPEG"), ("postscript", b"%!PS-Adobe\x04\n", "are accepted"), ("plain zip", packed({"a.txt": b"b"}), "archive.*one by one"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "says"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_it_is_refused(data: bytes, says: str) -> None:
    for name in ("photo.jpg", "notes.txt", "table.csv"):
        with pytest.raises(Refused, match=says):
            accept(data, name)


PACKED = zlib.compress(b"7 0 8 30 <</S/JavaScript/JS(app.alert(1))>>")
BAD_PDFS = [
    b"<< /S /JavaScript /JS (app.alert(1)) >>", b"<</S/J#61vaScr#69pt/#4a#53(x)>>", b"<</JS 5 0 R>>", b"<< /S /Launch /F (cmd.exe) >>",
    b"<< /Type /EmbeddedFile >>", b"<< /EmbeddedFiles 5 0 R >>", b"<< /#45ncrypt 5 0 R >>", b"<< /XFA 5 0 R>>",
    b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode>>stream\r\n" + PACKED + b"\r\nendstream",
    b"<</Type/#4fbjStm/Filter/FlateDecode>>stream\n" + PACKED + b"\nendstream",
    b"<</Type/ObjStm/Filter/LZWDecode>>stream\nabcdef\nendstream",
    b"<</Type/ObjStm/Filter/FlateDecode>>stream\n" + zlib.compress(bytes(101_000_000), 9) + b"\nendstream",
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_PDFS, ids=range(len(BAD_PDFS)))
def test_a_pdf_that_does_things_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="Print it to PDF"):
        accept(pdf(body), "leaflet.pdf")


def test_a_plain_pdf_is_taken() -> None:
    body = b"<< /JSON 1 /Launcher 2 >>\nendobj\n2 0 obj\n<</Length 9>>\nstream\nab/JS cd\nendstream"
    got = accept(pdf(body), "leaflet.docx")
    assert (got.kind, got.name, got.data) == ("pdf", "leaflet.pdf", pdf(body))
    with pytest.raises(Refused, match="incomplete"):
        accept(pdf(body)[:-7], "leaflet.pdf")


@pytest.mark.parametrize("body", [b">>stream\n", b"/ObjStm stream\n" + zlib.compress(b"")], ids=["streams", "packed"])
def test_a_tiresome_pdf_ends(body: bytes) -> None:
    assert accept(pdf(body * (9_000_000 // len(body))), "x.pdf").kind == "pdf"


def test_a_document_loses_its_author() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret Phone"
    parts = word() | {"word/media/image1.jpg": saved(photo(), "JPEG", exif=exif)}
    parts["word/comments.xml"] = b'<w:comments xmlns:w="w"><w:comment w:author="Sam Secret" w:initials="SS"/></w:comments>'
    parts["word/_rels/footnotes.xml.rels"] = link("hyperlink", "https://www.nhs.uk/")
    got = accept(packed(parts) + b"<script>", "C:\\Users\\sam\\Plan.DOCX")
    assert (got.kind, got.extension, got.name, got.width) == ("docx", ".docx", "Plan.docx", 0)
    stored = unpack(got.data)
    assert not any(b"Secret" in part for part in stored.values())
    assert docx.Document(BytesIO(got.data)).paragraphs[0].text == "Our ward round"
    assert opened(stored["word/media/image1.jpg"]).size == (64, 48)
    assert b"<script>" not in got.data
    assert {i.date_time[0] for i in zipfile.ZipFile(BytesIO(got.data)).infolist()} == {1980}


@pytest.mark.parametrize("kind", ["spreadsheetml.sheet", "presentationml.presentation"])
def test_tables_and_slides_are_taken(kind: str) -> None:
    main = f"application/vnd.openxmlformats-officedocument.{kind}.main+xml"
    got = accept(packed({"[Content_Types].xml": content_types(main, "x/main.xml"), "x/main.xml": b"<x/>"}), "n")
    assert got.kind in {"xlsx", "pptx"}
    assert got.media_type == f"application/vnd.openxmlformats-officedocument.{kind}"


BAD_OFFICE: list[tuple[str, Callable[[], dict[str, bytes]], str]] = [
    ("macros", lambda: word() | {"word/vbaProject.bin": b"x"}, "macros"),
    ("macro type", lambda: word() | {"[Content_Types].xml": content_types("application/vnd.ms-word.document.macroEnabled.main+xml", "word/document.xml")}, "macros"),
    ("ole", lambda: word() | {"word/embeddings/oleObject1.bin": b"x"}, "inside it"),
    ("chart data", lambda: word() | {"word/embeddings/Sheet1.xlsx": b"x"}, "inside it"), ("program", lambda: word() | {"word/run.exe": b"MZ"}, "inside it"),
    ("web page", lambda: word() | {"word/afchunk.html": b"x"}, "inside it"),
    ("template", lambda: word() | {"word/_rels/settings.xml.rels": link("attachedTemplate", "https://x.example/a.dotm")}, "elsewhere"),
    ("picture", lambda: word() | {"word/_rels/document.xml.rels": link("image", "https://x.example/a.png")}, "elsewhere"),
    ("links", lambda: word() | {"xl/externalLinks/externalLink1.xml": b"<x/>"}, "elsewhere"),
    ("up", lambda: word() | {"word/../../x.xml": b"<x/>"}, "cannot read this as a Word"), ("root", lambda: word() | {"/etc/x.xml": b"<x/>"}, "cannot read this as a Word"),
    ("drive", lambda: word() | {"C:/x.xml": b"<x/>"}, "cannot read this as a Word"), ("twice", lambda: word() | {"WORD/document.xml": b"<x/>"}, "cannot read this as a Word"),
    ("entities", lambda: word() | {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}, "cannot read this as a Word"),
    ("no types", lambda: {"word/document.xml": b"<x/>"}, "cannot read this as a Word"), ("bad types", lambda: word() | {"[Content_Types].xml": b"<x"}, "cannot read this as a Word"),
    ("bomb", lambda: word() | {"word/a.xml": bytes(101_000_000)}, "unpacks"), ("ratio", lambda: word() | {"word/a.xml": b" " * 50_000_000}, "unpacks"),
    ("many", lambda: word() | {f"word/{n}.xml": b"" for n in range(5_001)}, "unpacks"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "says"), [b[1:] for b in BAD_OFFICE], ids=[b[0] for b in BAD_OFFICE])
def test_a_dangerous_document_is_refused(parts: Callable[[], dict[str, bytes]], says: str) -> None:
    with pytest.raises(Refused, match=says):
        accept(packed(parts()), "plan.docx")


def test_a_lying_zip_is_refused() -> None:
    """The directory says 10 bytes where 5 million are packed: no more than those 10 are read, and the checksum fails."""
    data = packed(word() | {"word/a.xml": b" " * 5_000_000})
    size = struct.pack("<I", 5_000_000)
    with pytest.raises(Refused, match="cannot read this as a Word"):
        accept(data.replace(size, struct.pack("<I", 10)), "x.docx")
    locked = bytearray(packed(word()))
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Refused, match="password"):
        accept(bytes(locked), "x.docx")


def test_texts_become_utf8() -> None:
    assert accept(b"\xef\xbb\xbfcaf\xc3\xa9", "a.md").data == "café".encode()
    got = accept("naïve – “quoted” £5".encode("cp1252"), "a.txt")
    assert (got.kind, got.extension, got.data.decode()) == ("text", ".txt", "naïve – “quoted” £5")
    table = accept(b"Name,Change,Handle\nWard 7,-3,@ward\n", "a.CSV")
    assert (table.kind, table.media_type, table.name) == ("csv", "text/csv", "a.csv")
    assert accept(b"a < b and x<y>", "a.txt").kind == "text"
    assert accept("Month\tFalls\nMay\t7 – café".encode("utf-16"), "a.csv").data.decode() == "Month\tFalls\nMay\t7 – café"


@pytest.mark.parametrize("cell", ["=1+1", '"=HYPERLINK(1)"', "+cmd|' /C calc'!A0", "@SUM(1)", " =1"])
def test_a_table_that_runs_is_refused(cell: str) -> None:
    with pytest.raises(Refused, match="formulas"):
        accept(f"a,b\n1,{cell}\n".encode(), "a.csv")


NAMES = [
    ("../../etc/passwd", "passwd.jpg"), ("..\\..\\x.png", "x.jpg"), ("a\u202egpj.exe", "agpj.jpg"), ("", "file.jpg"), ("...", "file.jpg"), ("/", "file.jpg"),
    ("con.txt", "file-con.jpg"), ("a\x00b\r\nc.jpg", "abc.jpg"), ('a"b<c>|?*.png', "a-b-c----.jpg"), (".htaccess", "htaccess.jpg"), ("My  photo\u00a0of us.heic", "My photo of us.jpg"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "clean"), NAMES)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, ".jpg") == clean


@given(st.text(max_size=200))
def test_every_name_is_safe(name: str) -> None:
    got = clean_name(name, ".docx")
    assert 6 <= len(got) <= 80
    assert got.endswith(".docx")
    assert not set(got) & set('/\\\r\n\x00\u202e\u200f<>:"|?*')


STARTS = [b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\x10\x00\x00\x00WEBPVP8 ", b"%PDF-1.4 ", b"PK\x03\x04", saved(photo(), "PNG"), saved(photo(), "WEBP"), packed(word())]  # fmt: skip


@given(st.sampled_from(STARTS), st.binary(max_size=300), st.integers(0, 2**32), st.text(max_size=20))
@settings(deadline=None, max_examples=300)
def test_random_bytes_are_taken_or_refused(start: bytes, rest: bytes, seed: int, name: str) -> None:
    data, dice = bytearray(start + rest), random.Random(seed)
    for _ in range(dice.randint(0, 5) if data else 0):
        data[dice.randrange(len(data))] = dice.randrange(256)
    with suppress(Refused):
        assert 0 < len(accept(bytes(data), name).data) <= MOST_BYTES
