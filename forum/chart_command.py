"""`forum spc`: a chart of figures in a file, for people who do not have the site open and for checks from outside."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click

from forum.tables.dates import CALENDAR, DAY_FIRST, FINANCIAL, MONTH_FIRST, YEAR_MONTH


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--direction",
    type=click.Choice(["increase", "decrease", "neither", "neutral"]),
    default="neither",
    help="Which way is better; neutral is neither.",
)
@click.option("--target", type=float, help="Adds the assurance icon, where a direction is given.")
@click.option("--screen", is_flag=True, help="Leave outlying moving ranges out of the limits, as NHSRplotthedots does by default.")
@click.option("--baseline", type=click.IntRange(2), help="Fix the limits from the first so many points.")
@click.option(
    "--recalculate", multiple=True, type=click.DateTime(["%Y-%m-%d"]), help="New limits from this day on; may be repeated."
)
@click.option(
    "--leave-out", multiple=True, type=click.DateTime(["%Y-%m-%d"]), help="The point of this day does not count; may be repeated."
)
@click.option(
    "--rules",
    type=click.Choice(["ours", "nhsrplotthedots-0.2.2", "nhs-england-excel", "abspc-1.1.0"]),
    default="ours",
    show_default=True,
    help="Whose rules, where tools differ.",
)
@click.option(
    "--measure",
    type=click.Choice(["count", "rate", "percentage"]),
    default="count",
    show_default=True,
    help="What the figures are.",
)
@click.option("--sheet", default="", help="The sheet of a workbook.")
@click.option("--heading", default="", metavar="ROW", help="The row that is the heading, by its number; none where there is none.")
@click.option("--date", "date_column", default="", help="The column of dates.")
@click.option("--value", default="", help="The column of figures; in a table with dates across the name of its line.")
@click.option("--numerator", default="")
@click.option("--denominator", default="")
@click.option(
    "--where", multiple=True, metavar="COLUMN=VALUE", help="Only lines with that in a column. May be given several times."
)
@click.option(
    "--dates",
    default="",
    type=click.Choice(["", DAY_FIRST, MONTH_FIRST, FINANCIAL, YEAR_MONTH, CALENDAR]),
    help="How dates are meant that can be read two ways.",
)
@click.option(
    "--scale", default="", type=click.Choice(["", "fractions", "percent"]), help="What 0.62 is as a percentage: 62% or 0.62%."
)
@click.option("--decimals", default="", type=click.Choice(["", "point", "comma"]), help="What parts decimals in 1.234 or 1,234.")
@click.option("--json", "kind", flag_value="json", help="Points, icons and what was read, as JSON.")
@click.option("--svg", "kind", flag_value="svg", help="The chart as an SVG picture.")
def spc(
    file: Path,
    direction: str,
    target: float | None,
    screen: bool,
    baseline: int | None,
    recalculate: tuple[datetime, ...],
    leave_out: tuple[datetime, ...],
    rules: str,
    measure: str,
    kind: str | None,
    **columns: Any,
) -> None:
    """Make an XmR chart of the figures in FILE: CSV, or an Excel workbook. Prints a table, or JSON, or SVG.

    Ends with 2 and words where it cannot be read, and with 3 and a question as JSON where two readings are equally likely.
    """
    from forum.spc.command import Asked, BadSeries, as_json, as_question, as_svg, as_table, load
    from forum.spc.xmr import RULES, Settings
    from forum.tables.results import Wanted

    cuts, out = ([day.date() for day in days] for days in (recalculate, leave_out))
    way = cast(Any, {"neutral": "neither"}.get(direction, direction))
    settings = Settings(way, target, screen, baseline, tuple(cuts), RULES[rules], tuple(out))
    where = tuple((name, value) for name, _, value in (part.partition("=") for part in columns.pop("where")))
    try:
        chart, found = load(file, measure, Wanted(date=columns.pop("date_column"), where=where, **columns), settings)
        told = (
            as_json(chart, found)
            if kind == "json"
            else as_svg(chart, settings, found, file.stem)
            if kind == "svg"
            else as_table(chart, settings, found)
        )
    except Asked as open_:
        click.echo(as_question(open_.question))
        sys.exit(3)
    except BadSeries as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    click.echo(told)
