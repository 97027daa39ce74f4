"""What a member uploads, checked by what it holds and never by its name or declared type.

Pictures are decoded and made anew, Office files are packed anew, text becomes UTF-8; a PDF is stored as it is, or refused.
"""

import re
import struct
import unicodedata
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Literal
from xml.etree import ElementTree

from PIL import Image, ImageOps

from forum.kernel.kinds import IN_WORDS, FileKind, kind_of, text_of

Kind = Literal["picture", "pdf", "docx", "xlsx", "pptx", "csv", "text"]
MEGABYTE = 1_000_000
MOST_BYTES, MOST_TEXT, MOST_UNPACKED = 10 * MEGABYTE, 2 * MEGABYTE, 100 * MEGABYTE
MOST_PIXELS, LONGEST_SIDE, MOST_PARTS, MOST_RATIO, LONGEST_NAME = 50_000_000, 1_600, 5_000, 200, 80
TAKEN = (
    "Pictures (JPEG, PNG, WebP, GIF), PDF, Word, Excel and PowerPoint files (.docx, .xlsx, .pptx), CSV and plain text are accepted."
)


SMALLER = (
    "Make it smaller: in Word or PowerPoint choose a picture, then Picture Format and Compress Pictures; save a photo at a smaller "
    "size. Or share a link to it instead."
)


class Refused(ValueError):
    """The upload is not stored; the message tells its sender why, and what to do."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What to store, and what it is. Width and height are 0 for all but pictures."""

    kind: Kind
    media_type: str
    extension: str
    data: bytes
    width: int
    height: int
    name: str


_AS_OFFICE = "Save it as .docx, .xlsx or .pptx without a password, or as PDF, and upload that."
#: What to do with a whole file of a kind that is not stored.
_INSTEAD: dict[FileKind, str] = {
    "rtf": "Save it as .docx or PDF in your word processor, and upload that.",
    "odt": "Save it as .docx or PDF in your word processor, and upload that.",
    "ods": "Save it as .xlsx or CSV, and upload that.",
    "odp": "Save it as .pptx or PDF, and upload that.",
    "iwork": "Choose File, Export To, and Word, Excel, PowerPoint or PDF there, and upload what that makes.",
    "archive": "Unpack it, and upload the files in it one by one.",
    "outlook": "Print it to PDF, and upload that.",
    "phone picture": "Many computers cannot show those. Share or save it as JPEG, and upload that.",
    "other picture": "Save it as JPEG or PNG, and upload that.",
    "broken package": "Open it, save it again, and upload it again.",
    **dict.fromkeys(("doc", "xls", "ppt", "locked", "old office"), _AS_OFFICE),
}


def accept(data: bytes, name: str) -> Accepted:
    """The upload as it may be stored. Raises `Refused`."""
    kind = kind_of(data)
    if kind == "empty":
        raise Refused("The file is empty. Open it to see that it has something in it, save it, and upload it again.")
    if len(data) > MOST_BYTES:
        raise Refused(f"The file has {size_in_words(len(data))}, which is larger than 10 MB. {SMALLER}")
    if kind == "picture":
        return _picture(data, name)
    if kind == "pdf":
        _check_pdf(data)
        return Accepted("pdf", "application/pdf", ".pdf", data, 0, 0, clean_name(name, ".pdf"))
    if kind in {"docx", "xlsx", "pptx"}:
        return _office(data, name)
    if kind in {"text", "xml", "json"}:
        return _text(data, name)
    raise Refused(
        f"This is {IN_WORDS[kind]}. {_INSTEAD[kind]}" if kind in _INSTEAD else f"This kind of file is not accepted. {TAKEN}"
    )


def size_in_words(size: int) -> str:
    """A size as people read it: "12.3 MB"; rounded up, so that what is over a limit never seems to be at it."""
    return f"{-(-size * 10 // MEGABYTE) / 10:,.1f}".removesuffix(".0") + " MB"


#: Names that Windows cannot store, and the marks that no file name has there.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.I)
_MARKS = re.compile(r'[<>:"|?*]')


