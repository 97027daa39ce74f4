"""`forum text`: what the site makes of a text, for people who try it out and for checks from outside."""

import json
import sys
from typing import NoReturn, TextIO

import click

from forum.documents.identifiability import Finding
from forum.documents.identifiability import check as look
from forum.documents.markdown import TooComplex, render
from forum.kernel.errors import Busy
from forum.kernel.text import BadText, clean

LONGEST = 60_000


@click.group()
def text() -> None:
    """Texts: what the site makes of what somebody types."""


@text.command("render")
@click.argument("file", type=click.File("r", encoding="utf-8"))
def render_text(file: TextIO) -> None:
    """The HTML of a Markdown FILE, as a page shows it; - reads what is piped in."""
    try:
        click.echo(render(clean(file.read()).strip(), LONGEST))
    except UnicodeDecodeError:
        _end("The file is no text. Save it as UTF-8.")
    except (BadText, TooComplex, Busy) as problem:
        _end(str(problem))


@text.command("check")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="The findings as one JSON list.")
def check_text(file: TextIO, as_json: bool) -> None:
    """What in FILE may identify somebody; - reads what is piped in. Exit code 1 with findings, 0 without. Nothing found proves
    nothing: the check does not know a name without a sign beside it."""
    try:
        found = look({"text": file.read()})
    except UnicodeDecodeError:
        # Exit code 1 says that something was found.
        _end("The file is no text. Save it as UTF-8.", 2)
    if as_json:
        click.echo(json.dumps([{"severity": f.severity, "match": f.match, "reason": f.reason} for f in found], ensure_ascii=False))
    else:
        nothing = "The check found nothing. It cannot see everything: read it yourself."
        click.echo("\n".join(map(_line, found)) or nothing)
    sys.exit(1 if found else 0)


def _line(finding: Finding) -> str:
    return f"{finding.severity}: “{finding.match}”. {finding.reason} {finding.advice}"


def _end(message: str, code: int = 1) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)
