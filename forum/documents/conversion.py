"""Files of other word processors as .docx, by LibreOffice where it is installed. Without it nothing is lost but the convenience."""

import shutil
import tempfile
from pathlib import Path
from threading import Lock

from forum.documents.children import TooLong, run
from forum.documents.uploads import MOST_BYTES, Refused
from forum.kernel.kinds import FileKind, kind_of

CONVERTED: frozenset[FileKind] = frozenset({"doc", "odt", "rtf"})
#: Seconds that one file may take; its first start takes several.
LONGEST = 60
_PROGRAMS = ("soffice", "libreoffice")
#: What a document of a stranger may not do: run anything, or fetch anything from elsewhere.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""
#: One at a time: each takes a processor and some 300 MB.
_converting = Lock()


def program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    return next(filter(None, map(shutil.which, _PROGRAMS)), None)


def to_docx(data: bytes, kind: FileKind, longest: float = LONGEST) -> bytes | None:
    """The same document as .docx; None where nothing here can convert it. Raises `Refused`."""
    found = program()
    if found is None or kind not in CONVERTED:
        return None
    if not _converting.acquire(timeout=longest):
        raise Refused("cannot be converted just now, because another file is. Try again in a minute.")
    try:
        with tempfile.TemporaryDirectory(prefix="forum-convert-") as folder:
            return _converted(found, Path(folder), data, kind, longest)
    finally:
        _converting.release()


def _converted(found: str, folder: Path, data: bytes, kind: FileKind, longest: float) -> bytes:
    profile, made = folder / "profile", folder / "made"
    for place in (profile / "user", made):
        place.mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    source = folder / f"file.{kind}"
    source.write_bytes(data)
    command = [found, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo", "--nolockcheck"]
    command += ["--convert-to", "docx", "--outdir", str(made), str(source)]
    try:
        run(command, folder, longest)
    except TooLong:
        raise Refused("takes too long to convert. Save it as .docx in your word processor, then upload that.") from None
    return _result(made / "file.docx")


def _result(file: Path) -> bytes:
    if file.is_file() and file.stat().st_size <= MOST_BYTES and kind_of(data := file.read_bytes()) == "docx":
        return data
    raise Refused("could not be converted. Save it as .docx in your word processor, then upload that.")
