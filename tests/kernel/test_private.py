"""What a site keeps is closed to the other users of its machine: folders 0700, files 0600."""

import os
from pathlib import Path

from flask import Flask

from forum.schema import migrate
from tests.case_studies.uploads import picture
from tests.page import Person
from tests.stories import draft


def modes(*paths: Path) -> set[str]:
    """Of these, and of all that is in them."""
    every = [path for given in paths for path in (given, *given.rglob("*"))]
    return {f"{'folder' if path.is_dir() else 'file'} {path.stat().st_mode & 0o777:o}" for path in every}


def test_what_an_earlier_version_left_open_is_closed(app: Flask, author: Person, tmp_path: Path) -> None:
    settings = app.config["FORUM"]
    picture(author, draft(author))
    settings.mail_dir.mkdir(exist_ok=True)
    (settings.mail_dir / "old.eml").write_text("Dear Ada", "utf-8")
    strange, linked = tmp_path / "strange.sh", tmp_path / "mail" / "linked"
    strange.touch()
    linked.symlink_to(strange)
    for path in (settings.instance, *settings.instance.rglob("*")):
        path.chmod(0o755)
    with app.app_context():
        migrate()
    assert strange.stat().st_mode & 0o777 == 0o755, "what is not of this program is not touched, nor what a link leads to"
    os.unlink(strange)
    os.unlink(linked)
    assert modes(settings.instance) == {"folder 700", "file 600"}