def clean_name(name: str, extension: str) -> str:
    """A file name to show and to save under: one part, no hidden or turning characters, the true extension, at most 80."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(" " if unicodedata.category(c)[0] == "Z" else c for c in base if unicodedata.category(c)[0] != "C")
    shown = " ".join(_MARKS.sub("-", shown).split())
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", shown).strip(". ")
    stem = stem[: LONGEST_NAME - len(extension)].rstrip(". ") or "file"
    return ("file-" + stem if _DEVICE.match(stem) else stem)[: LONGEST_NAME - len(extension)] + extension


#: One picture at a time: decoding takes much memory, and `catch_warnings` changes what all threads see.
_decoding = Lock()
_BROKEN = "The picture cannot be read: it may be damaged or incomplete. Open it, save it again as JPEG or PNG, and upload that."
_TOO_MANY_PIXELS = "The picture has more than 50 million pixels. Make it smaller and upload it again."
_FEW_COLOURS = 2_048


def _picture(data: bytes, name: str) -> Accepted:
    image, flat = _decoded(data, LONGEST_SIDE)
    if flat or image.mode == "RGBA":
        stored = _saved(image, "PNG", optimize=True)
        return Accepted("picture", "image/png", ".png", stored, *image.size, clean_name(name, ".png"))
    stored = _saved(image, "JPEG", quality=82, progressive=True, optimize=True)
    return Accepted("picture", "image/jpeg", ".jpg", stored, *image.size, clean_name(name, ".jpg"))


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _decoded(data: bytes, side: int) -> tuple[Image.Image, bool]:
    """The first frame, turned as it was held, at most `side` long, RGB or RGBA; and whether it is a drawing of few colours."""
    try:
        with _decoding, warnings.catch_warnings():
            warnings.simplefilter("error")
            # Some phones write a damaged second picture, which nobody needs; the first is good.
            warnings.filterwarnings("ignore", "Image appears to be a malformed MPO")
            with Image.open(BytesIO(data), formats=("JPEG", "PNG", "WEBP", "GIF")) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refused(_TOO_MANY_PIXELS)
                return _pixels(image, side)
    except Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Refused(_TOO_MANY_PIXELS) from error
    except Exception as error:
        # The decoders raise errors of many kinds over damaged files; all mean the same to the sender.
        raise Refused(_BROKEN) from error


def _pixels(image: Image.Image, side: int) -> tuple[Image.Image, bool]:
    photo = image.format in {"JPEG", "MPO"}
    if photo:
        image.draft(None, (side, side))
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    # Neighbours are not mixed here, so that a drawing keeps its few colours in the sample.
    sample = image.resize((min(image.width, 1_000), min(image.height, 1_000)), Image.Resampling.NEAREST)
    flat = not photo and sample.getcolors(_FEW_COLOURS) is not None
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    # A new picture has none of the metadata that `save` would carry over.
    plain = Image.new(image.mode, image.size)
    plain.paste(image)
    return plain, flat


_ESCAPE = re.compile(rb"#([0-9a-fA-F]{2})")
_END = rb"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
_PDF_LONG = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|Encrypt|RichMedia)" + _END)
#: Too short to look for inside pictures, where three such bytes come together by chance.
_PDF_SHORT = re.compile(rb"/(JS|XFA)" + _END)
_STREAM = re.compile(rb">>\s{0,9}stream[\r\n]")
#: An object stream by its name, plain or with escapes: it packs objects where a search for names would not see them.
_PACKED = re.compile(b"/" + b"".join(b"(?:%c|#%02x)" % (c, c) for c in b"ObjStm"), re.I)
_PDF_WHY = {
    b"Encrypt": "The PDF has a password or limits on its use.",
    b"EmbeddedFile": "The PDF has other files inside it.",
    b"EmbeddedFiles": "The PDF has other files inside it.",
    b"RichMedia": "The PDF has films or sounds inside it.",
    b"XFA": "The PDF is a form with scripts.",
}
_PLAIN_PDF = " Print it to PDF, then upload the new file."


def _check_pdf(data: bytes) -> None:
    """Refuses what runs, hides or locks something, also where it is packed in an object stream."""
    if b"%%EOF" not in data[-2_000:]:
        raise Refused("The PDF is incomplete." + _PLAIN_PDF)
    for part in (data, *_object_streams(data)):
        text = _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), part)
        if found := _PDF_LONG.search(text) or _PDF_SHORT.search(_without_streams(text)):
            raise Refused(_PDF_WHY.get(found[1], "The PDF has scripts or starts programs.") + _PLAIN_PDF)


def _without_streams(data: bytes) -> bytes:
    kept, at = [], 0
    for start in _STREAM.finditer(data):
        if start.start() >= at:
            end = data.find(b"endstream", start.end())
            if end < 0:
                break
            kept.append(data[at : start.start()])
            at = end
    return b" ".join([*kept, data[at:]])


def _object_streams(data: bytes) -> Iterator[bytes]:
    left = MOST_UNPACKED
    for name in _PACKED.finditer(data):
        start = data.find(b"stream", name.end())
        at = start + 8 if data[start + 6 : start + 8] == b"\r\n" else start + 7
        unpacker, text = zlib.decompressobj(), b""
        try:
            # In small steps: what follows a stream is copied each time.
            while start >= 0 and at < len(data) and not unpacker.eof:
                text += unpacker.decompress(data[at : at + 4_096], left + 1)
                at += 4_096
                if len(text) > left:
                    raise Refused("The PDF unpacks to more than 100 MB." + _PLAIN_PDF)
        except zlib.error as error:
            raise Refused("Parts of the PDF cannot be checked." + _PLAIN_PDF) from error
        left -= len(text)
        yield text


_OPENXML = "application/vnd.openxmlformats-officedocument."
_OFFICE: dict[str, tuple[Kind, str]] = {
    f"{_OPENXML}wordprocessingml.document.main+xml": ("docx", f"{_OPENXML}wordprocessingml.document"),
    f"{_OPENXML}spreadsheetml.sheet.main+xml": ("xlsx", f"{_OPENXML}spreadsheetml.sheet"),
    f"{_OPENXML}presentationml.presentation.main+xml": ("pptx", f"{_OPENXML}presentationml.presentation"),
}
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_MORE = "http://schemas.openxmlformats.org/officeDocument/2006"
#: What describes a document and its author, by its content type, and the same without anything in it.
_EMPTIED = {
    "application/vnd.openxmlformats-package.core-properties+xml": f'<coreProperties xmlns="{_CORE}"/>'.encode(),
    f"{_OPENXML}extended-properties+xml": f'<Properties xmlns="{_MORE}/extended-properties"/>'.encode(),
    f"{_OPENXML}custom-properties+xml": f'<Properties xmlns="{_MORE}/custom-properties"/>'.encode(),
}
_XML = re.compile(r"\.(?:xml|rels|vml|psmdcp)$", re.I)
_PART = re.compile(
    r"\.(?:xml|rels|vml|psmdcp|png|jpe?g|gif|bmp|tiff?|emf|wmf|wdp|svg|fntdata|odttf)$|printerSettings\d*\.bin$", re.I
)
_EMBEDDED = re.compile(r"(?:^|/)embeddings/|oleobject|activex|afchunk", re.I)
_ELSEWHERE = re.compile(r"externallinks/|(?:^|/)connections\.xml$", re.I)
#: Who wrote a comment or a tracked change.
_WRITER = re.compile(rb"\b(w:author|w:initials|w15:author|w15:userId)=(?:\"[^\"]*\"|'[^']*')")
_BAD_FILE = (
    "The site cannot read this as a Word, Excel or PowerPoint file. Open it, save it again as .docx, .xlsx or .pptx, "
    "and upload that."
)


def unpack(data: bytes) -> dict[str, bytes]:
    """The parts of an Office file by name, within limits that no bomb passes. Raises `Refused`."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as packed:
            entries = [entry for entry in packed.infolist() if not entry.is_dir()]
            _check_entries(entries, len(data))
            # No more bytes can be read from a part than its entry declares; a wrong size fails its checksum.
            parts = {entry.filename: packed.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError, struct.error) as error:
        raise error if isinstance(error, Refused) else Refused(_BAD_FILE) from error
    for name, part in parts.items():
        # Office never writes entities or UTF-16, which could hide them.
        if _XML.search(name) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\x00" in part):
            raise Refused(_BAD_FILE)
    return parts


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_PARTS or total > MOST_UNPACKED or total > MOST_RATIO * size:
        raise Refused("The file unpacks to far more than it should. Save it again, with fewer or smaller pictures and tables.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("The file has a password. Save it without one, and upload it again.")
    names = [entry.filename for entry in entries]
    bad = any(re.match(r"[/\\]|[A-Za-z]:", n) or "\\" in n or ".." in n.split("/") or not n.isprintable() for n in names)
    stored = all(entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for entry in entries)
    # Names that differ in case only are one part to Office and two to us.
    if bad or not stored or len({n.lower() for n in names}) < len(names):
        raise Refused(_BAD_FILE)


def _office(data: bytes, name: str) -> Accepted:
    parts = unpack(data)
    types = _content_types(parts)
    if b"macroenabled" in parts["[Content_Types].xml"].lower() or any("vba" in n.lower().rsplit("/", 1)[-1] for n in parts):
        raise Refused("The file has macros. Save it as .docx, .xlsx or .pptx (without macros), and upload that.")
    found = [_OFFICE[t] for t in types.values() if t in _OFFICE]
    if len(found) != 1:
        raise Refused(_BAD_FILE)
    for part in parts:
        if _EMBEDDED.search(part) or not _PART.search(part):
            raise Refused(
                "The file has other files inside it, such as the data of a chart. Paste them as pictures, and save it again."
            )
    if any(_ELSEWHERE.search(part) for part in parts) or any(_links_out(parts[n]) for n in parts if n.lower().endswith(".rels")):
        raise Refused(
            "The file fetches data, pictures or a template from elsewhere. Break those links, save it, and upload it again."
        )
    kind, media_type = found[0]
    return Accepted(kind, media_type, f".{kind}", _repacked(parts, types), 0, 0, clean_name(name, f".{kind}"))


def _content_types(parts: dict[str, bytes]) -> dict[str, str]:
    """Each part's declared type, by its name. Raises `Refused`."""
    root = _parsed(parts.get("[Content_Types].xml", b""))
    of_ending = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in root if e.tag.endswith("}Default")}
    of_part = {e.get("PartName", "").lower(): e.get("ContentType", "") for e in root if e.tag.endswith("}Override")}
    return {n: of_part.get(f"/{n}".lower(), of_ending.get(n.lower().rsplit(".", 1)[-1], "")) for n in parts}


