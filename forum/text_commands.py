"""`forum text`: what the site makes of a text, for people who try it out and for checks from outside."""

import sys
from typing import NoReturn, TextIO

import click

from forum.kernel.errors import Busy
from forum.kernel.markdown import TooComplex, render
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


def _end(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
