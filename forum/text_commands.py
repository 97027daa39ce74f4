"""`forum text`: what the site does with a text, for use outside it."""

import json
import sys
from typing import TextIO

import click

from forum.kernel.identifiability import Finding, check


@click.group()
def text() -> None:
    """Texts: what the site would say of one."""


@text.command("check")
@click.argument("file", type=click.File("r", "utf-8"))
@click.option("--json", "as_json", is_flag=True, help="The findings as one JSON list.")
def check_text(file: TextIO, as_json: bool) -> None:
    """What in FILE may identify somebody; "-" reads the standard input. Exit code 1 with findings, 0 without. Nothing found
    proves nothing: the check does not know a name without a sign beside it."""
    try:
        found = check({"text": file.read()})
    except UnicodeDecodeError as error:
        raise click.ClickException("This is no text in UTF-8.") from error
    if as_json:
        click.echo(json.dumps([{"severity": f.severity, "match": f.match, "reason": f.reason} for f in found], ensure_ascii=False))
    else:
        click.echo(
            "\n".join(_line(f) for f in found) if found else "The check found nothing. It cannot see everything: read it yourself."
        )
    sys.exit(1 if found else 0)


def _line(finding: Finding) -> str:
    return f"{finding.severity}: “{finding.match}”. {finding.reason} {finding.advice}"
