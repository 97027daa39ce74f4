"""A database for each test, copied from a template: a file of SQLite, or a database on the server at FORUM_TEST_DATABASE."""

import os
import shutil
from functools import lru_cache
from hashlib import md5
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine, make_url


class Databases:
    """SQLite: the file in the instance folder."""

    base = os.environ.get("FORUM_TEST_DATABASE", "")

    def make_template(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'forum.db'}"

    def copy(self, template: Path, folder: Path) -> str:
        shutil.copy(template / "forum.db", folder / "forum.db")
        return self.make_template(folder)

    def empty(self, folder: Path) -> str:
        """One with nothing in it."""
        return self.make_template(folder)

    def drop(self, url: str) -> None:
        """The folder goes by itself."""


class OnServer(Databases):
    """PostgreSQL: names that no other process uses; a copy for the same folder has the same one."""

    def __init__(self) -> None:
        self.template = f"template_{uuid4().hex}"

    def make_template(self, folder: Path) -> str:
        return self._create(self.template)

    def copy(self, template: Path, folder: Path) -> str:
        return self._create(f"test_{md5(str(folder).encode(), usedforsecurity=False).hexdigest()}", self.template)

    def empty(self, folder: Path) -> str:
        return self._create(f"test_{uuid4().hex}")

    def drop(self, url: str) -> None:
        with _server().connect() as connection:
            connection.execute(text(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))

    def _create(self, name: str, template: str = "template0") -> str:
        """Copied file by file, which older servers always do: the other way writes all of it to the log as well."""
        with _server().connect() as connection:
            version = connection.dialect.server_version_info or ()
            how = " STRATEGY file_copy" if version >= (15,) else ""
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}{how}"))
        return make_url(self.base).set(database=name).render_as_string(hide_password=False)


@lru_cache
def databases() -> Databases:
    return OnServer() if Databases.base else Databases()


@lru_cache
def _server() -> Engine:
    return create_engine(Databases.base, isolation_level="AUTOCOMMIT")
