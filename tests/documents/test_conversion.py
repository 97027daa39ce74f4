"""Files of other word processors through LibreOffice: really, where it is installed; and what holds whatever it does."""

import os
import time
from pathlib import Path

import pytest

from forum.documents.conversion import program, to_docx
from forum.documents.uploads import Refused
from forum.documents.word_reading import to_markdown
from forum.kernel.kinds import kind_of
from tests.documents.test_kinds import RTF, word

needs_libreoffice = pytest.mark.skipif(program() is None, reason="needs LibreOffice (soffice), which is not installed here")


@needs_libreoffice
def test_rich_text_becomes_word() -> None:
    made = to_docx(RTF, "rtf")
    assert made is not None
    assert kind_of(made) == "docx"
    text = to_markdown(made)
    assert "Reducing falls" in text
    assert "We moved the beds." in text
    assert "\\" not in text


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of LibreOffice's name, which does what a test writes into it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FORUM_SECRET_KEY", "not for children")
    file = folder / "soffice"
    file.touch(0o755)
    return file


def test_without_it_nothing_is_converted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert to_docx(RTF, "rtf") is None


def test_what_it_makes_is_taken_and_it_sees_nothing_of_ours(stand_in: Path, tmp_path: Path) -> None:
    result, seen = tmp_path / "result.docx", tmp_path / "seen"
    result.write_bytes(word())
    stand_in.write_text(f'#!/bin/sh\n(echo "$@"; env; ls "$HOME/profile/user") > {seen}\ncp {result} "$HOME/made/file.docx"\n')
    assert to_docx(RTF, "rtf") == result.read_bytes()
    said = seen.read_text()
    assert "--convert-to docx" in said
    assert "registrymodifications.xcu" in said
    assert "not for children" not in said
    assert to_docx(b"%PDF-1.7", "pdf") is None, "other kinds are not for it"


@pytest.mark.parametrize("script", ["exit 1", 'echo words > "$HOME/made/file.docx"'])
def test_what_it_cannot_make_is_told(stand_in: Path, script: str) -> None:
    stand_in.write_text(f"#!/bin/sh\n{script}\n")
    with pytest.raises(Refused, match=r"could not be converted. Save it as \.docx"):
        to_docx(RTF, "rtf")


def test_one_that_hangs_is_ended_with_its_children(stand_in: Path, tmp_path: Path) -> None:
    late = tmp_path / "late"
    stand_in.write_text(f"#!/bin/sh\n(sleep 1.5; touch {late}) &\nwait\n")
    began = time.monotonic()
    with pytest.raises(Refused, match="takes too long"):
        to_docx(RTF, "rtf", longest=0.3)
    assert time.monotonic() - began < 1.4
    time.sleep(1.6)
    assert not late.exists()