def _parsed(part: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(part)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused(_BAD_FILE) from error


def _links_out(part: bytes) -> bool:
    outside = (e for e in _parsed(part).iter() if e.get("TargetMode", "").lower() == "external")
    return any(not e.get("Type", "").endswith("/hyperlink") for e in outside)


def _repacked(parts: dict[str, bytes], types: dict[str, str]) -> bytes:
    """The same document without its author's name, dates and programs, and without what stood between the parts."""
    kept = {}
    for name in sorted(parts, key=lambda n: n != "[Content_Types].xml"):
        kept[name] = _EMPTIED.get(types[name], parts[name])
        if name.endswith(".xml"):
            kept[name] = _WRITER.sub(rb'\1="Author"', kept[name])
        elif re.search(r"\.jpe?g$", name, re.I):
            kept[name] = _without_exif(kept[name])
    return pack(kept)


def pack(parts: dict[str, bytes]) -> bytes:
    """An Office file of these parts, that says nothing of when it was made."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, part in parts.items():
            packed.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _without_exif(picture: bytes) -> bytes:
    """A JPEG without the segments that say where and by whom it was taken (APP1, APP13, comments); its pixels stay as they are."""
    kept, at = [picture[:2]], 2
    while picture[at : at + 1] == b"\xff" and picture[at + 1 : at + 2] not in {b"\xda", b""}:
        after = at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        if picture[at + 1] not in {0xE1, 0xED, 0xFE}:
            kept.append(picture[at:after])
        at = after
    return b"".join([*kept, picture[at:]])


_WEB = re.compile(r"<(?:!doctype|\?xml|\?php|html|head|body|script|iframe|svg|img|link|meta|style|object|embed|form|a\s)\b", re.I)
#: A cell that a spreadsheet would run: an equals sign, or another sign of a formula before a name and a bracket or bar.
_FORMULA = re.compile(r"(?:^|[,;\t])[\s\"']*(?:=|[+@-][\w.]*[(|])", re.M)


def _text(data: bytes, name: str) -> Accepted:
    text = text_of(data)
    if text is None:
        raise Refused("This kind of file is not accepted. " + TAKEN)
    if re.search(r"<svg\b", text[:100_000], re.I):
        raise Refused("This is an SVG picture, which can hold scripts. Save it as PNG, and upload that.")
    if _WEB.search(text):
        raise Refused("This is a web page or has parts of one. Save it as PDF or as plain text, and upload that.")
    if len(data) > MOST_TEXT:
        raise Refused("The text is larger than 2 MB. Split it, or share a link to it instead.")
    # Tables and text are the same bytes; the name only says which of the two harmless kinds is meant.
    if not name.lower().rstrip().endswith(".csv"):
        return Accepted("text", "text/plain", ".txt", text.encode(), 0, 0, clean_name(name, ".txt"))
    if _FORMULA.search(text):
        raise Refused("The table has formulas, which a spreadsheet would run. Save it with values only, and upload that.")
    return Accepted("csv", "text/csv", ".csv", text.encode(), 0, 0, clean_name(name, ".csv"))
