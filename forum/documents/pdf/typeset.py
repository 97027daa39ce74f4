"""A paper as a file that is kept: PDF/UA by Typst, in a child process with limits (docs/papers.md).

Typst's own check refuses a document without a title, with a picture that has no words, or with headings that skip a level.
"""

import json
import logging
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

import forum
from forum.documents.children import TooLong, run
from forum.documents.pdf.elements import Document
from forum.kernel.errors import Busy

log = logging.getLogger(__name__)
#: Seconds by the clock, which a busy machine needs; of processor time a child has fewer (`child.SECONDS`).
PATIENCE = 15
#: At a time in one web process: each takes a processor and some 60 MB.
_presses = BoundedSemaphore(2)
_NOT_NOW = "The site is too busy to make the file. Try again in a minute, or print the page from your browser."


class NotMade(Busy):
    """The file could not be made; the message says what to do instead."""


def pdf(document: Document, fonts: Path) -> bytes:
    """The document as PDF/UA-1. `fonts` is the folder of its letters. Raises `Busy`."""
    return _made(document, "pdf", fonts)


def png(document: Document, fonts: Path) -> bytes:
    """A document of one page as a picture. Raises `Busy`."""
    return _made(document, "png", fonts)


def _made(document: Document, kind: Literal["pdf", "png"], fonts: Path) -> bytes:
    data = {**asdict(document), "day": document.day.isoformat() if document.day else ""}
    given = json.dumps({"document": data, "kind": kind}).encode()
    if not _presses.acquire(timeout=PATIENCE):
        raise Busy(_NOT_NOW)
    try:
        with tempfile.TemporaryDirectory(prefix="forum-paper-") as folder:
            return _run(given, Path(folder), fonts)
    finally:
        _presses.release()


def _run(given: bytes, folder: Path, fonts: Path) -> bytes:
    command = [sys.executable, "-P", "-m", "forum.documents.pdf.child", str(fonts.resolve())]
    where = {"PYTHONPATH": str(Path(forum.__file__).resolve().parents[1])}
    try:
        code, made, told = run(command, folder, PATIENCE, given, where)
    except TooLong:
        raise Busy(_NOT_NOW) from None
    if code or not made:
        log.error("A paper could not be made (exit code %s): %s", code, told[-800:].decode(errors="replace"))
        raise NotMade("The file could not be made of this text. The page itself can be printed from your browser.")
    return made
