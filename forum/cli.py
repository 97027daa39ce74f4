"""The `forum` command."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from flask import Flask

from forum.chart_command import spc
from forum.config import Settings, SettingsError
from forum.kernel.errors import Refusal
from forum.kernel.private import keep_private
from forum.text_commands import text as text_commands

CHOICES = click.Choice(["member", "moderator", "administrator"])


@contextmanager
def site() -> Iterator[Flask]:
    """The application with its context, for commands; problems with the settings end in words and exit code 2."""
    from forum.app import create_app  # late: `forum --help` need not load the whole site

    try:
        app = create_app()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    with app.app_context(), refusing():
        yield app


@contextmanager
def refusing() -> Iterator[None]:
    """What cannot be done is said in words, and ends with exit code 1."""
    try:
        yield
    except Refusal as error:
        click.echo(str(error), err=True)
        sys.exit(1)


@click.group()
def main() -> None:
    """Shared Practice: a forum where health and care teams share what they learn. Settings: see the README."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    keep_private()


main.add_command(text_commands)
main.add_command(spc)


def _settings(port: int) -> Settings:
    """Settings for serving: on this machine the base address follows the port, unless somebody set it."""
    os.environ.setdefault("FORUM_BASE_URL", f"http://127.0.0.1:{port}")
    try:
        return Settings.from_env()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the whole site: web and worker. Brings the database up to date first."""
    settings = _settings(port)
    from forum.server import Site, Web, ended, ready, start
    from forum.worker import Worker

    with site() as app:
        pass

    def bring_up() -> None:
        from forum.schema import migrate

        with app.app_context(), refusing():
            migrate()

    migrating = start(bring_up)  # what that takes of memory goes with its process
    while (code := ended(migrating)) is None:
        time.sleep(0.05)
    if code:
        sys.exit(code if code > 0 else 1)
    ready(app)
    parts = {"web": lambda: Web(settings, host, port, workers, app).run(), "worker": lambda: Worker(app).run()}
    sys.exit(Site(parts).run())


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def web(host: str, port: int, workers: int) -> None:
    """Run only the web processes."""
    from forum.server import Web

    Web(_settings(port), host, port, workers).run()


@main.command()
@click.option("--once", is_flag=True, help="Work until nothing is due, then end.")
def work(once: bool) -> None:
    """Run only the worker: search index, notifications, mail, regular jobs."""
    from forum.worker import Worker

    with site() as app:
        pass
    worker = Worker(app)
    if once:
        click.echo(f"{worker.until_empty()} pieces of work done")
    else:
        worker.run()


@main.command()
def queues() -> None:
    """What waits for the worker, how long, and why what failed did; exit code 1 when something keeps failing."""
    with site():
        from forum.kernel.clock import now
        from forum.kernel.outbox import backlog, failing

        waiting = backlog()
        for queue in waiting:
            age = int((now() - queue.oldest).total_seconds())
            click.echo(f"{queue.queue}: {queue.waiting} waiting, the oldest for {age} seconds, {queue.stuck} stuck")
        for row in failing(20):
            click.echo(f"{row.queue}, row {row.id}, tried {row.attempts} times: {row.last_error}")
        if not waiting:
            click.echo("Nothing waits.")
        sys.exit(1 if any(queue.stuck for queue in waiting) else 0)


@main.command()
@click.option("--make", "message", default="", help="For developers: write a new migration with this message.")
def migrate(message: str) -> None:
    """Bring the database up to date, with the lists and threads that the site itself brings."""
    with site():
        from forum.schema import make_migration
        from forum.schema import migrate as bring_up

        if message:
            make_migration(message)
        else:
            click.echo("The database is up to date." if not bring_up() else "The database was brought up to date.")


@main.command()
def demo() -> None:
    """Load the invented demo content, once, and print who can sign in: email, password, role."""
    with site():
        from forum.demo.load import load, sign_ins
        from forum.schema import migrate as bring_up

        bring_up()
        load(_bar)
        for line in sign_ins():
            click.echo(line)


@main.command()
def reindex() -> None:
    """Build the search index anew, beside the old one, while the site goes on."""
    with site():
        from forum.search.indexing import rebuild
        from forum.search.service import expected

        with _bar(len(expected()), "Indexing") as step:
            count = rebuild(step)
        click.echo(f"{count} documents are in the index.")


@main.command("check-index")
def check_index() -> None:
    """Compare the search index with the database; exit code 1 when they differ."""
    with site():
        from forum.search.indexing import problems

        found = problems()
        click.echo("The index is sound." if not found else "\n".join(found))
        sys.exit(1 if found else 0)


@main.command()
@click.argument("collection", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--engine", type=click.Choice(["whoosh", "postgresql"]), default="whoosh", show_default=True)
@click.option("--kind", default="", help="What the documents are, such as thread: their titles weigh as those do.")
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@click.option("--run", "run_file", type=click.File("w", "utf-8"), help="Write what was found here, as a TREC run.")
def evaluate(collection: Path, engine: str, kind: str, as_json: bool, run_file: TextIO | None) -> None:
    """Score the ranking on COLLECTION: a folder with docs.jsonl, queries.jsonl and qrels.tsv. Uses a scratch index and the
    vocabulary that the product brings."""
    from forum.features import FEATURES
    from forum.search.evaluate import WHOLE, CannotEvaluate, evaluate_folder, trec
    from forum.vocabulary.queries import shipped

    weights = {source.kind: source.weight for feature in FEATURES for source in feature.searches}
    if kind and kind not in weights:
        raise click.BadParameter(f"there are: {', '.join(weights)}", param_hint="--kind")
    try:
        found = evaluate_folder(collection, engine, shipped(), weights.get(kind, WHOLE))
    except CannotEvaluate as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    if run_file:
        run_file.writelines(trec(found.run, engine))
    figures = {name: round(value, 4) for name, value in found.figures.items()}
    if as_json:
        click.echo(json.dumps({"collection": collection.resolve().name, "engine": engine, "queries": found.judged, **figures}))
    else:
        click.echo(f"{collection.resolve().name}, {engine}, {found.judged} judged queries")
        for name, value in figures.items():
            click.echo(f"{name:<11}{value:.4f}")


@main.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--publish/--hold", default=True, help="Publish at once what has no sure finding, or hold all for moderators.")
def import_(paths: tuple[Path, ...], publish: bool) -> None:
    """Import what `forum export` wrote, Markdown, R Markdown, Quarto and Word files, folders of them, or tables (.xlsx, CSV), as
    case studies. Safe to repeat. With a file of this site come its measures, pictures, updates and entries of “We tried this”.

    A table has a row for each case study, and headings as the form asks or the names of fields. Any other file is refused with what
    to do.

    What is no case study (empty files and rows, templates, lists of pages, READMEs) is left out, and the reason is told. The exit
    code is 1 where a file or row failed, or where nothing at all could be taken.
    """
    with site():
        from forum.case_studies.transfer.bulk_import import FAILED, LEFT_OUT, import_all

        outcomes = import_all(list(paths), publish, _bar)
        for outcome in outcomes:
            click.echo(str(outcome))
        tally: dict[str, int] = {}
        for outcome in outcomes:
            tally[outcome.result] = tally.get(outcome.result, 0) + 1
        click.echo(", ".join(f"{count} {result}" for result, count in sorted(tally.items())))
        sys.exit(1 if tally.get(FAILED) or set(tally) <= {LEFT_OUT} else 0)


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write every published case study that anyone may read into FOLDER: Markdown with figures, pictures, updates and who tried it
    elsewhere, which `forum import` reads back; the figures as CSV files as well."""
    with site():
        from forum.case_studies.transfer.bulk_export import export_all

        exported = export_all(folder, _bar)
        click.echo(f"{exported.count} case studies are in {folder}.")
        for name in exported.missing:
            click.echo(f"{name} is missing on the site's disk.", err=True)


