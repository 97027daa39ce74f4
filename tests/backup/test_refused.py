"""What is no whole backup, and no place for one, is said in words, and nothing is written."""

import json
import os
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from forum.backup.making import _alone, back_up, verify
from forum.backup.manifest import MANIFEST, UNFINISHED, Unusable
from forum.cli import main
from tests.backup.conftest import copied, restored
from tests.case_studies.uploads import picture
from tests.page import Person
from tests.stories import draft, thread


def tree(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def forum(app: Flask, *command: str) -> Result:
    """A command on this site."""
    settings, before = app.config["FORUM"], os.umask(0o077)
    env = {
        "FORUM_INSTANCE": str(settings.instance),
        "FORUM_DATABASE_URL": settings.database_url,
        "FORUM_BASE_URL": settings.base_url,
        "FORUM_SECRET_KEY": settings.secret_key,
    }
    try:
        return CliRunner().invoke(main, command, env=env)
    finally:
        os.umask(before)


@contextmanager
def full(size: int) -> Iterator[None]:
    """A file of this process, or of one that it starts, meets the end of the disk at that size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_folders_that_are_no_whole_backup(app: Flask, author: Person, elsewhere: Callable[[], Flask], copy: Path) -> None:
    picture(author, draft(author))
    manifest = copied(app, copy)
    upload = next(copy / name for name in manifest.files if name.startswith("files/"))
    database, listed = copy / manifest.database, copy / MANIFEST
    there, case = elsewhere(), copy.with_name("case")

    def cut(path: Path) -> None:
        os.truncate(path, path.stat().st_size // 2)

    def flip(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(data)

    def another(path: Path) -> None:
        """Somebody copied the wrong database over it, and made the manifest fit."""
        data = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({**data, "tables": {}}), "utf-8")

    ways: list[tuple[Callable[[Path], object], Path, str]] = [
        (cut, database, f"{manifest.database} is damaged"),
        (flip, database, f"{manifest.database} is damaged"),
        (Path.unlink, database, f"{manifest.database} is missing"),
        (flip, upload, f"{upload.relative_to(copy)} is damaged"),
        (Path.unlink, upload, f"{upload.relative_to(copy)} is missing"),
        (cut, listed, "no backup of this program"),
        (another, listed, "manifest of the backup in .* is damaged"),
        (Path.unlink, listed, "holds no backup of this program"),
        (lambda path: path.write_text('{"format": "something else"}'), listed, "holds no backup of this program"),
        (lambda path: path.write_text(path.read_text().replace('"version": 1', '"version": 2')), listed, "another version"),
        (lambda path: path.write_text(path.read_text().replace("files/", "../x/")), listed, "is damaged"),
        (lambda path: path.rename(path.with_name(UNFINISHED)), listed, "was never finished"),
    ]
    for harm, path, words in ways:
        shutil.rmtree(case, ignore_errors=True)
        shutil.copytree(copy, case)
        harm(case / path.relative_to(copy))
        with pytest.raises(Unusable, match=words):
            verify(case)
    for missing, words in ((copy.with_name("nowhere"), "There is no folder"), (copy.with_name("empty"), "is empty")):
        if words == "is empty":
            missing.mkdir()
        with pytest.raises(Unusable, match=words):
            restored(there, missing)
    cut(database)
    for command in (("backup", "--verify", str(copy)), ("restore", str(copy))):
        done = forum(there, *command)
        assert (done.exit_code, done.stdout) == (1, "")
        assert f"{manifest.database} is damaged" in done.stderr
    assert list(Path(there.instance_path).iterdir()) == []


def test_places_that_are_none_for_a_backup(
    app: Flask, make_app: Callable[..., Flask], elsewhere: Callable[[], Flask], copy: Path
) -> None:
    copied(app, copy)
    site = Path(app.instance_path)
    foreign, file = copy.with_name("foreign"), copy.with_name("file")
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"x")
    file.touch()
    there = elsewhere()
    for of, folder, words in (
        (app, site, "outside the instance folder"),
        (app, site / "backups", "outside the instance folder"),
        (app, foreign, "is not empty and holds no backup of this site"),
        (app, file, "is a file"),
        (make_app(FORUM_BASE_URL="https://practice.example.org"), copy, "holds a backup of http://localhost"),
        (there, copy.with_name("new"), "no site here to copy"),
    ):
        before = tree(folder) if folder.is_dir() else {}
        with of.app_context(), pytest.raises(Unusable, match=words):
            back_up(folder)
        assert (tree(folder) if folder.is_dir() else {}) == before
    with there.app_context():
        uploads = Path(there.instance_path) / "files" / "ab"
        uploads.mkdir(parents=True)
        (uploads / "x").touch()
    with pytest.raises(Unusable, match=r"uploaded files in .* already"):
        restored(there, copy)
    with pytest.raises(Unusable, match="There is a site here already"):
        restored(app, copy)


def test_a_disk_that_is_full(app: Flask, author: Person, elsewhere: Callable[[], Flask], copy: Path) -> None:
    """Nothing that looks whole is left, and an earlier backup is what it was."""
    with full(60_000):
        done = forum(app, "backup", str(copy))
    assert done.exit_code == 1
    assert "could not be made" in done.stderr or "pg_dump failed" in done.stderr
    assert not list(copy.iterdir())
    assert forum(app, "backup", str(copy)).exit_code == 0
    assert forum(app, "backup", "--verify", str(copy)).stdout.startswith("The backup is whole. http://localhost, ")
    before = tree(copy)
    thread(author)
    with full(60_000):
        assert forum(app, "backup", str(copy)).exit_code == 1
    assert tree(copy) == before
    there = elsewhere()
    if there.config["FORUM"].database_url.startswith("sqlite"):  # a server's disk is another one
        with full(60_000):
            done = forum(there, "restore", str(copy))
        assert done.exit_code == 1
        assert "could not be brought back" in done.stderr
        assert list(Path(there.instance_path).iterdir()) == []
    assert "Everybody has to sign in again" in forum(there, "restore", str(copy)).stdout


def test_one_that_was_stopped_is_made_again_in_its_place(app: Flask, author: Person, copy: Path) -> None:
    url = draft(author)
    picture(author, url)
    copied(app, copy)
    left = {"format": "Shared Practice backup", "site": "http://localhost"}
    (copy / MANIFEST).unlink()
    (copy / UNFINISHED).write_text(json.dumps(left), "utf-8")
    (copy / "database.part").write_bytes(b"half")
    stray = copy / "files" / "ab" / f"ab{'0' * 62}"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"of another time")
    with pytest.raises(Unusable, match="was never finished"):
        verify(copy)
    with _alone(copy, "http://localhost"), pytest.raises(Unusable, match="Another backup is being written"):
        copied(app, copy)
    manifest = copied(app, copy)
    assert set(tree(copy)) == {*manifest.files, MANIFEST}
    assert verify(copy) == manifest