FOLDER = click.Path(path_type=Path)


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--verify", is_flag=True, help="Change nothing: look whether the backup that is there is whole.")
def backup(folder: Path, verify: bool) -> None:
    """Copy the database and the uploaded files into FOLDER while the site goes on. It is new, or holds an earlier backup of this
    site, which is replaced once the new one is whole."""
    from forum.backup import making

    if verify:
        with refusing():
            click.echo(f"The backup is whole. {making.verify(folder)}.")
        return
    with site():
        manifest = making.back_up(folder)
        click.echo(f"Copied to {folder}. {manifest}.")
        if manifest.absent:
            click.echo(f"{len(manifest.absent)} uploaded files are named by the site and missing on its disk.", err=True)


@main.command()
@click.argument("folder", type=FOLDER)
def restore(folder: Path) -> None:
    """Bring back the backup in FOLDER, into an empty instance and database; end all sign-ins, and make the index anew."""
    from forum.backup import making, restoring

    with refusing():
        manifest = making.verify(folder)
    with site():
        documents, unsent = restoring.restore(folder, manifest)
        click.echo(f"Restored. {manifest}. {documents} documents are in the index. Everybody has to sign in again.")
        if unsent:
            click.echo(f"{unsent} pieces of mail waited when the backup was made. They were not kept, as they went out since.")


@main.group()
def user() -> None:
    """People: make an account, change a role or a password."""


@user.command()
@click.argument("email")
@click.option("--name", prompt=True)
@click.option("--role", type=CHOICES, default="member", show_default=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def create(email: str, name: str, role: str, password: str) -> None:
    """Make an account whose address counts as confirmed."""
    with site():
        from forum.accounts.actions import create_confirmed

        create_confirmed(email, name, role, password)
        click.echo(f"{email} can sign in as {role}.")


@user.command()
@click.argument("email")
@click.argument("role", type=CHOICES)
def role(email: str, role: str) -> None:
    """Give a person another role. They have to sign in again."""
    with site():
        from forum.accounts.actions import set_access

        set_access(email, role)
        click.echo(f"{email} is now {role}.")


@user.command()
@click.argument("email")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def password(email: str, password: str) -> None:
    """Set a new password. They have to sign in again."""
    with site():
        from forum.accounts.actions import set_password

        set_password(email, password)
        click.echo("The password is changed.")


@contextmanager
def _bar(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal, nothing elsewhere; yield the function that moves it on."""
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield bar.update
